"""Campaigns in the database: made, changed upon the revision that was read, read, and what is on their lists.

Whoever changes one tells the revision that he knows; upon another one he gets StaleError, reads again and decides
again. Each revision is a line of the campaign's story.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from schedulers.campaigns.changes import CampaignChange, Turn, turned
from schedulers.campaigns.records import Campaign, CampaignState
from schedulers.errors import RefusedError, StaleError
from schedulers.followups.records import SYSTEM
from schedulers.storage.accounts import IS_OPEN, batches
from schedulers.storage.campaign_models import campaign_changes, campaign_members, campaigns
from schedulers.storage.campaign_rows import campaign_of, campaign_values, change_of, change_values
from schedulers.storage.dialect import dialect_for
from schedulers.storage.followup_models import follow_ups
from telephony.clock import from_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who changes a campaign, when, and why in words."""

    at: datetime
    by: str = SYSTEM
    note: str = ""


def create(connection: Connection, campaign: Campaign, by: By) -> Campaign:
    """Write a new campaign; its own `id` and revision are not asked for. The campaign as it is stored."""
    stored = replace(campaign, revision=1)
    made = insert(campaigns).values(campaign_values(stored)).returning(campaigns.c.id)
    stored = replace(stored, id=connection.execute(made).scalar_one())
    _tell(connection, stored, Turn.MADE, by)
    return stored


def change(connection: Connection, campaign: Campaign, turn: Turn, by: By) -> Campaign:
    """Write a campaign that was changed upon its revision. Raises StaleError where that is not the newest."""
    after = replace(campaign, revision=campaign.revision + 1)
    table = campaigns.c
    ours = update(campaigns).where(table.id == campaign.id, table.revision == campaign.revision)
    if not connection.execute(ours.values(campaign_values(after))).rowcount:
        raise StaleError(f"campaign {campaign.id}: found another revision, expected {campaign.revision}")
    _tell(connection, after, turn, by)
    return after


def turn_campaign(connection: Connection, campaign_id: int, turn: Turn, by: By) -> Campaign:
    """Start, pause, resume, stop or finish one, as it stands now. Raises RefusedError, StaleError."""
    return change(connection, turned(require(connection, campaign_id), turn, by.at), turn, by)


def load(connection: Connection, campaign_id: int) -> Campaign | None:
    """A campaign; None where there is none of this id."""
    row = connection.execute(select(campaigns).where(campaigns.c.id == campaign_id)).first()
    return None if row is None else campaign_of(row)


def require(connection: Connection, campaign_id: int) -> Campaign:
    """A campaign. Raises RefusedError where there is none of this id."""
    found = load(connection, campaign_id)
    if found is None:
        raise RefusedError("campaign", str(campaign_id), "the id of a campaign")
    return found


def load_all(connection: Connection, states: Collection[CampaignState] = ()) -> tuple[Campaign, ...]:
    """Campaigns in some states, or all; the higher priority first, then in the order in which they were made."""
    wanted = select(campaigns)
    if states:
        wanted = wanted.where(campaigns.c.state.in_(sorted(states)))
    ordered = wanted.order_by(campaigns.c.priority.desc(), campaigns.c.id)
    return tuple(map(campaign_of, connection.execute(ordered)))


def load_story(connection: Connection, campaign_id: int) -> tuple[CampaignChange, ...]:
    """What was done to a campaign, the first line first."""
    table = campaign_changes
    wanted = select(table).where(table.c.campaign == campaign_id).order_by(table.c.revision)
    return tuple(map(change_of, connection.execute(wanted)))


def add_members(connection: Connection, campaign: Campaign, ids: Iterable[str], by: By) -> tuple[Campaign, int]:
    """Put follow-ups on its list; those that are there stay. The campaign from then on, and how many are new."""
    dialect = dialect_for(connection)
    rows = ([(campaign.id, each) for each in some] for some in batches(ids))
    added = sum(dialect.add(connection, campaign_members, some) for some in rows)
    if not added:
        return campaign, 0
    note = by.note or str(added)
    return change(connection, campaign, Turn.MEMBERS, replace(by, note=note)), added


