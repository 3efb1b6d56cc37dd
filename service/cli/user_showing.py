"""How `threerings user` shows accounts, and how it reads whom somebody sees and a password."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from service.auth.accounts import Account
from service.auth.rights import Sight
from service.auth.sessions import Session
from service.errors import UsageError
from telephony.calls.record import instant

KINDS = {"group": "groups", "queue": "queues", "branch": "branches", "code": "codes", "agent": "agents"}


def account_json(account: Account, now: datetime) -> dict[str, Any]:
    """An account in the public shape; never its password."""
    sight = account.sight
    named = {name: sorted(getattr(sight, name)) for name in KINDS.values()}
    return {
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "agent": account.agent,
        "sees": {"everything": sight.everything, **named},
        "granted": sorted(account.granted),
        "withheld": sorted(account.withheld),
        "language": account.language,
        "active": account.active,
        "must_change_password": account.must_change,
        "locked_until": instant(account.locked_until) if account.is_locked(now) else None,
        "created_at": instant(account.created_at),
        "last_login_at": instant(account.last_login_at),
    }


def account_row(account: Account, now: datetime, zone: ZoneInfo, word: Callable[[str], str]) -> list[Any]:
    """One account of the table."""
    state = "active" if account.active else "disabled"
    if account.active and account.is_locked(now):
        state = "locked"
    last = _clock(account.last_login_at, zone)
    return [
        account.login,
        account.name,
        word(account.role),
        account.agent,
        _seen(account.sees, word),
        word(state),
        last,
    ]


def _seen(sight: Sight, word: Callable[[str], str]) -> str:
    if sight.everything:
        return word("everything")
    named = [f"{kind}:{name}" for kind, many in KINDS.items() for name in sorted(getattr(sight, many))]
    return " ".join(named) or word("nobody")


def session_json(session: Session) -> dict[str, Any]:
    """A session in the public shape."""
    return {
        "id": session.id,
        "browser": session.browser,
        "address": session.address,
        "created_at": instant(session.created_at),
        "seen_at": instant(session.seen_at),
    }


def session_row(session: Session, zone: ZoneInfo) -> list[Any]:
    """One session of the table."""
    times = (_clock(session.created_at, zone), _clock(session.seen_at, zone))
    return [session.id, session.browser[:60], session.address, *times]


def _clock(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def sight_told(told: list[str]) -> Sight:
    """Whom somebody sees, as it was written. Raises UsageError."""
    named: dict[str, set[str]] = {many: set() for many in KINDS.values()}
    everything = False
    for each in told:
        kind, _, name = each.partition(":")
        if each == "everything":
            everything = True
        elif kind in KINDS and name.strip() and name.isprintable():
            named[KINDS[kind]].add(name.strip())
        elif each != "nobody":
            expected = "everything, nobody, or group:, queue:, branch:, code:, agent: with a name"
            raise UsageError(f"--sees: found {each[:40]!a}, expected {expected}")
    parts = {many: frozenset(names) for many, names in named.items()}
    return Sight(everything=everything, **parts)


def password_told(file: Path | None, word: Callable[[str], str]) -> str:
    """The password: from a file or standard input, else asked for twice. Raises UsageError."""
    if file is not None:
        text = sys.stdin.readline() if str(file) == "-" else file.read_text(encoding="utf-8")
        return text.strip("\r\n").partition("\n")[0].rstrip("\r")
    if not sys.stdin.isatty():
        raise UsageError(
            "password: found no terminal to ask at, expected --password-file FILE (- for stdin) or --one-time"
        )
    first = getpass.getpass(word("password_prompt"))
    if getpass.getpass(word("password_again")) != first:
        raise UsageError("password: found two that differ, expected the same twice")
    return first
