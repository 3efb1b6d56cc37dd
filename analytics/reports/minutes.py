"""Phone minutes against the tier's monthly quota.

Rows: `{"agent", "name", "tier", "talk_minutes", "hold_minutes", "calls", "quota_floor", "quota_target",
"quota_short", "quota_floor_prorated", "projected_minutes", "behind"}`; grouped by anything else, the first keys
are those groupings and there is no quota. Every agent whom the policy names appears, with 0 minutes if he had none.
Being over the target is no fault. `quota_short` is what is missing to the floor that counts,
`quota_floor_prorated`; `behind` says whether less was talked than is due of it by now.
"""

from __future__ import annotations

from datetime import datetime

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, PeriodKind
from analytics.metrics.query import Query, Result, ResultRow, run
from analytics.metrics.showing import as_number, shown
from analytics.people.roster import Roster
from analytics.reports.quota import standing
from analytics.reports.report import Cell, Report, named_by, report_of
from analytics.values import Source
from config.people import Tier, in_force
from config.policies import Policy
from telephony.clock import to_microseconds

_METRICS = ("talk_minutes", "hold_minutes", "calls_handled")


def minutes_report(
    source: Source,
    policy: Policy,
    period: Period,
    as_of: datetime,
    groups: tuple[Group, ...] = (Group.AGENT,),
    roster: Roster | None = None,
) -> Report:
    """Phone minutes of a period, by agent unless told otherwise; `roster` has the shifts that quotas follow."""
    result = run(Query(metrics=_METRICS, period=period, as_of=as_of, groups=groups), source, policy)
    if groups != (Group.AGENT,):
        return report_of("minutes", result, tuple(_plain_row(groups, row) for row in result.rows))
    agents = sorted({row.key[0] for row in result.rows} | _agents_of(policy, period))
    rows = tuple(_agent_row(result.row(agent), policy, period, as_of, roster) for agent in agents)
    return report_of("minutes", result, rows, tuple(_warnings(result, agents, policy, period)))


def _agents_of(policy: Policy, period: Period) -> set[str]:
    """The agents whom the policy names for any part of the period."""
    return {
        each.agent
        for each in policy.agents
        if (each.start is None or each.start < period.end) and (each.end is None or period.start < each.end)
    }


def tier_of(policy: Policy, agent: str, period: Period) -> Tier | None:
    """The tier whose quota a month is measured by: that of its first instant, else the first in it."""
    tier = policy.tier_at(agent, period.start)
    if tier is not None:
        return tier
    later = sorted(
        each.start
        for each in policy.agents
        if each.agent == agent and each.start is not None and period.start < each.start < period.end
    )
    return next((found for start in later if (found := policy.tier_at(agent, start))), None)


def _agent_row(
    row: ResultRow, policy: Policy, period: Period, as_of: datetime, roster: Roster | None
) -> dict[str, Cell]:
    (agent,) = row.key
    named = policy.agent_at(agent, period.start) or policy.agent_at(agent, period.end)
    tier = tier_of(policy, agent, period)
    # The quota is a month's: no other period has one.
    quota = tier if period.kind is PeriodKind.MONTH else None
    floor = quota.floor_minutes if quota else None
    talk_ms = int(row.values["talk_minutes"] or 0)
    stands = standing(policy, roster, agent, period, to_microseconds(as_of), talk_ms, floor)
    missing = None if stands.floor_ms is None else max(stands.floor_ms - talk_ms, 0)
    return {
        "agent": agent,
        "name": named.name if named else None,
        "tier": tier.id if tier else None,
        **_figures(row),
        "quota_floor": floor,
        "quota_target": quota.target_minutes if quota else None,
        "quota_short": _minutes(missing),
        "quota_floor_prorated": _minutes(stands.floor_ms),
        "projected_minutes": _minutes(stands.projected_ms) if quota else None,
        "behind": stands.behind(talk_ms),
    }


def _minutes(ms: int | None) -> Cell:
    return None if ms is None else as_number(shown(METRICS["talk_minutes"], ms, 4))


def _plain_row(groups: tuple[Group, ...], row: ResultRow) -> dict[str, Cell]:
    return {**named_by(groups, row), **_figures(row)}


def _figures(row: ResultRow) -> dict[str, Cell]:
    return {
        "talk_minutes": as_number(shown(METRICS["talk_minutes"], row.values["talk_minutes"], 4)),
        "hold_minutes": as_number(shown(METRICS["hold_minutes"], row.values["hold_minutes"], 4)),
        "calls": as_number(row.values["calls_handled"]),
    }


def _warnings(result: Result, agents: list[str], policy: Policy, period: Period) -> list[str]:
    if period.kind is not PeriodKind.MONTH:
        return ["quotas are for calendar months: none is shown for this period"]
    last = period.end - period.end.resolution
    return [
        f"{agent}: the tier changed within the month; the quota is that of its first day"
        for agent in agents
        if policy.tier_at(agent, last) != tier_of(policy, agent, period) and _is_named(policy, agent, period)
    ]


def _is_named(policy: Policy, agent: str, period: Period) -> bool:
    last = period.end - period.end.resolution
    return any(each.agent == agent and in_force(each, last) for each in policy.agents)
