"""What a tick does first: leases are renewed or have run out, looks have lapsed, campaigns turn by the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt, Phase, Why
from schedulers.storage.campaigns import load_all, turn_by_time
from schedulers.storage.dial_attempts import Lease, drop, renew_leases
from schedulers.storage.dial_reading import load_live
from schedulers.storage.dial_refusals import Refusal, note_refusals

LOOKS = timedelta(minutes=10)
"""How long an agent may look at a record before somebody else may get it."""

ASKED = timedelta(seconds=30)
"""What was asked for so long ago is not dialled any more: whoever asked has given up."""

RESTS = timedelta(minutes=10)
"""How long a record that lapsed is left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is left to be done: `asked` are the planned attempts whose time to be dialled has come."""

    asked: tuple[DialAttempt, ...] = ()
    is_busy: bool = False


def keep(engine: Engine, lease: Lease, now: datetime) -> Kept:
    """Put things in order. Raises SQLAlchemyError, StaleError."""
    with engine.begin() as connection:
        turn_by_time(connection, now)
        campaigns = {each.id: each for each in load_all(connection)}
        live = load_live(connection)
        planned = [each for each in live if each.phase is Phase.PLANNED]
        whys = {each.id: why for each in planned if (why := _why_dropped(each, campaigns, now)) is not None}
        _drop(connection, planned, whys, now)
        renew_leases(connection, lease)
    mine = (each for each in planned if each.id not in whys and each.runner in {lease.runner, ""})
    asked = tuple(each for each in mine if each.dial_at is not None)
    is_running = any(each.state is CampaignState.RUNNING for each in campaigns.values())
    return Kept(asked=asked, is_busy=bool(is_running or live))


def _why_dropped(attempt: DialAttempt, campaigns: Mapping[int, Campaign], now: datetime) -> Why | None:
    """Why a planned attempt is given up; None where it stands."""
    if attempt.campaign is not None and (why := _ended(campaigns.get(attempt.campaign), now)) is not None:
        return why
    if attempt.lease_until is not None and attempt.lease_until <= now:
        return Why.LEASE_LOST
    since, longest = (attempt.planned_at, LOOKS) if attempt.dial_at is None else (attempt.dial_at, ASKED)
    return Why.LAPSED if since + longest <= now else None


def _ended(campaign: Campaign | None, now: datetime) -> Why | None:
    if campaign is not None and campaign.state is CampaignState.RUNNING:
        return None
    is_over = campaign is not None and campaign.deadline_at is not None and campaign.deadline_at <= now
    return Why.DEADLINE if is_over else Why.STOPPED


def _drop(connection: Connection, planned: Sequence[DialAttempt], whys: dict[int, Why], now: datetime) -> None:
    for why in sorted(set(whys.values())):
        drop(connection, [id_ for id_, each in whys.items() if each is why], why, now)
    note_refusals(
        connection,
        [
            Refusal(
                campaign=each.campaign,
                follow_up=follow_up,
                why=whys[each.id],
                at=now,
                again_at=now + RESTS if whys[each.id] is Why.LAPSED else None,
            )
            for each in planned
            if each.id in whys and each.campaign is not None
            for follow_up in each.follow_ups[:1]
        ],
    )
