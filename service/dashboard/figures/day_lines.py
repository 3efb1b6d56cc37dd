"""The line of each day of a week on one axis: talk, hold, ringing, wrap-up, ready and paused. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from analytics.metrics.periods import DayClock, start_of_day
from analytics.metrics.windows import union
from analytics.storage.day_lines import Doing, Stretch
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.figures.cells import Fig
from service.dashboard.rows import call_link
from service.dashboard.words import Words
from telephony.clock import from_microseconds

FIRST_HOUR, LAST_HOUR = 8, 18
_HOUR_US = 3_600_000_000
_MOST_HOURS = 5  # between labels of the axis, on a narrow screen too
_NARROWEST = 0.06  # percent: what is thinner is not seen
_WHOLE = frozenset({Doing.READY, Doing.PAUSED})
"""States that are told once a queue: they are drawn as one."""

SAID = {
    Doing.TALKING: marked("Talking"),
    Doing.HOLD: marked("Hold"),
    Doing.RINGING: marked("Ringing"),
    Doing.WRAP_UP: marked("Wrap-up"),
    Doing.READY: marked("Ready"),
    Doing.PAUSED: marked("Paused"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of a day's line."""

    doing: str
    x: str
    width: str
    title: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A day: its name, its talk minutes, its line; `now_x` is where now is, '' on another day."""

    day: str
    minutes: Fig
    bars: tuple[Bar, ...]
    now_x: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """A label of the axis."""

    x: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Days on one axis, the newest first."""

    lines: tuple[DayLine, ...]
    hours: tuple[Hour, ...]


def week_of(
    words: Words,
    clock: DayClock,
    stretches: Sequence[Stretch],
    minutes: Mapping[date, Fig],
    now_us: int,
) -> Week:
    """The lines of the days in `minutes`; the axis is as long as the longest of them."""
    first, last = _span(clock, stretches, minutes, now_us)
    lines = [
        _line(words, clock, day, stretches, fig, (first, last), now_us)
        for day, fig in sorted(minutes.items(), reverse=True)
    ]
    return Week(lines=tuple(lines), hours=tuple(_hours(first, last)))


def _span(clock: DayClock, stretches: Iterable[Stretch], days: Iterable[date], now_us: int) -> tuple[int, int]:
    """The hours of the axis: a working day's, and whatever was worked before or after; 25 is 1 of the next day."""
    first, last = FIRST_HOUR, LAST_HOUR
    for day in days:
        midnight, begins, ends = _bounds(clock, day)
        for each in _inside(stretches, begins, ends, now_us):
            if each.doing not in _WHOLE:
                first = min(first, (each.start_us - midnight) // _HOUR_US)
                last = max(last, -(-((each.end_us or now_us) - midnight) // _HOUR_US))
    return first, last


def _bounds(clock: DayClock, day: date) -> tuple[int, int, int]:
    """Midnight, from which hours are counted; the beginning of the business day; and its end."""
    return start_of_day(day, clock.zone), clock.start_of(day), clock.start_of(day + timedelta(days=1))


def _line(
    words: Words,
    clock: DayClock,
    day: date,
    stretches: Sequence[Stretch],
    minutes: Fig,
    hours: tuple[int, int],
    now_us: int,
) -> DayLine:
    midnight, *business = _bounds(clock, day)
    start, end = midnight + hours[0] * _HOUR_US, midnight + hours[1] * _HOUR_US
    mine = _merged(_inside(stretches, business[0], business[1], now_us), now_us)
    bars = [bar for each in mine if (bar := _bar(words, each, start, end, now_us))]
    inside = start <= now_us < end
    return DayLine(
        day=words.short_day(day),
        minutes=minutes,
        bars=tuple(bars),
        now_x=f"{_share(now_us, start, end):.2f}%" if inside else "",
        label=words.gettext("%(day)s: %(n)s minutes of talk", day=words.day(day), n=minutes.text),
    )


def _inside(stretches: Iterable[Stretch], begins: int, ends: int, now_us: int) -> list[Stretch]:
    """The part of each stretch that lies in a business day."""
    touching = (each for each in stretches if each.start_us < ends and (each.end_us or now_us) > begins)
    return [
        replace(each, start_us=max(each.start_us, begins), end_us=min(each.end_us or now_us, ends))
        for each in touching
    ]


def _merged(stretches: Iterable[Stretch], now_us: int) -> list[Stretch]:
    """What is told once a queue, told once."""
    found = list(stretches)
    told: list[Stretch] = []
    for doing in Doing:
        mine = [each for each in found if each.doing is doing]
        if doing in _WHOLE:
            spans = union((each.start_us, each.end_us or now_us) for each in mine)
            mine = [Stretch(doing=doing, start_us=start, end_us=end) for start, end in spans]
        told += mine
    return told


def _bar(words: Words, each: Stretch, start: int, end: int, now_us: int) -> Bar | None:
    begins, ends = max(each.start_us, start), min(each.end_us or now_us, end)
    width = (ends - begins) / (end - start) * 100
    if ends <= begins or (width < _NARROWEST and each.doing is not Doing.TALKING):
        return None
    length = numerals.clock(((each.end_us or now_us) - each.start_us) // 1000)
    said = words.gettext(SAID[each.doing])
    return Bar(
        doing=each.doing.value,
        x=f"{_share(begins, start, end):.2f}%",
        width=f"{max(width, _NARROWEST):.2f}%",
        title=f"{said} {_clock(words, each.start_us)}–{_clock(words, each.end_us or now_us)} · {length}",
        link=call_link(each.call_id) if each.doing is Doing.TALKING and each.call_id else "",
    )


def _clock(words: Words, at_us: int) -> str:
    return f"{words.local(from_microseconds(at_us)):%H:%M}"


def _share(at: int, start: int, end: int) -> float:
    return (at - start) / (end - start) * 100


def _hours(first: int, last: int) -> list[Hour]:
    step = next((each for each in (2, 3, 4, 6) if (last - first) / each <= _MOST_HOURS), 8)
    places = [*range(first, last, step), last] if (last - first) % step == 0 else list(range(first, last, step))
    return [
        Hour(
            x=f"{(hour - first) / (last - first) * 100:.2f}%",
            text=f"{hour % 24:02}:00" if hour != 24 else "24:00",
            anchor="start" if hour == first else "end" if hour == last else "middle",
        )
        for hour in places
    ]


def days_before(last: date, count: int) -> list[date]:
    """So many days up to and with the last."""
    return [last - timedelta(days=n) for n in range(count)]
