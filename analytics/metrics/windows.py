"""Cutting intervals at the edges of a period, so that the parts of a period add up to the whole. Pure.

Everything is counted from an interval's own beginning up to an edge, cut to whole milliseconds there, and the part
inside a period is the difference of its two edges. However a period is split, the differences add up: no
millisecond is lost at an edge, and no rounding is done twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from analytics.values import Talked
from config.minutes import Rounding, clock_ms, round_call
from telephony.clock import from_microseconds

MS = 1000
"""Microseconds in a millisecond."""

FOLLOWED_US = 7 * 86_400 * 1_000_000
"""A talk whose end was never heard is followed for a week, and no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is counted: from `start_us` up to `end_us`, of what was known at `as_of_us`."""

    start_us: int
    end_us: int
    as_of_us: int
    edge_us: int = field(init=False)  # up to where intervals are counted

    def __post_init__(self) -> None:
        object.__setattr__(self, "edge_us", max(self.start_us, min(self.end_us, self.as_of_us)))

    def has(self, began_us: int) -> bool:
        """Whether something that began at this instant is counted here."""
        return self.start_us <= began_us < self.end_us and began_us <= self.as_of_us

    def interval_ms(self, start_us: int, end_us: int | None) -> int:
        """Whole milliseconds of an interval inside the window."""
        return _ms(start_us, end_us, self.edge_us) - _ms(start_us, end_us, self.start_us)


def _ms(start_us: int, end_us: int | None, edge_us: int) -> int:
    until = edge_us if end_us is None else min(end_us, edge_us)
    return (until - start_us) // MS if until > start_us else 0


def ends_us(start_us: int, end_us: int | None, as_of_us: int) -> int:
    """Where an interval ends as far as it is known at an instant, and is followed."""
    until = start_us + FOLLOWED_US if end_us is None else end_us
    return min(until, as_of_us)


def heard_ms(talked: Talked, edge_us: int) -> tuple[int, int]:
    """Talk with the holds cut out, and the holds, from the stretch's beginning up to an edge."""
    start_us = talked.start_us
    until = ends_us(start_us, talked.end_us, edge_us)
    if until <= start_us:
        return 0, 0
    held = 0
    for hold_start, hold_end in talked.holds:
        begin = max(hold_start, start_us)
        end = until if hold_end is None else min(hold_end, until)
        held += max(0, end - begin)
    return (until - start_us - held) // MS, held // MS


def inside_ms(talked: Talked, window: Window) -> tuple[int, int]:
    """Talk and hold inside the window."""
    talk, hold = heard_ms(talked, window.edge_us)
    if talked.start_us >= window.start_us:
        return talk, hold
    before_talk, before_hold = heard_ms(talked, window.start_us)
    return talk - before_talk, hold - before_hold


@dataclass(slots=True)
class Counting:
    """The phone minutes of one agent's part of a call, by a way of rounding; stretches in order of time.

    Rounding is of the part as a whole. A stretch, and what of it lies inside a period, counts by what it adds to the
    rounded whole: so agents' days, queues and months add up to the very minutes of the call.
    """

    rounding: Rounding
    zone: tzinfo
    before_ms: int = 0  # of earlier stretches, up to the window's start
    until_ms: int = 0  # of earlier stretches, up to its end

    def add(self, talked: Talked, before_ms: int, until_ms: int, window: Window) -> int:
        """What a stretch adds inside the window. `before_ms` and `until_ms`: what of it counts up to either edge."""
        if self.rounding is Rounding.CLOCK:
            return self._by_clock(talked, window.edge_us) - self._by_clock(talked, window.start_us)
        reached = self._adds(self.until_ms, until_ms) - self._adds(self.before_ms, before_ms)
        self.before_ms += before_ms
        self.until_ms += until_ms
        return reached

    def _adds(self, earlier_ms: int, ms: int) -> int:
        return round_call(self.rounding, earlier_ms + ms) - round_call(self.rounding, earlier_ms)

    def _by_clock(self, talked: Talked, edge_us: int) -> int:
        until = ends_us(talked.start_us, talked.end_us, edge_us)
        if until <= talked.start_us:
            return 0
        return clock_ms(from_microseconds(talked.start_us), from_microseconds(until), self.zone)


Span = tuple[int, int]
"""From, to, in microseconds."""


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that neither touch nor overlap, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif end > start:
            joined.append((start, end))
    return joined


def subtract(spans: Sequence[Span], taken: Sequence[Span]) -> Iterator[Span]:
    """What is left of spans when others are taken out; both as `union` gives them."""
    for start, end in spans:
        for taken_start, taken_end in taken:
            if taken_end <= start or taken_start >= end:
                continue
            if taken_start > start:
                yield start, taken_start
            start = max(start, taken_end)
            if start >= end:
                break
        if start < end:
            yield start, end


def spans_ms(spans: Iterable[Span], window: Window) -> int:
    """Whole milliseconds of spans inside the window, each edge cut to the millisecond that it lies in.

    States overlap, and one is taken out of another: cut so, they add up however they and the period are divided.
    """
    first, last = window.start_us, window.edge_us
    inside = ((max(start, first), min(end, last)) for start, end in spans)
    return sum(end // MS - start // MS for start, end in inside if end > start)
