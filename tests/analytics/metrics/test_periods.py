"""Periods: midnight, the end of a month, and both days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import PeriodError
from analytics.metrics.periods import PeriodKind, day_period, month_period, parse_period

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR_US = 3_600_000_000


def hours(period_day: date, zone: str) -> float:
    """How long a day is."""
    period = day_period(period_day, ZoneInfo(zone))
    return (period.end_us - period.start_us) / HOUR_US


def test_a_month_begins_and_ends_at_the_centres_midnight() -> None:
    """November in Shanghai ends eight hours before November in Greenwich."""
    period = month_period(2026, 11, SHANGHAI)
    assert period.start == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert period.end == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_december_ends_with_the_year() -> None:
    """The month after the twelfth is the first."""
    assert month_period(2026, 12, UTC).end == datetime(2027, 1, 1, tzinfo=UTC)


def test_months_follow_each_other_without_gap_or_overlap() -> None:
    """One's end is the other's start, by the microsecond."""
    assert month_period(2026, 10, BERLIN).end_us == month_period(2026, 11, BERLIN).start_us


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 23),  # clocks go forward at 02:00
        (date(2026, 10, 25), "Europe/Berlin", 25),  # and back at 03:00
        (date(2026, 11, 2), "Asia/Shanghai", 24),
        (date(2018, 11, 4), "America/Sao_Paulo", 23),  # 00:00 does not exist
        (date(2018, 2, 17), "America/Sao_Paulo", 25),  # 24:00 goes back to 23:00
        (date(2018, 2, 18), "America/Sao_Paulo", 24),
        (date(2026, 11, 1), "America/Havana", 25),  # 01:00 goes back to 00:00: midnight comes twice
        (date(1991, 4, 14), "Asia/Shanghai", 23),  # the last summer time of China
    ],
)
def test_a_day_on_which_clocks_change_has_23_or_25_hours(day: date, zone: str, expected: int) -> None:
    """The whole day is counted, and once."""
    assert hours(day, zone) == expected


@given(
    day=st.dates(date(1990, 1, 1), date(2035, 12, 31)),
    zone=st.sampled_from(
        ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "UTC"]
    ),
)
def test_the_days_of_any_zone_follow_each_other(day: date, zone: str) -> None:
    """Every instant of a day has that day's date, and the next day begins where it ends."""
    of_zone = ZoneInfo(zone)
    period = day_period(day, of_zone)
    assert period.start.astimezone(of_zone).date() == day
    assert (period.end - timedelta(microseconds=1)).astimezone(of_zone).date() == day
    assert (period.start - timedelta(microseconds=1)).astimezone(of_zone).date() < day
    assert period.end_us == day_period(day + timedelta(days=1), of_zone).start_us


def test_the_days_of_a_month_make_the_month() -> None:
    """Also of one with a change of clocks."""
    month = month_period(2026, 10, BERLIN)
    days = list(month.days())
    assert [day.label for day in days] == [f"2026-10-{number:02}" for number in range(1, 32)]
    assert days[0].start_us == month.start_us
    assert days[-1].end_us == month.end_us
    assert sum(day.end_us - day.start_us for day in days) == month.end_us - month.start_us


def test_the_first_and_the_last_day_of_a_custom_period_are_cut_to_it() -> None:
    """Half a day is half a day."""
    period = parse_period("2026-11-02T12:00/2026-11-03T06:00", SHANGHAI)
    assert [(day.end_us - day.start_us) / HOUR_US for day in period.days()] == [12, 6]


@pytest.mark.parametrize(
    ("text", "kind", "start", "end"),
    [
        ("2026-11", PeriodKind.MONTH, "2026-10-31T16:00", "2026-11-30T16:00"),
        ("2026-11-02", PeriodKind.DAY, "2026-11-01T16:00", "2026-11-02T16:00"),
        ("2026-11-02/2026-11-09", PeriodKind.CUSTOM, "2026-11-01T16:00", "2026-11-08T16:00"),
        ("2026-11-02T09:00/2026-11-02T09:30", PeriodKind.CUSTOM, "2026-11-02T01:00", "2026-11-02T01:30"),
        ("2026-11-02T09:00Z/2026-11-02T10:00Z", PeriodKind.CUSTOM, "2026-11-02T09:00", "2026-11-02T10:00"),
    ],
)
def test_a_period_is_read_in_the_centres_zone(text: str, kind: PeriodKind, start: str, end: str) -> None:
    """Unless a time says its own offset."""
    period = parse_period(text, SHANGHAI)
    assert (period.kind, period.label) == (kind, text)
    assert period.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert period.end == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "november", "2026-13", "2026-11-31", "20261", "0000", "2026-11-02/", "/", "x/y"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    """With what was found and what is expected."""
    with pytest.raises(PeriodError, match="expected 2026, 2026-11, 2026-11-02 or 2026-11-02/2026-11-09"):
        parse_period(text, SHANGHAI)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    """An empty one is not: it holds nothing."""
    with pytest.raises(PeriodError, match="found an end before its start"):
        parse_period("2026-11-09/2026-11-02", SHANGHAI)
    empty = parse_period("2026-11-02/2026-11-02", SHANGHAI)
    assert list(empty.days()) == []
