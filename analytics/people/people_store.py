"""Everybody in the database: loading them whole, writing what changed, putting the policy's rows in force.

The database is the one truth. The rows `[[agent]]` and `[[device]]` of a policy are put into it as long as
nobody was ever imported; the first import makes the database's people its own, and the policy's rows are
not looked at any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, delete, insert, select, update

from analytics.metrics.periods import start_of_day
from analytics.people import models, shift_store
from analytics.people.devices import BEGINNING_OF_TIME, END_OF_TIME, Assignment
from analytics.people.records import Agent, People, Stretch
from analytics.people.roster import Roster
from analytics.people.store import (
    load_agent_periods,
    load_assignments,
    raise_version,
    replace_agent_periods,
    replace_mapping,
)
from analytics.people.stretches import joined, joint_periods, split_periods
from analytics.storage.changes import mark_people
from analytics.storage.rejoin import reingest_people
from config.people import AgentPeriod, DevicePeriod
from config.policies import Policy
from telephony.clock import from_microseconds, to_microseconds


def load_people(connection: Connection) -> People:
    """Everybody."""
    groups, tiers = split_periods(load_agent_periods(connection))
    rows = connection.execute(select(models.agents).order_by(models.agents.c.agent))
    return People(
        agents=tuple(Agent(agent=r.agent, name=r.name, joined=r.joined_on, left=r.left_on) for r in rows),
        devices=joined(_device_stretch(each) for each in load_assignments(connection)),
        groups=groups,
        tiers=tiers,
        certificates=shift_store.load_certificates(connection),
        patterns=shift_store.load_patterns(connection),
        rotations=shift_store.load_rotations(connection),
        assignments=shift_store.load_shift_assignments(connection),
        changes=shift_store.load_changes(connection),
        leaves=shift_store.load_leaves(connection),
        facts=shift_store.load_facts(connection),
    )


def load_roster(connection: Connection, zone: tzinfo) -> Roster:
    """Who is to work when, by the clocks of a zone."""
    return Roster(load_people(connection), zone)


def write_people(connection: Connection, old: People, new: People, zone: tzinfo) -> int:
    """Write what differs, and join persons again where the devices differ; how many facts changed their agent."""
    if old.agents != new.agents:
        connection.execute(delete(models.agents))
        rows = [{"agent": e.agent, "name": e.name, "joined_on": e.joined, "left_on": e.left} for e in new.agents]
        if rows:
            connection.execute(insert(models.agents), rows)
    if (old.agents, old.groups, old.tiers) != (new.agents, new.groups, new.tiers):
        raise_version(connection)
        replace_agent_periods(connection, periods_of(new, zone))
    shift_store.write_the_rest(connection, old, new)
    if _shifts(old) != _shifts(new):
        mark_people(connection, 0, END_OF_TIME)
    return _write_devices(connection, old, new)


def _shifts(people: People) -> tuple[object, ...]:
    return people.patterns, people.rotations, people.assignments, people.changes, people.leaves


def _write_devices(connection: Connection, old: People, new: People) -> int:
    differing = set(old.devices) ^ set(new.devices)
    if not differing:
        return 0
    replace_mapping(connection, (_assignment(each) for each in new.devices))
    start = min(each.start_us for each in differing)
    end = max(each.end_us for each in differing)
    return reingest_people(connection, start, end, frozenset(each.key for each in differing))


def periods_of(people: People, zone: tzinfo) -> tuple[AgentPeriod, ...]:
    """Groups and tiers as a policy holds them; who has neither is there too, for as long as he works here."""
    names = {each.agent: each.name for each in people.agents}
    periods = [replace(each, name=names.get(each.agent)) for each in joint_periods(people.groups, people.tiers)]
    placed = {each.agent for each in periods}
    periods += [
        AgentPeriod(agent=e.agent, name=e.name, start=_begins(e.joined, zone), end=_begins(e.left, zone))
        for e in people.agents
        if e.agent not in placed
    ]
    return tuple(sorted(periods, key=lambda each: each.agent))


def _begins(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else from_microseconds(start_of_day(day, zone))


# -- the policy's rows ----------------------------------------------------------------------------


def people_of_policy(policy: Policy) -> People:
    """Everybody whom a policy names."""
    groups, tiers = split_periods(policy.agents)
    named = {each.agent: _agent_of(policy, each.agent) for each in policy.agents}
    seated = {each.agent: named.get(each.agent) or Agent(agent=each.agent) for each in policy.devices}
    everybody = {**seated, **named}
    return People(
        agents=tuple(everybody[agent] for agent in sorted(everybody)),
        devices=joined(_stretch_of_row(each) for each in policy.devices),
        groups=groups,
        tiers=tiers,
    )


def _agent_of(policy: Policy, agent: str) -> Agent:
    """The agent by the name of his newest row; one without group and tier works here as long as his rows say."""
    rows = sorted(
        (each for each in policy.agents if each.agent == agent),
        key=lambda each: BEGINNING_OF_TIME if each.start is None else to_microseconds(each.start),
    )
    name = next((each.name for each in reversed(rows) if each.name), None)
    if any(each.group or each.tier for each in rows):
        return Agent(agent=agent, name=name)
    return Agent(
        agent=agent, name=name, joined=_day_of(rows[0].start, policy.zone), left=_day_of(rows[-1].end, policy.zone)
    )


def _day_of(at: datetime | None, zone: tzinfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()


def put_policy_in_force(connection: Connection, policy: Policy) -> int | None:
    """Bring the database's people to the policy's rows, unless it has people of its own.

    How many facts changed their agent; None where the database has people of its own.
    """
    if not are_of_policy(connection):
        return None
    old, told = load_people(connection), people_of_policy(policy)
    new = replace(old, agents=told.agents, devices=told.devices, groups=told.groups, tiers=told.tiers)
    return write_people(connection, old, new, policy.zone)


def are_of_policy(connection: Connection) -> bool:
    """Whether nobody was ever imported, so that the policy's rows are those in force."""
    found = connection.execute(select(models.people_version.c.from_policy)).scalar()
    return found is None or found


def make_own(connection: Connection) -> None:
    """From now on the people are the database's own, and the policy's rows are not looked at any more."""
    connection.execute(update(models.people_version).values(from_policy=False))


def with_people(connection: Connection, policy: Policy) -> Policy:
    """The policy with the database's people in the place of its own rows; itself while there are none."""
    agents, devices = load_agent_periods(connection), load_assignments(connection)
    if not agents and not devices and are_of_policy(connection):
        return policy
    rows = (
        DevicePeriod(interface=each.interface, agent=each.agent, start=each.valid_from, end=each.valid_to)
        for each in devices
    )
    return replace(policy, agents=agents, devices=tuple(rows))


def _stretch_of_row(row: DevicePeriod) -> Stretch:
    return _device_stretch(
        Assignment(interface=row.interface, agent=row.agent, valid_from=row.start, valid_to=row.end)
    )


def _device_stretch(row: Assignment) -> Stretch:
    return Stretch(key=row.interface, start_us=row.from_us, end_us=row.to_us, value=row.agent)


def _assignment(each: Stretch) -> Assignment:
    return Assignment(
        interface=each.key,
        agent=each.value,
        valid_from=None if each.start_us == BEGINNING_OF_TIME else from_microseconds(each.start_us),
        valid_to=None if each.end_us == END_OF_TIME else from_microseconds(each.end_us),
    )
