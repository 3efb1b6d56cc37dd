"""Within three rings, the agent's view: the rate, what it is over, and what stands apart and is nobody's fault.

Rows: `{"agent", "offered", "within", "rate", "late", "no_answer", "declined", "caller_gave_up_late",
"caller_gave_up_early", "answered_elsewhere", "busy", "unreachable", "failed", "ringing"}`; grouped by anything
else, the first keys are those groupings. `offered` is what the rate is over; `rate` is null over nothing.
"""

from __future__ import annotations

from datetime import datetime

from analytics.metrics.cells import Group
from analytics.metrics.periods import Period
from analytics.metrics.query import Query, ResultRow, run
from analytics.metrics.showing import as_number
from analytics.reports.report import Cell, Report, named_by, report_of
from analytics.values import Source
from config.policies import Policy

_COLUMNS = {
    "offered": "ring_offered",
    "within": "ring_within",
    "rate": "three_ring_rate",
    "late": "ring_late",
    "no_answer": "ring_no_answer",
    "declined": "ring_declined",
    "caller_gave_up_late": "ring_caller_gave_up_late",
    "caller_gave_up_early": "ring_caller_gave_up_early",
    "answered_elsewhere": "ring_answered_elsewhere",
    "busy": "ring_busy",
    "unreachable": "ring_unreachable",
    "failed": "ring_failed",
    "ringing": "ring_open",
}


def three_rings_report(
    source: Source, policy: Policy, period: Period, as_of: datetime, groups: tuple[Group, ...] = (Group.AGENT,)
) -> Report:
    """The three-ring rate of a period, by agent unless told otherwise."""
    query = Query(metrics=tuple(_COLUMNS.values()), period=period, as_of=as_of, groups=groups)
    result = run(query, source, policy)
    return report_of("three-rings", result, tuple(_row(groups, row) for row in result.rows))


def _row(groups: tuple[Group, ...], row: ResultRow) -> dict[str, Cell]:
    figures = {column: as_number(row.values[metric]) for column, metric in _COLUMNS.items()}
    return {**named_by(groups, row), **figures}
