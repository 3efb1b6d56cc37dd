"""Who is to work when: split and overnight shifts, rotations, changes, leave, both changes of clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.metrics.periods import start_of_day
from analytics.people.intervals import common, length
from analytics.people.local_clock import instant_of
from analytics.people.records import (
    Agent,
    ChangeKind,
    DayChange,
    Leave,
    People,
    Rotation,
    ShiftAssignment,
    ShiftPattern,
)
from analytics.people.roster import Roster
from analytics.people.shift_texts import read_spans
from telephony.clock import from_microseconds, to_microseconds

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)
HOUR = 3_600_000

EARLY = ShiftPattern(name="early", spans=read_spans("08:00-16:00"), days=frozenset(range(1, 7)))
SPLIT = ShiftPattern(name="split", spans=read_spans("08:30-12:00 17:00-21:30"))
NIGHT = ShiftPattern(name="night", spans=read_spans("22:00-06:00"))
PATTERNS = (EARLY, SPLIT, NIGHT)


def roster(shift: str = "early", zone: tzinfo = SHANGHAI, **more: object) -> Roster:
    """A roster in which wang works a shift for ever."""
    plan = People(patterns=PATTERNS, assignments=(ShiftAssignment(agent="wang", shift=shift),))
    return Roster(replace(plan, **more), zone)  # type: ignore[arg-type]


def worked(plan: Roster, day: date, days: int = 1, agent: str = "wang") -> list[str]:
    """What is scheduled on some days, by the centre's clocks."""
    spans = plan.scheduled(agent, *edges(plan, day, days))
    return [f"{_shown(start, plan)}-{_shown(end, plan)}" for start, end in spans]


def edges(plan: Roster, day: date, days: int = 1) -> tuple[int, int]:
    """A stretch of whole days."""
    return start_of_day(day, plan.zone), start_of_day(day + timedelta(days=days), plan.zone)


def _shown(us: int, plan: Roster) -> str:
    return f"{from_microseconds(us).astimezone(plan.zone):%d %H:%M}"


def at(plan: Roster, *moment: int) -> int:
    """An instant by the centre's clocks."""
    year, month, day, hour, minute = moment
    return to_microseconds(datetime(year, month, day, hour, minute, tzinfo=plan.zone))


def test_a_split_shift_has_two_spans() -> None:
    """The break between them is not scheduled."""
    assert worked(roster("split"), MONDAY) == ["23 08:30-23 12:00", "23 17:00-23 21:30"]


def test_a_night_shift_reaches_into_the_next_day() -> None:
    """It is cut at the edge of the stretch that is asked for, and neighbouring days add up."""
    plan = roster("night")
    assert worked(plan, MONDAY) == ["23 00:00-23 06:00", "23 22:00-24 00:00"]
    assert worked(plan, MONDAY, 2) == ["23 00:00-23 06:00", "23 22:00-24 06:00", "24 22:00-25 00:00"]


def test_a_pattern_is_worked_on_its_weekdays() -> None:
    """Sunday is free."""
    plan = roster()
    assert worked(plan, MONDAY + timedelta(days=5)) == ["28 08:00-28 16:00"]
    assert worked(plan, MONDAY + timedelta(days=6)) == []


def test_a_rotation_of_three_weeks_comes_round() -> None:
    """Weeks are counted from the week of its start, also backwards."""
    rotation = Rotation(name="three", start=date(2026, 11, 25), weeks=("early", None, "night"))
    plan = roster("three", rotations=(rotation,))
    weeks = [worked(plan, MONDAY + timedelta(days=7 * week + 1)) for week in (0, 1, 2, 3, -1)]
    assert [len(week) for week in weeks] == [1, 0, 2, 1, 2]
    assert weeks[0] == ["24 08:00-24 16:00"]


def test_a_swap_replaces_the_day_and_an_extra_shift_comes_on_top() -> None:
    """A swap to nothing is a day off; the plan of the other days stays."""
    changes = (
        DayChange(agent="wang", day=MONDAY, shift="split"),
        DayChange(agent="wang", day=MONDAY + timedelta(days=1)),
        DayChange(agent="wang", day=MONDAY + timedelta(days=2), kind=ChangeKind.EXTRA, shift="night"),
    )
    plan = roster(changes=changes)
    assert worked(plan, MONDAY) == ["23 08:30-23 12:00", "23 17:00-23 21:30"]
    assert worked(plan, MONDAY + timedelta(days=1)) == []
    assert worked(plan, MONDAY + timedelta(days=2), 2) == [
        "25 08:00-25 16:00",
        "25 22:00-26 06:00",
        "26 08:00-26 16:00",
    ]


