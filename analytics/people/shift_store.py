"""Shifts, leave, certificates and facts of months in the database. Each table is replaced whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from analytics.people import models
from analytics.people.records import (
    Certificate,
    ChangeKind,
    DayChange,
    Leave,
    MonthFact,
    People,
    Rotation,
    ShiftAssignment,
    ShiftPattern,
)
from analytics.people.shift_texts import read_days, read_spans, write_days, write_spans


def load_certificates(connection: Connection) -> tuple[Certificate, ...]:
    """By agent, code and role."""
    return tuple(
        Certificate(agent=row.agent, code=row.code, role=row.role, obtained=row.obtained_on, expires=row.expires_on)
        for row in _all(connection, models.certificates)
    )


def load_patterns(connection: Connection) -> tuple[ShiftPattern, ...]:
    """By name."""
    return tuple(
        ShiftPattern(name=row.name, spans=read_spans(row.spans), days=read_days(row.days))
        for row in _all(connection, models.shift_patterns)
    )


def load_rotations(connection: Connection) -> tuple[Rotation, ...]:
    """By name."""
    return tuple(
        Rotation(name=row.name, start=row.starts_on, weeks=tuple(json.loads(row.weeks)))
        for row in _all(connection, models.shift_rotations)
    )


def load_shift_assignments(connection: Connection) -> tuple[ShiftAssignment, ...]:
    """By agent and time."""
    table = models.shift_assignments
    return tuple(
        ShiftAssignment(agent=row.agent, shift=row.shift, start=row.from_on, end=row.to_on)
        for row in connection.execute(select(table).order_by(table.c.agent, table.c.id))
    )


def load_changes(connection: Connection) -> tuple[DayChange, ...]:
    """By agent and day."""
    return tuple(
        DayChange(agent=row.agent, day=row.day, kind=ChangeKind(row.kind), shift=row.shift)
        for row in _all(connection, models.shift_changes)
    )


def load_leaves(connection: Connection) -> tuple[Leave, ...]:
    """By agent and time."""
    return tuple(
        Leave(agent=row.agent, start_us=row.from_us, end_us=row.to_us, kind=row.kind, approved=row.approved)
        for row in _all(connection, models.leaves)
    )


def load_facts(connection: Connection) -> tuple[MonthFact, ...]:
    """By agent, month and kind."""
    return tuple(
        MonthFact(agent=row.agent, month=row.month, kind=row.kind, thousandths=row.thousandths, source=row.source)
        for row in _all(connection, models.agent_facts)
    )


def write_the_rest(connection: Connection, old: People, new: People) -> None:
    """Replace the tables of shifts, leave, certificates and facts in which anything changed."""
    tables: tuple[tuple[Table, object, object, list[dict[str, Any]]], ...] = (
        (models.certificates, old.certificates, new.certificates, [_certificate(e) for e in new.certificates]),
        (models.shift_patterns, old.patterns, new.patterns, [_pattern(each) for each in new.patterns]),
        (models.shift_rotations, old.rotations, new.rotations, [_rotation(each) for each in new.rotations]),
        (models.shift_assignments, old.assignments, new.assignments, [_assigned(e) for e in new.assignments]),
        (models.shift_changes, old.changes, new.changes, [_change(each) for each in new.changes]),
        (models.leaves, old.leaves, new.leaves, [_leave(each) for each in new.leaves]),
        (models.agent_facts, old.facts, new.facts, [_fact(each) for each in new.facts]),
    )
    for table, before, after, rows in tables:
        if before != after:
            connection.execute(delete(table))
            if rows:
                connection.execute(insert(table), rows)


def _all(connection: Connection, table: Table) -> Iterable[Any]:
    return connection.execute(select(table).order_by(*table.primary_key))


def _certificate(each: Certificate) -> dict[str, Any]:
    key = {"agent": each.agent, "code": each.code, "role": each.role}
    return key | {"obtained_on": each.obtained, "expires_on": each.expires}


def _pattern(each: ShiftPattern) -> dict[str, Any]:
    return {"name": each.name, "spans": write_spans(each.spans), "days": write_days(each.days)}


def _rotation(each: Rotation) -> dict[str, Any]:
    weeks = json.dumps(each.weeks, ensure_ascii=False)
    return {"name": each.name, "starts_on": each.start, "weeks": weeks}


def _assigned(each: ShiftAssignment) -> dict[str, Any]:
    return {"agent": each.agent, "shift": each.shift, "from_on": each.start, "to_on": each.end}


def _change(each: DayChange) -> dict[str, Any]:
    return {"agent": each.agent, "day": each.day, "kind": each.kind.value, "shift": each.shift}


def _leave(each: Leave) -> dict[str, Any]:
    span = {"from_us": each.start_us, "to_us": each.end_us}
    return {"agent": each.agent, **span, "kind": each.kind, "approved": each.approved}


def _fact(each: MonthFact) -> dict[str, Any]:
    key = {"agent": each.agent, "month": each.month, "kind": each.kind}
    return key | {"thousandths": each.thousandths, "source": each.source}
