"""What a question asks of roll-ups: sums of whole business days, months and years, made from the facts beforehand.

A span is named by a number that people can read: 20261127 is a day, 20261100 a month and 20260000 a year. A month or
year holds its days up to `through`, so that the running month is a span too. A span is told of only while it is
*clean*: made by the rules in force, and no fact in it has changed since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from analytics.metrics.cells import Group
from analytics.metrics.measures import Sheet
from analytics.metrics.tallies import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A clean span. `settled_us`: as of any later instant its figures are these.

    customers: whether what became of its customers is known too.
    """

    key: int
    first: date
    through: date
    settled_us: int
    customers: bool


class Rolled(Protocol):
    """The roll-ups of one store, as one transaction sees them."""

    def spans(self, first: date, last: date) -> Mapping[int, Span]:
        """The clean spans that begin in [first, last]."""
        ...

    def tallies(
        self,
        spans: Sequence[int],
        sheet: Sheet,
        *,
        groups: Sequence[Group],
        by_span: bool,
        where: Mapping[Group, Collection[str]],
        measures: Collection[str],
        spreads: Collection[str],
    ) -> Iterator[tuple[int, tuple[str | int, ...], Tally]]:
        """Sums over spans: the span (0 where all are one), the values of `groups`, and what was counted."""
        ...


def day_key(day: date) -> int:
    """The span of a day."""
    return day.year * 10_000 + day.month * 100 + day.day


def month_key(day: date) -> int:
    """The span of the day's month."""
    return day.year * 10_000 + day.month * 100


def year_key(day: date) -> int:
    """The span of the day's year."""
    return day.year * 10_000


def first_day(key: int) -> date:
    """The first day of a span."""
    return date(key // 10_000, key // 100 % 100 or 1, key % 100 or 1)
