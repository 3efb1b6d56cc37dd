"""Logging in: one password at a time, tries counted by account and by address, and what comes of it in the audit.

After five wrong passwords in a row an account is locked for a minute, and for twice as long with each further one, up
to an hour. A login that nobody has takes as long, is counted and is locked likewise: nobody learns which ones there
are. An administrator unlocks; so does a new password.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from service.auth import accounts, audit, passwords, sessions
from service.auth.accounts import Account, key_of
from service.auth.audit import Act, Actor, Entry, Kind, Program
from service.auth.tries import Tries

FREE_TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)
MAX_UNKNOWN = 10_000
"""So many logins that nobody has are remembered; the one tried longest ago is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who knocks, from where, with what. The password is in no log and no repr."""

    login: str
    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Somebody who is in; the token goes into the cookie and nowhere else."""

    account: Account
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Somebody who is not in; `until` is when he may try again, None where he may at once."""

    until: datetime | None = None


def lock_after(failures: int, now: datetime) -> datetime | None:
    """Until when no password is looked at after so many wrong ones in a row."""
    if failures < FREE_TRIES:
        return None
    doubled = FIRST_LOCK * (1 << min(failures - FREE_TRIES, 10))
    return now + min(doubled, LONGEST_LOCK)


class Entrance:
    """Where people log in. `engine` may write."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._tries = Tries()
        self._unknown: OrderedDict[str, tuple[int, datetime | None]] = OrderedDict()
        self._turn = asyncio.Lock()  # a password takes a core and 64 MiB, and tries are counted one after another

    async def enter(self, asking: Asking, password: str) -> Entered | Refused:
        """Let in, or not. Raises SQLAlchemyError where the store cannot be reached."""
        async with self._turn:
            now = self._now()
            if wait := self._tries.wait(asking.address, now):
                return Refused(until=now + wait)
            found = await asyncio.to_thread(self._decide, asking, password, now)
            if isinstance(found, Refused):
                self._tries.note(asking.address, now)
            return found

    def _decide(self, asking: Asking, password: str, now: datetime) -> Entered | Refused:
        with self._engine.connect() as connection:
            account = accounts.find(connection, asking.login)
            stored = passwords.nobody() if account is None else accounts.password_of(connection, account.id)
        if account is None:
            return self._unknown_login(asking, password, now)
        if account.is_locked(now):
            return Refused(until=account.locked_until)
        right = passwords.matches(stored, password)
        with self._engine.begin() as connection:
            if right and account.active:
                return _in(connection, account, asking, now, rehashed=_rehashed(stored, password))
            return _wrong(connection, account, asking, now)

    def _unknown_login(self, asking: Asking, password: str, now: datetime) -> Refused:
        """As long and in the same words as for one that somebody has."""
        key = key_of(asking.login)[:64]
        failures, until = self._unknown.pop(key, (0, None))
        if until is not None and now < until:
            self._unknown[key] = (failures, until)
            return Refused(until=until)
        passwords.matches(passwords.nobody(), password)
        locked = lock_after(failures + 1, now)
        self._unknown[key] = (failures + 1, locked)
        if len(self._unknown) > MAX_UNKNOWN:
            self._unknown.popitem(last=False)
        with self._engine.begin() as connection:
            # Not what was typed: it may be a password in the wrong field.
            _note(connection, _anybody(), Act.LOGIN_FAILED, "a login that nobody has", asking, now)
        return Refused(until=locked)


def _in(connection: Connection, account: Account, asking: Asking, now: datetime, rehashed: str | None) -> Entered:
    accounts.note_login(connection, account.id, now, rehashed)
    sessions.forget(connection, now)
    _, token = sessions.begin(connection, account.id, now, asking.address, asking.browser)
    _note(connection, Known(account), Act.LOGGED_IN, f"account {account.login}", asking, now)
    return Entered(account=account, token=token)


def _wrong(connection: Connection, account: Account, asking: Asking, now: datetime) -> Refused:
    failures = account.failures + 1
    until = lock_after(failures, now)
    accounts.note_tries(connection, account.id, failures, until)
    act = Act.LOGIN_FAILED if until is None else Act.LOCKED_OUT
    _note(connection, _anybody(), act, f"account {account.login}", asking, now)
    return Refused(until=until)


def _rehashed(stored: str, password: str) -> str | None:
    return passwords.hashed(password) if passwords.is_outgrown(stored) else None


class Known:
    """An account as one who acts."""

    def __init__(self, account: Account) -> None:
        self.account: int | None = account.id
        self.login = account.login
        self.role = account.role


def _anybody() -> Actor:
    return Program(login="", role=Kind.ANYBODY)


def _note(connection: Connection, who: Actor, act: Act, subject: str, asking: Asking, now: datetime) -> None:
    audit.note(connection, Entry(at=now, visitor=who, act=act, subject=subject, address=asking.address))
