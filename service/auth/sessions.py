"""Sessions: who has logged in, in which browser. The cookie's token is 256 random bits; only its SHA-256 is stored.

A session ends when it was not used for so long, so long after it began however it was used, and at once when somebody
ends it: with a new password, another role, or because an account is disabled.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from service.auth.accounts import Account, account_of
from service.auth.models import accounts, sessions
from telephony.clock import from_microseconds, to_microseconds

SEEN_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)
"""So long after its end it is known which sessions there were."""

_MAX_BROWSER, _MAX_ADDRESS, _TOKEN = 200, 64, 43
_COLUMNS = [column for column in sessions.c if column.name != "hash"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a session lasts: unused, and at all."""

    idle: timedelta = timedelta(hours=12)
    whole: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser of one person. Its id names it; only its token opens anything."""

    id: str
    account: int
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    address: str
    browser: str

    def is_valid(self, now: datetime, limits: Limits) -> bool:
        """Whether it opens anything at this instant."""
        in_time = now < self.created_at + limits.whole and now < self.seen_at + limits.idle
        return self.ended_at is None and in_time


def begin(connection: Connection, account: int, now: datetime, address: str, browser: str) -> tuple[Session, str]:
    """A new session, and the token for its cookie, which is nowhere else."""
    token, at = secrets.token_urlsafe(32), to_microseconds(now)
    identity = secrets.token_hex(6)
    connection.execute(
        insert(sessions).values(
            id=identity,
            hash=_hash(token),
            account=account,
            created_us=at,
            seen_us=at,
            address=address[:_MAX_ADDRESS],
            browser="".join(each for each in browser if each.isprintable())[:_MAX_BROWSER],
        )
    )
    row = connection.execute(select(*_COLUMNS).where(sessions.c.id == identity)).one()
    return _session(row), token


def find(connection: Connection, token: str) -> tuple[Session, Account] | None:
    """The session of a token and whose it is, whatever their state; None where it is none of ours.

    Looked for by its hash, so that the time that it takes tells nothing of the token.
    """
    if len(token) != _TOKEN:
        return None
    found = connection.execute(select(*_COLUMNS).where(sessions.c.hash == _hash(token))).first()
    if found is None:
        return None
    whose = connection.execute(select(accounts).where(accounts.c.id == found.account)).mappings().one()
    return _session(found), account_of(whose)


def note_seen(connection: Connection, session: Session, now: datetime) -> None:
    """It was used."""
    connection.execute(update(sessions).where(sessions.c.id == session.id).values(seen_us=to_microseconds(now)))


def end(connection: Connection, account: int, identity: str, now: datetime) -> bool:
    """End one of somebody's sessions; False where he has none of this id that goes on."""
    mine = (sessions.c.id == identity, sessions.c.account == account, sessions.c.ended_us.is_(None))
    done = connection.execute(update(sessions).where(*mine).values(ended_us=to_microseconds(now)))
    return bool(done.rowcount)


def end_all(connection: Connection, account: int, now: datetime, but: str = "") -> int:
    """End all of somebody's sessions, but the one of this id; how many there were."""
    open_ = (sessions.c.account == account, sessions.c.ended_us.is_(None), sessions.c.id != but)
    return connection.execute(update(sessions).where(*open_).values(ended_us=to_microseconds(now))).rowcount


def listed(connection: Connection, account: int, now: datetime, limits: Limits) -> list[Session]:
    """Somebody's sessions that go on, the one used last first."""
    wanted = select(*_COLUMNS).where(sessions.c.account == account, sessions.c.ended_us.is_(None))
    found = connection.execute(wanted.order_by(sessions.c.seen_us.desc(), sessions.c.id))
    return [each for each in map(_session, found) if each.is_valid(now, limits)]


def forget(connection: Connection, now: datetime) -> None:
    """Take out those that nobody used for three months, and that ended so long ago."""
    old = to_microseconds(now - KEPT)
    connection.execute(delete(sessions).where(or_(sessions.c.ended_us < old, sessions.c.seen_us < old)))


def proof_of(token: str) -> str:
    """What stands in every form of this session: made of its token, which no page holds."""
    return hmac.new(token.encode(), b"proof of our own page", hashlib.sha256).hexdigest()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(
        id=row.id,
        account=row.account,
        created_at=from_microseconds(row.created_us),
        seen_at=from_microseconds(row.seen_us),
        ended_at=None if row.ended_us is None else from_microseconds(row.ended_us),
        address=row.address,
        browser=row.browser,
    )
