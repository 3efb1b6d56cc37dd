"""What became of notices, for people: listed, and wanted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from schedulers.notices.models import notices
from schedulers.notices.trying import NoticeState
from telephony.clock import from_microseconds, to_microseconds

RETRIED = (NoticeState.FAILED, NoticeState.GIVEN_UP, NoticeState.INDETERMINATE)
"""States from which people may send a notice again. What has no channel is settled by settings, not by a retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice on one channel, and where it stands. `next_at` is None once it has ended."""

    id: str
    topic: str
    about: str
    recipient: str
    channel: str
    language: str
    state: NoticeState
    wanted_at: datetime
    next_at: datetime | None
    tries: int
    ended_at: datetime | None
    why: str


def listed(connection: Connection, states: Sequence[NoticeState] = (), limit: int | None = None) -> list[Told]:
    """Notices, the newest first; of these states, or of all."""
    wanted = select(notices).order_by(notices.c.wanted_us.desc(), notices.c.id)
    chosen = wanted.where(notices.c.state.in_(states)) if states else wanted
    return [_told(row) for row in connection.execute(chosen.limit(limit))]


def find(connection: Connection, identity: str) -> Told | None:
    """The notice of this id."""
    row = connection.execute(select(notices).where(notices.c.id == identity)).first()
    return None if row is None else _told(row)


def want_again(connection: Connection, states: Sequence[NoticeState], now: datetime, identity: str | None) -> int:
    """Let those in these states, or the one of an id if it is in one, be sent now; how many there are.

    They are tried for a day again, and what was of no use after an instant is sent in spite of it.
    """
    chosen = update(notices).where(notices.c.state.in_(states))
    if identity is not None:
        chosen = chosen.where(notices.c.id == identity)
    fresh: dict[str, Any] = {"state": NoticeState.WANTED.value, "tries": 0, "why": "", "lease": None}
    now_us = to_microseconds(now)
    return connection.execute(chosen.values(next_us=now_us, until_us=None, ended_us=None, **fresh)).rowcount


def _told(row: Any) -> Told:
    return Told(
        id=row.id,
        topic=row.topic,
        about=row.about,
        recipient=row.recipient,
        channel=row.channel,
        language=row.language,
        state=NoticeState(row.state),
        wanted_at=from_microseconds(row.wanted_us),
        next_at=from_microseconds(row.next_us) if row.ended_us is None else None,
        tries=row.tries,
        ended_at=None if row.ended_us is None else from_microseconds(row.ended_us),
        why=row.why,
    )
