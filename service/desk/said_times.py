"""Times as people say them on the phone: `明天 11:00`, `下周二下午3点`, `tue 11:00`, `15:30`, `+30`. Pure.

A weekday is the next one that has not passed; with 下 or `next` it is that day of the next calendar week. What has
passed is refused, not moved: the customer was told a time, and it is written down as it was told.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schedulers.errors import RefusedError

EXPECTED = "a time such as 明天 11:00, 周二 11:00, 11-24 11:00, 15:30 or +30 (minutes)"
FARTHEST = timedelta(days=366)
_WEEK = timedelta(days=7)
_ZH = "一二三四五六日"
_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEAR = {"今天": 0, "今日": 0, "today": 0, "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2, "大后天": 3}
_AFTERNOON = frozenset({"下午", "晚上", "pm"})
_LATER = re.compile(r"\+?(\d{1,4})\s*(m|min|minutes?|分|分钟|h|hours?|小时)?\s*(后|later)?")
_CLOCK = re.compile(
    r"(?P<half>上午|早上|中午|下午|晚上)?\s*(?P<hour>\d{1,2})"
    r"(?:[:：](?P<minute>\d{2})|[点时](?P<points>半|一刻|三刻|\d{1,2}分?)?)?\s*(?P<after>am|pm)?"
)
_DAY = re.compile(
    r"(?P<near>今天|今日|明天|明日|大后天|后天|today|tomorrow)"
    r"|(?P<next>下|next\s+)?(?:(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])|(?P<en>mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
    r"|(?:(?P<year>\d{4})[-/年])?(?P<month>\d{1,2})[-/月](?P<dom>\d{1,2})日?"
)
_POINTS = {"半": 30, "一刻": 15, "三刻": 45}


def read_time(text: str, now: datetime, zone: ZoneInfo, place: str = "time") -> datetime:
    """The instant that is meant, in UTC, ahead of `now`. Raises RefusedError with `place`, found and expected."""
    plain = " ".join(text.lower().replace("\u3000", " ").split())
    if not plain:
        raise RefusedError(place, "nothing", EXPECTED)
    found = _later(plain, now) or _at_clock(plain, now.astimezone(zone), zone)
    if found is None:
        raise RefusedError(place, f"“{text.strip()[:40]}”", EXPECTED)
    if not now < found <= now + FARTHEST:
        local = found.astimezone(zone)
        raise RefusedError(place, f"{local:%Y-%m-%d %H:%M}", "a time ahead, within a year")
    return found


def _later(text: str, now: datetime) -> datetime | None:
    """So many minutes or hours from now, to the minute."""
    found = _LATER.fullmatch(text)
    if found is None or not (text.startswith("+") or found[2] or found[3]):
        return None
    is_hours = (found[2] or "").startswith(("h", "小"))
    span = timedelta(hours=int(found[1])) if is_hours else timedelta(minutes=int(found[1]))
    return (now + span).replace(second=0, microsecond=0)


def _at_clock(text: str, local: datetime, zone: ZoneInfo) -> datetime | None:
    day_of = _DAY.match(text)
    rest = text[day_of.end() :].strip(" ,，t") if day_of else text
    told = _CLOCK.fullmatch(rest)
    clock = _clock(told) if told else None
    if clock is None:
        return None
    day = _day(day_of, local, clock) if day_of else local.date()
    return None if day is None else datetime.combine(day, clock, zone).astimezone(UTC)


def _clock(told: re.Match[str]) -> time | None:
    """The time of day; an hour alone needs a word beside it, or it might be anything."""
    if not any(told[name] for name in ("half", "minute", "points", "after")) and "点" not in told[0]:
        return None
    points = told["points"] or ""
    minute = int(told["minute"] or 0) if told["minute"] else _POINTS.get(points) or int(points.rstrip("分") or 0)
    hour = int(told["hour"])
    if hour < 12 and (told["half"] in _AFTERNOON or told["after"] == "pm"):
        hour += 12
    elif hour == 12 and told["after"] == "am":
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(told: re.Match[str], local: datetime, clock: time) -> date | None:
    today = local.date()
    if told["near"]:
        return today + timedelta(days=_NEAR[told["near"]])
    if told["month"]:
        return _dated(told, today)
    place = _EN.index(told["en"]) if told["en"] else _ZH.index(told["zh"].replace("天", "日"))
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=place)
    if told["next"]:
        return day + _WEEK
    has_passed = day < today or (day == today and clock <= local.time())
    return day + _WEEK if has_passed else day


def _dated(told: re.Match[str], today: date) -> date | None:
    """A day of a month; without a year the next one that there is, and a month that has passed is next year's."""
    try:
        if told["year"]:
            return date(int(told["year"]), int(told["month"]), int(told["dom"]))
        day = date(today.year, int(told["month"]), int(told["dom"]))
    except ValueError:
        return None
    return (
        day.replace(year=day.year + 1)
        if day < today - timedelta(days=180) and (day.month, day.day) != (2, 29)
        else day
    )
