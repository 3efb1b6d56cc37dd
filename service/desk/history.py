"""What was before with a customer, the newest first: his calls with what was recorded of them, and what became of
what he was owed. For the card that an agent sees while the phone rings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from analytics.storage.models import calls, talks
from analytics.storage.rollup_models import call_notes
from schedulers.followups.records import FollowUp
from schedulers.storage.followup_models import follow_ups
from schedulers.storage.followup_rows import follow_up_of
from service.desk.call_records import CallEntry, newest_entries
from telephony.calls.facts import Direction, Disposition, TalkKind
from telephony.clock import from_microseconds
from telephony.numbers import heard_forms

WITH_CUSTOMERS = (TalkKind.CUSTOMER.value, TalkKind.CONFERENCE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """One earlier call. `agent` is who talked with him first, None where nobody did; `outcome` what was recorded."""

    call_id: str
    at: datetime
    direction: Direction
    disposition: Disposition | None
    agent: str | None
    talk_ms: int
    outcome: str | None
    entry: CallEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFollowUp:
    """What he was owed, and its end."""

    at: datetime
    follow_up: FollowUp


Past = PastCall | PastFollowUp


def history(
    connection: Connection,
    numbers: Collection[str],
    customer: str | None,
    country: str,
    *,
    without: Collection[str] = (),
    limit: int = 8,
) -> tuple[Past, ...]:
    """So many of the newest: calls of these numbers, but those in `without`, and follow-ups that have ended."""
    past: list[Past] = [*_calls(connection, numbers, country, without, limit)]
    if customer is not None:
        past += _ended(connection, customer, limit)
    return tuple(sorted(past, key=lambda each: each.at, reverse=True)[:limit])


def _calls(
    connection: Connection, numbers: Collection[str], country: str, without: Collection[str], limit: int
) -> list[PastCall]:
    forms = sorted({form for number in numbers for form in heard_forms(number, country)})
    if not forms:
        return []
    wanted = (
        select(calls.c.id, calls.c.started_us, calls.c.direction, calls.c.disposition, call_notes.c.outcome)
        .outerjoin(call_notes, call_notes.c.call_id == calls.c.id)
        .where(calls.c.customer.in_(forms), calls.c.id.not_in(sorted(without)))
        .order_by(calls.c.started_us.desc(), calls.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(wanted).all()
    ids = [row.id for row in rows]
    entries, talked = newest_entries(connection, ids), _talked(connection, ids)
    return [_call(row, talked.get(row.id), entries.get(row.id)) for row in rows]


def _call(row: Any, talked: tuple[str, int] | None, entry: CallEntry | None) -> PastCall:
    return PastCall(
        call_id=row.id,
        at=from_microseconds(row.started_us),
        direction=Direction(row.direction),
        disposition=Disposition(row.disposition) if row.disposition else None,
        agent=talked[0] if talked else None,
        talk_ms=talked[1] if talked else 0,
        outcome=row.outcome,
        entry=entry,
    )


def _talked(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """By call: who talked with him first, and for how many milliseconds all of them did, hold inside."""
    table = talks.c
    wanted = select(table.call_id, table.agent, table.started_us, table.ended_us).where(
        table.call_id.in_(ids), table.kind.in_(WITH_CUSTOMERS)
    )
    found: dict[str, tuple[str, int]] = {}
    for row in connection.execute(wanted.order_by(table.started_us, table.id)):
        agent, length = found.get(row.call_id, (row.agent, 0))
        found[row.call_id] = agent, length + ((row.ended_us or row.started_us) - row.started_us) // 1000
    return found


def _ended(connection: Connection, customer: str, limit: int) -> list[PastFollowUp]:
    table = follow_ups.c
    wanted = select(follow_ups).where(table.customer == customer, table.ended_us.is_not(None))
    rows = connection.execute(wanted.order_by(table.ended_us.desc(), table.id).limit(limit))
    found = map(follow_up_of, rows)
    return [PastFollowUp(at=each.ended_at, follow_up=each) for each in found if each.ended_at is not None]
