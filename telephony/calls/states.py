"""What each agent did when: intervals composed of the facts about offerings, talks and queue membership. Pure.

    for interval in compose(facts, agent_of): ...

- ringing: an offering, from the first ring to its end;
- talking: an agent's leg of a call, from its first bridge to the end of its last stretch;
- wrap_up, paused, logged_in: as the tracker states them, the last two per queue;
- available: logged in to a queue and not paused there, and not ringing, talking or in wrap-up, nor between two
  of these for less than SETTLE;
- logged_out: from the end of an agent's last queue membership to the next one.

Intervals of different kinds may overlap. `end` is None while one goes on; empty intervals are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from telephony.calls.facts import AgentStateFact, Fact, OfferingFact, State, TalkFact
from telephony.calls.record import AgentOf, instant, newest

Span = tuple[datetime, datetime]
"""From, to; END_OF_TIME while it goes on."""

END_OF_TIME = datetime.max.replace(tzinfo=UTC)
SETTLE = timedelta(milliseconds=100)
"""Answer to bridge, and bridge to the end of the leg, are some milliseconds apart: nobody is free then."""

BUSY_STATES = (State.RINGING, State.TALKING, State.WRAP_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateInterval:
    """One interval of one agent in one state. `queue` is None where no queue is meant."""

    agent: str
    interface: str
    state: State
    reason: str | None
    queue: str | None
    start: datetime
    end: datetime | None


def compose(facts: Iterable[Fact], agent_of: AgentOf) -> list[StateInterval]:
    """The intervals that these facts tell, by their start. Of each fact only the newest revision counts."""
    latest = list(newest(facts).values())
    told = [
        *_ringing((fact for fact in latest if isinstance(fact, OfferingFact)), agent_of),
        *_talking((fact for fact in latest if isinstance(fact, TalkFact)), agent_of),
        *_stated((fact for fact in latest if isinstance(fact, AgentStateFact)), agent_of),
    ]
    of_agents: defaultdict[str, list[StateInterval]] = defaultdict(list)
    for interval in told:
        if interval.start != interval.end:
            of_agents[interval.agent].append(interval)
    composed = [each for intervals in of_agents.values() for each in (*intervals, *_derived(intervals))]
    return sorted(composed, key=_order)


def as_json(interval: StateInterval) -> dict[str, Any]:
    """The interval in the public shape, keys in the order of the contract."""
    return {
        "agent": interval.agent,
        "interface": interval.interface,
        "state": interval.state.value,
        "reason": interval.reason,
        "queue": interval.queue,
        "from": instant(interval.start),
        "to": instant(interval.end),
    }


def _order(interval: StateInterval) -> tuple[datetime, str, str, str, str]:
    return interval.start, interval.agent, interval.state.value, interval.queue or "", interval.interface


# -- what facts say -----------------------------------------------------------------------


def _ringing(offerings: Iterable[OfferingFact], agent_of: AgentOf) -> Iterator[StateInterval]:
    for fact in offerings:
        yield StateInterval(
            agent=agent_of(fact.interface, fact.device, fact.offered_at),
            interface=fact.interface,
            state=State.RINGING,
            reason=None,
            queue=fact.queue,
            start=fact.ring_at,
            end=fact.ended_at if fact.ended_at is None else max(fact.ring_at, fact.ended_at),
        )


def _talking(talks: Iterable[TalkFact], agent_of: AgentOf) -> Iterator[StateInterval]:
    """One interval a leg: its stretches with the same or other parties, and what lay between them."""
    of_legs: defaultdict[str, list[TalkFact]] = defaultdict(list)
    for fact in talks:
        # The id is PBX/uniqueid/talk/number: the leg is all before the number.
        of_legs[fact.id.rpartition("/talk/")[0]].append(fact)
    for stretches in of_legs.values():
        first = min(stretches, key=lambda each: each.started_at)
        ends = [each.ended_at for each in stretches]
        yield StateInterval(
            agent=agent_of(first.interface, first.device, first.started_at),
            interface=first.interface,
            state=State.TALKING,
            reason=None,
            queue=first.queue,
            start=first.started_at,
            end=None if None in ends else max(each for each in ends if each is not None),
        )


def _stated(states: Iterable[AgentStateFact], agent_of: AgentOf) -> Iterator[StateInterval]:
    for fact in states:
        yield StateInterval(
            agent=agent_of(fact.interface, fact.interface, fact.started_at),
            interface=fact.interface,
            state=fact.state,
            reason=fact.reason,
            queue=fact.queue,
            start=fact.started_at,
            end=fact.ended_at,
        )


# -- what follows from it -----------------------------------------------------------------


def _derived(intervals: list[StateInterval]) -> Iterator[StateInterval]:
    """Available and logged out, of one agent."""
    logins = sorted((each for each in intervals if each.state is State.LOGGED_IN), key=_order)
    if not logins:
        return
    ready: list[Span] = []
    for queue in {each.queue: None for each in logins}:
        paused = _spans(each for each in intervals if each.state is State.PAUSED and each.queue == queue)
        ready += subtract(union(_spans(each for each in logins if each.queue == queue)), union(paused))
    busy = settle(union(_spans(each for each in intervals if each.state in BUSY_STATES)))
    for span in subtract(union(ready), busy):
        yield _of(_login_at(logins, span[0]), State.AVAILABLE, None, span)
    present = union(_spans(logins))
    for span in _between(present):
        yield _of(_last_left(logins, span[0]), State.LOGGED_OUT, _last_left(logins, span[0]).queue, span)


def _of(login: StateInterval, state: State, queue: str | None, span: Span) -> StateInterval:
    return StateInterval(
        agent=login.agent,
        interface=login.interface,
        state=state,
        reason=None,
        queue=queue,
        start=span[0],
        end=None if span[1] == END_OF_TIME else span[1],
    )


def _login_at(logins: list[StateInterval], at: datetime) -> StateInterval:
    """The membership that held at this instant; of several the earliest."""
    return next(each for each in logins if each.start <= at < (each.end or END_OF_TIME))


def _last_left(logins: list[StateInterval], at: datetime) -> StateInterval:
    """The membership that ended at this instant."""
    return next(each for each in logins if each.end == at)


def _spans(intervals: Iterable[StateInterval]) -> list[Span]:
    return [(each.start, each.end or END_OF_TIME) for each in intervals]


def _between(spans: list[Span]) -> Iterator[Span]:
    """What lies between these (in order, apart from each other), and after the last."""
    for one, other in pairwise(spans):
        yield one[1], other[0]
    if spans and spans[-1][1] != END_OF_TIME:
        yield spans[-1][1], END_OF_TIME


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans in order that neither overlap nor touch."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return joined


def settle(spans: list[Span]) -> list[Span]:
    """The spans, joined where less than SETTLE lies between two."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start - joined[-1][1] < SETTLE:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def subtract(spans: list[Span], others: list[Span]) -> list[Span]:
    """The part of the spans that lies in none of the others; both as `union` gives them."""
    left: list[Span] = []
    for start, end in spans:
        for other_start, other_end in others:
            if other_end <= start or end <= other_start:
                continue
            if start < other_start:
                left.append((start, other_start))
            start = max(start, other_end)
        if start < end:
            left.append((start, end))
    return left
