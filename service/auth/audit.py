"""Who did what: looked at, listened to, exported, changed. Rows are only ever added.

audit.note(connection, Entry(at=now, visitor=visitor, act=Act.LISTENED, subject="hq/1795189122.4471"))
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from sqlalchemy import Connection, insert

from service.auth.models import audit_log
from telephony.clock import to_microseconds


class Act(StrEnum):
    """What somebody did."""

    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    LOGIN_FAILED = "login_failed"  # a wrong password, or a login that nobody has
    LOCKED_OUT = "locked_out"  # too many wrong passwords
    REFUSED = "refused"  # asked for what he has no right to
    REVEALED = "revealed"  # had a masked number shown
    LOOKED = "looked"  # opened a customer's page
    LISTENED = "listened"  # to a recording; the details say how many seconds of it
    EXPORTED = "exported"
    DESTROYED = "destroyed"  # recordings, by a list; the details say which certificate tells of it
    CHANGED = "changed"  # a record of ours: an account, an outcome, a follow-up, a campaign
    ACTED = "acted"  # on the PBX: pause, queue, listen, whisper, hang up, dial


class Actor(Protocol):
    """Who did something: a visitor of the pages, or a program."""

    @property
    def account(self) -> int | None:
        """His account; None where nobody was asked who he is."""
        ...

    @property
    def login(self) -> str:
        """As he is called in the audit."""
        ...

    @property
    def role(self) -> StrEnum:
        """What he is."""
        ...


class Kind(StrEnum):
    """What did something, where it was no visitor of the pages."""

    TOKEN = "token"  # noqa: S105 - a word, not a secret; a program that showed a token of the API
    COMMAND = "command"  # somebody at the machine's command line
    ANYBODY = "anybody"  # who was let in without a word, or tried to


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Who acted, where it was no visitor of the pages: the id of a token, the name of a system's user."""

    login: str
    role: Kind
    account: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row. `subject` names what was acted upon, never by a customer's number; `details` are plain values."""

    at: datetime
    visitor: Actor
    act: Act
    subject: str
    address: str = ""  # from where
    details: Mapping[str, str | int | bool | None] = field(default_factory=lambda: MappingProxyType({}))


def note(connection: Connection, entry: Entry) -> None:
    """Add a row."""
    visitor = entry.visitor
    connection.execute(
        insert(audit_log).values(
            at_us=to_microseconds(entry.at),
            account=visitor.account,
            login=visitor.login,
            role=visitor.role.value,
            act=entry.act.value,
            subject=entry.subject,
            address=entry.address,
            details=json.dumps(dict(entry.details), ensure_ascii=False, sort_keys=True),
        )
    )
