"""What is done to accounts, by the pages and by the command alike: checked, written into the audit, sessions ended.

Each runs within the caller's transaction, in a worker thread: a password is hashed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from service.auth import accounts, audit, passwords, sessions
from service.auth.accounts import Account, Wanted
from service.auth.audit import Act, Actor, Entry
from service.auth.errors import AccountError, Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who changes an account, when and from where."""

    at: datetime
    who: Actor
    address: str = ""


def create(
    connection: Connection, login: str, wanted: Wanted, password: str | None, doer: Doer
) -> tuple[Account, str | None]:
    """A new account. Without a password it gets one for once, which is given back and nowhere else."""
    accounts.check_login(login)
    given = password
    if given is None:
        given = passwords.one_time()
    else:
        accounts.check_password(given, login)
    stored = passwords.hashed(given)
    made = accounts.create(connection, login, wanted, stored, doer.at, must_change=password is None)
    _note(connection, made, doer, "account created", role=made.role.value, rights=_told(made))
    return made, (given if password is None else None)


def change(connection: Connection, account: Account, wanted: Wanted, doer: Doer) -> Account:
    """Another name, role, sight or rights; where these changed his sessions end. Raises AccountError."""
    after = accounts.change(connection, account, wanted)
    _check_own(account, after, doer)
    moved = (account.role, account.rights, account.sees, account.agent) != (
        after.role, after.rights, after.sees, after.agent,
    )  # fmt: skip
    ended = sessions.end_all(connection, account.id, doer.at) if moved else 0
    _note(
        connection, after, doer, "account changed", role=after.role.value, before=account.role.value,
        rights=_told(after), sessions_ended=ended,
    )  # fmt: skip
    return after


def enable(connection: Connection, account: Account, doer: Doer, *, active: bool) -> Account:
    """Let somebody in again, or no longer: then his sessions end. Raises AccountError."""
    after = accounts.enable(connection, account, active=active)
    _check_own(account, after, doer)
    ended = 0 if active else sessions.end_all(connection, account.id, doer.at)
    _note(connection, after, doer, "account enabled" if active else "account disabled", sessions_ended=ended)
    return after


def reset_password(connection: Connection, account: Account, password: str | None, doer: Doer) -> str | None:
    """A password given by another: his own choice, or one for once. His sessions end."""
    given = password
    if given is None:
        given = passwords.one_time()
    else:
        accounts.check_password(given, account.login)
    accounts.set_password(connection, account, passwords.hashed(given), must_change=True)
    ended = sessions.end_all(connection, account.id, doer.at)
    _note(connection, account, doer, "password reset", sessions_ended=ended)
    return given if password is None else None


def change_own(connection: Connection, account: Account, old: str, new: str, doer: Doer, session: str) -> None:
    """Somebody's own new password; his other sessions end. Raises AccountError."""
    if not passwords.matches(accounts.password_of(connection, account.id), old):
        raise AccountError(Wrong.NOT_IT, "password now", "another", "the one that you logged in with")
    if old == new:
        raise AccountError(Wrong.SAME, "new password", "the one that you have", "another")
    accounts.check_password(new, account.login)
    accounts.set_password(connection, account, passwords.hashed(new), must_change=False)
    ended = sessions.end_all(connection, account.id, doer.at, but=session)
    _note(connection, account, doer, "password changed", sessions_ended=ended)


def unlock(connection: Connection, account: Account, doer: Doer) -> None:
    """Let somebody try again who was locked out."""
    accounts.note_tries(connection, account.id, 0, None)
    _note(connection, account, doer, "account unlocked")


def end_sessions(
    connection: Connection, account: Account, doer: Doer, identity: str | None = None, *, but: str = ""
) -> int:
    """End one of somebody's sessions, or all of them but one; how many ended."""
    if identity is None:
        ended = sessions.end_all(connection, account.id, doer.at, but=but)
    else:
        ended = int(sessions.end(connection, account.id, identity, doer.at))
    if ended:
        _note(connection, account, doer, "sessions ended", sessions_ended=ended)
    return ended


def _check_own(before: Account, after: Account, doer: Doer) -> None:
    if doer.who.account == before.id and before.administers and not after.administers:
        raise AccountError(
            Wrong.OWN, before.login, "your own right to give rights", "another administrator to take it away"
        )


def _told(account: Account) -> str:
    return " ".join(sorted(account.rights))


def _note(connection: Connection, account: Account, doer: Doer, what: str, **details: str | int) -> None:
    told = {"what": what, **details}
    subject = f"account {account.login}"
    entry = Entry(
        at=doer.at, visitor=doer.who, act=Act.CHANGED, subject=subject, address=doer.address, details=told
    )
    audit.note(connection, entry)
