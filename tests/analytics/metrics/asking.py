"""Asking for a figure over some facts in one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import Period, day_period
from analytics.metrics.query import Query, Result, run
from config.policies import Policy, PolicyVersion
from telephony.calls.facts import Fact
from tests.analytics.factory import START

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = day_period(START.astimezone(SHANGHAI).date(), SHANGHAI)


def policy(*versions: PolicyVersion, zone: ZoneInfo = SHANGHAI, **more: object) -> Policy:
    """A plain policy, of these versions if any are given."""
    return Policy(
        name="test",
        zone=zone,
        country="CN",
        versions=versions or (PolicyVersion(),),
        **more,  # type: ignore[arg-type]
    )


def ask(
    facts: Iterable[Fact],
    *metrics: str,
    period: Period = TODAY,
    as_of: datetime | None = None,
    groups: tuple[Group, ...] = (),
    rules: Policy | None = None,
    **more: object,
) -> Result:
    """The answer over these facts, by default as known when the period is over."""
    query = Query(metrics=metrics, period=period, as_of=as_of or period.end, groups=groups, **more)  # type: ignore[arg-type]
    return run(query, FactsInMemory(facts), rules or policy())


def figure(
    facts: Iterable[Fact],
    metric: str,
    *,
    key: str = "",
    period: Period = TODAY,
    as_of: datetime | None = None,
    rules: Policy | None = None,
) -> Value:
    """One figure; `key` asks for an agent's."""
    groups = (Group.AGENT,) if key else ()
    found = ask(facts, metric, period=period, as_of=as_of, groups=groups, rules=rules)
    return found.row(*([key] if key else [])).values[metric]
