"""Logs in tables: cel, cdr and queue_log as FreePBX has them in MariaDB, and in PostgreSQL and SQLite. A LogSource.

    log = DatabaseLog(LogKind.CDR, "mysql://reader:secret@pbx/asteriskcdrdb")
    for batch in log.batches(): ...
    for batch in log.batches(after=batch.mark): ...          # what was written since

It only reads, and locks nothing. Local times are read as in files: in `zone`, else in the zone that the rows tell
themselves (zones.py). A time that the database keeps with its zone is taken as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, Connection, column, func, select
from sqlalchemy.exc import SQLAlchemyError

from telephony.clock import Clock, SystemClock
from telephony.errors import LogError, RowError
from telephony.pbxlogs.database_marks import KeyMark, TimeMark, rows_before
from telephony.pbxlogs.database_pages import Page, TimedPages, keyed_rows, pages_by_key, texts_of
from telephony.pbxlogs.database_tables import USUAL_TABLES, LogTable, RowReader, TimeStyle, find_table
from telephony.pbxlogs.database_urls import open_engine, parse_address, reason_of
from telephony.pbxlogs.fields import LogClock, local_time
from telephony.pbxlogs.log_source import Batch
from telephony.pbxlogs.rows import BadRow, LogKind, LogRow, Texts
from telephony.pbxlogs.zones import detect_zone

SAMPLE = 200
"""Rows of each end of a table that its zone is told from."""
LONGEST_TEXT = 300
AROUND = timedelta(hours=2)
"""A stretch of local time is looked for a little wider: clocks are put forward and back."""


class DatabaseLog:
    """One table. `table` and `columns` are for those with unusual names: the columns in the table's order."""

    def __init__(
        self,
        kind: LogKind,
        url: str,
        *,
        zone: tzinfo | None = None,
        preferred: tzinfo | None = None,
        table: str | None = None,
        columns: Sequence[str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.kind = kind
        self._address = parse_address(url)
        self._wanted = table or self._address.table
        self._database = self._address.shown()
        self.name = f"{self._database}.{self._wanted or USUAL_TABLES[kind][0]}"
        self._zone = zone
        self._preferred = preferred
        self._columns = columns
        self._clock = clock or SystemClock()

    def batches(self, after: str | None = None) -> Iterator[Batch]:
        """What stands beyond a mark, in order of the table's numbers, or of time where it has none.

        From the beginning again where the table was emptied since, or a mark is from before it had numbers.
        """
        with self._connected() as connection:
            table = self._table(connection)
            reader = RowReader(table, LogClock(self._zone_of(connection, table)))
            for page in self._pages(connection, table, after):
                rows, bad = _parsed(table.name, reader, page)
                yield Batch(rows, bad, 0, page.mark)

    def mark_since(self, at: datetime) -> str | None:
        """See LogSource."""
        with self._connected() as connection:
            table = self._table(connection)
            low, _ = _limits(table, self._zone_of(connection, table), at, at)
            if low is None:
                return None
            if table.key is None:
                return TimeMark(newest=low, since=low).text()
            time: ColumnElement[datetime] = column(table.time)
            last = connection.execute(select(func.max(table.key)).where(time < table.moment(low))).scalar()
            return None if last is None else KeyMark(int(last), low, (), 0).text()

    def rows_between(self, start: datetime, end: datetime) -> Iterator[Batch]:
        """The rows of a stretch of time, both ends included. These batches have no mark to go on from."""
        with self._connected() as connection:
            table = self._table(connection)
            zone = self._zone_of(connection, table)
            reader = RowReader(table, LogClock(zone))
            before = 0
            for texts in self._stretch(connection, table, _limits(table, zone, start, end)):
                inside = [each for each in texts if start <= reader.at(each) <= end]
                if inside:
                    rows, bad = _parsed(table.name, reader, Page(inside, before, ""))
                    yield Batch(rows, bad, 0, "")
                before += len(inside)

    def size(self) -> int | None:
        """Rows; None where the table cannot be reached."""
        try:
            with self._connected() as connection:
                query = select(func.count()).select_from(self._table(connection).source)
                return int(connection.execute(query).scalar_one())
        except LogError:
            return None

    def done(self, mark: str | None) -> int:
        """Rows read before a mark."""
        return 0 if mark is None else rows_before(mark)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = open_engine(self._address)
        try:
            connection = engine.connect()
        # The driver raises RuntimeError where it lacks a way of logging in that the server asks for.
        except (SQLAlchemyError, OSError, RuntimeError) as error:
            user = f" as {self._address.url.username}" if self._address.url.username else ""
            raise LogError(
                f"{self.name}: found no way in{user} ({reason_of(error)}), expected a database that answers"
            ) from None
        try:
            with connection:
                yield connection
        except (SQLAlchemyError, OSError, UnicodeError) as error:
            raise LogError(f"{self.name}: found an error ({reason_of(error)}), expected rows") from None

    def _table(self, connection: Connection) -> LogTable:
        return find_table(connection, self.kind, self._database, self._wanted, self._columns)

    def _pages(self, connection: Connection, table: LogTable, after: str | None) -> Iterator[Page]:
        if table.key is not None:
            return pages_by_key(connection, table, after)
        return TimedPages(connection, table, self._clock.now()).pages(after)

    def _stretch(
        self, connection: Connection, table: LogTable, limits: tuple[str | None, str | None]
    ) -> Iterator[list[Texts]]:
        low, high = limits
        if table.key is None:
            yield from TimedPages(connection, table, self._clock.now()).spans(low, high)
            return
        time: ColumnElement[datetime] = column(table.time)
        where = [] if low is None or high is None else [time.between(table.moment(low), table.moment(high))]
        above: int | None = None
        while rows := keyed_rows(connection, table, above, *where):
            above = rows[-1][0]
            yield [texts for _, texts in rows]

    def _zone_of(self, connection: Connection, table: LogTable) -> tzinfo:
        """The zone of local times. Once rows have told it, it stays."""
        if self._zone is None:
            found = list(_pairs(connection, table))
            if not found:
                return UTC
            self._zone = detect_zone(found, self._preferred)
        return self._zone


def _parsed(name: str, reader: RowReader, page: Page) -> tuple[list[LogRow], list[BadRow]]:
    rows: list[LogRow] = []
    bad: list[BadRow] = []
    for number, texts in enumerate(page.rows, page.before + 1):
        try:
            rows.append(reader.row(texts))
        except RowError as error:
            bad.append(BadRow(name, number, str(error), "|".join(texts)[:LONGEST_TEXT]))
    return rows, bad


def _pairs(connection: Connection, table: LogTable) -> Iterator[tuple[datetime, str]]:
    """Local times and channels of the table's first and last rows."""
    reader = RowReader(table, LogClock())
    order: ColumnElement[datetime] = column(table.time) if table.key is None else table.key
    for way in (order.asc(), order.desc()):
        query = select(*table.values()).select_from(table.source).order_by(way).limit(SAMPLE)
        for values in connection.execute(query).all():
            written, uniqueid = reader.written(texts_of(values))
            local = local_time(written)
            if local is not None:
                yield local, uniqueid


def _limits(table: LogTable, zone: tzinfo, start: datetime, end: datetime) -> tuple[str | None, str | None]:
    """A stretch as the table writes times, or wider; texts may be written in many ways, so all are looked at."""
    low, high = start - AROUND, end + AROUND
    match table.style():
        case TimeStyle.TEXT:
            return None, None
        case TimeStyle.EPOCH:
            return str(int(low.timestamp())), str(int(high.timestamp()))
        case TimeStyle.ZONED:
            zone = UTC
        case TimeStyle.CALENDAR:
            pass
    local = [table.written(at.astimezone(zone).replace(tzinfo=None)) for at in (low, high)]
    return local[0], local[1]
