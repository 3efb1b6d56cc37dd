"""Stored values told apart by call, so that a figure can be asked of each call alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analytics.metrics.periods import Period
from analytics.storage.queries import LONGEST_US
from analytics.values import Called, InState, Offered, Source, Talked, Waited
from telephony.calls.facts import Known, State


@dataclass(slots=True, kw_only=True)
class Held:
    """Values as a `Source`: those of one call, or all that were read."""

    started: list[Called] = field(default_factory=list)
    rung: list[Offered] = field(default_factory=list)
    talked: list[Talked] = field(default_factory=list)
    waited: list[Waited] = field(default_factory=list)

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """See Source."""
        return (each for each in self.started if start_us <= each.start_us < end_us)

    def inferred(self, start_us: int, end_us: int) -> int:
        """See Source."""
        return sum(each.known is Known.INFERRED for each in self.calls(start_us, end_us))

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        return (each for each in self.rung if start_us <= each.offered_us < end_us)

    def offerings_of_calls(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        return (each for each in self.rung if start_us <= each.call.start_us < end_us)

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """See Source."""
        touching = (each for each in self.talked if each.end_us is None or each.end_us > start_us)
        return (each for each in touching if start_us - LONGEST_US <= each.start_us < end_us)

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """See Source."""
        return (each for each in self.waited if start_us <= each.joined_us < end_us)

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """See Source. An interval of an agent's state belongs to no call."""
        return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCall:
    """A call, and what is stored of it."""

    call_id: str
    source: Held


class CallsApart:
    """What a source holds of a period, by call."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def all(self, period: Period) -> Source:
        """Everything: the figure itself is asked of it."""
        return self._source

    def calls(self, period: Period) -> Iterator[OneCall]:
        """Each call with a part in the period, by start and id."""
        held: dict[tuple[int, str], Held] = {}
        start, end = period.start_us, period.end_us
        for called in self._source.calls(start, end):
            held.setdefault((called.start_us, called.call_id), Held()).started.append(called)
        for offered in _once(self._source, start, end):
            held.setdefault((offered.call.start_us, offered.call.call_id), Held()).rung.append(offered)
        for talked in self._source.talks(start, end):
            held.setdefault((talked.call.start_us, talked.call.call_id), Held()).talked.append(talked)
        for waited in self._source.waits(start, end):
            held.setdefault((waited.call.start_us, waited.call.call_id), Held()).waited.append(waited)
        for (_, call_id), source in sorted(held.items()):
            yield OneCall(call_id=call_id, source=source)


def _once(source: Source, start_us: int, end_us: int) -> Iterator[Offered]:
    """The offerings that began in the stretch, and those of calls that did; none twice."""
    yield from source.offerings_of_calls(start_us, end_us)
    for each in source.offerings(start_us, end_us):
        if not start_us <= each.call.start_us < end_us:
            yield each
