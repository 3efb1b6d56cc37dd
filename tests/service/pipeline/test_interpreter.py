"""One reading of the journal for live work and for replay: cut any way, taken up anywhere, deaf for a while."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from service.pipeline.gaps import Gap, GapReason
from service.pipeline.interpreter import Interpreter
from telephony.calls.facts import Fact, Known
from telephony.calls.record import fold
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.raw_source import Capture

CAPTURE = Path(__file__).resolve().parents[3] / "service" / "demo" / "plain.jsonl.xz"
RECEIVED = datetime(2026, 11, 21, 21, tzinfo=UTC)
PACKETS = 700


@cache
def frames() -> tuple[bytes, ...]:
    """The first packets of a captured stream, all of which have times of their own."""
    return tuple(frame for entry in Capture(CAPTURE) for frame in entry.frames)[:PACKETS]


def packets(first: int, last: int, seq: int) -> Entry:
    """The packets from `first` up to but not including `last` as one entry."""
    return Entry(
        seq=seq,
        connection=1,
        kind=EntryKind.PACKETS,
        received_at=RECEIVED,
        frames=frames()[first:last],
    )


def mark(kind: EntryKind, seq: int, seconds: float = 0.0) -> Entry:
    """An entry without packets."""
    return Entry(seq=seq, connection=1, kind=kind, received_at=RECEIVED + timedelta(seconds=seconds))


def told(cuts: list[int]) -> list[Fact]:
    """The facts of the stream, cut at these places."""
    places = sorted({0, PACKETS, *cuts})
    interpreter = Interpreter("pbx")
    entries = [packets(first, last, first + 1) for first, last in pairwise(places)]
    return interpreter.handle_all(entries)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, PACKETS - 1), max_size=30))
def test_however_it_is_cut_the_facts_are_the_same(cuts: list[int]) -> None:
    """What came in one read and what in two says nothing."""
    assert told(cuts) == told([])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, PACKETS - 1))
def test_a_kept_state_goes_on_as_if_nothing_had_been(place: int) -> None:
    """The state of any moment can be written, read and gone on with."""
    interpreter = Interpreter("pbx")
    first = interpreter.handle(packets(0, place, 1))
    again = pickle.loads(pickle.dumps(interpreter))
    assert first + again.handle(packets(place, PACKETS, place + 1)) == told([])


def place_within_a_call() -> int:
    """A place where somebody talks."""
    bridges = [place for place, frame in enumerate(frames()) if frame.startswith(b"Event: BridgeEnter\r\n")]
    return bridges[1] + 1


def heard_with(*marks: EntryKind) -> tuple[list[Fact], list[Gap]]:
    """Two parts of the stream with these marks between."""
    place = place_within_a_call()
    interpreter = Interpreter("pbx")
    entries = [mark(EntryKind.STARTED, 1), mark(EntryKind.CONNECTED, 2), packets(0, place, 3)]
    seq = 3 + place
    for number, kind in enumerate(marks):
        entries.append(mark(kind, seq + number, 10.0 * (number + 1)))
    entries.append(packets(place, PACKETS, seq + len(marks)))
    return interpreter.handle_all(entries), interpreter.take_gaps()


def test_a_lost_connection_is_one_gap_and_its_call_is_inferred() -> None:
    """From the loss to the next connection; the call that it touched was not heard whole."""
    facts, (gap,) = heard_with(EntryKind.LOST, EntryKind.CONNECTED)
    assert gap.why is GapReason.LOST
    assert (gap.start, gap.end) == (RECEIVED + timedelta(seconds=10), RECEIVED + timedelta(seconds=20))
    assert fold(facts)[0].call.known is Known.INFERRED
    assert fold(facts)[-1].call.known is Known.OBSERVED


def test_a_start_without_a_stop_before_it_is_a_crash() -> None:
    """Deaf since the last entry, not since the start."""
    facts, (gap,) = heard_with(EntryKind.STARTED, EntryKind.CONNECTED)
    assert (gap.why, gap.start) == (GapReason.CRASHED, RECEIVED)
    assert fold(facts)[0].call.known is Known.INFERRED


def test_a_crash_after_a_loss_is_one_gap() -> None:
    """It began with the loss."""
    _, (gap,) = heard_with(EntryKind.LOST, EntryKind.STARTED, EntryKind.STARTED, EntryKind.CONNECTED)
    assert (gap.why, gap.start) == (GapReason.LOST, RECEIVED + timedelta(seconds=10))


def test_an_end_in_order_is_a_gap_too() -> None:
    """What the PBX says while nobody listens is not heard."""
    _, (gap,) = heard_with(EntryKind.STOPPED, EntryKind.STARTED, EntryKind.CONNECTED)
    assert gap.why is GapReason.STOPPED


def test_a_connection_that_follows_another_without_a_word() -> None:
    """A capture of two connections: the first ended, though nobody said so."""
    facts, (gap,) = heard_with(EntryKind.CONNECTED)
    assert gap.why is GapReason.UNBROKEN
    assert fold(facts)[0].call.known is Known.INFERRED


def test_the_first_start_is_no_gap() -> None:
    """Nothing was heard before."""
    interpreter = Interpreter("pbx")
    interpreter.handle_all([mark(EntryKind.STARTED, 1), mark(EntryKind.CONNECTED, 2)])
    assert (interpreter.take_gaps(), interpreter.open_gap) == ([], None)
