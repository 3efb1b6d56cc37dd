"""What the figures are made of: calls, offerings, talks, waits and states, as plain values.

They come from the store or straight from facts, and the formulas cannot tell which. Instants are whole
microseconds since the epoch; the person is known; what a formula asks of the call (its direction, trunk,
customer, start) stands in each value, so that a stream of them can be folded without a look-up. They are tuples with
names, not dataclasses: a year has a hundred million of them, and a tuple is made in a third of the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from analytics.recordings.sounded import Sounded
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

if TYPE_CHECKING:
    from analytics.metrics.rolled import Rolled


class Called(NamedTuple):
    """One call."""

    call_id: str
    pbx: str
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
    recorded: bool = False  # the PBX named a recording
    code: str | None = None  # the service code that somebody chose; else the number's or the queue's holds
    silent: bool = False  # somebody, or the audio, says that the customer was not heard
    outcome: str | None = None  # what the agent recorded


class OfCall(NamedTuple):
    """What a part of a call knows of the whole. Unknown where the call itself was never told."""

    call_id: str
    direction: Direction | None
    customer: str | None
    trunk: str | None
    did: str | None
    start_us: int
    code: str | None = None  # see Called
    silent: bool = False  # see Called


class Offered(NamedTuple):
    """One offering of a call to one agent."""

    id: str
    call: OfCall
    agent: str
    queue: str | None
    source: OfferingSource
    consult: bool
    offered_us: int
    ring_us: int
    end_us: int | None
    outcome: OfferingOutcome | None


class Talked(NamedTuple):
    """One stretch of an agent's talk; `holds` are cut out of it."""

    call: OfCall
    agent: str
    queue: str | None
    kind: TalkKind
    start_us: int
    end_us: int | None
    holds: tuple[tuple[int, int | None], ...] = ()
    talk_id: str = ""


class Waited(NamedTuple):
    """One caller's stay in one queue."""

    call: OfCall
    queue: str
    joined_us: int
    left_us: int | None
    ended: VisitEnd | None


class HandedOn(NamedTuple):
    """A call that an agent handed on, or tried to."""

    call: OfCall
    agent: str
    queue: str | None  # of his talk in the call
    completed: bool
    at_us: int


class InState(NamedTuple):
    """An interval in which an agent was in a state."""

    agent: str
    state: State
    queue: str | None
    reason: str | None
    call: OfCall | None  # that wrap-up follows
    start_us: int
    end_us: int | None


class Scheduled(NamedTuple):
    """A stretch of an agent's shift."""

    agent: str
    start_us: int
    end_us: int


class LastTalk(NamedTuple):
    """Who spoke with a customer last, and when that began."""

    agent: str
    at_us: int


class Exempted(NamedTuple):
    """What two people agreed not to hold against anybody: phone fault, test, crank. Shown beside the rate."""

    offerings: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()


class Source(Protocol):
    """Where values come from. A stretch of time is [start_us, end_us); iterators are in order of time."""

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """Calls that began in the stretch."""
        ...

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """Offerings that began (the device was dialled) in the stretch."""
        ...

    def offerings_of(self, call_ids: Collection[str]) -> Iterator[Offered]:
        """All offerings of some calls, whenever they began."""
        ...

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """Talks that touch the stretch."""
        ...

    def talks_of(self, call_ids: Collection[str]) -> Iterator[Talked]:
        """All talks of some calls, whenever they were."""
        ...

    def sounds(self, start_us: int, end_us: int) -> Iterator[Sounded]:
        """What is known of recordings of the talks that began in the stretch, in any order; none is no entry."""
        ...

    def sounds_of(self, call_ids: Collection[str]) -> Iterator[Sounded]:
        """What is known of recordings of all talks of some calls."""
        ...

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """Queue visits that began in the stretch."""
        ...

    def waits_of(self, call_ids: Collection[str]) -> Iterator[Waited]:
        """All queue visits of some calls, whenever they began."""
        ...

    def handed_on(self, start_us: int, end_us: int) -> Iterator[HandedOn]:
        """What agents handed on in the stretch."""
        ...

    def handed_on_of(self, call_ids: Collection[str]) -> Iterator[HandedOn]:
        """All that agents handed on of some calls, whenever it was."""
        ...

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """Intervals in one of these states that touch the stretch."""
        ...

    def exempted(self, start_us: int, end_us: int) -> Exempted:
        """What is exempted of the offerings and calls that began in the stretch."""
        ...

    def inferred(self, start_us: int, end_us: int) -> int:
        """How many of the calls that began in the stretch are inferred: part of them was not heard."""
        ...

    def gaps(self, start_us: int, end_us: int) -> Sequence[tuple[int, int]]:
        """The stretches in which a PBX was not heard, cut to this one."""
        ...

    def scheduled(self, start_us: int, end_us: int) -> Iterator[Scheduled]:
        """For when agents' shifts had them at work, leave taken off, cut to the stretch."""
        ...

    def rolled(self, digest: str, customer_days: int) -> Rolled | None:
        """The roll-ups that were made by the policy of this digest; None where there are none at all.

        customer_days: so near to a change what a roll-up says of customers is not believed.
        """
        ...
