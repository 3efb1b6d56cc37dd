"""Counts in the stored facts what was seen of a centre. The database groups: what comes back is small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Table, func, select

from analytics.setup.sightings import QUARTER_US, DeviceSighting, Membership, Sighting, Sightings
from analytics.storage.models import agent_states, calls, offerings, queue_visits, talks
from telephony.calls.facts import Direction, Disposition, State

_INBOUND = calls.c.direction == Direction.INBOUND.value


def load_sightings(connection: Connection, start_us: int, end_us: int) -> Sightings:
    """What was seen of calls, ringings and states that began from `start_us` up to but not including `end_us`."""
    began = (calls.c.started_us >= start_us, calls.c.started_us < end_us)
    counted = select(func.count()).select_from(calls).where(*began)
    return Sightings(
        start_us=start_us,
        end_us=end_us,
        calls=connection.execute(counted).scalar_one(),
        dialled=_named(connection, calls.c.did, calls.c.started_us, *began, _INBOUND, calls.c.did.is_not(None)),
        queues=_named(
            connection,
            queue_visits.c.queue,
            queue_visits.c.joined_us,
            *_within(queue_visits, "joined_us", start_us, end_us),
        ),
        devices=tuple(_devices(connection, start_us, end_us)),
        memberships=tuple(_memberships(connection, start_us, end_us)),
        answered=tuple(_answered(connection, *began)),
    )


def _within(table: Table, column: str, start_us: int, end_us: int) -> tuple[Any, Any]:
    return table.c[column] >= start_us, table.c[column] < end_us


def _named(connection: Connection, name: Column[Any], at: Column[Any], *where: Any) -> tuple[Sighting, ...]:
    wanted = select(name, func.count(), func.min(at), func.max(at)).where(*where).group_by(name)
    rows = [_sighting(*row) for row in connection.execute(wanted)]
    return tuple(sorted(rows, key=lambda each: (-each.times, each.name)))


def _sighting(name: str, times: int, first: int, last: int) -> Sighting:
    return Sighting(name=name, times=times, first_us=first, last_us=last)


def _devices(connection: Connection, start_us: int, end_us: int) -> Iterator[DeviceSighting]:
    """Those that rang and those that talked without ringing here, such as callers from a desk."""
    for table, began in ((offerings, "offered_us"), (talks, "started_us")):
        named = (table.c.device, table.c.interface, table.c.agent, table.c.member_name)
        at = table.c[began]
        wanted = select(*named, func.count(), func.min(at), func.max(at))
        grouped = wanted.where(*_within(table, began, start_us, end_us)).group_by(*named)
        for device, interface, agent, member_name, *seen in connection.execute(grouped):
            yield DeviceSighting(
                device=device,
                interface=interface,
                agent=agent,
                member_name=member_name,
                seen=_sighting(device, *seen),
            )


def _memberships(connection: Connection, start_us: int, end_us: int) -> Iterator[Membership]:
    """By the calls that a queue offered, and by who was logged in to it."""
    offered = select(offerings.c.agent, offerings.c.queue, func.count()).where(
        *_within(offerings, "offered_us", start_us, end_us), offerings.c.queue.is_not(None)
    )
    for agent, queue, times in connection.execute(offered.group_by(offerings.c.agent, offerings.c.queue)):
        yield Membership(agent=agent, queue=queue, times=times)
    states = agent_states.c
    present = select(states.agent, states.queue).where(
        *_within(agent_states, "started_us", start_us, end_us),
        states.queue.is_not(None),
        states.state == State.LOGGED_IN.value,
    )
    for agent, queue in connection.execute(present.distinct()):
        yield Membership(agent=agent, queue=queue, times=0)


def _answered(connection: Connection, *began: Any) -> Iterator[tuple[int, int]]:
    quarter = (calls.c.answered_us // QUARTER_US).label("quarter")
    wanted = select(quarter, func.count()).where(
        *began,
        _INBOUND,
        calls.c.disposition == Disposition.ANSWERED.value,
        calls.c.answered_us.is_not(None),
    )
    for each, count in connection.execute(wanted.group_by(quarter).order_by(quarter)):
        yield int(each), count
