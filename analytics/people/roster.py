"""Who is to work when: patterns, rotations, changes of single days and leave, as instants. Pure.

A shift belongs to the local day on which it begins, wherever it ends. Plan of a day: the agent's assignment
on that day gives a pattern, or by its rotation the week's pattern, which is worked on the pattern's weekdays. A
change `instead` replaces that, a change `extra` comes on top. Approved leave is cut out; before an agent
joined and after he left there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from analytics.people.intervals import Interval, Intervals, common, length, less, union
from analytics.people.local_clock import instant_of, local_day
from analytics.people.records import Agent, ChangeKind, DayChange, People, Rotation, ShiftAssignment, ShiftPattern

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=2)
_US_OF_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedShift:
    """A shift of the centre on one day: its pattern's name and its spans."""

    name: str
    day: date
    spans: Intervals


class Roster:
    """The plan, ready to be asked. Instants are whole microseconds, stretches are [start_us, end_us)."""

    def __init__(self, people: People, zone: tzinfo) -> None:
        self.zone = zone
        self._patterns = {each.name: each for each in people.patterns}
        self._rotations = {each.name: each for each in people.rotations}
        self._agents = {each.agent: each for each in people.agents}
        self._assigned = _by_agent(people.assignments)
        self._changes = {(each.agent, each.day, each.kind): each for each in people.changes}
        self._changed_agents = frozenset(each.agent for each in people.changes)
        self._spans: dict[tuple[str, date], Intervals] = {}
        self._leaves: dict[str, list[Interval]] = {}
        for leave in people.leaves:
            if leave.approved:
                self._leaves.setdefault(leave.agent, []).append((leave.start_us, leave.end_us))

    @property
    def agents(self) -> tuple[str, ...]:
        """Who is in it."""
        return tuple(self._agents)

    def has(self, agent: str) -> bool:
        """Whether anything is planned for this agent at any time."""
        return agent in self._assigned or agent in self._changed_agents

    def scheduled(self, agent: str, start_us: int, end_us: int) -> Intervals:
        """When the agent is to work, sorted and disjoint, cut to the stretch; leave is cut out."""
        return less(self.before_leave(agent, start_us, end_us), self._leaves.get(agent, ()))

    def scheduled_ms(self, agent: str, start_us: int, end_us: int) -> int:
        """How long the agent is to work, in milliseconds."""
        return length(self.scheduled(agent, start_us, end_us)) // _US_OF_MS

    def before_leave(self, agent: str, start_us: int, end_us: int) -> Intervals:
        """When the agent would work if he took no leave."""
        if not self.has(agent):
            return ()
        person = self._agents.get(agent)
        spans = (
            span
            for day in self._days(start_us, end_us)
            if _works_here(person, day)
            for pattern in self._worked(agent, day)
            for span in self._instants(pattern, day)
        )
        return common(union(spans), [(start_us, end_us)])

    def nominal_ms(self, agent: str, start_us: int, end_us: int) -> int:
        """What a whole stretch of the agent's usual shifts comes to: no leave, no changes, whenever he joined.

        The first assignment is thought to reach back to the start, and the last one on to the end.
        """
        spans = (
            span
            for day in self._days(start_us, end_us)
            if (pattern := self._usual(agent, day)) is not None
            for span in self._instants(pattern, day)
        )
        return length(common(union(spans), [(start_us, end_us)])) // _US_OF_MS

    def shift_at(self, agent: str, us: int) -> str | None:
        """The name of the pattern that the agent is to work at an instant; None where he is not."""
        if not self.scheduled(agent, us, us + 1):
            return None
        found = (
            pattern.name
            for day in self._days(us, us + 1)
            for pattern in self._worked(agent, day)
            if common(self._instants(pattern, day), [(us, us + 1)])
        )
        return next(found, None)

    def centre_shifts(self, start_us: int, end_us: int) -> tuple[NamedShift, ...]:
        """Every pattern on each of its days, cut to the stretch, by day and name: what load is told apart by.

        Shifts may overlap, and then a call belongs to each of them.
        """
        return tuple(
            NamedShift(name=name, day=day, spans=spans)
            for day in self._days(start_us, end_us)
            for name, pattern in sorted(self._patterns.items())
            if day.isoweekday() in pattern.days
            and (spans := common(self._instants(pattern, day), [(start_us, end_us)]))
        )

    def _days(self, start_us: int, end_us: int) -> Iterator[date]:
        """The days whose shifts may touch a stretch: a shift may end two days after it began."""
        day, last = local_day(start_us, self.zone) - _LONGEST, local_day(end_us, self.zone)
        while day <= last:
            yield day
            day += _DAY

    def _worked(self, agent: str, day: date) -> Iterator[ShiftPattern]:
        instead = self._changes.get((agent, day, ChangeKind.INSTEAD))
        extra = self._changes.get((agent, day, ChangeKind.EXTRA))
        plan = self._planned(agent, day) if instead is None else self._changed(instead)
        on_top = None if extra is None else self._changed(extra)
        yield from (each for each in (plan, on_top) if each is not None)

    def _changed(self, change: DayChange) -> ShiftPattern | None:
        return None if change.shift is None else self._patterns.get(change.shift)

    def _planned(self, agent: str, day: date) -> ShiftPattern | None:
        found = (each for each in self._assigned.get(agent, ()) if _in_force(each, day))
        assignment = next(found, None)
        return None if assignment is None else self._pattern_on(assignment.shift, day)

    def _usual(self, agent: str, day: date) -> ShiftPattern | None:
        """By the assignment in force, else by the nearest one."""
        rows = self._assigned.get(agent, ())
        nearest = min(rows, key=lambda each: _distance(each, day), default=None)
        return None if nearest is None else self._pattern_on(nearest.shift, day)

    def _pattern_on(self, name: str, day: date) -> ShiftPattern | None:
        rotation = self._rotations.get(name)
        chosen = name if rotation is None else _week_of(rotation, day)
        pattern = self._patterns.get(chosen) if chosen else None
        return pattern if pattern is not None and day.isoweekday() in pattern.days else None

    def _instants(self, pattern: ShiftPattern, day: date) -> Intervals:
        # Five hundred agents ask for the same few shifts of a month, several times.
        known = self._spans.get((pattern.name, day))
        if known is None:
            edges = ((span.start, span.end) for span in pattern.spans)
            known = union((instant_of(day, a, self.zone), instant_of(day, b, self.zone)) for a, b in edges)
            self._spans[(pattern.name, day)] = known
        return known


def _by_agent(assignments: Iterable[ShiftAssignment]) -> dict[str, tuple[ShiftAssignment, ...]]:
    found: dict[str, tuple[ShiftAssignment, ...]] = {}
    for each in assignments:
        found[each.agent] = (*found.get(each.agent, ()), each)
    return found


def _in_force(assignment: ShiftAssignment, day: date) -> bool:
    return _distance(assignment, day) == 0


def _distance(assignment: ShiftAssignment, day: date) -> int:
    """How many days lie between a day and an assignment; 0 where it is in force."""
    if assignment.start is not None and day < assignment.start:
        return (assignment.start - day).days
    if assignment.end is not None and day >= assignment.end:
        return (day - assignment.end).days + 1
    return 0


def _week_of(rotation: Rotation, day: date) -> str | None:
    """The pattern of a day's week; weeks begin on Monday, and the cycle with the week of `start`."""
    monday = rotation.start - timedelta(days=rotation.start.weekday())
    return rotation.weeks[(day - monday).days // 7 % len(rotation.weeks)]


def _works_here(person: Agent | None, day: date) -> bool:
    if person is None:
        return True
    return (person.joined is None or person.joined <= day) and (person.left is None or day < person.left)
