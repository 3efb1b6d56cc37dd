"""Attempts as they stand: by id, by channel, live ones, those whose end nobody knows, and all of a campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, literal_column, select

from schedulers.campaigns.records import DialAttempt
from schedulers.storage.campaign_models import LIVE, UNKNOWN, dial_attempt_serves, dial_attempts, dial_holds
from schedulers.storage.campaign_rows import attempt_of

AT_A_TIME = 500
"""Attempts of one statement."""

_TABLE = dial_attempts.c
IS_LIVE: ColumnElement[bool] = literal_column(LIVE)
"""In the very words of the indexes over live rows."""
IS_UNKNOWN: ColumnElement[bool] = literal_column(UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An agent who is out of his queues for an attempt; `is_over`: it is not live any more, he is to be given back."""

    agent: str
    attempt: int
    pbx: str
    device: str
    is_over: bool


def load_attempts(
    connection: Connection, ids: Sequence[int], *, to_change: bool = False
) -> tuple[DialAttempt, ...]:
    """Attempts by their ids, in the order of ids. `to_change` keeps them from others until the transaction ends."""
    found: list[Any] = []
    for first in range(0, len(ids), AT_A_TIME):
        wanted = select(dial_attempts).where(_TABLE.id.in_(ids[first : first + AT_A_TIME])).order_by(_TABLE.id)
        found += connection.execute(wanted.with_for_update() if to_change else wanted)
    return tuple(_whole(connection, sorted(found, key=lambda row: int(row.id))))


def load_by_channel(connection: Connection, channel_ids: Iterable[str]) -> dict[str, DialAttempt]:
    """Attempts by what their first channel is called; of a channel that is none of ours there is none."""
    asked = sorted(set(channel_ids))
    found: dict[str, DialAttempt] = {}
    for first in range(0, len(asked), AT_A_TIME):
        wanted = select(dial_attempts).where(_TABLE.channel_id.in_(asked[first : first + AT_A_TIME]))
        found |= {each.channel_id: each for each in _whole(connection, connection.execute(wanted).all())}
    return found


def load_live(connection: Connection) -> tuple[DialAttempt, ...]:
    """All attempts that may become a call, or are one; few, however many there ever were."""
    return tuple(_attempts(connection, select(dial_attempts).where(IS_LIVE).order_by(_TABLE.id)))


def load_of_agent(connection: Connection, agent: str) -> DialAttempt | None:
    """The live attempt of an agent: the record that he looks at, or his call."""
    return next(_attempts(connection, select(dial_attempts).where(_TABLE.agent == agent, IS_LIVE)), None)


def load_indeterminate(
    connection: Connection, *, after: int = 0, limit: int = AT_A_TIME
) -> tuple[DialAttempt, ...]:
    """Attempts whose end nobody knows, a page at a time, from behind an id on."""
    wanted = select(dial_attempts).where(IS_UNKNOWN, _TABLE.id > after).order_by(_TABLE.id).limit(limit)
    return tuple(_attempts(connection, wanted))


def load_of_campaign(
    connection: Connection, campaign: int, *, after: int = 0, limit: int = AT_A_TIME
) -> tuple[DialAttempt, ...]:
    """A campaign's attempts in their order, a page at a time, from behind an id on."""
    wanted = select(dial_attempts).where(_TABLE.campaign == campaign, _TABLE.id > after)
    return tuple(_attempts(connection, wanted.order_by(_TABLE.id).limit(limit)))


def iterate_of_campaign(connection: Connection, campaign: int) -> Iterator[DialAttempt]:
    """A campaign's attempts from the first to the last: what an export is made of."""
    after = 0
    while found := load_of_campaign(connection, campaign, after=after):
        yield from found
        after = found[-1].id


def load_of_follow_up(connection: Connection, follow_up: str) -> tuple[DialAttempt, ...]:
    """All attempts that were made for a follow-up, the first one first."""
    serves = dial_attempt_serves.c
    wanted = select(serves.attempt).where(serves.follow_up == follow_up)
    return load_attempts(connection, connection.execute(wanted).scalars().all())


def load_holds(connection: Connection) -> tuple[Hold, ...]:
    """The agents who are out of their queues for an attempt of ours."""
    live = select(_TABLE.id).where(IS_LIVE).scalar_subquery()
    wanted = select(dial_holds, dial_holds.c.attempt.not_in(live).label("is_over")).order_by(dial_holds.c.agent)
    return tuple(
        Hold(agent=row.agent, attempt=row.attempt, pbx=row.pbx, device=row.device, is_over=bool(row.is_over))
        for row in connection.execute(wanted)
    )


def _attempts(connection: Connection, wanted: Select[Any]) -> Iterator[DialAttempt]:
    return _whole(connection, connection.execute(wanted).all())


def _whole(connection: Connection, rows: Sequence[Any]) -> Iterator[DialAttempt]:
    serves = _serves(connection, [row.id for row in rows])
    return (attempt_of(row, serves[row.id]) for row in rows)


def _serves(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[str]]:
    table = dial_attempt_serves
    found: defaultdict[int, list[str]] = defaultdict(list)
    for first in range(0, len(ids), AT_A_TIME):
        wanted = select(table).where(table.c.attempt.in_(ids[first : first + AT_A_TIME]))
        for row in connection.execute(wanted.order_by(table.c.attempt, table.c.place)):
            found[row.attempt].append(row.follow_up)
    return found
