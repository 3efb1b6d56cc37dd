"""Which indexes the database would use for the statements that a piece of work really issues."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

_SQLITE_INDEX = re.compile(r"(?:SEARCH|SCAN) (\w+).* USING (?:COVERING )?INDEX (\w+)")
_SQLITE_SCAN = re.compile(r"SCAN (\w+)")
_EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")

# Of each partition and each index of one, what it is a part of, and its size.
_PARENTS = """
SELECT part.relname, whole.relname, pg_relation_size(part.oid) FROM pg_inherits
JOIN pg_class part ON part.oid = inhrelid JOIN pg_class whole ON whole.oid = inhparent
"""

Statement = tuple[str, Any]


@dataclass(slots=True)
class Plans:
    """Of all statements together: indexes used, tables read from beginning to end, and partitions touched."""

    indexes: set[str] = field(default_factory=set)
    scanned: set[str] = field(default_factory=set)
    partitions: set[str] = field(default_factory=set)


@contextmanager
def statements(engine: Engine) -> Iterator[list[Statement]]:
    """What is sent to the database meanwhile, with one set of parameters each."""
    sent: list[Statement] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.lstrip().startswith(_EXPLAINED):
            # What is streamed goes by a cursor on PostgreSQL, which plans it in another way.
            streamed = engine.dialect.name == "postgresql" and "yield_per" in context.execution_options
            asked = f"DECLARE streamed CURSOR FOR {statement}" if streamed else statement
            sent.append((asked, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def plans(connection: Connection, sent: list[Statement]) -> Plans:
    """How the database would run them."""
    found = Plans()
    explain = _of_sqlite if connection.dialect.name == "sqlite" else _of_postgres
    for statement, parameters in dict(sent).items():
        explain(connection, statement, parameters, found)
    return found


def _of_sqlite(connection: Connection, statement: str, parameters: Any, found: Plans) -> None:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        used = _SQLITE_INDEX.match(row.detail)
        if used:
            found.indexes.add(_plain(used[2]))
        scanned = _SQLITE_SCAN.match(row.detail)
        if scanned:  # by an index or not: all of it is read
            found.scanned.add(scanned[1])


def _of_postgres(connection: Connection, statement: str, parameters: Any, found: Plans) -> None:
    told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    parts = connection.exec_driver_sql(_PARENTS).all()
    whole_of = {part: whole for part, whole, _ in parts}
    empty = {part for part, _, size in parts if not size}  # to read it whole costs nothing
    for node in _nodes((json.loads(told) if isinstance(told, str) else told)[0]["Plan"]):
        index, table = node.get("Index Name"), node.get("Relation Name", "")
        if index:
            found.indexes.add(_plain(whole_of.get(index, index)))
        if table in whole_of:
            found.partitions.add(table)
        whole = index and not {"Index Cond", "Recheck Cond"} & set(node)
        if (node["Node Type"].endswith("Seq Scan") or whole) and table not in empty:
            found.scanned.add(whole_of.get(table, table))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _plain(index: str) -> str:
    """The index's name; that of a primary key is the same for both databases."""
    automatic = re.fullmatch(r"sqlite_autoindex_(\w+)_1", index)
    return f"{automatic[1]}_pkey" if automatic else index
