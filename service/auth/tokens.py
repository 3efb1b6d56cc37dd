"""Tokens: `tr_ID_SECRET`. Made of 32 random bytes, stored as their SHA-256, compared in constant time.

A secret of 256 random bits needs no slow hash: nobody guesses it, and what is stored leads nobody to it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from service.auth.models import api_tokens
from telephony.clock import from_microseconds, to_microseconds

_TOKEN = re.compile(r"tr_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_NO_HASH = "0" * 64


class Scope(StrEnum):
    """What a token allows. Each adds to the others; none holds another."""

    READ = "read"  # every endpoint, as JSON
    EXPORT = "export"  # with it: the same as CSV and spreadsheets, which leave the house
    PEOPLE = "people"  # with it: customers' numbers and names whole; without it they are masked
    CUSTOMERS_WRITE = "customers:write"  # with people, without which nobody reads customers: they may be told anew
    FOLLOWUPS = "followups:write"  # outcomes of follow-ups, and what else is done to them
    RECORDINGS = "recordings:listen"  # with read: the sound of recordings; each time is in the audit
    ACT = "agents:act"  # on the PBX: pause, queues, listening in, hanging up
    EVENTS = "events:write"  # events from outside, and nothing else


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token as it is known after its making: never its secret."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_day: str | None = None
    revoked_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether it opens anything at this instant. It ends with its last instant, which is not part of it."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def create(
    connection: Connection, name: str, scopes: Iterable[Scope], now: datetime, expires_at: datetime | None = None
) -> tuple[Token, str]:
    """A new token, stored, and the text that its bearer shows; the text is nowhere else."""
    identity, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = Token(id=identity, name=name, scopes=frozenset(scopes), created_at=now, expires_at=expires_at)
    connection.execute(
        insert(api_tokens).values(
            id=identity,
            hash=_hash(secret),
            name=name,
            scopes=" ".join(sorted(token.scopes)),
            created_us=to_microseconds(now),
            expires_us=None if expires_at is None else to_microseconds(expires_at),
        )
    )
    return token, f"tr_{identity}_{secret}"


def find(connection: Connection, shown: str) -> Token | None:
    """The token that a bearer shows, whatever its state; None where it is none of ours."""
    parts = _TOKEN.fullmatch(shown)
    if parts is None:
        return None
    row = connection.execute(select(api_tokens).where(api_tokens.c.id == parts[1])).first()
    # Compared for an unknown id too, so that the time tells nothing.
    matches = hmac.compare_digest(row.hash if row else _NO_HASH, _hash(parts[2]))
    return _token(row) if row is not None and matches else None


def listed(connection: Connection) -> list[Token]:
    """All tokens, the oldest first."""
    found = connection.execute(select(api_tokens).order_by(api_tokens.c.created_us, api_tokens.c.id))
    return [_token(row) for row in found]


def revoke(connection: Connection, identity: str, now: datetime) -> bool:
    """End a token for good; False where there is none of this id. One that was ended before stays as it was."""
    wanted = api_tokens.c.id == identity
    if connection.execute(select(api_tokens.c.id).where(wanted)).first() is None:
        return False
    statement = update(api_tokens).where(wanted, api_tokens.c.revoked_us.is_(None))
    connection.execute(statement.values(revoked_us=to_microseconds(now)))
    return True


def note_use(connection: Connection, token: Token, day: str) -> None:
    """Write down the day of its last use."""
    connection.execute(update(api_tokens).where(api_tokens.c.id == token.id).values(last_used_day=day))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: Any) -> Token:
    known = {each.value for each in Scope}
    return Token(
        id=row.id,
        name=row.name,
        scopes=frozenset(Scope(each) for each in row.scopes.split() if each in known),
        created_at=from_microseconds(row.created_us),
        expires_at=None if row.expires_us is None else from_microseconds(row.expires_us),
        last_used_day=row.last_used_day,
        revoked_at=None if row.revoked_us is None else from_microseconds(row.revoked_us),
    )
