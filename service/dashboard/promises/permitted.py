"""Whether customers may be called at a time that somebody wants to set, and the next time at which all may. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from config.calendars import OpenSpan
from config.contact_times import Shut
from schedulers.customers.records import Customer
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules

Owed = tuple[FollowUp, Customer | None]
TRIES = 40
"""So often a later time is sought at which all of several may be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """How many may not be called at a time, why the first of them may not, and when all may next (None: never)."""

    count: int
    why: Shut
    day_off: bool  # the centre does not work on that day at all
    next: datetime | None


def barred(rules: Rules, items: Sequence[Owed], at: datetime) -> Barred | None:
    """What stands against a time; None where every customer may be called then."""
    whys = [why for each in items if (why := _shut(rules, each, at)) is not None]
    if not whys:
        return None
    off = not rules.openings.plan(at.astimezone(rules.zone).date()).is_working
    return Barred(count=len(whys), why=whys[0], day_off=off, next=_next(rules, items, at))


def _shut(rules: Rules, owed: Owed, at: datetime) -> Shut | None:
    item, customer = owed
    if not rules.kind(item).is_by_phone:
        return None
    return rules.times(item).shut(at, *_clock(customer))


def _next(rules: Rules, items: Sequence[Owed], at: datetime) -> datetime | None:
    found = at
    for _ in range(TRIES):
        later = found
        for item, customer in items:
            if rules.kind(item).is_by_phone:
                allowed = rules.times(item).next(later, *_clock(customer))
                if allowed is None:
                    return None
                later = allowed
        if later == found:
            return found
        found = later
    return None


def _clock(customer: Customer | None) -> tuple[ZoneInfo | None, tuple[OpenSpan, ...]]:
    return (customer.zone, customer.hours) if customer else (None, ())
