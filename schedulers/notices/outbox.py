"""The outbox in the database: what is wanted, what is being sent, and how it ended. Never twice.

Whoever sends takes rows under a lease, commits, sends, and settles them. Rows whose lease has run out belong to
somebody who died between the two: they may have been sent, and are not sent again unless their channel is
idempotent. A row that was settled late by its own lease is settled still: that it was sent is known then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Update, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from config.followups import Promises
from config.language import Language
from config.notices import NoticeSettings, QuietSpan, channels_of
from schedulers.followups.records import Attributes
from schedulers.notices.models import notices
from schedulers.notices.quiet import awake_at
from schedulers.notices.records import Notice, Topic, id_of
from schedulers.notices.trying import WAITING, Ending, NoticeState, Tried, next_try
from telephony.clock import from_microseconds, to_microseconds

LEASE = timedelta(minutes=5)
"""Longer than any try takes; a sender that was killed is noticed after it."""

STALE = timedelta(days=1)
"""Longer than it was due ago: the service did not run, or a backup was restored. It is news no more."""

MOST_TOGETHER = 20
_TOGETHER = ("topic", "recipient", "channel", "language")

TOO_LATE, NO_CHANNEL, NO_WORD = "too late", "no channel", "ended unexpectedly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """By what notices are put and sent: settings, the policy's groups, the centre's zone and language."""

    settings: NoticeSettings
    promises: Promises
    zone: ZoneInfo
    language: Language

    @property
    def quiet(self) -> tuple[QuietSpan, ...]:
        """When nobody is disturbed."""
        return self.settings.quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A row of the outbox that somebody has under a lease."""

    id: str
    topic: Topic
    recipient: str
    channel: str
    language: Language
    details: Attributes
    urgent: bool
    tries: int


def put(connection: Connection, wanted: Iterable[Notice], by: Telling) -> int:
    """Write down what is to be told, in the caller's transaction; how many rows are new.

    What was written before, in whatever state it is, stays as it is. Without any channel nothing is written.
    """
    if not by.settings.channels:
        return 0
    rows = {row["id"]: row for notice in wanted for row in _rows(notice, by)}
    known = _known(connection, list(rows))
    new = [row for identity, row in rows.items() if identity not in known]
    return sum(_add(connection, row) for row in new)


