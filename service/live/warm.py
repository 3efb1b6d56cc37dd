"""What the live state begins with after a start: today's calls and the states that go on, from the store."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, or_, select

from analytics.metrics.periods import day_period
from analytics.storage.call_facts import facts_of_call
from analytics.storage.models import agent_states, calls
from config.policies import Policy
from telephony.calls.facts import AgentStateFact, Fact, State
from telephony.clock import from_microseconds, to_microseconds

STATES_BACK = timedelta(days=31)
"""An agent who logged in before this is shown again with his next change."""


def facts_of_today(engine: Engine, policy: Policy, now: datetime) -> list[Fact]:
    """The facts of the centre's day so far, older first. Blocking; raises SQLAlchemyError."""
    day = day_period(now.astimezone(policy.zone).date(), policy.zone)
    facts: list[Fact] = []
    with engine.connect() as connection:
        open_or_today = or_(calls.c.started_us >= day.start_us, calls.c.ended_us.is_(None))
        recent = calls.c.started_us >= to_microseconds(day.start - timedelta(days=1))
        wanted = select(calls.c.id).where(recent, open_or_today).order_by(calls.c.started_us)
        for call_id in connection.execute(wanted).scalars().all():
            facts += facts_of_call(connection, call_id)
        facts += _states(connection, now)
    return facts


def _states(connection: Connection, now: datetime) -> list[AgentStateFact]:
    since = to_microseconds(now - STATES_BACK)
    wanted = select(agent_states).where(agent_states.c.ended_us.is_(None), agent_states.c.started_us >= since)
    return [
        AgentStateFact(
            id=row.id,
            revision=row.revision,
            call_id=row.call_id,
            at=from_microseconds(row.at_us),
            pbx=row.pbx,
            interface=row.interface,
            member_name=row.member_name,
            state=State(row.state),
            reason=row.reason,
            queue=row.queue,
            started_at=from_microseconds(row.started_us),
        )
        for row in connection.execute(wanted.order_by(agent_states.c.started_us))
    ]
