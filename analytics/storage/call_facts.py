"""The stored facts of one call as facts again: for the call record, and to show that nothing was lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from analytics.storage import models
from analytics.storage.aliases import resolve
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
    ("recordings", "part"): f.RecordingPart,
    ("recordings", "stopped"): lambda told: _stretches(told, f.Interval),
    ("recordings", "joined"): lambda told: _stretches(told, f.Joined, "heard", "said"),
    ("recordings", "muted"): lambda told: _stretches(told, f.Muted, "direction"),
    ("agent_states", "state"): f.State,
}
AT_ONCE = 500
"""Calls that one question names."""

_SINCE_RECORDINGS = ("part", "stopped", "muted")
"""Columns that rows of before have no value in: the fact's own default."""

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
    return facts_of_calls(connection, [resolve(connection, call_id)])


def facts_of_calls(connection: Connection, call_ids: Sequence[str]) -> list[f.Fact]:
    """The newest facts of these calls, which are not aliases: a few questions for hundreds of calls."""
    found: list[f.Fact] = []
    for place in range(0, len(call_ids), AT_ONCE):
        some = call_ids[place : place + AT_ONCE]
        found += _calls(connection, some)
        found += _parts(connection, some)
    return found


def _calls(connection: Connection, call_ids: Sequence[str]) -> Iterator[f.CallFact]:
    table, aliases = models.calls, models.call_aliases
    named: dict[str, tuple[str, ...]] = {}
    of_these = select(aliases).where(aliases.c.call_id.in_(call_ids)).order_by(aliases.c.alias_id)
    for row in connection.execute(of_these):
        named[row.call_id] = (*named.get(row.call_id, ()), row.alias_id)
    for row in connection.execute(select(table).where(table.c.id.in_(call_ids)).order_by(table.c.id)):
        yield f.CallFact(**_values("calls", row), call_id=row.id, alias_ids=named.get(row.id, ()))


def _parts(connection: Connection, call_ids: Sequence[str]) -> Iterator[f.Fact]:
    held = _holds(connection, call_ids)
    for table, kind in _KINDS:
        wanted = select(table).where(table.c.call_id.in_(call_ids)).order_by(table.c.at_us, table.c.id)
        for row in connection.execute(wanted):
            fact = kind(**_values(table.name, row))
            yield replace(fact, holds=held.get(fact.id, ())) if isinstance(fact, f.TalkFact) else fact


def _holds(connection: Connection, call_ids: Sequence[str]) -> dict[str, tuple[f.Interval, ...]]:
    """The holds of the talks of these calls, by talk."""
    holds, talks = models.holds, models.talks
    wanted = select(holds).join(talks, talks.c.id == holds.c.talk_id).where(talks.c.call_id.in_(call_ids))
    found: dict[str, tuple[f.Interval, ...]] = {}
    for row in connection.execute(wanted.order_by(holds.c.talk_id, holds.c.start_us)):
        hold = f.Interval(
            start=from_microseconds(row.start_us),
            end=None if row.end_us is None else from_microseconds(row.end_us),
        )
        found[row.talk_id] = (*found.get(row.talk_id, ()), hold)
    return found


def _values(table: str, row: Row[Any]) -> dict[str, Any]:
    """The fields of a fact. The joined agent is ours and no part of it."""
    return {
        _field(column): _value(table, column, value)
        for column, value in row._mapping.items()
        if column != "agent" and (value is not None or column not in _SINCE_RECORDINGS)
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


def _stretches(told: str, kind: Callable[..., Any], *names: str) -> tuple[Any, ...]:
    """Stretches of time from JSON, each with what is said of it under these names."""
    return tuple(
        kind(
            start=from_microseconds(start),
            end=None if end is None else from_microseconds(end),
            **{
                name: tuple(each) if isinstance(each, list) else each
                for name, each in zip(names, more, strict=True)
            },
        )
        for start, end, *more in json.loads(told)
    )
