"""Facts as a source of values without a database: what `replay --summary` and the tests use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from analytics.folding import Newest, collapse, merges_of, survivors_of
from analytics.metrics.formulas import CUSTOMER_TALK
from analytics.metrics.rolled import Rolled
from analytics.people.devices import DeviceMap
from analytics.recordings.sounded import Sounded
from analytics.values import Called, Exempted, HandedOn, InState, OfCall, Offered, Scheduled, Talked, Waited
from analytics.values_of_facts import (
    Part,
    began_at,
    called,
    handed_on,
    in_state,
    of_call,
    offered,
    talked,
    waited,
)
from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    Fact,
    Known,
    OfferingFact,
    QueueVisitFact,
    RecordingFact,
    State,
    TalkFact,
    TransferFact,
    TransferKind,
)


class FactsInMemory:
    """A `Source` over facts: the newest revision of each, merged calls resolved, persons joined.

    `newest_at` is the time of the newest event that any fact knows; None where there is no fact. sounds: what is known
    beside the facts of talks' recordings.
    """

    def __init__(
        self, facts: Iterable[Fact], devices: DeviceMap | None = None, sounds: Iterable[Sounded] = ()
    ) -> None:
        newest = collapse(facts)
        self.newest_at = max((fact.at for kind in newest.values() for fact in kind.values()), default=None)
        self._devices = devices or DeviceMap()
        self._sounds = {each.talk_id: each for each in sounds}
        self._survivors = survivors_of(merges_of(newest[CallFact].values()))
        self._told = {each.id: each for each in newest[CallFact].values() if each.id not in self._survivors}
        self._silent = self._heard_silent(newest)
        recorded = {self._survivor(each.call_id) for each in newest[RecordingFact].values()}
        told = (
            called(each, recorded=each.id in recorded, silent=each.id in self._silent)
            for each in self._told.values()
        )
        self._calls = sorted(told, key=lambda each: (each.start_us, each.call_id))
        self._offerings = list(map(self._offered, _in_order(newest, OfferingFact)))
        self._talks = list(map(self._talked, _in_order(newest, TalkFact)))
        self._waits = list(map(self._waited, _in_order(newest, QueueVisitFact)))
        self._states = list(map(self._in_state, _in_order(newest, AgentStateFact)))
        self._handed_on = list(self._transfers(newest))

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """See Source."""
        return (each for each in self._calls if start_us <= each.start_us < end_us)

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        return (each for each in self._offerings if start_us <= each.offered_us < end_us)

    def offerings_of(self, call_ids: Collection[str]) -> Iterator[Offered]:
        """See Source."""
        return (each for each in self._offerings if each.call.call_id in call_ids)

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """See Source."""
        return (each for each in self._talks if _touches(each, start_us, end_us))

    def talks_of(self, call_ids: Collection[str]) -> Iterator[Talked]:
        """See Source."""
        return (each for each in self._talks if each.call.call_id in call_ids)

    def sounds(self, start_us: int, end_us: int) -> Iterator[Sounded]:
        """See Source."""
        return self._sounds_of(each for each in self._talks if start_us <= each.start_us < end_us)

    def sounds_of(self, call_ids: Collection[str]) -> Iterator[Sounded]:
        """See Source."""
        return self._sounds_of(self.talks_of(call_ids))

    def _sounds_of(self, talks: Iterable[Talked]) -> Iterator[Sounded]:
        return (self._sounds[each.talk_id] for each in talks if each.talk_id in self._sounds)

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """See Source."""
        return (each for each in self._waits if start_us <= each.joined_us < end_us)

    def waits_of(self, call_ids: Collection[str]) -> Iterator[Waited]:
        """See Source."""
        return (each for each in self._waits if each.call.call_id in call_ids)

    def handed_on(self, start_us: int, end_us: int) -> Iterator[HandedOn]:
        """See Source."""
        return (each for each in self._handed_on if start_us <= each.at_us < end_us)

    def handed_on_of(self, call_ids: Collection[str]) -> Iterator[HandedOn]:
        """See Source."""
        return (each for each in self._handed_on if each.call.call_id in call_ids)

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """See Source."""
        wanted = frozenset(states)
        return (each for each in self._states if each.state in wanted and _touches(each, start_us, end_us))

    def exempted(self, start_us: int, end_us: int) -> Exempted:
        """See Source; facts alone know of none."""
        return Exempted()

    def inferred(self, start_us: int, end_us: int) -> int:
        """See Source."""
        return sum(each.known is Known.INFERRED for each in self.calls(start_us, end_us))

    def gaps(self, start_us: int, end_us: int) -> Sequence[tuple[int, int]]:
        """See Source; facts alone know of none."""
        return ()

    def scheduled(self, start_us: int, end_us: int) -> Iterator[Scheduled]:
        """See Source; facts alone know of none."""
        return iter(())

    def rolled(self, digest: str, customer_days: int) -> Rolled | None:
        """See Source; nothing is summed beforehand in memory."""
        return None

    def _survivor(self, call_id: str) -> str:
        return self._survivors.get(call_id, call_id)

    def _heard_silent(self, newest: Newest) -> frozenset[str]:
        """The calls on whose audio nothing is heard of the customer, in each of his talks."""
        silent: dict[str, bool] = {}
        for fact in newest[TalkFact].values():
            if fact.kind in CUSTOMER_TALK:
                call_id, sounded = self._survivor(fact.call_id), self._sounds.get(fact.id)
                said_nothing = bool(sounded and sounded.heard and sounded.heard.silent_customer)
                silent[call_id] = silent.get(call_id, True) and said_nothing
        return frozenset(call_id for call_id, is_silent in silent.items() if is_silent)

    def _call_of(self, fact: Part | AgentStateFact | TransferFact) -> OfCall:
        survivor = self._survivor(fact.call_id)
        return of_call(survivor, self._told.get(survivor), began_at(fact), silent=survivor in self._silent)

    def _offered(self, fact: OfferingFact) -> Offered:
        agent = self._devices.resolve(fact.interface, fact.device, fact.offered_at)
        return offered(fact, self._call_of(fact), agent)

    def _talked(self, fact: TalkFact) -> Talked:
        agent = self._devices.resolve(fact.interface, fact.device, fact.started_at)
        return talked(fact, self._call_of(fact), agent)

    def _waited(self, fact: QueueVisitFact) -> Waited:
        return waited(fact, self._call_of(fact))

    def _in_state(self, fact: AgentStateFact) -> InState:
        agent = self._devices.resolve(fact.interface, fact.interface, fact.started_at)
        return in_state(fact, agent, self._call_of(fact) if fact.call_id else None)

    def _transfers(self, newest: Newest) -> Iterator[HandedOn]:
        """What agents handed on, who is told by the device; in the queue of the agent's talk before."""
        talks = sorted(newest[TalkFact].values(), key=lambda each: (each.started_at, each.id))
        for fact in sorted(newest[TransferFact].values(), key=lambda each: (each.at, each.id)):
            if fact.by is None or fact.kind is TransferKind.PICKUP:
                continue  # who picks a call up hands nothing on
            mine = [
                each
                for each in talks
                if each.device == fact.by
                and self._survivor(each.call_id) == self._survivor(fact.call_id)
                and each.started_at <= fact.at
            ]
            talk = mine[-1] if mine else None
            interface = talk.interface if talk else fact.by
            agent = self._devices.resolve(interface, fact.by, talk.started_at if talk else fact.at)
            yield handed_on(fact, self._call_of(fact), agent, talk.queue if talk else None)


def _touches(each: Talked | InState, start_us: int, end_us: int) -> bool:
    return each.start_us < end_us and (each.end_us is None or each.end_us > start_us)


def _in_order(newest: Newest, kind: type) -> list[Any]:
    return sorted(newest[kind].values(), key=lambda fact: (began_at(fact), fact.id))
