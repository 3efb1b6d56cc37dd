"""Accounts: who somebody is, what he may, whom he sees. A password is stored as a hash and never told again.

Functions over a connection, as for tokens; who changes something notes it in the audit within the same transaction.
An account is never deleted: what the audit says of it must go on meaning something. It is disabled.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, inspect, select, update

from service.auth import passwords
from service.auth.errors import AccountError, Wrong
from service.auth.models import accounts
from service.auth.rights import RIGHTS_OF, Right, Role, Sight
from telephony.clock import from_microseconds, to_microseconds

_LOGIN = re.compile(r"[^\W_][\w.@+-]{0,39}")
MAX_NAME, MAX_SEEN = 60, 200
SEES_ALL = (Role.SUPERVISOR, Role.AUDITOR, Role.INSPECTOR, Role.ADMINISTRATOR)
"""Who sees the centre where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account as it is stored; its password is not in it."""

    id: int
    login: str
    name: str
    role: Role
    agent: str | None = None
    sight: Sight = field(default_factory=Sight)
    granted: frozenset[Right] = frozenset()
    withheld: frozenset[Right] = frozenset()
    language: str | None = None
    active: bool = True
    must_change: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    created_at: datetime
    last_login_at: datetime | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """What he may: his role's, with what was granted and without what was withheld."""
        return (RIGHTS_OF[self.role] | self.granted) - self.withheld

    @property
    def sees(self) -> Sight:
        """Whom he sees: what is written, and always himself."""
        own = frozenset({self.agent}) if self.agent else frozenset()
        return replace(self.sight, agents=self.sight.agents | own)

    @property
    def administers(self) -> bool:
        """Whether he can give others rights."""
        return self.active and Right.PEOPLE in self.rights

    def is_locked(self, now: datetime) -> bool:
        """Whether no password is looked at now."""
        return self.locked_until is not None and now < self.locked_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An account as it is to be."""

    name: str
    role: Role
    agent: str | None = None
    sight: Sight | None = None  # None: the centre where the role sees it, else nobody but himself
    granted: frozenset[Right] = frozenset()
    withheld: frozenset[Right] = frozenset()
    language: str | None = None

    def checked(self) -> Wanted:
        """The same where it can be. Raises AccountError."""
        if not self.name.strip() or not self.name.isprintable() or len(self.name) > MAX_NAME:
            raise AccountError(Wrong.NAME, "name", ascii(self.name[:40]), f"up to {MAX_NAME} letters on one line")
        if self.agent is not None and (not self.agent.isprintable() or len(self.agent) > MAX_NAME):
            raise AccountError(Wrong.AGENT, "agent", ascii(self.agent[:40]), "an agent's id")
        if self.role is Role.AGENT and not self.agent:
            raise AccountError(Wrong.NO_AGENT, "agent", "none", "which agent this person is")
        if both := self.granted & self.withheld:
            raise AccountError(Wrong.BOTH, "rights", f"{min(both)} granted and withheld", "one of both")
        return self


def key_of(login: str) -> str:
    """As a login is looked for: neither case nor width makes a difference."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def any_exists(connection: Connection) -> bool:
    """Whether anybody has an account; not where the tables are not there yet."""
    if not inspect(connection).has_table(accounts.name):
        return False
    return connection.execute(select(accounts.c.id).limit(1)).first() is not None


def create(
    connection: Connection,
    login: str,
    wanted: Wanted,
    stored_password: str,
    now: datetime,
    *,
    must_change: bool = False,
) -> Account:
    """A new account with a password that was hashed already. Raises AccountError."""
    check_login(login)
    if find(connection, login) is not None:
        raise AccountError(Wrong.TAKEN, "login", ascii(login), "one that nobody has")
    made = connection.execute(
        insert(accounts)
        .values(
            login=login,
            login_key=key_of(login),
            **_columns(wanted.checked()),
            active=True,
            must_change=must_change,
            password=stored_password,
            failures=0,
            created_us=to_microseconds(now),
        )
        .returning(accounts.c.id)
    ).scalar_one()
    return need(connection, made)


def change(connection: Connection, account: Account, wanted: Wanted) -> Account:
    """Another name, role, sight or rights. Raises AccountError where nobody would be left who administers."""
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(**_columns(wanted.checked())))
    return _left(connection, account)


def enable(connection: Connection, account: Account, *, active: bool) -> Account:
    """Let somebody in again, or no longer. Raises AccountError where nobody would be left who administers."""
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(active=active))
    return _left(connection, account)


def _left(connection: Connection, before: Account) -> Account:
    """The account after a change, where somebody is left who administers. The caller's transaction ends otherwise."""
    after = need(connection, before.id)
    if before.administers and not after.administers and not any(each.administers for each in listed(connection)):
        raise AccountError(
            Wrong.LAST, before.login, "the last active account that may give rights", "another one beside it"
        )
    return after


