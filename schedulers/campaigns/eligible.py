"""Which agent may take which customer's call. Pure.

Narrower than whose talk counts (`schedulers.followups.owning.may_do`): a leader's talk counts for what his group owes,
but nobody is put through to him for that reason alone. Whoever may take a call is one whose talk counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from analytics.reports.quota import Standing
from schedulers.campaigns.records import Campaign, Candidate, FreeAgent, Why
from schedulers.followups.account import Staff

Key = tuple[int, str]
"""A candidate: campaign and customer."""


def key_of(candidate: Candidate) -> Key:
    """What names a candidate among all that could be dialled at an instant."""
    return (candidate.campaign, candidate.customer)


def may_take(agent: FreeAgent, candidate: Candidate, campaign: Campaign, staff: Staff, now: datetime) -> bool:
    """Whether a free agent may be given a candidate of a campaign: its owner, or where anyone may one of the group."""
    if agent.pbx != campaign.pbx or not _calls_for(agent, campaign):
        return False
    if agent.agent == candidate.owner:
        return True
    if not candidate.anyone or candidate.group not in (None, agent.group):
        return False
    return candidate.skill is None or staff.has_skill(agent.agent, candidate.skill, now)


def _calls_for(agent: FreeAgent, campaign: Campaign) -> bool:
    everybody = not campaign.groups and not campaign.agents
    return everybody or agent.agent in campaign.agents or agent.group in campaign.groups


def first_served(agent: FreeAgent) -> tuple[float, datetime, str]:
    """The order in which agents are served: who is most behind, then who is free longest, then by number."""
    return (-agent.behind, agent.since, agent.agent)


def share_behind(standing: Standing | None, talk_ms: int) -> float:
    """How far an agent is behind on his minutes, as `FreeAgent.behind`: what is missing ÷ what is due by now.

    0 where nothing is missing, nothing is due, or he has no floor; 1 where he has talked nothing.
    """
    due = standing.due_ms if standing is not None else None
    return max(0, due - talk_ms) / due if due else 0.0


def busy_owner(
    candidates: Iterable[Candidate], whys: Mapping[Key, Why], punctual: timedelta, now: datetime
) -> list[Candidate]:
    """The promised times that go to the leader now: `punctual` after them nobody who may take the call could be had.

    Of what `assign` left for want of an agent. Which were brought before the leader already is on record with the
    follow-up (`escalated_at`), and not known here.
    """
    left = (each for each in candidates if whys.get(key_of(each)) is Why.NO_AGENT)
    return [each for each in left if each.agreed_at is not None and each.agreed_at + punctual <= now]
