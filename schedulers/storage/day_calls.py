"""When a day's calls to customers fall: tries that were made, and from when what is open may be tried, by quarters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, or_, select, union_all

from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.coverage import QUARTER_US
from schedulers.storage.followup_models import follow_up_attempts, follow_ups
from schedulers.storage.seeing import Whom, follow_ups_of
from telephony.clock import to_microseconds

Quarters = dict[int, int]
"""How many, by the first microsecond of the quarter of an hour."""


def count_tried(connection: Connection, start: datetime, end: datetime, seen: Whom | None = None) -> Quarters:
    """Tries from `start` and before `end`. A call about several follow-ups is one."""
    low, high = to_microseconds(start), to_microseconds(end)
    tries, owed = follow_up_attempts.c, follow_ups.c
    # Of what ended before the day nothing was tried on it: the rest is found by indexes.
    here = union_all(
        select(owed.id).where(IS_OPEN, owed.tried_us >= low, *follow_ups_of(seen)),
        select(owed.id).where(owed.ended_us >= low, *follow_ups_of(seen)),
    ).subquery()
    first = (tries.at_us - tries.at_us % QUARTER_US).label("first")
    wanted = select(first, func.count(tries.key.distinct()).label("number")).where(
        tries.follow_up.in_(select(here.c.id)), tries.at_us >= low, tries.at_us < high
    )
    return {int(row.first): row.number for row in connection.execute(wanted.group_by(first))}


def count_ready(connection: Connection, start: datetime, end: datetime, seen: Whom | None = None) -> Quarters:
    """What is open and may be tried from an instant on that lies from `start` and before `end`."""
    owed = follow_ups.c
    first = (owed.ready_us - owed.ready_us % QUARTER_US).label("first")
    wanted = select(first, func.count().label("number")).where(
        IS_OPEN,
        owed.ready_us >= to_microseconds(start),
        owed.ready_us < to_microseconds(end),
        owed.reached_call.is_(None),
        or_(owed.obstacle.is_(None), owed.obstacle != "no_number"),
        *follow_ups_of(seen),
    )
    return {int(row.first): row.number for row in connection.execute(wanted.group_by(first))}
