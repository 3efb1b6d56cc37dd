"""Numbers, durations and phone numbers as people read them; the same in both languages. Pure.

Rounding is half even and happens here only. A share never shows 100 where something is missing, nor 0 where
something is there. Nothing to show is a dash.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from telephony.clock import milliseconds

DASH = "—"
_MASK = "****"
_SHORT = 6  # up to so many digits it is an extension or a service number, not a person's
_MOBILE = 11  # from so many digits on, three at the front and four at the end may show
_FULL = Decimal(100)
_TENTH = Decimal("0.1")


def count(value: int | None) -> str:
    """12904 -> 12,904."""
    return DASH if value is None else f"{value:,}"


def percent(value: Fraction | None) -> str:
    """A share from 0 to 1 -> 96.6; 100 and 0 are without a decimal, and only when they are exact."""
    if value is None:
        return DASH
    exact = Decimal(value.numerator) * 100 / Decimal(value.denominator)
    if exact in (0, _FULL):
        return str(int(exact))
    shown = exact.quantize(_TENTH, rounding=ROUND_HALF_EVEN)
    return str(min(max(shown, _TENTH), _FULL - _TENTH))


def minutes(value_ms: int | None) -> str:
    """Milliseconds -> whole minutes, 2,471."""
    if value_ms is None:
        return DASH
    whole = (Decimal(value_ms) / 60_000).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return f"{int(whole):,}"


def signed_minutes(value_ms: int | None) -> str:
    """A difference in minutes with its sign, the minus a true one."""
    if value_ms is None:
        return DASH
    shown = minutes(abs(value_ms))
    if shown == "0":
        return shown
    return ("+" if value_ms > 0 else "−") + shown


def seconds(value_ms: int | None) -> str:
    """Milliseconds -> 4.2, one decimal."""
    if value_ms is None:
        return DASH
    return f"{(Decimal(value_ms) / 1000).quantize(_TENTH, rounding=ROUND_HALF_EVEN):,}"


def signed_seconds(value_ms: int | None) -> str:
    """A difference in seconds with its sign, the minus a true one."""
    if value_ms is None:
        return DASH
    shown = seconds(abs(value_ms))
    if shown == "0.0":
        return "0"
    return ("+" if value_ms > 0 else "−") + shown


def clock(value_ms: int | None) -> str:
    """A running or finished time: 0:08, 1:04, 1:02:33."""
    if value_ms is None:
        return DASH
    whole = max(value_ms, 0) // 1000
    hours, rest = divmod(whole, 3600)
    mins, secs = divmod(rest, 60)
    return f"{hours}:{mins:02d}:{secs:02d}" if hours else f"{mins}:{secs:02d}"


def brief_clock(value_ms: int) -> str:
    """A running time without hours, where there is room for minutes only: 62:33."""
    mins, secs = divmod(max(value_ms, 0) // 1000, 60)
    return f"{mins}:{secs:02d}"


def elapsed_ms(since: datetime, until: datetime) -> int:
    """Whole milliseconds from one to the other, never less than 0."""
    return milliseconds(max(until - since, timedelta()))


def epoch_ms(at: datetime) -> int:
    """Milliseconds since the epoch, as a browser counts."""
    return int(at.timestamp() * 1000)


def mask(number: str | None) -> str:
    """A person's number with its middle hidden: 138****6021. Short ones are extensions and stay.

    The stars are always four, so that they do not tell the length.
    """
    if not number:
        return DASH
    plus, digits = ("+", number[1:]) if number.startswith("+") else ("", number)
    if not re.fullmatch(r"[0-9*#]+", digits):
        return digits[:2] + _MASK
    if len(digits) <= _SHORT:
        return number
    if len(digits) >= _MOBILE:
        return f"{plus}{digits[:3]}{_MASK}{digits[-4:]}"
    shown = len(digits) - 4
    tail = (shown + 1) // 2
    return f"{plus}{digits[: shown - tail]}{_MASK}{digits[-tail:]}"


def plain(number: str | None) -> str:
    """A number whole, for who may see it."""
    return number or DASH


def mask_digits(digits: str) -> str:
    """What a customer typed: a choice of a menu shows, more may be an account or a card and does not."""
    return digits if len(digits) <= 2 else "•" * 4
