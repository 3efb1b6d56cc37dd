"""Somebody says who he is by login and password, for one act: at the command line, or beside another at one screen.

Wrong passwords count as at the log-in, and lock the account likewise (`service.auth.entrance`). Blocking.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from service.auth import accounts, audit, passwords
from service.auth.accounts import Account
from service.auth.audit import Act, Entry, Kind, Program
from service.auth.entrance import lock_after
from service.auth.rights import Right
from service.destroying.acts import Person
from service.destroying.errors import NotKnownError

REFUSAL = "log-in: found a wrong login or password, or an account that may not, expected one with the right {right}"


def confirm(engine: Engine, login: str, password: str, right: Right, now: datetime, address: str = "") -> Account:
    """The account, where the password is its own and it holds the right. Raises NotKnownError, SQLAlchemyError."""
    refusal = NotKnownError(REFUSAL.format(right=right))
    with engine.connect() as connection:
        account = accounts.find(connection, login)
        stored = passwords.nobody() if account is None else accounts.password_of(connection, account.id)
    if account is not None and account.is_locked(now):
        raise refusal
    right_password = passwords.matches(stored, password)
    if account is None:
        raise refusal
    if not right_password:
        _count(engine, account, now, address)
        raise refusal
    if not account.active or account.must_change or right not in account.rights:
        raise refusal
    return account


def person_of(account: Account) -> Person:
    """An account as one who acts."""
    return Person(account=account.id, login=account.login, name=account.name, agent=account.agent)


def _count(engine: Engine, account: Account, now: datetime, address: str) -> None:
    until = lock_after(account.failures + 1, now)
    act = Act.LOGIN_FAILED if until is None else Act.LOCKED_OUT
    entry = Entry(
        at=now, visitor=Program(login="", role=Kind.ANYBODY), act=act, subject=f"account {account.login}",
        address=address,
    )  # fmt: skip
    with engine.begin() as connection:
        accounts.note_tries(connection, account.id, account.failures + 1, until)
        audit.note(connection, entry)
