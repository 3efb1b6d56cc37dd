"""Tests of config.recurrence: further occurrences, periods, birthdays and festivals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from holidays.calendars.chinese import _ChineseLunisolar
from hypothesis import given
from hypothesis import strategies as st

from config import national
from config.errors import ConfigMisuseError
from config.followups import Every, Step
from config.recurrence import (
    FESTIVALS,
    after,
    birthday_in,
    festival_in,
    is_birthday,
    next_birthday,
    next_festival,
    period_of,
)

DAYS = st.dates(date(1960, 1, 1), date(2090, 12, 31))


def day(text: str) -> date:
    """A day as it is written."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("anchor", "count", "unit", "times", "found"),
    [
        ("2026-08-31", 6, Every.MONTH, 1, "2027-02-28"),
        ("2027-08-31", 6, Every.MONTH, 1, "2028-02-29"),
        ("2026-08-31", 6, Every.MONTH, 2, "2027-08-31"),  # from the trigger, not from the 28th
        ("2026-08-31", 3, Every.MONTH, 1, "2026-11-30"),
        ("2026-08-31", 12, Every.MONTH, 1, "2027-08-31"),
        ("2026-12-31", 2, Every.MONTH, 1, "2027-02-28"),
        ("2026-11-30", 1, Every.MONTH, 1, "2026-12-30"),
        ("2028-02-29", 1, Every.YEAR, 1, "2029-02-28"),
        ("2028-02-29", 1, Every.YEAR, 4, "2032-02-29"),
        ("2026-10-15", 2, Every.WEEK, 3, "2026-11-26"),
        ("2026-12-30", 2, Every.DAY, 1, "2027-01-01"),
        ("2026-12-30", 2, Every.DAY, 0, "2026-12-30"),
    ],
)
def test_occurrences_are_counted_from_the_trigger(
    anchor: str, count: int, unit: Every, times: int, found: str
) -> None:
    """A month without that day uses its last, and the next occurrence has the day again."""
    assert after(day(anchor), Step(count=count, unit=unit), times) == day(found)


