"""The dialect of a database, kept between transactions: building its statements takes longer than running them."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection

from analytics.storage.dialects import Dialect, dialect_of


def dialect_for(connection: Connection) -> Dialect:
    """The dialect of a connection. It writes no facts: those belong to months, which each store knows of itself."""
    return _dialect(connection.dialect.name)


@cache
def _dialect(name: str) -> Dialect:
    return dialect_of(name)
