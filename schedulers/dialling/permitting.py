"""The last look before a call is committed: every rule once more, on rows that were read anew. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedulers.campaigns.choosing import number_of, why_not
from schedulers.campaigns.pacing import why_full
from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt, DialMode, Why
from schedulers.followups.account import Account
from schedulers.followups.rules import Rules
from schedulers.storage.dial_committing import Fresh

ASKED_FOR = timedelta(seconds=10)
"""So long a call that its agent asked for waits for its turn at the trunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What holds for all attempts of an instant: the rules, who is free, and which PBXs we do not hear or reach."""

    now: datetime
    rules: Rules
    free: Collection[str]
    deaf: Collection[str]


def permit(fresh: Fresh, moment: Moment) -> Why | None:
    """The first reason, in the order of `Why`, for which an attempt is not dialled now; None where it is."""
    attempt = fresh.attempt
    return (
        _of_campaign(attempt, fresh.campaign, moment.now)
        or (Why.DEAF if attempt.pbx in moment.deaf else None)
        or _of_customer(attempt, fresh.account, moment)
        or (Why.AGENT_GONE if attempt.mode is not DialMode.CLICK and attempt.agent not in moment.free else None)
        or why_full(fresh.trunk)
    )


def waits(attempt: DialAttempt, why: Why, now: datetime) -> bool:
    """Whether an attempt stays planned though it is not permitted: its agent asked for it, and its turn comes soon."""
    is_asked = attempt.mode is not DialMode.PROGRESSIVE and attempt.dial_at is not None
    return is_asked and why in {Why.TRUNK_RATE, Why.TRUNK_FULL} and now < _asked(attempt) + ASKED_FOR


def _asked(attempt: DialAttempt) -> datetime:
    return attempt.dial_at or attempt.planned_at


def _of_campaign(attempt: DialAttempt, campaign: Campaign | None, now: datetime) -> Why | None:
    if attempt.campaign is None:
        return None
    if campaign is None or campaign.state is not CampaignState.RUNNING:
        return Why.STOPPED
    return Why.DEADLINE if campaign.deadline_at is not None and campaign.deadline_at <= now else None


def _of_customer(attempt: DialAttempt, account: Account | None, moment: Moment) -> Why | None:
    """Of several follow-ups one that may be dialled for is enough; none of them: the first one's reason.

    Whom somebody dials by hand outside a campaign is refused only where he must not be called at all.
    """
    if attempt.mode is DialMode.CLICK:
        return _blocked(account, moment.now)
    if account is None:
        return Why.NOT_OPEN
    open_ = {each.id: each for each in account.open}
    told = [open_[each] for each in attempt.follow_ups if each in open_]
    whys = [why_not(each, account, moment.rules, moment.now) for each in told]
    if not told or all(whys):
        return next(iter(whys), Why.NOT_OPEN)
    numbers = {number_of(each, account.customer) for each, why in zip(told, whys, strict=True) if why is None}
    return None if attempt.number in numbers else Why.NO_NUMBER


def _blocked(account: Account | None, now: datetime) -> Why | None:
    told = account.customer.do_not_call if account is not None else None
    return Why.DO_NOT_CALL if told is not None and told.holds(now) else None
