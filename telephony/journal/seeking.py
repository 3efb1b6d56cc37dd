"""Where in a journal a stretch of time lies, without reading it: by halving, some twenty looks a day file.

Batches lie in the order of their numbers, and but for a clock that was set back in that of their times too. A search by
time would walk every batch of the day file, as they are stored with their content: half a gigabyte on a busy day.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telephony.clock import to_microseconds
from telephony.journal.files import DayFile, bounds, day_files, reading

ONE_DAY = timedelta(days=1)
_BEFORE = """
SELECT first_seq, last_received_us FROM batch WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1
"""
_AFTER = """
SELECT first_seq, first_received_us, last_seq FROM batch WHERE first_seq > ? ORDER BY first_seq LIMIT 1
"""


def numbers_between(folder: Path, pbx: str, since: datetime, until: datetime) -> tuple[int, int] | None:
    """(after_seq, until_seq) that hold all that was received in [since, until), and little more; None: nothing was.

    Raises JournalError, JournalCorruptError.
    """
    found: list[tuple[int, int]] = []
    for file in day_files(folder, pbx):
        if _begins(file) - ONE_DAY < until and _begins(file) + 2 * ONE_DAY > since:
            span = _in_file(file.path, to_microseconds(since), to_microseconds(until))
            if span is not None:
                found.append(span)
    return (found[0][0], found[-1][1]) if found else None


def _begins(file: DayFile) -> datetime:
    return datetime(file.day.year, file.day.month, file.day.day, tzinfo=UTC)


def _in_file(path: Path, since_us: int, until_us: int) -> tuple[int, int] | None:
    with reading(path) as connection:
        held = bounds(connection)
        if held is None:
            return None
        first = _first_not_before(connection, held, since_us)
        last = _last_before(connection, held, first, until_us)
    return None if last < first else (first - 1, last)


def _first_not_before(connection: sqlite3.Connection, held: tuple[int, int], since_us: int) -> int:
    """The number with which the first batch begins whose last entry is not before `since`; else beyond the last."""
    low, high = held[0], held[1] + 1
    while low < high:
        middle = (low + high) // 2
        first_seq, last_us = connection.execute(_BEFORE, (middle,)).fetchone()
        if last_us >= since_us:
            high = min(first_seq, high - 1) if first_seq < high else first_seq
        else:
            low = _next(connection, first_seq, held[1] + 1)
    return low


def _next(connection: sqlite3.Connection, first_seq: int, end: int) -> int:
    row = connection.execute(_AFTER, (first_seq,)).fetchone()
    return end if row is None else int(row[0])


def _last_before(connection: sqlite3.Connection, held: tuple[int, int], first: int, until_us: int) -> int:
    """The last number of the last batch whose first entry is before `until`; else before `first`."""
    low, high = first, held[1] + 1
    while low < high:
        middle = (low + high) // 2
        begin = int(connection.execute(_BEFORE, (middle,)).fetchone()[0])
        row = connection.execute(_AFTER, (begin - 1,)).fetchone()
        if row[1] < until_us:
            low = int(row[2]) + 1
        else:
            high = begin
    return low - 1
