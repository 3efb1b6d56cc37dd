"""How far a campaign is: its contacts by where they stand, its attempts by how they ended, and who was not dialled.

The contacts of a listed campaign are its members; those of another are what is open of its kinds and groups, and what
it has tried. At any instant: contacts = fulfilled + closed + waiting + in talk + being dialled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, case, distinct, func, or_, select, union

from analytics.storage.models import holds, talks
from config.followups import Result
from schedulers.campaigns.records import Campaign, Phase, Why
from schedulers.followups.records import State
from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.calls import CUSTOMERS_TALKS
from schedulers.storage.campaign_models import campaign_members, dial_attempt_serves, dial_attempts
from schedulers.storage.dial_reading import IS_LIVE
from schedulers.storage.dial_refusals import count_refusals
from schedulers.storage.followup_models import follow_ups
from telephony.clock import to_microseconds

LATELY = timedelta(minutes=10)
"""A reason that was noted so long ago still tells why somebody is not dialled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Contacts of a campaign by where they stand: each is in one of the five."""

    fulfilled: int = 0
    closed: int = 0
    waiting: int = 0  # open, and nothing goes on
    reached: int = 0  # a talk waits for the agent's outcome
    dialling: int = 0  # an attempt at it is live

    @property
    def all(self) -> int:
        """How many there are."""
        return self.fulfilled + self.closed + self.waiting + self.reached + self.dialling


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a supervisor asks of a campaign. Rates over nothing are None.

    phases, results: attempts by phase, and ended ones by result. held_back: follow-ups by the reason that lately
    kept them from being dialled. talked: the agents' minutes with the customers whom it connected.
    """

    at: datetime
    contacts: Contacts
    tried: int = 0  # contacts with at least one attempt that was committed
    attempts: int = 0  # that were committed
    ready: int = 0  # open, and might be dialled now by their plan
    phases: Mapping[Phase, int] = field(default_factory=dict)
    results: Mapping[Result, int] = field(default_factory=dict)
    held_back: Mapping[Why, int] = field(default_factory=dict)
    talked: timedelta = timedelta()

    @property
    def connected_rate(self) -> float | None:
        """Of the attempts whose end is known and whose customer was dialled, those in which he and an agent talked."""
        ended = self.phases.get(Phase.ANSWERED, 0) + self.phases.get(Phase.NOT_ANSWERED, 0)
        return self.results.get(Result.TALKED, 0) / ended if ended else None

    @property
    def answered_rate(self) -> float | None:
        """Of the same attempts, those that the customer's own leg answered."""
        answered = self.phases.get(Phase.ANSWERED, 0)
        ended = answered + self.phases.get(Phase.NOT_ANSWERED, 0)
        return answered / ended if ended else None

    @property
    def attempts_per_contact(self) -> float | None:
        """Committed attempts for each contact that was tried."""
        return self.attempts / self.tried if self.tried else None


def load_progress(connection: Connection, campaign: Campaign, now: datetime) -> Progress:
    """How a campaign stands at this instant."""
    of = _contacts_of(campaign)
    phases, results = _attempts(connection, campaign.id)
    contacts, ready = _contacts(connection, of, now)
    return Progress(
        at=now,
        contacts=contacts,
        tried=_tried(connection, campaign.id),
        attempts=sum(count for phase, count in phases.items() if phase not in {Phase.PLANNED, Phase.DROPPED}),
        ready=ready,
        phases=phases,
        results=results,
        held_back=count_refusals(connection, campaign.id, now - LATELY),
        talked=_talked(connection, campaign.id),
    )


def count_committed(connection: Connection, campaign: int, start: datetime, end: datetime) -> int:
    """How many attempts of a campaign were committed in [start, end): what a forecast goes by."""
    table = dial_attempts.c
    within = (table.committed_us >= to_microseconds(start), table.committed_us < to_microseconds(end))
    wanted = select(func.count()).select_from(dial_attempts).where(table.campaign == campaign, *within)
    return connection.execute(wanted).scalar_one()


