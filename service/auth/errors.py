"""What is wrong with an account, a right or a password.

ServiceError
└── AccountError        what somebody wrote for an account, a right or a password cannot be
"""

from __future__ import annotations

from enum import StrEnum

from service.errors import ServiceError


class Wrong(StrEnum):
    """What cannot be; pages tell it in their reader's language."""

    LOGIN = "login"  # is none
    TAKEN = "taken"  # a login that somebody has
    NAME = "name"  # empty, too long, or of several lines
    AGENT = "agent"  # no agent's id
    NO_AGENT = "no_agent"  # an agent's account without which agent that is
    BOTH = "both"  # a right that is granted and withheld
    LAST = "last"  # nobody would be left who gives rights
    OWN = "own"  # one's own right to give rights
    UNKNOWN = "unknown"  # there is no such account
    NOT_IT = "not_it"  # the password now is another
    SAME = "same"  # the new password is the one now
    SHORT = "short"
    LONG = "long"
    HAS_LOGIN = "has_login"  # the password is little more than the login
    COMMON = "common"  # everybody tries it first


class AccountError(ServiceError):
    """`kind`; `place`: what it is about, `found` and `expected`; one line."""

    status = 2

    def __init__(self, kind: Wrong, place: str, found: str, expected: str) -> None:
        super().__init__(f"{place}: found {found}, expected {expected}")
        self.kind = kind
        self.found = found
