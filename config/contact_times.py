"""When a customer may be called: the centre's opening hours, his own clock and the kind's windows as one answer.

Permitted is what lies within the centre's opening hours, within what the policy permits at all, within the kind's
own spans and near its hours, on its weekdays, and clear of the edges of work (domain.md §4). A stretch holds its
first instant and not its last. Like opening hours, each UTC day is worked out once, by the clock, as the stretches
in it; an answer is then one look-up and one bisection. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from config.calendars import Hours, OpenSpan
from config.contact_bands import Bands, bands_of
from config.followups import EDGE, ContactRules, Windows
from config.openings import DAY_US, EPOCH, MICROSECOND, MIDNIGHT, Openings, change_of_offset, instant_us
from config.working_days import LONGEST_CLOSED

DAY = timedelta(days=1)
NOON, EVENING = 12, 18
EDGE_US = EDGE // MICROSECOND

Stretch = tuple[int, int]


class Shut(StrEnum):
    """Why a customer may not be called at an instant; the first that holds, in this order."""

    HOLIDAY = "holiday"  # the centre is closed that day
    QUIET = "quiet"  # half an hour around the edges of work
    WINDOW = "window"  # any other hour or weekday that is not permitted


class ContactTimes:
    """The permitted times of one kind under one version. What is kept only saves time.

    `zone` is the customer's, the centre's where it is not known; `hours` are his own on any day, () where they are
    not known. They matter only to a kind that keeps clear of the edges of work.
    """

    def __init__(self, openings: Openings, contact: ContactRules, windows: Windows) -> None:
        self._openings = openings
        self._contact = contact
        self._windows = windows
        self._known: dict[tuple[ZoneInfo | None, tuple[OpenSpan, ...]], CustomersTimes] = {}

    def permits(self, at: datetime, zone: ZoneInfo | None = None, hours: tuple[OpenSpan, ...] = ()) -> bool:
        """Whether the customer may be called at an aware instant."""
        return self._of(zone, hours).holds(_us(at))

    def shut(self, at: datetime, zone: ZoneInfo | None = None, hours: tuple[OpenSpan, ...] = ()) -> Shut | None:
        """Why the customer may not be called at an aware instant; None exactly where he may."""
        return self._of(zone, hours).shut(_us(at))

    def next(self, at: datetime, zone: ZoneInfo | None = None, hours: tuple[OpenSpan, ...] = ()) -> datetime | None:
        """The first permitted instant from an aware one on, in UTC; None where there is none within 400 days."""
        found = self._of(zone, hours).next(_us(at))
        return None if found is None else _at(found)

    def next_us(self, us: int, zone: ZoneInfo | None = None, hours: tuple[OpenSpan, ...] = ()) -> int | None:
        """As `next`, for and in microseconds since 1970, UTC."""
        return self._of(zone, hours).next(us)

    def last(
        self, start: datetime, end: datetime, zone: ZoneInfo | None = None, hours: tuple[OpenSpan, ...] = ()
    ) -> tuple[datetime, datetime] | None:
        """The last permitted stretch between two aware instants, cut to them, in UTC.

        None where there is none: what is due at `end` cannot be met. A stretch is longer than an instant.
        """
        found = self._of(zone, hours).last(_us(start), _us(end))
        return None if found is None else (_at(found[0]), _at(found[1]))

    def spans_on(
        self, day: date, zone: ZoneInfo | None = None, hours: tuple[OpenSpan, ...] = ()
    ) -> tuple[tuple[datetime, datetime], ...]:
        """The permitted stretches of a day by the customer's calendar, in order, in UTC."""
        by = zone or self._openings.zone
        start, end = (instant_us(each, MIDNIGHT, by) for each in (day, day + DAY))
        return tuple((_at(a), _at(b)) for a, b in self._of(zone, hours).between(start, end))

    def _of(self, zone: ZoneInfo | None, hours: tuple[OpenSpan, ...]) -> CustomersTimes:
        known = self._known.get((zone, hours))
        if known is None:
            bands = bands_of(self._contact, self._windows, hours)
            made = CustomersTimes(self._openings, self._windows, bands, zone or self._openings.zone)
            known = self._known[zone, hours] = made
        return known


