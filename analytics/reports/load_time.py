"""The quarter hours of a period: which rows of the load each belongs to, and how much time each row had. Pure.

A row's load is what came in its time, so a Monday morning of four Mondays has four times the time of one. A shift is
one of the centre's patterns on a day; the first that holds the beginning of a quarter hour has all of it, so that
shifts add up though patterns overlap. Between shifts the name is empty.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from analytics.errors import QueryError
from analytics.metrics.cells import IN_TIME, OF_THE_DAY, QUARTERS_AN_HOUR, Group, parse_groups
from analytics.metrics.grouping import Key, day_label, quarter_label
from analytics.metrics.in_force import InForce
from analytics.metrics.periods import Period
from analytics.people.roster import Roster

SHIFT = "shift"
"""By this the load can be told apart beside the groups of all figures."""

TIMED = frozenset({*IN_TIME, *OF_THE_DAY, Group.WEEKDAY, Group.HOURS, SHIFT})
"""What has a time of its own. A queue or a line has that of the whole."""

QUARTER_MS = 15 * 60 * 1000
_QUARTER_US = QUARTER_MS * 1000
_MINUTE_US = 60 * 1_000_000


class Quarter(NamedTuple):
    """A quarter of an hour that the clock shows, cut to the period, on a business day."""

    start_us: int
    end_us: int
    day: str


def parse_load_groups(text: str) -> tuple[str, ...]:
    """Read `weekday,hour`, `shift` or `none`. Raise QueryError."""
    names = tuple(each.strip() for each in text.split(","))
    others = [each for each in names if each != SHIFT]
    known = tuple(each.value for each in parse_groups(",".join(others))) if others else ()
    return tuple(each for each in names if each == SHIFT or each in known)


def quarters(period: Period, edge_us: int) -> Iterator[Quarter]:
    """The quarter hours of a period up to an instant."""
    for day in period.days():
        start, last = day.start_us, min(day.end_us, edge_us)
        while start < last:
            end = min(start - start % _QUARTER_US + _QUARTER_US, last)
            yield Quarter(start, end, day.label)
            start = end


class LoadTime:
    """Names of rows by the clock. `groups` are those asked for, in their order."""

    def __init__(
        self, period: Period, edge_us: int, in_force: InForce, roster: Roster, groups: tuple[str, ...]
    ) -> None:
        self._in_force = in_force
        self._groups = groups
        self._quarters = tuple(quarters(period, edge_us)) if TIMED & set(groups) else ()
        self._whole_ms = max(0, edge_us - period.start_us) // 1000
        self._fine = Group.QUARTER_HOUR
        self._shifts = self._shifts_of(roster, period) if SHIFT in groups else {}

    @property
    def asked(self) -> tuple[Group, ...]:
        """What the figures are told apart by, so that their rows can be named."""
        plain = tuple(Group(each) for each in self._groups if each != SHIFT)
        fine = (Group.DAY, self._fine) if SHIFT in self._groups else ()
        return (*plain, *(each for each in fine if each not in plain))

    def name(self, key: Key) -> Key:
        """The row's name for a key of `asked`."""
        told = dict(zip(self.asked, key, strict=True))
        if SHIFT in self._groups:
            shift = self._shifts.get((told[Group.DAY], told[self._fine]), "")
            return tuple(shift if each == SHIFT else told[Group(each)] for each in self._groups)
        return key

    def spent_ms(self) -> Mapping[Key, int]:
        """How much time there was, by the parts of a row's name that are in `TIMED`."""
        if not self._quarters:
            return {(): self._whole_ms}
        found: Counter[Key] = Counter()
        for quarter in self._quarters:
            for start, end in self._cut(quarter):
                found[self._key(quarter, start)] += (end - start) // 1000
        return found

    def timed(self, key: Key) -> Key:
        """The parts of a row's name that have a time of their own."""
        return tuple(part for group, part in zip(self._groups, key, strict=True) if group in TIMED)

    def _cut(self, quarter: Quarter) -> Iterator[tuple[int, int]]:
        """A quarter hour in one, or by the minute where the centre opens or closes in it."""
        hours = self._in_force.hours
        start, end = quarter.start_us, quarter.end_us
        if Group.HOURS not in self._groups or hours(start) == hours(end - 1):
            yield start, end
            return
        while start < end:
            following = min(start - start % _MINUTE_US + _MINUTE_US, end)
            yield start, following
            start = following

    def _key(self, quarter: Quarter, at_us: int) -> Key:
        return tuple(self._part(each, quarter, at_us) for each in self._groups if each in TIMED)

    def _part(self, group: str, quarter: Quarter, at_us: int) -> str:
        if group == SHIFT:
            return self._shifts.get(self._label(quarter), "")
        if group == Group.HOURS:
            return self._in_force.hours(at_us)
        weekday, place = self._in_force.clock.place(at_us)
        if group == Group.WEEKDAY:
            return str(weekday + 1)
        if group in OF_THE_DAY:
            return quarter_label(Group(group), place)
        return day_label(Group(group), date.fromisoformat(quarter.day))

    def _is_full_hour(self, at_us: int) -> bool:
        return at_us % _QUARTER_US == 0 and self._in_force.clock.place(at_us)[1] % QUARTERS_AN_HOUR == 0

    def _label(self, quarter: Quarter) -> tuple[str, str]:
        return quarter.day, quarter_label(self._fine, self._in_force.clock.place(quarter.start_us)[1])

    def _shifts_of(self, roster: Roster, period: Period) -> Mapping[tuple[str, str], str]:
        """Business day and quarter hour to the shift that has it; where clocks go back, to that of the first.

        Hours do where all shifts change on the hour: agents' time by the clock is read from the facts, cut by cut.
        """
        plan = roster.centre_shifts(period.start_us, period.end_us)
        if not plan:
            raise QueryError("group: found shift, expected shifts of the centre: `people import` takes them in")
        edges = {edge for shift in plan for span in shift.spans for edge in span} - {period.start_us, period.end_us}
        if all(self._is_full_hour(edge) for edge in edges):
            self._fine = Group.HOUR
        starts = [each.start_us for each in self._quarters]
        held: dict[int, str] = {}
        for shift in plan:
            for start, end in shift.spans:
                for place in range(bisect_left(starts, start), bisect_left(starts, end)):
                    held.setdefault(place, shift.name)
        found: dict[tuple[str, str], str] = {}
        for place, quarter in enumerate(self._quarters):
            found.setdefault(self._label(quarter), held.get(place, ""))
        return found
