"""Opening hours, proposed from when calls were answered. Pure.

A quarter of an hour is *served* on a weekday if calls were answered in it on at least half of such weekdays
between the first and the last day with an answered call. A day's hours reach from its first to its last served
quarter. An hour or more between them in which no call was answered on any of such days, of four at least, is
a break. Closings, make-up days and extra openings that the policy knows are left out: they are not of the week.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from analytics.setup.sightings import QUARTER_US
from config.calendars import OpenSpan
from config.openings import Openings
from telephony.clock import from_microseconds

QUARTERS = 96  # of a day
BREAK_QUARTERS = 4  # an hour
BREAK_DAYS = 4  # fewer days do not tell a break from chance
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHours:
    """What is proposed for a weekday (Monday is 0), and of how many such days it was told."""

    weekday: int
    days: int
    spans: tuple[OpenSpan, ...]


def propose_hours(answered: Sequence[tuple[int, int]], openings: Openings) -> tuple[DayHours, ...]:
    """The week, Monday first; () where no call was answered on a plain day.

    `answered` are quarters of an hour since 1970 with the number of calls answered in them.
    """
    served = {(day, quarter) for day, quarter in _local(answered, openings) if openings.is_plain(day)}
    if not served:
        return ()
    days = [day for day in _days(served) if openings.is_plain(day)]
    of_weekday = Counter(day.weekday() for day in days)
    counts = Counter((day.weekday(), quarter) for day, quarter in served)
    return tuple(_day_hours(weekday, of_weekday[weekday], counts) for weekday in range(7))


def _local(answered: Sequence[tuple[int, int]], openings: Openings) -> Iterator[tuple[date, int]]:
    """The local day and quarter of the day of each quarter with an answered call."""
    for quarter, count in answered:
        at = from_microseconds(quarter * QUARTER_US).astimezone(openings.zone)
        if count:
            yield at.date(), at.hour * 4 + at.minute // 15


def _days(served: set[tuple[date, int]]) -> Iterator[date]:
    day, last = min(served)[0], max(served)[0]
    while day <= last:
        yield day
        day += DAY


def _day_hours(weekday: int, days: int, counts: Counter[tuple[int, int]]) -> DayHours:
    served = [quarter for quarter in range(QUARTERS) if days and 2 * counts[weekday, quarter] >= days]
    if not served:
        return DayHours(weekday=weekday, days=days, spans=())
    edges = [served[0]]
    for start, end in _breaks(weekday, counts, served) if days >= BREAK_DAYS else ():
        edges += [start, end]
    edges.append(served[-1] + 1)
    spans = zip(edges[::2], edges[1::2], strict=True)
    return DayHours(weekday=weekday, days=days, spans=tuple(_span(*each) for each in spans))


def _breaks(weekday: int, counts: Counter[tuple[int, int]], served: list[int]) -> Iterator[tuple[int, int]]:
    """First quarter of each break, and the one after it."""
    busy = [quarter for quarter in range(served[0], served[-1] + 1) if counts[weekday, quarter]]
    for before, after in pairwise(busy):
        if after - before > BREAK_QUARTERS:
            yield before + 1, after


def _span(start: int, end: int) -> OpenSpan:
    return OpenSpan(opens=_clock(start), closes=None if end == QUARTERS else _clock(end))


def _clock(quarter: int) -> time:
    return time(quarter // 4, quarter % 4 * 15)
