"""Reading the stored facts as values for the figures, in streams: a year needs no more memory than a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, Table, and_, func, or_, select

from analytics.storage.models import (
    agent_states,
    call_aliases,
    calls,
    holds,
    offerings,
    positions,
    queue_visits,
    talks,
)
from analytics.values import Called, InState, OfCall, Offered, Talked, Waited
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

LONGEST_US = 7 * 86_400 * 1_000_000
"""An interval that touches a stretch began at most this long before it: one week, in microseconds.

Without such a bound every report would read all talks since the first day.
"""

_ROWS_AT_A_TIME = 2000

_OF_CALL = (calls.c.direction, calls.c.customer, calls.c.trunk, calls.c.started_us)
_CALLED = (
    calls.c.id,
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
)
_OFFERED = (
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
_TALKED = (
    talks.c.id,
    talks.c.call_id,
    talks.c.agent,
    talks.c.queue,
    talks.c.kind,
    talks.c.started_us,
    talks.c.ended_us,
)
_WAITED = (
    queue_visits.c.call_id,
    queue_visits.c.queue,
    queue_visits.c.joined_us,
    queue_visits.c.left_us,
    queue_visits.c.ended,
)
_IN_STATE = (
    agent_states.c.agent,
    agent_states.c.state,
    agent_states.c.queue,
    agent_states.c.started_us,
    agent_states.c.ended_us,
)

# A dictionary finds a member ten times as fast as calling the enum does.
_KNOWN = {each.value: each for each in Known}
_DIRECTIONS = {each.value: each for each in Direction}
_DISPOSITIONS = {each.value: each for each in Disposition}
_SOURCES = {each.value: each for each in OfferingSource}
_OUTCOMES = {each.value: each for each in OfferingOutcome}
_KINDS = {each.value: each for each in TalkKind}
_ENDS = {each.value: each for each in VisitEnd}
_STATES = {each.value: each for each in State}

Held = dict[str, tuple[tuple[int, int | None], ...]]
"""The holds of talks, by the talk's id."""


class StoredFacts:
    """A `Source` over one connection. What it reads is what was committed when its transaction began."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """See Source."""
        began = calls.c.started_us
        wanted = select(*_CALLED).where(began >= start_us, began < end_us)
        return map(_called, self._stream(wanted.order_by(began, calls.c.id)))

    def inferred(self, start_us: int, end_us: int) -> int:
        """See Source."""
        began = calls.c.started_us
        wanted = select(func.count()).where(began >= start_us, began < end_us)
        return self._connection.execute(wanted.where(calls.c.known == Known.INFERRED.value)).scalar_one()

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        began = offerings.c.offered_us
        wanted = _with_call(offerings, _OFFERED).where(began >= start_us, began < end_us)
        return map(_offered, self._stream(wanted.order_by(began, offerings.c.id)))

    def offerings_of_calls(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        began = calls.c.started_us
        wanted = _with_call(offerings, _OFFERED).where(began >= start_us, began < end_us)
        return map(_offered, self._stream(wanted.order_by(began, offerings.c.call_id, offerings.c.ring_us)))

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """See Source."""
        touching = _touches(talks, start_us, end_us)
        held = self._holds(touching)
        wanted = _with_call(talks, _TALKED).where(touching).order_by(talks.c.started_us, talks.c.id)
        return (_talked(row, held) for row in self._stream(wanted))

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """See Source."""
        began = queue_visits.c.joined_us
        wanted = _with_call(queue_visits, _WAITED).where(began >= start_us, began < end_us)
        return map(_waited, self._stream(wanted.order_by(began, queue_visits.c.id)))

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """See Source."""
        named = agent_states.c.state.in_([each.value for each in states])
        wanted = select(*_IN_STATE).where(_touches(agent_states, start_us, end_us), named)
        ordered = wanted.order_by(agent_states.c.started_us, agent_states.c.id)
        return map(_in_state, self._stream(ordered))

    def _holds(self, touching: Any) -> Held:
        """The holds of these talks by talk: they are few."""
        wanted = select(holds).join(talks, talks.c.id == holds.c.talk_id).where(touching)
        found: Held = {}
        for row in self._stream(wanted.order_by(holds.c.talk_id, holds.c.start_us)):
            found[row.talk_id] = (*found.get(row.talk_id, ()), (row.start_us, row.end_us))
        return found

    def _stream(self, wanted: Select[Any]) -> Iterator[Row[Any]]:
        options = {"yield_per": _ROWS_AT_A_TIME}
        return iter(self._connection.execute(wanted, execution_options=options))


def load_position(connection: Connection, pbx: str) -> tuple[int, int] | None:
    """`stored_up_to` and `reread_from` of a PBX; None where nothing was ever stored of it."""
    found = connection.execute(select(positions).where(positions.c.pbx == pbx)).first()
    return None if found is None else (found.stored_up_to_seq, found.reread_from_seq)


def load_aliases(connection: Connection, call_id: str) -> tuple[str, ...]:
    """The ids of the calls that went into this one."""
    wanted = select(call_aliases.c.alias_id).where(call_aliases.c.call_id == call_id)
    return tuple(connection.execute(wanted.order_by(call_aliases.c.alias_id)).scalars())


def _with_call(table: Table, columns: tuple[Column[Any], ...]) -> Select[Any]:
    """These columns of a part, followed by those of its call."""
    return select(*columns, *_OF_CALL).join(calls, calls.c.id == table.c.call_id, isouter=True)


def _touches(table: Table, start_us: int, end_us: int) -> Any:
    return and_(
        table.c.started_us < end_us,
        table.c.started_us >= start_us - LONGEST_US,
        or_(table.c.ended_us.is_(None), table.c.ended_us > start_us),
    )


def _called(row: Sequence[Any]) -> Called:
    call_id, known, direction, disposition, customer, did, trunk, start, answered, left, end = row
    return Called(
        call_id=call_id,
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
    )


def _of_call(call_id: str, began: int, of_call: Sequence[Any]) -> OfCall:
    """The part's own start stands in for that of a call that was never told."""
    direction, customer, trunk, start = of_call
    return OfCall(
        call_id=call_id,
        direction=_DIRECTIONS.get(direction),
        customer=customer,
        trunk=trunk,
        start_us=began if start is None else start,
    )


def _offered(row: Sequence[Any]) -> Offered:
    call_id, agent, queue, source, consult, offered, ring, end, outcome, *of_call = row
    return Offered(
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


def _talked(row: Sequence[Any], held: Held) -> Talked:
    talk_id, call_id, agent, queue, kind, start, end, *of_call = row
    return Talked(
        call=_of_call(call_id, start, of_call),
        agent=agent,
        queue=queue,
        kind=_KINDS[kind],
        start_us=start,
        end_us=end,
        holds=held.get(talk_id, ()),
    )


def _waited(row: Sequence[Any]) -> Waited:
    call_id, queue, joined, left, ended, *of_call = row
    return Waited(
        call=_of_call(call_id, joined, of_call),
        queue=queue,
        joined_us=joined,
        left_us=left,
        ended=_ENDS.get(ended),
    )


def _in_state(row: Sequence[Any]) -> InState:
    agent, state, queue, start, end = row
    return InState(agent=agent, state=_STATES[state], queue=queue, start_us=start, end_us=end)
