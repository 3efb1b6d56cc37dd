"""Real gaps on a real Asterisk 22: a socket that was cut under calls, and a PBX that restarted, was stopped or killed.

tests/lab/OBSERVED.md says how the streams were taken. `cut_undisturbed` is what another connection heard meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from service.pipeline.gaps import Gap, GapReason
from service.pipeline.interpreter import Interpreter
from telephony.calls.facts import AgentStateFact, EndedBy, Known, State, VisitEnd
from telephony.calls.record import CallRecord, fold, newest
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.raw_source import Capture

STREAMS = Path(__file__).resolve().parents[2] / "scenarios" / "gaps"
SECOND = timedelta(seconds=1)


def entries_of(name: str) -> list[Entry]:
    """A captured stream; where a connection follows another, the loss of the first is told as a client tells it."""
    found: list[Entry] = []
    for entry in Capture(STREAMS / name):
        if entry.kind is EntryKind.CONNECTED and found:
            found.append(
                Entry(
                    seq=found[-1].last_seq + 1,
                    connection=1,
                    kind=EntryKind.LOST,
                    received_at=found[-1].received_at + timedelta(milliseconds=50),
                    detail="closed_by_pbx",
                )
            )
        found.append(entry)
    return found


@cache
def heard(name: str) -> tuple[list[CallRecord], list[Gap], list[AgentStateFact]]:
    """The calls, gaps and agents' states of a captured stream."""
    interpreter = Interpreter("pbx")
    facts = interpreter.handle_all(entries_of(name))
    assert (interpreter.failed, interpreter.unreadable) == (0, 0)
    states = [fact for fact in newest(facts).values() if isinstance(fact, AgentStateFact)]
    return fold(facts), interpreter.take_gaps(), states


def near(one: datetime | None, other: datetime | None) -> bool:
    """Within a second: lists count in whole ones."""
    return one is not None and other is not None and abs(one - other) <= SECOND


def test_every_call_around_a_cut_is_told_once() -> None:
    """Ids, directions, customers and beginnings are those that the undisturbed connection heard."""
    found, true = heard("cut.jsonl.xz")[0], heard("cut_undisturbed.raw.xz")[0]
    assert [(each.call.id, each.call.direction, each.call.customer) for each in found] == [
        (each.call.id, each.call.direction, each.call.customer) for each in true
    ]
    assert all(near(one.call.started_at, other.call.started_at) for one, other in zip(found, true, strict=True))
    assert {each.call.known for each in found} == {Known.INFERRED}


def test_a_talk_through_a_cut_is_whole_and_the_others_count_only_what_was_heard() -> None:
    """One goes on, one ends within (behind the cut nothing counts), two begin within (a Local member, a call out)."""
    (_, (gap,), _), true = heard("cut.jsonl.xz"), heard("cut_undisturbed.raw.xz")[0]
    found = heard("cut.jsonl.xz")[0]
    assert gap.end is not None
    whole = {talk.id.split("/")[1]: talk for record in true for talk in record.talks}
    for record in found:
        for talk in record.talks:
            truth = whole[talk.id.split("/")[1]]
            assert (talk.device, talk.kind, talk.others) == (truth.device, truth.kind, truth.others)
            assert truth.ended_at is not None
            within = truth.started_at > gap.start
            assert near(talk.started_at, gap.end if within else truth.started_at)
            assert near(talk.ended_at, gap.start if truth.ended_at < gap.end else truth.ended_at)
    assert sum(len(record.talks) for record in found) == len(whole)


def test_visits_around_a_cut() -> None:
    """Who gave up within it left unknown how; who joined within it has waited since then."""
    found = [visit for record in heard("cut.jsonl.xz")[0] for visit in record.visits]
    true = {visit.id: visit for record in heard("cut_undisturbed.raw.xz")[0] for visit in record.visits}
    assert [(visit.queue, visit.ended) for visit in found] == [
        ("priority", VisitEnd.UNKNOWN),
        ("priority", VisitEnd.ABANDONED),
    ]
    assert all(near(visit.joined_at, true[visit.id].joined_at) for visit in found)


def test_members_and_pauses_around_a_cut() -> None:
    """1006 left a queue within it, 1002 came back from a pause, 1003 began one."""
    _, (gap,), states = heard("cut.jsonl.xz")
    ended = {(each.interface, each.queue, each.state) for each in states if near(each.ended_at, gap.end)}
    assert ended == {("PJSIP/1006", "dynamic", State.LOGGED_IN), ("PJSIP/1002", "support", State.PAUSED)}
    begun = {(each.interface, each.reason) for each in states if near(each.started_at, gap.end)}
    assert ("PJSIP/1003", "tea") in begun


def test_a_killed_pbx_takes_its_calls_with_it() -> None:
    """It said nothing; the uptime that it tells after the next login does. Minutes end where it was last heard."""
    records, (gap, more), _ = heard("kill.jsonl.xz")
    assert (gap.why, more.why, more.seq) == (GapReason.LOST, GapReason.PBX_CRASHED, gap.seq)
    assert near(more.booted_at, gap.end)
    assert [record.call.ended_by for record in records] == [EndedBy.UNKNOWN] * 2
    assert all(near(talk.ended_at, gap.start) for record in records for talk in record.talks)
    assert {record.call.known for record in records} == {Known.INFERRED}


@pytest.mark.parametrize("name", ["restart_now.jsonl.xz", "stop_gracefully.jsonl.xz"])
def test_a_pbx_that_ends_in_order_says_so(name: str) -> None:
    """Its calls ended before it said so: they were heard whole."""
    records, gaps, _ = heard(name)
    assert [gap.why for gap in gaps] == [GapReason.PBX_RESTARTED] * 2
    assert gaps[-1].booted_at is not None
    assert {record.call.known for record in records} == {Known.OBSERVED}


def test_a_cut_is_no_restart() -> None:
    """The PBX's uptime reaches back beyond the loss."""
    (gap,) = heard("cut.jsonl.xz")[1]
    assert (gap.why, gap.booted_at) == (GapReason.LOST, None)


def with_pings(entries: list[Entry]) -> Iterator[Entry]:
    """The entries, and after each login the answer to the listener's Ping."""
    for entry in entries:
        yield entry
        if entry.kind is EntryKind.CONNECTED:
            stamp = f"{entry.received_at.timestamp():.6f}".encode()
            pong = b"Response: Success\r\nActionID: 1\r\nPing: Pong\r\nTimestamp: " + stamp
            yield replace(entry, kind=EntryKind.PACKETS, frames=(pong,), detail="")


@pytest.mark.parametrize("minutes", [-7, 7])
@pytest.mark.parametrize("name", ["cut.jsonl.xz", "kill.jsonl.xz"])
def test_a_receiver_whose_clock_is_wrong_tells_the_same_calls(name: str, minutes: int) -> None:
    """Lists and uptimes have no time of their own: they are put on the PBX's clock."""
    wrong = timedelta(minutes=minutes)
    interpreter = Interpreter("pbx")
    entries = [replace(entry, received_at=entry.received_at + wrong) for entry in with_pings(entries_of(name))]
    records = fold(interpreter.handle_all(entries))
    assert [gap.why for gap in interpreter.take_gaps()] == [gap.why for gap in heard(name)[1]]
    for found, true in zip(records, heard(name)[0], strict=True):
        assert near(found.call.started_at, true.call.started_at)
        assert near(found.call.ended_at, true.call.ended_at)
        assert [talk.id for talk in found.talks] == [talk.id for talk in true.talks]
        assert all(near(one.ended_at, two.ended_at) for one, two in zip(found.talks, true.talks, strict=True))
