"""What agents recorded of calls, and what they are typing: rows of `service.desk.models`.

A record belongs to a call and the agent who had it; the newest counts, the earlier ones stay. Ids of calls are those
of survivors: whoever reads by a call resolves it first, and a call that is merged later is found by its aliases.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from analytics.storage.aliases import resolve
from analytics.storage.models import call_aliases
from service.desk.models import desk_drafts, desk_records
from telephony.clock import from_microseconds, to_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEntry:
    """What an agent recorded of a call. `next_step` is '', `promise:NAME`, `agree` or `close:REASON`."""

    call_id: str
    agent: str
    at: datetime
    by: str
    customer: str | None
    outcome: str
    code: str | None
    content: str
    next_step: str = ""
    next_at: datetime | None = None
    follow_ups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form as it was typed, and when that was kept."""

    saved_at: datetime
    fields: Mapping[str, str]


# -- records -----------------------------------------------------------------------------------------


def add_entry(connection: Connection, entry: CallEntry) -> None:
    """Keep one more record of a call; its draft is done with."""
    row = {
        "call_id": entry.call_id,
        "agent": entry.agent,
        "at_us": to_microseconds(entry.at),
        "by_whom": entry.by,
        "customer": entry.customer,
        "outcome": entry.outcome,
        "code": entry.code,
        "content": entry.content,
        "next_step": entry.next_step,
        "next_us": None if entry.next_at is None else to_microseconds(entry.next_at),
        "follow_ups": json.dumps(entry.follow_ups),
    }
    connection.execute(insert(desk_records).values(row))
    drop_draft(connection, entry.agent, entry.call_id)


def entries_of(connection: Connection, call_id: str, agent: str) -> tuple[CallEntry, ...]:
    """All that an agent recorded of a call, by any id that it ever had; the oldest first."""
    table = desk_records.c
    wanted = select(desk_records).where(table.call_id.in_(ids_of(connection, call_id)), table.agent == agent)
    return tuple(map(_entry, connection.execute(wanted.order_by(table.id))))


def newest_entries(connection: Connection, call_ids: Collection[str]) -> dict[str, CallEntry]:
    """The newest record of each of these calls, whoever made it."""
    table = desk_records.c
    newest = select(func.max(table.id)).where(table.call_id.in_(sorted(call_ids))).group_by(table.call_id)
    wanted = select(desk_records).where(table.id.in_(newest))
    return {each.call_id: each for each in map(_entry, connection.execute(wanted))}


def recorded_since(connection: Connection, agent: str, since: datetime) -> frozenset[str]:
    """The calls of which an agent recorded something since an instant, by the id that they had then."""
    table = desk_records.c
    wanted = select(table.call_id).where(table.agent == agent, table.at_us >= to_microseconds(since)).distinct()
    return frozenset(connection.execute(wanted).scalars())


def ids_of(connection: Connection, call_id: str) -> list[str]:
    """Every id of a call: the survivor's, and those that went into it."""
    stays = resolve(connection, call_id)
    aliases = select(call_aliases.c.alias_id).where(call_aliases.c.call_id == stays)
    return [stays, *connection.execute(aliases).scalars()]


def _entry(row: Row[Any]) -> CallEntry:
    return CallEntry(
        call_id=row.call_id,
        agent=row.agent,
        at=from_microseconds(row.at_us),
        by=row.by_whom,
        customer=row.customer,
        outcome=row.outcome,
        code=row.code,
        content=row.content,
        next_step=row.next_step,
        next_at=None if row.next_us is None else from_microseconds(row.next_us),
        follow_ups=tuple(json.loads(row.follow_ups)),
    )


# -- drafts ------------------------------------------------------------------------------------------


def keep_draft(connection: Connection, agent: str, call_id: str, fields: Mapping[str, str], at: datetime) -> None:
    """Keep what is typed, in the place of what was kept before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    fresh = {
        "saved_us": to_microseconds(at),
        "fields": json.dumps(dict(fields), ensure_ascii=False, sort_keys=True),
    }
    row = dialect.insert(desk_drafts).values(agent=agent, call_id=call_id, **fresh)
    connection.execute(row.on_conflict_do_update(index_elements=["agent", "call_id"], set_=fresh))


def load_draft(connection: Connection, agent: str, call_id: str) -> Draft | None:
    """What an agent was typing of a call; None where nothing is kept."""
    table = desk_drafts.c
    wanted = select(desk_drafts).where(table.agent == agent, table.call_id.in_(ids_of(connection, call_id)))
    row = connection.execute(wanted.order_by(table.saved_us.desc())).first()
    return None if row is None else Draft(saved_at=from_microseconds(row.saved_us), fields=json.loads(row.fields))


def drafted(connection: Connection, agent: str, call_ids: Iterable[str]) -> frozenset[str]:
    """Of which of these calls an agent has a draft."""
    table = desk_drafts.c
    wanted = select(table.call_id).where(table.agent == agent, table.call_id.in_(list(call_ids)))
    return frozenset(connection.execute(wanted).scalars())


def drop_draft(connection: Connection, agent: str, call_id: str) -> None:
    """The draft is not needed any more."""
    table = desk_drafts.c
    stale = delete(desk_drafts).where(table.agent == agent, table.call_id.in_(ids_of(connection, call_id)))
    connection.execute(stale)
