"""Copies a SQLite file that others write: what was committed when the copy began, and nothing later."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from service.errors import UnreachableError

PAGES_AT_ONCE = 1024
MAGIC = b"SQLite format 3\0"
BESIDE = ("-wal", "-shm", "-journal")


def is_sqlite(path: Path) -> bool:
    """Whether a file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def copy_sqlite(source: Path, target: Path, advance: Callable[[int], None]) -> None:
    """Makes `target` one plain file. Raises UnreachableError, also for a source that is no database.

    The read transaction is opened first and kept: SQLite then copies from that one state, and does not begin
    again each time that somebody commits, which on a busy file would never end. In WAL mode it holds nobody up.
    """
    done = 0
    page = 0

    def tell(status: int, remaining: int, total: int) -> None:
        nonlocal done
        advance((total - remaining) * page - done)
        done = (total - remaining) * page

    try:
        with closing(_open(source)) as origin, closing(sqlite3.connect(target, isolation_level=None)) as copy:
            origin.execute("BEGIN")
            origin.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            page = origin.execute("PRAGMA page_size").fetchone()[0]
            origin.backup(copy, pages=PAGES_AT_ONCE, progress=tell)
            # The copied header says WAL; a file that stands alone needs none beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise UnreachableError(f"{source}: found {error}, expected to copy it to {target.parent}") from error
    target.chmod(0o600)


def faults(path: Path) -> str | None:
    """What SQLite finds wrong in a whole file; None where all is well."""
    try:
        with closing(_open(path)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    except sqlite3.Error as error:
        return str(error)
    return None if found == ["ok"] else "; ".join(found)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10.0, isolation_level=None)
