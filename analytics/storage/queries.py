"""Reading the stored facts as values for the figures, in streams: a year needs no more memory than a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, or_, select

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

_OF_CALL = (
    calls.c.direction.label("call_direction"),
    calls.c.customer.label("call_customer"),
    calls.c.trunk.label("call_trunk"),
    calls.c.started_us.label("call_started_us"),
)


class StoredFacts:
    """A `Source` over one connection. What it reads is what was committed when its transaction began."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """See Source."""
        for row in self._stream(
            select(calls)
            .where(calls.c.started_us >= start_us, calls.c.started_us < end_us)
            .order_by(calls.c.started_us, calls.c.id)
        ):
            yield _called(row)

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        began = offerings.c.offered_us
        wanted = _with_call(offerings).where(began >= start_us, began < end_us)
        return map(_offered, self._stream(wanted.order_by(began, offerings.c.id)))

    def offerings_of_calls(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        began = calls.c.started_us
        wanted = _with_call(offerings).where(began >= start_us, began < end_us)
        return map(_offered, self._stream(wanted.order_by(began, offerings.c.call_id, offerings.c.ring_us)))

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """See Source."""
        touching = _touches(talks, start_us, end_us)
        held = self._holds(touching)
        wanted = _with_call(talks).where(touching).order_by(talks.c.started_us, talks.c.id)
        for row in self._stream(wanted):
            yield _talked(row, held.get(row.id, ()))

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """See Source."""
        began = queue_visits.c.joined_us
        wanted = _with_call(queue_visits).where(began >= start_us, began < end_us)
        return map(_waited, self._stream(wanted.order_by(began, queue_visits.c.id)))

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """See Source."""
        named = agent_states.c.state.in_([each.value for each in states])
        wanted = select(agent_states).where(_touches(agent_states, start_us, end_us), named)
        ordered = wanted.order_by(agent_states.c.started_us, agent_states.c.id)
        return map(_in_state, self._stream(ordered))

    def _holds(self, touching: Any) -> dict[str, tuple[tuple[int, int | None], ...]]:
        """The holds of these talks by talk: they are few."""
        wanted = select(holds).join(talks, talks.c.id == holds.c.talk_id).where(touching)
        found: dict[str, tuple[tuple[int, int | None], ...]] = {}
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


def _with_call(table: Table) -> Select[Any]:
    return select(table, *_OF_CALL).join(calls, calls.c.id == table.c.call_id, isouter=True)


def _touches(table: Table, start_us: int, end_us: int) -> Any:
    return and_(
        table.c.started_us < end_us,
        table.c.started_us >= start_us - LONGEST_US,
        or_(table.c.ended_us.is_(None), table.c.ended_us > start_us),
    )


def _called(row: Row[Any]) -> Called:
    return Called(
        call_id=row.id,
        known=Known(row.known),
        direction=Direction(row.direction),
        disposition=Disposition(row.disposition) if row.disposition else None,
        customer=row.customer,
        did=row.did,
        trunk=row.trunk,
        start_us=row.started_us,
        answered_us=row.answered_us,
        customer_left_us=row.customer_left_us,
        end_us=row.ended_us,
    )


def _of_call(row: Row[Any], began_us: int) -> OfCall:
    """The part's own start stands in for that of a call that was never told."""
    return OfCall(
        call_id=row.call_id,
        direction=Direction(row.call_direction) if row.call_direction else None,
        customer=row.call_customer,
        trunk=row.call_trunk,
        start_us=began_us if row.call_started_us is None else row.call_started_us,
    )


def _offered(row: Row[Any]) -> Offered:
    return Offered(
        call=_of_call(row, row.offered_us),
        agent=row.agent,
        queue=row.queue,
        source=OfferingSource(row.source),
        consult=row.consult,
        offered_us=row.offered_us,
        ring_us=row.ring_us,
        end_us=row.ended_us,
        outcome=OfferingOutcome(row.outcome) if row.outcome else None,
    )


def _talked(row: Row[Any], held: tuple[tuple[int, int | None], ...]) -> Talked:
    return Talked(
        call=_of_call(row, row.started_us),
        agent=row.agent,
        queue=row.queue,
        kind=TalkKind(row.kind),
        start_us=row.started_us,
        end_us=row.ended_us,
        holds=held,
    )


def _waited(row: Row[Any]) -> Waited:
    return Waited(
        call=_of_call(row, row.joined_us),
        queue=row.queue,
        joined_us=row.joined_us,
        left_us=row.left_us,
        ended=VisitEnd(row.ended) if row.ended else None,
    )


def _in_state(row: Row[Any]) -> InState:
    return InState(
        agent=row.agent, state=State(row.state), queue=row.queue, start_us=row.started_us, end_us=row.ended_us
    )
