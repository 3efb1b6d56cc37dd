"""Agents of a simulated centre: groups, shifts, leave, joiners and leavers; they answer as the `Staff` of the rules.

Shifts: early and late in turn by the week, two days off in seven that move from agent to agent, so that somebody is
here on every day of the year; every other agent rests on a holiday; each has two weeks of leave.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from config.policies import Policy
from schedulers.simulation.dice import Dice

DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTERS_KEPT = 200
EARLY, LATE = (time(8), time(16)), (time(13), time(21))
LEFT, JOINED, SKILLED = 0.1, 0.1, 0.3
RESTS, ON_LEAVE, RESTS_ON_HOLIDAY = 2, 14, 0.5
"""Days off in seven, days of leave in a year, and how likely an agent is off on a holiday."""
LONGEST_AFTER = timedelta(days=60)
"""Shifts are known so long after the end: what is open then is owed later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One agent. `left` is the first day on which he is gone; shifts are instants in their order."""

    agent: str
    group: str
    joined: date
    left: date
    skills: frozenset[str]
    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]

    def shift_end(self, at: datetime) -> datetime | None:
        """The end of the shift that he is in at an instant; None where he is in none."""
        place = bisect_right(self.starts, at)
        return self.ends[place - 1] if place and at < self.ends[place - 1] else None

    def starts_on(self, start: datetime, end: datetime) -> tuple[datetime, ...]:
        """The instants between two at which a shift of his begins."""
        return self.starts[bisect_left(self.starts, start) : bisect_left(self.starts, end)]


class Crew:
    """Everybody who works here, and `Staff` to the rules."""

    def __init__(self, workers: tuple[Worker, ...], policy: Policy) -> None:
        self.workers = {each.agent: each for each in workers}
        self._zone = policy.zone
        self._members: dict[tuple[str | None, date], tuple[str, ...]] = {}
        self._hours: tuple[datetime, datetime, date] | None = None
        self._on_shift: dict[datetime, tuple[str, ...]] = {}
        self._shifts_from: dict[datetime, dict[str, datetime]] = {}
        self._asked: tuple[datetime, dict[str, datetime]] = (EPOCH, {})

    def _day(self, at: datetime) -> date:
        known = self._hours
        if known is not None and known[0] <= at < known[1]:
            return known[2]
        day = at.astimezone(self._zone).date()
        start = datetime.combine(day, time(), tzinfo=self._zone).astimezone(UTC)
        end = datetime.combine(day + DAY, time(), tzinfo=self._zone).astimezone(UTC)
        self._hours = (start, end, day)
        return day

    def _coming(self, at: datetime) -> dict[str, datetime]:
        """When the shift of each begins that ends next after an instant; nobody is in it who has no more."""
        quarter = _quarter(at)
        if quarter not in self._shifts_from:
            if len(self._shifts_from) == QUARTERS_KEPT:
                self._shifts_from.clear()
            places = ((each, bisect_right(each.ends, quarter)) for each in self.workers.values())
            self._shifts_from[quarter] = {a.agent: a.starts[place] for a, place in places if place < len(a.starts)}
        return self._shifts_from[quarter]

    def on_shift(self, at: datetime) -> tuple[str, ...]:
        """Who is here at an instant."""
        quarter = _quarter(at)
        if quarter not in self._on_shift:
            if len(self._on_shift) == QUARTERS_KEPT:
                self._on_shift.clear()
            here = (each.agent for each in self.workers.values() if each.shift_end(quarter))
            self._on_shift[quarter] = tuple(here)
        return self._on_shift[quarter]

    def works_here(self, agent: str, at: datetime) -> bool:
        """See Staff."""
        worker = self.workers.get(agent)
        return worker is not None and worker.joined <= self._day(at) < worker.left

    def is_away(self, agent: str, start: datetime, end: datetime) -> bool:
        """See Staff. Asked of less than a day it is asked of the day: at night nobody is here, and nobody is off."""
        asked, coming = self._asked  # of many agents, one after the other, it is asked about the same instant
        if asked != start:
            coming = self._coming(start)
            self._asked = (start, coming)
        here_from = coming.get(agent)
        return here_from is None or here_from >= max(end, start + DAY)

    def group_of(self, agent: str, at: datetime) -> str | None:
        """See Staff."""
        worker = self.workers.get(agent)
        return worker.group if worker else None

    def members(self, group: str | None, at: datetime) -> tuple[str, ...]:
        """See Staff."""
        key = (group, self._day(at))
        known = self._members.get(key)
        if known is None:
            mine = (each for each in self.workers.values() if group is None or each.group == group)
            known = tuple(each.agent for each in mine if each.joined <= key[1] < each.left)
            self._members[key] = known
        return known

    def has_skill(self, agent: str, skill: str, at: datetime) -> bool:
        """See Staff."""
        worker = self.workers.get(agent)
        return worker is not None and skill in worker.skills


def _quarter(at: datetime) -> datetime:
    """The quarter hour that an instant is in: shifts begin and end with one, in every zone."""
    return at - (at - EPOCH) % QUARTER


def crew_of(policy: Policy, first: date, last: date, count: int, dice: Dice) -> Crew:
    """Leaders and duty leaders as the policy names them, and `count` agents spread over the groups that kinds name."""
    promises = policy.resolve(datetime.combine(last, time(), tzinfo=policy.zone)).promises
    leaders = {agent: group.group for group in reversed(promises.groups) for agent in group.leaders}
    for agent in promises.duty:
        leaders.setdefault(agent, "duty")
    named = sorted({kind.group for kind in promises.kinds if kind.group}) or ["service"]
    skills = sorted({kind.skill for kind in promises.kinds if kind.skill})
    planner = _Planner(policy, first, last, dice)
    workers = [planner.worker(agent, group, skills, stays=True) for agent, group in sorted(leaders.items())]
    for number in range(count):
        agent = f"2{number:04}"
        stays = number < len(named)
        workers.append(planner.worker(agent, named[number % len(named)], skills, stays=stays))
    return Crew(tuple(workers), policy)


class _Planner:
    """Plans the year of each agent."""

    def __init__(self, policy: Policy, first: date, last: date, dice: Dice) -> None:
        self._policy, self._first, self._last, self._dice = policy, first, last, dice

    def worker(self, agent: str, group: str, skills: list[str], stays: bool) -> Worker:
        """An agent with his shifts; one who `stays` is here from the first day to the last."""
        dice, length = self._dice, (self._last - self._first).days
        joined, left = self._first - DAY, date.max
        if not stays and dice.roll("left", agent) < LEFT:
            left = self._first + timedelta(days=dice.between(1, max(1, length), "left on", agent))
        elif not stays and dice.roll("joined", agent) < JOINED:
            joined = self._first + timedelta(days=dice.between(0, max(0, length - 1), "joined on", agent))
        spans = [each for day in self._days(joined, left) if (each := self._shift(agent, day)) is not None]
        has = frozenset(each for each in skills if stays or dice.roll("skill", agent, each) < SKILLED)
        starts, ends = tuple(a for a, _ in spans), tuple(b for _, b in spans)
        return Worker(agent=agent, group=group, joined=joined, left=left, skills=has, starts=starts, ends=ends)

    def _days(self, joined: date, left: date) -> list[date]:
        first, end = max(self._first - DAY, joined), min(self._last + LONGEST_AFTER, left)
        return [first + DAY * each for each in range((end - first).days)]

    def _shift(self, agent: str, day: date) -> tuple[datetime, datetime] | None:
        dice, number = self._dice, day.toordinal()
        turn = dice.between(0, 6, "turn", agent)
        vacation = dice.between(0, 350, "leave", agent, day.year)
        on_leave = vacation <= day.timetuple().tm_yday < vacation + ON_LEAVE
        is_off = (number + turn) % 7 < RESTS or on_leave
        is_holiday = self._policy.openings.plan(day).is_working is False and day.weekday() < 5
        if is_off or (is_holiday and dice.roll("holiday", agent, day) < RESTS_ON_HOLIDAY):
            return None
        opens, closes = EARLY if (number // 7 + turn) % 2 else LATE
        zone = self._policy.zone
        return (
            datetime.combine(day, opens, tzinfo=zone).astimezone(UTC),
            datetime.combine(day, closes, tzinfo=zone).astimezone(UTC),
        )
