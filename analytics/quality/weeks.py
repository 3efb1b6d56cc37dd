"""ISO weeks by the centre's clocks, what part of its months a week is, and when it is drawn. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Self

from analytics.errors import QualityError
from analytics.metrics.periods import Period, PeriodKind, start_of_day
from config.quality import Quality
from telephony.clock import from_microseconds

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Week:
    """An ISO week, by its Monday."""

    monday: date

    @classmethod
    def of(cls, day: date) -> Self:
        """The week of a day."""
        return cls(monday=day - timedelta(days=day.weekday()))

    @property
    def label(self) -> str:
        """As it is asked for: 2026-W48."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def following(self) -> Week:
        """The week after it."""
        return Week(monday=self.monday + timedelta(days=7))

    @property
    def previous(self) -> Week:
        """The week before it."""
        return Week(monday=self.monday - timedelta(days=7))

    def days(self) -> Iterator[date]:
        """Its seven days."""
        return (self.monday + timedelta(days=each) for each in range(7))

    def months(self) -> tuple[str, ...]:
        """The one or two calendar months that it has days of: 2026-11."""
        return tuple(sorted({f"{day:%Y-%m}" for day in self.days()}))

    def share(self, month: str) -> tuple[int, int]:
        """How many days of a month are over when it is over, and how many that month has.

        Raises QualityError where it has none of its days.
        """
        if month not in self.months():
            raise QualityError(f"week {self.label}: found no day of {month}, expected one of {self.months()}")
        year, number = map(int, month.split("-"))
        length = monthrange(year, number)[1]
        over = [day.day for day in self.days() if f"{day:%Y-%m}" == month]
        return over[-1], length

    def period(self, zone: tzinfo, day_start: time = time(0)) -> Period:
        """Its stretch of instants, by the centre's business days."""
        return Period(
            kind=PeriodKind.CUSTOM,
            label=self.label,
            start_us=start_of_day(self.monday, zone, day_start),
            end_us=start_of_day(self.following.monday, zone, day_start),
            zone=zone,
            day_start=day_start,
        )


def parse_week(text: str) -> Week:
    """A week from 2026-W48. Raises QualityError."""
    found = _WEEK.fullmatch(text)
    try:
        if found is not None:
            return Week(monday=date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        pass
    raise QualityError(f"week: found {text[:40]!r}, expected one such as 2026-W48")


def weeks_of(month: str) -> tuple[Week, ...]:
    """Every week that has a day of a month, in order."""
    day = date.fromisoformat(f"{month}-01")
    days = (day + _DAY * each for each in range(31))
    return tuple(sorted({Week.of(each) for each in days if f"{each:%Y-%m}" == month}))


def drawn_at(week: Week, quality: Quality, zone: tzinfo, day_start: time = time(0)) -> datetime:
    """The instant at which a week is drawn: the policy's first weekday and time after the week is over, in UTC."""
    end = week.period(zone, day_start).end
    day = week.following.monday + timedelta(days=quality.draw_on)
    at = from_microseconds(start_of_day(day, zone, quality.draw_at))
    return at if at >= end else from_microseconds(start_of_day(day + timedelta(days=7), zone, quality.draw_at))
