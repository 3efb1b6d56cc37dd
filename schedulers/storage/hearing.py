"""What is written and asked beside decisions: calls that were heard, contacts, answers, series, who must be woken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, or_, select

from schedulers.followups.account import Said, Series
from schedulers.storage.accounts import IS_OPEN, batches
from schedulers.storage.dialect import dialect_for
from schedulers.storage.followup_models import (
    follow_up_answers,
    follow_up_series,
    follow_ups,
    heard_calls,
)
from schedulers.storage.followup_rows import series_of
from telephony.clock import to_microseconds


def note_heard(connection: Connection, calls: Mapping[str, int]) -> None:
    """These calls were taken in: in the same transaction as what was decided of them."""
    if calls:
        dialect_for(connection).upsert(connection, heard_calls, sorted(calls.items()))


def write_answers(connection: Connection, said: Said) -> None:
    """The answers to a survey, under the key of the record: the same record again changes nothing."""
    at_us = to_microseconds(said.at)
    rows = [
        (
            follow_up,
            question,
            said.key,
            answer if isinstance(answer, int) else None,
            answer if isinstance(answer, str) else None,
            at_us,
            said.by,
        )
        for follow_up in said.follow_ups
        for question, answer in said.answers
    ]
    if rows:
        dialect_for(connection).add(connection, follow_up_answers, rows)


def series_due(connection: Connection, now: datetime, limit: int = 5000) -> tuple[Series, ...]:
    """The series whose next occurrence arises now or before, the earliest first."""
    table = follow_up_series
    wanted = select(table).where(table.c.next_us <= to_microseconds(now)).order_by(table.c.next_us).limit(limit)
    return tuple(map(series_of, connection.execute(wanted)))


def series_of_customers(connection: Connection, customers: Iterable[str]) -> tuple[Series, ...]:
    """Every series of some customers: of one who left, they end."""
    dialect, table = dialect_for(connection), follow_up_series
    wanted = select(table).where(dialect.among(table.c.customer))
    found = (connection.execute(wanted, dialect.values(some)) for some in batches(customers))
    return tuple(series_of(row) for rows in found for row in rows)


def customers_to_wake(connection: Connection, now: datetime, limit: int = 5000) -> tuple[str, ...]:
    """The customers one of whose open follow-ups time alone changes now: the longest waiting first."""
    table = follow_ups
    wanted = select(table.c.customer).where(IS_OPEN, table.c.wake_us <= to_microseconds(now))
    found = connection.execute(wanted.order_by(table.c.wake_us).limit(limit)).scalars()
    return tuple(dict.fromkeys(found))


def about_number(connection: Connection, kind: str, number: str, since: datetime) -> tuple[str, ...]:
    """The ids of follow-ups of a kind about a number that are open, or arose since then: a missed caller's."""
    table = follow_ups
    recent = or_(IS_OPEN, table.c.born_us >= to_microseconds(since))
    wanted = select(table.c.id).where(table.c.number == number, table.c.kind == kind, recent)
    return tuple(connection.execute(wanted.order_by(table.c.born_us)).scalars())
