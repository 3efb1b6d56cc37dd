"""The load: inbound calls, waits and handle time by the clock, by shift, in hours and out; and the agents it asks for.

Rows: the groups, then `{"calls", "self_service", "offered", "answered", "abandoned", "answer_rate", "visits",
"average_wait_seconds", "longest_wait_seconds", "service_level", "average_handle_seconds"}`. `offered` are the inbound
calls that wanted a human: all but those that a menu or a message served.

With staffing also `{"quarter_hours", "offered_per_quarter", "handle_seconds", "load", "agents", "scheduled",
"expected_service_level", "expected_wait_seconds", "expected_occupancy"}`: a suggestion by Erlang C for the mean of the
row's quarter hours, and what it was made of. `handle_seconds` is of the whole period. Where calls came and no handle
time is known, nothing is suggested: null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.grouping import Key
from analytics.metrics.in_force import MICROSECOND, InForce
from analytics.metrics.periods import Period
from analytics.metrics.query import Query, Result, ResultRow, run
from analytics.metrics.showing import as_number, quotient, seconds, shown
from analytics.metrics.staffing import Demand, Staffing, Target, suggest
from analytics.people.roster import Roster
from analytics.reports.load_time import QUARTER_MS, TIMED, LoadTime
from analytics.reports.report import Cell, Report
from analytics.values import Source
from config.policies import Policy
from telephony.calls.facts import Direction
from telephony.clock import to_microseconds

_FIGURES = {
    "calls": "calls_inbound",
    "self_service": "inbound_menu_only",
    "answered": "inbound_answered",
    "abandoned": "inbound_abandoned",
    "answer_rate": "answer_rate",
    "visits": "visits",
    "average_wait_seconds": "average_wait",
    "longest_wait_seconds": "longest_wait",
    "service_level": "service_level",
    "average_handle_seconds": "average_handle_time",
}
_HANDLE = "average_handle_time"
_INBOUND = {Group.DIRECTION: frozenset({Direction.INBOUND.value})}
_SAID = {
    "en": (
        "agents are a suggestion by Erlang C for the mean of the row's quarter hours: {level} % within {within} s, "
        "busy at most {occupancy} %, shrinkage {shrinkage} %; no caller is thought to give up"
    ),
    "zh": (
        "坐席数为按该行各刻钟平均来电量以 Erlang C 推算的建议值：{within} 秒内接通 {level}%，占用率不超过 "
        "{occupancy}%，损耗 {shrinkage}%；假定来电者不放弃"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How the load is asked for. shrinkage: per cent of paid time away from the phone; language: of the warnings."""

    groups: tuple[str, ...] = ("weekday", "hour")
    staffing: bool = False
    shrinkage: int = 0
    language: str = "en"


PLAIN = Asked()


def load_report(
    source: Source, policy: Policy, period: Period, as_of: datetime, roster: Roster, asked: Asked = PLAIN
) -> Report:
    """The load of a period. Raise QueryError for groups that calls cannot be told apart by."""
    edge_us = min(period.end_us, to_microseconds(as_of))
    time = LoadTime(period, edge_us, InForce(policy), roster, asked.groups)
    metrics = tuple(_FIGURES.values())
    query = Query(metrics=metrics, period=period, as_of=as_of, groups=time.asked, where=_INBOUND)
    result = run(query, source, policy, time.name)
    rows = [_row(asked.groups, row) for row in result.rows]
    warnings = [each.sentence(asked.language) for each in result.warnings]
    if asked.staffing:
        planned = _Planned(source, policy, query, time, asked)
        rows = [told | planned.cells(row) for told, row in zip(rows, result.rows, strict=True)]
        warnings.append(planned.sentence())
    return Report(name="load", period=period.label, as_of=as_of, rows=tuple(rows), warnings=tuple(warnings))


def _row(groups: tuple[str, ...], row: ResultRow) -> dict[str, Cell]:
    told: dict[str, Cell] = dict(zip(groups, row.key, strict=True)) or {"all": ""}
    for column, metric in _FIGURES.items():
        told[column] = as_number(shown(METRICS[metric], row.values[metric]))
        if column == "self_service":
            told["offered"] = _offered(row)
    return told


def _offered(row: ResultRow) -> int:
    return int(row.values["calls_inbound"] or 0) - int(row.values["inbound_menu_only"] or 0)


class _Planned:
    """The agents that each row's load asks for."""

    def __init__(self, source: Source, policy: Policy, query: Query, time: LoadTime, asked: Asked) -> None:
        level = policy.resolve(query.period.start).service_level
        self._asked = asked
        self._time = time
        self._spent = time.spent_ms()
        self._handle = _handle_times(source, policy, query, asked.groups)
        self._target = Target(
            service_level=Fraction(level.target, 100),
            within_ms=level.within // MICROSECOND // 1000,
            occupancy=Fraction(level.occupancy, 100),
            shrinkage=Fraction(asked.shrinkage, 100),
        )

    def cells(self, row: ResultRow) -> dict[str, Cell]:
        """The suggestion for a row, after what it was made of."""
        spent_ms = self._spent.get(self._time.timed(row.key), 0)
        handle_ms = self._handle.get(_untimed(self._asked.groups, row.key))
        offered = Fraction(_offered(row))
        mean = offered * QUARTER_MS / spent_ms if spent_ms else None
        made = self._suggest(mean, handle_ms)
        return {
            "quarter_hours": as_number(quotient(Fraction(spent_ms, QUARTER_MS), 2)),
            "offered_per_quarter": None if mean is None else as_number(quotient(mean, 2)),
            "handle_seconds": None if handle_ms is None else as_number(seconds(Fraction(handle_ms), 1)),
            **_suggested(made),
        }

    def _suggest(self, mean: Fraction | None, handle_ms: Value) -> Staffing | None:
        if mean is None or (mean and handle_ms is None):
            return None
        return suggest(Demand(calls=mean, handle_ms=Fraction(handle_ms or 0), interval_ms=QUARTER_MS), self._target)

    def sentence(self) -> str:
        """What the suggestion is to reach."""
        target = self._target
        return _SAID[self._asked.language].format(
            level=_per_cent(target.service_level),
            within=f"{seconds(target.within_ms).normalize():f}",
            occupancy=_per_cent(target.occupancy),
            shrinkage=_per_cent(target.shrinkage),
        )


def _handle_times(source: Source, policy: Policy, query: Query, groups: tuple[str, ...]) -> Mapping[Key, Value]:
    """The handle time of the whole period, by what tells rows apart beside the clock."""
    apart = tuple(Group(each) for each in groups if each not in TIMED)
    result: Result = run(replace(query, metrics=(_HANDLE,), groups=apart), source, policy)
    return {row.key: row.values[_HANDLE] for row in result.rows}


def _untimed(groups: tuple[str, ...], key: Key) -> Key:
    return tuple(part for group, part in zip(groups, key, strict=True) if group not in TIMED)


def _suggested(made: Staffing | None) -> dict[str, Cell]:
    if made is None:
        names = ("load", "agents", "scheduled", "expected_service_level", "expected_wait_seconds")
        return dict.fromkeys((*names, "expected_occupancy"))
    wait = made.average_wait_ms
    return {
        "load": as_number(quotient(made.load, 3)),
        "agents": made.agents,
        "scheduled": made.scheduled,
        "expected_service_level": None if made.service_level is None else round(made.service_level, 4),
        "expected_wait_seconds": None if wait is None else round(wait / 1000, 1),
        "expected_occupancy": None if made.occupancy is None else as_number(quotient(made.occupancy, 4)),
    }


def _per_cent(share: Fraction) -> int:
    return int(share * 100)
