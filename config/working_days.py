"""Working days: what is owed "within two working days", and how many a month has.

By the rulebooks N working days end at closing time of the Nth working day after the day of receipt, and what
arrives after closing counts as received at the next opening. "N days" end at closing of the Nth calendar day
after it, whether the centre opens on it or not; a day without opening hours ends at its midnight. Hours are
elapsed time and need no calendar. Pure: an `Openings` and instants in, instants in UTC out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from config.errors import ConfigMisuseError
from config.openings import Openings

DAY = timedelta(days=1)
LONGEST_CLOSED = 400
"""A centre that does not open for so many days has closed for good: no working day is looked for behind them."""


def closing_of(openings: Openings, day: date) -> datetime:
    """When a local day's work ends, in UTC: its last closing time, or its midnight where it has none."""
    spans = openings.plan(day).spans
    closes = spans[-1].closes if spans else None
    return _at(openings, day + DAY, time()) if closes is None else _at(openings, day, closes)


def received_at(openings: Openings, at: datetime) -> datetime | None:
    """When what arrived at an instant counts as received, in UTC: then, or at the next opening after a closing.

    The noon break is no closing. None where the centre does not open again.
    """
    day = received_on(openings, at)
    return max(at.astimezone(UTC), _opening_of(openings, day)) if day else None


def received_on(openings: Openings, at: datetime) -> date | None:
    """The working day on which what arrived at an instant counts as received.

    That day itself up to its closing, also before its opening and at noon; else the next working day. None
    where the centre does not open again.
    """
    _require_aware(at)
    day = at.astimezone(openings.zone).date()
    if openings.plan(day).is_working and at < closing_of(openings, day):
        return day
    return next(working_days_after(openings, day), None)


def working_days_after(openings: Openings, day: date) -> Iterator[date]:
    """The working days after a local day, without end unless the centre closes for good."""
    closed = 0
    while closed < LONGEST_CLOSED:
        day += DAY
        closed = 0 if openings.plan(day).is_working else closed + 1
        if closed == 0:
            yield day


def working_days_end(openings: Openings, at: datetime, count: int) -> datetime | None:
    """When `count` working days end that began with a receipt at an instant, in UTC.

    None where the centre does not open so often again. Raises ConfigMisuseError for a count below 1.
    """
    _require_count(count)
    received = received_on(openings, at)
    after = working_days_after(openings, received) if received else iter(())
    last = next((day for number, day in enumerate(after, start=1) if number == count), None)
    return closing_of(openings, last) if last else None


def calendar_days_end(openings: Openings, at: datetime, count: int) -> datetime | None:
    """When `count` calendar days end that began with a receipt at an instant, in UTC; as above."""
    _require_count(count)
    received = received_on(openings, at)
    return closing_of(openings, received + count * DAY) if received else None


def working_days_in(openings: Openings, first: date, end: date) -> int:
    """How many working days there are from a local day up to but not including another."""
    days = (first + each * DAY for each in range((end - first).days))
    return sum(openings.plan(day).is_working for day in days)


def unannounced_years(openings: Openings, first: date, last: date) -> tuple[int, ...]:
    """The years of a stretch, both days inside, whose make-up days are not announced: its figures may change."""
    return tuple(year for year in range(first.year, last.year + 1) if not openings.announced(year))


def _opening_of(openings: Openings, day: date) -> datetime:
    return _at(openings, day, openings.plan(day).spans[0].opens)


def _at(openings: Openings, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=openings.zone).astimezone(UTC)


def _require_count(count: int) -> None:
    if count < 1:
        raise ConfigMisuseError(f"working days: found {count}, expected at least 1")


def _require_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ConfigMisuseError(f"working days: found the naive time {at.isoformat()}, expected an aware one")
