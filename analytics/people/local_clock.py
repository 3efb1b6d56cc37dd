"""Wall-clock minutes of a local day as instants: pure, and right on the two days a year when clocks change.

A time that the clocks skip is the instant of the change; one that comes twice is its first. So a day cut into
neighbouring spans has neither a hole nor an overlap.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from telephony.clock import from_microseconds, to_microseconds

_SECOND = 1_000_000


def instant_of(day: date, minute: int, zone: tzinfo) -> int:
    """Microseconds of the instant when the zone's clocks show so many minutes since the day's midnight.

    1440 and more is the next day: minutes are added to the clock's face, not to elapsed time.
    """
    shown = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a clock's face
    first = shown.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == shown:
        return to_microseconds(first)
    second = shown.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change_between(to_microseconds(min(first, second)), to_microseconds(max(first, second)), zone)


def _change_between(before: int, after: int, zone: tzinfo) -> int:
    """The instant between two at which the clocks were put forward; zones change at whole seconds."""
    old = from_microseconds(before).astimezone(zone).utcoffset()
    low, high = before // _SECOND, after // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        same = from_microseconds(middle * _SECOND).astimezone(zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return high * _SECOND


def local_day(us: int, zone: tzinfo) -> date:
    """The date that the zone's clocks show at an instant."""
    return from_microseconds(us).astimezone(zone).date()
