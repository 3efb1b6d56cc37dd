"""The tables of a staging file, and how a row of a log becomes a row of its table and comes back as it was."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from telephony.clock import EPOCH
from telephony.pbxlogs.rows import CdrRow, CelRow, LogKind, LogRow, QueueRow

Values = tuple[Any, ...]
MICROSECOND = timedelta(microseconds=1)

KEPT = """
CREATE TABLE IF NOT EXISTS cel (
    id INTEGER PRIMARY KEY, at INTEGER, event TEXT, uniqueid TEXT, linkedid TEXT, channel TEXT, number TEXT,
    name TEXT, exten TEXT, context TEXT, application TEXT, data TEXT, peer TEXT, account TEXT, user_event TEXT,
    extra TEXT, dialled TEXT);
CREATE TABLE IF NOT EXISTS cdr (
    id INTEGER PRIMARY KEY, at INTEGER, answered_at INTEGER, ended_at INTEGER, uniqueid TEXT, linkedid TEXT,
    channel TEXT, dest_channel TEXT, source TEXT, destination TEXT, context TEXT, caller TEXT, application TEXT,
    data TEXT, duration INTEGER, billable INTEGER, disposition TEXT, account TEXT, did TEXT, recording TEXT,
    caller_number TEXT, outbound_number TEXT, sequence TEXT);
CREATE TABLE IF NOT EXISTS queue_log (
    id INTEGER PRIMARY KEY, at INTEGER, uniqueid TEXT, queue TEXT, agent TEXT, event TEXT, data TEXT);
CREATE TABLE IF NOT EXISTS loose (
    id INTEGER PRIMARY KEY, at INTEGER, uniqueid TEXT, queue TEXT, agent TEXT, event TEXT, data TEXT);
CREATE TABLE IF NOT EXISTS channels (
    uniqueid TEXT, linkedid TEXT, rank INTEGER, first INTEGER, last INTEGER,
    PRIMARY KEY (uniqueid, linkedid, rank)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ties (one TEXT, other TEXT, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quarantine (
    id INTEGER PRIMARY KEY, kind TEXT, source TEXT, line INTEGER, why TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS marks (source TEXT PRIMARY KEY, mark TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (
    kind TEXT PRIMARY KEY, staged INTEGER, quarantined INTEGER, irrelevant INTEGER) WITHOUT ROWID;
"""
"""What is read is kept here. `rank` is which log told of a channel: 0 CEL, 1 CDR, 2 queue_log."""

ADDED = (("cel", "dialled"),)
"""Columns that a file kept by an older version lacks."""

FOUND = """
CREATE TABLE IF NOT EXISTS members (uniqueid TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (key TEXT PRIMARY KEY, first INTEGER, last INTEGER) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_key ON members (key);
CREATE INDEX IF NOT EXISTS calls_first ON calls (first, key);
"""
"""What `settle` finds: which call each channel is of, and when each call began and ended."""

INDEXES = """
CREATE INDEX IF NOT EXISTS cel_uniqueid ON cel (uniqueid);
CREATE INDEX IF NOT EXISTS cdr_uniqueid ON cdr (uniqueid);
CREATE INDEX IF NOT EXISTS queue_log_uniqueid ON queue_log (uniqueid);
CREATE INDEX IF NOT EXISTS loose_at ON loose (at);
CREATE INDEX IF NOT EXISTS channels_linkedid ON channels (linkedid, rank, first);
"""

RANK = {LogKind.CEL: 0, LogKind.CDR: 1, LogKind.QUEUE_LOG: 2}


def microseconds(at: datetime) -> int:
    """Whole microseconds since the epoch."""
    return (at - EPOCH) // MICROSECOND


def instant(value: int) -> datetime:
    """The instant of so many microseconds since the epoch."""
    return EPOCH + timedelta(microseconds=value)


def cel_values(row: CelRow) -> Values:
    """A CEL row as its table has it."""
    return (None, (row[0] - EPOCH) // MICROSECOND, *row[1:])


def cdr_values(row: CdrRow) -> Values:
    """A CDR row as its table has it."""
    return (None, microseconds(row.at), _maybe(row.answered_at), _maybe(row.ended_at), *row[3:])


def queue_values(row: QueueRow) -> Values:
    """A queue_log row as its table has it."""
    return (None, microseconds(row.at), *row[1:5], json.dumps(row.data))


def cel_row(values: Values) -> CelRow:
    """A CEL row from its fields as stored, the instant first."""
    return CelRow._make((instant(values[0]), *values[1:]))


def cdr_row(values: Values) -> CdrRow:
    """A CDR row from its fields as stored."""
    at, answered, ended, *rest = values
    return CdrRow._make((instant(at), _maybe_instant(answered), _maybe_instant(ended), *rest))


def queue_row(values: Values) -> QueueRow:
    """A queue_log row from its fields as stored."""
    at, call, queue, agent, event, data = values
    return QueueRow(instant(at), call, queue, agent, event, tuple(json.loads(data)))


def _maybe(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def _maybe_instant(value: int | None) -> datetime | None:
    return None if value is None else instant(value)


class Shape(NamedTuple):
    """How the rows of one kind are written and read."""

    table: str
    values: Callable[[Any], Values]
    row: Callable[[Values], LogRow]
    fields: str  # as they are selected
    insert: str


def _shape(table: str, values: Callable[[Any], Values], row: Callable[[Values], LogRow], fields: str) -> Shape:
    names = ", ".join(f"t.{name}" for name in fields.split())
    places = ", ".join("?" * (len(fields.split()) + 1))
    return Shape(table, values, row, names, f"INSERT INTO {table} VALUES ({places})")  # noqa: S608 our own names


_CEL = (
    "at event uniqueid linkedid channel number name exten context application data peer account user_event extra"
    " dialled"
)
_CDR = (
    "at answered_at ended_at uniqueid linkedid channel dest_channel source destination context caller application"
    " data duration billable disposition account did recording caller_number outbound_number sequence"
)
_QUEUE = "at uniqueid queue agent event data"

SHAPES = {
    LogKind.CEL: _shape("cel", cel_values, cel_row, _CEL),
    LogKind.CDR: _shape("cdr", cdr_values, cdr_row, _CDR),
    LogKind.QUEUE_LOG: _shape("queue_log", queue_values, queue_row, _QUEUE),
}
LOOSE = _shape("loose", queue_values, queue_row, _QUEUE)


def complete(connection: sqlite3.Connection) -> None:
    """Give a file of an older version the columns that it lacks; what was kept before has nothing in them."""
    for table, column in ADDED:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        if column not in names:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")


def write(connection: sqlite3.Connection, statement: str, rows: Sequence[Values]) -> None:
    """Write many rows. Texts that are no UTF-8 (bytes of a broken name) are kept as bytes."""
    connection.execute("SAVEPOINT many")
    try:
        connection.executemany(statement, rows)
    except UnicodeEncodeError:
        connection.execute("ROLLBACK TO many")
        connection.executemany(statement, [tuple(_storable(value) for value in row) for row in rows])
    connection.execute("RELEASE many")


def mended(values: Values) -> Values:
    """Values as they were before they were written."""
    if bytes not in map(type, values):
        return values
    return tuple(text_of(each) if isinstance(each, bytes) else each for each in values)


def text_of(value: str | bytes) -> str:
    """A text as it was before it was written."""
    return value.decode(errors="surrogatepass") if isinstance(value, bytes) else value


def _storable(value: Any) -> Any:
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode(errors="surrogatepass")
    return value
