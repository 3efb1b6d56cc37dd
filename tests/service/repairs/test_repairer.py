"""A repairer with real log files and real databases: what the stream missed is put in its place."""

from __future__ import annotations

import csv
import json
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from analytics.storage.call_facts import facts_of_call
from analytics.storage.models import call_repairs, calls
from service.repairs.deciding import Stream
from service.repairs.repairer import Deafness, Mended, Repairer
from telephony.calls.facts import CallFact, Fact
from telephony.calls.record import View, as_json, fold
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.clock import ManualClock
from telephony.pbxlogs.files import RotatedLog
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.staging import Staging
from tests.analytics.stored import contents, store_facts
from tests.end_to_end.processes import wait_for
from tests.filesystems import filled, small_filesystem
from tests.lab.compare import compare, load_truth
from tests.telephony.calls.streams import CAPTURES, events_of, stream_of, track
from tests.telephony.pbxlogs.captured import log_of
from tests.telephony.pbxlogs.test_captures import is_lacking

FOLDER = CAPTURES / "plain-22"
RAN = (datetime.fromisoformat("2026-11-21T23:27:00+00:00"), datetime.fromisoformat("2026-11-21T23:44:00+00:00"))
HALF = datetime.fromisoformat("2026-11-21T23:35:00+00:00")


def text_of(kind: LogKind) -> str:
    """A captured log's text."""
    path = log_of(FOLDER, kind.value)
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    return raw.decode("utf-8", "surrogateescape")


def lines_of(kind: LogKind) -> list[str]:
    """Its lines, with their ends."""
    return [f"{line}\n" for line in text_of(kind).split("\n") if line]