class CustomersTimes:
    """The permitted times for customers of one zone and the same hours, in microseconds since 1970, UTC."""

    def __init__(self, openings: Openings, windows: Windows, bands: Bands, zone: ZoneInfo) -> None:
        self._openings = openings
        self._windows = windows
        self._bands = bands
        self._zone = zone
        self._days: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}

    def holds(self, us: int) -> bool:
        """Whether an instant is permitted."""
        starts, ends = self._day(us // DAY_US)
        place = bisect_right(ends, us)
        return place < len(ends) and starts[place] <= us

    def shut(self, us: int) -> Shut | None:
        """Why an instant is not permitted; None where it is."""
        if self.holds(us):
            return None
        if not self._windows.closed_days and self._openings.at_us(us) is Hours.HOLIDAY:
            return Shut.HOLIDAY
        return Shut.QUIET if self._is_quiet(us) else Shut.WINDOW

    def _is_quiet(self, us: int) -> bool:
        start = us // DAY_US * DAY_US
        local = (EPOCH + us * MICROSECOND).astimezone(self._zone)
        around_edges = any(a <= us < b for a, b in self._quiet(start, start + DAY_US))
        return around_edges or self._bands.is_quiet(local.time())

    def next(self, us: int) -> int | None:
        """The first permitted instant from one on; None where there is none within 400 days."""
        first = us // DAY_US
        for day in range(first, first + LONGEST_CLOSED):
            starts, ends = self._days.get(day) or self._day(day)
            place = bisect_right(ends, us)
            if place < len(ends):
                return us if starts[place] <= us else starts[place]
        return None

    def last(self, start: int, end: int) -> Stretch | None:
        """The last permitted stretch between two instants, cut to them."""
        found: Stretch | None = None
        for day in range((end - 1) // DAY_US, start // DAY_US - 1, -1):
            for low, high in reversed(self._within(day, start, end)):
                if found and high < found[0]:
                    return found
                found = (low, found[1] if found else high)
            if found and found[0] > day * DAY_US:
                return found
        return found

    def between(self, start: int, end: int) -> list[Stretch]:
        """The permitted stretches between two instants, cut to them, in order."""
        found: list[Stretch] = []
        for day in range(start // DAY_US, -(-end // DAY_US)):
            for low, high in self._within(day, start, end):
                if found and found[-1][1] == low:
                    low, _ = found.pop()
                found.append((low, high))
        return found

    def _within(self, day: int, start: int, end: int) -> list[Stretch]:
        """The stretches of a UTC day, cut to two instants."""
        cut = ((max(a, start), min(b, end)) for a, b in zip(*self._day(day), strict=True))
        return [(a, b) for a, b in cut if a < b]

    def _day(self, day: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        known = self._days.get(day)
        if known is None:
            stretches = list(self._stretches(day * DAY_US))
            known = self._days[day] = (tuple(a for a, _ in stretches), tuple(b for _, b in stretches))
        return known

    def _stretches(self, start: int) -> Iterator[Stretch]:
        """The stretches of one UTC day, each as long as it can be."""
        end = start + DAY_US
        quiet = self._quiet(start, end)
        turns = {*self._turns(start), *(us for edge in quiet for us in edge)}
        since: int | None = None
        for low, high in pairwise(sorted({start, end, *(us for us in turns if start < us < end)})):
            if self._permitted(low, quiet):
                since = low if since is None else since
            elif since is not None:
                yield since, low
                since = None
            if high == end and since is not None:
                yield since, end

    def _permitted(self, us: int, quiet: list[Stretch]) -> bool:
        local = (EPOCH + us * MICROSECOND).astimezone(self._zone)
        if self._windows.weekdays and local.weekday() not in self._windows.weekdays:
            return False
        opened = self._windows.closed_days or self._openings.at_us(us) is Hours.IN
        return opened and self._bands.permit(local.time()) and not any(a <= us < b for a, b in quiet)

    def _quiet(self, start: int, end: int) -> list[Stretch]:
        """Half an hour on each side of the centre's opening and closing, where they are what counts."""
        if not self._windows.edges or self._bands.quiet_known:
            return []
        pieces = self._openings.changes(start - EDGE_US, end + EDGE_US)
        edges = [edge for (_, a), (edge, b) in pairwise(pieces) if (a is Hours.IN) is not (b is Hours.IN)]
        return [(edge - EDGE_US, edge + EDGE_US) for edge in edges]

    def _turns(self, start: int) -> set[int]:
        """Every instant near a UTC day at which the answer may change by the clock of the customer or the centre."""
        first = (EPOCH + start * MICROSECOND).astimezone(self._zone).date()
        days = [first + each * DAY for each in range(3)]
        clocks = {MIDNIGHT, *self._bands.clocks}
        turns = {instant_us(day, clock, self._zone, fold) for day in days for clock in clocks for fold in (0, 1)}
        changes = () if self._windows.closed_days else self._openings.changes(start, start + DAY_US)
        return {*turns, change_of_offset(start, self._zone), *(edge for edge, _ in changes)}


def part_of_day(at: datetime, zone: ZoneInfo) -> str:
    """The part of the customer's day in which an instant lies: `2026-11-02 am`, `pm` from noon, `eve` from 18:00.

    The "two windows" of a customer who cannot be reached (C11) are two of them.
    """
    local = at.astimezone(zone)
    part = "am" if local.hour < NOON else "pm" if local.hour < EVENING else "eve"
    return f"{local.date().isoformat()} {part}"


def _us(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _at(us: int) -> datetime:
    return EPOCH + us * MICROSECOND
