"""Finds out how a log's file is to be read: its layout and the zone of its local times, by its first rows. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from telephony.errors import LogError, RowError
from telephony.pbxlogs.blocks import Blocks, CsvBlocks, QueueBlocks, text_of, values_of
from telephony.pbxlogs.cdr import CdrReader
from telephony.pbxlogs.cel import CelReader
from telephony.pbxlogs.fields import LogClock, local_time
from telephony.pbxlogs.layouts import LAYOUTS, Layout, expected_columns, find_layout, heading_of
from telephony.pbxlogs.queue_log import QueueLogReader
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.zones import detect_zone

SAMPLE = 200
"""Rows that layout and zone are told from."""
BEGINNING = 4096
"""Bytes that most often hold a whole row; only where they do not is more of a file read for its first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How an administrator wants a log to be read; None where the log is to tell."""

    kind: LogKind
    zone: tzinfo | None = None
    preferred: tzinfo | None = None
    layout: Layout | None = None


class _Reader(Protocol):
    def written(self, values: Sequence[str]) -> tuple[str, str]: ...


def blocks_of(reading: Reading, head: bytes, tail: bytes, source: str) -> Blocks:
    """What reads a file that begins and ends so.

    Raises LogError that names the columns which an administrator may give.
    """
    if reading.kind is LogKind.QUEUE_LOG:
        lines: list[Sequence[str]] = [text.split("|") for text in _lines(head)[:SAMPLE] + _lines(tail)[-SAMPLE:]]
        clock = LogClock(_zone(reading, QueueLogReader(LogClock()), lines))
        return QueueBlocks(QueueLogReader(clock), source)
    rows = list(_csv_rows(_lines(head)))
    layout = _layout(reading, rows, source)
    last = list(_csv_rows(_lines(tail)[-SAMPLE:]))
    clock = LogClock(_zone(reading, _csv_reader(layout, LogClock()), rows[:SAMPLE] + last))
    begun = [text.startswith('"') for text in _lines(head) if _fits(layout, text)]
    # Most of them: a line among them may be a caller's name that was made to look like a row.
    quoted = 2 * sum(begun) >= len(begun)
    return CsvBlocks(reading.kind, _csv_reader(layout, clock), source, quoted=quoted)


def first_instant(blocks: Blocks, head: bytes) -> datetime | None:
    """The time of the first row of a file that begins so."""
    whole = head[: head.rfind(b"\n") + 1]
    beginning = whole[: whole.find(b"\n", BEGINNING) + 1]
    rows = blocks.parse(beginning, 1, final=False).rows or blocks.parse(whole, 1, final=True).rows
    return rows[0].at if rows else None


def _csv_reader(layout: Layout, clock: LogClock) -> CelReader | CdrReader:
    return CelReader(layout, clock) if layout.kind is LogKind.CEL else CdrReader(layout, clock)


def _lines(block: bytes) -> list[str]:
    """The whole lines of a block."""
    return text_of(block, 1).split("\n")[:-1]


def _csv_rows(lines: Sequence[str]) -> Iterator[list[str]]:
    """The rows that are one line each; what else there is says nothing of the layout."""
    for text in lines:
        try:
            values = values_of(text)
        except csv.Error:
            continue
        if values:
            yield values


def _fits(layout: Layout, text: str) -> bool:
    try:
        values = values_of(text)
    except csv.Error:
        return False
    return len(values) == len(layout.columns)


def _layout(reading: Reading, rows: Sequence[list[str]], source: str) -> Layout:
    if not rows:
        # No row tells the layout, so none is read with it either: blank lines, and lines that cannot be read.
        return reading.layout or next(layout for layout in LAYOUTS if layout.kind is reading.kind)
    layout = reading.layout or heading_of(reading.kind, rows[0])
    for start in range(0, len(rows), SAMPLE):
        if layout is not None:
            break
        layout = find_layout(reading.kind, rows[start : start + SAMPLE])
    if layout is None:
        raise LogError(
            f"{source}: found rows of {len(rows[0])} values that are no {reading.kind} known here,"
            f" expected {expected_columns(reading.kind)}"
        )
    return layout


def _zone(reading: Reading, reader: _Reader, rows: Sequence[Sequence[str]]) -> tzinfo:
    if reading.zone is not None:
        return reading.zone
    pairs = []
    for values in rows:
        try:
            written, uniqueid = reader.written(values)
        except RowError:
            continue
        local = local_time(written)
        if local is not None:
            pairs.append((local, uniqueid))
    return detect_zone(pairs, reading.preferred) if pairs else UTC
