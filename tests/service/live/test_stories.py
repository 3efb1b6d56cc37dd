"""What the pages of a call are handed, from a store, a journal and recordings as a real PBX made them."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from analytics.storage.ingest import ingest
from analytics.storage.models import calls
from analytics.storage.notes import NoteField, note_call
from config.policy_loader import load_policy
from schedulers.followups.records import id_of
from schedulers.storage.followup_models import follow_up_attempts, follow_ups
from service.auth.audit import Act, Entry
from service.auth.models import audit_log
from service.auth.rights import ALL_SEEN
from service.dashboard.figures.call_query import read_calls
from service.dashboard.periods import CallStory
from service.dashboard.story import tell
from service.dashboard.words import words
from service.listening import Shelf
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.live.stories import StoredStories, ids_of
from service.settling import device_map_of
from telephony.calls.facts import Direction, Fact
from telephony.calls.record import CallRecord, fold
from telephony.clock import to_microseconds
from telephony.journal import JournalWriter
from telephony.journal.raw_source import read_capture
from tests.analytics.recordings.tones import pcm16, tone, wave, write
from tests.service.conftest import migrated, migrated_file, postgres_url, store
from tests.service.dashboard.doors import ANYBODY
from tests.telephony.calls.streams import CAPTURES, events_of, track

__all__ = ["migrated", "migrated_file", "postgres_url", "store"]

STREAM = CAPTURES / "plain-22" / "ami.jsonl.xz"
POLICY = load_policy("default")
ZH = words("zh", POLICY.zone)


@cache
def captured() -> tuple[Fact, ...]:
    """The facts of a run."""
    return tuple(track(events_of(STREAM), 5))


@cache
def records() -> tuple[CallRecord, ...]:
    """Its calls."""
    return tuple(fold(captured()))


END = max(each.call.ended_at or each.call.at for each in records()) + timedelta(hours=1)


@pytest.fixture
def filled(store: Engine) -> Engine:
    """A store with that run."""
    with store.begin() as connection:
        ingest(connection, captured())
    return store


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with that run, a commit for each hundred reads."""
    folder = tmp_path_factory.mktemp("journal")
    with JournalWriter(folder, "pbx") as writer:
        for n, entry in enumerate(read_capture(STREAM)):
            writer.append(entry.connection, entry.kind, entry.received_at, entry.frames, entry.detail)
            if n % 100 == 99:
                writer.commit()
        writer.commit()
    return folder


def stories_of(engine: Engine, journal: Path, folder: Path) -> StoredStories:
    """The pages' source."""
    hub = LiveHub(POLICY, device_map_of(POLICY))
    teller = Teller(policy=POLICY, person_of=hub.person_of)
    shelf = Shelf({"pbx": folder / "monitor"}, folder / "listening")
    return StoredStories(engine, engine, hub, teller, shelf, journal, list, lambda: END)


async def found(source: StoredStories, record: CallRecord) -> CallStory:
    """The story of a stored call."""
    story = await source.call(record.call.id)
    assert story is not None
    return story


async def test_a_stored_call_is_told_as_the_stream_told_it(filled: Engine, journal: Path, tmp_path: Path) -> None:
    """The record whole, by an alias too, with the wrap-up that followed."""
    source = stories_of(filled, journal, tmp_path)
    merged = next(each for each in records() if each.call.alias_ids)
    story = await found(source, merged)
    assert story.record.talks == merged.talks
    by_alias = await source.call(merged.call.alias_ids[0])
    assert by_alias is not None
    assert by_alias.record.call.id == merged.call.id
    assert story.wraps
    assert tell(story, ZH).sentence
    assert await source.call("pbx/1.1") is None


async def test_the_packets_of_every_captured_call_are_found_in_the_journal(
    filled: Engine, journal: Path, tmp_path: Path
) -> None:
    """All that name its channels, from the first Newchannel to the last Hangup; a neighbour's are not among them."""
    source = stories_of(filled, journal, tmp_path)
    for record in records()[::6]:
        packets = (await source.packets(await found(source, record))).heard
        events = [each.packet.event for each in packets]
        linked = {each.packet.get("Linkedid") for each in packets} - {""}
        assert events.count("Newchannel") == events.count("Hangup"), record.call.id
        assert record.call.linkedid in linked
        others = {each.call.linkedid for each in records() if each is not record} - ids_of(record)
        assert not linked & others, record.call.id


