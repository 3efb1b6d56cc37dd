"""How a customer's birthday and hours are written and read: pure. Readers raise CustomersError: found, expected.

A birthday by the moon says so (农历八月十五, `lunar 08-15`), or uses words that only that calendar has (正月初五,
腊月廿三). What could be either is refused. A leap month 闰 is kept as the month itself, as families do.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from config.calendars import OpenSpan
from schedulers.customers.records import Birthday
from schedulers.errors import CustomersError

EXPECTED_BIRTHDAY = "a day such as 08-15, 1980-08-15, 8月15日, or 农历八月十五"
EXPECTED_HOURS = "spans in order such as 09:00-12:00 13:30-18:00, within one day"
_LUNAR = re.compile(r"^(?:农历|阴历|旧历|lunar)\s*", re.IGNORECASE)
_SOLAR = re.compile(r"^(?:公历|阳历|新历|solar)\s*", re.IGNORECASE)
_DIGITS = re.compile(r"(?:\d{4}[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?")
_PLAIN = re.compile(r"\d{4}(\d{2})(\d{2})")
_WORDS = re.compile(
    r"(正|冬|腊|十[一二]?|[一二三四五六七八九])月(初|廿|卅|[一二三]?十)?([一二三四五六七八九十])?[日号]?"
)
_ONLY_LUNAR = re.compile(r"[正冬腊]月|[初廿卅]")
_NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)}
_MONTHS = {"正": 1, "冬": 11, "腊": 12, "十一": 11, "十二": 12, **_NUMERALS}
_TENS = {None: 0, "初": 0, "十": 10, "一十": 10, "廿": 20, "二十": 20, "卅": 30, "三十": 30}
_LUNAR_DAYS = 30
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"[\s,;+/、和]*")


def read_birthday(text: str, *, lunar: bool = False) -> Birthday:
    """A birthday as people write it; `lunar` where the column says so."""
    is_lunar = lunar or _LUNAR.match(text) is not None
    bare = _LUNAR.sub("", _SOLAR.sub("", text)).replace("闰", "").removesuffix(" 00:00:00")
    found = _DIGITS.fullmatch(bare) or _PLAIN.fullmatch(bare)
    if found:
        return _checked(int(found[1]), int(found[2]), is_lunar, text)
    in_words = _WORDS.fullmatch(bare)
    if in_words is None or (not is_lunar and _ONLY_LUNAR.search(bare) is None):
        raise CustomersError(f"found {text!r}, expected {EXPECTED_BIRTHDAY}")
    day = _TENS[in_words[2]] + (_NUMERALS[in_words[3]] if in_words[3] else 0)
    return _checked(_MONTHS[in_words[1]], day, True, text)


def birthday_of(day: date | datetime) -> Birthday:
    """The birthday of a date."""
    return Birthday(month=day.month, day=day.day)


def _checked(month: int, day: int, lunar: bool, text: str) -> Birthday:
    try:
        if lunar and not (1 <= month <= 12 and 1 <= day <= _LUNAR_DAYS):
            raise ValueError(text)
        if not lunar:
            date(2000, month, day)  # a leap year: the 29th of February is a birthday
    except ValueError:
        raise CustomersError(f"found {text!r}, expected {EXPECTED_BIRTHDAY}") from None
    return Birthday(month=month, day=day, lunar=lunar)


def write_birthday(birthday: Birthday) -> str:
    """As it is read again: `08-15`, `lunar 08-15`."""
    return f"{'lunar ' if birthday.lunar else ''}{birthday.month:02}-{birthday.day:02}"


def read_hours(text: str) -> tuple[OpenSpan, ...]:
    """A customer's own working hours, by his clock."""
    found = list(_SPAN.finditer(text))
    if not found or _BETWEEN.fullmatch(_SPAN.sub("", text)) is None:
        raise CustomersError(f"found {text!r}, expected {EXPECTED_HOURS}")
    minutes = [_minutes(match, text) for match in found]
    edges = [edge for pair in minutes for edge in pair]
    if edges != sorted(edges) or any(start == end for start, end in minutes):
        raise CustomersError(f"found {text!r}, expected {EXPECTED_HOURS}")
    return tuple(OpenSpan(opens=_time(start), closes=_time(end) if end < 1440 else None) for start, end in minutes)


def _minutes(match: re.Match[str], text: str) -> tuple[int, int]:
    first, second = ((int(match[at]), int(match[at + 1])) for at in (1, 3))
    if first[0] > 23 or first[1] > 59 or second > (24, 0) or second[1] > 59:
        raise CustomersError(f"found {text!r}, expected {EXPECTED_HOURS}")
    return first[0] * 60 + first[1], second[0] * 60 + second[1]


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def write_hours(hours: tuple[OpenSpan, ...]) -> str:
    """As they are read again."""
    return " ".join(f"{each.opens:%H:%M}-{_closing(each.closes)}" for each in hours)


def _closing(closes: time | None) -> str:
    return "24:00" if closes is None else f"{closes:%H:%M}"
