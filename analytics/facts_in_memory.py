"""Facts as a source of values without a database: what `replay --summary` and the tests use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from analytics.folding import Newest, collapse, merges_of, survivors_of
from analytics.people.devices import DeviceMap
from analytics.values import Called, InState, OfCall, Offered, Talked, Waited
from analytics.values_of_facts import began_at, called, in_state, of_call, offered, talked, waited
from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    Fact,
    Known,
    OfferingFact,
    QueueVisitFact,
    State,
    TalkFact,
)


class FactsInMemory:
    """A `Source` over facts: the newest revision of each, merged calls resolved, persons joined.

    `newest_at` is the time of the newest event that any fact knows; None where there is no fact.
    """

    def __init__(self, facts: Iterable[Fact], devices: DeviceMap | None = None) -> None:
        newest = collapse(facts)
        self.newest_at = max((fact.at for kind in newest.values() for fact in kind.values()), default=None)
        self._devices = devices or DeviceMap()
        self._survivors = survivors_of(merges_of(newest[CallFact].values()))
        self._told = {each.id: each for each in newest[CallFact].values() if each.id not in self._survivors}
        self._calls = sorted(map(called, self._told.values()), key=lambda each: (each.start_us, each.call_id))
        self._offerings = list(map(self._offered, _in_order(newest, OfferingFact)))
        self._talks = list(map(self._talked, _in_order(newest, TalkFact)))
        self._waits = list(map(self._waited, _in_order(newest, QueueVisitFact)))
        self._states = list(map(self._in_state, _in_order(newest, AgentStateFact)))

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """See Source."""
        return (each for each in self._calls if start_us <= each.start_us < end_us)

    def inferred(self, start_us: int, end_us: int) -> int:
        """See Source."""
        return sum(each.known is Known.INFERRED for each in self.calls(start_us, end_us))

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        return (each for each in self._offerings if start_us <= each.offered_us < end_us)

    def offerings_of_calls(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        return (each for each in self._offerings if start_us <= each.call.start_us < end_us)

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """See Source."""
        return (each for each in self._talks if _touches(each, start_us, end_us))

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """See Source."""
        return (each for each in self._waits if start_us <= each.joined_us < end_us)

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """See Source."""
        wanted = frozenset(states)
        return (each for each in self._states if each.state in wanted and _touches(each, start_us, end_us))

    def _call_of(self, fact: OfferingFact | TalkFact | QueueVisitFact) -> OfCall:
        survivor = self._survivors.get(fact.call_id, fact.call_id)
        return of_call(survivor, self._told.get(survivor), fact)

    def _offered(self, fact: OfferingFact) -> Offered:
        agent = self._devices.resolve(fact.interface, fact.device, fact.offered_at)
        return offered(fact, self._call_of(fact), agent)

    def _talked(self, fact: TalkFact) -> Talked:
        agent = self._devices.resolve(fact.interface, fact.device, fact.started_at)
        return talked(fact, self._call_of(fact), agent)

    def _waited(self, fact: QueueVisitFact) -> Waited:
        return waited(fact, self._call_of(fact))

    def _in_state(self, fact: AgentStateFact) -> InState:
        return in_state(fact, self._devices.resolve(fact.interface, fact.interface, fact.started_at))


def _touches(each: Talked | InState, start_us: int, end_us: int) -> bool:
    return each.start_us < end_us and (each.end_us is None or each.end_us > start_us)


def _in_order(newest: Newest, kind: type) -> list[Any]:
    return sorted(newest[kind].values(), key=lambda fact: (began_at(fact), fact.id))
