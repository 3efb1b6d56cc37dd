"""Reads a table in pages of some 2,000 rows, each by a short query of its own.

Nothing stays open between two pages: an old FreePBX has MyISAM tables, which a long query would lock against the
PBX that writes them. Memory holds a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, column, func, or_, select
from sqlalchemy.sql import Select

from telephony.errors import LogError
from telephony.pbxlogs.database_marks import KeyMark, TimeMark, key_mark_of, time_mark_of
from telephony.pbxlogs.database_tables import LogTable, TimeStyle
from telephony.pbxlogs.fields import is_digits
from telephony.pbxlogs.rows import Texts

PAGE = 2000
FEW = 500
"""So many rows are read again without asking first which of them are new."""
STILL_WRITTEN = timedelta(hours=38)
"""A day, the longest call that is waited for, and the furthest that a local time lies behind UTC."""
EARLIEST = "1000-01-01 00:00:00"
"""MariaDB's calendar begins here; before it stand zero dates, which are no times."""


class Page(NamedTuple):
    """Some rows as texts, and how far the table is read after them. `before`: rows that were read before it."""

    rows: list[Texts]
    before: int
    mark: str


def texts_of(values: Sequence[Any]) -> Texts:
    """A row of the database as a file would have it: NULL is ''."""
    return tuple("" if value is None else value for value in values)


# -- tables that number their rows ---------------------------------------------------------------


def keyed_rows(
    connection: Connection, table: LogTable, above: int | None, *where: ColumnElement[bool]
) -> list[tuple[int, Texts]]:
    """The next rows in order of their numbers."""
    key = _key(table)
    wanted = where if above is None else (*where, key > above)
    query = select(key, *table.values()).select_from(table.source).where(*wanted).order_by(key).limit(PAGE)
    return [(int(row[0]), texts_of(row[1:])) for row in connection.execute(query)]


def pages_by_key(connection: Connection, table: LogTable, after: str | None) -> Iterator[Page]:
    """What stands beyond a mark, and what is there by now of the numbers that were missing before it."""
    time = table.columns.index(table.time)
    mark = None if after is None else key_mark_of(after)
    if mark is not None and _begun_anew(connection, table, mark):
        mark = None
    if mark is not None and mark.missing:
        late = keyed_rows(connection, table, None, _key(table).in_(mark.missing))
        if late:
            before, mark = mark.rows, mark.found((key for key, _ in late), len(late))
            yield Page([texts for _, texts in late], before, mark.text())
    while rows := keyed_rows(connection, table, None if mark is None else mark.last):
        mark = mark or KeyMark(rows[0][0] - 1, "", (), 0)
        before, mark = mark.rows, mark.beyond([key for key, _ in rows], rows[-1][1][time])
        yield Page([texts for _, texts in rows], before, mark.text())
        if len(rows) < PAGE:
            return


def _begun_anew(connection: Connection, table: LogTable, mark: KeyMark) -> bool:
    """Whether the table was emptied and counts from 1 again: its last row has a smaller number and a later time.

    A copy that lags behind the database that was read before has smaller numbers too, but earlier times.
    """
    key = _key(table)
    query = select(key, *table.values()).select_from(table.source).order_by(key.desc()).limit(1)
    last = connection.execute(query).first()
    if last is None or int(last[0]) >= mark.last:
        return False
    return texts_of(last[1:])[table.columns.index(table.time)] > mark.time


def _key(table: LogTable) -> ColumnElement[Any]:
    if table.key is None:
        raise ValueError(f"{table.name} does not number its rows")
    return table.key


# -- tables that do not --------------------------------------------------------------------------