class World:
    """Logs that grow, a store, and a repairer that is moved on step by step."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.engine = engine
        self.clock = ManualClock(RAN[1] + timedelta(seconds=30))
        self.deafness = Deafness(stream=Stream(stored_until=self.clock.now(), gaps=[RAN]))
        self.told: list[Fact] = []
        self.repairer = self.begin()

    def begin(self, staging: Path | None = None) -> Repairer:
        """A repairer that has seen nothing yet, as after a restart."""
        logs = [RotatedLog(kind, self.path(kind)) for kind in LogKind]
        mended = Mended(pbx="pbx", trunks=DEFAULT_TRUNKS, wrap_up=timedelta(0))
        self.repairer = Repairer(
            mended,
            logs,
            staging or self.folder / "staging.db",
            self.engine,
            lambda: self.deafness,
            self.clock,
            on_facts=self.told.extend,
        )
        return self.repairer

    def path(self, kind: LogKind) -> Path:
        """Where a log is."""
        return self.folder / kind.value

    def write(self, kind: LogKind, more: str) -> None:
        """The PBX writes."""
        with self.path(kind).open("a", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(more)

    def write_all(self) -> None:
        """All logs of the captured run."""
        for kind in LogKind:
            self.write(kind, text_of(kind))

    def step(self) -> None:
        """One round."""
        with Staging(self.folder / "staging.db", live=True) as staging:
            self.repairer.step(staging)

    def records(self) -> list[dict[str, Any]]:
        """The stored calls as the public records."""
        with self.engine.connect() as connection:
            ids = connection.execute(select(calls.c.id)).scalars().all()
            facts = [fact for call_id in ids for fact in facts_of_call(connection, call_id)]
        return [json.loads(json.dumps(as_json(record, View()))) for record in fold(facts)]

    def wrong(self) -> list[str]:
        """How the stored calls differ from what the phones had, but for what no log holds."""
        told = compare(self.records(), load_truth(FOLDER), tolerance=1.2, limited=True)
        return [str(each) for each in told.discrepancies if not is_lacking(each.scenario, each.field)]

    def repairs(self) -> int:
        """How many corrections are on record."""
        with self.engine.connect() as connection:
            return len(connection.execute(select(call_repairs.c.id)).all())


@pytest.fixture
def world(store: Engine, tmp_path: Path) -> World:
    """An empty store, and a stream that was deaf all the time."""
    (tmp_path / "logs").mkdir()
    found = World(tmp_path / "logs", store)
    for kind in LogKind:
        found.write(kind, "")
    return found


def heard(until: datetime | None = None) -> list[Fact]:
    """What the stream told up to a moment."""
    events = events_of(stream_of(FOLDER))
    return track(event for event in events if until is None or event.at < until)


def test_calls_that_nobody_heard_come_from_the_logs(world: World) -> None:
    """The service was away during the whole run: every call is there once, as the phones had it."""
    world.write_all()
    world.step()
    assert world.wrong() == []
    assert {each["known"] for each in world.records()} == {"repaired"}
    assert world.repairer.waiting == 0


def test_only_what_was_missed_is_rebuilt(world: World) -> None:
    """The first half was heard: those calls stay observed; the calls of the gap and over its edge are repaired."""
    store_facts(world.engine, heard(HALF))
    world.deafness = Deafness(stream=Stream(stored_until=world.clock.now(), gaps=[(HALF, RAN[1])]))
    world.write_all()
    world.step()
    assert world.wrong() == []
    known = [
        each["known"] for each in world.records() if each["started_at"] < (HALF - timedelta(minutes=1)).isoformat()
    ]
    assert set(known) == {"observed"}
    assert "repaired" in {each["known"] for each in world.records()}


def test_nothing_is_done_where_everything_was_heard(world: World) -> None:
    """Codes that a phone dialled, and whatever else is in the logs and is no call, make none."""
    store_facts(world.engine, heard())
    world.deafness = Deafness(stream=Stream(stored_until=world.clock.now()))
    before = contents(world.engine)
    world.write_all()
    world.step()
    assert contents(world.engine) == before
    assert (world.repairer.repaired, world.repairs()) == (0, 0)


def test_a_restart_looks_again_and_changes_nothing(world: World) -> None:
    """Neither rows nor the record of corrections grow; a kill at any moment is such a restart."""
    world.write_all()
    world.step()
    before, repairs = contents(world.engine), world.repairs()
    world.begin()
    world.step()
    (world.folder / "staging.db").unlink()
    world.begin()
    world.step()
    assert contents(world.engine) == before
    assert world.repairs() == repairs


def test_late_rows_correct_what_was_rebuilt(world: World) -> None:
    """CDR and queue_log come after CEL: the mailboxes and the exits of queues are known then, and it is on record."""
    world.write(LogKind.CEL, text_of(LogKind.CEL))
    world.step()
    assert any("voicemail" in each for each in world.wrong())
    repairs = world.repairs()
    for kind in (LogKind.CDR, LogKind.QUEUE_LOG):
        world.write(kind, text_of(kind))
    world.step()
    assert world.wrong() == []
    assert world.repairs() > repairs


def test_a_log_that_grows_line_by_line_gives_the_same(world: World) -> None:
    """Cut anywhere, also within a line; calls wait until their end is in the log."""
    for kind in LogKind:
        whole = text_of(kind)
        third = len(whole) // 3
        for start in (0, third, 2 * third):
            world.write(kind, whole[start : start + third] if start < 2 * third else whole[start:])
            world.step()
    world.step()
    assert world.wrong() == []


def test_a_call_is_left_alone_until_its_rows_have_settled(world: World) -> None:
    """CDR and queue_log are written a moment after the end."""
    world.clock = ManualClock(RAN[0] + timedelta(seconds=26))
    world.begin()
    world.write_all()
    world.step()
    first = [each for each in world.records() if each["started_at"] < "2026-11-21T23:27:25"]
    assert first == []
    assert world.repairer.waiting > 0


def test_what_is_not_stored_yet_is_no_loss(world: World) -> None:
    """The database or the analyser is behind: the calls are waited for, not rebuilt."""
    world.deafness = Deafness(stream=Stream(stored_until=RAN[0]))
    world.write_all()
    world.step()
    assert world.records() == []
    assert world.repairer.waiting > 100
    store_facts(world.engine, heard())
    world.deafness = Deafness(stream=Stream(stored_until=world.clock.now()))
    world.step()
    assert (world.repairer.waiting, world.repairer.repaired) == (0, 0)


def test_a_log_that_cannot_be_read_does_not_hold_up_the_others(world: World) -> None:
    """An alarm is raised once; when it can be read, its rows correct what was rebuilt without them."""
    world.write_all()
    world.path(LogKind.CDR).rename(world.folder / "elsewhere")
    world.path(LogKind.CDR).mkdir()
    world.step()
    assert world.repairer.failing is not None
    assert len(world.records()) > 100
    world.path(LogKind.CDR).rmdir()
    (world.folder / "elsewhere").rename(world.path(LogKind.CDR))
    world.step()
    assert world.repairer.failing is None
    assert world.wrong() == []


def test_a_full_disk_is_an_alarm_and_the_repairer_goes_on_when_there_is_room(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it read has no room: it neither ends nor mends in part, and all is mended afterwards."""
    monkeypatch.setattr("service.repairs.repairer.POLL_SECONDS", 0.05)
    small = tmp_path / "small"
    with small_filesystem(small, 16):
        repairer = world.begin(small / "repairs" / "staging.db")
        with filled(small):
            world.write_all()
            repairer.start()
            wait_for(lambda: repairer.failing is not None, "the alarm")
            assert "full" in (repairer.failing or "") or "space" in (repairer.failing or "")
            assert world.records() == []
        wait_for(lambda: repairer.failing is None and repairer.caught_up_at is not None, "its end")
        repairer.stop(10.0)
    assert world.wrong() == []


