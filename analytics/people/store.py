"""People in the database: loading and replacing who sat where, who was in which group and tier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from analytics.people.devices import Assignment, DeviceMap
from analytics.people.models import agent_periods, agents, device_mappings, people_version
from config.people import AgentPeriod
from telephony.clock import from_microseconds, to_microseconds

_ONLY_ROW = 1
_LOCKED_VERSION = (
    select(people_version.c.version).where(people_version.c.id == _ONLY_ROW).with_for_update(read=True)
)


def lock_version(connection: Connection) -> int:
    """The number of the mapping in force, kept from changing until this transaction ends.

    SQLite has one writer at a time anyway; PostgreSQL takes a share lock on the row.
    """
    return connection.execute(_LOCKED_VERSION).scalar() or 0


def version_of(connection: Connection) -> int:
    """The number of the people in force, without keeping it from changing: for who only reads."""
    found = select(people_version.c.version).where(people_version.c.id == _ONLY_ROW)
    return connection.execute(found).scalar() or 0


def load_assignments(connection: Connection) -> list[Assignment]:
    """The mapping of devices, by interface and time."""
    wanted = (
        select(device_mappings, agents.c.name)
        .join(agents, agents.c.agent == device_mappings.c.agent, isouter=True)
        .order_by(device_mappings.c.interface, device_mappings.c.id)
    )
    return [
        Assignment(
            interface=row.interface,
            agent=row.agent,
            name=row.name,
            valid_from=_instant(row.from_us),
            valid_to=_instant(row.to_us),
        )
        for row in connection.execute(wanted)
    ]


def load_device_map(connection: Connection) -> DeviceMap:
    """The mapping, ready to be asked."""
    return DeviceMap(load_assignments(connection))


def replace_mapping(connection: Connection, assignments: Iterable[Assignment]) -> None:
    """Put this mapping in the place of the stored one.

    Raise MappingError where it contradicts itself. Facts that are stored keep their agent until
    `storage.rejoin.reingest_people` is asked for the span that the correction touches.
    """
    wanted = DeviceMap(assignments)
    raise_version(connection)
    connection.execute(delete(device_mappings))
    rows = [
        {"interface": each.interface, "agent": each.agent} | _span(each.valid_from, each.valid_to)
        for each in wanted.assignments
    ]
    if rows:
        connection.execute(insert(device_mappings), rows)
    _write_names(connection, {each.agent for each in wanted.assignments}, wanted.names())


def load_names(connection: Connection) -> dict[str, str]:
    """The agents' names by their ids, of those who have one."""
    wanted = select(agents.c.agent, agents.c.name).where(agents.c.name.is_not(None))
    return {row.agent: row.name for row in connection.execute(wanted)}


def load_agent_periods(connection: Connection) -> tuple[AgentPeriod, ...]:
    """Groups and tiers, as a policy holds them: `replace(policy, agents=…)` puts them in force."""
    wanted = (
        select(agent_periods, agents.c.name)
        .join(agents, agents.c.agent == agent_periods.c.agent, isouter=True)
        .order_by(agent_periods.c.agent, agent_periods.c.id)
    )
    return tuple(
        AgentPeriod(
            agent=row.agent,
            name=row.name,
            tier=row.tier,
            group=row.group_name,
            start=_instant(row.from_us),
            end=_instant(row.to_us),
        )
        for row in connection.execute(wanted)
    )


def replace_agent_periods(connection: Connection, periods: Iterable[AgentPeriod]) -> None:
    """Put these groups and tiers in the place of the stored ones."""
    wanted = tuple(periods)
    connection.execute(delete(agent_periods))
    rows = [
        {"agent": each.agent, "group_name": each.group, "tier": each.tier} | _span(each.start, each.end)
        for each in wanted
    ]
    if rows:
        connection.execute(insert(agent_periods), rows)
    _write_names(
        connection, {each.agent for each in wanted}, {each.agent: each.name for each in wanted if each.name}
    )


def raise_version(connection: Connection) -> None:
    """Tell whoever reads people that they are others now; it waits for a batch of facts that is being written."""
    raised = update(people_version).where(people_version.c.id == _ONLY_ROW)
    if connection.execute(raised.values(version=people_version.c.version + 1)).rowcount == 0:
        connection.execute(insert(people_version).values(id=_ONLY_ROW, version=1))


def _write_names(connection: Connection, told: set[str], names: dict[str, str]) -> None:
    """Make every agent a row; a name that is given replaces the one that is stored."""
    stored = set(connection.execute(select(agents.c.agent)).scalars())
    for agent in sorted(stored & set(names)):
        connection.execute(update(agents).where(agents.c.agent == agent).values(name=names[agent]))
    new = [{"agent": agent, "name": names.get(agent)} for agent in sorted(told - stored)]
    if new:
        connection.execute(insert(agents), new)


def _instant(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)


def _span(start: datetime | None, end: datetime | None) -> dict[str, Any]:
    return {
        "from_us": None if start is None else to_microseconds(start),
        "to_us": None if end is None else to_microseconds(end),
    }
