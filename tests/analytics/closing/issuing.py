"""Reports to issue, in one line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from analytics.closing.figures import Figures, freeze
from analytics.closing.issues import Draft, draft_of, issue
from analytics.closing.objections import WINDOW_DAYS, window_end
from analytics.closing.records import Issue
from analytics.metrics.periods import Period, month_period
from analytics.reports.minutes import minutes_report
from analytics.reports.report import Report
from analytics.storage.queries import StoredFacts
from tests.analytics.metrics.asking import SHANGHAI, policy

NOVEMBER = month_period(2026, 11, SHANGHAI)
RULES = policy()
ISSUED_AT = NOVEMBER.end + timedelta(hours=9)


def report(*rows: dict[str, Any], name: str = "minutes", as_of: datetime = ISSUED_AT, **more: Any) -> Report:
    """A report of November."""
    values: dict[str, Any] = {"period": "2026-11", "warnings": ()}
    return Report(name=name, as_of=as_of, rows=rows, **(values | more))


def figures(*rows: dict[str, Any], groups: tuple[str, ...] = ("agent",), **more: Any) -> Figures:
    """The same, frozen."""
    return freeze(report(*rows, **more), NOVEMBER, groups, RULES)


def draft(*rows: dict[str, Any], by: str = "王主管", at: datetime = ISSUED_AT, **more: Any) -> Draft:
    """The same, about to be issued; `more` is the report's, or the reason."""
    reason = more.pop("reason", None)
    return _draft(report(*rows, **more), by, at, reason)


def live(connection: Connection, as_of: datetime = ISSUED_AT) -> Report:
    """The minutes of November from what is stored."""
    return minutes_report(StoredFacts(connection), RULES, NOVEMBER, as_of)


def issue_live(store: Engine, by: str = "王主管", at: datetime = ISSUED_AT, reason: str | None = None) -> Issue:
    """Issue the minutes of November from what is stored."""
    with store.connect() as connection:
        made = live(connection, at)
    return issue(store, _draft(made, by, at, reason))


def _draft(made: Report, by: str, at: datetime, reason: str | None, period: Period = NOVEMBER) -> Draft:
    return draft_of(
        made,
        period,
        ("agent",),
        RULES,
        issued_by=by,
        issued_at=at,
        objections_until=window_end(at, WINDOW_DAYS, SHANGHAI),
        program="0.1.0",
        reason=reason,
    )
