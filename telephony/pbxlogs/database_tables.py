"""One table of CEL, CDR or queue_log as it really is: its columns, its time, its key, and a row's values as texts.

Asterisk writes whatever columns the table has, under any spelling, and tables are as old as their PBX; so nothing is
taken for granted but what a row needs to tell anything. Values are asked for as texts, the way a file has them, and
go through the same readers: what a driver would refuse (zero dates) then is a bad row like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Numeric, Text, cast, column, inspect, literal
from sqlalchemy import table as table_clause
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import DateTime, TypeEngine

from telephony.clock import EPOCH
from telephony.errors import LogError, RowError
from telephony.pbxlogs.cdr import CdrReader
from telephony.pbxlogs.cel import CelReader
from telephony.pbxlogs.fields import LogClock
from telephony.pbxlogs.layouts import IGNORED, NEEDED, Layout, heading_of, layout_of
from telephony.pbxlogs.queue_log import QueueLogReader
from telephony.pbxlogs.rows import LogKind, LogRow, Texts

USUAL_TABLES = {
    LogKind.CEL: ("cel",),
    LogKind.CDR: ("cdr",),
    LogKind.QUEUE_LOG: ("queue_log", "queuelog"),  # Asterisk's and QueueMetrics' name; FreePBX's
}
QUEUE_COLUMNS = ("time", "callid", "queuename", "agent", "event")
_QUEUE_DATA = re.compile(r"(data|arg)\d*")

Read = Callable[[Texts], LogRow]
Written = Callable[[Texts], tuple[str, str]]


class TimeStyle(Enum):
    """How a table holds the time of a row."""

    CALENDAR = "a date and time"
    ZONED = "a date and time with its zone"
    EPOCH = "a number of seconds since 1970"
    TEXT = "a text"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTable:
    """What was found. `key` is the number that grows with each row, None where the table has none."""

    kind: LogKind
    name: str  # for people
    source: TableClause
    columns: tuple[str, ...]  # those that are read, as the table calls them
    layout: Layout  # of these
    time: str
    time_type: TypeEngine[Any]
    key: ColumnElement[Any] | None
    backend: str

    def values(self) -> list[ColumnElement[Any]]:
        """The columns that are read, each as a text."""
        # A text that bore its column's name would be what ORDER BY sorts by: 10 before 9, and without an index.
        return [cast(column(name), Text).label(f"text_{place}") for place, name in enumerate(self.columns)]

    def style(self) -> TimeStyle:
        """How it holds the time."""
        if self.backend == "sqlite":
            return TimeStyle.TEXT  # whatever the column is declared to be
        if isinstance(self.time_type, DateTime):
            return TimeStyle.ZONED if self.time_type.timezone else TimeStyle.CALENDAR
        return TimeStyle.EPOCH if isinstance(self.time_type, (Integer, Numeric)) else TimeStyle.TEXT

    def moment(self, written: str) -> ColumnElement[Any]:
        """A time to compare the column of times with, as a value of its type."""
        if self.backend == "postgresql" and self.style() is not TimeStyle.TEXT:
            return cast(literal(written), self.time_type)
        return literal(written)

    def written(self, at: datetime) -> str:
        """A naive time as the column would hold it (of a text column: where it holds dates)."""
        return at.isoformat(" ", "microseconds") + ("+00" if self.style() is TimeStyle.ZONED else "")


def find_table(
    connection: Connection, kind: LogKind, database: str, wanted: str | None, columns: Sequence[str] | None
) -> LogTable:
    """The log's table in this database. Raises LogError."""
    inspector = inspect(connection)
    schema, _, bare = (wanted or "").rpartition(".")
    there = [
        *inspector.get_table_names(schema=schema or None),
        *inspector.get_view_names(schema=schema or None),
    ]
    candidates = (bare,) if bare else USUAL_TABLES[kind]
    name = next((each for each in candidates if each in there), None) or next(
        (each for each in there if each.lower() in [one.lower() for one in candidates]), None
    )
    if name is None:
        held = ", ".join(sorted(there)[:20]) or "none that may be read"
        raise LogError(f"{database}: found no table {' or '.join(candidates)} (found: {held}), expected the {kind}")
    found = inspector.get_columns(name, schema=schema or None)
    title = f"{database}.{name}"
    layout = _layout(kind, title, [each["name"] for each in found], columns)
    time = found[layout.columns.index("eventtime" if kind is LogKind.CEL else _START[kind])]
    primary = inspector.get_pk_constraint(name, schema=schema or None)["constrained_columns"]
    backend = connection.dialect.name
    return LogTable(
        kind=kind,
        name=title,
        source=table_clause(name, schema=schema or None),
        columns=tuple(each["name"] for each, known in zip(found, layout.columns, strict=True) if known != IGNORED),
        layout=layout._replace(columns=tuple(known for known in layout.columns if known != IGNORED)),
        time=time["name"],
        time_type=time["type"],
        key=_key(found, primary, layout, "" if name in inspector.get_view_names() else backend),
        backend=backend,
    )


