"""Where an agent stands against his floor: pro-rated, projected, behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.periods import month_period, start_of_day
from analytics.people.records import Agent, Leave, People, ShiftAssignment, ShiftPattern
from analytics.people.roster import Roster
from analytics.people.shift_texts import read_spans
from analytics.reports.minutes import minutes_report
from analytics.reports.quota import Progress, projected, prorated, standing
from config.attendance import Prorate
from config.calendars import OpenSpan, WeeklyHours
from config.people import AgentPeriod, Tier
from config.policies import Policy, PolicyVersion
from telephony.clock import to_microseconds
from tests.analytics.factory import call, talk
from tests.analytics.metrics.asking import SHANGHAI, policy

NOVEMBER = month_period(2026, 11, SHANGHAI)
MINUTE = 60_000
TIER = Tier(id="level_1", name_zh="一级", name_en="level 1", floor_minutes=2000, target_minutes=5000)
DAY = ShiftPattern(name="day", spans=read_spans("09:00-17:00"), days=frozenset(range(1, 6)))
WANG = People(
    agents=(Agent(agent="1004"),), patterns=(DAY,), assignments=(ShiftAssignment(agent="1004", shift="day"),)
)


def us(day: int, hour: int = 0) -> int:
    """An hour of November by the centre's clocks."""
    return to_microseconds(datetime.combine(date(2026, 11, day), time(hour), tzinfo=SHANGHAI))


def rules(prorate: Prorate = Prorate.NONE, hours: tuple[WeeklyHours, ...] = ()) -> Policy:
    """A policy with one tier."""
    version = PolicyVersion(tiers=(TIER,), prorate=prorate)
    return policy(version, agents=(AgentPeriod(agent="1004", tier="level_1"),), hours=hours)


def leave(first: int, after: int) -> People:
    """Leave from one day of November up to another."""
    return replace(WANG, leaves=(Leave(agent="1004", start_us=us(first), end_us=us(after)),))


@pytest.mark.parametrize(
    ("worked", "nominal", "floor"), [(10, 10, 100), (5, 10, 50), (0, 10, 0), (12, 10, 100), (0, 0, 100), (1, 3, 33)]
)
def test_a_floor_follows_the_time_that_was_worked(worked: int, nominal: int, floor: int) -> None:
    """Extra shifts raise nobody's floor; who has no shifts keeps it whole."""
    assert prorated(100, worked, nominal) == floor


def test_a_projection_over_nothing_is_none() -> None:
    """And when all has passed it is what was talked."""
    assert projected(100, Progress(passed=0, whole=10)) is None
    assert projected(100, Progress(passed=4, whole=10)) == 250
    assert projected(100, Progress(passed=10, whole=10)) == 100


def test_leave_lowers_the_floor_where_the_policy_says_so() -> None:
    """A week off of November's 21 working days; without the switch the floor is everybody's."""
    roster = Roster(leave(2, 9), SHANGHAI)  # 5 of 21 working days
    whole = standing(rules(), roster, "1004", NOVEMBER, NOVEMBER.end_us, 0, 2000)
    assert whole.floor_ms == 2000 * MINUTE
    less = standing(rules(Prorate.SHIFTS), roster, "1004", NOVEMBER, NOVEMBER.end_us, 0, 2000)
    assert less.floor_ms == 2000 * MINUTE * 16 // 21


def test_who_joined_within_the_month_owes_a_part_of_it() -> None:
    """His usual month is thought whole."""
    joined = replace(WANG, agents=(Agent(agent="1004", joined=date(2026, 11, 16)),))
    found = standing(rules(Prorate.SHIFTS), Roster(joined, SHANGHAI), "1004", NOVEMBER, us(20), 0, 2000)
    assert found.floor_ms == 2000 * MINUTE * 11 // 21


def test_the_month_is_projected_by_scheduled_time() -> None:
    """On Monday the 9th at 13:00 five and a half of 21 days are behind; a weekend changes nothing."""
    roster = Roster(WANG, SHANGHAI)
    found = standing(rules(), roster, "1004", NOVEMBER, us(9, 13), 550 * MINUTE, 2000)
    assert found.projected_ms == 2100 * MINUTE
    assert found.due_ms == 2000 * MINUTE * 11 // 42
    friday = standing(rules(), roster, "1004", NOVEMBER, us(6, 17), 500 * MINUTE, 2000)
    sunday = standing(rules(), roster, "1004", NOVEMBER, us(8, 12), 500 * MINUTE, 2000)
    assert friday == sunday


def test_without_shifts_the_days_count_that_the_centre_is_open() -> None:
    """By the policy's opening hours; without any, every day weighs the same."""
    week = (OpenSpan(opens=time(9), closes=time(18)),)
    hours = (WeeklyHours(days=(week,) * 5 + ((), ())),)
    by_hours = standing(rules(hours=hours), None, "1004", NOVEMBER, us(9), 500 * MINUTE, 2000)
    assert by_hours.projected_ms == 500 * MINUTE * 21 // 5
    by_days = standing(rules(), None, "1004", NOVEMBER, us(16), 500 * MINUTE, 2000)
    assert by_days.projected_ms == 1000 * MINUTE


def test_behind_is_less_than_what_is_due_by_now() -> None:
    """Equal to it is not behind; without a floor nothing is said."""
    found = standing(rules(), None, "1004", NOVEMBER, us(16), 0, 2000)
    assert found.due_ms == 1000 * MINUTE
    assert (found.behind(1000 * MINUTE), found.behind(1000 * MINUTE - 1)) == (False, True)
    assert standing(rules(), None, "1004", NOVEMBER, us(16), 0, None).behind(0) is None


def test_before_the_month_nothing_is_due_and_nothing_projected() -> None:
    """A rate over nothing is None."""
    found = standing(rules(), None, "1004", NOVEMBER, start_of_day(date(2026, 10, 1), SHANGHAI), 0, 2000)
    assert (found.projected_ms, found.due_ms) == (None, 0)


def test_the_report_tells_all_of_it() -> None:
    """The floor that counts, where the month is going and who is behind; nothing of it outside a month."""
    facts = FactsInMemory([call(), talk(end=3600)])
    as_of = datetime.combine(date(2026, 11, 30), time(), tzinfo=SHANGHAI)
    roster = Roster(leave(2, 9), SHANGHAI)
    (row,) = minutes_report(facts, rules(Prorate.SHIFTS), NOVEMBER, as_of, roster=roster).rows
    assert row["quota_floor"] == 2000
    assert row["quota_floor_prorated"] == round(2000 * 16 / 21, 4)
    assert row["quota_short"] == round(2000 * 16 / 21 - 60, 4)
    assert row["projected_minutes"] == 64.0
    assert row["behind"] is True
