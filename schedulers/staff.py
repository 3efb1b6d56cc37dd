"""The people of the store as the rules of follow-ups ask for them: who works here, in which group, who is off."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta, tzinfo

from analytics.people.records import Agent, People, Stretch
from analytics.people.roster import Roster
from telephony.clock import to_microseconds

WEEK_US = timedelta(days=7) // timedelta(microseconds=1)


class PeopleStaff:
    """The `Staff` of everybody that is stored, by the centre's zone. The same people give the same answers."""

    def __init__(self, people: People, zone: tzinfo) -> None:
        self._zone = zone
        self._agents = {each.agent: each for each in people.agents}
        self._groups = _by_key(people.groups)
        self._certificates = {(each.agent, each.code): each for each in people.certificates}
        self._roster = Roster(people, zone)
        self._leaves: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for leave in people.leaves:
            if leave.approved:
                self._leaves[leave.agent].append((leave.start_us, leave.end_us))
        self._members: dict[tuple[str | None, int], tuple[str, ...]] = {}
        self._edges = frozenset(edge for each in people.groups for edge in (each.start_us, each.end_us))

    def works_here(self, agent: str, at: datetime) -> bool:
        """See Staff."""
        person = self._agents.get(agent)
        return person is not None and _works_on(person, at, self._zone)

    def is_away(self, agent: str, start: datetime, end: datetime) -> bool:
        """See Staff. Who has no shifts is here unless one leave covers it all."""
        start_us, end_us = to_microseconds(start), max(to_microseconds(end), to_microseconds(start) + 1)
        if not self._roster.has(agent):
            return any(low <= start_us and end_us <= high for low, high in self._leaves[agent])
        weeks = range(start_us, end_us, WEEK_US)
        return not any(self._roster.scheduled(agent, each, min(each + WEEK_US, end_us)) for each in weeks)

    def group_of(self, agent: str, at: datetime) -> str | None:
        """See Staff."""
        us = to_microseconds(at)
        return next((each.value for each in self._groups[agent] if each.start_us <= us < each.end_us), None)

    def members(self, group: str | None, at: datetime) -> tuple[str, ...]:
        """See Staff."""
        found = self._of_group(group, at)
        return tuple(each for each in found if self.works_here(each, at))

    def _of_group(self, group: str | None, at: datetime) -> tuple[str, ...]:
        """Groups change rarely: who is in one is kept for each stretch between two changes of any."""
        us = to_microseconds(at)
        key = (group, sum(edge <= us for edge in self._edges))
        known = self._members.get(key)
        if known is None:
            agents = sorted(self._agents)
            known = tuple(each for each in agents if group is None or self.group_of(each, at) == group)
            self._members[key] = known
        return known

    def has_skill(self, agent: str, skill: str, at: datetime) -> bool:
        """See Staff: a certificate of that code."""
        certificate = self._certificates.get((agent, skill))
        return certificate is not None and certificate.holds(at.astimezone(self._zone).date())


def _works_on(person: Agent, at: datetime, zone: tzinfo) -> bool:
    if person.joined is None and person.left is None:
        return True
    day = at.astimezone(zone).date()
    return (person.joined is None or person.joined <= day) and (person.left is None or day < person.left)


def _by_key(stretches: tuple[Stretch, ...]) -> defaultdict[str, list[Stretch]]:
    found: defaultdict[str, list[Stretch]] = defaultdict(list)
    for each in stretches:
        found[each.key].append(each)
    return found
