"""Lets in whose token or session allows what is asked; tells the rest why not, and slows down who guesses."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.api.errors import ApiError
from service.auth import tokens
from service.auth.forms import HEADER, is_own
from service.auth.rights import Right, Visitor
from service.auth.tokens import ALL_SCOPES, Scope, Token
from service.auth.tries import Tries
from service.auth.visiting import is_stranger, known_visitor

REALM = 'Bearer realm="threerings"'
_KNOWN = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who was let in: a token's id, or '' where none is asked for; and what he may.

    visitor: who has logged in, for what a token does not tell; None for a program.
    """

    token: str = ""
    scopes: frozenset[Scope] = ALL_SCOPES
    visitor: Visitor | None = None


ANYBODY = Bearer()
RIGHTS_OF: dict[Scope, frozenset[Right]] = {
    Scope.READ: frozenset(),  # each endpoint asks for a right of its own: service.api.rights
    Scope.EXPORT: frozenset({Right.EXPORT}),
    Scope.RECORDINGS: frozenset({Right.LISTEN}),
    Scope.PEOPLE: frozenset({Right.NUMBERS}),
    Scope.CUSTOMERS_WRITE: frozenset({Right.CUSTOMERS, Right.NUMBERS}),
    Scope.FOLLOWUPS: frozenset({Right.PROMISES, Right.HAND_OVER, Right.OUTCOMES}),
    Scope.EVENTS: frozenset({Right.PROMISES, Right.HAND_OVER}),
}
"""The rights that allow in a session what a scope allows to a token."""


def scopes_of(visitor: Visitor) -> frozenset[Scope]:
    """What a session allows, in the words of tokens."""
    return frozenset(scope for scope, rights in RIGHTS_OF.items() if visitor.rights >= rights)


class Guard:
    """The door of the API. `engine` may write: the day of a token's last use."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], *, required: bool) -> None:
        self.required = required
        self._engine = engine
        self._now = now
        self._tries = Tries()
        self._good: dict[str, str] = {}  # tokens that were valid a moment ago, to the day that is written down

    async def admit(self, request: web.Request) -> Bearer:
        """Who asks; anybody, who may everything, where neither token nor session is asked for.

        Raises ApiError 401 or 429, and 403 for a change that a session asks for without its proof.
        """
        shown, visitor = _shown(request), known_visitor(request)
        if shown is None and visitor is not None and visitor.account is not None:
            return _in_session(request, visitor)
        if not self.required and (visitor is None or not is_stranger(visitor)):
            return ANYBODY
        now, address = self._now(), request.remote or ""
        if shown is None:
            raise _unauthorized("found none, expected one: Authorization: Bearer tr_…, or a session")
        wait = self._tries.wait(address, now)
        if wait and shown not in self._good:
            seconds = math.ceil(wait.total_seconds())
            message = f"token: found too many tries from this address, expected none for {seconds} s"
            raise ApiError(429, "too_many_tries", message, {"Retry-After": str(seconds)})
        found = await asyncio.to_thread(self._find, shown)
        if found is None or not found.is_valid(now):
            self._good.pop(shown, None)
            self._tries.note(address, now)
            raise _unauthorized(_why(found), 'error="invalid_token"')
        await self._used(shown, found, now)
        return Bearer(token=found.id, scopes=found.scopes)

    def _find(self, shown: str) -> Token | None:
        with self._engine.connect() as connection:
            return tokens.find(connection, shown)

    async def _used(self, shown: str, token: Token, now: datetime) -> None:
        day = f"{now.astimezone(UTC):%Y-%m-%d}"
        if self._good.get(shown) == day:
            return
        if len(self._good) >= _KNOWN:
            self._good.clear()
        self._good[shown] = day
        if token.last_used_day != day:
            # A day that could not be written down keeps nobody out.
            with suppress(SQLAlchemyError):
                await asyncio.to_thread(self._note, token, day)

    def _note(self, token: Token, day: str) -> None:
        with self._engine.begin() as connection:
            tokens.note_use(connection, token, day)


def _in_session(request: web.Request, visitor: Visitor) -> Bearer:
    if request.method not in ("GET", "HEAD") and not is_own(request, request.headers.get(HEADER, "")):
        raise ApiError(403, "forbidden", f"session: found a change without its proof, expected the header {HEADER}")
    return Bearer(scopes=scopes_of(visitor), visitor=visitor)


def check_scope(bearer: Bearer, needed: Scope) -> None:
    """Raise ApiError 403 where the token does not allow it."""
    if needed not in bearer.scopes:
        challenge = f'{REALM}, error="insufficient_scope", scope="{needed}"'
        message = f"token: found scopes {', '.join(sorted(bearer.scopes)) or 'none'}, expected {needed}"
        raise ApiError(403, "forbidden", message, {"WWW-Authenticate": challenge})


def _shown(request: web.Request) -> str | None:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" and text.strip() else None


def _why(token: Token | None) -> str:
    if token is None:
        return "found one that is not known, expected one of `threerings token create`"
    return "found one that was revoked" if token.revoked_at else "found one that has expired"


def _unauthorized(what: str, more: str = "") -> ApiError:
    challenge = f"{REALM}, {more}" if more else REALM
    return ApiError(401, "unauthorized", f"token: {what}", {"WWW-Authenticate": challenge})
