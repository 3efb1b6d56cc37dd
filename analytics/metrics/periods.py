"""Periods of the centre's own calendar, as half-open stretches of instants.

A day begins at the first instant that the zone's clocks give its date: on the two days a year when clocks
change, a day has 23 or 25 hours, and nothing is lost or counted twice. A centre whose business day begins later
(`day_start`) has all its days, months and years begin at that hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from analytics.errors import PeriodError
from config.policies import Policy
from telephony.clock import from_microseconds, to_microseconds

_DAY = timedelta(days=1)
_MIDNIGHT = time(0)
_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER_US = 15 * 60 * 1_000_000


class PeriodKind(StrEnum):
    """What a period is in the calendar."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start_us` up to but not including `end_us`; `label` is how it was asked for."""

    kind: PeriodKind
    label: str
    start_us: int
    end_us: int
    zone: tzinfo
    day_start: time = _MIDNIGHT

    @property
    def start(self) -> datetime:
        """Its first instant, in UTC."""
        return from_microseconds(self.start_us)

    @property
    def end(self) -> datetime:
        """The instant after it, in UTC."""
        return from_microseconds(self.end_us)

    @property
    def clock(self) -> DayClock:
        """Tells its days."""
        return DayClock(self.zone, self.day_start)

    def days(self) -> Iterator[Period]:
        """The days that it touches, the first and the last cut to it."""
        clock = self.clock
        first = clock.day_of(self.start_us)
        while (start_us := clock.start_of(first)) < self.end_us:
            end_us = clock.start_of(first + _DAY)
            yield Period(
                kind=PeriodKind.DAY,
                label=first.isoformat(),
                start_us=max(start_us, self.start_us),
                end_us=min(end_us, self.end_us),
                zone=self.zone,
                day_start=self.day_start,
            )
            first += _DAY


class DayClock:
    """The centre's business days: which one an instant is in, and when each begins."""

    def __init__(self, zone: tzinfo, day_start: time = _MIDNIGHT) -> None:
        self.zone = zone
        self.day_start = day_start
        self._starts: dict[date, int] = {}
        self._places: dict[int, tuple[int, int]] = {}

    def same_as(self, other: DayClock) -> bool:
        """Whether both tell the same days."""
        return (str(self.zone), self.day_start) == (str(other.zone), other.day_start)

    def start_of(self, day: date) -> int:
        """The first instant of a business day, in microseconds."""
        found = self._starts.get(day)
        if found is None:
            found = self._starts[day] = start_of_day(day, self.zone, self.day_start)
        return found

    def day_of(self, at_us: int) -> date:
        """The business day of an instant."""
        day = from_microseconds(at_us).astimezone(self.zone).date()
        while self.start_of(day) > at_us:
            day -= _DAY
        while self.start_of(day + _DAY) <= at_us:
            day += _DAY
        return day

    def place(self, at_us: int) -> tuple[int, int]:
        """The business day's weekday (0 is Monday), and the quarter of an hour that the clock shows (0 to 95).

        Clocks of all zones differ by whole quarters of an hour, so that one answer holds for all of it.
        """
        key = at_us // _QUARTER_US
        found = self._places.get(key)
        if found is None:
            local = from_microseconds(key * _QUARTER_US).astimezone(self.zone)
            weekday = self.day_of(key * _QUARTER_US).weekday()
            found = self._places[key] = (weekday, local.hour * 4 + local.minute // 15)
        return found


def clock_of(policy: Policy) -> DayClock:
    """The business days of a centre."""
    return DayClock(policy.zone, policy.day_start)


def start_of_day(day: date, zone: tzinfo, day_start: time = _MIDNIGHT) -> int:
    """The first instant of a date in a zone, in microseconds; of a business day that begins at `day_start`.

    Where clocks skip midnight, that is the instant of the change. Where they are put back *to* the evening
    before, midnight comes twice and the second one begins the day.
    """
    wanted = datetime.combine(day, day_start)
    begins = wanted.replace(tzinfo=zone).astimezone(UTC)
    if begins.astimezone(zone).replace(tzinfo=None) < wanted:
        begins = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return to_microseconds(begins)


def day_period(day: date, zone: tzinfo, day_start: time = _MIDNIGHT) -> Period:
    """One day."""
    return _between(PeriodKind.DAY, day.isoformat(), day, day + _DAY, zone, day_start)


def month_period(year: int, month: int, zone: tzinfo, day_start: time = _MIDNIGHT) -> Period:
    """One calendar month."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return _between(PeriodKind.MONTH, f"{year:04}-{month:02}", first, following, zone, day_start)


def year_period(year: int, zone: tzinfo, day_start: time = _MIDNIGHT) -> Period:
    """One calendar year."""
    return _between(PeriodKind.YEAR, f"{year:04}", date(year, 1, 1), date(year + 1, 1, 1), zone, day_start)


def custom_period(
    start: datetime, end: datetime, zone: tzinfo, label: str | None = None, day_start: time = _MIDNIGHT
) -> Period:
    """Any stretch between two aware instants. Raise PeriodError if it ends before it begins."""
    shown = label or f"{start.isoformat()}/{end.isoformat()}"
    if end < start:
        raise PeriodError(f"period {shown}: found an end before its start, expected start/end")
    return Period(
        kind=PeriodKind.CUSTOM,
        label=shown,
        start_us=to_microseconds(start),
        end_us=to_microseconds(end),
        zone=zone,
        day_start=day_start,
    )


def parse_period(text: str, zone: tzinfo, day_start: time = _MIDNIGHT) -> Period:
    """Read `2026`, `2026-11`, `2026-11-02` or `START/END`, each a date or a time, END not included.

    Raise PeriodError, which says what was found and expected.
    """
    try:
        if _YEAR.fullmatch(text):
            return year_period(int(text), zone, day_start)
        if month := _MONTH.fullmatch(text):
            return month_period(int(month[1]), int(month[2]), zone, day_start)
        if "/" in text:
            start, _, end = text.partition("/")
            begins, ends = _read_instant(start, zone, day_start), _read_instant(end, zone, day_start)
            return custom_period(begins, ends, zone, text, day_start)
        return day_period(date.fromisoformat(text), zone, day_start)
    except (ValueError, OverflowError):
        expected = "2026, 2026-11, 2026-11-02 or 2026-11-02/2026-11-09"
        raise PeriodError(f"period: found {text!r}, expected {expected}") from None


def _read_instant(text: str, zone: tzinfo, day_start: time) -> datetime:
    try:
        return from_microseconds(start_of_day(date.fromisoformat(text), zone, day_start))
    except ValueError:
        read = datetime.fromisoformat(text)
        return read if read.tzinfo else read.replace(tzinfo=zone)


def _between(kind: PeriodKind, label: str, first: date, following: date, zone: tzinfo, day_start: time) -> Period:
    return Period(
        kind=kind,
        label=label,
        start_us=start_of_day(first, zone, day_start),
        end_us=start_of_day(following, zone, day_start),
        zone=zone,
        day_start=day_start,
    )