@contextmanager
def refusing(engine: Engine) -> Iterator[None]:
    """The store takes no corrections for a while."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE call_repairs RENAME TO away"))
    yield
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO call_repairs"))


def test_a_repair_is_stored_whole_or_not_at_all(world: World) -> None:
    """The record of the correction fails: neither it nor the calls are stored, and the next round does all of it."""
    world.write_all()
    with refusing(world.engine), pytest.raises(Exception, match="call_repairs"):
        world.step()
    assert world.records() == []
    world.begin()
    world.step()
    assert world.wrong() == []


def test_whoever_holds_the_streams_facts_is_told(world: World) -> None:
    """The live view takes rebuilt calls as it takes those of the stream."""
    world.write_all()
    world.step()
    stored = {each["call_id"] for each in world.records()}
    told = {fact.id for fact in world.told if isinstance(fact, CallFact) and fact.merged_into is None}
    assert told == stored


def test_calls_that_a_killed_pbx_cut_off_end_with_its_last_sign_of_life(world: World) -> None:
    """No log tells when it died: what is known is the last row of any log before queue_log says that it started."""
    died = datetime.fromisoformat("2026-11-21T23:28:57+00:00")  # a queue call has been answered, another one waits
    for kind in LogKind:
        world.write(kind, "".join(line for line in lines_of(kind) if written_before(kind, line, died)))
    world.write(LogKind.QUEUE_LOG, f"{int(died.timestamp()) + 20}|NONE|NONE|NONE|QUEUESTART|\n")
    world.step()
    assert world.repairer.waiting == 0
    cut_off = [each for each in world.records() if each["known"] == "inferred"]
    assert cut_off
    assert all(each["ended_at"] <= died.isoformat() for each in cut_off)
    assert max(each["ended_at"] for each in cut_off) > (died - timedelta(seconds=5)).isoformat()


def written_before(kind: LogKind, line: str, at: datetime) -> bool:
    """Whether a line of a captured log was written before a moment."""
    if kind is LogKind.CEL:
        return line.startswith('"') and float(line.split('"')[3]) < at.timestamp()
    if kind is LogKind.QUEUE_LOG:
        return int(line.partition("|")[0]) < at.timestamp()
    ended = next(csv.reader([line]))[11]
    return ended < f"{at:%Y-%m-%d %H:%M:%S}"