def campaigns_of(connection: Connection, follow_up: str) -> tuple[int, ...]:
    """The campaigns on whose lists a follow-up is."""
    table = campaign_members.c
    wanted = select(table.campaign).where(table.follow_up == follow_up).order_by(table.campaign)
    return tuple(connection.execute(wanted).scalars())


def turn_by_time(connection: Connection, now: datetime) -> tuple[Campaign, ...]:
    """What time does to campaigns: they start, or end by their deadline or since nothing on the list is owed."""
    waiting = load_all(connection, (CampaignState.DRAFT, CampaignState.RUNNING, CampaignState.PAUSED))
    turns = [(each, _turn_of(connection, each, now)) for each in waiting]
    return tuple(
        change(connection, turned(each, turn, now), turn, By(at=now)) for each, turn in turns if turn is not None
    )


def answer_for_gaps(connection: Connection, campaign_id: int, by: By) -> Campaign:
    """Somebody says that he knows what its PBX did while it was not heard. Raises RefusedError, StaleError."""
    return change(connection, require(connection, campaign_id), Turn.ANYWAY, by)


def answered_for(connection: Connection) -> dict[str, datetime]:
    """By PBX, until when somebody answers for what it did while it was not heard."""
    newest = select(campaigns.c.pbx, func.max(campaign_changes.c.at_us))
    joined = newest.join(campaign_changes, campaign_changes.c.campaign == campaigns.c.id)
    told = joined.where(campaign_changes.c.what == Turn.ANYWAY.value).group_by(campaigns.c.pbx)
    return {pbx: from_microseconds(at_us) for pbx, at_us in connection.execute(told)}


def next_turn_at(connection: Connection, now: datetime) -> datetime | None:
    """When the next campaign starts or reaches its deadline; None where none does."""
    waiting = load_all(connection, (CampaignState.DRAFT, CampaignState.RUNNING, CampaignState.PAUSED))
    instants = (instant for each in waiting for instant in (each.starts_at, each.deadline_at))
    return min((each for each in instants if each is not None and each > now), default=None)


def _turn_of(connection: Connection, campaign: Campaign, now: datetime) -> Turn | None:
    if campaign.deadline_at is not None and campaign.deadline_at <= now:
        return Turn.FINISHED
    if campaign.state is CampaignState.DRAFT:
        return Turn.STARTED if campaign.starts_at is not None and campaign.starts_at <= now else None
    is_running = campaign.state is CampaignState.RUNNING
    return Turn.FINISHED if is_running and campaign.listed and not _is_owed(connection, campaign.id) else None


def _is_owed(connection: Connection, campaign_id: int) -> bool:
    """Whether anything on a list is open. A list without anything on it waits for it."""
    members = campaign_members.c
    of_list = select(members.follow_up).where(members.campaign == campaign_id)
    owed = select(follow_ups.c.id).where(follow_ups.c.id.in_(of_list), IS_OPEN)
    is_empty = connection.execute(of_list.limit(1)).first() is None
    return is_empty or connection.execute(owed.limit(1)).first() is not None


def count_by_state(connection: Connection) -> dict[CampaignState, int]:
    """How many campaigns there are in each state."""
    counted = select(campaigns.c.state, func.count()).group_by(campaigns.c.state)
    return {CampaignState(state): count for state, count in connection.execute(counted)}


def _tell(connection: Connection, campaign: Campaign, turn: Turn, by: By) -> None:
    told = CampaignChange(
        campaign=campaign.id, revision=campaign.revision, at=by.at, by=by.by, what=turn, note=by.note
    )
    connection.execute(insert(campaign_changes).values(change_values(told)))
