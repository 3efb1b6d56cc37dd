"""Attempts in the database: planned, asked for, sent, settled. None ever goes back to an earlier phase.

What is written here is only ever written upon the phase that it follows: a second scheduler that is late changes
nothing. Committing, which checks all rules once more, is in `schedulers.storage.dial_committing`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, Update, cast, insert, literal, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.storage.dialects import storable_text
from config.followups import Result
from schedulers.campaigns.records import DialAttempt, DialMode, Evidence, Phase, Why
from schedulers.storage.campaign_models import dial_attempt_serves, dial_attempts, dial_holds
from schedulers.storage.campaign_rows import us
from schedulers.storage.dial_reading import IS_LIVE, load_attempts
from schedulers.storage.installation import load_nonce
from telephony.clock import to_microseconds

PREFIX = "tr"
"""All our channels begin with it."""
STOP = "a"
"""What ends a channel id. Asterisk 22 takes an id for used that another channel's begins with: 1 while 11 rings."""

OLD_US = 5_000_000
"""A lease that was renewed so lately is not written again."""

_TABLE = dial_attempts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody would dial: an attempt before it has an id. `dial_at` None waits for its agent's word."""

    campaign: int | None
    mode: DialMode
    follow_ups: tuple[str, ...]
    customer: str
    number: str
    agent: str
    device: str
    pbx: str
    trunk: str
    by: str
    dial_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Which scheduler holds what it plans, and until when. '' is none: any scheduler may take it up."""

    runner: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an attempt ended, and how that is known."""

    phase: Phase
    at: datetime
    evidence: Evidence | None = None
    result: Result | None = None
    cause: int | None = None
    call: str | None = None
    why: Why | None = None
    note: str = ""


def plan(
    connection: Connection, intents: Iterable[Intent], now: datetime, lease: Lease
) -> tuple[tuple[DialAttempt, ...], tuple[Intent, ...]]:
    """Plan attempts: those that are planned now, and those whose customer, number or agent is in a live one already.

    In the order of agents, so that two schedulers that plan for the same agents wait for each other at most once.
    """
    nonce = load_nonce(connection, now)
    ids: list[int] = []
    left: list[Intent] = []
    for intent in sorted(intents, key=lambda each: each.agent):
        id_ = _add(connection, intent, now, lease)
        if id_ is None:
            left.append(intent)
        else:
            ids.append(id_)
    _name(connection, ids, nonce)
    return load_attempts(connection, ids), tuple(left)


def _add(connection: Connection, intent: Intent, now: datetime, lease: Lease) -> int | None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {
        "campaign": intent.campaign,
        "mode": intent.mode.value,
        "customer": intent.customer,
        "number": intent.number,
        "agent": intent.agent,
        "device": intent.device,
        "pbx": intent.pbx,
        "trunk": intent.trunk,
        "by_whom": storable_text(intent.by),
        "phase": Phase.PLANNED.value,
        "planned_us": to_microseconds(now),
        "dial_us": us(intent.dial_at),
        "runner": lease.runner,
        "lease_until_us": us(lease.until),
        "note": "",
        "revision": 1,
    }
    adding = dialect.insert(dial_attempts).values(values).on_conflict_do_nothing().returning(_TABLE.id)
    id_ = connection.execute(adding).scalar()
    if id_ is not None and intent.follow_ups:
        serves = [
            {"attempt": id_, "follow_up": each, "place": place} for place, each in enumerate(intent.follow_ups)
        ]
        connection.execute(insert(dial_attempt_serves), serves)
    return id_


def _name(connection: Connection, ids: Sequence[int], nonce: str) -> None:
    named = literal(f"{PREFIX}-{nonce}-") + cast(_TABLE.id, Text) + literal(STOP)
    if ids:
        connection.execute(update(dial_attempts).where(_TABLE.id.in_(ids)).values(channel_id=named))


def drop(connection: Connection, ids: Collection[int], why: Why, now: datetime, note: str = "") -> int:
    """Give up attempts that are planned and no more than that; how many they were."""
    dropping = update(dial_attempts).where(_TABLE.id.in_(sorted(ids)))
    ended = {"phase": Phase.DROPPED.value, "why": why.value, "ended_us": to_microseconds(now)}
    return write_upon(connection, dropping, Phase.PLANNED, {**ended, "note": storable_text(note)})


def renew_leases(connection: Connection, lease: Lease) -> int:
    """The scheduler goes on holding what it planned; how many they are whose lease had grown old."""
    is_ours = (_TABLE.runner == lease.runner, _TABLE.phase == Phase.PLANNED.value, IS_LIVE)
    until_us = us(lease.until) or 0
    old = update(dial_attempts).where(*is_ours, _TABLE.lease_until_us < until_us - OLD_US)
    return connection.execute(old.values(lease_until_us=until_us)).rowcount


def sent(connection: Connection, attempt: int, now: datetime) -> bool:
    """The PBX took the order. Where its call was heard meanwhile nothing changes."""
    sending = update(dial_attempts).where(_TABLE.id == attempt)
    values = {"phase": Phase.SENT.value, "sent_us": to_microseconds(now)}
    return write_upon(connection, sending, Phase.COMMITTED, values) == 1


def settle(connection: Connection, attempt: DialAttempt, ending: Ending) -> bool:
    """Write how a committed attempt ended, upon the revision that was read; whether that was still the newest."""
    ours = update(dial_attempts).where(_TABLE.id == attempt.id, _TABLE.revision == attempt.revision)
    settled = ours.where(_TABLE.committed_us.is_not(None)).values(
        phase=ending.phase.value,
        ended_us=to_microseconds(ending.at),
        evidence=None if ending.evidence is None else ending.evidence.value,
        result=None if ending.result is None else ending.result.value,
        cause=ending.cause,
        call_id=ending.call or attempt.call,
        why=None if ending.why is None else ending.why.value,
        note=storable_text(ending.note) or attempt.note,
        revision=_TABLE.revision + 1,
    )
    return connection.execute(settled).rowcount == 1


def write_upon(connection: Connection, statement: Update, upon: Phase, values: Mapping[str, Any]) -> int:
    """Change rows that stand in a phase, by an update without values; how many they were."""
    ours = statement.where(_TABLE.phase == upon.value)
    return connection.execute(ours.values(revision=_TABLE.revision + 1, **values)).rowcount


# -- agents who are held ---------------------------------------------------------------------------


def note_hold(connection: Connection, attempt: DialAttempt, now: datetime) -> None:
    """Before its agent is taken out of his queues: so that he is given back, whatever happens then."""
    values = {
        "agent": attempt.agent,
        "attempt": attempt.id,
        "pbx": attempt.pbx,
        "device": attempt.device,
        "at_us": to_microseconds(now),
    }
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    adding = dialect.insert(dial_holds).values(values)
    connection.execute(adding.on_conflict_do_update(index_elements=["agent"], set_=values))


def given_back(connection: Connection, agent: str, attempt: int) -> None:
    """An agent is in his queues again; if another attempt holds him meanwhile, that stays."""
    table = dial_holds.c
    connection.execute(dial_holds.delete().where(table.agent == agent, table.attempt == attempt))
