"""The audit for who serves requests: adds a row about what the visitor of a request did, beside the pages' work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from aiohttp import web
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.auth import audit
from service.auth.administering import Doer
from service.auth.audit import Act, Actor, Entry
from service.auth.visiting import address_of, visitor_of

Detail = str | int | bool | None


class AuditBook:
    """Where acts are noted that have no transaction of their own. `engine` may write."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], *, proxied: bool = False) -> None:
        self._engine = engine
        self._now = now
        self._proxied = proxied

    def now(self) -> datetime:
        """The instant that it notes with."""
        return self._now()

    def doer(self, request: web.Request) -> Doer:
        """The visitor of a request as one who changes an account."""
        address = address_of(request, proxied=self._proxied)
        return Doer(at=self._now(), who=visitor_of(request), address=address)

    async def note(self, request: web.Request, act: Act, subject: str, **details: Detail) -> None:
        """Add a row. Raises SQLAlchemyError where it cannot be written: then what it is about is not done."""
        await self.note_by(visitor_of(request), request, act, subject, **details)

    async def note_by(self, who: Actor, request: web.Request, act: Act, subject: str, **details: Detail) -> None:
        """The same about another than the pages' visitor: a program that showed a token."""
        address = address_of(request, proxied=self._proxied)
        entry = Entry(at=self._now(), visitor=who, act=act, subject=subject, address=address, details=details)
        await asyncio.to_thread(self._write, entry)

    async def note_if_can(self, request: web.Request, act: Act, subject: str, **details: Detail) -> None:
        """The same about what was refused, or is done already: a store that is down changes nothing of that."""
        try:
            await self.note(request, act, subject, **details)
        except SQLAlchemyError as error:
            log = structlog.get_logger("service.auth")
            log.error("audit.unwritten", error=type(error).__name__, act=act.value, subject=subject)

    def _write(self, entry: Entry) -> None:
        with self._engine.begin() as connection:
            audit.note(connection, entry)
