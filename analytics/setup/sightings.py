"""What was seen of a centre in a stretch of time: counted, not judged.

Instants are whole microseconds since 1970 in UTC, as they are stored.
"""

from __future__ import annotations

from dataclasses import dataclass

QUARTER_US = 900_000_000
"""A quarter of an hour. Every zone's offset is a whole number of them, so a quarter is one by any local clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """How often something was seen, first and last."""

    name: str
    times: int
    first_us: int
    last_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSighting:
    """A device that was rung or that talked, who the facts say sat there, and how the queue calls it."""

    device: str
    interface: str
    agent: str
    member_name: str | None
    seen: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An agent was offered so many calls of a queue; 0 where he was only logged in to it."""

    agent: str
    queue: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """All that was seen from `start_us` up to but not including `end_us`."""

    start_us: int
    end_us: int
    calls: int
    dialled: tuple[Sighting, ...] = ()  # numbers that customers dialled
    queues: tuple[Sighting, ...] = ()
    devices: tuple[DeviceSighting, ...] = ()
    memberships: tuple[Membership, ...] = ()
    answered: tuple[
        tuple[int, int], ...
    ] = ()  # a quarter of an hour since 1970, and the inbound calls answered in it
