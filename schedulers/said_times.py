"""Times as people say and type them, in Chinese and English, as instants. Pure.

    read_time("明天 11:00", now, zone)          read_time("周五下午3点半", now, zone)
    read_time("tomorrow 11am", now, zone)       read_time("2026-11-28 11:00", now, zone)

What was said is never completed by a guess: a day without a time of day is refused. Without a day the next time that
the clocks show it is meant; 周五 and Friday are the coming one, 下周五 and next Friday that of the next week, which
begins on Monday. Hours of clocks (3:00) are those of 24; a spoken hour (3点) from one to six without 上午 or 下午 is
in the afternoon, since nobody is rung up at three in the night. Who asks shows what was understood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schedulers.errors import RefusedError
from schedulers.said_days import day_meant
from schedulers.said_numbers import NUMBER, number_of

EXPECTED = "a time such as 明天 11:00, 周五下午3点, 半小时后, tomorrow 11am, Fri 15:00, 2026-11-28 11:00"
EXPECTED_CLOCK = "the time of day too, such as 11:00"
EXPECTED_HOUR = "a time that clocks show once, such as 11:00"
EXPECTED_AHEAD = "a time ahead, within a year"
FARTHEST = timedelta(days=366)
MAX_LENGTH = 60

_JOINED = (
    ("今晚", "今天晚上"),
    ("今早", "今天早上"),
    ("明晚", "明天晚上"),
    ("明早", "明天早上"),
    ("tonight", "today evening"),
)
_PARTS = (
    (re.compile(r"凌晨|清晨|早上|早晨|上午|(?:in the |this )?\bmorning\b|(?<=\d)\s?a\.?m\b\.?"), "early"),
    (re.compile(r"中午"), "noon"),
    (re.compile(r"傍晚|晚上|(?:in the |this )?\bevening\b"), "evening"),
    (re.compile(r"下午|午后|(?:in the |this )?\bafternoon\b|(?<=\d)\s?p\.?m\b\.?"), "late"),
)
_HOURS = {"": (0, 23), "early": (0, 11), "noon": (11, 14), "late": (12, 23), "evening": (16, 23)}
"""The hours of 24 that a part of the day has; midnight is said by none, since nobody knows of which day it is."""
_LATE = frozenset({"noon", "late", "evening"})
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):(\d{2})(?::00)?(?![\d:])")
# In 周五十点 the fifth is the day's.
_SPOKEN = re.compile(rf"(?<![周期拜\d])({NUMBER})(?:点钟?|时|\s?o'?clock)(?:(半)|([一三])刻|({NUMBER})分?|整)?")
_BARE = re.compile(r"(?<![\d:.-])(\d{1,2})$")
_NOON = re.compile(r"\bnoon\b|正午")
_SPANS = (
    (re.compile(rf"(?:({NUMBER})个?)?(半)?个?(?:小时|钟头)(半)?[之以]?后"), timedelta(hours=1)),
    (re.compile(rf"({NUMBER})分钟?()()[之以]?后"), timedelta(minutes=1)),
    (re.compile(r"in (?:(\d+|an?) ?|(half) an )?()(?:hours?|h)"), timedelta(hours=1)),
    (re.compile(r"in (\d+|a) ?()()(?:minutes?|mins?|m)"), timedelta(minutes=1)),
    (re.compile(r"\+(\d{1,3})()() ?(?:小时|hours?|h)"), timedelta(hours=1)),
    (re.compile(r"\+(\d{1,4})()() ?(?:分钟?|minutes?|min|m)?"), timedelta(minutes=1)),
)
_FILLERS = re.compile(r"\b(?:at|on)\b|[,、的在]")


def read_time(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that was said at `now` (aware), UTC, to the minute; it may be past. Raises RefusedError."""
    plain = _plain(text)
    if not plain or len(text) > MAX_LENGTH:
        raise _refused(text, EXPECTED)
    found = _with_offset(text) or _after(plain, now)
    return found or _by_clock(text, plain, now.astimezone(zone), zone)


