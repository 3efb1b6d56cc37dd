"""What SQLite and PostgreSQL do differently, in one place: writing many rows, and asking for many ids.

SQLite takes one prepared statement and runs it for each row inside the process, which nothing beats.
PostgreSQL would wait for a round trip or plan each row, so it gets one statement a table whose parameters
are whole columns (`unnest`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Table, Text, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError
from sqlalchemy.sql.elements import ColumnElement

from analytics.errors import StorageError
from analytics.storage.models import KEPT, POSTGRESQL_KEY, positions
from analytics.storage.partitions import Months
from analytics.storage.rows import Row


class Dialect(Protocol):
    """How one kind of database is written to."""

    def make_room(self, connection: Connection, starts_us: Collection[int]) -> None:
        """Before anything is written in a transaction: agents' states that begin at these instants will come."""
        ...

    def upsert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Write the rows, each only where the stored revision is older. No id may come twice."""
        ...

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> int:
        """Write the rows whose key is not stored yet, and leave what is stored alone. How many were written."""
        ...

    def replace(self, connection: Connection, table: Table, before: Sequence[Row], after: Sequence[Row]) -> None:
        """Write rows in the place of those that are stored, told in the same order; `revision` is greater in each."""
        ...

    def advance(self, connection: Connection, position: Row) -> None:
        """Write a row of `positions`, unless a later position is stored."""
        ...

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that the column holds one of many values: those of the parameter `values`."""
        ...

    def values(self, values: Iterable[str]) -> dict[str, Any]:
        """The parameters for a statement with `among`."""
        ...


def dialect_of(name: str) -> Dialect:
    """The dialect by SQLAlchemy's name (`engine.dialect.name`). Raise StorageError for one we do not know."""
    if name == "sqlite":
        return SqliteDialect()
    if name == "postgresql":
        return PostgresDialect()
    raise StorageError(f"database {name}: not supported; expected sqlite or postgresql")


def _replacing(insert: Any, table: Table, growing: str = "revision") -> Any:
    """The insert, made to replace a row whose `growing` column is less, and to leave any other alone."""
    keys = _keys(insert, table)
    kept = {*keys, *table.info.get(KEPT, ())}
    replaced = [column.name for column in table.columns if column.name not in kept]
    return insert.on_conflict_do_update(
        index_elements=keys,
        set_={name: insert.excluded[name] for name in replaced},
        where=insert.excluded[growing] > table.c[growing],
    )


def _keys(insert: Any, table: Table) -> list[str]:
    keys = [column.name for column in table.primary_key]
    return list(table.info.get(POSTGRESQL_KEY, keys)) if isinstance(insert, postgresql.Insert) else keys


def _advance(insert: Any, position: Row) -> Any:
    names = [column.name for column in positions.columns]
    values = insert.values(dict(zip(names, position, strict=True)))
    return _replacing(values, positions, growing="stored_up_to_seq")


class SqliteDialect:
    """SQLite: a prepared statement, rows as tuples, no SQLAlchemy in between."""

    def __init__(self) -> None:
        self._upserts: dict[str, str] = {}

    def make_room(self, connection: Connection, starts_us: Collection[int]) -> None:
        """See Dialect. Here all rows of a table are in one place."""

    def upsert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """See Dialect."""
        statement = self._upserts.get(table.name)
        if statement is None:
            compiled = _replacing(sqlite.insert(table), table).compile(dialect=sqlite.dialect(paramstyle="qmark"))
            statement = self._upserts[table.name] = str(compiled)
        self._write(connection, statement, rows)

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> int:
        """See Dialect."""
        marks = ", ".join("?" * len(table.columns))
        return self._write(connection, f"INSERT OR IGNORE INTO {table.name} VALUES ({marks})", rows)  # noqa: S608

    def replace(self, connection: Connection, table: Table, before: Sequence[Row], after: Sequence[Row]) -> None:
        """See Dialect. An index is written again for each column that is set, changed or not: only those that are."""
        names = [column.name for column in table.columns]
        key = names.index("id")
        alike: dict[tuple[int, ...], list[Row]] = {}
        for old, new in zip(before, after, strict=True):
            changed = tuple(place for place, value in enumerate(new) if value != old[place])
            alike.setdefault(changed, []).append((*(new[place] for place in changed), new[key]))
        for changed, rows in alike.items():
            told = ", ".join(f'"{names[place]}" = ?' for place in changed)
            self._write(connection, f'UPDATE {table.name} SET {told} WHERE "id" = ?', rows)  # noqa: S608

    @staticmethod
    def _write(connection: Connection, statement: str, rows: Sequence[Row]) -> int:
        try:
            return connection.exec_driver_sql(statement, rows).rowcount
        except UnicodeEncodeError:
            return connection.exec_driver_sql(statement, storable(rows)).rowcount

    def advance(self, connection: Connection, position: Row) -> None:
        """See Dialect."""
        connection.execute(_advance(sqlite.insert(positions), position))

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """See Dialect."""
        listed = func.json_each(bindparam("values", type_=Text)).table_valued("value")
        return column.in_(select(listed.c.value))

    def values(self, values: Iterable[str]) -> dict[str, Any]:
        """See Dialect."""
        return {"values": json.dumps(list(values))}


