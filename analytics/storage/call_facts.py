"""The stored facts of one call as facts again: for the call record, and to show that nothing was lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from analytics.storage import models
from analytics.storage.aliases import resolve
from analytics.storage.queries import load_aliases
from telephony.calls import facts as f
from telephony.clock import from_microseconds

_ENUMS: dict[tuple[str, str], Callable[[str], Any]] = {
    ("calls", "known"): f.Known,
    ("calls", "direction"): f.Direction,
    ("calls", "disposition"): f.Disposition,
    ("calls", "ended_by"): f.EndedBy,
    ("queue_visits", "ended"): f.VisitEnd,
    ("offerings", "source"): f.OfferingSource,
    ("offerings", "outcome"): f.OfferingOutcome,
    ("offerings", "ring_from"): f.RingFrom,
    ("talks", "kind"): f.TalkKind,
    ("transfers", "kind"): f.TransferKind,
    ("agent_states", "state"): f.State,
}
_RENAMED = {"by_device": "by", "to_party": "to"}
_KINDS: tuple[tuple[Table, type], ...] = (
    (models.queue_visits, f.QueueVisitFact),
    (models.offerings, f.OfferingFact),
    (models.talks, f.TalkFact),
    (models.transfers, f.TransferFact),
    (models.digits, f.DigitFact),
    (models.recordings, f.RecordingFact),
    (models.claims, f.ClaimFact),
    (models.agent_states, f.AgentStateFact),
)


def facts_of_call(connection: Connection, call_id: str) -> list[f.Fact]:
    """The newest facts of a call, by any id it ever had; empty where nothing is stored of it."""
    survivor = resolve(connection, call_id)
    return [*_call(connection, survivor), *_parts(connection, survivor)]


def _call(connection: Connection, call_id: str) -> Iterator[f.CallFact]:
    for row in connection.execute(select(models.calls).where(models.calls.c.id == call_id)):
        yield f.CallFact(**_values("calls", row), call_id=row.id, alias_ids=load_aliases(connection, call_id))


def _parts(connection: Connection, call_id: str) -> Iterator[f.Fact]:
    for table, kind in _KINDS:
        wanted = select(table).where(table.c.call_id == call_id).order_by(table.c.at_us, table.c.id)
        for row in connection.execute(wanted):
            fact = kind(**_values(table.name, row))
            yield _with_holds(connection, fact) if isinstance(fact, f.TalkFact) else fact


def _with_holds(connection: Connection, fact: f.TalkFact) -> f.TalkFact:
    holds = models.holds
    found = connection.execute(select(holds).where(holds.c.talk_id == fact.id).order_by(holds.c.start_us))
    return replace(
        fact,
        holds=tuple(
            f.Interval(
                start=from_microseconds(row.start_us),
                end=None if row.end_us is None else from_microseconds(row.end_us),
            )
            for row in found
        ),
    )


def _values(table: str, row: Row[Any]) -> dict[str, Any]:
    """The fields of a fact. The joined agent is ours and no part of it."""
    return {
        _field(column): _value(table, column, value) for column, value in row._mapping.items() if column != "agent"
    }


def _field(column: str) -> str:
    if column.endswith("_us"):
        stem = column.removesuffix("_us")
        return stem if stem == "at" else f"{stem}_at"
    return _RENAMED.get(column, column)


def _value(table: str, column: str, value: Any) -> Any:
    if value is None:
        return None
    if column.endswith("_us"):
        return from_microseconds(value)
    if column == "others":
        return tuple(json.loads(value))
    kind = _ENUMS.get((table, column))
    return kind(value) if kind else value
