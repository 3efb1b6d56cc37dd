"""The centre's opening hours: a week of spans, effective-dated, so that summer and winter hours are rows.

Holidays and make-up days are not known here: this is the plain week. `config.closings` tells the other days,
and `config.openings` puts both together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Hours(StrEnum):
    """Whether the centre was open at an instant; every answering figure can be split by it."""

    IN = "in"  # open
    OUT = "out"  # closed at that hour of a working day, or on the week's day off
    HOLIDAY = "holiday"  # closed that day: a national closing, or one of the centre's own


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpan:
    """Open from `opens` up to but not including `closes`; None closes at midnight."""

    opens: time
    closes: time | None

    def holds(self, at: time) -> bool:
        """Whether the centre is open at this local time of day."""
        return self.opens <= at and (self.closes is None or at < self.closes)


ALL_DAY = (OpenSpan(opens=time(), closes=None),)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """Opening hours of a week, from the local day `start` on (None: from always).

    `days_off` are weekdays (Monday is 0) that are off in turn: the first in the week of `start`, the next in
    the week after it, and round again. They need a `start`; () where the same days are off each week.
    """

    start: date | None = None
    days: tuple[tuple[OpenSpan, ...], ...] = ((),) * 7  # Monday first
    days_off: tuple[int, ...] = ()

    def on(self, day: date) -> tuple[OpenSpan, ...]:
        """The spans of a day by this week alone; () on a day off."""
        return () if day.weekday() == self._day_off(day) else self.days[day.weekday()]

    def _day_off(self, day: date) -> int | None:
        if not self.days_off or self.start is None:
            return None
        weeks = _week(day) - _week(self.start)
        return self.days_off[weeks % len(self.days_off)]


def hours_on(rows: tuple[WeeklyHours, ...], day: date) -> WeeklyHours | None:
    """The row in force on a local day; None where the policy gives no hours for it.

    `rows` are in the order of their start; the last one that has begun is in force.
    """
    begun = [row for row in rows if row.start is None or row.start <= day]
    return begun[-1] if begun else None


def _week(day: date) -> int:
    """The number of the week that begins on a Monday; 1 January of the year 1 was one."""
    return (day.toordinal() - 1) // 7
