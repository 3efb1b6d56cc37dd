"""A question about figures, and its answer: which echoes the question, its instant and what to beware of.

It is answered by `analytics.metrics.query.run`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from analytics.errors import QueryError
from analytics.metrics.beware import Warned
from analytics.metrics.catalogue import DISTRIBUTIONS, METRICS
from analytics.metrics.cells import Group, groups_of
from analytics.metrics.definitions import Metric, Value
from analytics.metrics.grouping import FIELD, Key
from analytics.metrics.measures import FAMILY_OF, Family
from analytics.metrics.periods import Period
from analytics.metrics.spreads import Spread
from config.policies import ServiceLevelFormula

ANYTHING: Mapping[Group, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which metrics, over which period, told apart by what, as known at which instant.

    where: only cells whose value is among these. rings, within, formula: other limits than the policy's.
    version: judge everything by the policy's version in force at this instant, in the place of each call's own.
    """

    metrics: tuple[str, ...]
    period: Period
    as_of: datetime
    groups: tuple[Group, ...] = ()
    where: Mapping[Group, frozenset[str]] = field(default_factory=lambda: ANYTHING)
    distributions: tuple[str, ...] = ()
    rings: int | None = None
    within: timedelta | None = None
    formula: ServiceLevelFormula | None = None
    version: datetime | None = None

    def check(self) -> None:
        """Raise QueryError for a metric or a distribution that is unknown, or cannot be told apart or chosen so."""
        for name in self.metrics:
            if name not in METRICS:
                raise QueryError(f"metric {name}: not known, expected one of {', '.join(METRICS)}")
            self._check(name, METRICS[name].groups)
        for name in self.distributions:
            if name not in DISTRIBUTIONS:
                raise QueryError(f"distribution {name}: not known, expected one of {', '.join(DISTRIBUTIONS)}")
            self._check(name, groups_of(FAMILY_OF[name]))
        if len(set(self.groups)) < len(self.groups):
            raise QueryError(f"groups: found {', '.join(self.groups)}, expected each once")

    def _check(self, name: str, possible: Collection[Group]) -> None:
        for group in self.groups:
            if group not in possible:
                expected = ", ".join(sorted(possible))
                raise QueryError(f"metric {name}: found group {group}, expected one of {expected}")
        for group in self.where:
            if group not in possible or group not in FIELD or group is Group.CALL:
                expected = ", ".join(sorted((set(possible) & set(FIELD)) - {Group.CALL}))
                raise QueryError(f"metric {name}: found a choice of {group}, expected one of {expected}")

    @property
    def by_the_policy(self) -> bool:
        """Whether it is judged by the policy's own limits, and by no other."""
        return self.rings is None and self.within is None and self.formula is None and self.version is None

    @property
    def families(self) -> frozenset[Family]:
        """What is read to answer it."""
        measures = {name for each in self.metrics for name in METRICS[each].measures}
        return frozenset(FAMILY_OF[name] for name in (*measures, *self.distributions))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """The figures of one agent, queue, day …; `key` has a value for each group."""

    key: Key
    values: dict[str, Value]
    spreads: dict[str, Spread] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer. `warnings` say what a reader must know before he trusts it.

    `service_level` names the formula by which that metric was made. from_facts: how many business days were read from
    the facts, for they were not in a roll-up, or not any more.
    """

    query: Query
    rows: tuple[ResultRow, ...]
    warnings: tuple[Warned, ...]
    service_level: ServiceLevelFormula
    policy: str
    policy_digest: str
    from_facts: int = 0

    def row(self, *key: str) -> ResultRow:
        """The row of a key; of nothing but empty values where there is none."""
        found = (row for row in self.rows if row.key == key)
        empty = {name: METRICS[name].empty for name in self.query.metrics}
        return next(found, ResultRow(key=key, values=empty))


def metric_of(name: str, formula: ServiceLevelFormula) -> Metric:
    """The metric of a name; `service_level` by the formula that was chosen."""
    return METRICS[f"service_level_{formula.value}"] if name == "service_level" else METRICS[name]
