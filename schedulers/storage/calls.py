"""Calls that are over, as follow-ups are told of them: read from the facts, each revision once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from analytics.storage.dialects import dialect_of
from analytics.storage.models import calls, holds, talks
from config.followups import Result
from schedulers.followups.account import HeardCall, HeardTalk
from schedulers.storage.followup_models import heard_calls
from telephony.calls.facts import Direction, Disposition, TalkKind
from telephony.clock import from_microseconds, to_microseconds
from telephony.numbers import to_e164

CUSTOMERS_TALKS = (TalkKind.CUSTOMER.value, TalkKind.CONFERENCE.value)
REJECTED_CAUSE = 21
"""Q.850: call rejected."""

RESULTS: dict[Disposition, Result] = {
    Disposition.ANSWERED: Result.TALKED,
    Disposition.PICKED_UP: Result.AGENT_MISSED,  # he answered, and none of ours was there
    Disposition.VOICEMAIL: Result.VOICEMAIL,
    Disposition.ABANDONED: Result.NO_ANSWER,
    Disposition.CANCELLED: Result.NO_ANSWER,
    Disposition.NO_ANSWER: Result.NO_ANSWER,
    Disposition.BUSY: Result.BUSY,
    Disposition.FAILED: Result.FAILED,
    Disposition.INDETERMINATE: Result.INDETERMINATE,
}
"""How telephony's word for a call reads as an attempt; the agent's word stands above it."""


def unheard_calls(
    connection: Connection, since: datetime, country: str, limit: int = 2000
) -> dict[str, tuple[int, HeardCall]]:
    """The calls with a customer that began since an instant, are over, and were not taken in in this revision.

    By id, the oldest first, each with the revision of its fact. `country` is by which national numbers are read.
    """
    known = heard_calls.c
    wanted = (
        select(calls)
        .outerjoin(heard_calls, known.call_id == calls.c.id)
        .where(
            calls.c.started_us >= to_microseconds(since),
            calls.c.ended_us.is_not(None),
            calls.c.direction != Direction.INTERNAL.value,
            or_(known.revision.is_(None), known.revision < calls.c.revision),
        )
        .order_by(calls.c.started_us, calls.c.id)
        .limit(limit)
    )
    rows = connection.execute(wanted).all()
    talked = _talks(connection, [row.id for row in rows])
    return {row.id: (row.revision, _heard(row, talked.get(row.id, ()), country)) for row in rows}


def _talks(connection: Connection, ids: Sequence[str]) -> Mapping[str, Sequence[tuple[Any, timedelta]]]:
    """By call, its customers' talks and how long each was, hold left out."""
    dialect = dialect_of(connection.dialect.name)
    if not ids:
        return {}
    wanted = select(talks).where(dialect.among(talks.c.call_id), talks.c.kind.in_(CUSTOMERS_TALKS))
    rows = connection.execute(wanted.order_by(talks.c.started_us, talks.c.id), dialect.values(ids)).all()
    held = _held(connection, [row.id for row in rows])
    found: defaultdict[str, list[tuple[Any, timedelta]]] = defaultdict(list)
    for row in rows:
        if row.ended_us is not None:
            length = max(row.ended_us - row.started_us - held[row.id], 0)
            found[row.call_id].append((row, timedelta(microseconds=length)))
    return found


def _held(connection: Connection, ids: Sequence[str]) -> defaultdict[str, int]:
    """By talk, how long it was on hold, in microseconds."""
    dialect = dialect_of(connection.dialect.name)
    found: defaultdict[str, int] = defaultdict(int)
    if ids:
        wanted = select(holds).where(dialect.among(holds.c.talk_id), holds.c.end_us.is_not(None))
        for row in connection.execute(wanted, dialect.values(ids)):
            found[row.talk_id] += row.end_us - row.start_us
    return found


def _heard(row: Row[Any], told: Sequence[tuple[Any, timedelta]], country: str) -> HeardCall:
    is_inbound = row.direction == Direction.INBOUND.value
    left_us = row.customer_left_us or row.ended_us
    # Where the customer answered, the cause may be that of our own agent, who declined.
    is_rejected = row.cause == REJECTED_CAUSE and row.disposition == Disposition.BUSY.value and not is_inbound
    return HeardCall(
        call=row.id,
        number=None if row.customer_withheld else to_e164(row.customer, country) or row.customer,
        withheld=row.customer_withheld,
        inbound=is_inbound,
        began_at=from_microseconds(row.started_us),
        ended_at=from_microseconds(row.ended_us),
        waited=timedelta(microseconds=max(left_us - row.started_us, 0)),
        answered=row.answered_us is not None,
        result=Result.REJECTED if is_rejected else RESULTS[Disposition(row.disposition or "indeterminate")],
        talks=tuple(
            HeardTalk(agent=each.agent, began_at=from_microseconds(each.started_us), length=length)
            for each, length in told
        ),
        dialled_by=None if is_inbound or not told else told[0][0].agent,
        did=row.did,
        attempt=row.attempt_id,
        disturbed=not is_inbound and row.disposition == Disposition.PICKED_UP.value,
    )
