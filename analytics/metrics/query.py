"""A question about figures, and its answer: which echoes the question, its instant and what to beware of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analytics.errors import QueryError
from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Group, Metric, Value
from analytics.metrics.folds import NOBODY, Fold
from analytics.metrics.formulas import Window
from analytics.metrics.in_force import InForce
from analytics.metrics.periods import Period
from analytics.metrics.tallies import Tally
from analytics.values import Source
from config.policies import Policy, ServiceLevelFormula
from telephony.clock import to_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which metrics, over which period, told apart by what, as known at which instant."""

    metrics: tuple[str, ...]
    period: Period
    as_of: datetime
    group: Group = Group.NONE
    agents: frozenset[str] | None = None  # only these
    queues: frozenset[str] | None = None  # only these

    def chosen(self) -> tuple[Metric, ...]:
        """The metrics by name. Raise QueryError for one that is unknown or cannot be grouped so."""
        unknown = [name for name in self.metrics if name not in METRICS]
        if unknown:
            raise QueryError(f"metric {unknown[0]}: not known, expected one of {', '.join(METRICS)}")
        chosen = tuple(METRICS[name] for name in self.metrics)
        for metric in chosen:
            if self.group not in metric.family.groups:
                possible = ", ".join(sorted(metric.family.groups))
                raise QueryError(f"metric {metric.name}: found group {self.group}, expected one of {possible}")
            self._check_choice(metric)
        return chosen

    def _check_choice(self, metric: Metric) -> None:
        """A call is no one agent's and no one queue's: a choice of them would silently count all."""
        for name, given, group in (
            ("agents", self.agents, Group.AGENT),
            ("queues", self.queues, Group.QUEUE),
        ):
            if given is not None and group not in metric.family.groups:
                raise QueryError(f"metric {metric.name}: found a choice of {name}, expected none")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """The figures of one agent, queue, day …; `key` is '' where nothing is told apart."""

    key: str
    values: dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer. `warnings` say what a reader must know before he trusts it.

    `service_level` names the formula by which that metric was made.
    """

    query: Query
    rows: tuple[ResultRow, ...]
    warnings: tuple[str, ...]
    service_level: ServiceLevelFormula

    def row(self, key: str = "") -> ResultRow:
        """The row of a key; of nothing but empty values where there is none."""
        found = (row for row in self.rows if row.key == key)
        empty = {name: METRICS[name].empty for name in self.query.metrics}
        return next(found, ResultRow(key=key, values=empty))


def run(query: Query, source: Source, policy: Policy) -> Result:
    """Answer a query."""
    chosen = query.chosen()
    families = {metric.family for metric in chosen}
    in_force = InForce(policy)
    parts = list(query.period.days()) if query.group is Group.DAY else [query.period]
    folds = [_fold(query, part, source, in_force) for part in parts]
    for fold in folds:
        fold.run(families)
    tallies = _by_key(query, parts, folds)
    return Result(
        query=query,
        rows=tuple(
            ResultRow(key=key, values={metric.name: metric.value(tally) for metric in chosen})
            for key, tally in sorted(tallies.items())
        ),
        warnings=tuple(_warnings(query, source, in_force, folds)),
        service_level=in_force.version(query.period.start_us).service_level.formula,
    )


def _by_key(query: Query, parts: list[Period], folds: list[Fold]) -> dict[str, Tally]:
    """The tallies of the rows; each day has one, and so has the whole, also where nothing happened."""
    if query.group is Group.DAY:
        return {part.label: fold.only() for part, fold in zip(parts, folds, strict=True)}
    return {NOBODY: folds[0].only()} if query.group is Group.NONE else folds[0].tallies


def _fold(query: Query, period: Period, source: Source, in_force: InForce) -> Fold:
    return Fold(
        source=source,
        window=_window(query, period),
        in_force=in_force,
        group=Group.NONE if query.group is Group.DAY else query.group,
        agents=query.agents,
        queues=query.queues,
    )


def _window(query: Query, period: Period) -> Window:
    return Window(start_us=period.start_us, end_us=period.end_us, as_of_us=to_microseconds(query.as_of))


def _warnings(query: Query, source: Source, in_force: InForce, folds: list[Fold]) -> Iterable[str]:
    """What a reader must know: of the period, of the calls, and of sums that overlap."""
    window = _window(query, query.period)
    if window.as_of_us < window.end_us:
        yield f"the period was not over: counted up to {query.as_of.isoformat()}"
    if in_force.version(window.start_us) is not in_force.version(window.end_us - 1):
        yield "the policy changed within the period: each call is judged by the one in force when it began"
    inferred = source.inferred(window.start_us, window.end_us)
    if inferred:
        yield f"{inferred} of the calls are inferred: part of them was not heard"
    still_open = folds[-1].open_talks if folds else 0
    if still_open:
        yield f"{still_open} talks were still going on and are counted up to the as-of instant"
    if any(fold.conferences for fold in folds):
        yield "in a conference each agent has his full time: sums may exceed the customer's time"
