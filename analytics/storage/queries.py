"""Reading the stored facts as values for the figures, in streams: a year needs no more memory than a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    func,
    literal_column,
    or_,
    select,
    union,
)

from analytics.metrics.periods import DayClock
from analytics.metrics.rolled import Rolled
from analytics.recordings.sounded import Sounded
from analytics.storage.fact_values import (
    CALLED,
    HANDED_ON,
    IN_STATE,
    OF_CALL,
    OFFERED,
    TALKED,
    WAITED,
    Held,
    called_of,
    hand_over_of,
    heard_too,
    in_state_of,
    offered_of,
    talked_of,
    waited_of,
)
from analytics.storage.models import (
    agent_states,
    call_aliases,
    calls,
    holds,
    offerings,
    positions,
    queue_visits,
    talks,
    transfers,
)
from analytics.storage.rollup_models import call_notes
from analytics.storage.rollup_reading import StoredRollups
from analytics.storage.sounds import has_silent, has_sounds, sounds_between, sounds_of_calls
from analytics.values import Called, Exempted, HandedOn, InState, Offered, Scheduled, Talked, Waited
from telephony.calls.facts import (
    Known,
    State,
    TransferKind,
)

LONGEST_US = 7 * 86_400 * 1_000_000
"""An interval that touches a stretch began at most this long before it: one week, in microseconds.

Without such a bound every report would read all talks since the first day.
"""

_ROWS_AT_A_TIME = 2000
_IDS_AT_A_TIME = 500

Gaps = Callable[[int, int], Sequence[tuple[int, int]]]
"""The stretches in which a PBX was not heard, cut to one from `start_us` to `end_us`."""

Exempting = Callable[[int, int], Exempted]
"""What is exempted of what began in a stretch."""

Shifts = Callable[[int, int], Iterator[Scheduled]]
"""What agents' shifts have of a stretch."""


