"""Cells of spreadsheets and CSV files as values: pure. Each reader raises PeopleError: found, expected.

What people's sheets are like: numbers come as floats (1004.0), dates as times at midnight, digits full-width
(１００４), texts with stray spaces, yes as 是. A cell without anything is ''.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from analytics.errors import PeopleError
from analytics.people.local_clock import instant_of
from telephony.clock import to_microseconds

EXPECTED_DAY = "a date such as 2026-11-02"
EXPECTED_MOMENT = "a date or a time such as 2026-11-02 09:00"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_MONTH = re.compile(r"(\d{4})(?:[-/.年])?(\d{1,2})月?")
_YES = frozenset(("是", "yes", "y", "true", "1", "√", "✓", "已批准", "批准", "同意"))
_NO = frozenset(("否", "no", "n", "false", "0", "×", "x", "未批准", "不同意", "待批"))
_LONGEST = 200
_NOTE = re.compile(r"[(\[][^)\]]*[)\]]|[*:]")
_MIDNIGHT = time()


def plain(cell: object) -> str:
    """A cell as the text that a person sees, with half-width digits and without stray spaces."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == _MIDNIGHT else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return " ".join(unicodedata.normalize("NFKC", str(cell)).replace("\u200b", "").split())


def heading(cell: object) -> str:
    """The name of a column or sheet as it is compared: without notes in brackets, stars and spaces."""
    return _NOTE.sub("", plain(cell)).replace(" ", "").casefold()


def shown(cell: object) -> str:
    """A cell in a message, at a length that can be read."""
    text = plain(cell)
    return "nothing" if not text else repr(text if len(text) <= 60 else text[:57] + "…")


def read_text(cell: object, expected: str) -> str:
    """A text that is not empty, prints and is not endless."""
    text = plain(cell)
    if not text or not text.isprintable() or len(text) > _LONGEST:
        raise PeopleError(f"found {shown(cell)}, expected {expected}")
    return text


def read_name(cell: object) -> str | None:
    """A person's name as he writes it; None for an empty cell."""
    text = " ".join(str(cell).split()) if isinstance(cell, str) else plain(cell)
    if not text:
        return None
    read_text(cell, "a name")
    return text


def read_day(cell: object) -> date:
    """A date. What has a time that is not midnight is none."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell
    text = plain(cell).removesuffix(" 00:00:00").removesuffix("T00:00:00")
    match = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else date.fromisoformat("")
    except ValueError:
        raise PeopleError(f"found {shown(cell)}, expected {EXPECTED_DAY}") from None


def read_moment(cell: object, zone: tzinfo, *, ends: bool = False) -> int:
    """An instant in microseconds: a date is its first instant, or the one after it where a day that `ends` is inside.

    Raises PeopleError for what is neither date nor time.
    """
    text = plain(cell)
    day_text, _, clock_text = text.replace("T", " ").partition(" ")
    clock = _CLOCK.fullmatch(clock_text) if clock_text else None
    try:
        day = read_day(day_text)
        if not clock_text:
            return instant_of(day + timedelta(days=1) if ends else day, 0, zone)
        if clock and int(clock[1]) < 24 and int(clock[2]) < 60:
            return instant_of(day, int(clock[1]) * 60 + int(clock[2]), zone)
        return _with_offset(text)
    except (PeopleError, ValueError, OverflowError):
        raise PeopleError(f"found {shown(cell)}, expected {EXPECTED_MOMENT}") from None


def _with_offset(text: str) -> int:
    """An instant that names its own offset, or has seconds."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    return to_microseconds(read)


def read_month(cell: object) -> str:
    """A month as 2026-11; any date in it will do."""
    text = plain(cell)
    match = _MONTH.fullmatch(text)
    if match and 1 <= int(match[2]) <= 12:
        return f"{match[1]}-{int(match[2]):02}"
    try:
        return f"{read_day(cell):%Y-%m}"
    except PeopleError:
        raise PeopleError(f"found {shown(cell)}, expected a month such as 2026-11") from None


def read_flag(cell: object, default: bool) -> bool:
    """是 or 否, in any of their spellings; the default for an empty cell."""
    text = plain(cell).casefold()
    if not text:
        return default
    if text not in _YES | _NO:
        raise PeopleError(f"found {shown(cell)}, expected 是 or 否, yes or no")
    return text in _YES


def read_thousandths(cell: object) -> int:
    """A number that is not negative, with up to three decimals, as thousandths; never by way of a float's error."""
    try:
        number = Decimal(plain(cell).replace(",", ""))
        thousandths = number * 1000
        if number.is_finite() and 0 <= thousandths < 10**15 and thousandths == int(thousandths):
            return int(thousandths)
    except (InvalidOperation, ValueError):
        pass
    raise PeopleError(f"found {shown(cell)}, expected a number with up to 3 decimals, not negative")
