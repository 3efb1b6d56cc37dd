"""What a metric is: its name, sentence, formula, unit and empty value. The list of them is in `catalogue`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import reduce

from analytics.metrics.cells import Group, groups_of
from analytics.metrics.measures import FAMILY_OF, Family
from analytics.metrics.tallies import Tally

Value = int | Fraction | None
"""A count, whole milliseconds, or an exact ratio; None for a rate or an average over nothing."""


class Unit(StrEnum):
    """What a value is counted in."""

    COUNT = "count"
    MINUTES = "minutes"  # kept as whole milliseconds, shown as minutes
    SECONDS = "seconds"  # kept as milliseconds, an exact ratio of them where they are averaged; shown as seconds
    RATE = "rate"  # an exact ratio between 0 and 1
    PER_MINUTE = "per_minute"  # kept as an exact ratio to milliseconds; shown as so many a minute
    MEAN = "mean"  # an exact ratio of counts: so many in each


class Chapter(StrEnum):
    """Where the document tells of a metric."""

    ANSWERING = "answering"
    QUEUES = "queues"
    RINGS = "rings"
    MINUTES = "minutes"
    AGENTS = "agents"
    CUSTOMERS = "customers"
    RECORDINGS = "recordings"
    COMPLETENESS = "completeness"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure: the sum of some measures, over the sum of others where it is a rate or an average.

    A measure with - before its name is taken off.
    """

    name: str
    chapter: Chapter
    zh: str
    en: str
    sentence: str
    formula: str
    unit: Unit
    of: tuple[str, ...]
    over: tuple[str, ...] = ()

    def value(self, tally: Tally) -> Value:
        """The figure of a tally."""
        if self.over:
            return ratio(_total(tally, self.of), _total(tally, self.over))
        if self.unit in (Unit.COUNT, Unit.MINUTES):
            return _total(tally, self.of)
        return tally.greatest.get(self.of[0])

    @property
    def empty(self) -> Value:
        """The value over nothing: 0 of what is counted or summed; no rate, no average, no longest."""
        return 0 if self.unit in (Unit.COUNT, Unit.MINUTES) else None

    @property
    def measures(self) -> frozenset[str]:
        """The measures that it is made of."""
        return frozenset(name.lstrip("-") for name in (*self.of, *self.over))

    @property
    def families(self) -> frozenset[Family]:
        """What is read to make it."""
        return frozenset(FAMILY_OF[name] for name in self.measures)

    @property
    def groups(self) -> frozenset[Group]:
        """By what it can be told apart."""
        return reduce(frozenset.intersection, (groups_of(family) for family in self.families))


def ratio(numerator: int, denominator: int) -> Fraction | None:
    """The exact ratio; None over nothing, never 0 or 1."""
    return Fraction(numerator, denominator) if denominator else None


def _total(tally: Tally, names: Iterable[str]) -> int:
    sums = tally.sums
    return sum(-sums.get(name[1:], 0) if name[0] == "-" else sums.get(name, 0) for name in names)
