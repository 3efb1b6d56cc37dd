"""Tests of analytics.setup.hours: opening hours from when calls were answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.setup.hours import DayHours, propose_hours
from analytics.setup.sightings import QUARTER_US
from config.calendars import OpenSpan
from config.closings import Closings
from config.openings import Openings
from telephony.clock import to_microseconds

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAIN = Openings((), Closings(), SHANGHAI)
MONDAYS = [date(2026, 11, 2) + each * timedelta(weeks=1) for each in range(4)]


def answered(days: Iterable[date], *clocks: str, zone: ZoneInfo = SHANGHAI) -> list[tuple[int, int]]:
    """One call answered in the quarter hour of each of these times, on each of these days."""
    instants = [datetime.combine(day, time.fromisoformat(each), tzinfo=zone) for day in days for each in clocks]
    return [(to_microseconds(at) // QUARTER_US, 1) for at in instants]


def spans(*texts: str) -> tuple[OpenSpan, ...]:
    """Spans such as 09:00-12:00."""
    edges = [each.split("-") for each in texts]
    closing = [None if closes == "24:00" else time.fromisoformat(closes) for _, closes in edges]
    return tuple(
        OpenSpan(opens=time.fromisoformat(opens), closes=closes)
        for (opens, _), closes in zip(edges, closing, strict=True)
    )


def monday(seen: list[tuple[int, int]], openings: Openings = PLAIN) -> DayHours:
    """What is proposed for Mondays."""
    return propose_hours(seen, openings)[0]


def test_a_day_reaches_from_its_first_to_its_last_served_quarter() -> None:
    """A call at 09:14 and one at 17:45 make the day 09:00 to 18:00; quiet quarters between are inside."""
    found = monday(answered(MONDAYS[:2], "09:14:59", "13:00", "17:45"))
    assert found == DayHours(weekday=0, days=2, spans=spans("09:00-18:00"))


def test_a_quarter_is_served_on_half_of_the_days_or_more() -> None:
    """Two Mondays of four open a quarter; one does not."""
    usual = answered(MONDAYS, "09:00", "09:15")
    assert monday(usual + answered(MONDAYS[:2], "18:00")).spans == spans("09:00-09:30", "18:00-18:15")
    assert monday(usual + answered(MONDAYS[:1], "18:00")).spans == spans("09:00-09:30")


@pytest.mark.parametrize(
    ("mondays", "back", "expected"),
    [
        (4, "13:15", ("09:00-12:15", "13:15-14:15")),
        (4, "13:00", ("09:00-14:15",)),  # 45 minutes are no break
        (3, "13:15", ("09:00-14:15",)),  # three days do not tell
    ],
)
def test_an_hour_without_calls_on_four_days_is_a_break(mondays: int, back: str, expected: tuple[str, ...]) -> None:
    """A noon break is told from chance by its length and by the number of days."""
    quarters = [f"{9 + each // 4:02}:{each % 4 * 15:02}" for each in range(13)]
    assert monday(answered(MONDAYS[:mondays], *quarters, back, "14:00")).spans == spans(*expected)


def test_one_call_in_the_break_keeps_it_open() -> None:
    """Where anybody was answered, be it once, there is no break of an hour."""
    seen = answered(MONDAYS, "09:00", "11:00", "11:45", "13:00") + answered(MONDAYS[:1], "12:30")
    assert monday(seen).spans == spans("09:00-09:15", "11:00-13:15")


def test_midnight_closes_a_day() -> None:
    """A last quarter before midnight gives 24:00."""
    assert monday(answered(MONDAYS[:1], "23:59")).spans == spans("23:45-24:00")


def test_days_without_calls_are_counted_and_closed() -> None:
    """Tuesdays between two Mondays count as days; days outside the stretch do not."""
    found = propose_hours(answered(MONDAYS[:2], "09:00"), PLAIN)
    assert [(each.days, bool(each.spans)) for each in found] == [(2, True), *[(1, False)] * 6]


def test_holidays_and_make_up_days_are_not_of_the_week() -> None:
    """The first week of October and the Saturday that makes up for it tell nothing of Mondays or Saturdays."""
    china = Openings((), Closings(country="CN"), SHANGHAI)
    weekdays = [date(2026, 9, 28) + timedelta(days=each) for each in (0, 14, 15, 16, 17, 18)]
    seen = answered(weekdays, "09:00") + answered([date(2026, 10, 10)], "20:00")
    assert monday(seen, china).days == 2
    assert monday(seen).days == 3
    assert propose_hours(seen, china)[5].spans == ()
    assert propose_hours(answered([date(2026, 10, 1)], "09:00"), china) == ()


def test_quarters_are_those_of_the_centres_clock() -> None:
    """A zone three quarters off the hour, and the night on which clocks go back, keep their local times."""
    chatham = ZoneInfo("Pacific/Chatham")
    openings = Openings((), Closings(), chatham)
    assert monday(answered(MONDAYS[:1], "09:15", zone=chatham), openings).spans == spans("09:15-09:30")
    berlin = ZoneInfo("Europe/Berlin")
    sunday = propose_hours(
        answered([date(2026, 10, 25)], "01:00", "04:00", zone=berlin), Openings((), Closings(), berlin)
    )[6]
    assert sunday.spans == spans("01:00-04:15")


@given(st.lists(st.tuples(st.integers(1_990_000, 1_991_000), st.integers(1, 9)), max_size=60))
def test_spans_are_such_as_a_policy_may_have(seen: list[tuple[int, int]]) -> None:
    """Whatever was seen, spans follow each other within a day, and each has a length."""
    for day in propose_hours(seen, PLAIN):
        edges = [edge for span in day.spans for edge in (span.opens, span.closes)]
        assert None not in edges[:-1]
        known = [edge for edge in edges if edge is not None]
        assert known == sorted(set(known))
        assert day.days >= bool(day.spans)
