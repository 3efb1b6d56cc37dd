"""A name for what is stored at this moment: another one after every commit by anybody, found without reading a row.

PostgreSQL: the snapshot's own text names the transactions that it sees; two equal ones see the same. SQLite:
`data_version` of one connection that never writes changes with each commit of any other; it starts anew with the
process, so a word drawn at the start stands before it.
"""

from __future__ import annotations

import secrets
import threading

from sqlalchemy import Engine, PoolProxiedConnection, text


class StoreVersion:
    """The version of one store. `read` blocks for less than a millisecond; it raises SQLAlchemyError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._process = secrets.token_hex(6)
        self._watching: PoolProxiedConnection | None = None

    def read(self) -> str:
        """The name of what is stored now. Read before the rows: then it is never newer than they are."""
        if self._engine.dialect.name == "postgresql":
            with self._engine.connect() as connection:
                return str(connection.execute(text("SELECT pg_current_snapshot()::text")).scalar_one())
        with self._lock:
            if self._watching is None:
                self._watching = self._engine.raw_connection()
            cursor = self._watching.cursor()
            (number,) = cursor.execute("PRAGMA data_version").fetchone()
            cursor.close()
            return f"{self._process}.{number}"

    def close(self) -> None:
        """Give back what is held open."""
        with self._lock:
            if self._watching is not None:
                self._watching.close()
            self._watching = None
