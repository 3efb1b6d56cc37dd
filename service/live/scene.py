"""What goes on, call by call and agent by agent; of what changed alone it is told anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from service.dashboard.board import CallNow, CallSummary
from service.live.agents import Doing, doing_by_states, doing_in_call, foremost
from service.live.current import Current, Where
from service.live.parts import Teller
from telephony.calls.record import CallRecord

Source = str | Where
"""A call's id, or the place of an agent."""


class Scene:
    """The calls that go on and who does what, kept up to date by `refresh`. Memory grows with these only."""

    def __init__(self, current: Current) -> None:
        self.calls: dict[str, CallNow] = {}
        self.version = 0
        """Another one whenever somebody does something else."""
        self._began = False
        self._current = current
        self._doing: dict[Source, tuple[Doing, ...]] = {}
        self._of_agent: dict[str, dict[Source, tuple[Doing, ...]]] = {}
        self._foremost: dict[str, Doing | None] = {}
        self._ended: dict[str, tuple[CallRecord, CallSummary]] = {}

    def refresh(self, teller: Teller, now: datetime) -> None:
        """Take in what changed since the last time."""
        calls, places = self._current.take_changes(everything=not self._began)
        self._began = True
        for call_id in calls:
            self._tell_call(call_id, teller)
        for where in places:
            states = self._current.states_at(where)
            freed = self._current.freed.get(where)
            self._put(where, tuple(doing_by_states(states, teller.person_of, freed)))
        self._tell_ended(teller, now)

    def agents(self) -> Iterable[str]:
        """Everybody who does something."""
        return self._of_agent

    def doing(self, agent: str) -> Doing | None:
        """What an agent does now; None where he is not there."""
        if agent not in self._foremost:
            self._foremost[agent] = foremost(self._all_of(agent))
        return self._foremost[agent]

    def queues_of(self, agent: str) -> frozenset[str]:
        """The queues that he is logged in to."""
        return frozenset(each.queue for each in self._all_of(agent) if each.queue)

    def queues(self) -> set[str]:
        """The queues of calls that go on or ended just now."""
        ended = (summary for _, summary in self._ended.values())
        return {call.queue for calls in (self.calls.values(), ended) for call in calls if call.queue}

    def recent(self) -> list[CallSummary]:
        """The calls that ended last, the newest first."""
        return [summary for _, summary in self._ended.values()]

    def _all_of(self, agent: str) -> Iterator[Doing]:
        for doing in self._of_agent.get(agent, {}).values():
            yield from doing

    def _tell_call(self, call_id: str, teller: Teller) -> None:
        record = self._current.record(call_id)
        if record is None or record.call.ended_at is not None:
            self.calls.pop(call_id, None)
            self._put(call_id, ())
            return
        self.calls[call_id] = teller.now(record)
        self._put(call_id, tuple(doing_in_call(record, teller.person_of)))

    def _put(self, source: Source, doing: tuple[Doing, ...]) -> None:
        self.version += 1
        for each in self._doing.pop(source, ()):
            self._foremost.pop(each.agent, None)
            of_agent = self._of_agent.get(each.agent, {})
            of_agent.pop(source, None)
            if not of_agent:
                self._of_agent.pop(each.agent, None)
        if not doing:
            return
        self._doing[source] = doing
        for agent in {each.agent for each in doing}:
            self._foremost.pop(agent, None)
            mine = tuple(each for each in doing if each.agent == agent)
            self._of_agent.setdefault(agent, {})[source] = mine

    def _tell_ended(self, teller: Teller, now: datetime) -> None:
        """A call that is over is told once, and again when something is told late of it."""
        told = {}
        for record in self._current.recent_records():
            known = self._ended.get(record.call.id)
            is_told = known is not None and known[0] is record
            told[record.call.id] = known if known and is_told else (record, teller.summary(record, now))
        self._ended = told
