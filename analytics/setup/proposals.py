"""What could be added to a policy, from what was seen: only what it does not say yet. Pure.

Nothing is invented: a name that is not known is the number itself, a service code or a branch is never
proposed, and a group is the queue that offered an agent the most calls.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from analytics.setup.hours import DayHours, propose_hours
from analytics.setup.sightings import DeviceSighting, Membership, Sighting, Sightings
from config.policies import Policy

_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_INTERFACE = re.compile(r"\S+/\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueProposal:
    """A queue without a rule, and the agents who were members of it or were offered its calls."""

    seen: Sighting
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentProposal:
    """An agent without a row. `group` had `group_times` of the `times` that queues offered him a call."""

    agent: str
    name: str | None
    group: str | None = None
    group_times: int = 0
    times: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceProposal:
    """A device that is nobody's by the policy, and who the facts say sat there last."""

    agent: str
    seen: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """All that the policy does not say. `left_out` are numbers, queues and devices that no policy can name."""

    lines: tuple[Sighting, ...] = ()
    queues: tuple[QueueProposal, ...] = ()
    agents: tuple[AgentProposal, ...] = ()
    devices: tuple[DeviceProposal, ...] = ()
    hours: tuple[DayHours, ...] = ()
    left_out: tuple[str, ...] = ()


def propose(seen: Sightings, policy: Policy, at: datetime) -> Proposals:
    """What was seen and is not in the policy as it is in force at an instant."""
    version = policy.resolve(at)
    lines = [each for each in seen.dialled if version.line_of(each.name) is None]
    queues = [each for each in seen.queues if version.queue_rule(each.name) is None]
    devices = [each for each in _newest(seen.devices) if not _is_known(each, policy, at)]
    agents = sorted({each.agent for each in seen.devices if policy.agent_at(each.agent, at) is None})
    members = _members(seen.memberships)
    return Proposals(
        lines=tuple(each for each in lines if _NUMBER.fullmatch(each.name)),
        queues=tuple(
            QueueProposal(seen=each, members=members.get(each.name, ())) for each in queues if _is_name(each.name)
        ),
        agents=tuple(_agent(agent, seen) for agent in agents if _is_name(agent)),
        devices=tuple(DeviceProposal(agent=each.agent, seen=each.seen) for each in devices if _is_device(each)),
        hours=() if policy.hours else propose_hours(seen.answered, policy.openings),
        left_out=(
            *(each.name for each in lines if not _NUMBER.fullmatch(each.name)),
            *(each.name for each in queues if not _is_name(each.name)),
            *(each.device for each in devices if not _is_device(each)),
        ),
    )


def _newest(sightings: Iterable[DeviceSighting]) -> Iterator[DeviceSighting]:
    """One sighting a device: all its times, and the agent who was seen there last."""
    by_device: dict[str, list[DeviceSighting]] = defaultdict(list)
    for each in sightings:
        by_device[each.device].append(each)
    for device, rows in sorted(by_device.items()):
        last = max(rows, key=lambda row: (row.seen.last_us, row.agent))
        seen = Sighting(
            name=device,
            times=sum(row.seen.times for row in rows),
            first_us=min(row.seen.first_us for row in rows),
            last_us=last.seen.last_us,
        )
        yield DeviceSighting(
            device=device, interface=last.interface, agent=last.agent, member_name=last.member_name, seen=seen
        )


def _is_known(each: DeviceSighting, policy: Policy, at: datetime) -> bool:
    return any(policy.agent_of(name, at) is not None for name in (each.device, each.interface))


def _members(memberships: Iterable[Membership]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for each in memberships:
        found[each.queue].add(each.agent)
    return {queue: tuple(sorted(agents)) for queue, agents in found.items()}


def _agent(agent: str, seen: Sightings) -> AgentProposal:
    times: dict[str, int] = defaultdict(int)
    for each in seen.memberships:
        if each.agent == agent:
            times[each.queue] += each.times
    group = max(sorted(times), key=lambda queue: times[queue], default=None)
    return AgentProposal(
        agent=agent,
        name=_name(each for each in seen.devices if each.agent == agent),
        group=group,
        group_times=times[group] if group else 0,
        times=sum(times.values()),
    )


def _name(sightings: Iterable[DeviceSighting]) -> str | None:
    """The name that a queue's member has, if it is a person's: without a name the PBX gives the interface."""
    ordered = sorted(sightings, key=lambda each: each.seen.last_us, reverse=True)
    names = (each.member_name for each in ordered if each.member_name)
    return next((name for name in names if "/" not in name and _is_name(name)), None)


def _is_name(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _is_device(each: DeviceSighting) -> bool:
    """Whether a policy can name the device and who sits at it."""
    return _INTERFACE.fullmatch(each.device) is not None and each.device.isprintable() and _is_name(each.agent)
