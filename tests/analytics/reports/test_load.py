"""The load by the clock, by shift and in hours, and the agents it asks for."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from analytics.errors import QueryError
from analytics.facts_in_memory import FactsInMemory
from analytics.metrics.periods import Period, day_period, parse_period
from analytics.people.records import People, ShiftPattern
from analytics.people.roster import Roster
from analytics.people.shift_texts import read_spans
from analytics.reports.load import Asked, load_report
from analytics.reports.load_time import parse_load_groups
from analytics.reports.report import Cell
from analytics.sources import figures_of
from config.calendars import OpenSpan, WeeklyHours
from config.policies import Policy, PolicyVersion, ServiceLevel
from telephony.calls.facts import Direction, Disposition, Fact, VisitEnd
from tests.analytics.factory import START, call, talk, visit
from tests.analytics.metrics.asking import SHANGHAI, TODAY, policy
from tests.analytics.stored import store_facts

BERLIN = ZoneInfo("Europe/Berlin")
MONTH = parse_period("2026-11", SHANGHAI)
EARLY = ShiftPattern(name="early", spans=read_spans("08:00-16:00"))
LATE = ShiftPattern(name="late", spans=read_spans("15:00-22:00"))
NIGHT = ShiftPattern(name="night", spans=read_spans("22:00-06:00"))


def roster(*patterns: ShiftPattern, zone: ZoneInfo = SHANGHAI) -> Roster:
    """The centre's shifts."""
    return Roster(People(patterns=patterns), zone)


def answered(number: int, start: float, handle: float = 60) -> list[Fact]:
    """An inbound call that waits 10 s in the queue and is talked in for so long."""
    name = f"pbx/{number}.1"
    talks = start + 10
    return [
        call(name, start=start, answered=talks, end=talks + handle),
        visit(name, joined=start, left=talks, ended=VisitEnd.ANSWERED),
        talk(name, start=talks, end=talks + handle),
    ]


def lost(number: int, start: float) -> list[Fact]:
    """A caller who gives up after half a minute."""
    name = f"pbx/{number}.1"
    gone = start + 30
    return [
        call(name, start=start, end=gone, disposition=Disposition.ABANDONED, customer=f"1380000{number:04}"),
        visit(name, joined=start, left=gone, ended=VisitEnd.ABANDONED),
    ]


def rows(
    facts: list[Fact],
    group: str = "none",
    *,
    period: Period = TODAY,
    rules: Policy | None = None,
    plan: Roster | None = None,
    staffing: bool = False,
    shrinkage: int = 0,
) -> tuple[dict[str, Cell], ...]:
    """The rows of the report, as known when the period is over."""
    asked = Asked(groups=_groups(group), staffing=staffing, shrinkage=shrinkage)
    rules, plan = rules or policy(), plan or roster()
    return load_report(FactsInMemory(facts), rules, period, period.end, plan, asked).rows


def _groups(group: str) -> tuple[str, ...]:
    return parse_load_groups(group)


def test_what_a_menu_served_was_not_offered_to_a_human() -> None:
    """Calls are offered and served by themselves; outbound calls are no load."""
    facts = [
        *answered(1, 0),
        *lost(2, 60),
        call("pbx/3.1", start=90, end=100, disposition=Disposition.PICKED_UP),
        call("pbx/4.1", start=90, end=100, direction=Direction.OUTBOUND),
    ]
    (row,) = rows(facts)
    assert (row["calls"], row["self_service"], row["offered"]) == (3, 1, 2)
    assert (row["answered"], row["abandoned"], row["visits"]) == (1, 1, 2)
    assert (row["average_wait_seconds"], row["longest_wait_seconds"]) == (10.0, 30.0)
    assert (row["service_level"], row["average_handle_seconds"]) == (0.5, 60.0)


def test_the_clock_tells_rows_apart() -> None:
    """A Monday's quarter hours by the centre's clock: 09:00 and 09:15; an hour has both."""
    facts = [*answered(1, 0), *answered(2, 899), *answered(3, 900, handle=120)]
    by_quarter = rows(facts, "weekday,quarter_hour")
    assert [(row["weekday"], row["quarter_hour"], row["offered"]) for row in by_quarter] == [
        ("1", "09:00", 2),
        ("1", "09:15", 1),
    ]
    assert [row["average_handle_seconds"] for row in by_quarter] == [60.0, 120.0]
    assert [(row["hour"], row["calls"], row["average_handle_seconds"]) for row in rows(facts, "hour")] == [
        ("09", 3, 80.0)
    ]


