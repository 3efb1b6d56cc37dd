"""Rows of the PBX's logs, kept on disk and given back a call at a time.

    staging = Staging(path)                      # None: a temporary file, gone at the end
    for batch in source.batches(staging.mark(source.name)):
        staging.add(source.name, source.kind, batch)
    staging.settle()
    for call in staging.calls(): ...             # in order of their first rows
    for row in staging.loose(): ...              # what queue_log says of members, in order of time

A call is every row whose linkedids are joined: two that one channel bore, and those of channels that a transfer names.
Rows are found by the unique id of their channel, so the order of reading does not matter. Memory is bounded whatever
the size: SQLite keeps rows and sorts on disk, and only linkedids that are joined are held here.

The mark of a source is stored with the rows before it: after a kill, reading goes on where they end. A full or broken
disk ends the `with` block with a StagingError; what was committed before stays.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from telephony.errors import StagingError
from telephony.pbxlogs.log_source import Batch
from telephony.pbxlogs.members import STARTED
from telephony.pbxlogs.rows import BadRow, CallRows, LogKind, QueueRow
from telephony.pbxlogs.staging_rows import keep, keep_bad
from telephony.pbxlogs.staging_settling import forget, settle
from telephony.pbxlogs.staging_tables import (
    FOUND,
    INDEXES,
    KEPT,
    LOOSE,
    SHAPES,
    Shape,
    Values,
    complete,
    instant,
    mended,
    microseconds,
    queue_row,
    text_of,
)

COMMIT_ROWS = 50_000
"""So many rows at most are read again after a kill."""
CALLS_AT_ONCE = 100
PRAGMAS = "PRAGMA cache_size = -16384; PRAGMA temp_store = FILE; PRAGMA synchronous = NORMAL;"


class Counts(NamedTuple):
    """What became of the rows of one kind; `repeated` and so `used` are known once all calls were given back."""

    rows: int = 0
    used: int = 0
    repeated: int = 0
    quarantined: int = 0
    irrelevant: int = 0


class Place(NamedTuple):
    """Where a call stands in the order of calls."""

    first: datetime
    key: str


Newest = tuple[int, ...]
"""A point in the growth of the tables: the number of the last row of each."""


class Staging:
    """Rows in, calls out. One thread at a time uses it.

    live: rows come in small batches for as long as the PBX lives; each batch is durable, and calls can be asked for
    in between.
    """

    def __init__(self, path: Path | None = None, *, live: bool = False) -> None:
        self._folder = None if path else tempfile.TemporaryDirectory(prefix="threerings-")
        self.path = path or Path(self._folder.name if self._folder else "") / "staging.db"
        self._live = live
        self._waiting = 0
        self._repeated: Counter[str] = Counter()  # by table
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            connection.executescript(PRAGMAS + ("PRAGMA journal_mode = WAL;" if self._live else "") + KEPT + FOUND)
            complete(connection)
            if self._live:
                connection.executescript(INDEXES)
        except sqlite3.Error as error:
            connection.close()
            raise self._failed(error) from error
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except StagingError:
            if error is None:
                raise
        if isinstance(error, sqlite3.Error):
            raise self._failed(error) from error

    def close(self) -> None:
        """Keep what was added, and close; a temporary file goes. Raises StagingError where it cannot be kept."""
        try:
            self.commit()
        except sqlite3.Error as error:
            raise self._failed(error) from error
        finally:
            self._connection.close()
            if self._folder is not None:
                self._folder.cleanup()

    def _failed(self, error: sqlite3.Error) -> StagingError:
        return StagingError(f"{self.path}: found {error}, expected a file that can be written and read")

    # -- rows in --------------------------------------------------------------------------

    def add(self, source: str, kind: LogKind, batch: Batch) -> None:
        """Keep a batch and its mark, in one transaction."""
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN")
        kept = keep(self._connection, kind, batch.rows)
        keep_bad(self._connection, kind, batch.bad)
        self._connection.execute(
            "INSERT INTO counts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET staged = staged + excluded.staged,"
            " quarantined = quarantined + excluded.quarantined, irrelevant = irrelevant + excluded.irrelevant",
            (kind.value, kept.staged, len(batch.bad), batch.irrelevant + kept.irrelevant),
        )
        self.set_mark(source, batch.mark)
        self._waiting += kept.staged
        if self._live or self._waiting >= COMMIT_ROWS:
            self.commit()

    def commit(self) -> None:
        """Make durable what was added."""
        self._waiting = 0
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    def mark(self, name: str) -> str | None:
        """Where reading a source, or other work on these rows, goes on; None at its beginning."""
        found = self._connection.execute("SELECT mark FROM marks WHERE source = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def set_mark(self, name: str, mark: str) -> None:
        """Note how far this work has come."""
        self._connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (name, mark))

    # -- calls out ------------------------------------------------------------------------

    def settle(self) -> None:
        """Find which rows are one call: to be done after adding and before asking."""
        self.commit()
        settle(self._connection)

    def calls(self, after: Place | None = None) -> Iterator[CallRows]:
        """Every call, or those behind a place, in order of their first rows."""
        if after is None:
            self._repeated = Counter({LOOSE.table: self._repeated[LOOSE.table]})
        low = (-(2**63), "") if after is None else (microseconds(after.first), after.key)
        while True:
            found = self._connection.execute(
                "SELECT first, key FROM calls WHERE (first, key) > (?, ?) ORDER BY first, key LIMIT ?",
                (*low, CALLS_AT_ONCE),
            ).fetchall()
            if not found:
                return
            yield from self._rows_of([key for _, key in found], self._repeated)
            low = found[-1]

    def calls_between(self, start: datetime, end: datetime) -> Iterator[CallRows]:
        """Whole calls that were going on in a window, both its ends included; in order."""
        found = self._connection.execute(
            "SELECT key FROM calls WHERE first <= ? AND last >= ? ORDER BY first, key",
            (microseconds(end), microseconds(start)),
        ).fetchall()
        for at in range(0, len(found), CALLS_AT_ONCE):
            yield from self._rows_of([row[0] for row in found[at : at + CALLS_AT_ONCE]], Counter())

    def calls_of(self, keys: Sequence[str]) -> Iterator[CallRows]:
        """These calls, as far as they are there."""
        for at in range(0, len(keys), CALLS_AT_ONCE):
            for call in self._rows_of(keys[at : at + CALLS_AT_ONCE], Counter()):
                if call.cel or call.cdr or call.queue:
                    yield call

    def keys_since(self, newest: Newest) -> list[str]:
        """The calls that got rows after a point of `newest_rows`, in order of their first rows."""
        found: set[str] = set()
        for shape, last in zip(SHAPES.values(), newest, strict=True):
            found.update(
                row[0]
                for row in self._connection.execute(
                    f"SELECT DISTINCT m.key FROM {shape.table} t"  # noqa: S608
                    " JOIN members m ON m.uniqueid = t.uniqueid WHERE t.id > ?",
                    (last,),
                )
            )
        return sorted(found)

    def newest_rows(self) -> Newest:
        """How many rows of each kind were added so far."""
        newest = [
            self._connection.execute(f"SELECT coalesce(max(id), 0) FROM {shape.table}").fetchone()[0]  # noqa: S608
            for shape in SHAPES.values()
        ]
        return tuple(newest)

    def place_of(self, key: str) -> Place | None:
        """Where a call stands; None for one that is not there."""
        found = self._connection.execute("SELECT first FROM calls WHERE key = ?", (key,)).fetchone()
        return None if found is None else Place(instant(found[0]), key)

    def boots(self) -> list[datetime]:
        """When the PBX started, as queue_log tells it."""
        found = self._connection.execute("SELECT DISTINCT at FROM loose WHERE event = ? ORDER BY at", (STARTED,))
        return [instant(row[0]) for row in found]

    def stopped_before(self, boot: datetime) -> datetime | None:
        """The last sign of life before the PBX started: no log tells when a PBX died."""
        found = self._connection.execute(
            "SELECT max(last) FROM channels WHERE last < ?", (microseconds(boot),)
        ).fetchone()[0]
        return None if found is None else instant(found)

    def last_at(self) -> datetime | None:
        """How far the logs reach: the last instant of any call; None where there is none."""
        found = self._connection.execute("SELECT max(last) FROM calls").fetchone()[0]
        return None if found is None else instant(found)

    def count_calls(self) -> int:
        """How many calls there are."""
        return int(self._connection.execute("SELECT count(*) FROM calls").fetchone()[0])

    def loose(self) -> Iterator[QueueRow]:
        """The rows of members' comings, goings and pauses, in order of time, each once."""
        self._repeated[LOOSE.table] = 0
        at: int | None = None
        seen: set[Values] = set()
        selected = self._connection.execute(f"SELECT {LOOSE.fields} FROM loose t ORDER BY t.at, t.id")  # noqa: S608
        for values in selected:
            if values[0] != at:
                at = values[0]
                seen.clear()
            if values in seen:
                self._repeated[LOOSE.table] += 1
                continue
            seen.add(values)
            yield queue_row(mended(values))

    def _rows_of(self, keys: Sequence[str], repeated: Counter[str]) -> Iterator[CallRows]:
        found = {kind: self._rows_of_kind(SHAPES[kind], keys, repeated) for kind in LogKind}
        for key in keys:
            cel, cdr, queue = (found[kind].get(key, []) for kind in (LogKind.CEL, LogKind.CDR, LogKind.QUEUE_LOG))
            yield CallRows(text_of(key), cel, cdr, queue)

    def _rows_of_kind(self, shape: Shape, keys: Sequence[str], repeated: Counter[str]) -> dict[str, list[Any]]:
        """The rows of one kind by call, in order of time and log, each once; how many came again is counted."""
        places = ", ".join("?" * len(keys))
        selected = self._connection.execute(
            f"SELECT m.key, t.id, {shape.fields} FROM members m CROSS JOIN {shape.table} t"  # noqa: S608
            f" ON t.uniqueid = m.uniqueid WHERE m.key IN ({places})",
            keys,
        )
        raw: dict[str, list[Values]] = {}
        for row in selected:
            raw.setdefault(row[0], []).append(row)
        return {key: _once(shape, rows, repeated) for key, rows in raw.items()}

    # -- accounts -------------------------------------------------------------------------

    def counts(self) -> dict[LogKind, Counts]:
        """What became of the rows, by kind; of each kind that was added."""
        found: dict[LogKind, Counts] = {}
        for name, staged, bad, irrelevant in self._connection.execute("SELECT * FROM counts ORDER BY kind"):
            kind = LogKind(name)
            repeated = self._repeated[kind.value]
            if kind is LogKind.QUEUE_LOG:
                repeated += self._repeated[LOOSE.table]
            found[kind] = Counts(staged + bad + irrelevant, staged - repeated, repeated, bad, irrelevant)
        return found

    def quarantined(self) -> Iterator[BadRow]:
        """The rows that could not be read, in the order of reading."""
        for values in self._connection.execute("SELECT source, line, why, text FROM quarantine ORDER BY id"):
            yield BadRow._make(mended(values))

    def forget(self, before: datetime) -> None:
        """Drop calls that ended before this time, and what queue_log said of members before it."""
        self.commit()
        forget(self._connection, microseconds(before))


def _once(shape: Shape, rows: list[Values], repeated: Counter[str]) -> list[Any]:
    rows.sort(key=_time_and_place)
    once = dict.fromkeys([row[2:] for row in rows])
    repeated[shape.table] += len(rows) - len(once)
    return [shape.row(mended(values)) for values in once]


def _time_and_place(row: Values) -> tuple[int, int]:
    return row[2], row[1]
