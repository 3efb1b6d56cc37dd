"""The next record of a preview campaign: looked at by its agent, dialled at his word, or left with a reason.

Nothing is sent here: it is written down, and the scheduler commits and sends it, with every rule asked once more.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from schedulers.campaigns.choosing import group_candidates
from schedulers.campaigns.eligible import may_take
from schedulers.campaigns.records import (
    Assignment,
    Campaign,
    CampaignState,
    DialAttempt,
    DialMode,
    FreeAgent,
    Phase,
)
from schedulers.dialling.choosing import intent_of
from schedulers.errors import RefusedError
from schedulers.followups.rules import Rules
from schedulers.storage import campaigns as stored_campaigns
from schedulers.storage import customers as stored
from schedulers.storage import dial_asking
from schedulers.storage.accounts import load_accounts
from schedulers.storage.campaign_candidates import Callers, load_ready, on_list
from schedulers.storage.dial_attempts import Lease, plan
from schedulers.storage.dial_reading import load_of_agent
from service.desk.desk import Desk
from service.desk.phones import device_of

LOOKED_AT = 100
"""Contacts of a campaign that are looked at to find an agent's next one."""
NOBODYS = Lease(runner="", until=None)
"""Planned by no scheduler: any may take it up."""


def next_record(desk: Desk, agent: str, now: datetime) -> DialAttempt | None:
    """The record that an agent looks at: the one he has, else a new one; None where nothing is there for him now.

    Raises RefusedError for an agent who is in a call of ours, does not work here or has no phone.
    """
    rules = desk.rules
    with desk.engine.begin() as connection:
        held = load_of_agent(connection, agent)
        if held is not None:
            if held.phase is Phase.PLANNED and held.mode is DialMode.PREVIEW:
                return held
            raise RefusedError("agent", f"{agent}, who is in a call of ours", "one who is free")
        device = device_of(connection, rules, agent, now)
        for campaign in stored_campaigns.load_all(connection, (CampaignState.RUNNING,)):
            if campaign.mode is DialMode.PREVIEW:
                free = FreeAgent(
                    agent=agent,
                    device=device,
                    pbx=campaign.pbx,
                    since=now,
                    group=rules.staff.group_of(agent, now),
                )
                found = _next_of(connection, campaign, free, rules, now)
                if found is not None:
                    return found
    return None


def _next_of(
    connection: Connection, campaign: Campaign, free: FreeAgent, rules: Rules, now: datetime
) -> DialAttempt | None:
    """The first contact of a campaign that he may take and nobody else has."""
    kinds = rules.version_at(now).promises.kinds
    shared = tuple(each.id for each in kinds if each.anyone)
    callers = Callers(agents=(free.agent,), shared_kinds=shared)
    ready = load_ready(connection, campaign, now, limit=LOOKED_AT, callers=callers)
    accounts = load_accounts(connection, {each.customer for each in ready}, now, stored.load)
    told = on_list(connection, campaign, accounts.values())
    for candidate in group_candidates(campaign, told, rules, now).candidates:
        if may_take(free, candidate, campaign, rules.staff, now):
            assignment = Assignment(candidate=candidate, agent=free)
            intent = intent_of(assignment, campaign, accounts[candidate.customer], rules, now, by=free.agent)
            planned, _ = plan(connection, [intent], now, NOBODYS)
            if planned:
                return planned[0]
    return None


def dial(desk: Desk, attempt: int, agent: str, now: datetime) -> DialAttempt:
    """The agent wants the customer of his record dialled. Raises RefusedError."""
    with desk.engine.begin() as connection:
        return dial_asking.ask_to_dial(connection, attempt, agent, now)


def skip(desk: Desk, attempt: int, agent: str, reason: str, now: datetime) -> DialAttempt:
    """The agent leaves his record, and why; it rests a while before it comes to anybody. Raises RefusedError."""
    with desk.engine.begin() as connection:
        return dial_asking.skip(connection, attempt, agent, now, reason)
