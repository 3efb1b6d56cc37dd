"""Periods of the centre's own calendar, as half-open stretches of instants.

A day begins at the first instant that the zone's clocks give its date: on the two days a year when clocks
change, a day has 23 or 25 hours, and nothing is lost or counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from analytics.errors import PeriodError
from telephony.clock import from_microseconds, to_microseconds

_DAY = timedelta(days=1)
_MONTH = re.compile(r"(\d{4})-(\d{2})")


class PeriodKind(StrEnum):
    """What a period is in the calendar."""

    DAY = "day"
    MONTH = "month"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start_us` up to but not including `end_us`; `label` is how it was asked for."""

    kind: PeriodKind
    label: str
    start_us: int
    end_us: int
    zone: tzinfo

    @property
    def start(self) -> datetime:
        """Its first instant, in UTC."""
        return from_microseconds(self.start_us)

    @property
    def end(self) -> datetime:
        """The instant after it, in UTC."""
        return from_microseconds(self.end_us)

    def days(self) -> Iterator[Period]:
        """The days that it touches, the first and the last cut to it."""
        first = self.start.astimezone(self.zone).date()
        while (start_us := start_of_day(first, self.zone)) < self.end_us:
            end_us = start_of_day(first + _DAY, self.zone)
            yield Period(
                kind=PeriodKind.DAY,
                label=first.isoformat(),
                start_us=max(start_us, self.start_us),
                end_us=min(end_us, self.end_us),
                zone=self.zone,
            )
            first += _DAY


def start_of_day(day: date, zone: tzinfo) -> int:
    """The first instant of a date in a zone, in microseconds.

    Where clocks skip midnight, that is the instant of the change. Where they are put back *to* the evening
    before, midnight comes twice and the second one begins the day.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    if midnight.astimezone(zone).date() < day:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone, fold=1).astimezone(UTC)
    return to_microseconds(midnight)


def day_period(day: date, zone: tzinfo) -> Period:
    """One day."""
    return _between(PeriodKind.DAY, day.isoformat(), day, day + _DAY, zone)


def month_period(year: int, month: int, zone: tzinfo) -> Period:
    """One calendar month."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return _between(PeriodKind.MONTH, f"{year:04}-{month:02}", first, following, zone)


def custom_period(start: datetime, end: datetime, zone: tzinfo, label: str | None = None) -> Period:
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
    )


def parse_period(text: str, zone: tzinfo) -> Period:
    """Read `2026-11`, `2026-11-02` or `START/END`, each a date or a time, END not included.

    Raise PeriodError, which says what was found and expected.
    """
    try:
        if month := _MONTH.fullmatch(text):
            return month_period(int(month[1]), int(month[2]), zone)
        if "/" in text:
            start, _, end = text.partition("/")
            return custom_period(_read_instant(start, zone), _read_instant(end, zone), zone, text)
        return day_period(date.fromisoformat(text), zone)
    except ValueError:
        expected = "2026-11, 2026-11-02 or 2026-11-02/2026-11-09"
        raise PeriodError(f"period: found {text!r}, expected {expected}") from None


def _read_instant(text: str, zone: tzinfo) -> datetime:
    try:
        return from_microseconds(start_of_day(date.fromisoformat(text), zone))
    except ValueError:
        read = datetime.fromisoformat(text)
        return read if read.tzinfo else read.replace(tzinfo=zone)


def _between(kind: PeriodKind, label: str, first: date, following: date, zone: tzinfo) -> Period:
    return Period(
        kind=kind,
        label=label,
        start_us=start_of_day(first, zone),
        end_us=start_of_day(following, zone),
        zone=zone,
    )
