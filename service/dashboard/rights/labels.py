"""Roles, rights and acts in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.auth.accounts import Account
from service.auth.audit import Act
from service.auth.errors import Wrong
from service.auth.rights import Right, Role, Sight
from service.dashboard.catalogues import marked
from service.dashboard.words import Words

ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMINISTRATOR: marked("Administrator"),
        Role.SUPERVISOR: marked("Supervisor"),
        Role.LEADER: marked("Group leader"),
        Role.AGENT: marked("Agent"),
        Role.INSPECTOR: marked("QA inspector"),
        Role.AUDITOR: marked("Auditor"),
        Role.READER: marked("Reader of service logs"),
    }
)

RIGHTS: Mapping[Right, str] = MappingProxyType(
    {
        Right.BOARD: marked("the shift now and the wallboard"),
        Right.RECORDS: marked("agents, queues and calls"),
        Right.FIGURES: marked("minutes, three rings, reports"),
        Right.NUMBERS: marked("customers’ numbers whole"),
        Right.REVEAL: marked("one masked number at a time"),
        Right.LISTEN: marked("recordings of others"),
        Right.HOLD: marked("place and lift legal holds"),
        Right.DESTROY: marked("take part in destroying recordings"),
        Right.DIRECT: marked("approve a destruction, as its director"),
        Right.EXPORT: marked("figures and lists as files"),
        Right.DESK: marked("a desk of one’s own"),
        Right.OUTCOMES: marked("record outcomes"),
        Right.DIAL: marked("dial what is owed"),
        Right.PROMISES: marked("follow-ups, coverage, campaigns"),
        Right.HAND_OVER: marked("reschedule, hand over and close"),
        Right.CAMPAIGNS: marked("make, start and stop campaigns"),
        Right.AGENTS: marked("pause agents, move them in queues"),
        Right.SPY: marked("listen and whisper"),
        Right.HANG_UP: marked("hang up a call that goes on"),
        Right.CUSTOMERS: marked("the register of customers"),
        Right.QUALITY: marked("samples and scorecards"),
        Right.SERVICE_LOG: marked("service logs"),
        Right.CLOSE: marked("sign off and close months"),
        Right.AUDIT: marked("the audit log"),
        Right.POLICY: marked("the policy in words"),
        Right.PEOPLE: marked("accounts and their rights"),
        Right.SETTINGS: marked("PBXs and settings"),
    }
)

ACTS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        Act.LOGGED_IN: (marked("logged in to the pages"), "", "log-in"),
        Act.LOGGED_OUT: (marked("logged out of the pages"), "", "log-out"),
        Act.LOGIN_FAILED: (marked("failed to log in"), "warn", "triangle-alert"),
        Act.LOCKED_OUT: (marked("locked out"), "bad", "lock"),
        Act.REFUSED: (marked("was refused"), "warn", "triangle-alert"),
        Act.REVEALED: (marked("had a number shown"), "acc", "eye"),
        Act.LOOKED: (marked("looked at"), "", "eye"),
        Act.LISTENED: (marked("listened to"), "acc", "headphones"),
        Act.EXPORTED: (marked("exported"), "acc", "download"),
        Act.DESTROYED: (marked("destroyed recordings of"), "bad", "trash-2"),
        Act.CHANGED: (marked("changed"), "", "pen-line"),
        Act.ACTED: (marked("acted on the PBX"), "acc", "phone-call"),
    }
)
"""By act: in words, its colour, its icon."""

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "token": marked("a program with a token"),
        "command": marked("the command line"),
        "anybody": marked("nobody known"),
    }
)
"""What acted, where it was no visitor of the pages."""

REFUSALS: Mapping[Wrong, str] = MappingProxyType(
    {
        Wrong.LOGIN: marked("Login: up to 40 letters and figures, and . _ @ + - between them."),
        Wrong.TAKEN: marked("Somebody has this login already."),
        Wrong.NAME: marked("Name: up to 60 letters on one line."),
        Wrong.AGENT: marked("Agent: found %(found)s, expected an agent’s number."),
        Wrong.NO_AGENT: marked("Which agent is this person? An agent’s account needs his number."),
        Wrong.BOTH: marked("A right is either granted or withheld."),
        Wrong.LAST: marked("This is the last active account that may give rights: make another one first."),
        Wrong.OWN: marked("Your own right to give rights is taken away by another administrator, not by yourself."),
        Wrong.UNKNOWN: marked("There is no such account."),
        Wrong.NOT_IT: marked("The password now is another."),
        Wrong.SAME: marked("The new password is the one that you have."),
        Wrong.SHORT: marked("A password has at least 10 characters."),
        Wrong.LONG: marked("A password has at most 200 characters."),
        Wrong.HAS_LOGIN: marked("This password is little more than the login."),
        Wrong.COMMON: marked("Everybody tries this password first: choose another."),
    }
)
"""What cannot be, in words."""

EVERYTHING, NOBODY = marked("the whole centre"), marked("nobody")
SIGHTS = (
    ("groups", marked("groups %(names)s")),
    ("queues", marked("queues %(names)s")),
    ("branches", marked("branches %(names)s")),
    ("codes", marked("codes %(names)s")),
    ("agents", marked("agents %(names)s")),
)


def role_text(words: Words, role: str) -> str:
    """A role in words; what acted without one likewise."""
    known = ROLES.get(Role(role)) if role in set(Role) else KINDS.get(role)
    return words.gettext(known) if known else role


def sight_text(words: Words, sight: Sight) -> str:
    """Whom somebody sees, in words."""
    if sight.everything:
        return words.gettext(EVERYTHING)
    parts = [
        words.gettext(text, names=", ".join(sorted(names)))
        for key, text in SIGHTS
        if (names := getattr(sight, key))
    ]
    return " · ".join(parts) or words.gettext(NOBODY)


def rights_of(words: Words, account: Account) -> list[str]:
    """What somebody may, in words, in the order of the rights."""
    return [words.gettext(text) for right, text in RIGHTS.items() if right in account.rights]
