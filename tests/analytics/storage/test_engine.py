"""Opening a store: what it takes and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from analytics.errors import StorageError
from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store
from service.migrations import upgrade


def test_a_database_that_we_do_not_know_is_refused() -> None:
    """The sentence names what was found and what is expected."""
    with pytest.raises(StorageError, match="mysql: not supported; expected sqlite or postgresql"):
        open_store("mysql://localhost/x")
    with pytest.raises(StorageError, match="expected sqlite or postgresql"):
        dialect_of("oracle")


def test_a_sqlite_store_writes_ahead(tmp_path: Path) -> None:
    """Readers are not blocked by the writer."""
    engine = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """A report's connection is safe to hand to anybody."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    upgrade(open_store(url))
    reader = open_store(url, reads_only=True)
    with reader.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text("DELETE FROM calls"))


def test_a_reader_reads_while_a_writer_writes(tmp_path: Path) -> None:
    """It sees what was committed, and does not wait."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    writer, reader = open_store(url), open_store(url, reads_only=True)
    upgrade(writer)
    with writer.begin() as writing, reader.connect() as reading:
        writing.execute(text("INSERT INTO positions VALUES ('pbx', 1, 1)"))
        assert reading.execute(text("SELECT count(*) FROM positions")).scalar() == 0