def set_password(connection: Connection, account: Account, stored: str, *, must_change: bool) -> None:
    """Another password, hashed already; whoever was locked out may try again."""
    values = {"password": stored, "must_change": must_change, "failures": 0, "locked_us": None}
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(**values))


def set_language(connection: Connection, account: int, language: str) -> None:
    """In which language he reads where nothing else is chosen."""
    connection.execute(update(accounts).where(accounts.c.id == account).values(language=language))


def note_tries(connection: Connection, account: int, failures: int, locked_until: datetime | None) -> None:
    """How many wrong passwords there were, and until when none is looked at."""
    until = None if locked_until is None else to_microseconds(locked_until)
    connection.execute(update(accounts).where(accounts.c.id == account).values(failures=failures, locked_us=until))


def note_login(connection: Connection, account: int, now: datetime, rehashed: str | None = None) -> None:
    """Somebody came in: his tries begin anew; his password may have been hashed with greater parameters."""
    values: dict[str, Any] = {"failures": 0, "locked_us": None, "last_login_us": to_microseconds(now)}
    if rehashed is not None:
        values["password"] = rehashed
    connection.execute(update(accounts).where(accounts.c.id == account).values(**values))


def find(connection: Connection, login: str) -> Account | None:
    """The account of a login, however it is written."""
    wanted = select(accounts).where(accounts.c.login_key == key_of(login))
    row = connection.execute(wanted).mappings().first()
    return None if row is None else account_of(row)


def by_id(connection: Connection, identity: int) -> Account | None:
    """The account of this number."""
    row = connection.execute(select(accounts).where(accounts.c.id == identity)).mappings().first()
    return None if row is None else account_of(row)


def need(connection: Connection, identity: int) -> Account:
    """The same, where there is one. Raises AccountError."""
    found = by_id(connection, identity)
    if found is None:
        raise AccountError(Wrong.UNKNOWN, "account", str(identity), "one that there is")
    return found


def password_of(connection: Connection, identity: int) -> str:
    """What is stored of a password."""
    return str(connection.execute(select(accounts.c.password).where(accounts.c.id == identity)).scalar_one())


def listed(connection: Connection) -> list[Account]:
    """All accounts, by their login."""
    return [
        account_of(row) for row in connection.execute(select(accounts).order_by(accounts.c.login_key)).mappings()
    ]


def check_login(login: str) -> None:
    """Raises AccountError for what is no login."""
    if not _LOGIN.fullmatch(login):
        raise AccountError(
            Wrong.LOGIN, "login", ascii(login[:40]), "up to 40 letters and figures, and . _ @ + - between them"
        )


def check_password(password: str, login: str) -> None:
    """Raises AccountError for a password that is too easy."""
    passwords.check(password, login)


def _columns(wanted: Wanted) -> dict[str, Any]:
    sight = wanted.sight or Sight(everything=wanted.role in SEES_ALL)
    return {
        "name": wanted.name.strip(),
        "role": wanted.role.value,
        "agent": wanted.agent or None,
        "sees": sight_text(sight),
        "granted": _joined(wanted.granted - RIGHTS_OF[wanted.role]),
        "withheld": _joined(wanted.withheld & RIGHTS_OF[wanted.role]),
        "language": wanted.language,
    }


def sight_text(sight: Sight) -> str:
    """Whom somebody sees, as it is stored: a JSON object of lists."""
    parts = {name: sorted(getattr(sight, name)) for name in ("agents", "groups", "queues", "branches", "codes")}
    return json.dumps({"everything": sight.everything, **parts}, ensure_ascii=False)


def sight_of(text: str) -> Sight:
    """The same as it is read."""
    told = json.loads(text)
    parts = {name: frozenset(told.get(name, ())) for name in ("agents", "groups", "queues", "branches", "codes")}
    return Sight(everything=bool(told.get("everything")), **parts)


def account_of(row: RowMapping) -> Account:
    """A row as an account."""
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        role=Role(row["role"]),
        agent=row["agent"],
        sight=sight_of(row["sees"]),
        granted=_rights(row["granted"]),
        withheld=_rights(row["withheld"]),
        language=row["language"],
        active=row["active"],
        must_change=row["must_change"],
        failures=row["failures"],
        locked_until=None if row["locked_us"] is None else from_microseconds(row["locked_us"]),
        created_at=from_microseconds(row["created_us"]),
        last_login_at=None if row["last_login_us"] is None else from_microseconds(row["last_login_us"]),
    )


def _joined(rights: Iterable[Right]) -> str:
    return " ".join(sorted(rights))


def _rights(text: str) -> frozenset[Right]:
    """Rights by name; one that a newer version knew is passed over."""
    known = {each.value for each in Right}
    return frozenset(Right(each) for each in text.split() if each in known)
