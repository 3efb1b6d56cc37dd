"""By which rules a question is judged: those of the policy, or other limits that the question names.

Roll-ups are counted by the policy's own limits. Another limit is answered from their exact histograms, where it is a
whole number of buckets; otherwise the facts are counted anew by the changed rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from analytics.errors import QueryError
from analytics.metrics.in_force import MICROSECOND
from analytics.metrics.questions import Query
from analytics.metrics.spreads import SECOND_US, TENTH_US, up_to
from analytics.metrics.tallies import Tally
from config.policies import Policy, PolicyVersion, ServiceLevelFormula

_WAITS = {"wait_spread": ("answered_within", None), "abandoned_spread": ("abandoned_within", None)}
_RINGS = {
    "ring_spread": ("ring_within", "ring_late"),
    "ring_gave_up_spread": ("ring_caller_gave_up_early", "ring_caller_gave_up_late"),
    "caller_spread": ("caller_within", "caller_late"),
    "caller_lost_spread": ("caller_gave_up_early", "caller_not_answered"),
}
"""Histogram to the measures in time and late that follow from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """The rules of one question.

    rolled_digest: of the policy that roll-ups must have been made by; None where only the facts can answer.
    """

    policy: Policy
    formula: ServiceLevelFormula
    rolled_digest: str | None
    ring_us: int | None = None
    within_us: int | None = None

    def spreads_for(self, measures: set[str]) -> set[str]:
        """The histograms that other limits need."""
        return {name for name, (told, _) in self._other().items() if set(filter(None, told)) & measures}

    def judged(self, tally: Tally) -> Tally:
        """A tally from roll-ups, with what other limits change taken from its histograms."""
        for name, ((within, late), (limit_us, width)) in self._other().items():
            spread = tally.spreads.get(name)
            if spread is None:
                continue  # nothing that follows from it was asked for
            in_time = up_to(spread, limit_us, width) or 0
            tally.sums[within] = in_time
            if late is not None:
                tally.sums[late] = sum(spread.values()) - in_time
        return tally

    def _other(self) -> dict[str, tuple[tuple[str, str | None], tuple[int, int]]]:
        found: dict[str, tuple[tuple[str, str | None], tuple[int, int]]] = {}
        if self.within_us is not None:
            found |= {name: (told, (self.within_us, SECOND_US)) for name, told in _WAITS.items()}
        if self.ring_us is not None:
            found |= {name: (told, (self.ring_us, TENTH_US)) for name, told in _RINGS.items()}
        return found


def judging_of(query: Query, policy: Policy) -> Judging:
    """The rules that a question is judged by. Raise QueryError for a limit that makes no sense."""
    if query.rings is not None and not 1 <= query.rings <= 20:
        raise QueryError(f"rings: found {query.rings}, expected 1 to 20")
    if query.within is not None and not timedelta() <= query.within <= timedelta(hours=1):
        raise QueryError(f"within: found {query.within}, expected up to an hour")
    fixed = policy if query.version is None else _fixed(policy, policy.resolve(query.version))
    versions = tuple(_changed(version, query) for version in fixed.versions)
    formula = query.formula or fixed.resolve(query.period.start).service_level.formula
    ring_us, rings_whole = _ring_limit(versions, query)
    within_us = None if query.within is None else query.within // MICROSECOND
    whole = rings_whole and (within_us is None or within_us % SECOND_US == 0)
    return Judging(
        policy=replace(fixed, versions=versions),
        formula=formula,
        rolled_digest=policy.digest() if whole and query.version is None else None,
        ring_us=ring_us,
        within_us=within_us,
    )


def _fixed(policy: Policy, version: PolicyVersion) -> Policy:
    return replace(policy, versions=(replace(version, start=None),))


def _changed(version: PolicyVersion, query: Query) -> PolicyVersion:
    if query.rings is not None:
        version = replace(version, ring=version.ring.with_rings(query.rings))
    if query.within is not None:
        version = replace(version, service_level=replace(version.service_level, within=query.within))
    return version


def _ring_limit(versions: tuple[PolicyVersion, ...], query: Query) -> tuple[int | None, bool]:
    """The limit of so many rings, and whether histograms can answer it: one limit for all, in whole buckets."""
    if query.rings is None:
        return None, True
    limits = {version.limit() // MICROSECOND for version in versions}
    by_trunk = any(version.ring.trunks for version in versions)
    limit = min(limits)
    return limit, len(limits) == 1 and not by_trunk and limit % TENTH_US == 0