def test_leave_is_cut_out_once_it_is_approved() -> None:
    """By the minute; what was only asked for changes nothing."""
    plan = roster()
    span = {"start_us": at(plan, 2026, 11, 23, 10, 0), "end_us": at(plan, 2026, 11, 23, 12, 30)}
    taken = roster(leaves=(Leave(agent="wang", **span),))
    assert worked(taken, MONDAY) == ["23 08:00-23 10:00", "23 12:30-23 16:00"]
    assert taken.scheduled_ms("wang", *edges(taken, MONDAY)) == 5.5 * HOUR
    asked = roster(leaves=(Leave(agent="wang", approved=False, **span),))
    assert worked(asked, MONDAY) == ["23 08:00-23 16:00"]


def test_nothing_is_scheduled_before_an_agent_joined_and_after_he_left() -> None:
    """The usual month is still that of a whole month, so that a quota can be pro-rated by it."""
    person = Agent(agent="wang", joined=MONDAY + timedelta(days=1), left=MONDAY + timedelta(days=3))
    plan = roster(agents=(person,))
    assert worked(plan, MONDAY, 7) == ["24 08:00-24 16:00", "25 08:00-25 16:00"]
    assert plan.nominal_ms("wang", *edges(plan, MONDAY, 7)) == 6 * 8 * HOUR


def test_the_usual_shifts_of_who_was_assigned_late_reach_back() -> None:
    """By his nearest assignment."""
    late = ShiftAssignment(agent="wang", shift="early", start=MONDAY + timedelta(days=3))
    plan = roster(assignments=(late,))
    assert plan.scheduled_ms("wang", *edges(plan, MONDAY, 7)) == 3 * 8 * HOUR
    assert plan.nominal_ms("wang", *edges(plan, MONDAY, 7)) == 6 * 8 * HOUR


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (MONDAY, 8)])
def test_a_night_when_clocks_change_is_an_hour_shorter_or_longer(day: date, hours: int) -> None:
    """22:00 to 06:00 by the clock is what was promised."""
    plan = roster("night", zone=BERLIN)
    noon = instant_of(day, 720, BERLIN)
    assert plan.scheduled_ms("wang", noon, instant_of(day, 720 + 1440, BERLIN)) == hours * HOUR


def test_a_time_that_the_clocks_skip_is_the_instant_of_the_change() -> None:
    """02:30 does not come on that night; one that comes twice is its first."""
    skipped = instant_of(date(2026, 3, 29), 150, BERLIN)
    assert from_microseconds(skipped) == datetime(2026, 3, 29, 1, 0, tzinfo=ZoneInfo("UTC"))
    twice = instant_of(date(2026, 10, 25), 150, BERLIN)
    assert from_microseconds(twice) == datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("UTC"))


def test_the_shift_at_an_instant_has_a_name() -> None:
    """Its start is inside and its end is not; leave has none."""
    plan = roster("night")
    assert plan.shift_at("wang", at(plan, 2026, 11, 24, 5, 59)) == "night"
    assert plan.shift_at("wang", at(plan, 2026, 11, 23, 22, 0)) == "night"
    assert plan.shift_at("wang", at(plan, 2026, 11, 24, 6, 0)) is None
    away = Leave(agent="wang", start_us=at(plan, 2026, 11, 23, 0, 0), end_us=at(plan, 2026, 11, 25, 0, 0))
    assert roster("night", leaves=(away,)).shift_at("wang", at(plan, 2026, 11, 24, 5, 0)) is None


def test_the_centres_shifts_are_told_by_day_and_name() -> None:
    """Also where nobody is assigned; a night shift appears on both days that it touches."""
    plan = Roster(People(patterns=PATTERNS), SHANGHAI)
    named = plan.centre_shifts(*edges(plan, MONDAY))
    assert [(each.name, each.day.day) for each in named] == [
        ("night", 22),
        ("early", 23),
        ("night", 23),
        ("split", 23),
    ]


@given(
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    cut=st.integers(0, 3 * 24 * 60),
    shift=st.sampled_from(["early", "split", "night"]),
)
def test_parts_of_a_stretch_add_up_to_the_whole(day: date, cut: int, shift: str) -> None:
    """Wherever it is cut, in a zone whose clocks change."""
    plan = roster(shift, zone=BERLIN)
    start, end = edges(plan, day, 3)
    middle = min(start + cut * 60_000_000, end)
    parts = plan.scheduled("wang", start, middle) + plan.scheduled("wang", middle, end)
    whole = plan.scheduled("wang", start, end)
    assert length(parts) == length(whole)
    assert length(common(parts, whole)) == length(whole)
