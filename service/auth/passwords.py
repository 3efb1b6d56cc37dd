"""Passwords: what a good one is, and how it is stored: argon2id, with its parameters and a salt of its own.

The parameters are argon2's defaults for machines such as ours (RFC 9106, the second recommendation). Where they have
grown, a password is hashed anew when it is next shown. Hashing takes a tenth of a second or two of a core, and 64 MiB:
call it in a worker thread.
"""

from __future__ import annotations

import secrets
from functools import cache
from importlib.resources import files
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.auth.errors import AccountError, Wrong

SHORTEST, LONGEST = 10, 200
_WORDS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_GROUPS, _EACH = 4, 4
_HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """What is stored of a password."""
    return _HASHER.hash(password)


def matches(stored: str, password: str) -> bool:
    """Whether this is the password. One that is longer than any may be is not looked at."""
    try:
        return len(password) <= LONGEST and _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outgrown(stored: str) -> bool:
    """Whether it was hashed with fewer rounds or less memory than now."""
    try:
        return _HASHER.check_needs_rehash(stored)
    except InvalidHashError:
        return False


@cache
def common() -> frozenset[str]:
    """What everybody tries first, in small letters: alone, or with figures at its end."""
    return frozenset((files("service.auth") / "common_passwords.txt").read_text(encoding="ascii").split())


@cache
def nobody() -> str:
    """The hash of a password that nobody has: an unknown login costs as much as a wrong password."""
    return hashed(secrets.token_urlsafe(32))


def check(password: str, login: str) -> None:
    """Raises AccountError for a password that is too easy."""
    if len(password) < SHORTEST:
        raise _wrong(Wrong.SHORT, f"{len(password)} characters", f"at least {SHORTEST}")
    if len(password) > LONGEST:
        raise _wrong(Wrong.LONG, f"{len(password)} characters", f"at most {LONGEST}")
    plain = password.casefold()
    if login and login.casefold() in plain and len(plain) - len(login) < SHORTEST // 2:
        raise _wrong(Wrong.HAS_LOGIN, "little more than the login", "another")
    is_common = not common().isdisjoint((plain, _bare(plain)))
    if is_common or len(set(plain)) < SHORTEST // 2 or _runs(plain):
        raise _wrong(Wrong.COMMON, "one that everybody tries first", "another")


def _wrong(kind: Wrong, found: str, expected: str) -> AccountError:
    return AccountError(kind, "password", found, expected)


def one_time() -> str:
    """A password for somebody else, to be read out: `k7mw-3xqp-…`; some 79 random bits. He must change it."""
    groups = ("".join(secrets.choice(_WORDS) for _ in range(_EACH)) for _ in range(_GROUPS))
    return "-".join(groups)


def _bare(plain: str) -> str:
    """Without the figures and signs at its end: `password2026!` is `password`."""
    return plain.rstrip("0123456789!@#$%^&*._-?")


def _runs(plain: str) -> bool:
    """Whether each character follows the one before it, up or down: 1234567890, abcdefghij."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return steps <= {1, -9} or steps <= {-1, 9}
