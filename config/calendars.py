"""The centre's opening hours: a week of spans, effective-dated, so that summer and winter hours are rows.

Holidays and make-up days are not known here: this is the plain week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpan:
    """Open from `opens` up to but not including `closes`; None closes at midnight."""

    opens: time
    closes: time | None

    def holds(self, at: time) -> bool:
        """Whether the centre is open at this local time of day."""
        return self.opens <= at and (self.closes is None or at < self.closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """Opening hours of a week, from the local day `start` on (None: from always)."""

    start: date | None = None
    days: tuple[tuple[OpenSpan, ...], ...] = ((),) * 7  # Monday first


def is_open(rows: tuple[WeeklyHours, ...], at: datetime, zone: tzinfo) -> bool | None:
    """Whether the centre is open at an instant; None where the policy gives no hours for that day.

    `rows` are in the order of their start; the last one that has begun is in force.
    """
    local = at.astimezone(zone)
    begun = [row for row in rows if row.start is None or row.start <= local.date()]
    if not begun:
        return None
    spans = begun[-1].days[local.weekday()]
    return any(span.holds(local.time()) for span in spans)