def _contacts_of(campaign: Campaign) -> Subquery:
    members = campaign_members.c
    if campaign.listed:
        return select(members.follow_up.label("id")).where(members.campaign == campaign.id).subquery()
    serves, attempts, table = dial_attempt_serves.c, dial_attempts.c, follow_ups.c
    tried = (
        select(serves.follow_up.label("id"))
        .join(dial_attempts, attempts.id == serves.attempt)
        .where(attempts.campaign == campaign.id, attempts.committed_us.is_not(None))
    )
    owed = select(table.id.label("id")).where(IS_OPEN, table.kind.in_(sorted(campaign.kinds)))
    if campaign.groups:
        owed = owed.where(or_(table.group_name.is_(None), table.group_name.in_(sorted(campaign.groups))))
    return union(tried, owed).subquery()


def _contacts(connection: Connection, of: Subquery, now: datetime) -> tuple[Contacts, int]:
    table = follow_ups.c
    dialled = select(dial_attempts.c.customer).where(IS_LIVE)
    is_dialled = table.customer.in_(dialled)
    place = case(
        (table.state == State.DONE.value, "fulfilled"),
        (table.state == State.CLOSED.value, "closed"),
        (is_dialled, "dialling"),
        (table.reached_call.is_not(None), "reached"),
        else_="waiting",
    )
    is_ready = case((table.ready_us <= to_microseconds(now), 1), else_=0)
    wanted = select(place, func.count(), func.sum(is_ready)).join(of, of.c.id == table.id).group_by(place)
    rows = {name: (count, ready) for name, count, ready in connection.execute(wanted)}
    counts = {name: count for name, (count, _) in rows.items()}
    return Contacts(**counts), int(rows.get("waiting", (0, 0))[1])


def _attempts(connection: Connection, campaign: int) -> tuple[dict[Phase, int], dict[Result, int]]:
    table = dial_attempts.c
    wanted = select(table.phase, table.result, func.count()).where(table.campaign == campaign)
    phases: dict[Phase, int] = {}
    results: dict[Result, int] = {}
    for phase, result, count in connection.execute(wanted.group_by(table.phase, table.result)):
        phases[Phase(phase)] = phases.get(Phase(phase), 0) + count
        if result is not None:
            results[Result(result)] = results.get(Result(result), 0) + count
    return phases, results


def _tried(connection: Connection, campaign: int) -> int:
    serves, table = dial_attempt_serves.c, dial_attempts.c
    wanted = select(func.count(distinct(serves.follow_up))).join(dial_attempts, table.id == serves.attempt)
    committed: tuple[ColumnElement[bool], ...] = (table.campaign == campaign, table.committed_us.is_not(None))
    return connection.execute(wanted.where(*committed)).scalar_one()


def _talked(connection: Connection, campaign: int) -> timedelta:
    """The agents' talk of the campaign's calls, hold left out; talks that go on are not counted yet."""
    length: Any = func.sum(talks.c.ended_us - talks.c.started_us)
    table = dial_attempts.c
    wanted = select(length).join(dial_attempts, table.call_id == talks.c.call_id).where(table.campaign == campaign)
    whole = connection.execute(wanted.where(talks.c.kind.in_(CUSTOMERS_TALKS))).scalar()
    return timedelta(microseconds=int(whole or 0)) - _held(connection, campaign)


def _held(connection: Connection, campaign: int) -> timedelta:
    table = dial_attempts.c
    length: Any = func.sum(holds.c.end_us - holds.c.start_us)
    wanted = (
        select(length)
        .join(talks, talks.c.id == holds.c.talk_id)
        .join(dial_attempts, table.call_id == talks.c.call_id)
        .where(table.campaign == campaign, talks.c.kind.in_(CUSTOMERS_TALKS), talks.c.ended_us.is_not(None))
    )
    return timedelta(microseconds=int(connection.execute(wanted).scalar() or 0))
