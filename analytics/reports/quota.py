"""How an agent stands against his month's floor at an instant: pro-rated, projected, behind or not. Pure.

How far the month has come is measured by the agent's own scheduled time; where he has no shifts, by calendar days,
of which those that the policy's opening hours leave closed weigh nothing. All is whole milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from analytics.metrics.periods import Period
from analytics.people.intervals import Intervals, common, length
from analytics.people.roster import Roster
from config.attendance import Prorate
from config.calendars import WeeklyHours
from config.policies import Policy

_MS_OF_MINUTE = 60_000
_US_OF_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How much of the month's work lies behind, in any one unit; 0 ≤ passed ≤ whole."""

    passed: int
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An agent against his floor. None where the tier has no floor, or nothing has passed yet."""

    floor_ms: int | None  # the one he is measured by: pro-rated where the policy says so
    projected_ms: int | None  # at the month's end, if it goes on like this
    due_ms: int | None  # what of the floor is due by now

    def behind(self, talk_ms: int) -> bool | None:
        """Whether less was talked than is due by now. Over the target is no fault, and is not looked at."""
        return None if self.due_ms is None else talk_ms < self.due_ms


def standing(
    policy: Policy,
    roster: Roster | None,
    agent: str,
    period: Period,
    as_of_us: int,
    talk_ms: int,
    floor: int | None,
) -> Standing:
    """Where an agent stands in a month with so much talk; `floor` is his tier's, in minutes."""
    planned = () if roster is None else roster.scheduled(agent, period.start_us, period.end_us)
    progress = progress_of(policy, planned, period, as_of_us)
    floor_ms = None if floor is None else floor * _MS_OF_MINUTE
    if floor_ms is not None and roster is not None and policy.resolve(period.start).prorate is Prorate.SHIFTS:
        worked_ms = length(planned) // _US_OF_MS
        floor_ms = prorated(floor_ms, worked_ms, roster.nominal_ms(agent, period.start_us, period.end_us))
    return Standing(
        floor_ms=floor_ms,
        projected_ms=projected(talk_ms, progress),
        due_ms=None if floor_ms is None or not progress.whole else floor_ms * progress.passed // progress.whole,
    )


def prorated(floor_ms: int, worked_ms: int, nominal_ms: int) -> int:
    """The floor by scheduled time less leave ÷ the usual month's.

    Extra shifts raise nobody's floor, and who has no usual month keeps it whole.
    """
    return floor_ms if nominal_ms == 0 else floor_ms * min(worked_ms, nominal_ms) // nominal_ms


def projected(talk_ms: int, progress: Progress) -> int | None:
    """The month's talk if it goes on as it has until now; None where nothing has passed."""
    return talk_ms * progress.whole // progress.passed if progress.passed else None


def progress_of(policy: Policy, planned: Intervals, period: Period, as_of_us: int) -> Progress:
    """By what the agent is planned to work in the period, else by days."""
    until = max(period.start_us, min(as_of_us, period.end_us))
    if not planned:
        return _by_days(policy, period, until)
    passed = length(common(planned, [(period.start_us, until)]))
    return Progress(passed=passed // _US_OF_MS, whole=length(planned) // _US_OF_MS)


def days_left(policy: Policy, planned: Intervals, period: Period, as_of_us: int) -> int:
    """How many days to work begin after an instant: those with a shift, without shifts those that are worked."""
    if planned:
        days = (each for each in _days(period) if each.start_us > as_of_us)
        return sum(1 for each in days if common(planned, [(each.start_us, each.end_us)]))
    return sum(1 for each in _worked_days(policy.hours, period) if each.start_us > as_of_us)


def needed_a_day(floor_ms: int | None, talk_ms: int, days: int) -> int | None:
    """The talk a day that still reaches the floor; None where it is reached, there is none, or no day is left."""
    if floor_ms is None or talk_ms >= floor_ms or days <= 0:
        return None
    return -(-(floor_ms - talk_ms) // days)


def _by_days(policy: Policy, period: Period, until_us: int) -> Progress:
    """Every day that is worked weighs its length; a month that is closed on all its days is taken as open on all."""
    worked = _worked_days(policy.hours, period) or _days(period)
    return Progress(
        passed=sum(max(min(each.end_us, until_us) - each.start_us, 0) for each in worked) // _US_OF_MS,
        whole=sum(each.end_us - each.start_us for each in worked) // _US_OF_MS,
    )


@lru_cache(maxsize=64)
def _days(period: Period) -> tuple[Period, ...]:
    """Asked for each agent, and the same for all of them."""
    return tuple(period.days())


@lru_cache(maxsize=64)
def _worked_days(hours: tuple[WeeklyHours, ...], period: Period) -> tuple[Period, ...]:
    """Those on which the centre is open."""
    return tuple(each for each in _days(period) if _is_worked(hours, date.fromisoformat(each.label)))


def _is_worked(hours: tuple[WeeklyHours, ...], day: date) -> bool:
    begun = [row for row in hours if row.start is None or row.start <= day]
    return not begun or bool(begun[-1].days[day.weekday()])
