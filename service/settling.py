"""Puts people in force: the policy's rows into the store where it has none of its own, and the store's into use.

Blocking; raises SQLAlchemyError where the store cannot be reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from analytics.people.devices import Assignment, DeviceMap
from analytics.people.people_store import put_policy_in_force, with_people
from analytics.people.store import version_of
from config.policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A policy with the people in force, and the number of their newest correction."""

    policy: Policy
    version: int


def settle(engine: Engine, policy: Policy, *, writes: bool) -> Settled:
    """The policy with the store's people; `writes` puts the policy's own rows into the store before, if they rule."""
    log = structlog.get_logger("service.people")
    with engine.begin() if writes else engine.connect() as connection:
        if writes:
            rejoined = put_policy_in_force(connection, policy)
            if rejoined is None and (policy.agents or policy.devices):
                log.warning(
                    "people.imported_ones_rule",
                    policy=policy.name,
                    detail="its agents and devices are not looked at",
                )
            elif rejoined:
                log.info("people.joined_again", facts=rejoined)
        return Settled(policy=with_people(connection, policy), version=version_of(connection))


def newer(engine: Engine, policy: Policy, than: int) -> Settled | None:
    """The people in force, if they were corrected since."""
    with engine.connect() as connection:
        version = version_of(connection)
        return None if version == than else Settled(policy=with_people(connection, policy), version=version)


def device_map_of(policy: Policy) -> DeviceMap:
    """Who sat where, by a policy's table."""
    return DeviceMap(
        Assignment(interface=row.interface, agent=row.agent, valid_from=row.start, valid_to=row.end)
        for row in policy.devices
    )
