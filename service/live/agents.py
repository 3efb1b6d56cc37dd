"""What each agent does at one instant, by the calls and states that go on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.dashboard.board import AgentActivity
from service.live.parts import PersonOf, open_talks, party_of, ringing
from telephony.calls.facts import AgentStateFact, State
from telephony.calls.record import CallRecord

PRECEDENCE = (
    AgentActivity.TALKING,
    AgentActivity.HOLD,
    AgentActivity.RINGING,
    AgentActivity.WRAP_UP,
    AgentActivity.PAUSED,
    AgentActivity.READY,
)
STATED = {
    State.WRAP_UP: AgentActivity.WRAP_UP,
    State.PAUSED: AgentActivity.PAUSED,
    State.LOGGED_IN: AgentActivity.READY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One thing that an agent does now."""

    agent: str
    name: str | None
    activity: AgentActivity
    since: datetime
    reason: str | None = None
    with_whom: str | None = None
    call_id: str | None = None
    queue: str | None = None  # that he is logged in to


def doing_in_call(record: CallRecord, person_of: PersonOf) -> Iterable[Doing]:
    """Who talks and whose phone rings in a call."""
    for talk in open_talks(record):
        agent, name = person_of(talk.interface, talk.device, talk.started_at)
        held = talk.holds[-1] if talk.holds and talk.holds[-1].end is None else None
        yield Doing(
            agent=agent,
            name=name,
            activity=AgentActivity.HOLD if held else AgentActivity.TALKING,
            since=held.start if held else talk.started_at,
            with_whom=_other(talk.others, talk.started_at, person_of) or party_of(record),
            call_id=record.call.id,
        )
    for offering in ringing(record):
        agent, name = person_of(offering.interface, offering.device, offering.offered_at)
        yield Doing(
            agent=agent,
            name=name,
            activity=AgentActivity.RINGING,
            since=offering.ring_at,
            with_whom=party_of(record),
            call_id=record.call.id,
        )


def doing_by_states(
    states: Iterable[AgentStateFact], person_of: PersonOf, freed: datetime | None = None
) -> Iterable[Doing]:
    """What the PBX says of an interface: logged in, paused, in wrap-up; ready at the earliest since it was freed."""
    for state in states:
        if state.state in STATED:
            agent, name = person_of(state.interface, state.interface, state.started_at)
            is_ready = state.state is State.LOGGED_IN and freed is not None
            yield Doing(
                agent=agent,
                name=name,
                activity=STATED[state.state],
                since=max(state.started_at, freed) if is_ready and freed else state.started_at,
                reason=state.reason,
                queue=state.queue if state.state is State.LOGGED_IN else None,
            )


def foremost(doing: Iterable[Doing]) -> Doing | None:
    """Of all that an agent does, what a supervisor would name."""
    return min(doing, key=lambda each: (PRECEDENCE.index(each.activity), each.since), default=None)


def _other(others: tuple[str, ...], at: datetime, person_of: PersonOf) -> str | None:
    if not others:
        return None
    return person_of(others[0], others[0], at)[0] if "/" in others[0] else others[0]