def test_a_quarter_hour_of_two_shifts_belongs_to_the_first() -> None:
    """15:00 is in the early and in the late shift; 07:00 is in none, and its name is empty."""
    facts = [*answered(1, -7_200), *answered(2, 6 * 3600), *answered(3, 7 * 3600), *answered(4, 14 * 3600)]
    found = rows(facts, "shift", plan=roster(EARLY, LATE, NIGHT))
    assert {row["shift"]: row["calls"] for row in found} == {"": 1, "early": 1, "late": 1, "night": 1}


def test_shifts_that_change_on_the_half_hour_are_told_exactly() -> None:
    """08:29 is before the shift and 08:30 in it; so are the handle times."""
    half = ShiftPattern(name="half", spans=read_spans("08:30-12:00"))
    facts = [*answered(1, -31 * 60), *answered(2, -30 * 60, handle=120)]
    found = rows(facts, "shift", plan=roster(half))
    assert [(row["shift"], row["calls"], row["average_handle_seconds"]) for row in found] == [
        ("", 1, 60.0),
        ("half", 1, 120.0),
    ]


def test_a_night_shift_has_the_calls_after_midnight() -> None:
    """02:00 belongs to the shift that began at 22:00, also on the period's first day."""
    facts = [*answered(1, -7 * 3600), *answered(2, 14 * 3600)]
    (row,) = rows(facts, "shift", plan=roster(NIGHT))
    assert (row["shift"], row["calls"]) == ("night", 2)


def test_shifts_without_any_are_refused() -> None:
    """In one line, with what to do."""
    with pytest.raises(QueryError, match="found shift, expected shifts of the centre"):
        rows(answered(1, 0), "shift")


def test_groups_of_people_are_refused_with_what_there_is() -> None:
    """A caller who was not answered had no agent."""
    with pytest.raises(QueryError, match="found group agent, expected one of"):
        rows(answered(1, 0), "agent")
    with pytest.raises(QueryError, match="found 'shifts', expected none or one of"):
        _groups("shifts,hour")


def test_in_hours_and_out_add_up() -> None:
    """By the policy's opening hours when the call began."""
    facts = [*answered(1, -3_600), *answered(2, 0), *lost(3, 60)]
    found = {row["hours"]: row["calls"] for row in rows(facts, "hours", rules=_opens_at(9, 0))}
    assert found == {"out": 1, "in": 2}


def _opens_at(hour: int, minute: int) -> Policy:
    span = OpenSpan(opens=time(hour, minute), closes=time(18, 0))
    return policy(hours=(WeeklyHours(days=((span,),) * 7),))


@given(
    starts=st.lists(st.integers(0, 3 * 86_400 - 1), max_size=25),
    halves=st.booleans(),
    group=st.sampled_from(
        ["quarter_hour", "weekday,hour", "shift", "day,shift", "hours,shift", "hour,hours", "queue"]
    ),
)
@settings(max_examples=40)
def test_rows_add_up_to_the_whole_whatever_tells_them_apart(starts: list[int], halves: bool, group: str) -> None:
    """Over three days, on one of which the clocks of the zone go back."""
    period = parse_period("2026-10-24/2026-10-27", BERLIN)
    began = (period.start - START).total_seconds()
    facts = [fact for n, each in enumerate(starts, 1) for fact in (answered if n % 3 else lost)(n, began + each)]
    rules = policy(zone=BERLIN, hours=_opens_at(9, 10).hours)
    split = ShiftPattern(name="split", spans=read_spans("06:30-07:45 09:30-11:00"))
    plan = roster(EARLY, LATE, NIGHT, *([split] if halves else []), zone=BERLIN)
    (whole,) = rows(facts, period=period, rules=rules, plan=plan)
    parts = rows(facts, group, period=period, rules=rules, plan=plan)
    for name in ("calls", "offered", "answered", "abandoned", "visits"):
        assert sum(int(row[name] or 0) for row in parts) == whole[name]


# -- staffing ------------------------------------------------------------------------------


def test_a_quarter_hour_is_staffed_by_its_mean_over_the_period() -> None:
    """Of November's five Mondays one had ten calls at 09:00: two a quarter hour, with the period's handle time."""
    facts = [fact for number in range(10) for fact in answered(number, number * 30, handle=180)]
    (row,) = rows(facts, "weekday,quarter_hour", period=MONTH, staffing=True)
    assert (row["weekday"], row["quarter_hours"], row["offered_per_quarter"]) == ("1", 5.0, 2.0)
    assert (row["handle_seconds"], row["load"]) == (180.0, 0.4)
    assert (row["agents"], row["scheduled"], row["expected_occupancy"]) == (2, 2, 0.2)


