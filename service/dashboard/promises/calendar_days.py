"""A month as whole weeks from Monday on, and what was due on each of their days. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from analytics.metrics.periods import DayClock
from schedulers.storage.coverage import Standing
from service.dashboard.promises.source import DayCount
from service.dashboard.query import next_month

DAY = timedelta(days=1)
PARTS = {
    Standing.DONE_ON_TIME: "done",
    Standing.DONE_LATE: "late",
    Standing.CLOSED: "closed",
    Standing.OPEN_IN_TIME: "open",
    Standing.OPEN_OVERDUE: "overdue",
}


def weeks_of(month: date) -> tuple[date, date]:
    """The Monday on or before the first day of a month, and the Monday after its last day."""
    first, last = month.replace(day=1), next_month(month) - DAY
    return first - first.weekday() * DAY, last + (7 - last.weekday()) * DAY


def counted_days(quarters: Mapping[tuple[int, Standing], int], clock: DayClock) -> dict[date, DayCount]:
    """The counts of quarters of an hour (of `count_quarters`) by the centre's days."""
    found: defaultdict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(PARTS.values(), 0))
    for (first_us, standing), number in quarters.items():
        found[clock.day_of(first_us)][PARTS[standing]] += number
    return {day: DayCount(**counts) for day, counts in found.items()}
