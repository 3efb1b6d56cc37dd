"""The door of the service: notes with each request who asks, before anything else looks at it.

While nobody has an account, whoever is at this machine is let in and nobody else; as soon as one exists, a session is
asked for, on this machine too. The demo stays open, and shows to who has logged in what he would see.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.auth import accounts, sessions
from service.auth.accounts import Account
from service.auth.forms import note_scheme
from service.auth.rights import Visitor
from service.auth.sessions import SEEN_EVERY, Limits, Session, proof_of
from service.auth.visiting import (
    ClosedError,
    MustChangeError,
    NeedsLoginError,
    is_here,
    let_in,
    open_door,
    stranger,
)

FREE = ("/static/", "/healthz", "/metrics", "/hooks/")
"""What has no secret, or a key of its own: nobody is asked who he is."""

ENTRY = ("/login", "/logout")
OWN = ("/me", "/logout", "/me/password")
"""What somebody may do whose password was given to him by another."""

SETUP = "/setup/"
WATCH_SECONDS = 5.0
"""How soon a stream ends whose session has ended."""

_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorRules:
    """exposed: whether others than this machine reach the service. demo: whether it stays open."""

    exposed: bool = False
    demo: bool = False
    proxied: bool = False
    limits: Limits = field(default_factory=Limits)

    @property
    def cookie(self) -> str:
        """The cookie's name: behind TLS one that the browser lets no other site set."""
        return "__Host-session" if self.proxied else "session"


@dataclass(frozen=True, slots=True)
class Found:
    """A session that is valid, and what its visitor may."""

    session: Session
    account: Account
    visitor: Visitor


class Door:
    """Knows the visitor of each request. `engine` may write: when a session was last used."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], rules: DoorRules) -> None:
        self.rules = rules
        self._engine = engine
        self._now = now
        self._proof = secrets.token_urlsafe(24)
        self._anybody_has: bool | None = None
        self._last: OrderedDict[str, Found] = OrderedDict()  # for while the store cannot be read

    def middleware(self) -> Middleware:
        """Goes in front of everything that shows or does something."""

        @web.middleware
        async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
            let_in(request, stranger(self._proof))
            if self.rules.proxied:
                note_scheme(request, "https")
            if request.path.startswith(FREE):
                return await handler(request)
            await self._admit(request)
            if request.path.endswith("/events"):
                return await self._watched(request, handler)
            return await handler(request)

        return middleware

    async def _admit(self, request: web.Request) -> None:
        """Note the visitor. Raises for who may not even ask."""
        found = await self.find(request)
        if found is not None:
            let_in(request, found.visitor)
            if found.account.must_change and request.path not in OWN:
                raise MustChangeError if _wants_page(request) else web.HTTPForbidden
        elif await self._is_open(request):
            let_in(request, open_door(self._proof))
        elif request.path not in ENTRY and not request.path.startswith("/api/"):
            raise await self._refusal(request)

    async def _is_open(self, request: web.Request) -> bool:
        """Whether nobody is asked who he is."""
        if self.rules.demo:
            return True
        if await self.has_accounts() or not is_here(request):
            return False
        return not (self.rules.exposed or self.rules.proxied) or f"{request.path}/".startswith(SETUP)

    async def _refusal(self, request: web.Request) -> Exception:
        if not _wants_page(request):
            return web.HTTPUnauthorized()
        return NeedsLoginError() if await self.has_accounts() else ClosedError()

    async def has_accounts(self) -> bool:
        """Whether anybody has an account. Once that is so it stays so: none is ever deleted.

        While the store cannot be read, what it said last holds. Raises SQLAlchemyError where it never said anything.
        """
        if not self._anybody_has:
            try:
                self._anybody_has = await asyncio.to_thread(self._any)
            except SQLAlchemyError:
                if self._anybody_has is None:
                    raise
        return self._anybody_has

    def _any(self) -> bool:
        with self._engine.connect() as connection:
            return accounts.any_exists(connection)

    # -- sessions --------------------------------------------------------------------------------

    async def find(self, request: web.Request) -> Found | None:
        """The session of a request, where it is valid now.

        While the store cannot be read, who was in stays in: nobody can end a session then either.
        """
        token = request.cookies.get(self.rules.cookie, "")
        if not token or not await self.has_accounts():
            return None
        try:
            found = await asyncio.to_thread(self._find, token)
        except SQLAlchemyError:
            if (kept := self._last.get(token)) is None:
                raise
            return kept if kept.session.is_valid(self._now(), self.rules.limits) else None
        self._remember(token, found)
        return found

    def _find(self, token: str) -> Found | None:
        now = self._now()
        with self._engine.connect() as connection:
            pair = sessions.find(connection, token)
        if pair is None:
            return None
        session, account = pair
        if not account.active or not session.is_valid(now, self.rules.limits):
            return None
        if now - session.seen_at >= SEEN_EVERY:
            with contextlib.suppress(SQLAlchemyError), self._engine.begin() as connection:
                sessions.note_seen(connection, session, now)
        return Found(session, account, visitor_for(account, session.id, proof_of(token)))

    def _remember(self, token: str, found: Found | None) -> None:
        self._last.pop(token, None)
        if found is not None:
            self._last[token] = found
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)

    # -- streams ---------------------------------------------------------------------------------

    async def _watched(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A stream goes on no longer than what let it in."""
        watching = asyncio.create_task(self._watch(request), name="door-watch")
        try:
            return await handler(request)
        finally:
            watching.cancel()

    async def _watch(self, request: web.Request) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if not await self._still(request):
                break
        if request.transport is not None:
            request.transport.close()

    async def _still(self, request: web.Request) -> bool:
        with contextlib.suppress(SQLAlchemyError):
            return await self.find(request) is not None or await self._is_open(request)
        return True

    # -- cookies ---------------------------------------------------------------------------------

    def give(self, response: web.Response, token: str) -> None:
        """Put a session's token into the browser."""
        age = int(self.rules.limits.whole.total_seconds())
        response.set_cookie(
            self.rules.cookie,
            token,
            max_age=age,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self.rules.proxied,
        )

    def take(self, response: web.Response) -> None:
        """Take it out again."""
        response.del_cookie(self.rules.cookie, path="/", httponly=True, samesite="Lax", secure=self.rules.proxied)


def visitor_for(account: Account, session: str, proof: str) -> Visitor:
    """Who an account is to the pages."""
    return Visitor(
        account=account.id,
        login=account.login,
        name=account.name,
        role=account.role,
        rights=account.rights,
        sight=account.sees,
        agent=account.agent,
        language=account.language,
        session=session,
        proof=proof,
    )


def door() -> Middleware:
    """A door that lets everybody in, for pages without a store. Its proof is one of this process."""
    anybody = open_door(secrets.token_urlsafe(24))

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        let_in(request, anybody)
        return await handler(request)

    return middleware


def _wants_page(request: web.Request) -> bool:
    """Whether a person's browser asks for a page, which can be answered by another page."""
    aimed = request.headers.get("Sec-Fetch-Dest", "document")
    stream = request.path.endswith("/events") or "text/event-stream" in request.headers.get("Accept", "")
    program = stream or request.path.startswith("/api/")
    return request.method in ("GET", "HEAD") and aimed == "document" and not program
