"""Batches give back what was put in, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.errors import JournalCorruptError, MisuseError
from telephony.journal import Entry, EntryKind
from telephony.journal.batches import LEVEL, Batch, new_compressor, pack, run_of, unpack
from tests.telephony.journal.samples import NOON, packets, unnumbered


def entries_of(appended: list[tuple]) -> list[Entry]:  # type: ignore[type-arg]
    entries: list[Entry] = []
    for connection, kind, at, frames, detail in appended:
        seq = entries[-1].last_seq + 1 if entries else 1
        entries.append(
            Entry(seq=seq, connection=connection, kind=kind, received_at=at, frames=frames, detail=detail)
        )
    return entries


def packed(entries: list[Entry]) -> Batch:
    return pack([run_of(entry) for entry in entries], new_compressor())


def one_run(*numbers: int) -> Entry:
    return Entry(seq=1, connection=1, kind=EntryKind.PACKETS, received_at=NOON, frames=packets(*numbers))


@given(st.lists(unnumbered(), min_size=1, max_size=8).map(entries_of))
def test_a_batch_gives_back_the_same_entries(entries: list[Entry]) -> None:
    """Whatever bytes a PBX sends, at whatever times: unpack(pack(x)) == x."""
    batch = packed(entries)
    assert unpack(batch) == entries
    assert (batch.first_seq, batch.last_seq) == (entries[0].seq, entries[-1].last_seq)


@given(st.data())
def test_a_flipped_bit_is_found_or_harmless(data: st.DataObject) -> None:
    """A changed byte never gives other entries: it is refused, or (in zstd's unused bits) changes nothing."""
    batch = packed([one_run(*range(20))])
    at = data.draw(st.integers(0, len(batch.content) - 1))
    content = bytearray(batch.content)
    content[at] ^= data.draw(st.integers(1, 255))
    try:
        found = unpack(replace(batch, content=bytes(content)))
    except JournalCorruptError:
        return
    assert found == [one_run(*range(20))]


@given(st.integers(0, 200))
def test_a_cut_batch_is_refused(length: int) -> None:
    """Half a batch is never taken for a whole one."""
    batch = packed([one_run(*range(20))])
    with pytest.raises(JournalCorruptError):
        unpack(replace(batch, content=batch.content[: min(length, len(batch.content) - 1)]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first_seq": 2}, "found first number 1, expected 2"),
        ({"last_seq": 9}, "found last number 3, expected 9"),
    ],
)
def test_a_row_that_does_not_fit_its_batch_is_refused(change: dict[str, int], message: str) -> None:
    """A batch knows its numbers, so it cannot stand in another's place."""
    with pytest.raises(JournalCorruptError, match=message):
        unpack(replace(packed([one_run(1, 2, 3)]), **change))


def test_an_empty_line_within_a_packet_is_refused_at_writing() -> None:
    """What would come back as two packets never enters the journal."""
    entry = Entry(
        seq=1, connection=1, kind=EntryKind.PACKETS, received_at=NOON, frames=(b"Event: A\r\n\r\nEvent: B",)
    )
    with pytest.raises(MisuseError, match="expected packets as Parser cuts them"):
        run_of(entry)


def test_a_connection_number_out_of_range_is_refused() -> None:
    """The message names the range."""
    with pytest.raises(MisuseError, match="connection: found -1, expected 0 to 4294967295"):
        run_of(Entry(seq=1, connection=-1, kind=EntryKind.STARTED, received_at=NOON))


def test_repeated_packets_are_stored_small() -> None:
    """A thousand packets that differ in a number take less than a fifth of their bytes."""
    entry = one_run(*range(1000))
    assert LEVEL == 1
    assert len(packed([entry]).content) < sum(map(len, entry.frames)) / 5
