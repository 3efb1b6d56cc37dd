"""Tests of config.lunar: the lunar calendar against published days and against another table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from holidays.calendars.chinese import _ChineseLunisolar
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigMisuseError
from config.lunar import FIRST_YEAR, LAST_YEAR, lunar_date, repeated_month

KNOWN_DAYS = _ChineseLunisolar()
LUNAR_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@pytest.mark.parametrize(
    ("day", "year", "month", "lunar_day"),
    [
        ("1950-02-17", 1950, 1, 1),
        ("1978-09-17", 1978, 8, 15),  # a month too early in older tables
        ("1985-02-20", 1985, 1, 1),
        ("2000-02-05", 2000, 1, 1),
        ("2020-06-25", 2020, 5, 5),  # after the repeated fourth month
        ("2023-02-20", 2023, 2, 1),  # the second month itself, not the repeated one of 22 March
        ("2023-04-20", 2023, 3, 1),
        ("2025-10-06", 2025, 8, 15),  # after the repeated sixth
        ("2026-02-17", 2026, 1, 1),
        ("2027-02-06", 2027, 1, 1),
        ("2033-08-25", 2033, 8, 1),  # older tables repeat the seventh month of 2033
        ("2033-09-23", 2033, 9, 1),
        ("2033-11-22", 2033, 11, 1),
        ("2034-01-20", 2033, 12, 1),  # after the repeated eleventh
        ("2034-02-19", 2034, 1, 1),
        ("2050-01-23", 2050, 1, 1),
    ],
)
def test_published_days_are_met(day: str, year: int, month: int, lunar_day: int) -> None:
    """Days that were published or are famous for being got wrong fall where they should."""
    assert lunar_date(year, month, lunar_day) == date.fromisoformat(day)


def test_the_repeated_months_are_those_of_the_almanac() -> None:
    """From 2001 to 2052 twenty years have thirteen months, the eleventh being repeated in 2033."""
    found = {year: repeated_month(year) for year in range(2001, 2053) if repeated_month(year)}
    years = (2001, 2004, 2006, 2009, 2012, 2014, 2017, 2020, 2023, 2025, 2028, 2031, 2033, 2036, 2039, 2042)
    months = (4, 2, 7, 5, 4, 9, 6, 4, 2, 6, 5, 3, 11, 6, 5, 2)
    assert found == dict(zip((*years, 2044, 2047, 2050, 2052), (*months, 7, 5, 3, 8), strict=True))


@pytest.mark.parametrize("year", [year for year in LUNAR_YEARS if year < 2100])
def test_another_table_says_the_same(year: int) -> None:
    """Five festivals of each year are those of the table in the `holidays` library, made by others."""
    assert [
        lunar_date(year, 1, 1),
        lunar_date(year, 4, 8),
        lunar_date(year, 5, 5),
        lunar_date(year, 8, 15),
        lunar_date(year, 9, 9),
    ] == [
        KNOWN_DAYS.lunar_new_year_date(year)[0],
        KNOWN_DAYS.buddha_birthday_date(year)[0],
        KNOWN_DAYS.dragon_boat_date(year)[0],
        KNOWN_DAYS.mid_autumn_date(year)[0],
        KNOWN_DAYS.double_ninth_date(year)[0],
    ]


def test_a_thirtieth_that_is_not_there_is_the_twenty_ninth() -> None:
    """The twelfth month of the year 2025 has 29 days, so both dates are the eve of the Spring Festival of 2026."""
    assert lunar_date(2025, 12, 30) == lunar_date(2025, 12, 29) == date(2026, 2, 16)
    assert lunar_date(2023, 12, 30) == date(2024, 2, 9)


@given(st.sampled_from(LUNAR_YEARS), st.integers(1, 12), st.integers(1, 29))
def test_the_days_of_a_year_follow_each_other(year: int, month: int, day: int) -> None:
    """A day later is a day later, and a month later 29 or 30 days, or twice that over a repeated month."""
    at = lunar_date(year, month, day)
    assert lunar_date(year, month, day + 1) - at in (timedelta(days=1), timedelta())
    if day < 29:
        assert lunar_date(year, month, day + 1) - at == timedelta(days=1)
    if month < 12:
        distance = (lunar_date(year, month + 1, day) - at).days
        assert distance in ((58, 59, 60) if repeated_month(year) == month else (29, 30))


@pytest.mark.parametrize(
    ("year", "month", "day"), [(1949, 1, 1), (2101, 1, 1), (2026, 13, 1), (2026, 0, 1), (2026, 1, 31)]
)
def test_what_is_not_in_the_calendar_is_a_mistake_of_the_caller(year: int, month: int, day: int) -> None:
    """Years outside the table, and days that no month has, are refused by name."""
    with pytest.raises(ConfigMisuseError, match=f"found {year}-{month}-{day}, expected"):
        lunar_date(year, month, day)
