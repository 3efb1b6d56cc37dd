"""A SQLite file is copied as it was at one moment, however busy it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service.backup.sqlite_copy import copy_sqlite, faults
from service.errors import UnreachableError

ROWS = 300
STEPS = 20


def busy(path: Path) -> sqlite3.Connection:
    """A file of many steps' size, and a writer at work on it."""
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, text BLOB)")
    writer.executemany("INSERT INTO rows VALUES (?, zeroblob(50000))", ((number,) for number in range(ROWS)))
    return writer


def test_a_writer_neither_waits_nor_makes_it_begin_again(tmp_path: Path) -> None:
    """A commit after each step changes nothing in the copy, which ends after as many steps as the file has."""
    told: list[int] = []
    with closing(busy(tmp_path / "busy.db")) as writer:

        def commit(size: int) -> None:
            told.append(size)
            assert len(told) < STEPS, "the copy began again"
            writer.execute("UPDATE rows SET text = zeroblob(49000) WHERE number = ?", (len(told),))

        copy_sqlite(tmp_path / "busy.db", tmp_path / "copy.db", commit)
    assert len(told) > 2
    assert sum(told) == (tmp_path / "copy.db").stat().st_size
    assert faults(tmp_path / "copy.db") is None
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*), min(length(text)) FROM rows").fetchone() == (ROWS, 50_000)


def test_the_copy_is_one_plain_file(tmp_path: Path) -> None:
    """Nothing of SQLite's is left beside it, and only its owner can read it."""
    with closing(busy(tmp_path / "busy.db")):
        copy_sqlite(tmp_path / "busy.db", tmp_path / "copy.db", lambda size: None)
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy.db"]
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    """With what SQLite says of it."""
    (tmp_path / "no.db").write_bytes(b"no database" * 100)
    with pytest.raises(UnreachableError, match=r"no\.db: found file is not a database, expected to copy it"):
        copy_sqlite(tmp_path / "no.db", tmp_path / "copy.db", lambda size: None)
    assert faults(tmp_path / "no.db") == "file is not a database"
