"""The closed list of metrics: each with its name, sentence, formula, unit and empty value.

The wallboard, the reports, the spreadsheets and the API all take their figures from here, so that one number
has one definition. docs/metrics.md is made of this list (`analytics.metrics.document`) and tested against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analytics.metrics.rings import IN_CALLER_RATE, IN_RATE, CallerResult, RingResult
from analytics.metrics.tallies import Tally

Value = int | Fraction | None
"""A count, whole milliseconds, or an exact ratio; None for a rate or an average over nothing."""


class Unit(StrEnum):
    """What a value is counted in."""

    COUNT = "count"
    MINUTES = "minutes"  # kept as whole milliseconds, shown as minutes
    SECONDS = "seconds"  # kept as whole milliseconds (or a ratio of them), shown as seconds
    RATE = "rate"  # an exact ratio between 0 and 1


class Family(StrEnum):
    """Which values a metric is folded from, and so by what it can be grouped."""

    MINUTES = "minutes"  # talks and states: by agent, group, tier, queue, day
    RINGS = "rings"  # offerings: by agent, group, tier, queue, day
    HANDLING = "handling"  # talks of calls: by agent, group, tier, queue, day
    CALLS = "calls"  # calls: by day
    WAITS = "waits"  # queue visits: by queue, day


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure. `value` takes it from a tally; `empty` is what it is over nothing."""

    name: str
    zh: str
    en: str
    sentence: str
    formula: str
    unit: Unit
    family: Family
    value: Callable[[Tally], Value]
    empty: Value


def ratio(numerator: int, denominator: int) -> Fraction | None:
    """The exact ratio; None over nothing, never 0 or 1."""
    return Fraction(numerator, denominator) if denominator else None


def _count(name: str, zh: str, en: str, family: Family, sentence: str, value: Callable[[Tally], int]) -> Metric:
    return Metric(
        name=name,
        zh=zh,
        en=en,
        sentence=sentence,
        formula="count",
        unit=Unit.COUNT,
        family=family,
        value=value,
        empty=0,
    )


def _minutes(name: str, zh: str, en: str, sentence: str, formula: str, value: Callable[[Tally], int]) -> Metric:
    return Metric(
        name=name,
        zh=zh,
        en=en,
        sentence=sentence,
        formula=formula,
        unit=Unit.MINUTES,
        family=Family.MINUTES,
        value=value,
        empty=0,
    )


def _quotient(
    name: str,
    zh: str,
    en: str,
    family: Family,
    unit: Unit,
    sentence: str,
    formula: str,
    value: Callable[[Tally], Fraction | None],
) -> Metric:
    return Metric(
        name=name,
        zh=zh,
        en=en,
        sentence=sentence,
        formula=formula,
        unit=unit,
        family=family,
        value=value,
        empty=None,
    )


def _ring_result(result: RingResult, zh: str, en: str, sentence: str) -> Metric:
    return _count(
        f"ring_{result.value}", zh, en, Family.RINGS, sentence, lambda tally: tally.rings[result]
    )


def _caller_result(result: CallerResult, zh: str, en: str, sentence: str) -> Metric:
    return _count(
        f"caller_{result.value}", zh, en, Family.CALLS, sentence, lambda tally: tally.callers[result]
    )
