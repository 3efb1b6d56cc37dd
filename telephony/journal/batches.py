"""How a batch of entries becomes bytes and comes back; pure.

A batch is one zstd frame (level 1, with zstd's own 32-bit checksum of the content) around

    header   <QI     number of the first packet, number of entries
    index    <BIqII  an entry: kind, connection, received (µs since the epoch), numbers taken, body's size
    bodies           packets joined by an empty line (CRLF CRLF), or the words of another entry in UTF-8

A packet never contains an empty line: that is what ended it on the wire. So packets are written with one
join and read with one split a run, and `zstd -dc` of a batch shows them to a person.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import zstandard

from telephony.clock import from_microseconds, to_microseconds
from telephony.errors import JournalCorruptError, MisuseError
from telephony.journal.entries import Entry, EntryKind

SEPARATOR = b"\r\n\r\n"
HEADER = struct.Struct("<QI")
INDEX = struct.Struct("<BIqII")
# Measured on real captures: 1 is as fast as the negative levels (writing out their larger result costs
# what they save) and packs three times smaller than -10; 3 costs a third more for a tenth less.
LEVEL = 1
# A batch is cut at a few MB; only a single read that brought one giant packet is larger.
MAX_CONTENT = 64 * 1024 * 1024
LARGEST_CONNECTION = 2**32 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An entry ready to be packed: its packets are joined already."""

    seq: int
    count: int
    connection: int
    kind: EntryKind
    received_us: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One row of a day file. first/last_received_us are the earliest and latest, not the outer ones."""

    first_seq: int
    last_seq: int
    first_received_us: int
    last_received_us: int
    content: bytes


def run_of(entry: Entry) -> Run:
    """Joins an entry's packets. Raises MisuseError for frames that would not come back as they are."""
    if entry.frames:
        body = SEPARATOR.join(entry.frames)
        if body.count(SEPARATOR) != len(entry.frames) - 1:
            raise MisuseError("frames: found an empty line within a packet, expected packets as Parser cuts them")
    else:
        body = entry.detail.encode("utf-8", "surrogateescape")
    if not 0 <= entry.connection <= LARGEST_CONNECTION:
        raise MisuseError(f"connection: found {entry.connection}, expected 0 to {LARGEST_CONNECTION}")
    return Run(
        seq=entry.seq,
        count=entry.count,
        connection=entry.connection,
        kind=entry.kind,
        received_us=to_microseconds(entry.received_at),
        body=body,
    )


def pack(runs: Sequence[Run], compressor: zstandard.ZstdCompressor) -> Batch:
    """The batch of these runs, of which there is at least one, numbered without a hole."""
    index = [INDEX.pack(run.kind.value, run.connection, run.received_us, run.count, len(run.body)) for run in runs]
    plain = b"".join((HEADER.pack(runs[0].seq, len(runs)), *index, *(run.body for run in runs)))
    return Batch(
        first_seq=runs[0].seq,
        last_seq=runs[-1].seq + runs[-1].count - 1,
        first_received_us=min(run.received_us for run in runs),
        last_received_us=max(run.received_us for run in runs),
        content=compressor.compress(plain),
    )


def new_compressor() -> zstandard.ZstdCompressor:
    """A compressor for `pack`; not to be shared by threads."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, write_content_size=True)


def unpack(batch: Batch) -> list[Entry]:
    """The entries of a batch, all of it checked first.

    Raises JournalCorruptError, naming what was found and expected but not the file.
    """
    plain = _decompress(batch.content)
    if len(plain) < HEADER.size:
        raise JournalCorruptError(f"found {len(plain)} bytes, expected a header of {HEADER.size}")
    first_seq, count = HEADER.unpack_from(plain)
    bodies_at = HEADER.size + count * INDEX.size
    if first_seq != batch.first_seq:
        raise JournalCorruptError(f"found first number {first_seq}, expected {batch.first_seq}")
    index = [IndexRow(*row) for row in INDEX.iter_unpack(plain[HEADER.size : bodies_at])]
    sizes = sum(row.size for row in index)
    if len(plain) - bodies_at != sizes:
        raise JournalCorruptError(f"found {len(plain) - bodies_at} bytes of bodies, expected {sizes}")
    last_seq = first_seq + sum(row.numbers for row in index) - 1
    if last_seq != batch.last_seq:
        raise JournalCorruptError(f"found last number {last_seq}, expected {batch.last_seq}")
    return _entries(plain[bodies_at:], index, first_seq)


class IndexRow(NamedTuple):
    """What the index of a batch says of one entry."""

    kind: int
    connection: int
    received_us: int
    numbers: int
    size: int


def _entries(bodies: bytes, index: list[IndexRow], seq: int) -> list[Entry]:
    entries, at = [], 0
    for row in index:
        entries.append(_entry(seq, row, bodies[at : at + row.size]))
        seq += row.numbers
        at += row.size
    return entries


def _entry(seq: int, row: IndexRow, body: bytes) -> Entry:
    try:
        kind, received_at = EntryKind(row.kind), from_microseconds(row.received_us)
    except (ValueError, OverflowError) as error:
        raise JournalCorruptError(f"number {seq}: found {row}, expected a kind and a time: {error}") from None
    frames = tuple(body.split(SEPARATOR)) if kind is EntryKind.PACKETS else ()
    if (len(frames) or 1) != row.numbers:
        raise JournalCorruptError(f"number {seq}: found {len(frames) or 1} packets, expected {row.numbers}")
    return Entry(
        seq=seq,
        connection=row.connection,
        kind=kind,
        received_at=received_at,
        frames=frames,
        detail="" if frames else body.decode("utf-8", "surrogateescape"),
    )


def _decompress(content: bytes) -> bytes:
    try:
        size = zstandard.get_frame_parameters(content).content_size
        if not 0 < size <= MAX_CONTENT:
            raise JournalCorruptError(f"found a batch of {size} bytes, expected at most {MAX_CONTENT}")
        return zstandard.ZstdDecompressor().decompress(content, max_output_size=size)
    except zstandard.ZstdError as error:
        raise JournalCorruptError(
            f"found a batch that does not decompress, expected one that does: {error}"
        ) from None
