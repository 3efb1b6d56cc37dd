"""The tables of people. What can change has `from_us` (null: always) and `to_us` (null: still).

Shifts are told by the clocks of the centre, so their columns `*_on` and `day` are local dates.

`people_version` holds one row whose number grows with every correction of the mapping. Who writes facts
reads it under a lock, so that a correction and a batch of facts never pass each other unseen.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Table, Text, true

from analytics.storage.models import Key, metadata

agents = Table(
    "agents",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("name", Text),
    Column("joined_on", Date),
    Column("left_on", Date),  # the first day on which he is gone
)


def _in_force() -> tuple[Column[object], ...]:
    return (
        Column("id", Integer, primary_key=True),
        Column("from_us", BigInteger),
        Column("to_us", BigInteger),
    )


device_mappings = Table(
    "device_mappings",
    metadata,
    *_in_force(),
    Column("interface", Key, nullable=False),  # an interface or a device
    Column("agent", Key, nullable=False),
    Index("device_mappings_interface", "interface"),
)

# In which group and tier an agent was: a row for each stretch in which neither changed.
agent_periods = Table(
    "agent_periods",
    metadata,
    *_in_force(),
    Column("agent", Key, nullable=False),
    Column("group_name", Key),
    Column("tier", Key),
    Index("agent_periods_agent", "agent"),
)

people_version = Table(
    "people_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("from_policy", Boolean, nullable=False, server_default=true()),  # nobody was ever imported
)

certificates = Table(
    "certificates",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("code", Key, primary_key=True),
    Column("role", Key, primary_key=True),  # '' where the certificate has no roles
    Column("obtained_on", Date, nullable=False),
    Column("expires_on", Date),  # the first day on which it holds no more
)

shift_patterns = Table(
    "shift_patterns",
    metadata,
    Column("name", Key, primary_key=True),
    Column("spans", Text, nullable=False),  # 08:30-12:00 13:30-17:30; 22:00-06:00 ends on the next day
    Column("days", Text, nullable=False),  # 1 is Monday: 12345
)

shift_rotations = Table(
    "shift_rotations",
    metadata,
    Column("name", Key, primary_key=True),
    Column("starts_on", Date, nullable=False),
    Column("weeks", Text, nullable=False),  # a pattern's name for each week, in JSON; null is a week off
)

shift_assignments = Table(
    "shift_assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agent", Key, nullable=False),
    Column("shift", Key, nullable=False),  # of a pattern or a rotation
    Column("from_on", Date),
    Column("to_on", Date),
)

shift_changes = Table(
    "shift_changes",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", Key, primary_key=True),
    Column("shift", Key),  # null: off
)

leaves = Table(
    "leaves",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("from_us", BigInteger, primary_key=True, autoincrement=False),
    Column("to_us", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("approved", Boolean, nullable=False),
)

# What is known of an agent's month from elsewhere: analyses written, hours of recordings edited.
agent_facts = Table(
    "agent_facts",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("month", Key, primary_key=True),  # 2026-11
    Column("kind", Key, primary_key=True),
    Column("thousandths", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
)
