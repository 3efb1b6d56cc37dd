"""The tables of people. What can change has `from_us` (null: always) and `to_us` (null: still).

`people_version` holds one row whose number grows with every correction of the mapping. Who writes facts
reads it under a lock, so that a correction and a batch of facts never pass each other unseen.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from analytics.storage.models import Key, metadata

agents = Table(
    "agents",
    metadata,
    Column("agent", Key, primary_key=True),
    Column("name", Text),
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
)
