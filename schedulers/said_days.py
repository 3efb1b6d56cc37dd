"""Days as people say them, in Chinese and English, seen from today. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from schedulers.said_numbers import NUMBER, number_of

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_NEAR = {
    "今天": 0, "今日": 0, "今": 0, "today": 0,
    "明天": 1, "明日": 1, "明": 1, "tomorrow": 1, "tmr": 1,
    "后天": 2, "the day after tomorrow": 2, "day after tomorrow": 2,
    "大后天": 3,
}  # fmt: skip
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = "|".join(_MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A day. `comes_again`: how long after it the same words may mean too, where its time is past; nothing: never."""

    first: date
    comes_again: timedelta = timedelta(0)


def day_meant(words: str, today: date) -> Meant | None:
    """The day that is meant; None for what names no day. Of no words: today, or tomorrow."""
    if not words:
        return Meant(first=today, comes_again=_DAY)
    if words in _NEAR:
        return Meant(first=today + _NEAR[words] * _DAY)
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(words):
            try:
                return read(match, today)
            except (ValueError, OverflowError):
                return None
    return None


def _weekday(which: str, weekday: int, today: date) -> Meant:
    """0 is Monday. Without a word of which week: the coming one, today's too."""
    monday = today - today.weekday() * _DAY
    if which in ("", "this "):
        return Meant(first=today + (weekday - today.weekday()) % 7 * _DAY, comes_again=_WEEK)
    weeks = {"本": 0, "这": 0, "下": 1, "next ": 1, "下下": 2}[which]
    return Meant(first=monday + weeks * _WEEK + weekday * _DAY)


def _of_week_zh(match: re.Match[str], today: date) -> Meant:
    return _weekday(match[1] or "", number_of(match[2]) - 1, today)


def _of_week_en(match: re.Match[str], today: date) -> Meant:
    return _weekday(match[1] or "", _WEEKDAYS.index(match[2]), today)


def _whole(match: re.Match[str], today: date) -> Meant:
    return Meant(first=date(*map(int, match.groups())))


def _of_year(match: re.Match[str], today: date) -> Meant:
    return _coming(int(match[1]), int(match[2]), today)


def _coming(month: int, day: int, today: date) -> Meant:
    """The day of this year, of the next where it is past."""
    found = date(today.year, month, day)
    return Meant(first=found if found >= today else date(today.year + 1, month, day))


def _of_month(match: re.Match[str], today: date) -> Meant:
    """The day of this month, of the next where it is past."""
    day = int(match[1])
    if day >= today.day:
        return Meant(first=today.replace(day=day))
    return Meant(first=(today.replace(day=1) + timedelta(days=32)).replace(day=day))


def _day_first(match: re.Match[str], today: date) -> Meant:
    return _named(int(match[1]), match[2], match[3], today)


def _month_first(match: re.Match[str], today: date) -> Meant:
    return _named(int(match[2]), match[1], match[3], today)


def _named(day: int, month: str, year: str | None, today: date) -> Meant:
    number = _MONTHS.index(month) + 1
    return Meant(first=date(int(year), number, day)) if year else _coming(number, day, today)


def _in_days(match: re.Match[str], today: date) -> Meant:
    return Meant(first=today + number_of(match[1]) * _DAY)


def _in_weeks(match: re.Match[str], today: date) -> Meant:
    return Meant(first=today + number_of(match[1]) * _WEEK)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Meant]], ...] = (
    (re.compile(r"(下下|下|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天1-7])"), _of_week_zh),
    (re.compile(rf"(this |next )?({'|'.join(_WEEKDAYS)})(?:s|nes|rs|ur)?(?:day)?"), _of_week_en),
    (re.compile(r"(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})[日号t]?"), _whole),
    (re.compile(r"(\d{1,2})[-/月] ?(\d{1,2})[日号]?"), _of_year),
    (re.compile(r"(\d{1,2})[日号]"), _of_month),
    (re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)? ({_NAMES})[a-z]*\.?(?: (\d{{4}}))?"), _day_first),
    (re.compile(rf"({_NAMES})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?(?: (\d{{4}}))?"), _month_first),
    (re.compile(rf"({NUMBER})天[之以]?后"), _in_days),
    (re.compile(r"in (\d{1,3}) days?"), _in_days),
    (re.compile(rf"({NUMBER})(?:周|个?星期)[之以]?后"), _in_weeks),
    (re.compile(r"in (\d{1,2}) weeks?"), _in_weeks),
)
