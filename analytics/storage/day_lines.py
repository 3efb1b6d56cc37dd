"""What one agent did from instant to instant: the stretches that a line of his day is drawn of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from analytics.storage.models import agent_states, holds, offerings, talks
from analytics.storage.queries import LONGEST_US
from telephony.calls.facts import State, TalkKind


class Doing(StrEnum):
    """What a stretch shows, from the ground up: what is named later lies over what is named before."""

    READY = "ready"  # logged in
    PAUSED = "paused"
    WRAP_UP = "wrap_up"
    RINGING = "ringing"
    TALKING = "talking"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From, to (None while it goes on), in microseconds; the call of it, or why a pause was taken."""

    doing: Doing
    start_us: int
    end_us: int | None
    call_id: str = ""
    reason: str = ""


_STATES = {State.LOGGED_IN: Doing.READY, State.PAUSED: Doing.PAUSED, State.WRAP_UP: Doing.WRAP_UP}
_ORDER = {each: place for place, each in enumerate(Doing)}


def load_stretches(connection: Connection, agent: str, start_us: int, end_us: int) -> list[Stretch]:
    """All stretches that touch [start_us, end_us) and began at most a week before, those that lie below first."""
    found = [
        *_states(connection, agent, start_us, end_us),
        *_ringing(connection, agent, start_us, end_us),
        *_talking(connection, agent, start_us, end_us),
    ]
    touching = [each for each in found if each.end_us is None or each.end_us > start_us]
    return sorted(touching, key=lambda each: (_ORDER[each.doing], each.start_us))


def _states(connection: Connection, agent: str, start_us: int, end_us: int) -> list[Stretch]:
    table = agent_states.c
    wanted = select(table.state, table.reason, table.started_us, table.ended_us, table.call_id).where(
        table.agent == agent, table.state.in_([each.value for each in _STATES]),
        table.started_us >= start_us - LONGEST_US, table.started_us < end_us,
    )  # fmt: skip
    return [
        Stretch(
            doing=_STATES[State(row.state)],
            start_us=row.started_us,
            end_us=row.ended_us,
            call_id=row.call_id,
            reason=row.reason or "",
        )
        for row in connection.execute(wanted)
    ]


def _ringing(connection: Connection, agent: str, start_us: int, end_us: int) -> list[Stretch]:
    table = offerings.c
    wanted = select(table.ring_us, table.ended_us, table.call_id).where(
        table.agent == agent, table.offered_us >= start_us - LONGEST_US, table.offered_us < end_us
    )
    return [
        Stretch(doing=Doing.RINGING, start_us=row.ring_us, end_us=row.ended_us, call_id=row.call_id)
        for row in connection.execute(wanted)
    ]


def _talking(connection: Connection, agent: str, start_us: int, end_us: int) -> list[Stretch]:
    table = talks.c
    of_agent = (table.agent == agent, table.started_us >= start_us - LONGEST_US, table.started_us < end_us)
    others = table.kind != TalkKind.MONITOR.value
    talked = select(table.started_us, table.ended_us, table.call_id).where(*of_agent, others)
    held = select(holds.c.start_us, holds.c.end_us, table.call_id).join(talks, table.id == holds.c.talk_id)
    return [
        Stretch(doing=doing, start_us=start, end_us=end, call_id=call_id)
        for doing, wanted in ((Doing.TALKING, talked), (Doing.HOLD, held.where(*of_agent, others)))
        for start, end, call_id in connection.execute(wanted)
    ]
