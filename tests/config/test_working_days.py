"""Tests of config.working_days: when what is owed in days is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.calendars import OpenSpan, WeeklyHours
from config.closings import Closings
from config.errors import ConfigMisuseError
from config.openings import Openings
from config.working_days import (
    calendar_days_end,
    closing_of,
    received_at,
    received_on,
    unannounced_years,
    working_days_end,
    working_days_in,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = (OpenSpan(opens=time(9), closes=time(12)), OpenSpan(opens=time(13, 30), closes=time(18)))
SHORT = (OpenSpan(opens=time(9), closes=time(12)),)
SIX_DAYS = (WeeklyHours(days=(*(DAY,) * 5, SHORT, ())),)
OFFICE = Openings(SIX_DAYS, Closings(country="CN"), SHANGHAI)
ALWAYS = Openings((), Closings(), SHANGHAI)
GONE = Openings((WeeklyHours(),), Closings(), SHANGHAI)


def shanghai(text: str) -> datetime:
    """An instant by the clock of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        ("2026-11-23T09:00", 1, "2026-11-24T18:00"),
        ("2026-11-23T17:59:59.999999", 1, "2026-11-24T18:00"),
        ("2026-11-23T18:00", 1, "2026-11-25T18:00"),  # after closing: received on Tuesday
        ("2026-11-23T12:30", 1, "2026-11-24T18:00"),  # the noon break is no closing
        ("2026-11-23T03:00", 1, "2026-11-24T18:00"),  # before opening: that day's
        ("2026-11-27T10:00", 1, "2026-11-28T12:00"),  # a Saturday closes at noon
        ("2026-11-28T12:00", 1, "2026-12-01T18:00"),  # Saturday after noon: received on Monday
        ("2026-11-29T10:00", 2, "2026-12-02T18:00"),  # a Sunday: received on Monday
        ("2026-02-13T10:00", 1, "2026-02-14T18:00"),  # a Saturday that makes up closes as a Monday does
        ("2026-02-13T10:00", 2, "2026-02-24T18:00"),  # over the Spring Festival
        ("2026-02-14T19:00", 7, "2026-03-04T18:00"),  # received on the 24th; Saturday the 28th is worked
    ],
)
def test_working_days_end_at_closing_of_the_last(at: str, days: int, due: str) -> None:
    """N working days end at closing of the Nth after the day of receipt, closings out and make-up days in."""
    assert working_days_end(OFFICE, shanghai(at), days) == shanghai(due)


@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        ("2026-11-23T10:00", 3, "2026-11-26T18:00"),
        ("2026-11-23T18:00", 3, "2026-11-27T18:00"),
        ("2026-11-26T10:00", 2, "2026-11-28T12:00"),
        ("2026-11-26T10:00", 3, "2026-11-30T00:00"),  # a Sunday has no closing: its midnight
    ],
)
def test_calendar_days_end_at_closing_of_the_last(at: str, days: int, due: str) -> None:
    """N days are counted whether the centre opens on them or not."""
    assert calendar_days_end(OFFICE, shanghai(at), days) == shanghai(due)


def test_a_centre_without_hours_closes_at_midnight() -> None:
    """Where nothing is said of hours every day is a working day that ends at its midnight."""
    assert working_days_end(ALWAYS, shanghai("2026-11-28T23:59"), 1) == shanghai("2026-11-30T00:00")
    assert closing_of(ALWAYS, date(2026, 11, 28)) == shanghai("2026-11-29T00:00")


def test_a_centre_that_opens_no_more_has_no_due_time() -> None:
    """Without a working day to come nothing is due, and nothing is looked for without end."""
    assert received_on(GONE, shanghai("2026-11-28T10:00")) is None
    assert working_days_end(GONE, shanghai("2026-11-28T10:00"), 1) is None
    assert calendar_days_end(GONE, shanghai("2026-11-28T10:00"), 1) is None


def test_a_month_has_its_working_days() -> None:
    """February 2026 has 17 for a six-day week: 24 without Sundays, less 7 of the Spring Festival."""
    assert working_days_in(OFFICE, date(2026, 2, 1), date(2026, 3, 1)) == 17
    assert working_days_in(OFFICE, date(2026, 2, 15), date(2026, 2, 24)) == 0
    assert working_days_in(OFFICE, date(2026, 2, 1), date(2026, 2, 1)) == 0


def test_a_stretch_tells_its_years_without_announced_days() -> None:
    """A due time in a year not yet announced can be told to be uncertain."""
    assert unannounced_years(OFFICE, date(2026, 1, 1), date(2026, 12, 31)) == ()
    assert unannounced_years(OFFICE, date(2042, 12, 31), date(2043, 1, 1)) == (2042, 2043)
    assert unannounced_years(ALWAYS, date(2042, 12, 31), date(2043, 1, 1)) == ()


@pytest.mark.parametrize(
    ("at", "received"),
    [
        ("2026-11-23T10:15", "2026-11-23T10:15"),
        ("2026-11-23T12:30", "2026-11-23T12:30"),
        ("2026-11-23T03:00", "2026-11-23T09:00"),
        ("2026-11-23T18:00", "2026-11-24T09:00"),
        ("2026-11-28T12:00", "2026-11-30T09:00"),
        ("2026-02-14T18:00", "2026-02-24T09:00"),
    ],
)
def test_what_arrives_after_closing_is_received_at_the_next_opening(at: str, received: str) -> None:
    """Within the day's work, its noon break inside, it is received then; else when the centre opens next."""
    assert received_at(OFFICE, shanghai(at)) == shanghai(received)
    assert received_at(GONE, shanghai(at)) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)), st.integers(1, 30))  # noqa: DTZ001
def test_one_day_more_is_never_due_sooner(at: datetime, days: int) -> None:
    """A due time is a closing after the receipt, one working day more is later, and later receipts are not sooner."""
    instant = at.replace(tzinfo=UTC)
    due, more = working_days_end(OFFICE, instant, days), working_days_end(OFFICE, instant, days + 1)
    later = working_days_end(OFFICE, instant + timedelta(hours=1), days)
    assert due is not None
    assert more is not None
    assert later is not None
    assert instant < due < more
    assert due <= later
    assert due == closing_of(OFFICE, due.astimezone(SHANGHAI).date())


def test_what_makes_no_sense_is_a_mistake_of_the_caller() -> None:
    """No days, or a time without a zone, cannot be counted from."""
    with pytest.raises(ConfigMisuseError, match="found 0"):
        working_days_end(OFFICE, shanghai("2026-11-28T10:00"), 0)
    with pytest.raises(ConfigMisuseError, match="naive"):
        received_on(OFFICE, datetime(2026, 11, 28))  # noqa: DTZ001 - that is what is refused
