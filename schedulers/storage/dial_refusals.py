"""Why somebody was not dialled: on record for each campaign, follow-up and reason, however often it held."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from schedulers.campaigns.records import Why
from schedulers.storage.campaign_models import dial_refusals
from schedulers.storage.campaign_rows import at, us
from telephony.clock import from_microseconds, to_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Somebody is not dialled at an instant. `again_at`: not looked at again before; None: with the next look."""

    campaign: int
    follow_up: str
    why: Why
    at: datetime
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A reason as it is on record. `count` is how often it was noted, at most about once a minute."""

    follow_up: str
    why: Why
    first_at: datetime
    last_at: datetime
    count: int
    again_at: datetime | None


def note_refusals(connection: Connection, refusals: Iterable[Refusal]) -> None:
    """Put reasons on record; in order, so that two schedulers never wait for each other."""
    rows = [_values(each) for each in sorted(refusals, key=lambda each: (each.campaign, each.follow_up, each.why))]
    if not rows:
        return
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(dial_refusals)
    noted = insert.on_conflict_do_update(
        index_elements=["campaign", "follow_up", "why"],
        set_={
            "last_us": insert.excluded.last_us,
            "again_us": insert.excluded.again_us,
            "count": dial_refusals.c.count + 1,
        },
    )
    connection.execute(noted, rows)


def load_refusals(connection: Connection, campaign: int, *, since: datetime | None = None) -> tuple[Refused, ...]:
    """The reasons on record in a campaign, by follow-up, the newest reason of each first; those noted since."""
    table = dial_refusals
    wanted = select(table).where(table.c.campaign == campaign)
    if since is not None:
        wanted = wanted.where(table.c.last_us >= to_microseconds(since))
    rows = connection.execute(wanted.order_by(table.c.follow_up, table.c.last_us.desc(), table.c.why))
    return tuple(_refused(row) for row in rows)


def refusals_of(connection: Connection, campaign: int, follow_up: str) -> tuple[Refused, ...]:
    """Why one follow-up was not dialled in a campaign, the newest reason first."""
    table = dial_refusals
    wanted = select(table).where(table.c.campaign == campaign, table.c.follow_up == follow_up)
    return tuple(_refused(row) for row in connection.execute(wanted.order_by(table.c.last_us.desc(), table.c.why)))


def refusals_for(
    connection: Connection, campaigns: Collection[int], follow_up: str
) -> tuple[tuple[int, Refused], ...]:
    """Why one follow-up was not dialled in some campaigns, each with its campaign, the newest reason first."""
    table = dial_refusals
    wanted = select(table).where(table.c.campaign.in_(sorted(campaigns)), table.c.follow_up == follow_up)
    rows = connection.execute(wanted.order_by(table.c.last_us.desc(), table.c.campaign, table.c.why))
    return tuple((row.campaign, _refused(row)) for row in rows)


def count_refusals(connection: Connection, campaign: int, since: datetime) -> dict[Why, int]:
    """How many follow-ups of a campaign each reason held back since an instant."""
    table = dial_refusals.c
    wanted = select(table.why, func.count()).where(
        table.campaign == campaign, table.last_us >= to_microseconds(since)
    )
    return {Why(why): count for why, count in connection.execute(wanted.group_by(table.why).order_by(table.why))}


def _values(refusal: Refusal) -> dict[str, object]:
    at_us = to_microseconds(refusal.at)
    return {
        "campaign": refusal.campaign,
        "follow_up": refusal.follow_up,
        "why": refusal.why.value,
        "first_us": at_us,
        "last_us": at_us,
        "count": 1,
        "again_us": us(refusal.again_at),
    }


def _refused(row: Any) -> Refused:
    told = row._mapping
    return Refused(
        follow_up=told["follow_up"],
        why=Why(told["why"]),
        first_at=from_microseconds(told["first_us"]),
        last_at=from_microseconds(told["last_us"]),
        count=told["count"],
        again_at=at(told["again_us"]),
    )
