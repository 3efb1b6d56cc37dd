"""The questions that pages put, and what every page shows of the answer beside its figures. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.query import Query, Result
from config.policies import Policy, PolicyVersion
from service.dashboard.board import KnownCounts
from service.dashboard.figures.cells import Opener, with_drills
from service.dashboard.figures.scope import Scope
from service.dashboard.figures.spells import Spell

KNOWN = ("calls", "calls_repaired", "calls_inferred")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a page is about: which days, of whom, by which rules, as known when."""

    spell: Spell
    scope: Scope
    policy: Policy
    as_of: datetime

    @property
    def rules(self) -> PolicyVersion:
        """The rules in force when it is told."""
        return self.policy.resolve(self.as_of)

    def query(
        self,
        metrics: Iterable[str],
        *groups: Group,
        distributions: tuple[str, ...] = (),
        spell: Spell | None = None,
    ) -> Query:
        """A question about metrics of one sheet, with those that their links open; of other days where named."""
        names = with_drills(metrics)
        return Query(
            metrics=names,
            period=(spell or self.spell).period(self.policy),
            as_of=self.as_of,
            groups=groups,
            where=self.scope.where(names),
            distributions=distributions,
        )

    def known(self) -> Query:
        """How the calls of these days and filters are known."""
        return self.query(KNOWN)

    def opener(self, spell: Spell | None = None) -> Opener:
        """Makes links to the calls behind figures, with the filters of this page."""
        scope = self.scope
        filters = {"agent": scope.agent, "queue": scope.queue, "group": scope.group, "code": scope.code}
        return Opener(spell=spell or self.spell, filters=filters)


def values_of(result: Result, *key: str) -> Mapping[str, Value]:
    """The figures of a row; empty values where there is none."""
    return result.row(*key).values


def known_counts(result: Result) -> KnownCounts:
    """The known bar of a page."""
    calls, repaired, inferred = (int(result.row().values[name] or 0) for name in KNOWN)
    observed = calls - repaired - inferred
    return KnownCounts(
        observed=observed,
        repaired=repaired,
        inferred=inferred,
        observed_share=Fraction(observed, calls) if calls else None,
    )
