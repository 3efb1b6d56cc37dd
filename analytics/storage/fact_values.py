"""Rows of the stored facts as the values that figures are made of: which columns are read, and what they become."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, select

from analytics.metrics.formulas import CUSTOMER_TALK
from analytics.people.devices import extension_of
from analytics.storage.models import agent_states, calls, offerings, queue_visits, recordings, talks, transfers
from analytics.storage.recording_models import TRUE, talk_features
from analytics.storage.rollup_models import call_notes
from analytics.values import Called, HandedOn, InState, OfCall, Offered, Talked, Waited
from telephony.calls.facts import (
    Direction,
    Disposition,
    Known,
    OfferingOutcome,
    OfferingSource,
    State,
    TalkKind,
    VisitEnd,
)

Held = dict[str, tuple[tuple[int, int | None], ...]]
"""The holds of talks, by the talk's id."""

OF_CALL = (
    calls.c.direction,
    calls.c.customer,
    calls.c.trunk,
    calls.c.did,
    calls.c.started_us,
    call_notes.c.code,
    call_notes.c.silent,
)
CALLED = (
    calls.c.id,
    calls.c.pbx,
    calls.c.known,
    calls.c.direction,
    calls.c.disposition,
    calls.c.customer,
    calls.c.did,
    calls.c.trunk,
    calls.c.started_us,
    calls.c.answered_us,
    calls.c.customer_left_us,
    calls.c.ended_us,
    exists().where(recordings.c.call_id == calls.c.id).label("recorded"),
    call_notes.c.code,
    call_notes.c.silent,
    call_notes.c.outcome,
)
OFFERED = (
    offerings.c.id,
    offerings.c.call_id,
    offerings.c.agent,
    offerings.c.queue,
    offerings.c.source,
    offerings.c.consult,
    offerings.c.offered_us,
    offerings.c.ring_us,
    offerings.c.ended_us,
    offerings.c.outcome,
)
TALKED = (
    talks.c.id,
    talks.c.call_id,
    talks.c.agent,
    talks.c.queue,
    talks.c.kind,
    talks.c.started_us,
    talks.c.ended_us,
)
WAITED = (
    queue_visits.c.call_id,
    queue_visits.c.queue,
    queue_visits.c.joined_us,
    queue_visits.c.left_us,
    queue_visits.c.ended,
)
HANDED_ON = (transfers.c.call_id, transfers.c.by_device, transfers.c.completed, transfers.c.at_us)
IN_STATE = (
    agent_states.c.call_id,
    agent_states.c.agent,
    agent_states.c.state,
    agent_states.c.queue,
    agent_states.c.reason,
    agent_states.c.started_us,
    agent_states.c.ended_us,
)


def _heard_silent() -> ColumnElement[bool]:
    """Whether the audio shows no speech on the customer's channel (domain.md §1), in each of his talks."""
    heard, talk = talk_features.alias(), talks.alias()
    silent = exists().where(heard.c.call_id == calls.c.id, heard.c.silent_customer.is_(TRUE))
    others = (
        select(talk.c.id)
        .join(talk_features, talk_features.c.talk_id == talk.c.id, isouter=True)
        .where(talk.c.call_id == calls.c.id, talk.c.kind.in_(sorted(each.value for each in CUSTOMER_TALK)))
        .where(talk_features.c.silent_customer.is_not(True))
        .correlate(calls)
    )
    return and_(silent, ~others.exists())


def heard_too(columns: tuple[ColumnElement[Any], ...]) -> tuple[ColumnElement[Any], ...]:
    """CALLED or OF_CALL where the audio of some calls is silent too; somebody's word goes before it."""
    silent = func.coalesce(call_notes.c.silent, _heard_silent()).label("silent")
    return tuple(silent if each is call_notes.c.silent else each for each in columns)


# A dictionary finds a member ten times as fast as calling the enum does.
_KNOWN = {each.value: each for each in Known}
_DIRECTIONS = {each.value: each for each in Direction}
_DISPOSITIONS = {each.value: each for each in Disposition}
_SOURCES = {each.value: each for each in OfferingSource}
_OUTCOMES = {each.value: each for each in OfferingOutcome}
_KINDS = {each.value: each for each in TalkKind}
_ENDS = {each.value: each for each in VisitEnd}
_STATES = {each.value: each for each in State}


def called_of(row: Sequence[Any]) -> Called:
    """A row of CALLED."""
    call_id, pbx, known, direction, disposition, customer, did, trunk, start, answered, left, end, *said = row
    recorded, code, silent, outcome = said
    return Called(
        call_id=call_id,
        pbx=pbx,
        known=_KNOWN[known],
        direction=_DIRECTIONS[direction],
        disposition=_DISPOSITIONS.get(disposition),
        customer=customer,
        did=did,
        trunk=trunk,
        start_us=start,
        answered_us=answered,
        customer_left_us=left,
        end_us=end,
        recorded=bool(recorded),
        code=code,
        silent=bool(silent),
        outcome=outcome,
    )


def _of_call(call_id: str, began: int, of_call: Sequence[Any]) -> OfCall:
    """The part's own start stands in for that of a call that was never told."""
    direction, customer, trunk, did, start, code, silent = of_call
    return OfCall(
        call_id=call_id,
        direction=_DIRECTIONS.get(direction),
        customer=customer,
        trunk=trunk,
        did=did,
        start_us=began if start is None else start,
        code=code,
        silent=bool(silent),
    )


def offered_of(row: Sequence[Any]) -> Offered:
    """A row of OFFERED and OF_CALL."""
    offering_id, call_id, agent, queue, source, consult, offered, ring, end, outcome, *of_call = row
    return Offered(
        id=offering_id,
        call=_of_call(call_id, offered, of_call),
        agent=agent,
        queue=queue,
        source=_SOURCES[source],
        consult=consult,
        offered_us=offered,
        ring_us=ring,
        end_us=end,
        outcome=_OUTCOMES.get(outcome),
    )


def talked_of(row: Sequence[Any], held: Held) -> Talked:
    """A row of TALKED and OF_CALL, with the holds of its talk."""
    talk_id, call_id, agent, queue, kind, start, end, *of_call = row
    return Talked(
        call=_of_call(call_id, start, of_call),
        agent=agent,
        queue=queue,
        kind=_KINDS[kind],
        start_us=start,
        end_us=end,
        holds=held.get(talk_id, ()),
        talk_id=talk_id,
    )


def waited_of(row: Sequence[Any]) -> Waited:
    """A row of WAITED and OF_CALL."""
    call_id, queue, joined, left, ended, *of_call = row
    return Waited(
        call=_of_call(call_id, joined, of_call),
        queue=queue,
        joined_us=joined,
        left_us=left,
        ended=_ENDS.get(ended),
    )


def hand_over_of(row: Sequence[Any], talk: Row[Any] | None) -> HandedOn:
    """A row of HANDED_ON and OF_CALL, with the talk of who handed on, if it is known."""
    call_id, device, completed, at, *of_call = row
    return HandedOn(
        call=_of_call(call_id, at, of_call),
        agent=talk.agent if talk else extension_of(device),
        queue=talk.queue if talk else None,
        completed=completed,
        at_us=at,
    )


def in_state_of(row: Sequence[Any]) -> InState:
    """A row of IN_STATE and OF_CALL."""
    call_id, agent, state, queue, reason, start, end, *of_call = row
    return InState(
        agent=agent,
        state=_STATES[state],
        queue=queue,
        reason=reason,
        call=_of_call(call_id, start, of_call) if call_id else None,
        start_us=start,
        end_us=end,
    )
