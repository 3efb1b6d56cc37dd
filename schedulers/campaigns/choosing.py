"""Who may be dialled at an instant, and why not: the follow-up's side of it. Pure.

The reasons are those of the planner (`schedulers.followups.planning`), asked for one instant: None exactly where a
follow-up that is planned at `now` is ready by `now`, and nothing demands that it be closed. What the campaign, the
agents and the trunks say is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from config.contact_times import Shut
from config.followups import FollowUpKind, FulfilledBy
from schedulers.campaigns.records import Campaign, Candidate, Why
from schedulers.customers.records import Customer, NumberUse
from schedulers.followups.account import Account
from schedulers.followups.owning import may_do
from schedulers.followups.planning import cap_ends, must_decide, rested, waits_for_agreed_time
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules
from schedulers.followups.stopping import DISTURBS, must_close

SHUT = {Shut.HOLIDAY: Why.HOLIDAY, Shut.QUIET: Why.QUIET, Shut.WINDOW: Why.WINDOW}
CLOSING = {"do_not_call": Why.DO_NOT_CALL, "no_consent": Why.NO_CONSENT}
"""What must be closed and is not yet; who is no customer any more is as good as closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The candidates of a campaign at an instant, the most pressing first, and why each other follow-up is none."""

    candidates: tuple[Candidate, ...]
    whys: dict[str, Why]  # by follow-up


def why_not(follow_up: FollowUp, account: Account, rules: Rules, now: datetime) -> Why | None:
    """The first reason, in the order of `Why`, for which a follow-up's customer is not dialled; None where he may be.

    A customer who must not be called is dialled for nothing, also not for what a visit would fulfil.
    """
    if not follow_up.is_open:
        return Why.NOT_OPEN
    forbidden = _forbidden(follow_up, account, rules, now)
    if forbidden is Why.NOT_OPEN:
        return forbidden
    if follow_up.reached_call is not None:
        return Why.TALKED
    return forbidden or _not_ready(follow_up, account, rules, now)


def number_of(follow_up: FollowUp, customer: Customer) -> str | None:
    """The number to dial, E.164 or as written: the one that it is about while it is his; None where he has none.

    Else the best of his own; else the one that it is about, if he has none and nobody says that others answer there.
    """
    own = [each.number for each in customer.callable_numbers()]
    if follow_up.number in own:
        return follow_up.number
    others = {each.number for each in customer.numbers if each.use is not NumberUse.OWN}
    return next(iter(own), None if follow_up.number in others else follow_up.number)


def works(campaign: Campaign, follow_up: FollowUp) -> bool:
    """Whether a follow-up is of a campaign's kinds and groups. Who is on a list the store alone knows: `on_list`."""
    is_of_group = not campaign.groups or follow_up.group is None or follow_up.group in campaign.groups
    return follow_up.kind in campaign.kinds and is_of_group


def key_of_member(campaign: int, customer: str) -> str:
    """The key of the trigger by which a listed campaign makes a customer's follow-up."""
    return f"campaign:{campaign}:{customer}"


def pressing(candidate: Candidate) -> tuple[bool, datetime, str]:
    """The order in which candidates are dialled: agreed times first, at their time; then what is due first."""
    return (candidate.agreed_at is None, candidate.agreed_at or candidate.due_at, candidate.customer)


def group_candidates(campaign: Campaign, accounts: Iterable[Account], rules: Rules, now: datetime) -> Chosen:
    """What a campaign could dial now. Several follow-ups of one customer are one candidate, for one call serves them.

    The most pressing says who may take it and which number is dialled; which others the one who takes it may do as
    well is told by `served`.
    """
    found: list[Candidate] = []
    whys: dict[str, Why] = {}
    for account in accounts:
        told = {each.id: _reason(each, account, rules, now) for each in account.open if works(campaign, each)}
        whys |= {each: why for each, why in told.items() if why is not None}
        ready = [each for each in account.open if each.id in told and told[each.id] is None]
        if ready:
            found.append(_candidate(campaign, account, ready, rules))
    return Chosen(candidates=tuple(sorted(found, key=pressing)), whys=whys)


