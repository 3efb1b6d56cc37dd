"""What people ask of attempts: dial it, leave it, call this number. All of it only writes rows; a runner sends."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from schedulers.campaigns.records import LIVE, DialAttempt, Phase, Why
from schedulers.errors import RefusedError
from schedulers.storage.campaign_models import dial_attempts
from schedulers.storage.dial_attempts import Intent, Lease, drop, plan, write_upon
from schedulers.storage.dial_reading import load_attempts
from schedulers.storage.dial_refusals import Refusal, note_refusals
from telephony.clock import to_microseconds

SKIPPED_FOR = timedelta(hours=1)
"""How long a record that an agent left is left alone."""

_TABLE = dial_attempts.c


def ask_to_dial(connection: Connection, attempt: int, agent: str, now: datetime) -> DialAttempt:
    """Its agent wants it dialled now; asked again it stays as it is. Raises RefusedError."""
    asking = update(dial_attempts).where(_TABLE.id == attempt, _TABLE.agent == agent, _TABLE.dial_us.is_(None))
    write_upon(connection, asking, Phase.PLANNED, {"dial_us": to_microseconds(now)})
    found = _his(connection, attempt, agent)
    if found.phase not in LIVE:
        raise RefusedError(f"attempt {attempt}", f"one that is {found.phase.value}", "one that is planned")
    return found


def skip(connection: Connection, attempt: int, agent: str, now: datetime, note: str) -> DialAttempt:
    """Its agent leaves the record, with a reason in words; nobody gets it for an hour. Raises RefusedError."""
    found = _his(connection, attempt, agent)
    if not note.strip():
        raise RefusedError(f"attempt {attempt}: reason", "none", "why it is left, in words")
    if not drop(connection, [attempt], Why.SKIPPED, now, note):
        raise RefusedError(f"attempt {attempt}", f"one that is {found.phase.value}", "one that is planned")
    for follow_up in found.follow_ups if found.campaign is not None else ():
        again_at = now + SKIPPED_FOR
        left = Refusal(
            campaign=found.campaign or 0, follow_up=follow_up, why=Why.SKIPPED, at=now, again_at=again_at
        )
        note_refusals(connection, [left])
    return load_attempts(connection, [attempt])[0]


def ask_for_call(connection: Connection, intent: Intent, now: datetime) -> DialAttempt:
    """An agent wants to be connected with a number, outside any campaign. Raises RefusedError.

    `dial_at` of the intent is now; any runner takes it up at once, or drops it with its reason.
    """
    planned, _ = plan(connection, [intent], now, Lease(runner="", until=None))
    if not planned:
        raise RefusedError(f"call of {intent.agent}", "a call that goes on", "a free agent, customer and number")
    return planned[0]


def _his(connection: Connection, attempt: int, agent: str) -> DialAttempt:
    found = next(iter(load_attempts(connection, [attempt])), None)
    if found is None or found.agent != agent:
        raise RefusedError(f"attempt {attempt}", "none of this agent's", f"one that {agent} looks at")
    return found
