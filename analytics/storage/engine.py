"""Opening the store: SQLite for one machine, PostgreSQL for more.

The journal is the durable truth and is on disk before any fact, so facts may be written with SQLite's
`synchronous=NORMAL`: a power cut can lose the last transactions but never tears one, and what is lost is
read again from the stored position.

A session of PostgreSQL is told that a page anywhere costs about as much as the next one: facts are on a solid-state
disk or in memory. By the default, which is for disks that turn, a month of ten years is read by reading all of them.
Compiling plans (`jit`) takes longer than most of ours run.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from analytics.errors import StorageError
from analytics.storage.joining import SQLITE_NAME, JoinedInSqlite

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",  # 64 MiB: the indexes' hot pages
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 8000",  # 32 MiB: a page that many batches touch is copied back once
)
POSTGRES_SETTINGS = (
    "SET random_page_cost = 1.1",
    "SET jit = off",
    "SET cursor_tuple_fraction = 1",  # what is streamed is read to its end, not to a tenth
)


def open_store(url: str, *, reads_only: bool = False) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql+psycopg://…`.

    A SQLite engine takes the write lock when a transaction begins, so that it never fails half-way with
    "database is locked". With `reads_only` an engine refuses to write, and all that one transaction reads is what was
    committed when its first question came: the parts of a report belong together, on either database.
    """
    backend = make_url(url).get_backend_name()
    if backend == "postgresql":
        return _open_postgres(url, reads_only)
    if backend != "sqlite":
        raise StorageError(f"database_url {backend}: not supported; expected sqlite or postgresql+psycopg")
    engine = create_engine(url)
    _take_over_sqlite(engine, "BEGIN" if reads_only else "BEGIN IMMEDIATE")
    if reads_only:
        event.listen(engine, "connect", _refuse_writes)
    return engine


def _open_postgres(url: str, reads_only: bool) -> Engine:
    snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if reads_only else {}
    engine = create_engine(url, pool_pre_ping=True, execution_options=snapshot)
    event.listen(engine, "connect", _plan_for_random_reads)
    return engine


def _plan_for_random_reads(connection: Any, record: object) -> None:
    connection.autocommit = True
    for setting in POSTGRES_SETTINGS:
        connection.execute(setting)
    connection.autocommit = False


def _take_over_sqlite(engine: Engine, begin: str) -> None:
    """Set the pragmas, and begin transactions ourselves: the driver begins them late and without the lock."""

    def prepare(connection: Any, record: object) -> None:
        connection.isolation_level = None
        for pragma in SQLITE_PRAGMAS:
            connection.execute(pragma)
        connection.create_aggregate(SQLITE_NAME, 1, JoinedInSqlite)

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)


def _refuse_writes(connection: Any, record: object) -> None:
    connection.execute("PRAGMA query_only = ON")