def _add(connection: Connection, row: dict[str, Any]) -> int:
    """Another process may write the same notice at the same moment: it is the same notice."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added = insert(notices).values(row).on_conflict_do_nothing().returning(notices.c.id)
    return int(connection.execute(added).first() is not None)


def _known(connection: Connection, identities: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(identities), 500):
        chosen = notices.c.id.in_(identities[first : first + 500])
        found.update(connection.execute(select(notices.c.id).where(chosen)).scalars())
    return found


def _rows(notice: Notice, by: Telling) -> list[dict[str, Any]]:
    channels = channels_of(by.settings, notice.recipient, by.promises)
    return [_row(notice, channel, by) for channel in channels or ("",)]


def _row(notice: Notice, channel: str, by: Telling) -> dict[str, Any]:
    at = notice.wanted_at if notice.is_urgent else awake_at(by.quiet, notice.wanted_at, by.zone)
    return {
        "id": id_of(notice.id, channel),
        "topic": notice.topic.value,
        "about": notice.about,
        "recipient": str(notice.recipient),
        "channel": channel,
        "language": by.settings.language(notice.recipient, channel, by.language).value,
        "details": json.dumps(dict(notice.details), ensure_ascii=False),
        "urgent": notice.is_urgent,
        "wanted_us": to_microseconds(notice.wanted_at),
        "until_us": None if notice.until_at is None else to_microseconds(notice.until_at),
        "state": (NoticeState.WANTED if channel else NoticeState.NOWHERE).value,
        "next_us": to_microseconds(at),
        "tries": 0,
        "ended_us": None if channel else to_microseconds(notice.wanted_at),
        "why": "" if channel else NO_CHANNEL,
    }


def take(connection: Connection, now: datetime, lease: str, by: Telling) -> list[Outgoing]:
    """What goes in the next message, urgent ones first; () where nothing is to be sent now.

    Marked as being sent by this lease; to be committed before anything leaves. All are of one topic and one channel
    and for one recipient; of an idempotent channel each goes alone.
    """
    _lapse(connection, now, by)
    _drop_late(connection, now)
    due = select(notices).where(
        notices.c.ended_us.is_(None), notices.c.next_us <= to_microseconds(now), notices.c.state.in_(WAITING)
    )
    in_turn = due.order_by(notices.c.urgent.desc(), notices.c.next_us, notices.c.id)
    first = connection.execute(in_turn.limit(1).with_for_update(skip_locked=True)).first()
    if first is None:
        return []
    together = in_turn.where(*(notices.c[name] == getattr(first, name) for name in _TOGETHER))
    rows = connection.execute(together.limit(_at_most(first.channel, by)).with_for_update(skip_locked=True)).all()
    taking = update(notices).where(notices.c.id.in_([row.id for row in rows]))
    until_us = to_microseconds(now + LEASE)
    connection.execute(taking.values(state=NoticeState.SENDING.value, lease=lease, next_us=until_us))
    return [_outgoing(row) for row in rows]


def _at_most(channel: str, by: Telling) -> int:
    found = by.settings.channel(channel)
    return 1 if found is not None and found.idempotent else MOST_TOGETHER


def _lapse(connection: Connection, now: datetime, by: Telling) -> None:
    """Rows of a sender that died: indeterminate, or wanted again where sending twice does no harm."""
    died = (notices.c.state == NoticeState.SENDING.value, notices.c.next_us <= to_microseconds(now))
    harmless = [channel.name for channel in by.settings.channels if channel.idempotent]
    again = update(notices).where(*died, notices.c.ended_us.is_(None), notices.c.channel.in_(harmless))
    connection.execute(again.values(state=NoticeState.WANTED.value, why=NO_WORD))
    unknown = update(notices).where(*died, notices.c.ended_us.is_(None))
    connection.execute(_ended(unknown, NoticeState.INDETERMINATE, now, NO_WORD))


def _drop_late(connection: Connection, now: datetime) -> None:
    """What is of no use any more is given up; so is what nobody was there to send for a day."""
    is_late = or_(notices.c.until_us < to_microseconds(now), notices.c.next_us < to_microseconds(now - STALE))
    late = update(notices).where(notices.c.ended_us.is_(None), notices.c.state.in_(WAITING), is_late)
    connection.execute(_ended(late, NoticeState.GIVEN_UP, now, TOO_LATE))


def settle(
    connection: Connection, sent: Sequence[Outgoing], lease: str, tried: Tried, now: datetime, by: Telling
) -> None:
    """Write down how a try ended. Rows that somebody else has taken since are left alone."""
    for each in sent:
        # One that was believed to be lost for ever is settled too, by its own lease alone.
        ours = update(notices).where(
            notices.c.id == each.id,
            notices.c.lease == lease,
            or_(notices.c.ended_us.is_(None), notices.c.state == NoticeState.INDETERMINATE.value),
        )
        connection.execute(_settling(ours, each, tried, now, by))


def _settling(ours: Update, each: Outgoing, tried: Tried, now: datetime, by: Telling) -> Update:
    tries = each.tries + 1
    channel = by.settings.channel(each.channel)
    match tried.ending:
        case Ending.TAKEN:
            return _ended(ours, NoticeState.SENT, now, "").values(tries=tries)
        case Ending.UNKNOWN if channel is None or not channel.idempotent:
            return _ended(ours, NoticeState.INDETERMINATE, now, tried.why).values(tries=tries)
    again = next_try(tries, now)
    if again is None:
        return _ended(ours, NoticeState.GIVEN_UP, now, tried.why).values(tries=tries)
    at = again if each.urgent else awake_at(by.quiet, again, by.zone)
    failed = {"state": NoticeState.FAILED.value, "next_us": to_microseconds(at), "ended_us": None}
    return ours.values(tries=tries, why=tried.why, **failed)


def _ended(statement: Update, state: NoticeState, now: datetime, why: str) -> Update:
    return statement.values(state=state.value, ended_us=to_microseconds(now), why=why)


def _outgoing(row: Any) -> Outgoing:
    return Outgoing(
        id=row.id,
        topic=Topic(row.topic),
        recipient=row.recipient,
        channel=row.channel,
        language=Language(row.language),
        details=tuple(sorted(json.loads(row.details).items())),
        urgent=row.urgent,
        tries=row.tries,
    )


def next_at(connection: Connection) -> datetime | None:
    """When the next notice is to be sent, or a lease runs out; None where nothing waits."""
    soonest = select(notices.c.next_us).where(notices.c.ended_us.is_(None)).order_by(notices.c.next_us).limit(1)
    found = connection.execute(soonest).scalar()
    return None if found is None else from_microseconds(found)
