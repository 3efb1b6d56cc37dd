"""Figures of a tally as the board has them, by the definitions of the registry alone. Pure."""

from __future__ import annotations

from fractions import Fraction

from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Metric
from analytics.metrics.tallies import Tally
from analytics.metrics.wait_metrics import chosen_level
from config.policies import ServiceLevelFormula
from service.dashboard.board import NO_RATE, KnownCounts, Rate


def count(tally: Tally, name: str) -> int:
    """A figure that is counted or summed."""
    return int(METRICS[name].value(tally) or 0)


def rate_of(tally: Tally, within: str, counted: str, value: str) -> Rate:
    """A rate by the names of its metrics."""
    found = METRICS[value].value(tally)
    return Rate(
        within=count(tally, within),
        counted=count(tally, counted),
        value=None if found is None else Fraction(found),
    )


def share_of(tally: Tally, metric: Metric) -> Rate:
    """A rate with what is above and below its line."""
    found = metric.value(tally)
    if found is None:
        return NO_RATE
    return Rate(within=_sum(tally, metric.of), counted=_sum(tally, metric.over), value=Fraction(found))


def three_rings_of(tally: Tally) -> Rate:
    """The three-ring rate in the agent's view."""
    return rate_of(tally, "ring_within", "ring_offered", "three_ring_rate")


def caller_rings_of(tally: Tally) -> Rate:
    """The three-ring rate in the caller's view."""
    return rate_of(tally, "caller_within", "callers_rung", "caller_three_ring_rate")


def level_of(tally: Tally, formula: ServiceLevelFormula) -> Rate:
    """The service level by the policy's formula."""
    return share_of(tally, chosen_level(formula))


def abandonment_of(tally: Tally) -> Rate:
    """The abandonment rate, short ones left out."""
    return share_of(tally, METRICS["abandonment_rate"])


def known_of(tally: Tally) -> KnownCounts:
    """How the calls are known."""
    total, repaired, inferred = (count(tally, name) for name in ("calls", "calls_repaired", "calls_inferred"))
    observed = total - repaired - inferred
    return KnownCounts(
        observed=observed,
        repaired=repaired,
        inferred=inferred,
        observed_share=Fraction(observed, total) if total else None,
    )


def _sum(tally: Tally, names: tuple[str, ...]) -> int:
    return sum(-tally[name[1:]] if name.startswith("-") else tally[name] for name in names)
