"""Accounts as rows, and the roles as a matrix of rights. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.auth.accounts import Account
from service.auth.rights import RIGHTS_OF, Role
from service.dashboard.catalogues import marked
from service.dashboard.labels import Label
from service.dashboard.numerals import DASH
from service.dashboard.rights.labels import RIGHTS, ROLES, role_text, sight_text
from service.dashboard.rows import Mark, initial_of, mark
from service.dashboard.words import Words

ACTIVE = Label(marked("active"), "good", "circle-check")
DISABLED = Label(marked("disabled"), "", "circle-x")
LOCKED = Label(marked("locked out for a while"), "bad", "lock")
GIVEN = Label(marked("first log-in awaited"), "warn", "hourglass")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account of the list."""

    id: int
    initial: str
    name: str
    login: str
    role: str
    agent: str
    sees: str
    more: str  # how many rights beside the role's were granted or withheld
    state: Mark
    sessions: int
    last: str


def account_row(words: Words, account: Account, sessions: int, now: datetime) -> AccountRow:
    """One account in words."""
    return AccountRow(
        id=account.id,
        initial=initial_of(account.name),
        name=account.name,
        login=account.login,
        role=role_text(words, account.role),
        agent=account.agent or DASH,
        sees=sight_text(words, account.sees),
        more=_more(account),
        state=mark(words, _state(account, now)),
        sessions=sessions,
        last=words.moment(account.last_login_at) if account.last_login_at else DASH,
    )


def _more(account: Account) -> str:
    parts = (
        f"+{len(account.granted)}" if account.granted else "",
        f"−{len(account.withheld)}" if account.withheld else "",
    )
    return " ".join(each for each in parts if each)


def _state(account: Account, now: datetime) -> Label:
    if not account.active:
        return DISABLED
    if account.is_locked(now):
        return LOCKED
    return GIVEN if account.must_change else ACTIVE


def choices_of(words: Words) -> list[tuple[str, str]]:
    """The roles to choose from, by their values."""
    return [(role.value, words.gettext(text)) for role, text in ROLES.items()]


def rights_choices(words: Words) -> list[tuple[str, str, list[str]]]:
    """Every right: its name, in words, and the roles that hold it anyway."""
    return [
        (right.value, words.gettext(text), [role.value for role in Role if right in RIGHTS_OF[role]])
        for right, text in RIGHTS.items()
    ]


def matrix(words: Words) -> list[tuple[str, list[bool]]]:
    """Each right in words, and by role whether it holds it."""
    return [(words.gettext(text), [right in RIGHTS_OF[role] for role in ROLES]) for right, text in RIGHTS.items()]
