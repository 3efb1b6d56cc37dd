"""How many calls each agent handed on, from the store."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, select

from analytics.people.devices import DeviceMap
from analytics.storage.models import transfers
from telephony.calls.facts import TransferKind

HANDED_ON = (TransferKind.BLIND, TransferKind.ATTENDED)
"""What an agent does on purpose to a customer's call; redirects, forwards, pickups and parks are not counted."""


def hand_overs(connection: Connection, devices: DeviceMap, start_us: int, end_us: int) -> Counter[str]:
    """By agent, the transfers that came about in [start_us, end_us)."""
    wanted = select(transfers.c.by_device, transfers.c.at_us).where(
        transfers.c.at_us >= start_us,
        transfers.c.at_us < end_us,
        transfers.c.completed,
        transfers.c.by_device.is_not(None),
        transfers.c.kind.in_([each.value for each in HANDED_ON]),
    )
    return Counter(devices.agent_at(row.by_device, row.by_device, row.at_us) for row in connection.execute(wanted))
