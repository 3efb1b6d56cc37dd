"""`joined(column)`: the histograms of a group, one after the other, by the database itself.

A stored histogram is pairs of bucket and count, so that histograms put together are one, with buckets that come
again; `analytics.metrics.spreads.merge` adds those up. PostgreSQL has such an aggregate; SQLite gets ours.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SQLITE_NAME = "threerings_joined"


class joined(FunctionElement[bytes]):  # noqa: N801 - read as a function of SQL
    """The aggregate: bytes of a column's rows put together, null where all are null."""

    name = "joined"
    type = LargeBinary()
    inherit_cache = True


@compiles(joined, "postgresql")
def _in_postgresql(element: joined, compiler: Any, **given: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **given)}, ''::bytea)"


@compiles(joined, "sqlite")
def _in_sqlite(element: joined, compiler: Any, **given: Any) -> str:
    return f"{SQLITE_NAME}({compiler.process(element.clauses, **given)})"


class JoinedInSqlite:
    """The aggregate, as the driver of SQLite calls it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def step(self, value: bytes | None) -> None:
        """One row."""
        if value is not None:
            self._parts.append(value)

    def finalize(self) -> bytes | None:
        """The end of the group."""
        return b"".join(self._parts) if self._parts else None
