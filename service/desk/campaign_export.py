"""A campaign's attempts as rows of a file: CSV, Excel or JSON, the same for commands and API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from analytics.export.table import Cell, Column, Kind, Table

ATTEMPT_COLUMNS: Mapping[str, Kind] = {
    "attempt": Kind.COUNT,
    "campaign": Kind.COUNT,
    "mode": Kind.TEXT,
    "phase": Kind.TEXT,
    "customer": Kind.TEXT,
    "number": Kind.TEXT,
    "agent": Kind.TEXT,
    "planned_at": Kind.INSTANT,
    "committed_at": Kind.INSTANT,
    "ended_at": Kind.INSTANT,
    "result": Kind.TEXT,
    "cause": Kind.COUNT,
    "evidence": Kind.TEXT,
    "why": Kind.TEXT,
    "call_id": Kind.TEXT,
    "channel_id": Kind.TEXT,
    "follow_ups": Kind.TEXT,
    "pbx": Kind.TEXT,
    "trunk": Kind.TEXT,
    "by": Kind.TEXT,
    "note": Kind.TEXT,
}
"""Names of the contract, each with what it holds."""

_CALLED = {"attempt": "id", "call_id": "call"}
"""Columns that have another name in an attempt."""


def attempts_table(
    title: str,
    attempts: Iterable[Mapping[str, Any]],
    title_of: Callable[[str], str],
    zone: ZoneInfo,
    made_at: datetime | None,
) -> Table:
    """The table of attempts in their public shape; `title_of` gives a column's title in the reader's language."""
    columns = tuple(Column(name=name, title=title_of(name), kind=kind) for name, kind in ATTEMPT_COLUMNS.items())
    rows = tuple(tuple(_cell(name, each) for name in ATTEMPT_COLUMNS) for each in attempts)
    return Table(title=title, columns=columns, rows=rows, made_at=made_at, zone=zone)


def _cell(name: str, attempt: Mapping[str, Any]) -> Cell:
    value = attempt[_CALLED.get(name, name)]
    if ATTEMPT_COLUMNS[name] is Kind.INSTANT and value is not None:
        return datetime.fromisoformat(value)
    return " ".join(value) if isinstance(value, list) else value
