"""Keeping roll-ups in step with the facts: what is stale is rolled up, day by day and month by month.

A day's facts are read in one transaction and its sums stored in another, so that storing facts waits for a moment only.
The marks of its hours are forgotten when its month is done: until then its facts are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from analytics.metrics.in_force import InForce
from analytics.storage.rollup_writing import (
    drop_other_policies,
    finish,
    passes,
    roll_day,
    seen_marks,
    stale_days,
    write_day,
)
from analytics.values import Source
from config.policies import Policy
from telephony.clock import to_microseconds

SourceOf = Callable[[Connection], Source]
"""What facts are read from, over a connection: with exemptions, shifts and all that figures count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a pass has come."""

    day: date
    done: int
    of: int


def roll_up(
    reading: Engine,
    writing: Engine,
    policy: Policy,
    now: datetime,
    *,
    source_of: SourceOf,
    told: Callable[[Progress], None] = lambda progress: None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Roll up all days that are over and stale; return how many. Raises SQLAlchemyError.

    source_of: as questions read, so that both count the same (`analytics.sources.figures_of`).

    reading must begin transactions that see one state of the database throughout.
    """
    in_force = InForce(policy)
    now_us = to_microseconds(now)
    with reading.connect() as connection:
        seen = seen_marks(connection)
        days = stale_days(connection, in_force, seen, now_us)
    done = 0
    for month in passes(days):
        for day in month:
            if stopping():
                return done
            with reading.connect() as connection:
                rolled = roll_day(source_of(connection), in_force, day, now_us)
            with writing.begin() as connection:
                write_day(connection, rolled, in_force, now_us)
            done += 1
            told(Progress(day=day, done=done, of=len(days)))
        with writing.begin() as connection:
            finish(connection, month, days[done:], in_force, seen, now_us)
    if days:
        with writing.begin() as connection:
            drop_other_policies(connection, policy.digest())
    return done
