"""What a wallboard shows of one instant: the open calls, the agents, and the day's tallies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from analytics.metrics.tallies import Tally
from analytics.people.devices import DeviceMap
from analytics.values_of_facts import began_at
from telephony.calls.facts import (
    AgentStateFact,
    CallFact,
    Direction,
    Fact,
    OfferingFact,
    QueueVisitFact,
    State,
    TalkFact,
)

PRECEDENCE = (
    State.TALKING,
    State.RINGING,
    State.WRAP_UP,
    State.PAUSED,
    State.AVAILABLE,
    State.LOGGED_IN,
    State.LOGGED_OUT,
)
"""Of several states that an agent is in, the first of these is the one to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNow:
    """One call that goes on."""

    call_id: str
    direction: Direction
    customer: str | None
    did: str | None
    started_at: datetime
    answered_at: datetime | None
    queue: str | None  # in which the caller waits
    waiting_since: datetime | None
    ringing: tuple[str, ...]  # agents whose devices ring
    talking: tuple[str, ...]  # agents who talk


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNow:
    """What one agent does: the state to show, since when, and why he pauses."""

    agent: str
    interface: str
    state: State
    since: datetime
    reason: str | None
    queues: tuple[str, ...]  # that he is logged in to


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One instant of the wallboard. The tallies are the day's, up to `as_of`."""

    as_of: datetime
    calls: tuple[CallNow, ...]
    agents: tuple[AgentNow, ...]
    by_agent: dict[str, Tally]
    by_queue: dict[str, Tally]
    whole: Tally

    @property
    def waiting(self) -> int:
        """How many callers wait in queues."""
        return sum(call.waiting_since is not None for call in self.calls)


def call_now(facts: Iterable[Fact], devices: DeviceMap) -> CallNow | None:
    """The call that these facts tell; None if it is over, or went into another."""
    told = list(facts)
    calls = (each for each in told if isinstance(each, CallFact) and each.merged_into is None)
    call = next(calls, None)
    if call is None or call.ended_at is not None:
        return None
    waits = [each for each in told if isinstance(each, QueueVisitFact) and each.left_at is None]
    return CallNow(
        call_id=call.id,
        direction=call.direction,
        customer=call.customer,
        did=call.did,
        started_at=call.started_at,
        answered_at=call.answered_at,
        queue=waits[-1].queue if waits else None,
        waiting_since=waits[-1].joined_at if waits else None,
        ringing=_agents_of((each for each in told if isinstance(each, OfferingFact)), devices),
        talking=_agents_of((each for each in told if isinstance(each, TalkFact)), devices),
    )


def _agents_of(parts: Iterable[OfferingFact | TalkFact], devices: DeviceMap) -> tuple[str, ...]:
    open_parts = (each for each in parts if each.ended_at is None)
    return tuple(sorted({devices.resolve(each.interface, each.device, began_at(each)) for each in open_parts}))


def agents_now(states: Iterable[AgentStateFact], devices: DeviceMap) -> Iterator[AgentNow]:
    """What each agent does, by agent."""
    by_agent: dict[str, list[AgentStateFact]] = {}
    for each in states:
        if each.ended_at is None:
            agent = devices.resolve(each.interface, each.interface, each.started_at)
            by_agent.setdefault(agent, []).append(each)
    for agent, present in sorted(by_agent.items()):
        yield _agent_now(agent, present)


def _agent_now(agent: str, present: list[AgentStateFact]) -> AgentNow:
    first = min(present, key=lambda each: (PRECEDENCE.index(each.state), each.started_at, each.id))
    queues = {each.queue for each in present if each.state is State.LOGGED_IN and each.queue}
    return AgentNow(
        agent=agent,
        interface=first.interface,
        state=first.state,
        since=first.started_at,
        reason=first.reason,
        queues=tuple(sorted(queues)),
    )
