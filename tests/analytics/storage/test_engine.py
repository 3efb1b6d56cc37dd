"""Opening a store: what it takes and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from analytics.errors import StorageError
from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store


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


@pytest.fixture
def reader(store: Engine) -> Iterator[Engine]:
    """An engine that only reads the store."""
    engine = open_store(store.url.render_as_string(hide_password=False), reads_only=True)
    yield engine
    engine.dispose()


def test_a_reader_cannot_write(reader: Engine) -> None:
    """A report's connection is safe to hand to anybody."""
    refused = "readonly|read-only transaction"
    with reader.connect() as connection, pytest.raises(DBAPIError, match=refused):
        connection.execute(text("DELETE FROM calls"))


def test_a_reader_reads_while_a_writer_writes(store: Engine, reader: Engine) -> None:
    """It sees what was committed, and does not wait."""
    with store.begin() as writing, reader.connect() as reading:
        writing.execute(text("INSERT INTO positions VALUES ('pbx', 1, 1)"))
        assert _positions(reading) == 0


def test_what_a_reader_reads_belongs_together(store: Engine, reader: Engine) -> None:
    """What is committed between two questions of one transaction is seen by the next transaction."""
    with reader.connect() as reading:
        assert _positions(reading) == 0
        with store.begin() as writing:
            writing.execute(text("INSERT INTO positions VALUES ('pbx', 1, 1)"))
        assert _positions(reading) == 0
    with reader.connect() as reading:
        assert _positions(reading) == 1
        with pytest.raises(DBAPIError):
            reading.execute(text("DELETE FROM positions"))


def _positions(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM positions")).scalar_one())
