"""Joining the person again, after the mapping of devices was corrected."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Column, Connection, Table, bindparam, or_, select, update

from analytics.people.devices import DeviceMap
from analytics.people.store import load_device_map
from analytics.storage.changes import mark_people
from analytics.storage.models import agent_states, claims, offerings, talks
from telephony.calls.facts import State

_CHUNK = 2000

_JOINED: tuple[tuple[Table, str, str], ...] = (
    (offerings, "device", "offered_us"),
    (talks, "device", "started_us"),
    (claims, "interface", "at_us"),
    (agent_states, "interface", "started_us"),
)
"""The tables that name an agent; where the device is, and the instant that decides."""


def reingest_people(
    connection: Connection, start_us: int, end_us: int, interfaces: Collection[str] | None = None
) -> int:
    """Name the agent anew in every row whose interval began in [start, end); return how many rows changed.

    `interfaces` are those whose mapping changed, None for all. Do it in the transaction of `replace_mapping`,
    so that no batch of facts passes in between.
    """
    devices = load_device_map(connection)
    mark_people(connection, start_us, end_us)
    return sum(
        _rejoin(connection, devices, table, table.c[device], table.c[began], start_us, end_us, interfaces)
        for table, device, began in _JOINED
    )


def _rejoin(
    connection: Connection,
    devices: DeviceMap,
    table: Table,
    device: Column[str],
    began: Column[int],
    start_us: int,
    end_us: int,
    interfaces: Collection[str] | None,
) -> int:
    wanted = select(
        table.c.id, table.c.interface, device.label("device"), began.label("began"), table.c.agent
    ).where(began >= start_us, began < end_us)
    if interfaces is not None and len(interfaces) <= _CHUNK:
        wanted = wanted.where(or_(table.c.interface.in_(interfaces), device.in_(interfaces)))
    if table is agent_states:
        wanted = wanted.where(table.c.state.in_([each.value for each in State]))  # the index begins with it
    changes = []
    for row in connection.execute(wanted):
        agent = devices.agent_at(row.interface, row.device, row.began)
        if agent != row.agent:
            changes.append({"row_id": row.id, "joined": agent})
    statement = update(table).where(table.c.id == bindparam("row_id")).values(agent=bindparam("joined"))
    for first in range(0, len(changes), _CHUNK):
        connection.execute(statement, changes[first : first + _CHUNK])
    return len(changes)