def read_ahead(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The same, ahead of `now` and within a year: what has passed is refused, not moved. Raises RefusedError.

    The customer was told a time, and it is written down as it was told.
    """
    found = read_time(text, now, zone)
    if not now < found <= now + FARTHEST:
        raise RefusedError("time", f"{found.astimezone(zone):%Y-%m-%d %H:%M}", EXPECTED_AHEAD)
    return found


def _plain(text: str) -> str:
    """Half-width, small letters, single spaces; words that join day and part of the day taken apart."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    for joined, apart in _JOINED:
        plain = plain.replace(joined, apart)
    return plain


def _with_offset(text: str) -> datetime | None:
    """An instant that a program wrote, with its own offset."""
    try:
        read = datetime.fromisoformat(text.strip())
        return None if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _after(plain: str, now: datetime) -> datetime | None:
    """A span of time from now: 半小时后, 一个半小时后, in 30 minutes."""
    for pattern, unit in _SPANS:
        if (match := pattern.fullmatch(plain)) and any(match.groups()):
            halves = 1 if match[2] or match[3] else 0
            whole = 1 if match[1] in ("a", "an") else number_of(match[1] or "0")
            return (now + whole * unit + halves * unit / 2).astimezone(UTC).replace(second=0, microsecond=0)
    return None


def _by_clock(text: str, plain: str, local: datetime, zone: ZoneInfo) -> datetime:
    part, rest = _part(plain)
    clock = _clock(rest, part)
    if clock is None:
        without = day_meant(_day_words(rest), local.date()) if rest else None
        raise _refused(text, EXPECTED_CLOCK if without else EXPECTED)
    hour = _hour(clock, part)
    if hour is None:
        raise _refused(text, EXPECTED_HOUR)
    return _on_day(text, _day_words(clock.rest), time(hour, clock.minute), local, zone)


@dataclass(frozen=True, slots=True)
class _Clock:
    hour: int
    minute: int
    spoken: bool
    rest: str


def _part(plain: str) -> tuple[str, str]:
    """The part of the day, and the words without it."""
    for pattern, part in _PARTS:
        if match := pattern.search(plain):
            return part, plain[: match.start()] + " " + plain[match.end() :]
    return "", plain


def _clock(words: str, part: str) -> _Clock | None:
    """The time of day, and the words without it. A bare number is one only beside a part of the day: 3pm."""
    if match := _CLOCK.search(words):
        return _Clock(int(match[1]), int(match[2]), False, _without(words, match))
    if match := _SPOKEN.search(words):
        half, quarters, minutes = match[2], match[3], match[4]
        minute = 30 if half else 15 * number_of(quarters) if quarters else number_of(minutes or "0")
        return _Clock(number_of(match[1]), minute, True, _without(words, match))
    if match := _NOON.search(words):
        return _Clock(12, 0, False, _without(words, match))
    bare = _BARE.search(words.strip()) or re.match(r"(\d{1,2})(?= )", words.strip()) if part else None
    return _Clock(int(bare[1]), 0, False, _without(words.strip(), bare)) if bare else None


def _without(words: str, match: re.Match[str]) -> str:
    return words[: match.start()] + " " + words[match.end() :]


def _day_words(words: str) -> str:
    return " ".join(_FILLERS.sub(" ", words).split())


def _hour(clock: _Clock, part: str) -> int | None:
    """The hour of 24; None where the part of the day and the hour do not go together, or no clock shows it."""
    hour = clock.hour
    first, last = _HOURS[part]
    if (not part and clock.spoken and 1 <= hour <= 6) or (part in _LATE and hour < first):
        hour += 12
    return hour if first <= hour <= last and clock.minute < 60 else None


def _on_day(text: str, words: str, at: time, local: datetime, zone: ZoneInfo) -> datetime:
    today = local.date()
    day = day_meant(words, today)
    if day is None:
        raise _refused(text, EXPECTED)
    found = _instant(text, day.first, at, zone)
    if day.comes_again and found <= local:
        found = _instant(text, day.first + day.comes_again, at, zone)
    return found


def _instant(text: str, day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a day's clock; of two the first. Raises RefusedError for one that the clocks skip."""
    found = datetime.combine(day, at, zone).astimezone(UTC)
    if found.astimezone(zone).time() != at:
        raise _refused(text, EXPECTED_HOUR)
    return found


def _refused(text: str, expected: str) -> RefusedError:
    return RefusedError("time", repr(text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"), expected)
