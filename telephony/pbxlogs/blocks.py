"""Whole lines of a log -> rows, with each line in exactly one of: rows, bad, irrelevant. Pure.

A CSV row is one line, or several where a value holds a line's end. Most blocks are read at once by the csv module. One
with anything odd in it is read line by line, which gives the same wherever a block happens to end. Quotes that never
close do not swallow what follows: a line that is a row by itself ends what was open.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from telephony.errors import RowError
from telephony.pbxlogs.layouts import heading_of
from telephony.pbxlogs.queue_log import QueueLogReader
from telephony.pbxlogs.rows import BadRow, LogKind, LogRow

ROW_LIMIT = 1_000_000
"""Characters. A longer row is none: a file of another kind, or damage. (A CSV value ends at 128 KiB.)"""
LONGEST_TEXT = 200
BYTE_ORDER_MARK = "\ufeff"


class Parsed(NamedTuple):
    """What a block held. What lies beyond `size` belongs to a row that goes on after it."""

    rows: list[LogRow]
    bad: list[BadRow]
    irrelevant: int
    size: int  # bytes
    lines: int


class Blocks(Protocol):
    """Reads blocks of whole lines; the last one of a file may lack its end."""

    def parse(self, block: bytes, line: int, *, final: bool) -> Parsed:
        """The rows of a block whose first line has this number; `final`: nothing follows it."""
        ...


class RowReader(Protocol):
    """Makes rows of values."""

    def row(self, values: Sequence[str]) -> LogRow:
        """The row of these values. Raises RowError."""
        ...


def text_of(block: bytes, line: int) -> str:
    """The block as text; bytes that are no UTF-8 stay as they are, as lone surrogates."""
    text = block.decode("utf-8", "surrogateescape")
    return text.removeprefix(BYTE_ORDER_MARK) if line == 1 else text


def bad_row(source: str, line: int, why: object, text: str) -> BadRow:
    """The record of a line that was no row."""
    return BadRow(source, line, str(why), text[:LONGEST_TEXT].rstrip("\r\n"))


class QueueBlocks:
    """Blocks of queue_log: a line is a row."""

    def __init__(self, reader: QueueLogReader, source: str) -> None:
        self._reader, self._source = reader, source

    def parse(self, block: bytes, line: int, *, final: bool) -> Parsed:
        lines = text_of(block, line).split("\n")
        if not lines[-1]:
            lines.pop()
        rows: list[LogRow] = []
        bad: list[BadRow] = []
        irrelevant = 0
        read = self._reader.row
        for number, text in enumerate(lines, line):
            try:
                if len(text) > ROW_LIMIT:
                    raise RowError(TOO_LONG)
                rows.append(read(text.removesuffix("\r")))
            except RowError as error:
                if text.strip():
                    bad.append(bad_row(self._source, number, error, text))
                else:
                    irrelevant += 1
        return Parsed(rows, bad, irrelevant, len(block), len(lines))


TOO_LONG = f"found a row of more than {ROW_LIMIT} characters, expected a shorter one"


class CsvBlocks:
    """Blocks of CEL or CDR. `quoted`: the rows of this file begin with a quote, so a line without one begins none."""

    def __init__(self, kind: LogKind, reader: RowReader, source: str, *, quoted: bool) -> None:
        self._kind, self._reader, self._source, self._quoted = kind, reader, source, quoted

    def parse(self, block: bytes, line: int, *, final: bool) -> Parsed:
        text = text_of(block, line)
        values = _one_row_a_line(text) if len(text) <= ROW_LIMIT else None
        if values is None:
            return self._line_by_line(block, text, line, final)
        rows: list[LogRow] = []
        failed: list[tuple[int, RowError]] = []
        read = self._reader.row
        for number, row in enumerate(values):
            try:
                rows.append(read(row))
            except RowError as error:
                failed.append((number, error))
        bad: list[BadRow] = []
        if failed:
            lines = text.split("\n")
            bad = [
                bad_row(self._source, line + number, error, lines[number])
                for number, error in failed
                if not self._irrelevant(values[number])
            ]
        return Parsed(rows, bad, len(failed) - len(bad), len(block), len(values))

    def _line_by_line(self, block: bytes, text: str, line: int, final: bool) -> Parsed:
        lines = io.StringIO(text).readlines()
        rows: list[LogRow] = []
        bad: list[BadRow] = []
        irrelevant = at = 0
        while at < len(lines):
            count, found = self._take(lines, at, final)
            if not count:
                break
            if found is None:
                irrelevant += 1
            elif isinstance(found, RowError):
                bad.append(bad_row(self._source, line + at, found, lines[at]))
            else:
                rows.append(found)
            at += count
        rest = len("".join(lines[at:]).encode("utf-8", "surrogateescape"))
        return Parsed(rows, bad, irrelevant, len(block) - rest, at)

    def _take(self, lines: Sequence[str], at: int, final: bool) -> tuple[int, LogRow | RowError | None]:
        """What begins at a line, and how many lines it takes; 0 lines if that shows only in the next block."""
        found = self._read(lines[at])
        if not isinstance(found, RowError) or not _is_open(lines[at]):
            return 1, found
        size = len(lines[at])
        for end in range(at + 1, len(lines)):
            size += len(lines[end])
            if size > ROW_LIMIT or self._begins_row(lines[end]):
                return 1, found
            if _is_open(lines[end]):
                joined = self._read("".join(lines[at : end + 1]))
                return (1, found) if joined is None or isinstance(joined, RowError) else (end + 1 - at, joined)
        return (1, found) if final or size > ROW_LIMIT else (0, None)

    def _begins_row(self, text: str) -> bool:
        found = self._read(text) if text.startswith('"') is self._quoted else None
        return found is not None and not isinstance(found, RowError)

    def _read(self, text: str) -> LogRow | RowError | None:
        """The row of a text; None if it is known to say nothing."""
        if len(text) > ROW_LIMIT:
            return RowError(TOO_LONG)
        try:
            values = values_of(text)
            return None if self._irrelevant(values) else self._reader.row(values)
        except csv.Error as error:
            return RowError(f"found CSV that cannot be read ({error}), expected quotes that close")
        except RowError as error:
            return error

    def _irrelevant(self, values: Sequence[str]) -> bool:
        return not values or heading_of(self._kind, values) is not None


def values_of(text: str) -> list[str]:
    """The values of one row; [] of a blank line. Raises csv.Error.

    Asterisk before 1.6 did not double the quotes within a value: such a row is read as well as it can be.
    """
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error:
        if _is_open(text):
            raise
        rows = _leniently(text)
    if len(rows) > 1:
        raise csv.Error("more than one row")
    return rows[0] if rows else []


def _leniently(text: str) -> list[list[str]]:
    """The rows of a text with single quotes within values; the blank line that is put after it must stay outside."""
    rows = list(csv.reader(io.StringIO(text.removesuffix("\n") + "\n\n")))
    if rows[-1]:
        raise csv.Error("unexpected end of data")
    return rows[:-1]


def _one_row_a_line(text: str) -> list[list[str]] | None:
    """The rows of a block in which each line is one; None of another."""
    if _is_open(text):
        return None
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        return None
    return rows if reader.line_num == len(rows) else None


def _is_open(text: str) -> bool:
    """A quote was opened and not closed: a quote within a value is doubled, so they come in pairs."""
    return text.count('"') % 2 == 1
