"""Entries refuse what they cannot hold, and are cut by number."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from telephony.errors import MisuseError
from telephony.journal import Entry, EntryKind
from tests.telephony.journal.samples import NOON, mark, packets


def run(seq: int, *numbers: int) -> Entry:
    return Entry(seq=seq, connection=1, kind=EntryKind.PACKETS, received_at=NOON, frames=packets(*numbers))


def test_a_run_takes_a_number_a_packet() -> None:
    """Three packets beginning at 5 are 5, 6 and 7; a mark takes one number."""
    assert (run(5, 1, 2, 3).count, run(5, 1, 2, 3).last_seq) == (3, 7)
    assert (mark(5).count, mark(5).last_seq) == (1, 5)


def test_a_run_is_cut_at_both_edges() -> None:
    """`after` and `up_to` keep the numbers of the packets that stay."""
    assert run(5, 1, 2, 3).after(5) == run(6, 2, 3)
    assert run(5, 1, 2, 3).after(4) == run(5, 1, 2, 3)
    assert run(5, 1, 2, 3).up_to(5) == run(5, 1)
    assert run(5, 1, 2, 3).up_to(9) == run(5, 1, 2, 3)


def test_packets_without_a_packet_are_refused() -> None:
    """A run is never empty, and its message says which kind it was."""
    with pytest.raises(MisuseError, match="PACKETS: found 0 frames, expected at least one"):
        Entry(seq=1, connection=1, kind=EntryKind.PACKETS, received_at=NOON)


def test_a_mark_with_packets_is_refused() -> None:
    """Only PACKETS hold packets."""
    with pytest.raises(MisuseError, match="LOST: found 1 frames, expected none"):
        Entry(seq=1, connection=1, kind=EntryKind.LOST, received_at=NOON, frames=packets(1))


def test_packets_with_words_are_refused() -> None:
    """There is no place for words beside packets, so they are not lost silently."""
    with pytest.raises(MisuseError, match="found detail 'x', expected none"):
        Entry(seq=1, connection=1, kind=EntryKind.PACKETS, received_at=NOON, frames=packets(1), detail="x")


@pytest.mark.parametrize(
    "at",
    [datetime(2026, 11, 21), datetime(2026, 11, 21, tzinfo=timezone(timedelta(hours=8)))],  # noqa: DTZ001
)
def test_a_time_that_is_not_utc_is_refused(at: datetime) -> None:
    """Naive and local times never enter the journal."""
    with pytest.raises(MisuseError, match="expected an aware time in UTC"):
        Entry(seq=1, connection=1, kind=EntryKind.STARTED, received_at=at)
