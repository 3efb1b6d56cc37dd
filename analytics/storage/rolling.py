"""Keeping roll-ups in step with the facts: a pass rolls up what is stale, a month of days at a time.

Facts are read in one transaction and the sums stored in another, so that storing facts waits for a moment only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from analytics.metrics.in_force import InForce
from analytics.storage.rollup_writing import (
    RolledDay,
    drop_other_policies,
    passes,
    roll_day,
    seen_marks,
    stale_days,
    write_days,
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
        days = stale_days(connection, in_force, seen_marks(connection), now_us)
    done = 0
    for some in passes(days):
        rolled: list[RolledDay] = []
        with _snapshot(reading) as connection:
            seen = seen_marks(connection)
            for day in some:
                if stopping():
                    return done
                rolled.append(roll_day(source_of(connection), in_force, day, now_us))
                told(Progress(day=day, done=done + len(rolled), of=len(days)))
        with writing.begin() as connection:
            write_days(connection, rolled, in_force, seen, now_us)
        done += len(rolled)
    if days:
        with writing.begin() as connection:
            drop_other_policies(connection, policy.digest())
    return done


@contextmanager
def _snapshot(reading: Engine) -> Iterator[Connection]:
    with reading.connect() as connection, connection.begin():
        yield connection
