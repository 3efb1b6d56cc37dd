"""How far each agent is behind on his month's minutes: who is most behind is given the next call. Blocking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from analytics.metrics.cells import Group
from analytics.metrics.periods import month_period
from analytics.metrics.query import Query, run
from analytics.people.people_store import load_roster
from analytics.reports.minutes import tier_of
from analytics.reports.quota import standing
from analytics.sources import figures_of
from analytics.storage.queries import Gaps
from config.policies import Policy
from schedulers.campaigns.eligible import share_behind
from telephony.clock import to_microseconds


def behind_of(engine: Engine, policy: Policy, gaps: Gaps, now: datetime) -> Mapping[str, float]:
    """By agent, the part that is missing of what is due by now, of those who have a floor. Raises SQLAlchemyError."""
    local = now.astimezone(policy.zone)
    period = month_period(local.year, local.month, policy.zone, policy.day_start)
    floors = {each.agent: tier_of(policy, each.agent, period) for each in policy.agents}
    wanted = {
        agent: tier.floor_minutes for agent, tier in floors.items() if tier and tier.floor_minutes is not None
    }
    if not wanted:
        return {}
    with engine.connect() as connection:
        roster = load_roster(connection, policy.zone)
        query = Query(metrics=("talk_minutes",), period=period, as_of=now, groups=(Group.AGENT,))
        result = run(query, figures_of(connection, policy, gaps), policy)
    found: dict[str, float] = {}
    for agent, floor in wanted.items():
        talk_ms = int(result.row(agent).values["talk_minutes"] or 0)
        stands = standing(policy, roster, agent, period, to_microseconds(now), talk_ms, floor)
        found[agent] = share_behind(stands, talk_ms)
    return found
