"""What a store holds, as plain values to compare; and storing in one line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, select

from analytics.storage import models
from analytics.storage.dialects import dialect_of
from analytics.storage.ingest import Ingester, Position
from telephony.calls.facts import Fact

FACT_TABLES = (models.calls, models.call_aliases, models.holds, *models.OF_A_CALL)


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables of facts, sorted by key."""
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in FACT_TABLES
        }


def column(engine: Engine, name: str, column: str) -> list[Any]:
    """One column of one table, by key."""
    table = models.metadata.tables[name]
    with engine.connect() as connection:
        return list(connection.execute(select(table.c[column]).order_by(*table.primary_key)).scalars())


def store_facts(engine: Engine, *batches: Iterable[Fact], position: Position | None = None) -> None:
    """Store the batches, each in a transaction of its own."""
    ingester = Ingester(dialect_of(engine.dialect.name))
    for batch in batches:
        with engine.begin() as connection:
            ingester.ingest(connection, batch, position)


def wipe(engine: Engine) -> None:
    """Empty the tables of facts."""
    with engine.begin() as connection:
        for table in FACT_TABLES:
            connection.execute(table.delete())