def test_the_standard_example_from_calls_to_agents() -> None:
    """50 calls of three minutes in a quarter hour are 10 erlangs: 14 agents, and 20 people where 30 % are away."""
    facts = [fact for number in range(50) for fact in answered(number, number * 10, handle=180)]
    (row,) = rows(facts, "quarter_hour", staffing=True, shrinkage=30)
    assert (row["load"], row["agents"], row["scheduled"]) == (10.0, 14, 20)
    assert (row["expected_service_level"], row["expected_wait_seconds"]) == (0.8884, 7.8)
    assert row["expected_occupancy"] == 0.7143


def test_the_policy_says_what_is_to_be_reached() -> None:
    """A higher target asks for more agents, and the sentence beside the rows says which it was."""
    facts = [fact for number in range(50) for fact in answered(number, number * 10, handle=180)]
    rules = policy(PolicyVersion(service_level=ServiceLevel(target=94)))
    asked = Asked(groups=("quarter_hour",), staffing=True)
    made = load_report(FactsInMemory(facts), rules, TODAY, TODAY.end, roster(), asked)
    assert [row["agents"] for row in made.rows] == [15]
    assert "94 % within 20 s, busy at most 85 %, shrinkage 0 %" in made.warnings[-1]
    chinese = Asked(groups=("quarter_hour",), staffing=True, language="zh")
    told = load_report(FactsInMemory(facts), rules, TODAY, TODAY.end, roster(), chinese).warnings[-1]
    assert "20 秒内接通 94%" in told


def test_a_row_has_the_time_of_its_hours_and_no_more() -> None:
    """Where the centre opens at 09:10, the hour from nine has 50 minutes in hours and 10 out."""
    found = rows([*answered(1, 0), *answered(2, 900)], "hour,hours", rules=_opens_at(9, 10), staffing=True)
    assert {row["hours"]: row["quarter_hours"] for row in found} == {"out": 0.67, "in": 3.33}


def test_the_day_on_which_clocks_go_back_has_four_quarters_more() -> None:
    """The hour from two comes twice, and counts twice."""
    day = day_period(date(2026, 10, 25), BERLIN)
    began = (day.start - START).total_seconds()
    facts = [*answered(1, began + 2 * 3600), *answered(2, began + 3 * 3600), *answered(3, began + 4 * 3600)]
    found = rows(facts, "hour", period=day, rules=policy(zone=BERLIN), staffing=True)
    assert [(row["hour"], row["calls"], row["quarter_hours"]) for row in found] == [("02", 2, 8.0), ("03", 1, 4.0)]


def test_what_cannot_be_known_is_not_suggested() -> None:
    """Calls came and nobody answered: no handle time, no agents; no calls at all: nobody."""
    (row,) = rows(lost(1, 0), staffing=True)
    assert (row["offered"], row["handle_seconds"], row["agents"], row["load"]) == (1, None, None, None)
    (nothing,) = rows([], staffing=True)
    assert (nothing["offered"], nothing["agents"], nothing["expected_service_level"]) == (0, 0, None)


def test_an_unfinished_period_is_divided_by_the_time_that_is_over() -> None:
    """Half an hour after midnight two quarter hours have been, not 96."""
    early = TODAY.start.replace(minute=30)
    asked = Asked(groups=(), staffing=True)
    made = load_report(FactsInMemory([]), policy(), TODAY, early, roster(), asked)
    assert made.rows[0]["quarter_hours"] == 2.0


def test_the_store_gives_the_same_load_as_the_facts(store: Engine) -> None:
    """On both databases, with what tells rows apart by shift."""
    facts = [*answered(1, 0), *answered(2, 7 * 3600, handle=90), *lost(3, 60)]
    store_facts(store, facts)
    asked, plan = Asked(groups=("shift", "hour"), staffing=True), roster(EARLY, LATE)
    with store.connect() as connection:
        stored = load_report(figures_of(connection, policy()), policy(), TODAY, TODAY.end, plan, asked)
    assert stored == load_report(FactsInMemory(facts), policy(), TODAY, TODAY.end, plan, asked)
    assert len(stored.rows) == 2
