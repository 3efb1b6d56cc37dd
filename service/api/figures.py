"""The one place where the API meets the metrics: a question in the API's words to figures, and the calls behind one.

Everything else here knows groups and metrics by name only. Functions block; they are called in worker threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from analytics.errors import QueryError
from analytics.metrics.catalogue import METRICS
from analytics.metrics.definitions import Family, Group, Metric, Unit, Value
from analytics.metrics.periods import Period, day_period, parse_period
from analytics.metrics.query import Query, Result, run
from analytics.metrics.showing import as_number, shown
from analytics.people.store import load_agent_periods
from analytics.reports.minutes import minutes_report
from analytics.reports.report import Report
from analytics.reports.three_rings import three_rings_report
from analytics.storage.queries import StoredFacts
from analytics.values import Source
from config.policies import Policy, PolicyVersion, ServiceLevelFormula
from service.api.by_call import CallsApart

GROUPS = tuple(each.value for each in Group if each is not Group.NONE)
"""What figures can be told apart by, in the order of the enum."""

REPORTS = {"minutes": minutes_report, "three-rings": three_rings_report}
"""By the name in their address."""

CHOICES = ("agent", "queue")
"""What figures can be restricted to."""

PLACES = {Unit.COUNT: 0, Unit.MINUTES: 4, Unit.SECONDS: 3, Unit.RATE: 6}
"""Decimals of a value as the API gives it."""

ADDING = frozenset({Unit.COUNT, Unit.MINUTES})
"""Units in which the parts add up to the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which figures. `rings`, `within` and `formula` ask what would be, had the policy said so."""

    metrics: tuple[str, ...]
    period: Period
    as_of: datetime
    groups: tuple[str, ...] = ()
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rings: int | None = None
    within: timedelta | None = None
    formula: ServiceLevelFormula | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Figures of one key, which has a part for each of the question's groups."""

    key: tuple[str, ...]
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a question. `digest` names the policy's very rules."""

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


CHAPTERS = tuple(each.value for each in Family)
"""What metrics are about, in the order of the enum."""


def chapter_of(metric: Metric) -> str:
    """What a metric is about."""
    return metric.family.value


def groups_of(metric: Metric) -> tuple[str, ...]:
    """What a metric can be told apart by."""
    return tuple(each.value for each in Group if each in metric.family.groups and each is not Group.NONE)


def number_of(metric: Metric, value: Value) -> int | float | None:
    """A value in the metric's unit, rounded once."""
    return as_number(shown(metric, value, PLACES[metric.unit]))


def exact_of(metric: Metric, value: Value) -> int | None:
    """What adds up: a count, or whole milliseconds; None for rates and averages."""
    return int(value) if value is not None and metric.unit in ADDING else None


def digest_of(policy: Policy) -> str:
    """Names the rules: another digest where any of them differs."""
    return hashlib.sha256(repr(policy).encode()).hexdigest()[:16]


def in_force(connection: Connection, policy: Policy) -> Policy:
    """The policy with the people that are stored, where any are."""
    stored = load_agent_periods(connection)
    return replace(policy, agents=stored) if stored else policy


def period_of(text: str, policy: Policy) -> Period:
    """A period of the centre's own calendar. Raise PeriodError, OverflowError."""
    return parse_period(text, policy.zone)


def today(at: datetime, policy: Policy) -> Period:
    """The day of the centre that an instant belongs to."""
    return day_period(at.astimezone(policy.zone).date(), policy.zone)


def report(
    connection: Connection, policy: Policy, name: str, period: Period, as_of: datetime, groups: tuple[str, ...]
) -> Report:
    """A report by name, told apart by these groups; by none where it is one row. Raise QueryError."""
    if len(groups) > 1:
        raise QueryError(f"group: found {', '.join(groups)}, expected one")
    group = Group(groups[0]) if groups else Group.NONE
    return REPORTS[name](StoredFacts(connection), in_force(connection, policy), period, as_of, group)


def ask(connection: Connection, policy: Policy, question: Question) -> Found:
    """The figures. Raise QueryError for a metric, group or choice that cannot be."""
    return _asked_of(StoredFacts(connection), in_force(connection, policy), question)


def behind(connection: Connection, policy: Policy, question: Question, key: Mapping[str, str]) -> Behind:
    """The calls behind the one figure that a key names. Raise QueryError as `ask` does."""
    metric = _metric(question.metrics[0])
    rules = in_force(connection, policy)
    apart = CallsApart(StoredFacts(connection))
    whole = _asked_of(apart.all(question.period), rules, question)
    parts = (
        (each.call_id, _figure(_asked_of(each.source, rules, question), question, key))
        for each in apart.calls(question.period)
    )
    return Behind(
        metric=metric,
        figure=_figure(whole, question, key),
        parts=tuple((call_id, value) for call_id, value in parts if value),
        warnings=whole.warnings,
        policy=whole.policy,
        digest=whole.digest,
    )


def _figure(found: Found, question: Question, key: Mapping[str, str]) -> Value:
    wanted = tuple(key[name] for name in question.groups)
    name = question.metrics[0]
    return next((row.values[name] for row in found.rows if row.key == wanted), METRICS[name].empty)


def _asked_of(source: Source, policy: Policy, question: Question) -> Found:
    rules = _as_if(policy, question)
    results = [(part, run(_query(question, part), source, rules)) for part in _parts(question)]
    first = results[0][1]
    return Found(
        rows=tuple(sorted(_rows(question, results), key=lambda row: row.key)),
        warnings=tuple(dict.fromkeys(line for _, result in results for line in result.warnings)),
        service_level=first.service_level.value,
        policy=policy.name,
        digest=digest_of(policy),
    )


def _metric(name: str) -> Metric:
    if name not in METRICS:
        raise QueryError(f"metric {name[:40]!r}: not known, expected one of {', '.join(METRICS)}")
    return METRICS[name]


def _parts(question: Question) -> list[Period]:
    """Each day by itself where rows are told apart by day and by something else as well."""
    by_day = Group.DAY.value in question.groups and len(question.groups) > 1
    return list(question.period.days()) if by_day else [question.period]


def _query(question: Question, period: Period) -> Query:
    others = [name for name in question.groups if name != Group.DAY.value]
    if len(others) > 1:
        raise QueryError(f"group: found {', '.join(question.groups)}, expected day and at most one other")
    alone = Group(question.groups[0]) if question.groups else Group.NONE
    return Query(
        metrics=question.metrics,
        period=period,
        as_of=question.as_of,
        group=Group(others[0]) if others else alone,
        agents=question.where.get("agent"),
        queues=question.where.get("queue"),
    )


def _rows(question: Question, results: list[tuple[Period, Result]]) -> Iterator[Row]:
    for part, result in results:
        for row in result.rows:
            yield Row(key=_key(question.groups, part, row.key), values=row.values)


def _key(groups: tuple[str, ...], part: Period, found: str) -> tuple[str, ...]:
    if len(groups) < 2:
        return (found,) if groups else ()
    return tuple(part.label if name == Group.DAY.value else found for name in groups)


def _as_if(policy: Policy, question: Question) -> Policy:
    """The policy with what the question puts in its place."""
    if (question.rings, question.within, question.formula) == (None, None, None):
        return policy
    return replace(policy, versions=tuple(_version(each, question) for each in policy.versions))


def _version(version: PolicyVersion, question: Question) -> PolicyVersion:
    level = version.service_level
    return replace(
        version,
        ring=version.ring if question.rings is None else replace(version.ring, rings=question.rings),
        service_level=replace(
            level, within=question.within or level.within, formula=question.formula or level.formula
        ),
    )