_START = {LogKind.CDR: "start", LogKind.QUEUE_LOG: "time"}


def _layout(kind: LogKind, title: str, names: Sequence[str], columns: Sequence[str] | None) -> Layout:
    if kind is LogKind.QUEUE_LOG:
        return _queue_layout(title, names, columns)
    if columns is not None:
        if len(columns) != len(names):
            raise LogError(f"{title}: found {len(columns)} names of columns, expected {len(names)}, one for each")
        return layout_of(kind, columns)
    layout = heading_of(kind, names)
    if layout is None:
        raise LogError(
            f"{title}: found the columns {', '.join(names)}, expected at least {', '.join(NEEDED[kind])} under these"
            " or their other usual names"
        )
    return layout


def _queue_layout(title: str, names: Sequence[str], columns: Sequence[str] | None) -> Layout:
    if columns is not None:
        raise LogError(
            f"{title}: found names of columns, expected none: those of queue_log are the same everywhere"
        )
    plain = [name.lower() for name in names]
    missing = [name for name in QUEUE_COLUMNS if name not in plain]
    if missing:
        raise LogError(
            f"{title}: found no column {', '.join(missing)} among {', '.join(names)}, expected"
            f" {', '.join(QUEUE_COLUMNS)} and data or data1, data2, …"
        )
    known = [name if name in QUEUE_COLUMNS or _QUEUE_DATA.fullmatch(name) else IGNORED for name in plain]
    return Layout(LogKind.QUEUE_LOG, "a table", tuple(known))


def _key(
    found: Sequence[ReflectedColumn], primary: Sequence[str], layout: Layout, backend: str
) -> ColumnElement[Any] | None:
    """The number of each row: a primary key that counts. SQLite numbers the rows of every table by itself."""
    for each, known in zip(found, layout.columns, strict=True):
        counts = isinstance(each["type"], Integer) and known in (IGNORED, "id")
        if counts and list(primary) == [each["name"]]:
            return column(each["name"], each["type"])
    return column("rowid", Integer()) if backend == "sqlite" else None


class RowReader:
    """A table's rows: values as texts -> row."""

    def __init__(self, table: LogTable, clock: LogClock) -> None:
        if table.kind is LogKind.QUEUE_LOG:
            queue_log, values = QueueLogReader(clock), _queue_values(table.layout)
            self.row: Read = lambda texts: queue_log.row(values(texts))
            self.written: Written = lambda texts: queue_log.written(values(texts))
        else:
            reader = (CelReader if table.kind is LogKind.CEL else CdrReader)(table.layout, clock)
            self.row = reader.row
            self.written = reader.written
        self._clock = clock

    def at(self, texts: Texts) -> datetime:
        """The instant of a row, also of one that is bad otherwise; long ago where it has none."""
        try:
            return self._clock.instant(*self.written(texts))
        except RowError:
            return EPOCH


def _queue_values(layout: Layout) -> Callable[[Texts], list[str]]:
    """A row's values in the order of a line. The data end with the last that is not empty."""
    places = layout.places()
    fixed = [places[name] for name in QUEUE_COLUMNS]
    numbered = [places[name] for name in sorted(places) if name not in QUEUE_COLUMNS and name[-1].isdigit()]
    whole = places.get("data")

    def values(texts: Texts) -> list[str]:
        data = [texts[place] for place in numbered]
        while data and not data[-1]:
            data.pop()
        # Asterisk 1.6 to 10 write all data as one text, as in a line of the file.
        if not data and whole is not None and texts[whole]:
            data = texts[whole].split("|")
        return [*(texts[place] for place in fixed), *data]

    return values
