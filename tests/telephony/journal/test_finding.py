"""A call's packets are found in a journal: where the time lies, and all that its ids tie to it."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.ami.packet import Packet
from telephony.journal import EntryKind, JournalWriter, read
from telephony.journal.finding import packets_of_call
from telephony.journal.seeking import numbers_between
from tests.telephony.journal.samples import NOON

HOUR = timedelta(hours=1)


def event(name: str, **headers: str) -> bytes:
    """A packet's bytes."""
    return Packet.from_pairs([("Event", name), *headers.items()]).raw


def written(folder: Path, said: list[tuple[datetime, bytes]], together: int = 1) -> Path:
    """A journal of these packets, so many to a commit."""
    with JournalWriter(folder, "hq") as writer:
        for n, (at, frame) in enumerate(said):
            writer.append(1, EntryKind.PACKETS, at, (frame,))
            if n % together == together - 1:
                writer.commit()
        writer.commit()
    return folder


CALL = [
    event("BridgeCreate", BridgeUniqueid="b-1"),
    event("Newchannel", Uniqueid="1.1", Linkedid="1.1"),
    event("Newchannel", Uniqueid="1.10", Linkedid="1.10"),
    event("DialBegin", Uniqueid="1.1", Linkedid="1.1", DestUniqueid="1.2", DestLinkedid="1.1"),
    event("BridgeEnter", Uniqueid="1.2", Linkedid="1.1", BridgeUniqueid="b-1"),
    event("BridgeEnter", Uniqueid="1.10", Linkedid="1.10", BridgeUniqueid="park"),
    event("BridgeEnter", Uniqueid="1.1", Linkedid="1.1", BridgeUniqueid="park"),
    event("LocalBridge", LocalOneUniqueid="1.2", LocalTwoUniqueid="1.3", LocalTwoLinkedid="1.1"),
    event("VarSet", Uniqueid="1.3", Variable="X", Value="1.10"),
    event("DeviceStateChange", Device="PJSIP/1001"),
    event("Hangup", Uniqueid="1.1", Linkedid="1.1"),
    event("BridgeDestroy", BridgeUniqueid="b-1"),
]
OF_IT = [0, 1, 3, 4, 6, 7, 8, 10, 11]


def test_all_that_belongs_to_a_call_is_found_and_nothing_else(tmp_path: Path) -> None:
    """Bridges that were made before it entered them, Local halves; not the neighbour in the parking lot."""
    folder = written(tmp_path, [(NOON + timedelta(seconds=n), frame) for n, frame in enumerate(CALL)])
    found = packets_of_call(folder, "hq", {"1.1"}, NOON - HOUR, NOON + HOUR)
    assert [each.packet.raw for each in found.heard] == [CALL[n] for n in OF_IT]
    assert (found.searched, found.cut) == (len(CALL), False)


def test_an_id_that_another_begins_with_is_not_the_other(tmp_path: Path) -> None:
    """1.1 is not 1.10."""
    folder = written(tmp_path, [(NOON, frame) for frame in CALL])
    found = packets_of_call(folder, "hq", {"1.10"}, NOON - HOUR, NOON + HOUR)
    assert [each.packet.raw for each in found.heard] == [CALL[2], CALL[5]]


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    """Another time, another PBX, no id."""
    folder = written(tmp_path, [(NOON, frame) for frame in CALL])
    assert packets_of_call(folder, "hq", {"1.1"}, NOON + HOUR, NOON + 2 * HOUR).heard == ()
    assert packets_of_call(folder, "branch", {"1.1"}, NOON - HOUR, NOON + HOUR).heard == ()
    assert packets_of_call(folder, "hq", set(), NOON - HOUR, NOON + HOUR).heard == ()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(st.integers(0, 50_000), min_size=1, max_size=30),
    together=st.integers(1, 5),
    first=st.integers(-60_000, 700_000),
    length=st.integers(0, 400_000),
)
def test_the_stretch_that_is_found_holds_all_of_its_time_and_little_more(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], together: int, first: int, length: int
) -> None:
    """Whatever the batches, over midnight too: no entry of the time is left out, at most a batch each side is more."""
    at, said = NOON + timedelta(hours=11, minutes=50), list[tuple[datetime, bytes]]()
    for step in steps:
        at += timedelta(milliseconds=step)
        said.append((at, event("Ping")))
    folder = written(tmp_path_factory.mktemp("j"), said, together)
    since = NOON + timedelta(hours=11, minutes=50, milliseconds=first)
    until = since + timedelta(milliseconds=length)
    times = [time for time, _ in said]
    expected = range(bisect_left(times, since) + 1, bisect_left(times, until) + 1)
    span = numbers_between(folder, "hq", since, until)
    given_seqs = range(0) if span is None else range(span[0] + 1, span[1] + 1)
    assert not expected or (given_seqs[0] <= expected[0] and expected[-1] <= given_seqs[-1])
    assert len(given_seqs) <= len(expected) + 2 * together
    assert span is None or [each.seq for each in read(folder, "hq", after_seq=span[0], until_seq=span[1])]
