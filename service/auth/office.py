"""What the pages of accounts are handed: accounts, sessions and the audit of the store, each act in a transaction.

Methods raise SQLAlchemyError where the store cannot be reached, AccountError for what cannot be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine

from service.auth import accounts, administering, sessions
from service.auth.accounts import Account, Wanted
from service.auth.administering import Doer
from service.auth.audit_reading import AuditPage, AuditQuery, AuditRow, all_of, count_of, page_of, people_of
from service.auth.errors import AccountError, Wrong
from service.auth.rights import Role
from service.auth.sessions import Limits, Session

T = TypeVar("T")


class Office:
    """Accounts and the audit. `engine` may write."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], limits: Limits) -> None:
        self._engine = engine
        self._now = now
        self._limits = limits

    async def _do(self, act: Callable[[Connection], T]) -> T:
        def within() -> T:
            with self._engine.begin() as connection:
                return act(connection)

        return await asyncio.to_thread(within)

    # -- reading -----------------------------------------------------------------------------------

    async def listed(self) -> list[tuple[Account, list[Session]]]:
        """All accounts, each with its sessions that go on."""
        now = self._now()

        def read(connection: Connection) -> list[tuple[Account, list[Session]]]:
            found = accounts.listed(connection)
            return [(each, sessions.listed(connection, each.id, now, self._limits)) for each in found]

        return await self._do(read)

    async def account(self, identity: int) -> tuple[Account, list[Session]] | None:
        """One account with its sessions that go on; None where there is none of this number."""
        now = self._now()

        def read(connection: Connection) -> tuple[Account, list[Session]] | None:
            found = accounts.by_id(connection, identity)
            if found is None:
                return None
            return found, sessions.listed(connection, identity, now, self._limits)

        return await self._do(read)

    async def audit(self, query: AuditQuery) -> AuditPage:
        """A page of the audit."""
        return await self._do(lambda connection: page_of(connection, query))

    async def audit_all(self, query: AuditQuery) -> list[AuditRow]:
        """All that match, up to as many as one file holds."""
        return await self._do(lambda connection: list(all_of(connection, replace(query, limit=500, after=None))))

    async def audit_people(self) -> list[str]:
        """The logins that the audit names."""
        return await self._do(people_of)

    async def audit_count(self, query: AuditQuery) -> int:
        """How many rows it has in all that match."""
        return await self._do(lambda connection: count_of(connection, query))

    # -- changing ------------------------------------------------------------------------------------

    async def create(self, login: str, wanted: Wanted, doer: Doer) -> tuple[Account, str]:
        """A new account, and its password for once."""

        def make(connection: Connection) -> tuple[Account, str]:
            made, given = administering.create(connection, login, wanted, None, doer)
            return made, given or ""

        return await self._do(make)

    async def first(self, login: str, name: str, password: str, doer: Doer) -> Account:
        """The first administrator, with a password of his own choice. Raises AccountError where somebody is there."""
        wanted = Wanted(name=name, role=Role.ADMINISTRATOR)

        def make(connection: Connection) -> Account:
            if accounts.any_exists(connection):
                raise AccountError(Wrong.TAKEN, "first account", "accounts", "none: ask an administrator")
            return administering.create(connection, login, wanted, password, doer)[0]

        return await self._do(make)

    async def change(self, identity: int, wanted: Wanted, doer: Doer) -> Account:
        """Another name, role, sight or rights."""
        return await self._of(identity, lambda at, found: administering.change(at, found, wanted, doer))

    async def enable(self, identity: int, doer: Doer, *, active: bool) -> Account:
        """Let somebody in again, or no longer."""
        return await self._of(identity, lambda at, found: administering.enable(at, found, doer, active=active))

    async def reset(self, identity: int, doer: Doer) -> str:
        """A new password for once."""
        given = await self._of(identity, lambda at, found: administering.reset_password(at, found, None, doer))
        return given or ""

    async def unlock(self, identity: int, doer: Doer) -> None:
        """Let somebody try again."""
        await self._of(identity, lambda at, found: administering.unlock(at, found, doer))

    async def end(self, identity: int, doer: Doer, session: str | None = None) -> int:
        """End one of somebody's sessions, or all; how many ended."""
        return await self._of(identity, lambda at, found: administering.end_sessions(at, found, doer, session))

    async def leave(self, identity: int, session: str) -> None:
        """Somebody logged out."""
        now = self._now()
        await self._do(lambda connection: sessions.end(connection, identity, session, now))

    async def end_others(self, identity: int, doer: Doer, session: str) -> int:
        """End all of somebody's sessions but this one."""
        return await self._of(identity, lambda at, found: administering.end_sessions(at, found, doer, but=session))

    async def change_own(self, identity: int, old: str, new: str, doer: Doer, session: str) -> None:
        """Somebody's own new password."""
        await self._of(identity, lambda at, found: administering.change_own(at, found, old, new, doer, session))

    async def speak(self, identity: int, language: str) -> None:
        """In which language he reads."""
        await self._do(lambda connection: accounts.set_language(connection, identity, language))

    async def _of(self, identity: int, act: Callable[[Connection, Account], T]) -> T:
        return await self._do(lambda connection: act(connection, accounts.need(connection, identity)))
