"""What each agent does at one instant, and his figures of the day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from analytics.metrics.catalogue import METRICS
from analytics.metrics.tallies import Tally
from service.dashboard.board import AgentActivity, AgentNow, Quota, Rate
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


def agents_now(
    records: Iterable[CallRecord],
    states: Iterable[AgentStateFact],
    tallies: Mapping[str, Tally],
    person_of: PersonOf,
    quotas: Mapping[str, Quota],
) -> list[AgentNow]:
    """Every agent who does something or did something today, by his id."""
    doing = [*_in_calls(records, person_of), *_stated(states, person_of)]
    agents = sorted({each.agent for each in doing} | set(tallies))
    return [
        _agent(
            agent, [each for each in doing if each.agent == agent], tallies.get(agent, Tally()), quotas.get(agent)
        )
        for agent in agents
        if agent
    ]


def rate_of(tally: Tally, within: str, counted: str, value: str) -> Rate:
    """A rate by the names of its metrics."""
    found = METRICS[value].value(tally)
    return Rate(
        within=int(METRICS[within].value(tally) or 0),
        counted=int(METRICS[counted].value(tally) or 0),
        value=None if found is None else Fraction(found),
    )


def three_rings_of(tally: Tally) -> Rate:
    """The three-ring rate in the agent's view."""
    return rate_of(tally, "ring_within", "ring_offered", "three_ring_rate")


def _in_calls(records: Iterable[CallRecord], person_of: PersonOf) -> Iterable[Doing]:
    for record in records:
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


def _other(others: tuple[str, ...], at: datetime, person_of: PersonOf) -> str | None:
    if not others:
        return None
    return person_of(others[0], others[0], at)[0] if "/" in others[0] else others[0]


def _stated(states: Iterable[AgentStateFact], person_of: PersonOf) -> Iterable[Doing]:
    for state in states:
        agent, name = person_of(state.interface, state.interface, state.started_at)
        if state.state in STATED:
            yield Doing(
                agent=agent,
                name=name,
                activity=STATED[state.state],
                since=state.started_at,
                reason=state.reason,
            )


def _agent(agent: str, doing: list[Doing], tally: Tally, quota: Quota | None) -> AgentNow:
    first = min(doing, key=lambda each: (PRECEDENCE.index(each.activity), each.since), default=None)
    return AgentNow(
        agent=agent,
        name=next((each.name for each in doing if each.name), None),
        activity=first.activity if first else AgentActivity.LOGGED_OUT,
        since=first.since if first else None,
        reason=first.reason if first else None,
        with_whom=first.with_whom if first else None,
        call_id=first.call_id if first else None,
        talk_ms=int(METRICS["talk_minutes"].value(tally) or 0),
        calls=int(METRICS["calls_handled"].value(tally) or 0),
        three_rings=three_rings_of(tally),
        quota=quota,
    )
