"""When the centre is open: its week, its closings and its make-up days as one answer for any instant.

An instant is judged by the clock of the centre's zone. Since millions are asked, each UTC day is worked out
once, as the instants at which the answer changes; an answer is then one look-up and one bisection.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config import national
from config.calendars import ALL_DAY, WEEKDAYS, Hours, OpenSpan, WeeklyHours, hours_on
from config.closings import Closings, MakeUp

DAY_US = 86_400_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MIDNIGHT = time()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """One local day: when the centre is open, and what its other hours are called."""

    spans: tuple[OpenSpan, ...]
    shut: Hours  # OUT or HOLIDAY

    @property
    def is_working(self) -> bool:
        """Whether this is a working day: the centre opens, though it be for an hour."""
        return bool(self.spans)

    def at(self, clock: time) -> Hours:
        """What the centre is at this local time of day."""
        return Hours.IN if any(span.holds(clock) for span in self.spans) else self.shut


class Openings:
    """The opening times of one policy. The same rows give the same answers; what is kept only saves time."""

    def __init__(self, hours: tuple[WeeklyHours, ...], closings: Closings, zone: ZoneInfo) -> None:
        self.zone = zone
        self._hours = hours
        self._closings = closings
        self._closed = frozenset(closings.closed)
        own = MakeUp.MON if closings.make_up is MakeUp.NONE else closings.make_up
        self._make_up = {each.day: each.hours or own for each in closings.make_up_days}
        self._extra = {each.day: each.spans for each in closings.openings}
        self._days: dict[int, tuple[list[int], list[Hours]]] = {}
        self._plans: dict[date, DayPlan] = {}

    def at(self, at: datetime) -> Hours:
        """What the centre is at an aware instant."""
        return self.at_us((at - EPOCH) // MICROSECOND)

    def at_us(self, us: int) -> Hours:
        """What the centre is at an instant in microseconds since 1970, UTC."""
        edges, states = self._day(us // DAY_US)
        return states[bisect_right(edges, us) - 1]

    def changes(self, start_us: int, end_us: int) -> list[tuple[int, Hours]]:
        """A stretch cut by hours: the instants at which each piece begins, in order, and what it is.

        The first is `start_us`; [] where the stretch is empty. For splitting durations, or many sorted instants.
        """
        pieces = [(start_us, self.at_us(start_us))] if start_us < end_us else []
        for day in range(start_us // DAY_US, -(-end_us // DAY_US)):
            for edge, state in zip(*self._day(day), strict=True):
                if start_us < edge < end_us and state is not pieces[-1][1]:
                    pieces.append((edge, state))
        return pieces

    def plan(self, day: date) -> DayPlan:
        """A local day's opening times; where no hours are given for it, a day that is no holiday is open whole."""
        known = self._plans.get(day)
        if known is None:
            known = self._plans[day] = self._planned(day)
        return known

    def _planned(self, day: date) -> DayPlan:
        if day in self._extra:
            return DayPlan(spans=self._extra[day], shut=Hours.OUT)
        if day in self._make_up:
            return DayPlan(spans=self._spans_of(day, self._make_up[day]), shut=Hours.OUT)
        if day in self._closed or self._is_national(day):
            return DayPlan(spans=(), shut=Hours.HOLIDAY)
        return DayPlan(spans=self._spans_of(day, self._national_make_up(day)), shut=Hours.OUT)

    def is_plain(self, day: date) -> bool:
        """Whether a local day is one of the week: no closing, no make-up day, no extra opening."""
        own = day in self._extra or day in self._make_up or day in self._closed
        return not (own or self._is_national(day) or self._national_make_up(day))

    def is_make_up(self, day: date) -> bool:
        """Whether a local day is worked in place of another 调休."""
        return day in self._make_up or (day not in self._closed and self._national_make_up(day) is not None)

    def announced(self, year: int) -> bool:
        """Whether a year's make-up days are known, by the nation or by the centre's own file."""
        country = self._asked(year)
        if country is None or any(day.year == year for day in self._make_up):
            return True
        return national.national_year(country, year).announced

    def _asked(self, year: int) -> str | None:
        """The country whose closings count in a year."""
        return None if year in self._closings.years else self._closings.country

    def _is_national(self, day: date) -> bool:
        country = self._asked(day.year)
        return country is not None and national.is_closed(country, day)

    def _national_make_up(self, day: date) -> MakeUp | None:
        country = self._asked(day.year)
        if country is None or self._closings.make_up is MakeUp.NONE or not national.is_make_up(country, day):
            return None
        return self._closings.make_up

    def _spans_of(self, day: date, make_up: MakeUp | None) -> tuple[OpenSpan, ...]:
        row = hours_on(self._hours, day)
        if row is None:
            return ALL_DAY
        return row.on(day) if make_up is None else row.days[self._weekday(day, make_up)]

    def _weekday(self, day: date, make_up: MakeUp) -> int:
        """The weekday whose hours a make-up day has, Monday being 0."""
        if make_up.value in WEEKDAYS:
            return WEEKDAYS.index(make_up.value)
        country = self._asked(day.year)
        replaced = national.made_up_for(country, day) if country else None
        return replaced.weekday() if replaced else 0

    def _day(self, day: int) -> tuple[list[int], list[Hours]]:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._edges(day)
        return known

    def _edges(self, day: int) -> tuple[list[int], list[Hours]]:
        """The instants of one UTC day at which the answer changes, its first one included, and the answers."""
        start = day * DAY_US
        asked = sorted({start, *(us for us in self._turns(start) if start < us < start + DAY_US)})
        edges: list[int] = []
        states: list[Hours] = []
        for us in asked:
            state = self._by_the_clock(us)
            if not states or states[-1] is not state:
                edges.append(us)
                states.append(state)
        return edges, states

    def _by_the_clock(self, us: int) -> Hours:
        local = (EPOCH + us * MICROSECOND).astimezone(self.zone)
        return self.plan(local.date()).at(local.time())

    def _turns(self, start: int) -> set[int]:
        """Every instant near a UTC day at which the answer may change: midnights, edges, changes of the clock."""
        first = (EPOCH + start * MICROSECOND).astimezone(self.zone).date()
        turns = {change_of_offset(start, self.zone)}
        for day in (first + timedelta(days=each) for each in range(3)):
            clocks = {MIDNIGHT, *(clock for span in self.plan(day).spans for clock in _clocks(span))}
            turns |= {instant_us(day, clock, self.zone, fold) for clock in clocks for fold in (0, 1)}
        return turns


def _clocks(span: OpenSpan) -> tuple[time, ...]:
    return (span.opens,) if span.closes is None else (span.opens, span.closes)


def instant_us(day: date, clock: time, zone: ZoneInfo, fold: int = 0) -> int:
    """The instant of a clock time on a local day, in microseconds; `fold` 1 is its second time in autumn."""
    return (datetime.combine(day, clock.replace(fold=fold), tzinfo=zone) - EPOCH) // MICROSECOND


def change_of_offset(start: int, zone: ZoneInfo) -> int:
    """The instant within a UTC day at which the zone's offset changes; the day's start if it does not."""

    def offset(us: int) -> timedelta | None:
        return (EPOCH + us * MICROSECOND).astimezone(zone).utcoffset()

    low, high = start, start + DAY_US
    if offset(low) == offset(high):
        return start
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
    return high
