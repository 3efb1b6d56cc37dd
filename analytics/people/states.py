"""The states of agents with the reasons of their pauses, from the store."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from analytics.people.adherence import PRESENT, StateSpan
from analytics.storage.models import agent_states
from telephony.calls.facts import State

LONGEST_US = 31 * 86_400 * 1_000_000
"""A state that began earlier is not believed to go on: its end was not heard."""


def presence_of(connection: Connection, start_us: int, end_us: int) -> dict[str, list[StateSpan]]:
    """By agent, the states that touch a stretch and tell of presence, cut to it; an open one goes on to its end."""
    touches = or_(agent_states.c.ended_us.is_(None), agent_states.c.ended_us > start_us)
    began = agent_states.c.started_us
    columns = (agent_states.c.agent, agent_states.c.state, agent_states.c.reason, began, agent_states.c.ended_us)
    wanted = (
        select(*columns)
        .where(began < end_us, began > start_us - LONGEST_US, touches)
        .where(agent_states.c.state.in_([each.value for each in PRESENT]))
        .order_by(began, agent_states.c.id)
    )
    found: dict[str, list[StateSpan]] = {}
    for row in connection.execute(wanted):
        start, end = max(row.started_us, start_us), min(row.ended_us or end_us, end_us)
        span = StateSpan(state=State(row.state), start_us=start, end_us=end, reason=row.reason)
        found.setdefault(row.agent, []).append(span)
    return found
