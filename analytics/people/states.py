"""The states of agents with the reasons of their pauses, from the store."""

from __future__ import annotations

from sqlalchemy import Connection, and_, or_, select

from analytics.people.adherence import PRESENT, StateSpan
from analytics.storage.models import agent_states
from telephony.calls.facts import State

LONGEST_US = 31 * 86_400 * 1_000_000
"""A state that is over began at most this long before the stretch; one that goes on may have begun at any time."""

_COLUMNS = (
    agent_states.c.agent,
    agent_states.c.state,
    agent_states.c.reason,
    agent_states.c.started_us,
    agent_states.c.ended_us,
)


def presence_of(connection: Connection, start_us: int, end_us: int) -> dict[str, list[StateSpan]]:
    """By agent, the states that touch a stretch and tell of presence, cut to it; an open one goes on to its end."""
    began, ended = agent_states.c.started_us, agent_states.c.ended_us
    recent = and_(began > start_us - LONGEST_US, began < end_us, or_(ended.is_(None), ended > start_us))
    # A queue's static member is logged in for years. Asked for apart, because each has an index of its own.
    since_long = and_(began <= start_us - LONGEST_US, ended.is_(None))
    found: dict[str, list[StateSpan]] = {}
    for condition in (since_long, recent):
        telling = agent_states.c.state.in_([each.value for each in PRESENT])
        for row in connection.execute(
            select(*_COLUMNS).where(condition, telling).order_by(began, agent_states.c.id)
        ):
            start, end = max(row.started_us, start_us), min(row.ended_us or end_us, end_us)
            span = StateSpan(state=State(row.state), start_us=start, end_us=end, reason=row.reason)
            found.setdefault(row.agent, []).append(span)
    return found