class PostgresDialect:
    """PostgreSQL through psycopg: one statement a table, columns as arrays."""

    def __init__(self) -> None:
        self._upserts: dict[str, Any] = {}
        self._adds: dict[str, Any] = {}
        self._months = Months()

    def make_room(self, connection: Connection, starts_us: Collection[int]) -> None:
        """See Dialect."""
        self._months.make_room(connection, starts_us)

    def upsert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """See Dialect."""
        statement = self._upserts.get(table.name)
        if statement is None:
            statement = self._upserts[table.name] = _replacing(self._from_arrays(table), table)
        self._write(connection, table, statement, rows)

    def add(self, connection: Connection, table: Table, rows: Sequence[Row]) -> int:
        """See Dialect."""
        statement = self._adds.get(table.name)
        if statement is None:
            insert = self._from_arrays(table).on_conflict_do_nothing()
            statement = self._adds[table.name] = insert.execution_options(preserve_rowcount=True)
        return self._write(connection, table, statement, rows)

    def replace(self, connection: Connection, table: Table, before: Sequence[Row], after: Sequence[Row]) -> None:
        """See Dialect. A changed row is a new one to every index, so one statement for all is best."""
        self.upsert(connection, table, after)

    @staticmethod
    def _write(connection: Connection, table: Table, statement: Any, rows: Sequence[Row]) -> int:
        try:
            return connection.execute(statement, _by_column(table, rows)).rowcount
        except (UnicodeEncodeError, DataError):
            # Refused by the driver, before anything was sent: the transaction is as it was.
            mended = storable(rows)
            if mended == list(rows):
                raise  # refused by the server, for another reason
            return connection.execute(statement, _by_column(table, mended)).rowcount

    @staticmethod
    def _from_arrays(table: Table) -> postgresql.Insert:
        names = [column.name for column in table.columns]
        arrays = [bindparam(column.name, type_=postgresql.ARRAY(column.type)) for column in table.columns]
        unnested = func.unnest(*arrays).table_valued(*names).render_derived(name="arrived")
        return postgresql.insert(table).from_select(names, select(*unnested.c))

    def advance(self, connection: Connection, position: Row) -> None:
        """See Dialect."""
        connection.execute(_advance(postgresql.insert(positions), position))

    def among(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """See Dialect."""
        return column == func.any(bindparam("values", type_=postgresql.ARRAY(postgresql.TEXT)))

    def values(self, values: Iterable[str]) -> dict[str, Any]:
        """See Dialect."""
        return {"values": list(values)}


def _by_column(table: Table, rows: Sequence[Row]) -> dict[str, list[Any]]:
    names = [column.name for column in table.columns]
    return {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}


def storable(rows: Sequence[Row]) -> list[Row]:
    """The rows with what no database takes (bytes that were not UTF-8, NUL) replaced by U+FFFD.

    The journal keeps the bytes as they came.
    """
    return [tuple(storable_text(value) if isinstance(value, str) else value for value in row) for row in rows]


def storable_text(text: str) -> str:
    """A text as every database takes it."""
    return "".join("\ufffd" if "\ud800" <= each <= "\udfff" or each == "\0" else each for each in text)
