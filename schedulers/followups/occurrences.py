"""When further occurrences of a promise fall: after 3, 6, 12 months, every two weeks, each month, on birthdays. Pure.

Recurrence counts from the trigger, never from the last contact, so that a missed one shifts nothing. Occurrences of
a calendar (periods, birthdays, festivals) are numbered by their day; those at a distance from it 0, 1, 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from config.due_times import due_at
from config.followups import Due, DueKind, FollowUpKind, TriggerKind
from config.recurrence import after, next_birthday, next_festival, period_of
from schedulers.customers.records import Customer
from schedulers.followups.account import Happened, Series
from schedulers.followups.rules import Rules

DAY = timedelta(days=1)
ENROLLED = frozenset({TriggerKind.MEMBER, TriggerKind.PERIOD, TriggerKind.BIRTHDAY, TriggerKind.FESTIVAL})
"""Triggers that are the customer himself: he is enrolled once, and the calendar does the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One occurrence: when it starts, from when it may be worked on, and what its due time is counted from."""

    series: Series
    starts_at: datetime
    opens_at: datetime
    due_from: datetime
    period_end: datetime | None = None


def first_series(
    kind: FollowUpKind, version: datetime | None, customer: Customer, happened: Happened, rules: Rules
) -> Series | None:
    """The series that a trigger begins, besides what it makes at once; None where it has no further ones."""
    if not kind.repeat and kind.every is None:
        return None
    series = Series(
        kind=kind.id,
        version=version,
        customer=customer.id,
        key=happened.key,
        anchor_at=happened.at,
        next=1,
        next_at=None,
        about=happened.about,
        by=happened.by,
    )
    return _timed(kind, series, customer, rules)


def enrolled(
    kind: FollowUpKind, version: datetime | None, customer: Customer, at: datetime, rules: Rules
) -> Series | None:
    """The series that a customer is in by being one, from an instant on; what was owed before it is not made up for."""
    today = at.astimezone(rules.zone).date()
    since = max(customer.since or today, today) if customer.since is None else customer.since
    if not customer.is_customer_on(max(today, since)):
        return None
    anchor = datetime.combine(since, time(), tzinfo=rules.zone)
    series = Series(
        kind=kind.id,
        version=version,
        customer=customer.id,
        key=f"{kind.trigger}:{customer.id}",
        anchor_at=anchor,
        next=0,
        next_at=None,
    )
    number = _first_number(kind, customer, series, today, rules)
    return None if number is None else _timed(kind, replace(series, next=number), customer, rules)


def occurrence(kind: FollowUpKind, series: Series, rules: Rules) -> Occurrence | None:
    """The next occurrence of a series; None where there is none any more."""
    day = _day_of(kind, series, rules)
    if day is None:
        return None
    starts, period_end = _start(kind, series, day, rules), None
    if kind.trigger.kind is TriggerKind.PERIOD:
        period_end = _midnight(period_of(day, kind.trigger.name)[1], rules)
    opens = _midnight(day, rules) if kind.due.kind in _WHOLE_DAYS else starts
    if kind.open_before:
        due = due_at(_asked(kind), rules.openings, starts, period_end=period_end)
        opens = min(opens, due - kind.open_before) if due else opens
    return Occurrence(series=series, starts_at=starts, opens_at=opens, due_from=starts, period_end=period_end)


def next_of(kind: FollowUpKind, series: Series, customer: Customer, rules: Rules) -> Series:
    """The series after its next occurrence."""
    number = _following(kind, series, customer, rules)
    if number is None:
        return replace(series, next_at=None)
    return _timed(kind, replace(series, next=number), customer, rules)


_WHOLE_DAYS = frozenset({DueKind.ON_THE_DAY, DueKind.IN_THE_PERIOD})


def _asked(kind: FollowUpKind) -> Due:
    return kind.due_unset if kind.due.kind is DueKind.BY_HAND and kind.due_unset else kind.due


def _timed(kind: FollowUpKind, series: Series, customer: Customer, rules: Rules) -> Series:
    found = occurrence(kind, series, rules)
    if found is None or not customer.is_customer_on(found.starts_at.astimezone(rules.zone).date()):
        return replace(series, next_at=None)
    return replace(series, next_at=found.opens_at)


def _day_of(kind: FollowUpKind, series: Series, rules: Rules) -> date | None:
    """The local day of the series' next occurrence."""
    if kind.trigger.kind in ENROLLED - {TriggerKind.MEMBER}:
        return date.fromordinal(series.next)
    anchor = series.anchor_at.astimezone(rules.zone).date()
    if series.next == 0:
        return anchor
    if kind.every is not None:
        return after(anchor, kind.every, series.next)
    return after(anchor, kind.repeat[series.next - 1]) if series.next <= len(kind.repeat) else None


def _start(kind: FollowUpKind, series: Series, day: date, rules: Rules) -> datetime:
    """The occurrence's own instant: its day at the hour of the trigger."""
    clock = series.anchor_at.astimezone(rules.zone).time()
    return datetime.combine(day, clock, tzinfo=rules.zone)


def _midnight(day: date, rules: Rules) -> datetime:
    return datetime.combine(day, time(), tzinfo=rules.zone)


def _first_number(kind: FollowUpKind, customer: Customer, series: Series, today: date, rules: Rules) -> int | None:
    """The first occurrence that is still to come, or goes on."""
    since = series.anchor_at.astimezone(rules.zone).date()
    match kind.trigger.kind:
        case TriggerKind.MEMBER:
            return _first_step(kind, since, today)
        case TriggerKind.PERIOD:
            start, end = period_of(max(today, since), kind.trigger.name)
            return (start if customer.is_customer_on(start) and since <= start else end).toordinal()
        case TriggerKind.BIRTHDAY:
            return _ordinal(_birthday(kind, customer, max(today, since) - DAY))
        case _:
            return _ordinal(_festival(kind, max(today, since) - DAY, rules, series))


def _first_step(kind: FollowUpKind, since: date, today: date) -> int | None:
    if kind.every is None:
        return 0 if since >= today else None
    number = 0 if kind.first else 1
    while (number and after(since, kind.every, number) < today) or (number == 0 and since < today):
        number += 1
    return number


def _following(kind: FollowUpKind, series: Series, customer: Customer, rules: Rules) -> int | None:
    match kind.trigger.kind:
        case TriggerKind.PERIOD:
            return period_of(date.fromordinal(series.next), kind.trigger.name)[1].toordinal()
        case TriggerKind.BIRTHDAY:
            return _ordinal(_birthday(kind, customer, date.fromordinal(series.next)))
        case TriggerKind.FESTIVAL:
            return _ordinal(_festival(kind, date.fromordinal(series.next), rules, series))
        case _ if kind.every is not None or series.next < len(kind.repeat):
            return series.next + 1
        case _:
            return None


def _birthday(kind: FollowUpKind, customer: Customer, after_day: date) -> date | None:
    told = customer.birthday
    if told is None:
        return None
    return next_birthday(after_day, told.month, told.day, told.lunar and kind.lunar)


def _festival(kind: FollowUpKind, after_day: date, rules: Rules, series: Series) -> date | None:
    """The next festival that the trigger names, after a day."""
    names: tuple[str, ...] = (kind.trigger.name,)
    if kind.trigger.name == "major":
        versions = {version.start: version.promises.major for version in rules.policy.versions}
        names = versions.get(series.version, ())
    return min((next_festival(name, after_day) for name in names), default=None)


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