class StoredFacts:
    """A `Source` over one connection. What it reads is what was committed when its transaction began.

    clock: tells the business days of roll-ups; without one every question reads the facts. gaps, exempted, shifts: what
    is known beside the facts; `analytics.sources.figures_of` puts all of it together. agents: read only the calls in
    which one of these has a part, each whole: enough for whatever is counted of them, and of nobody else.
    """

    def __init__(
        self,
        connection: Connection,
        clock: DayClock | None = None,
        *,
        gaps: Gaps = lambda start_us, end_us: (),
        exempted: Exempting = lambda start_us, end_us: Exempted(),
        shifts: Shifts = lambda start_us, end_us: iter(()),
        agents: frozenset[str] | None = None,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._gaps = gaps
        self._exempted = exempted
        self._shifts = shifts
        self._agents = agents

    def calls(self, start_us: int, end_us: int) -> Iterator[Called]:
        """See Source."""
        began = calls.c.started_us
        wanted = select(*self._and_heard(CALLED)).join(call_notes, call_notes.c.call_id == calls.c.id, isouter=True)
        return map(
            called_of, self._stream(wanted.where(began >= start_us, began < end_us).order_by(began, calls.c.id))
        )

    def inferred(self, start_us: int, end_us: int) -> int:
        """See Source."""
        began = calls.c.started_us
        wanted = select(func.count()).where(began >= start_us, began < end_us)
        return self._connection.execute(wanted.where(calls.c.known == Known.INFERRED.value)).scalar_one()

    def offerings(self, start_us: int, end_us: int) -> Iterator[Offered]:
        """See Source."""
        began = offerings.c.offered_us
        wanted = self._with_call(offerings, OFFERED).where(began >= start_us, began < end_us)
        wanted = wanted.where(*self._chosen(offerings, start_us, end_us))
        return map(offered_of, self._stream(wanted.order_by(began, offerings.c.id)))

    def offerings_of(self, call_ids: Collection[str]) -> Iterator[Offered]:
        """See Source."""
        return map(offered_of, self._of_calls(self._with_call(offerings, OFFERED), offerings, call_ids))

    def talks(self, start_us: int, end_us: int) -> Iterator[Talked]:
        """See Source."""
        touching = _touches(talks, start_us, end_us)
        held = self._holds(touching)
        wanted = self._with_call(talks, TALKED).where(touching, *self._chosen(talks, start_us, end_us))
        wanted = wanted.order_by(talks.c.started_us, talks.c.id)
        return (talked_of(row, held) for row in self._stream(wanted))

    def talks_of(self, call_ids: Collection[str]) -> Iterator[Talked]:
        """See Source."""
        for some in _chunks(call_ids):
            held = self._holds(talks.c.call_id.in_(some))
            for row in self._of_calls(self._with_call(talks, TALKED), talks, some):
                yield talked_of(row, held)

    def sounds(self, start_us: int, end_us: int) -> Iterator[Sounded]:
        """See Source."""
        return sounds_between(self._connection, start_us, end_us) if self._has_sounds else iter(())

    def sounds_of(self, call_ids: Collection[str]) -> Iterator[Sounded]:
        """See Source."""
        return sounds_of_calls(self._connection, call_ids) if self._has_sounds else iter(())

    def _with_call(self, table: Table, columns: tuple[Column[Any], ...]) -> Select[Any]:
        """These columns of a part, followed by those of its call."""
        return (
            select(*columns, *self._and_heard(OF_CALL))
            .join(calls, calls.c.id == table.c.call_id, isouter=True)
            .join(call_notes, call_notes.c.call_id == table.c.call_id, isouter=True)
        )

    @cached_property
    def _hand_overs(self) -> Select[Any]:
        by_whom = transfers.c.by_device.is_not(None), transfers.c.kind != TransferKind.PICKUP.value
        return self._with_call(transfers, HANDED_ON).where(*by_whom)

    def _and_heard(self, columns: tuple[ColumnElement[Any], ...]) -> tuple[ColumnElement[Any], ...]:
        """Where no audio is silent, which is asked once, nobody pays for asking each call."""
        return heard_too(columns) if self._has_silent else columns

    @cached_property
    def _has_silent(self) -> bool:
        return has_silent(self._connection)

    @cached_property
    def _has_sounds(self) -> bool:
        return has_sounds(self._connection)

    def waits(self, start_us: int, end_us: int) -> Iterator[Waited]:
        """See Source."""
        began = queue_visits.c.joined_us
        wanted = self._with_call(queue_visits, WAITED).where(began >= start_us, began < end_us)
        return map(waited_of, self._stream(wanted.order_by(began, queue_visits.c.id)))

    def waits_of(self, call_ids: Collection[str]) -> Iterator[Waited]:
        """See Source."""
        return map(waited_of, self._of_calls(self._with_call(queue_visits, WAITED), queue_visits, call_ids))

    def handed_on(self, start_us: int, end_us: int) -> Iterator[HandedOn]:
        """See Source."""
        at = transfers.c.at_us
        wanted = self._hand_overs.where(at >= start_us, at < end_us)
        return self._handed_on(self._stream(wanted.order_by(at, transfers.c.id)))

    def handed_on_of(self, call_ids: Collection[str]) -> Iterator[HandedOn]:
        """See Source."""
        return self._handed_on(self._of_calls(self._hand_overs, transfers, call_ids))

    def _handed_on(self, rows: Iterable[Row[Any]]) -> Iterator[HandedOn]:
        """Who did it is told by the device of an agent's talk before, in whose queue it counts."""
        told = list(rows)
        talked: dict[tuple[str, str], list[Row[Any]]] = {}
        for row in self._of_calls(_TALKERS, talks, {row.call_id for row in told}):
            talked.setdefault((row.call_id, row.device), []).append(row)
        for row in told:
            mine = [each for each in talked.get((row.call_id, row.by_device), ()) if each.started_us <= row.at_us]
            yield hand_over_of(row, mine[-1] if mine else None)

    def states(self, start_us: int, end_us: int, states: Iterable[State]) -> Iterator[InState]:
        """See Source."""
        began, ended = agent_states.c.started_us, agent_states.c.ended_us
        kinds = sorted({each.value for each in states})
        wanted = self._with_call(agent_states, IN_STATE).where(began < end_us, agent_states.c.state.in_(kinds))
        if self._agents is not None:
            wanted = wanted.where(agent_states.c.agent.in_(sorted(self._agents)))
        short = wanted.where(began >= start_us - LONGEST_US, ended > start_us, ended - began <= LONGEST_US)
        lasting = (wanted.where(agent_states.c.id.in_(some)) for some in _chunks(self._lasting(start_us, end_us)))
        found = chain(self._stream(short), *map(self._stream, lasting))
        return iter(sorted(map(in_state_of, found), key=_state_order))

    def _lasting(self, start_us: int, end_us: int) -> list[str]:
        """The few states that a bound on their start would miss: in the very words of their index."""
        began, ended = agent_states.c.started_us, agent_states.c.ended_us
        wanted = select(agent_states.c.id, ended).where(began < end_us)
        found = wanted.where(or_(ended.is_(None), ended - began > literal_column(str(LONGEST_US))))
        return [row.id for row in self._stream(found) if row.ended_us is None or row.ended_us > start_us]

    def exempted(self, start_us: int, end_us: int) -> Exempted:
        """See Source."""
        return self._exempted(start_us, end_us)

    def gaps(self, start_us: int, end_us: int) -> Sequence[tuple[int, int]]:
        """See Source."""
        return self._gaps(start_us, end_us)

    def scheduled(self, start_us: int, end_us: int) -> Iterator[Scheduled]:
        """See Source."""
        return self._shifts(start_us, end_us)

    def rolled(self, digest: str, customer_days: int) -> Rolled | None:
        """See Source."""
        clock = self._clock
        return None if clock is None else StoredRollups(self._connection, digest, clock, customer_days)

    def _chosen(self, table: Table, start_us: int, end_us: int) -> tuple[ColumnElement[bool], ...]:
        """That a row is of a call in which one of the agents has a part, where only theirs are read."""
        if self._agents is None:
            return ()
        named = sorted(self._agents)
        parts = (
            select(part.c.call_id).where(part.c.agent.in_(named), began >= start_us - LONGEST_US, began < end_us)
            for part, began in ((offerings, offerings.c.offered_us), (talks, talks.c.started_us))
        )
        return (table.c.call_id.in_(union(*parts)),)

    def _holds(self, touching: Any) -> Held:
        """The holds of these talks by talk: they are few."""
        wanted = select(holds).join(talks, talks.c.id == holds.c.talk_id).where(touching)
        found: Held = {}
        for row in self._stream(wanted.order_by(holds.c.talk_id, holds.c.start_us)):
            found[row.talk_id] = (*found.get(row.talk_id, ()), (row.start_us, row.end_us))
        return found

    def _of_calls(self, wanted: Select[Any], table: Table, call_ids: Collection[str]) -> Iterator[Row[Any]]:
        """What belongs to some calls, by call and time."""
        for some in _chunks(call_ids):
            yield from self._stream(
                wanted.where(table.c.call_id.in_(some)).order_by(table.c.call_id, table.c.at_us)
            )

    def _stream(self, wanted: Select[Any]) -> Iterator[Row[Any]]:
        options = {"yield_per": _ROWS_AT_A_TIME}
        return chain.from_iterable(self._connection.execute(wanted, execution_options=options).partitions())


def _chunks(call_ids: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(call_ids)
    for first in range(0, len(ordered), _IDS_AT_A_TIME):
        yield ordered[first : first + _IDS_AT_A_TIME]


def load_position(connection: Connection, pbx: str) -> tuple[int, int] | None:
    """`stored_up_to` and `reread_from` of a PBX; None where nothing was ever stored of it."""
    found = connection.execute(select(positions).where(positions.c.pbx == pbx)).first()
    return None if found is None else (found.stored_up_to_seq, found.reread_from_seq)


def load_aliases(connection: Connection, call_id: str) -> tuple[str, ...]:
    """The ids of the calls that went into this one."""
    wanted = select(call_aliases.c.alias_id).where(call_aliases.c.call_id == call_id)
    return tuple(connection.execute(wanted.order_by(call_aliases.c.alias_id)).scalars())


_TALKERS = select(talks.c.call_id, talks.c.device, talks.c.agent, talks.c.queue, talks.c.started_us)


def _touches(table: Table, start_us: int, end_us: int) -> Any:
    return and_(
        table.c.started_us < end_us,
        table.c.started_us >= start_us - LONGEST_US,
        or_(table.c.ended_us.is_(None), table.c.ended_us > start_us),
    )


def _state_order(state: InState) -> tuple[int, str, str, str]:
    return state.start_us, state.agent, state.state.value, state.queue or ""
