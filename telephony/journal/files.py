"""The day files of a journal: their names, how each is opened, and what a row holds.

A PBX has one SQLite file a UTC day, `PBX-YYYY-MM-DD.journal`, and a lock file `PBX.lock`. The day is that
of the receive time of the file's first entry; the writer never goes back to an earlier day's file, even if
the machine's clock does, so the order of the names is the order of the numbers.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from telephony.errors import JournalCorruptError, JournalError, MisuseError
from telephony.journal.batches import Batch

SUFFIX = ".journal"
FILE_NAME = re.compile(r"(?P<pbx>\w[\w.-]{0,99})-(?P<day>\d{4}-\d{2}-\d{2})\.journal")
PBX_NAME = re.compile(r"\w[\w.-]{0,99}")
EMPTY = 0
FORMAT = 1
# Marks the file as ours for file(1).
APPLICATION_ID = int.from_bytes(b"3rng")
# WAL writes whole pages twice; 8 KiB costs least both for one packet and for a megabyte at a time.
PAGE_SIZE = 8192
BUSY_SECONDS = 5.0
_LEFT_TORN = (sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY)
FILE_MODE = 0o600
FOLDER_MODE = 0o700
# The content is last, so that a search by number or time does not read it.
SCHEMA = """
CREATE TABLE batch (
    first_seq INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    first_received_us INTEGER NOT NULL,
    last_received_us INTEGER NOT NULL,
    content BLOB NOT NULL
)
"""
INSERT = "INSERT INTO batch VALUES (?, ?, ?, ?, ?)"
# after_seq may lie within a batch: begin with the one that holds its successor.
NEXT = """
SELECT first_seq, last_seq, first_received_us, last_received_us, content FROM batch
WHERE first_seq >= coalesce((SELECT max(first_seq) FROM batch WHERE first_seq <= ?1 + 1), 0)
AND last_seq > ?1 AND last_received_us >= ?2 AND first_received_us < ?3
ORDER BY first_seq LIMIT 1
"""
EARLIEST_US, LATEST_US = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class DayFile:
    """A file of one PBX and one UTC day."""

    pbx: str
    day: date
    path: Path

    @classmethod
    def of(cls, path: Path) -> DayFile | None:
        """What the name of a file says; None if it is no name of a day file."""
        match = FILE_NAME.fullmatch(path.name)
        try:
            return match and cls(pbx=match["pbx"], day=date.fromisoformat(match["day"]), path=path)
        except ValueError:
            return None


def day_file(folder: Path, pbx: str, day: date) -> DayFile:
    """The file of a day, whether it exists or not. Raises MisuseError for a name that is no file's name."""
    if not PBX_NAME.fullmatch(pbx):
        raise MisuseError(f"PBX name: found {pbx!r}, expected letters, digits, '_', '-' and '.'")
    return DayFile(pbx=pbx, day=day, path=folder / f"{pbx}-{day.isoformat()}{SUFFIX}")


def day_files(folder: Path, pbx: str) -> list[DayFile]:
    """The files of a PBX, oldest first. Raises JournalError if the folder cannot be read."""
    return [file for file in all_files(folder) if file.pbx == pbx]


def all_files(folder: Path) -> list[DayFile]:
    """The files of all PBXs, ordered by PBX and day."""
    try:
        found = [DayFile.of(path) for path in folder.iterdir()]
    except OSError as error:
        raise JournalError(f"journal folder {folder}: {error.strerror}, expected a folder to read") from error
    return sorted(file for file in found if file is not None)


def create(path: Path) -> None:
    """Makes an empty file that only its owner can read, and makes its name durable.

    SQLite gives its `-wal` and `-shm` the same mode. An existing file is never opened here: closing it
    would drop the locks that SQLite holds on it in this process.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_to_write(path: Path) -> sqlite3.Connection:
    """Opens a day file, creating it and its table. Raises sqlite3.Error, OSError, JournalCorruptError."""
    create(path)
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=8
    )
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        if not _check_format(connection, path):
            _lay_out(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_format(connection: sqlite3.Connection, path: Path) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if found not in (EMPTY, FORMAT):
        raise JournalCorruptError(f"{path}: found format {found}, expected {FORMAT}")
    return found


def _lay_out(connection: sqlite3.Connection) -> None:
    for statement in (
        "BEGIN IMMEDIATE",
        SCHEMA,
        f"PRAGMA application_id = {APPLICATION_ID}",
        f"PRAGMA user_version = {FORMAT}",
        "COMMIT",
    ):
        connection.execute(statement)


def close_day(connection: sqlite3.Connection) -> None:
    """Closes a file, leaving one plain file without a `-wal` beside it if nobody reads it just now."""
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error:
        pass  # A reader holds it, or the disk is full: all that was committed is safe in the -wal too.
    finally:
        connection.close()


def open_to_read(path: Path) -> sqlite3.Connection:
    """Opens a day file for reading only. Raises sqlite3.Error, JournalCorruptError."""
    try:
        return _open_to_read(path)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in _LEFT_TORN:
            raise
    # Its writer was killed amid laying it out or closing it. Only who may write puts it back as it was before.
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        _check_format(connection, path)
        return _open_to_read(path)


def _open_to_read(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _check_format(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A day file open for reading; SQLite's errors inside come out as JournalError or JournalCorruptError."""
    try:
        with closing(open_to_read(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise journal_error(path, error) from error


def journal_error(path: Path, error: Exception) -> JournalError:
    """Ours for one of SQLite or the system: JournalCorruptError if the file itself is damaged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return JournalCorruptError(f"{path}: found {error}, expected a SQLite file with batches")
    return JournalError(f"{path}: {error}")


def is_empty(connection: sqlite3.Connection) -> bool:
    """True for a file whose writer was killed before it laid the table out."""
    return bool(connection.execute("PRAGMA user_version").fetchone()[0] == EMPTY)


def bounds(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """The first and last number in a file; None if it holds nothing."""
    if is_empty(connection):
        return None
    first = connection.execute("SELECT first_seq FROM batch ORDER BY first_seq LIMIT 1").fetchone()
    last = connection.execute("SELECT last_seq FROM batch ORDER BY first_seq DESC LIMIT 1").fetchone()
    return (first[0], last[0]) if first else None


def insert(connection: sqlite3.Connection, batches: list[Batch]) -> None:
    """Writes batches in one transaction: all of them or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(INSERT, map(_row, batches))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _row(batch: Batch) -> tuple[int, int, int, int, bytes]:
    return (batch.first_seq, batch.last_seq, batch.first_received_us, batch.last_received_us, batch.content)


def next_batch(
    connection: sqlite3.Connection, after_seq: int, since_us: int = EARLIEST_US, until_us: int = LATEST_US
) -> Batch | None:
    """The first batch that holds numbers beyond after_seq and times in [since, until); None if none does."""
    if is_empty(connection):
        return None
    row = connection.execute(NEXT, (after_seq, since_us, until_us)).fetchone()
    if row is None:
        return None
    first_seq, last_seq, first_received_us, last_received_us, content = row
    return Batch(
        first_seq=first_seq,
        last_seq=last_seq,
        first_received_us=first_received_us,
        last_received_us=last_received_us,
        content=content,
    )