@given(DAYS, st.integers(1, 24), st.sampled_from(list(Every)), st.integers(1, 30))
def test_one_step_more_is_later(anchor: date, count: int, unit: Every, times: int) -> None:
    """Each occurrence is after the one before it, and a month's keep to the trigger's day or the month's last."""
    step = Step(count=count, unit=unit)
    found = after(anchor, step, times)
    assert after(anchor, step, times - 1) < found
    if unit in (Every.MONTH, Every.YEAR):
        assert found.day == anchor.day or (found.day < anchor.day and (found + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("at", "name", "first", "end"),
    [
        ("2026-11-01", "week", "2026-10-26", "2026-11-02"),  # a Sunday
        ("2026-11-02", "week", "2026-11-02", "2026-11-09"),
        ("2027-01-01", "week", "2026-12-28", "2027-01-04"),
        ("2028-02-29", "month", "2028-02-01", "2028-03-01"),
        ("2026-12-31", "month", "2026-12-01", "2027-01-01"),
        ("2026-12-31", "quarter", "2026-10-01", "2027-01-01"),
        ("2026-03-31", "quarter", "2026-01-01", "2026-04-01"),
        ("2026-04-01", "quarter", "2026-04-01", "2026-07-01"),
        ("2026-12-31", "year", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_period_has_its_first_day_and_the_next_ones(at: str, name: str, first: str, end: str) -> None:
    """Weeks begin on Mondays, also over a new year; the others are the calendar's."""
    assert period_of(day(at), name) == (day(first), day(end))


@given(DAYS, st.sampled_from(["week", "month", "quarter", "year"]))
def test_periods_share_no_day_and_miss_none(at: date, name: str) -> None:
    """A day lies in its period, whose first and last day have the same one, and whose end begins the next."""
    first, end = period_of(at, name)
    assert first <= at < end
    assert period_of(first, name) == period_of(end - timedelta(days=1), name) == (first, end)
    assert period_of(end, name)[0] == end


@pytest.mark.parametrize(
    ("year", "month", "of_month", "lunar", "found"),
    [
        (2028, 2, 29, False, "2028-02-29"),
        (2027, 2, 29, False, "2027-02-28"),
        (2026, 12, 31, False, "2026-12-31"),
        (2026, 8, 15, True, "2026-09-25"),
        (2025, 6, 10, True, "2025-07-04"),  # the sixth month, not the repeated one
        (2026, 12, 8, True, "2027-01-15"),  # in the lunar year that began in 2026
        (2025, 12, 30, True, "2026-02-16"),
    ],
)
def test_a_birthday_is_kept_each_year(year: int, month: int, of_month: int, lunar: bool, found: str) -> None:
    """By the sun or by the moon, a day that the year does not have is kept a day before."""
    assert birthday_in(year, month, of_month, lunar) == day(found)


def test_the_next_birthday_is_later_than_the_day() -> None:
    """On a birthday the next one is a year away; by the moon two may come in one year and none in another."""
    assert next_birthday(day("2026-02-28"), 2, 29) == day("2027-02-28")
    assert next_birthday(day("2027-02-28"), 2, 29) == day("2028-02-29")
    assert next_birthday(day("2026-12-31"), 12, 31) == day("2027-12-31")
    assert next_birthday(day("2026-12-31"), 12, 8, lunar=True) == day("2027-01-15")
    assert next_birthday(day("2027-01-15"), 12, 8, lunar=True) == day("2028-01-04")
    assert next_birthday(day("2028-01-04"), 12, 8, lunar=True) == day("2029-01-22")


@given(DAYS, st.integers(1, 12), st.integers(1, 30), st.booleans())
def test_no_birthday_is_skipped(at: date, month: int, of_month: int, lunar: bool) -> None:
    """The next one is later than the day, and no birthday of any year lies between."""
    if not is_birthday(month, of_month, lunar):
        return
    found = next_birthday(at, month, of_month, lunar)
    every = [birthday_in(year, month, of_month, lunar) for year in range(at.year - 2, at.year + 3)]
    assert at < found
    assert [each for each in every if at < each < found] == []
    assert found in every


def test_what_no_year_has_is_no_birthday() -> None:
    """31 June is none, and neither is the 31st of a lunar month."""
    assert is_birthday(2, 29)
    assert is_birthday(2, 30, lunar=True)
    assert not is_birthday(2, 30)
    assert not is_birthday(6, 31)
    assert not is_birthday(6, 31, lunar=True)
    assert not is_birthday(13, 1)
    with pytest.raises(ConfigMisuseError, match="found month 6, day 31"):
        birthday_in(2026, 6, 31)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("new_year", "2026-01-01"),
        ("spring_festival", "2026-02-17"),
        ("lantern", "2026-03-03"),
        ("qingming", "2026-04-05"),
        ("labour_day", "2026-05-01"),
        ("dragon_boat", "2026-06-19"),
        ("qixi", "2026-08-19"),
        ("mid_autumn", "2026-09-25"),
        ("national_day", "2026-10-01"),
        ("double_ninth", "2026-10-18"),
        ("christmas", "2026-12-25"),
    ],
)
def test_the_festivals_of_2026(name: str, found: str) -> None:
    """Each festival falls on the day that the almanac of 2026 gives it."""
    assert festival_in(name, 2026) == day(found)


def test_the_nation_is_closed_on_its_festivals() -> None:
    """In each year of which the closings were announced lately, the seven great festivals are closed."""
    great = ("new_year", "spring_festival", "qingming", "labour_day", "dragon_boat", "mid_autumn", "national_day")
    for year in range(2014, 2027):
        assert [name for name in great if not national.is_closed("CN", festival_in(name, year))] == []


@pytest.mark.parametrize("year", range(1950, 2100))
def test_qingming_is_as_in_another_table(year: int) -> None:
    """Qingming of each year is that of the `holidays` library, which has it from thresholds instead."""
    assert festival_in("qingming", year) == _ChineseLunisolar().qingming_date(year)[0]


def test_qingming_of_2100_is_not_moved_by_a_leap_day_that_is_none() -> None:
    """The sun reaches 15 degrees on 5 April 2100: that year has no 29 February."""
    assert festival_in("qingming", 2096) == date(2096, 4, 4)
    assert festival_in("qingming", 2100) == date(2100, 4, 5)


@given(DAYS, st.sampled_from(sorted(FESTIVALS)))
def test_the_next_festival_is_the_first_later_one(at: date, name: str) -> None:
    """It is later than the day, and none of its kind lies between; each falls into its own calendar year."""
    found = next_festival(name, at)
    assert at < found
    assert found.year in (at.year, at.year + 1)
    assert [year for year in (at.year, at.year + 1) if at < festival_in(name, year) < found] == []
    assert festival_in(name, at.year).year == at.year


def test_unknown_names_are_mistakes_of_the_caller() -> None:
    """A festival or period that does not exist is named with those that do; years outside the tables too."""
    with pytest.raises(ConfigMisuseError, match="found 'easter', expected one of new_year, "):
        festival_in("easter", 2026)
    with pytest.raises(ConfigMisuseError, match="found 'decade'"):
        period_of(day("2026-11-01"), "decade")
    with pytest.raises(ConfigMisuseError, match="found the year 2101"):
        festival_in("qingming", 2101)


def test_festivals_have_titles_in_both_languages() -> None:
    """Each is known by its name and has a Chinese and an English title of its own."""
    assert all(name == each.name for name, each in FESTIVALS.items())
    assert len({each.title_zh for each in FESTIVALS.values()}) == len(FESTIVALS)
    assert len({each.title_en for each in FESTIVALS.values()}) == len(FESTIVALS)
