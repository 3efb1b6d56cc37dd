"""The one place where the API meets the metrics: a question in the API's words to figures, and the calls behind one.

Everything else here knows groups and metrics by name only. Functions block; they are called in worker threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Chapter, Metric, Unit, Value
from analytics.metrics.grouping import FIELD
from analytics.metrics.periods import Period, clock_of, day_period, parse_period
from analytics.metrics.query import Query, run
from analytics.metrics.showing import as_number, shown
from analytics.people.people_store import load_roster
from analytics.reports.minutes import minutes_report
from analytics.reports.report import Report
from analytics.reports.three_rings import three_rings_report
from analytics.sources import figures_of, no_gaps
from analytics.storage.queries import Gaps
from config.policies import Policy, ServiceLevelFormula
from telephony.clock import to_microseconds

GROUPS = tuple(each.value for each in Group if each is not Group.CALL)
"""What figures can be told apart by, in the order of the enum. The calls behind one have an endpoint of their own."""

REPORTS = ("minutes", "three-rings")
"""The names in their addresses."""

CHOICES = tuple(each for each in GROUPS if Group(each) in FIELD)
"""What figures can be restricted to."""

PLACES = {Unit.COUNT: 0, Unit.MINUTES: 4, Unit.SECONDS: 3, Unit.RATE: 6, Unit.PER_MINUTE: 3, Unit.MEAN: 3}
"""Decimals of a value as the API gives it."""

ADDING = frozenset({Unit.COUNT, Unit.MINUTES})
"""Units in which the parts add up to the whole."""

CHAPTERS = tuple(each.value for each in Chapter)
"""What metrics are about, in the order of the enum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which figures. `rings`, `within` and `formula` ask what would be, had the policy said so.

    language: that of the warnings, `en` or `zh`.
    """

    metrics: tuple[str, ...]
    period: Period
    as_of: datetime
    groups: tuple[str, ...] = ()
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rings: int | None = None
    within: timedelta | None = None
    formula: ServiceLevelFormula | None = None
    language: str = "en"

    def as_query(self) -> Query:
        """In the words of the metrics."""
        return Query(
            metrics=self.metrics,
            period=self.period,
            as_of=self.as_of,
            groups=tuple(Group(name) for name in self.groups),
            where={Group(name): values for name, values in self.where.items()},
            rings=self.rings,
            within=self.within,
            formula=self.formula,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Figures of one key, which has a part for each of the question's groups."""

    key: tuple[str, ...]
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a question. `digest` names the very rules that judged."""

    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    service_level: str
    policy: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The calls behind one figure, each with its part of it, in no order; and what to beware of."""

    metric: Metric
    figure: Value
    parts: tuple[tuple[str, Value], ...]
    warnings: tuple[str, ...]
    policy: str
    digest: str


def chapter_of(metric: Metric) -> str:
    """What a metric is about."""
    return metric.chapter.value


def groups_of(metric: Metric) -> tuple[str, ...]:
    """What a metric can be told apart by."""
    return tuple(each for each in GROUPS if Group(each) in metric.groups)


def number_of(metric: Metric, value: Value) -> int | float | None:
    """A value in the metric's unit, rounded once."""
    return as_number(shown(metric, value, PLACES[metric.unit]))


def exact_of(metric: Metric, value: Value) -> int | None:
    """What adds up: a count, or whole milliseconds; None for rates and averages."""
    return int(value) if value is not None and metric.unit in ADDING else None


def digest_of(policy: Policy) -> str:
    """Names the rules: another digest where any of them differs."""
    return policy.digest()


def period_of(text: str, policy: Policy) -> Period:
    """A period of the centre's own calendar. Raise PeriodError, OverflowError."""
    return parse_period(text, policy.zone, policy.day_start)


def today(at: datetime, policy: Policy) -> Period:
    """The business day of the centre that an instant belongs to."""
    return day_period(clock_of(policy).day_of(to_microseconds(at)), policy.zone, policy.day_start)


def report(
    connection: Connection,
    policy: Policy,
    name: str,
    period: Period,
    as_of: datetime,
    groups: tuple[str, ...],
    gaps: Gaps = no_gaps,
) -> Report:
    """A report by name, told apart by these groups; by none where it is one row. Raise QueryError."""
    source, named = figures_of(connection, policy, gaps), tuple(Group(each) for each in groups)
    if name == "minutes":
        return minutes_report(source, policy, period, as_of, named, load_roster(connection, policy.zone))
    return three_rings_report(source, policy, period, as_of, named)


def ask(connection: Connection, policy: Policy, question: Question, gaps: Gaps = no_gaps) -> Found:
    """The figures. Raise QueryError for a metric, group or choice that cannot be."""
    result = run(question.as_query(), figures_of(connection, policy, gaps), policy)
    return Found(
        rows=tuple(Row(key=row.key, values=row.values) for row in result.rows),
        warnings=tuple(each.sentence(question.language) for each in result.warnings),
        service_level=result.service_level.value,
        policy=result.policy,
        digest=result.policy_digest,
    )


def behind(
    connection: Connection, policy: Policy, question: Question, key: Mapping[str, str], gaps: Gaps = no_gaps
) -> Behind:
    """The calls behind the one figure that a key names. Raise QueryError as `ask` does."""
    name = question.metrics[0]
    wanted = _restricted(question, key)
    whole = ask(connection, policy, wanted, gaps)
    by_call = ask(connection, policy, replace(wanted, groups=(Group.CALL.value, *wanted.groups)))
    told = tuple(key[group] for group in wanted.groups)
    figure = next((row.values[name] for row in whole.rows if row.key == told), METRICS[name].empty)
    parts = ((row.key[0], row.values[name]) for row in by_call.rows if row.key[1:] == told and row.key[0])
    return Behind(
        metric=METRICS[name],
        figure=figure,
        parts=tuple((call_id, value) for call_id, value in parts if value is not None),
        warnings=whole.warnings,
        policy=whole.policy,
        digest=whole.digest,
    )


def _restricted(question: Question, key: Mapping[str, str]) -> Question:
    """The question with what a key names as a choice where that can be one, and told apart where it cannot."""
    where = dict(question.where)
    for group, value in key.items():
        if group in CHOICES:
            where[group] = where.get(group, frozenset({value})) & {value}
    return replace(question, where=where, groups=tuple(each for each in key if each not in CHOICES))
