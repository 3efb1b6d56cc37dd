"""How shifts are written: `08:30-12:00 13:30-17:30`, `22:00-06:00`, days `12345`. Pure.

A span whose end is not after its start ends on the next day, and so do the spans after it: a night shift
with a meal is `22:00-02:00 02:30-06:00`.
"""

from __future__ import annotations

import re

from analytics.errors import PeopleError
from analytics.people.records import MINUTES_OF_DAY, ShiftSpan

EXPECTED_SPANS = "spans in order such as 08:30-12:00 13:30-17:30 or 22:00-06:00, within 24 hours"
EXPECTED_DAYS = "weekdays such as 12345 or 1-5 (1 is Monday)"
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")
_BETWEEN = re.compile(r"[\s,;+/、和]*")
_RANGE = re.compile(r"([1-7])[-–—~至到]([1-7])")
_WEEKDAYS = str.maketrans("一二三四五六日天", "12345677")


def read_spans(text: str) -> tuple[ShiftSpan, ...]:
    """The spans of a day of work. Raise PeopleError, which says what was found and expected."""
    found = list(_SPAN.finditer(text))
    if not found or _BETWEEN.fullmatch(_SPAN.sub("", text)) is None:
        raise PeopleError(f"found {text!r}, expected {EXPECTED_SPANS}")
    spans: list[ShiftSpan] = []
    for match in found:
        spans.append(_span(match, spans[-1].end if spans else 0, text))
    if spans[-1].end - spans[0].start > MINUTES_OF_DAY:
        raise PeopleError(f"found {text!r}, expected {EXPECTED_SPANS}")
    return tuple(spans)


def _span(match: re.Match[str], earliest: int, text: str) -> ShiftSpan:
    """One span that does not begin before `earliest`, on the same day or the next."""
    hours = [int(each) for each in match.groups()]
    if hours[0] > 23 or hours[1] > 59 or hours[3] > 59 or (hours[2], hours[3]) > (24, 0):
        raise PeopleError(f"found {text!r}, expected {EXPECTED_SPANS}")
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if start < earliest:
        start += MINUTES_OF_DAY
    if end <= start:
        end += MINUTES_OF_DAY * ((start - end) // MINUTES_OF_DAY + 1)
    return ShiftSpan(start=start, end=end)


def write_spans(spans: tuple[ShiftSpan, ...]) -> str:
    """Spans as they are read again."""
    return " ".join(f"{_clock(each.start)}-{_clock(each.end)}" for each in spans)


def _clock(minute: int) -> str:
    hour, rest = divmod(minute % MINUTES_OF_DAY, 60)
    return f"{hour:02}:{rest:02}"


def read_days(text: str) -> frozenset[int]:
    """Weekdays; every day where nothing is written. Raise PeopleError, which says what was found and expected."""
    plain = re.sub(r"[\s,;、/]|周|星期|礼拜", "", text).translate(_WEEKDAYS)
    plain = _RANGE.sub(lambda match: _between(match, text), plain)
    if plain.strip("1234567"):
        raise PeopleError(f"found {text!r}, expected {EXPECTED_DAYS}")
    return frozenset(map(int, plain)) or frozenset(range(1, 8))


def _between(match: re.Match[str], text: str) -> str:
    first, last = int(match[1]), int(match[2])
    if first > last:
        raise PeopleError(f"found {text!r}, expected {EXPECTED_DAYS}")
    return "".join(map(str, range(first, last + 1)))


def write_days(days: frozenset[int]) -> str:
    """Weekdays as they are read again."""
    return "".join(map(str, sorted(days)))