class TimedPages:
    """Rows in order of their times. Those of one time are never parted, so memory holds as many as there are."""

    def __init__(self, connection: Connection, table: LogTable, now: datetime) -> None:
        self._connection = connection
        self._table = table
        self._now = now
        self._time: ColumnElement[Any] = column(table.time)
        self._place = table.columns.index(table.time)

    def pages(self, after: str | None) -> Iterator[Page]:
        """Rows without a time, then what was written into the past since, then what is newer than the mark."""
        mark = (None if after is None else time_mark_of(after)) or TimeMark()
        for rows in self._untimed(mark.untimed):
            before = mark.rows
            mark = mark._replace(untimed=mark.untimed + len(rows), rows=mark.rows + len(rows))
            yield Page(rows, before, mark.text())
        if mark.newest is not None:
            known = mark
            for rows in self._late(known, known.since, mark.newest):
                before, mark = mark.rows, self._noted(mark, rows)
                yield Page(rows, before, mark.text())
        for rows in self.spans(mark.newest, None):
            before, mark = mark.rows, self._noted(mark, rows)._replace(newest=self._time_of(rows[-1]))
            yield Page(rows, before, mark.text())

    def spans(self, after: str | None, until: str | None) -> Iterator[list[Texts]]:
        """The rows of a stretch of time; its beginning is not in it, its end is. None: without an end."""
        while True:
            rows = self._read(self._within(after, until), PAGE)
            full = len(rows) == PAGE
            if full:
                last = self._time_of(rows[-1])
                rows = [row for row in rows if self._time_of(row) != last] or self._all_of(last)
            if rows and self._time_of(rows[-1]) == after:
                raise LogError(
                    f"{self._table.name}: found the time {after!r} again behind itself, expected a later one"
                )
            if rows:
                after = self._time_of(rows[-1])
                yield rows
            if not full:
                return

    def _late(self, known: TimeMark, after: str, until: str) -> Iterator[list[Texts]]:
        """The rows of a stretch that was read, which are new there. Where the count is the same, none is."""
        times = sorted(time for time in known.seen if after < time <= until)
        count = self._count(self._within(after or None, until)) if after < until else 0
        if count == sum(len(known.seen[time]) for time in times):
            return
        if count > FEW and len(times) > 1:
            middle = times[len(times) // 2 - 1]
            yield from self._late(known, after, middle)
            yield from self._late(known, middle, until)
            return
        for rows in self.spans(after or None, until):
            fresh = known.unseen(rows, self._time_of)
            if fresh:
                yield fresh

    def _untimed(self, known: int) -> Iterator[list[Texts]]:
        """Rows without a time beyond those that are known; which of them are new, nothing tells."""
        where = [self._timeless()]
        count = self._count(where)
        while known < count:
            rows = self._read(where, PAGE, known)
            if not rows:
                return
            known += len(rows)
            yield rows

    def _timeless(self) -> ColumnElement[bool]:
        style = self._table.style()
        nothing = self._time.is_(None)
        if style is TimeStyle.TEXT:
            return or_(nothing, self._time == "")
        if style is TimeStyle.CALENDAR and self._table.backend == "mysql":
            return or_(nothing, self._time < EARLIEST)
        return nothing

    def _within(self, after: str | None, until: str | None) -> list[ColumnElement[bool]]:
        where = [~self._timeless()]
        if after is not None:
            where.append(self._time > self._table.moment(after))
        if until is not None:
            where.append(self._time <= self._table.moment(until))
        return where

    def _all_of(self, time: str) -> list[Texts]:
        return self._read([self._time == self._table.moment(time)], None)

    def _read(self, where: Sequence[ColumnElement[bool]], limit: int | None, offset: int = 0) -> list[Texts]:
        query: Select[Any] = select(*self._table.values()).select_from(self._table.source).where(*where)
        query = query.order_by(self._time).limit(limit).offset(offset or None)
        return [texts_of(row) for row in self._connection.execute(query)]

    def _count(self, where: Sequence[ColumnElement[bool]]) -> int:
        query = select(func.count()).select_from(self._table.source).where(*where)
        return int(self._connection.execute(query).scalar_one())

    def _noted(self, mark: TimeMark, rows: list[Texts]) -> TimeMark:
        return mark.with_rows(rows, self._time_of, self._since(rows[-1]))

    def _since(self, row: Texts) -> str:
        """From when on rows may still be written, in the way that the table writes times."""
        at = self._now - STILL_WRITTEN
        style = self._table.style()
        if style is TimeStyle.EPOCH or (style is TimeStyle.TEXT and is_digits(self._time_of(row)[:10])):
            return str(int(at.timestamp()))
        return self._table.written(at.replace(tzinfo=None))

    def _time_of(self, row: Texts) -> str:
        return row[self._place]