def served(candidate: Candidate, agent: str, account: Account, rules: Rules, now: datetime) -> tuple[str, ...]:
    """The follow-ups of a candidate that a call of this agent would serve, as his account stands at an instant.

    Asked with an account read anew it is the check before dialling: () where nothing may be dialled any more, of
    which `why_not` of the first one tells the reason.
    """
    by_id = {each.id: each for each in account.open}
    still = (by_id[each] for each in candidate.follow_ups if each in by_id)
    return tuple(
        each.id for each in still if why_not(each, account, rules, now) is None and may_do(agent, each, now, rules)
    )


def _reason(follow_up: FollowUp, account: Account, rules: Rules, now: datetime) -> Why | None:
    """As `why_not`, of a call that is to be placed: a visit may be made without a number, a call may not."""
    found = why_not(follow_up, account, rules, now)
    return Why.NO_NUMBER if found is None and number_of(follow_up, account.customer) is None else found


def _forbidden(follow_up: FollowUp, account: Account, rules: Rules, now: datetime) -> Why | None:
    """What forbids it for good: it is to be closed, or the customer is not to be called."""
    reason = must_close(follow_up, account.customer, rules, now)
    told = account.customer.do_not_call
    if reason is None and told is not None and told.holds(now):
        reason = "do_not_call"
    return None if reason is None else CLOSING.get(reason, Why.NOT_OPEN)


def _not_ready(follow_up: FollowUp, account: Account, rules: Rules, now: datetime) -> Why | None:
    """What the planner would wait for."""
    kind, agreed = rules.kind(follow_up), waits_for_agreed_time(follow_up)
    if kind.fulfilled_by is FulfilledBy.TALK and number_of(follow_up, account.customer) is None:
        return Why.NO_NUMBER
    if must_decide(follow_up, kind) and not agreed:
        return Why.MUST_DECIDE
    if kind.fulfilled_by not in DISTURBS or not agreed:
        return _at_its_times(follow_up, kind, account, rules, now)
    # The customer's own wish: it goes before his quiet times and the cap.
    return Why.NOT_YET if follow_up.agreed_at is not None and follow_up.agreed_at > now else None


def _at_its_times(
    follow_up: FollowUp, kind: FollowUpKind, account: Account, rules: Rules, now: datetime
) -> Why | None:
    customer = account.customer
    if kind.is_by_phone and cap_ends(account.contacts, follow_up, rules, now) > now:
        return Why.CAP
    if follow_up.open_at > now:
        return Why.NOT_YET
    if kind.fulfilled_by not in DISTURBS:
        return None
    if rested(follow_up, kind) > now:
        return Why.RESTS
    shut = rules.times(follow_up).shut(now, customer.zone, customer.hours)
    return None if shut is None else SHUT[shut]


def _candidate(campaign: Campaign, account: Account, ready: list[FollowUp], rules: Rules) -> Candidate:
    """One candidate of all that may be dialled for now."""
    ready.sort(key=_pressing)
    first = ready[0]
    return Candidate(
        campaign=campaign.id,
        customer=account.customer.id,
        number=number_of(first, account.customer) or "",
        follow_ups=tuple(each.id for each in ready),
        owner=first.owner,
        group=first.group,
        anyone=rules.kind(first).anyone,
        skill=first.skill,
        agreed_at=_agreed(first),
        due_at=first.due_at,
    )


def _pressing(follow_up: FollowUp) -> tuple[bool, datetime, str]:
    agreed = _agreed(follow_up)
    return (agreed is None, agreed or follow_up.due_at, follow_up.id)


def _agreed(follow_up: FollowUp) -> datetime | None:
    return follow_up.agreed_at if waits_for_agreed_time(follow_up) else None
