"""Who could be dialled for a campaign at an instant, as far as the store alone can tell: the rules judge them anew.

Agreed times come first, then what is due first. On PostgreSQL what another scheduler looks at is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, literal_column, or_, select

from schedulers.campaigns.records import Campaign
from schedulers.followups.account import Account
from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.campaign_models import campaign_members, dial_attempts, dial_refusals
from schedulers.storage.dial_reading import IS_LIVE
from schedulers.storage.dialect import dialect_for
from schedulers.storage.followup_models import AGREED, follow_ups
from telephony.clock import to_microseconds

_TABLE = follow_ups.c
_IS_AGREED: ColumnElement[bool] = literal_column(AGREED)
# The plus keeps the databases from walking everything that is open in this order: what is ready now is sorted.
_DUE: Any = literal_column("(+due_us)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Who is free: what belongs to others is passed over, but for kinds that anyone may do."""

    agents: Collection[str]
    shared_kinds: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A follow-up whose time has come, and to whom it is owed."""

    follow_up: str
    customer: str


def load_ready(
    connection: Connection, campaign: Campaign, now: datetime, *, limit: int, callers: Callers | None = None
) -> tuple[Ready, ...]:
    """The first so many of a campaign that are ready now, whose customer no live attempt is at.

    What was refused lately is left out until it is to be looked at again. callers None: whoever may be free.
    """
    found: list[Ready] = []
    for is_agreed in (True, False):
        if len(found) < limit:
            wanted = _wanted(campaign, now, callers, is_agreed).limit(limit - len(found))
            found += (Ready(follow_up=row.id, customer=row.customer) for row in connection.execute(wanted))
    return tuple(found)


def on_list(connection: Connection, campaign: Campaign, accounts: Iterable[Account]) -> list[Account]:
    """The accounts with what is on a campaign's list alone, whatever made it; all, where it has no list."""
    told = list(accounts)
    if not campaign.listed:
        return told
    dialect, table = dialect_for(connection), campaign_members.c
    ids = [each.id for account in told for each in account.open]
    wanted = select(table.follow_up).where(table.campaign == campaign.id, dialect.among(table.follow_up))
    members = set(connection.execute(wanted, dialect.values(ids)).scalars())
    return [replace(each, open=tuple(one for one in each.open if one.id in members)) for each in told]


def _wanted(campaign: Campaign, now: datetime, callers: Callers | None, is_agreed: bool) -> Select[Any]:
    place = (_TABLE.agreed_us if is_agreed else _DUE, _TABLE.id)
    now_us = to_microseconds(now)
    wanted = select(_TABLE.id, _TABLE.customer).where(
        and_(_IS_AGREED, _TABLE.agreed_us <= now_us) if is_agreed else and_(IS_OPEN, _TABLE.agreed_us.is_(None)),
        _TABLE.ready_us <= now_us,
        _TABLE.reached_call.is_(None),
        _TABLE.kind.in_(sorted(campaign.kinds)),
        *_of_callers(callers),
        *_of_campaign(campaign),
        ~exists().where(dial_attempts.c.customer == _TABLE.customer, IS_LIVE),
        ~exists().where(*_waits(campaign.id, now)),
    )
    return wanted.order_by(*place).with_for_update(of=follow_ups, skip_locked=True)


def _of_callers(callers: Callers | None) -> Iterator[ColumnElement[bool]]:
    if callers is not None:
        own = _TABLE.owner.in_(sorted(callers.agents))
        yield or_(own, _TABLE.kind.in_(sorted(callers.shared_kinds)))


def _of_campaign(campaign: Campaign) -> Iterator[ColumnElement[bool]]:
    """On its list, or in its groups; what is in no group is anybody's."""
    if campaign.listed:
        members = campaign_members.c
        yield exists().where(members.campaign == campaign.id, members.follow_up == _TABLE.id)
    if campaign.groups:
        yield or_(_TABLE.group_name.is_(None), _TABLE.group_name.in_(sorted(campaign.groups)))


def _waits(campaign: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    table = dial_refusals.c
    return (
        table.campaign == campaign,
        table.follow_up == _TABLE.id,
        table.again_us > to_microseconds(now),
    )
