"""One customer's history, the newest first: calls, what was owed and what became of it, campaigns' tries, his register.

Each source is read by its own index and no further than a page needs; the pages follow each other by the instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select, union_all

from analytics.storage.models import calls, talks
from schedulers.followups.records import What
from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.campaign_models import dial_attempts
from schedulers.storage.customer_writing import CustomerChange, load_changes
from schedulers.storage.followup_models import follow_up_changes, follow_ups
from telephony.clock import from_microseconds, to_microseconds


class Source(StrEnum):
    """Where a line of the history comes from."""

    CALL = "call"
    FOLLOW_UP = "follow_up"
    CAMPAIGN = "campaign"  # an attempt that was placed for a campaign, or by a click
    REGISTER = "register"  # what was changed of the customer himself


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. What a source does not tell is None; `change` is told by the register alone."""

    at: datetime
    source: Source
    id: str  # of the call, the follow-up, the campaign; '' of the register
    what: str  # the direction of a call, a `What`, the mode of an attempt, what a change of the register was
    kind: str | None = None
    by: str | None = None
    note: str = ""
    ended: str | None = None  # disposition of a call, result of an attempt, reason of a closing
    talk_ms: int | None = None
    change: CustomerChange | None = field(default=None, compare=False)


TOLD = (
    What.BORN, What.ATTEMPTED, What.TAKEN_BACK, What.REACHED, What.DONE, What.CLOSED, What.REOPENED, What.AGREED,
    What.RESCHEDULED, What.HANDED_OVER, What.NOTED, What.ESCALATED, What.DIFFERS,
)  # fmt: skip
"""What of follow-ups is told here; the rest is in the story of each."""


def load_history(
    connection: Connection, customer: str, forms: Sequence[str], *, before: datetime | None = None, limit: int = 50
) -> tuple[tuple[Line, ...], datetime | None]:
    """A page, and before which instant the next one begins; None where there is no more.

    `forms` are the customer's numbers as a PBX may give them. Lines of one instant are never parted.
    """
    most = limit + 1
    found = [
        *_calls(connection, forms, before, most),
        *_owed(connection, customer, before, most),
        *_attempts(connection, customer, before, most),
        *_register(load_changes(connection, customer), before, most),
    ]
    lines = sorted(found, key=lambda each: each.at, reverse=True)
    if len(lines) <= limit:
        return tuple(lines), None
    last = lines[limit - 1].at
    return tuple(each for each in lines if each.at >= last), last


def _calls(connection: Connection, forms: Sequence[str], before: datetime | None, most: int) -> Iterable[Line]:
    if not forms:
        return []
    heard = (
        select(func.sum(talks.c.ended_us - talks.c.started_us), func.min(talks.c.agent))
        .where(talks.c.call_id == calls.c.id)
        .correlate(calls)
    )
    talk, agent = (heard.with_only_columns(each).scalar_subquery() for each in heard.selected_columns)
    wanted = select(
        calls.c.id,
        calls.c.started_us,
        calls.c.direction,
        calls.c.disposition,
        talk.label("talk"),
        agent.label("agent"),
    ).where(calls.c.customer.in_(forms), *_before(calls.c.started_us, before))
    newest = wanted.order_by(calls.c.started_us.desc(), calls.c.id.desc()).limit(most)
    return [_call(row) for row in connection.execute(newest)]


def _call(row: Any) -> Line:
    return Line(
        at=from_microseconds(row.started_us),
        source=Source.CALL,
        id=row.id,
        what=row.direction,
        by=row.agent,
        ended=row.disposition,
        talk_ms=None if row.talk is None else int(row.talk) // 1000,
    )


def _owed(connection: Connection, customer: str, before: datetime | None, most: int) -> Iterable[Line]:
    changes, owed = follow_up_changes.c, follow_ups.c
    # Open and ended ones are found by an index each.
    his = union_all(
        select(owed.id).where(owed.customer == customer, IS_OPEN),
        select(owed.id).where(owed.customer == customer, owed.ended_us.is_not(None)),
    ).subquery()
    wanted = select(follow_up_changes).where(
        changes.follow_up.in_(select(his.c.id)),
        changes.what.in_([each.value for each in TOLD]),
        *_before(changes.at_us, before),
    )
    newest = wanted.order_by(changes.at_us.desc(), changes.follow_up, changes.revision.desc()).limit(most)
    return [
        Line(
            at=from_microseconds(row.at_us),
            source=Source.FOLLOW_UP,
            id=row.follow_up,
            what=row.what,
            kind=row.kind,
            by=row.by_whom,
            note=row.note,
            ended=row.reason,
        )
        for row in connection.execute(newest)
    ]


def _attempts(connection: Connection, customer: str, before: datetime | None, most: int) -> Iterable[Line]:
    tries = dial_attempts.c
    wanted = select(dial_attempts).where(
        tries.customer == customer, tries.result.is_not(None), *_before(tries.planned_us, before)
    )
    rows = connection.execute(wanted.order_by(tries.planned_us.desc(), tries.id.desc()).limit(most))
    return [
        Line(
            at=from_microseconds(row.planned_us),
            source=Source.CAMPAIGN,
            id="" if row.campaign is None else str(row.campaign),
            what=row.mode,
            by=row.agent,
            note=row.note,
            ended=row.result,
        )
        for row in rows
    ]


def _register(changes: Iterable[CustomerChange], before: datetime | None, most: int) -> list[Line]:
    told = [each for each in changes if before is None or each.origin.at < before]
    return [
        Line(
            at=each.origin.at,
            source=Source.REGISTER,
            id="",
            what=each.what.value,
            by=each.origin.by,
            note=each.origin.reason or "",
            change=each,
        )
        for each in told[-most:]
    ]


def _before(column: Any, before: datetime | None) -> tuple[Any, ...]:
    return () if before is None else (column < to_microseconds(before),)
