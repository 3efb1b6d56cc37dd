"""One fact as a value for the figures. Pure; the store does the same with rows."""

from __future__ import annotations

from datetime import datetime

from analytics.values import Called, HandedOn, InState, OfCall, Offered, Talked, Waited
from telephony.calls.facts import AgentStateFact, CallFact, OfferingFact, QueueVisitFact, TalkFact, TransferFact
from telephony.clock import to_microseconds

Part = OfferingFact | TalkFact | QueueVisitFact


def began_at(fact: Part | AgentStateFact | TransferFact) -> datetime:
    """When the fact's own interval began, which decides on its person and its period."""
    if isinstance(fact, OfferingFact):
        return fact.offered_at
    if isinstance(fact, QueueVisitFact):
        return fact.joined_at
    return fact.at if isinstance(fact, TransferFact) else fact.started_at


def called(fact: CallFact, *, recorded: bool = False, silent: bool = False) -> Called:
    """The value of a call."""
    return Called(
        call_id=fact.id,
        pbx=fact.pbx,
        known=fact.known,
        direction=fact.direction,
        disposition=fact.disposition,
        customer=fact.customer,
        did=fact.did,
        trunk=fact.trunk,
        start_us=to_microseconds(fact.started_at),
        answered_us=_maybe(fact.answered_at),
        customer_left_us=_maybe(fact.customer_left_at),
        end_us=_maybe(fact.ended_at),
        recorded=recorded,
        silent=silent,
    )


def of_call(call_id: str, call: CallFact | None, began: datetime, *, silent: bool = False) -> OfCall:
    """What a part knows of its call; the part's own start stands in for that of a call never told."""
    if call is None:
        start_us = to_microseconds(began)
        told = OfCall(call_id=call_id, direction=None, customer=None, trunk=None, did=None, start_us=start_us)
        return told._replace(silent=silent)
    return OfCall(
        call_id=call_id,
        direction=call.direction,
        customer=call.customer,
        trunk=call.trunk,
        did=call.did,
        start_us=to_microseconds(call.started_at),
        silent=silent,
    )


def offered(fact: OfferingFact, call: OfCall, agent: str) -> Offered:
    """The value of an offering."""
    return Offered(
        id=fact.id,
        call=call,
        agent=agent,
        queue=fact.queue,
        source=fact.source,
        consult=fact.consult,
        offered_us=to_microseconds(fact.offered_at),
        ring_us=to_microseconds(fact.ring_at),
        end_us=_maybe(fact.ended_at),
        outcome=fact.outcome,
    )


def talked(fact: TalkFact, call: OfCall, agent: str) -> Talked:
    """The value of a talk."""
    return Talked(
        call=call,
        agent=agent,
        queue=fact.queue,
        kind=fact.kind,
        start_us=to_microseconds(fact.started_at),
        end_us=_maybe(fact.ended_at),
        holds=tuple((to_microseconds(each.start), _maybe(each.end)) for each in fact.holds),
        talk_id=fact.id,
    )


def waited(fact: QueueVisitFact, call: OfCall) -> Waited:
    """The value of a queue visit."""
    return Waited(
        call=call,
        queue=fact.queue,
        joined_us=to_microseconds(fact.joined_at),
        left_us=_maybe(fact.left_at),
        ended=fact.ended,
    )


def handed_on(fact: TransferFact, call: OfCall, agent: str, queue: str | None) -> HandedOn:
    """The value of a hand-over."""
    return HandedOn(call=call, agent=agent, queue=queue, completed=fact.completed, at_us=to_microseconds(fact.at))


def in_state(fact: AgentStateFact, agent: str, call: OfCall | None) -> InState:
    """The value of an agent's state."""
    return InState(
        agent=agent,
        state=fact.state,
        queue=fact.queue,
        reason=fact.reason,
        call=call,
        start_us=to_microseconds(fact.started_at),
        end_us=_maybe(fact.ended_at),
    )


def _maybe(at: datetime | None) -> int | None:
    return None if at is None else to_microseconds(at)