async def test_neighbours_are_those_of_the_list(filled: Engine, journal: Path, tmp_path: Path) -> None:
    """Above stands the newer, below the older, of this day and direction; none beyond the ends."""
    source = stories_of(filled, journal, tmp_path)
    inbound = [each for each in records() if each.call.direction is Direction.INBOUND]
    day = inbound[0].call.started_at.astimezone(POLICY.zone).date()
    same_day = [each for each in inbound if each.call.started_at.astimezone(POLICY.zone).date() == day]
    wanted = read_calls({"period": day.isoformat(), "direction": "inbound"}, [], day, ALL_SEEN)
    middle = await source.beside(await found(source, same_day[5]), wanted)
    assert (middle.newer, middle.older) == (same_day[6].call.id, same_day[4].call.id)
    first = await source.beside(await found(source, same_day[0]), wanted)
    assert (first.newer, first.older) == (same_day[1].call.id, None)


async def test_notes_follow_ups_and_other_calls_stand_around_it(
    filled: Engine, journal: Path, tmp_path: Path
) -> None:
    """What was said with its trace; what arose from it and what it tried; the customer's other calls."""
    source = stories_of(filled, journal, tmp_path)
    record = next(each for each in records() if each.call.customer)
    call_id, kind = record.call.id, POLICY.resolve(END).promises.kinds[0]
    with filled.begin() as connection:
        note_call(connection, call_id, NoteField.CODE, "520", by="zhou", at=END, reason="corrected")
        made, tried = id_of(kind.id, f"call:{call_id}"), "f-tried"
        connection.execute(insert(follow_ups), [_owed(made, kind.id), _owed(tried, kind.id)])
        attempt = {"follow_up": tried, "key": "k", "at_us": 1, "result": "no_answer", "counts": True,
                   "call_id": call_id, "local_window": "am"}  # fmt: skip
        connection.execute(insert(follow_up_attempts).values(attempt))
        same = (
            connection.execute(select(calls.c.id).where(calls.c.customer == record.call.customer)).scalars().all()
        )
    around = await source.around(await found(source, record))
    assert (around.code, [each.reason for each in around.said]) == ("520", ["corrected"])
    assert {(each.follow_up, each.result) for each in around.owed} == {(made, None), (tried, "no_answer")}
    assert {each.call_id for each in around.others} == set(same) - {call_id}


def _owed(follow_up: str, kind: str) -> dict[str, object]:
    """A row of a follow-up; what does not matter here is as plain as can be."""
    plain: dict[str, object] = {
        "id": follow_up, "kind": kind, "state": "open", "revision": 1, "customer": "c", "trigger_key": follow_up,
        "occurrence": 0, "case_id": follow_up, "level": 0, "about": "[]", "owner": "1001", "counted": 0,
        "uncounted": 0, "overdue_told": False, "approvals": "[]",
    }  # fmt: skip
    return plain | dict.fromkeys(
        ("changed_us", "born_us", "open_us", "due_us", "promised_us"), 1_795_000_000_000_000
    )


async def test_recordings_lie_on_the_axis_with_their_length(filled: Engine, journal: Path, tmp_path: Path) -> None:
    """The file that the PBX names, below the folder that the settings name."""
    record = next(each for each in records() if len(each.recordings) == 1)
    write(tmp_path / "monitor" / record.recordings[0].file.lstrip("/"), wave(pcm16(tone(2, 0.5))))
    source = stories_of(filled, journal, tmp_path)
    story = await found(source, record)
    assert story.lengths == {record.recordings[0].id: 2000}
    (tape,) = await source.tapes(story)
    picture = await source.picture(tape)
    assert picture is not None
    assert picture.length_ms == 2000
    assert (await source.played(tape)).whole == 2 * 16_000 + 44


async def test_what_is_noted_stands_in_the_audit(filled: Engine, journal: Path, tmp_path: Path) -> None:
    """Who, what, to which call, with the details."""
    source = stories_of(filled, journal, tmp_path)
    await source.note(
        Entry(at=END, visitor=ANYBODY, act=Act.LISTENED, subject="pbx/1.1", address="::1", details={"heard_ms": 42})
    )
    with filled.connect() as connection:
        row = connection.execute(select(audit_log)).one()
    assert (row.at_us, row.login, row.act, row.subject) == (to_microseconds(END), "zhou", "listened", "pbx/1.1")
    assert json.loads(row.details) == {"heard_ms": 42}
