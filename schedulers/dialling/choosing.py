"""Who is dialled now: what is ready is read, judged, given to agents and planned, in one transaction.

A wide look tells the reason for everybody who is ready; the looks between ask only for those whom somebody who is free
may call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from schedulers.campaigns.choosing import group_candidates, served
from schedulers.campaigns.eligible import Key, busy_owner, key_of
from schedulers.campaigns.pacing import assign
from schedulers.campaigns.records import Assignment, Campaign, Candidate, DialAttempt, DialMode, FreeAgent, Why
from schedulers.followups.account import Account
from schedulers.followups.planning import planned
from schedulers.followups.records import SYSTEM, FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage import customers
from schedulers.storage.accounts import load_accounts
from schedulers.storage.campaign_candidates import Callers, load_ready, on_list
from schedulers.storage.dial_attempts import Intent, Lease, note_hold, plan
from schedulers.storage.dial_committing import NO_TRUNK, Limits, count_trunk
from schedulers.storage.dial_refusals import Refusal

Place = tuple[str, str]
"""A trunk: the PBX's name and its own."""

FOR_EACH_AGENT, AT_LEAST = 4, 20
"""So many follow-ups are looked at for each free agent, and in all: some of them will be refused."""

LONG_WAIT, WAIT, SHORT_WAIT = timedelta(minutes=5), timedelta(minutes=1), timedelta(seconds=5)
_BY_THE_PLAN = frozenset({Why.CAP, Why.NOT_YET, Why.RESTS, Why.HOLIDAY, Why.QUIET, Why.WINDOW})
_AT_ONCE = frozenset({Why.NO_AGENT, Why.TRUNK_FULL, Why.TRUNK_RATE, Why.DEAF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is looked at: the campaigns that run, the agents who are free, the trunks' limits, by the rules.

    deaf: the PBXs to which nothing is sent now. `is_wide` asks for everybody's reason.
    """

    now: datetime
    rules: Rules
    campaigns: Sequence[Campaign]
    free: Sequence[FreeAgent]
    limits: Mapping[Place, Limits]
    deaf: Collection[str]
    lease: Lease
    last_served: Mapping[int, datetime]
    is_wide: bool


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of a look. `late` are promised times that nobody could take: they go to the leader."""

    planned: tuple[DialAttempt, ...] = ()
    refusals: list[Refusal] = field(default_factory=list)
    late: list[FollowUp] = field(default_factory=list)


def look(connection: Connection, what: Look) -> Found:
    """Plan what can be dialled now, and say why the others are not."""
    found = Found()
    accounts: dict[str, Account] = {}
    candidates: list[Candidate] = []
    for campaign in what.campaigns:
        candidates += _candidates(connection, campaign, what, accounts, found)
    dialled = [each for each in what.campaigns if each.pbx not in what.deaf]
    trunks = [
        count_trunk(connection, place, what.limits.get(place, NO_TRUNK), what.now)
        for place in sorted({(each.pbx, each.trunk) for each in dialled})
    ]
    staff = what.rules.staff
    chosen, whys = assign(dialled, candidates, what.free, trunks, staff, what.now, what.last_served)
    losers = _plan(connection, chosen, what, accounts, found)
    whys |= {key_of(each): Why.ALIVE for each in losers}
    has_idle = len(what.free) > len(chosen)
    found.refusals += (
        Refusal(
            campaign=each.campaign,
            follow_up=each.follow_ups[0],
            why=whys[key_of(each)],
            at=what.now,
            again_at=_again_of(whys[key_of(each)], what, has_idle),
        )
        for each in candidates
        if key_of(each) in whys
    )
    found.late = _late(candidates, whys, accounts, what)
    return found


def _candidates(
    connection: Connection, campaign: Campaign, what: Look, accounts: dict[str, Account], found: Found
) -> Iterator[Candidate]:
    """The candidates of one campaign; the reasons of the others are put down."""
    ready = load_ready(
        connection,
        campaign,
        what.now,
        limit=FOR_EACH_AGENT * len(what.free) + AT_LEAST,
        callers=None if what.is_wide else _callers(campaign, what),
    )
    unknown = [each.customer for each in ready if each.customer not in accounts]
    accounts |= load_accounts(connection, unknown, what.now, customers.load)
    told = [accounts[each] for each in dict.fromkeys(each.customer for each in ready) if each in accounts]
    told = on_list(connection, campaign, told)
    chosen = group_candidates(campaign, told, what.rules, what.now)
    asked = {each.follow_up for each in ready}
    by_id = {each.id: (each, account) for account in told for each in account.open}
    found.refusals += (
        Refusal(
            campaign=campaign.id,
            follow_up=id_,
            why=why,
            at=what.now,
            again_at=_again(why, *by_id[id_], what),
        )
        for id_, why in chosen.whys.items()
        if id_ in asked
    )
    if campaign.pbx not in what.deaf:
        yield from chosen.candidates
        return
    found.refusals += (
        Refusal(campaign=campaign.id, follow_up=each.follow_ups[0], why=Why.DEAF, at=what.now)
        for each in chosen.candidates
    )


def _callers(campaign: Campaign, what: Look) -> Callers:
    kinds = what.rules.version_at(what.now).promises.kinds
    return Callers(
        agents=[each.agent for each in what.free if each.pbx == campaign.pbx],
        shared_kinds=[each.id for each in kinds if each.anyone and each.id in campaign.kinds],
    )


def _plan(
    connection: Connection,
    chosen: Sequence[Assignment],
    what: Look,
    accounts: Mapping[str, Account],
    found: Found,
) -> list[Candidate]:
    """Plan what was assigned; those that another has planned meanwhile are told."""
    campaigns = {each.id: each for each in what.campaigns}
    intents = {
        intent_of(
            each, campaigns[each.candidate.campaign], accounts[each.candidate.customer], what.rules, what.now
        ): each.candidate
        for each in chosen
    }
    found.planned, left = plan(connection, intents, what.now, what.lease)
    for attempt in found.planned:
        if attempt.mode is DialMode.PROGRESSIVE:
            note_hold(connection, attempt, what.now)
    return [intents[each] for each in left]


def intent_of(
    assignment: Assignment, campaign: Campaign, account: Account, rules: Rules, now: datetime, by: str = SYSTEM
) -> Intent:
    """What is planned of an assignment: it serves all that this agent's call may; a preview waits for his word."""
    candidate, agent = assignment.candidate, assignment.agent
    follow_ups = served(candidate, agent.agent, account, rules, now)
    return Intent(
        campaign=campaign.id,
        mode=campaign.mode,
        follow_ups=follow_ups or candidate.follow_ups[:1],
        customer=candidate.customer,
        number=candidate.number,
        agent=agent.agent,
        device=agent.device,
        pbx=campaign.pbx,
        trunk=campaign.trunk,
        by=by,
        dial_at=now if campaign.mode is DialMode.PROGRESSIVE else None,
    )


def _late(
    candidates: Iterable[Candidate], whys: Mapping[Key, Why], accounts: Mapping[str, Account], what: Look
) -> list[FollowUp]:
    """Promised times that nobody took in time, and that no leader was told of."""
    left = [each for each in candidates if whys.get(key_of(each)) is Why.NO_AGENT and each.agreed_at is not None]
    found: list[FollowUp] = []
    for each in left:
        first = next(one for one in accounts[each.customer].open if one.id == each.follow_ups[0])
        punctual = what.rules.contact(first).punctual
        if busy_owner([each], whys, punctual, what.now) and first.escalated_at is None:
            found.append(first)
    return found


def _again(why: Why, follow_up: FollowUp, account: Account, what: Look) -> datetime:
    """When one who may not be dialled now is looked at again: at his next permitted time, if it is near."""
    if why not in _BY_THE_PLAN:
        return what.now + WAIT
    ready = planned(follow_up, account, what.rules, what.now).ready_at
    latest = what.now + LONG_WAIT
    return latest if ready is None else max(min(ready, latest), what.now)


def _again_of(why: Why, what: Look, has_idle: bool) -> datetime | None:
    """When one who could be dialled is looked at again. Whom nobody who is idle may call must not hold up others."""
    holds_up = why not in _AT_ONCE or (why is Why.NO_AGENT and has_idle and not what.is_wide)
    return what.now + SHORT_WAIT if holds_up else None
