"""The next record of a preview campaign: looked at by its agent, dialled at his word, or left with a reason.

Nothing is sent here: it is written down, and the scheduler commits and sends it, with every rule asked once more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from schedulers.campaigns.choosing import group_candidates, served
from schedulers.campaigns.eligible import may_take
from schedulers.campaigns.records import (
    Campaign,
    CampaignState,
    Candidate,
    DialAttempt,
    DialMode,
    FreeAgent,
    Phase,
    Why,
)
from schedulers.errors import RefusedError
from schedulers.followups.account import Account
from schedulers.followups.rules import Rules
from schedulers.storage import campaigns as stored_campaigns
from schedulers.storage import customers as stored
from schedulers.storage.accounts import load_accounts
from schedulers.storage.campaign_candidates import Callers, load_ready
from schedulers.storage.dial_asking import ask_to_dial
from schedulers.storage.dial_attempts import Intent, Lease, drop, plan
from schedulers.storage.dial_reading import load_attempts, load_of_agent
from schedulers.storage.dial_refusals import Refusal, note_refusals
from service.desk.desk import Desk
from service.desk.phones import device_of

LOOKED_AT = 100
"""Contacts of a campaign that are looked at to find an agent's next one."""
NOBODYS = Lease(runner="", until=None)
"""Planned by no scheduler: any may take it up."""
SKIPPED_RESTS = timedelta(minutes=15)
"""So long a record that was left comes to nobody; ours."""


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
    for candidate in group_candidates(campaign, accounts.values(), rules, now).candidates:
        if may_take(free, candidate, campaign, rules.staff, now):
            intent = _intent(campaign, candidate, free, accounts[candidate.customer], rules, now)
            planned, _ = plan(connection, [intent], now, NOBODYS)
            if planned:
                return planned[0]
    return None


def _intent(
    campaign: Campaign, candidate: Candidate, free: FreeAgent, account: Account, rules: Rules, now: datetime
) -> Intent:
    return Intent(
        campaign=campaign.id,
        mode=DialMode.PREVIEW,
        follow_ups=served(candidate, free.agent, account, rules, now) or candidate.follow_ups[:1],
        customer=candidate.customer,
        number=candidate.number,
        agent=free.agent,
        device=free.device,
        pbx=campaign.pbx,
        trunk=campaign.trunk,
        by=free.agent,
    )


def dial(desk: Desk, attempt: int, agent: str, now: datetime) -> DialAttempt:
    """The agent wants the customer of his record dialled. Raises RefusedError."""
    with desk.engine.begin() as connection:
        return ask_to_dial(connection, attempt, agent, now)


def skip(desk: Desk, attempt: int, agent: str, reason: str, now: datetime) -> DialAttempt:
    """The agent leaves his record, and why; it rests a while before it comes to anybody. Raises RefusedError."""
    with desk.engine.begin() as connection:
        found = _his(connection, attempt, agent)
        if not reason.strip():
            raise RefusedError("reason", "none", "why the record is left, in words")
        if not drop(connection, [attempt], Why.SKIPPED, now, reason.strip()):
            raise RefusedError(f"attempt {attempt}", f"one that is {found.phase.value}", "one that is planned")
        if found.campaign is not None:
            note_refusals(connection, [_rests(found.campaign, each, now) for each in found.follow_ups])
        return _his(connection, attempt, agent)


def _his(connection: Connection, attempt: int, agent: str) -> DialAttempt:
    found = next(iter(load_attempts(connection, [attempt])), None)
    if found is None or found.agent != agent:
        raise RefusedError(f"attempt {attempt}", "none of this agent's", f"one that {agent} looks at")
    return found


def _rests(campaign: int, follow_up: str, now: datetime) -> Refusal:
    return Refusal(campaign=campaign, follow_up=follow_up, why=Why.SKIPPED, at=now, again_at=now + SKIPPED_RESTS)
