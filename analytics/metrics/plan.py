"""Which parts of a period are taken from roll-ups, and which are read from the facts. Pure.

The largest clean spans that lie inside the period come first: years, months, days. What they do not cover (edges inside
a day, today, days in which something changed or still goes on) is read from the facts, a day at a time, so that a
year needs no more memory than a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from analytics.metrics.periods import DayClock, Period
from analytics.metrics.rolled import Span, day_key, month_key, year_key

_DAY = timedelta(days=1)
_QUARTER_US = 15 * 60 * 1_000_000


class Finest(IntEnum):
    """How large a span may be, so that what is asked for can still be told apart."""

    FACTS = 0  # none: only facts tell
    DAY = 1
    MONTH = 2
    YEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a business day that is read from the facts."""

    day: date
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where the figures of a period come from."""

    spans: tuple[int, ...]
    stretches: tuple[Stretch, ...]


def plan(
    period: Period, clock: DayClock, spans: Mapping[int, Span], finest: Finest, usable: Callable[[Span], bool]
) -> Plan:
    """Cover a period by clean spans, and the rest by stretches of facts. `clock` tells the days of both."""
    taken: list[int] = []
    stretches: list[Stretch] = []
    day = clock.day_of(period.start_us)
    while (start := max(clock.start_of(day), period.start_us)) < period.end_us:
        span = _largest(day, start, period, clock, spans, finest, usable)
        if span is not None:
            taken.append(span.key)
            day = span.through + _DAY
            continue
        end = min(clock.start_of(day + _DAY), period.end_us)
        stretches.append(Stretch(day=day, start_us=start, end_us=end))
        day += _DAY
    return Plan(spans=tuple(taken), stretches=tuple(stretches))


def _largest(
    day: date,
    start_us: int,
    period: Period,
    clock: DayClock,
    spans: Mapping[int, Span],
    finest: Finest,
    usable: Callable[[Span], bool],
) -> Span | None:
    """The largest span that begins with this day and lies inside the period."""
    if start_us != clock.start_of(day):
        return None
    for size, key in ((Finest.YEAR, year_key(day)), (Finest.MONTH, month_key(day)), (Finest.DAY, day_key(day))):
        span = spans.get(key) if size <= finest else None
        if span is None or span.first != day or not usable(span):
            continue
        if clock.start_of(span.through + _DAY) <= period.end_us:
            return span
    return None


def cut_by_clock(stretch: Stretch, clock: DayClock, quarters: int) -> Iterator[Stretch]:
    """A stretch cut at each quarter of an hour (`quarters` = 1) or hour (4) that the centre's clock shows."""
    start = stretch.start_us
    edge = start - start % _QUARTER_US + _QUARTER_US
    while edge < stretch.end_us:
        if clock.place(edge)[1] % quarters == 0:
            yield Stretch(day=stretch.day, start_us=start, end_us=edge)
            start = edge
        edge += _QUARTER_US
    yield Stretch(day=stretch.day, start_us=start, end_us=stretch.end_us)
