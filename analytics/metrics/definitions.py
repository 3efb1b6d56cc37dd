"""What a metric is: its name, sentence, formula, unit and empty value. The list of them is in `catalogue`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analytics.metrics.tallies import Tally

Value = int | Fraction | None
"""A count, whole milliseconds, or an exact ratio; None for a rate or an average over nothing."""


class Unit(StrEnum):
    """What a value is counted in."""

    COUNT = "count"
    MINUTES = "minutes"  # kept as whole milliseconds, shown as minutes
    SECONDS = "seconds"  # kept as an exact ratio of whole milliseconds, shown as seconds
    RATE = "rate"  # an exact ratio between 0 and 1


class Group(StrEnum):
    """By what the rows of a result are told apart."""

    NONE = "none"  # one row
    AGENT = "agent"
    GROUP = "group"  # the agent's group when the interval or offering began
    TIER = "tier"  # the agent's tier then
    QUEUE = "queue"
    DAY = "day"  # of the centre's zone


class Family(StrEnum):
    """What a metric is folded from, which says by what it can be grouped."""

    MINUTES = "minutes"  # agents' talks and wrap-up
    RINGS = "rings"  # offerings to agents
    HANDLING = "handling"  # answered calls, or agents' parts of them
    CALLS = "calls"  # calls and callers
    WAITS = "waits"  # queue visits

    @property
    def groups(self) -> frozenset[Group]:
        """The groupings that make sense."""
        always = {Group.NONE, Group.DAY}
        if self is Family.CALLS:
            return frozenset(always)
        if self is Family.WAITS:
            return frozenset(always | {Group.QUEUE})
        by_agent = {Group.AGENT, Group.GROUP, Group.TIER}
        return frozenset(always | by_agent | ({Group.QUEUE} if self is not Family.HANDLING else set()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure. `value` takes it from a tally; over nothing it is `empty`."""

    name: str
    zh: str
    en: str
    sentence: str
    formula: str
    unit: Unit
    family: Family
    value: Callable[[Tally], Value]

    @property
    def empty(self) -> Value:
        """The value over nothing: 0 of what is counted or summed; no rate and no average."""
        return 0 if self.unit in (Unit.COUNT, Unit.MINUTES) else None


def ratio(numerator: int, denominator: int) -> Fraction | None:
    """The exact ratio; None over nothing, never 0 or 1."""
    return Fraction(numerator, denominator) if denominator else None
