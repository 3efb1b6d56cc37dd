"""Time as a value that is passed in: the only place of this package that asks the machine's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Tells the time, and how long something took."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes backwards."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is told to move; for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, by: timedelta) -> None:
        """Move on by this much."""
        self._now += by
        self._monotonic += by.total_seconds()


def to_microseconds(at: datetime) -> int:
    """Whole microseconds since the epoch, exactly."""
    delta = at - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_microseconds(us: int) -> datetime:
    """The aware UTC datetime of so many microseconds since the epoch, exactly."""
    return EPOCH + timedelta(microseconds=us)


def milliseconds(duration: timedelta) -> int:
    """Whole milliseconds of a duration, cut (never rounded up): the unit that is summed."""
    return (duration.days * 86_400_000_000 + duration.seconds * 1_000_000 + duration.microseconds) // 1000
