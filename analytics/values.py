"""What the figures are made of: calls, offerings, talks, waits and states, as plain values.

They come from the store or straight from facts, and the formulas cannot tell which. Instants are whole
microseconds since the epoch; the person is known; what a formula asks of the call (its direction, trunk,
customer, start) stands in each value, so that a stream of them can be folded without a look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from telephony.calls.facts import (
    Direction,
    Disposition,
    Known,
    OfferingOutcome,
    OfferingSource,
    State,
    TalkKind,
    VisitEnd,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One call."""

    call_id: str
    known: Known
    direction: Direction
    disposition: Disposition | None
    customer: str | None
    did: str | None
    trunk: str | None
    start_us: int
    answered_us: int | None
    customer_left_us: int | None
    end_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCall:
    """What a part of a call knows of the whole. Unknown where the call itself was never told."""

    call_id: str
    direction: Direction | None
    customer: str | None
    trunk: str | None
    start_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One offering of a call to one agent."""

    call: OfCall
    agent: str
    queue: str | None
    source: OfferingSource
    consult: bool
    offered_us: int
    ring_us: int
    end_us: int | None
    outcome: OfferingOutcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talked:
    """One stretch of an agent's talk; `holds` are cut out of it."""

    call: OfCall
    agent: str
    queue: str | None
    kind: TalkKind
    start_us: int
    end_us: int | None
    holds: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """One caller's stay in one queue."""

    call: OfCall
    queue: str
    joined_us: int
    left_us: int | None
    ended: VisitEnd | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InState:
    """An interval in which an agent was in a state."""

    agent: str
    state: State
    queue: str | None
    start_us: int
    end_us: int | None


class Source(Protocol):
    """Where values come from. A stretch of time is [start_us, end_us); iterators are in order of time."""

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """Calls that began in the stretch."""
        ...

    def inferred(self, start_us: int, end_us: int) -> int:
        """How many of the calls that began in the stretch are inferred: part of them was not heard."""
        ...

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """Offerings that began (the device was dialled) in the stretch."""
        ...

    def offerings_of_calls(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """All offerings, whenever they began, of the calls that began in the stretch."""
        ...

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """Talks that touch the stretch."""
        ...

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """Queue visits that began in the stretch."""
        ...

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """Intervals in one of these states that touch the stretch."""
        ...
