"""What every agent does now, worked out once for all open desks, and whose desk has changed.

The hub tells of each change; a tenth of a second later all situations are made anew in one pass, so that a phone that
rings is on its agent's desk well within a second however many desks are open. Belongs to the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from config.policies import Policy
from service.dashboard.board import AgentActivity, RingingNow
from service.dashboard.desk.shapes import Situation
from service.live.agents import PRECEDENCE, STATED
from service.live.hub import LiveHub
from service.live.parts import Teller, open_talks, party_of, ringing
from telephony.calls.facts import AgentStateFact, OfferingFact, OfferingOutcome, TalkFact, TalkKind
from telephony.calls.record import CallRecord, ring_time
from telephony.clock import milliseconds

APART = 0.1
"""Seconds between two passes over the calls that go on."""

WITH_CUSTOMERS = (TalkKind.CUSTOMER, TalkKind.CONFERENCE)


class DeskFloor:
    """Situations by agent, and who waits for a change of his."""

    def __init__(self, hub: LiveHub, teller_of: Callable[[], Teller], now: Callable[[], datetime]) -> None:
        self._hub = hub
        self._teller_of = teller_of
        self._now = now
        self._found: dict[str, Situation] = {}
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._is_stale = True
        hub.watch(self._changed)

    def situation(self, agent: str) -> Situation:
        """What an agent does now."""
        if self._is_stale:
            self._look()
        found = self._found.get(agent)
        return found or Situation(agent=agent, name=self._hub.name_of(agent, self._now()))

    def agents(self) -> list[str]:
        """Everybody who does something now."""
        if self._is_stale:
            self._look()
        return sorted(self._found)

    def watch(self, agent: str, event: asyncio.Event) -> Callable[[], None]:
        """Set an event when this agent's situation changes; returns what stops it."""
        self._waiting.setdefault(agent, set()).add(event)

        def stop() -> None:
            waiting = self._waiting.get(agent, set())
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(agent, None)

        return stop

    def _changed(self) -> None:
        self._is_stale = True
        if self._timer is None and self._waiting:
            self._timer = asyncio.get_running_loop().call_later(APART, self._pass)

    def _pass(self) -> None:
        self._timer = None
        before = self._found
        self._look()
        for agent, events in self._waiting.items():
            if before.get(agent) != self._found.get(agent):
                for event in events:
                    event.set()

    def _look(self) -> None:
        self._found, self._is_stale = self._made(), False

    def _made(self) -> dict[str, Situation]:
        found: dict[str, Situation] = {}
        policy, teller = self._hub.policy, self._teller_of()
        for record in self._hub.current.open_records():
            for each in _in_call(record, teller):
                _keep(found, each)
        for state in self._hub.current.states():
            if state.state in STATED:
                _keep(found, _stated(state, policy, self._hub))
        return found


def _keep(found: dict[str, Situation], each: Situation) -> None:
    """The one that a supervisor would name; among equals the earlier."""
    held = found.get(each.agent)
    if held is None or _place(each) < _place(held):
        found[each.agent] = each


def _place(each: Situation) -> tuple[int, float]:
    return PRECEDENCE.index(each.activity), each.since.timestamp() if each.since else 0.0


def _in_call(record: CallRecord, teller: Teller) -> Iterator[Situation]:
    call = record.call
    plain = Situation(agent="", name=None, call_id=call.id, party=party_of(record), withheld=call.customer_withheld)
    for talk in open_talks(record):
        agent, name = teller.person_of(talk.interface, talk.device, talk.started_at)
        held = talk.holds[-1] if talk.holds and talk.holds[-1].end is None else None
        yield replace(
            plain,
            agent=agent,
            name=name,
            activity=AgentActivity.HOLD if held else AgentActivity.TALKING,
            since=held.start if held else talk.started_at,
            queue=talk.queue,
            picked_up_ms=_picked_up(record, talk),
            cycle_ms=_cycle(record, teller, talk.started_at),
        )
    for offering in ringing(record):
        agent, name = teller.person_of(offering.interface, offering.device, offering.offered_at)
        yield replace(
            plain,
            agent=agent,
            name=name,
            activity=AgentActivity.RINGING,
            since=offering.ring_at,
            queue=offering.queue,
            ring=_ring(offering, record, teller, agent, name),
        )


def _ring(offering: OfferingFact, record: CallRecord, teller: Teller, agent: str, name: str | None) -> RingingNow:
    rule, trunk = teller.policy.resolve(offering.offered_at).ring, record.call.trunk
    return RingingNow(
        agent=agent,
        name=name,
        ring_at=offering.ring_at,
        cycle_ms=milliseconds(rule.cadence_of(trunk).cycle),
        limit_ms=milliseconds(rule.limit(trunk)),
    )


def _cycle(record: CallRecord, teller: Teller, at: datetime) -> int:
    return milliseconds(teller.policy.resolve(at).ring.cadence_of(record.call.trunk).cycle)


def _picked_up(record: CallRecord, talk: TalkFact) -> int | None:
    """How long his phone rang before this talk; None where it did not: he was put through, or dialled himself."""
    answered = [
        each
        for each in record.offerings
        if each.device == talk.device and each.outcome is OfferingOutcome.ANSWERED and each.ended_at is not None
    ]
    return milliseconds(ring_time(answered[-1], talk.started_at)) if answered else None


def _stated(state: AgentStateFact, policy: Policy, hub: LiveHub) -> Situation:
    agent, name = hub.person_of(state.interface, state.interface, state.started_at)
    activity, rules = STATED[state.state], policy.resolve(state.started_at)
    allowed: timedelta | None = None
    if activity is AgentActivity.PAUSED:
        allowed = rules.breaks.of(state.reason)
    elif activity is AgentActivity.WRAP_UP:
        allowed = rules.limits.wrap_up or None
    since = _free_since(state, hub) if activity is AgentActivity.READY else state.started_at
    return Situation(
        agent=agent,
        name=name,
        activity=activity,
        since=since,
        reason=state.reason,
        queue=state.queue,
        call_id=state.call_id or None,
        allowed=allowed,
    )


def _free_since(state: AgentStateFact, hub: LiveHub) -> datetime:
    """Since he logged in, or since his last talk ended: nobody is ready while he talks."""
    phone = hub.current.phones.get(state.interface, state.interface)
    return max(state.started_at, hub.current.talked.get(phone, state.started_at))
