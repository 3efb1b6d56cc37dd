"""What happens when in a simulated year: two queues in the order of time.

`world` holds what people and phones do; a crash of the software does not touch it. `clock` holds what the accounts
themselves ask for and is made anew from them after a crash. Ties fall by names, never by the order of entering.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from heapq import heappop, heappush
from typing import Any, NamedTuple


class Act(IntEnum):
    """What is to be done; at one instant in this order."""

    CRASH = 0
    ARRIVAL = 1  # an event, a call, a wish
    CALL = 2  # a call that an agent made is over and heard of
    SAID = 3  # an agent's outcome
    ACKNOWLEDGE = 4
    SERIES = 5  # an occurrence's time has come
    WAKE = 6  # time alone changes something
    READY = 7  # a follow-up may be worked on
    FREE = 8  # an agent has nothing at hand


class Moment(NamedTuple):
    """One thing to be done."""

    at: datetime
    act: Act
    name: str
    customer: int
    what: Any = None


class Moments:
    """Both queues as one."""

    def __init__(self) -> None:
        self._world: list[Moment] = []
        self._clock: list[Moment] = []

    def will(self, moment: Moment) -> None:
        """Something that people or phones will do, whatever becomes of the software."""
        heappush(self._world, moment)

    def wake(self, moment: Moment) -> None:
        """Something that an account asks for."""
        heappush(self._clock, moment)

    def forget(self) -> None:
        """A crash: what the accounts asked for is to be asked anew."""
        self._clock.clear()

    def next_before(self, end: datetime) -> Moment | None:
        """The next thing to be done before an instant; None where there is none."""
        if self._clock and (not self._world or self._clock[0][:3] <= self._world[0][:3]):
            queue = self._clock
        else:
            queue = self._world
        return heappop(queue) if queue and queue[0].at < end else None
