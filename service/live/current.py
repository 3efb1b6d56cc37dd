"""The calls that go on, and the last that ended, as whole call records; who is at which device now. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime

from telephony.calls.facts import AgentStateFact, CallFact, Fact, OfferingFact, State, TalkFact
from telephony.calls.record import CallRecord, fold

RECENT = 40
MOST_ALIASES = 10_000
"""How many ids of calls that went into others are known: theirs end within a day."""

Where = tuple[str, str]
"""A PBX and an interface."""


class Current:
    """Folds facts as they come. Memory grows with the open calls and the phones only.

    phones: the phone behind each interface, as its last offering or talk told; talked: when a phone's last talk ended.
    freed: when what kept an interface busy ended last: ringing, a talk, a pause, wrap-up.
    """

    def __init__(self) -> None:
        self.phones: dict[str, str] = {}
        self.talked: dict[str, datetime] = {}
        self.freed: dict[Where, datetime] = {}
        self._open: dict[str, dict[tuple[type, str], Fact]] = {}
        self._ended: OrderedDict[str, dict[tuple[type, str], Fact]] = OrderedDict()
        self._into: dict[str, str] = {}
        self._states: dict[Where, dict[tuple[State, str], AgentStateFact]] = {}
        self._records: dict[str, CallRecord] = {}  # of what did not change since it was asked for
        self._changed: tuple[set[str], set[Where]] | None = None  # None while nobody asks for it

    def handle(self, facts: Iterable[Fact]) -> None:
        """Take facts in."""
        for fact in facts:
            if isinstance(fact, AgentStateFact):
                self._hold_state(fact)
            else:
                self._hold(fact)

    def open_records(self) -> Iterator[CallRecord]:
        """The calls that go on."""
        for call_id in self._open:
            record = self.record(call_id)
            if record is not None:
                yield record

    def record(self, call_id: str) -> CallRecord | None:
        """A call that goes on; None for another, and while only parts of it were told."""
        facts = self._open.get(call_id)
        return None if facts is None else self._record(call_id, facts)

    def _record(self, call_id: str, facts: dict[tuple[type, str], Fact]) -> CallRecord | None:
        record = self._records.get(call_id)
        if record is None:
            record = next(iter(fold(facts.values())), None)
            if record is not None:
                self._records[call_id] = record
        return record

    def take_changes(self, *, everything: bool = False) -> tuple[set[str], set[Where]]:
        """The calls, and the places of agents, of which something was told since this was asked; for one asker.

        All of them at first, and where everything is asked for.
        """
        changed = self._changed
        if changed is None or everything:
            changed = (set(self._open), set(self._states))
        self._changed = (set(), set())
        return changed

    def any_record(self, call_id: str) -> CallRecord | None:
        """One call by any id that it ever had; None once it is forgotten."""
        stays = self._into.get(call_id, call_id)
        facts = self._open.get(stays) or self._ended.get(stays) or {}
        return next(iter(fold(facts.values())), None)

    def recent_records(self) -> Iterator[CallRecord]:
        """The calls that ended last, the newest first."""
        for call_id, facts in reversed(self._ended.items()):
            record = self._record(call_id, facts)
            if record is not None:
                yield record

    def states(self) -> list[AgentStateFact]:
        """The states that go on."""
        return [state for states in self._states.values() for state in states.values()]

    def states_at(self, where: Where) -> list[AgentStateFact]:
        """The states that go on of one interface."""
        return list(self._states.get(where, {}).values())

    def _hold_state(self, fact: AgentStateFact) -> None:
        """One membership or pause a queue, and one wrap-up, of an interface at a time."""
        where, key = (fact.pbx, fact.interface), (fact.state, fact.queue or "")
        states = self._states.setdefault(where, {})
        held = states.get(key)
        if held is not None and (held.started_at, held.revision) > (fact.started_at, fact.revision):
            return
        if fact.ended_at is None:
            states[key] = fact
        elif held is not None and held.id == fact.id:
            del states[key]
            if fact.state is not State.LOGGED_IN:
                self._free(where, fact.ended_at)
        if not states:
            del self._states[where]
        if self._changed is not None:
            self._changed[1].add(where)

    def _hold(self, fact: Fact) -> None:
        call_id = self._into.get(fact.call_id, fact.call_id)
        if isinstance(fact, CallFact) and fact.merged_into is not None:
            self._merge(fact.id, fact.merged_into)
            return
        self._note(call_id)
        facts = self._open.get(call_id)
        if facts is None:
            facts = self._ended.get(call_id)
        if facts is None:
            facts = self._open[call_id] = {}
        key = (type(fact), fact.id)
        held = facts.get(key)
        if held is None or fact.revision >= held.revision:
            facts[key] = fact
        if isinstance(fact, OfferingFact | TalkFact):
            self._note_phone(fact)
        if isinstance(fact, CallFact):
            self._place(call_id, fact, facts)

    def _note(self, call_id: str) -> None:
        if self._changed is not None:
            self._changed[0].add(call_id)
        self._records.pop(call_id, None)

    def _note_phone(self, fact: OfferingFact | TalkFact) -> None:
        self.phones[fact.interface] = fact.device
        if fact.ended_at is not None:
            self._free((fact.call_id.partition("/")[0], fact.interface), fact.ended_at)
        if isinstance(fact, TalkFact) and fact.ended_at is not None:
            before = self.talked.get(fact.device, fact.ended_at)
            self.talked[fact.device] = max(before, fact.ended_at)

    def _free(self, where: Where, at: datetime) -> None:
        """Whoever is logged in there is ready since then at the earliest."""
        self.freed[where] = max(self.freed.get(where, at), at)
        if self._changed is not None and where in self._states:
            self._changed[1].add(where)

    def _place(self, call_id: str, call: CallFact, facts: dict[tuple[type, str], Fact]) -> None:
        if call.ended_at is None:
            self._ended.pop(call_id, None)
            self._open[call_id] = facts
            return
        self._open.pop(call_id, None)
        self._ended[call_id] = facts
        self._ended.move_to_end(call_id)
        while len(self._ended) > RECENT:
            oldest, _ = self._ended.popitem(last=False)
            self._records.pop(oldest, None)

    def _merge(self, alias: str, into: str) -> None:
        survivor = self._into.get(into, into)
        self._into = {each: survivor if target == alias else target for each, target in self._into.items()}
        self._into[alias] = survivor
        if len(self._into) > MOST_ALIASES:
            del self._into[next(iter(self._into))]
        self._note(alias)
        self._note(survivor)
        moved = self._open.pop(alias, None) or self._ended.pop(alias, None) or {}
        kept = self._open.get(survivor) or self._ended.get(survivor) or self._open.setdefault(survivor, {})
        for key, fact in moved.items():
            if key[0] is not CallFact:
                kept.setdefault(key, fact)


def is_logged_in(state: AgentStateFact) -> bool:
    """Whether this says that an agent is in a queue."""
    return state.state is State.LOGGED_IN
