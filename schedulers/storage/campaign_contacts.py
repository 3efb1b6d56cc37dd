"""The follow-ups that a campaign is about, a page at a time: those of its list, or all that is owed of its kinds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from schedulers.campaigns.records import Campaign
from schedulers.followups.records import FollowUp
from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.campaign_models import campaign_members, dial_attempt_serves, dial_attempts
from schedulers.storage.followup_models import follow_ups
from schedulers.storage.followup_rows import follow_up_of
from telephony.clock import from_microseconds, to_microseconds

_TABLE = follow_ups.c


def load_contacts(
    connection: Connection, campaign: Campaign, *, after: str = "", limit: int = 500
) -> list[FollowUp]:
    """Some of them by their ids, from behind an id on. Of a list the ended ones too, else only what is open."""
    wanted = _of(campaign).where(_TABLE.id > after).order_by(_TABLE.id).limit(limit)
    return [follow_up_of(row) for row in connection.execute(wanted)]


def iterate_contacts(connection: Connection, campaign: Campaign, at_a_time: int = 500) -> Iterator[list[FollowUp]]:
    """All of them, so many at a time."""
    after = ""
    while found := load_contacts(connection, campaign, after=after, limit=at_a_time):
        yield found
        after = found[-1].id


def ended_since(connection: Connection, campaign: Campaign, since: datetime) -> list[datetime]:
    """When contacts of a campaign ended since an instant: those of its list, else those that it has tried."""
    wanted = select(_TABLE.id, _TABLE.ended_us).where(_TABLE.ended_us > to_microseconds(since))
    if campaign.listed:
        of_list = select(campaign_members.c.follow_up).where(campaign_members.c.campaign == campaign.id)
        wanted = wanted.where(_TABLE.id.in_(of_list))
    else:
        tried = (
            select(dial_attempt_serves.c.follow_up)
            .join(dial_attempts, dial_attempts.c.id == dial_attempt_serves.c.attempt)
            .where(dial_attempts.c.campaign == campaign.id, dial_attempts.c.committed_us.is_not(None))
        )
        wanted = wanted.where(_TABLE.id.in_(tried))
    return [from_microseconds(row.ended_us) for row in connection.execute(wanted)]


def _of(campaign: Campaign) -> Select[Any]:
    wanted = select(follow_ups)
    if campaign.listed:
        members = campaign_members
        return wanted.join(members, members.c.follow_up == _TABLE.id).where(members.c.campaign == campaign.id)
    wanted = wanted.where(IS_OPEN, _TABLE.kind.in_(sorted(campaign.kinds)))
    if campaign.groups:
        wanted = wanted.where(or_(_TABLE.group_name.is_(None), _TABLE.group_name.in_(sorted(campaign.groups))))
    return wanted
