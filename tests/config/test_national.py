"""Tests of config.national: the nation's closings and make-up days as they were announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config.national import is_closed, is_make_up, made_up_for, national_year

DAY = timedelta(days=1)

ANNOUNCED = {  # as the State Council announced them: first and last day of each closing, and the days worked
    2025: (
        "01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        "01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}


def days_of(year: int) -> list[date]:
    """Every day of a year."""
    return [date(year, 1, 1) + each * DAY for each in range(365)]


def closing(year: int, text: str) -> set[date]:
    """The days of a closing such as 02-15/02-23."""
    first, last = (date.fromisoformat(f"{year}-{each}") for each in text.split("/"))
    return {first + each * DAY for each in range((last - first).days + 1)}


@pytest.mark.parametrize("year", sorted(ANNOUNCED))
def test_a_year_is_closed_as_it_was_announced(year: int) -> None:
    """Each day of the announced closings is closed, the weekends in and around them too, and no other day is."""
    closings, _ = ANNOUNCED[year]
    expected = set().union(*(closing(year, each) for each in closings.split()))
    assert {day for day in days_of(year) if is_closed("CN", day)} == expected


@pytest.mark.parametrize("year", sorted(ANNOUNCED))
def test_the_make_up_days_are_those_announced(year: int) -> None:
    """The Saturdays and Sundays that are worked are those of the announcement."""
    _, worked = ANNOUNCED[year]
    expected = [date.fromisoformat(f"{year}-{each}") for each in worked.split()]
    assert [day for day in days_of(year) if is_make_up("CN", day)] == expected


def test_a_make_up_day_knows_the_day_that_it_makes_up_for() -> None:
    """14 February 2026 is worked for Friday the 20th; an ordinary day for none."""
    assert made_up_for("CN", date(2026, 2, 14)) == date(2026, 2, 20)
    assert made_up_for("CN", date(2026, 2, 13)) is None


def test_a_year_not_yet_announced_has_the_days_of_the_law_and_no_guess() -> None:
    """In a far year the law's days are closed, weekends beside them are not, and nothing is made up."""
    year = national_year("CN", 2043)
    assert not year.announced
    assert year.make_up == ()
    assert is_closed("CN", date(2043, 10, 1))
    assert not is_closed("CN", date(2043, 12, 26))
    beside = [day for day in days_of(2043) if is_closed("CN", day) and day not in year.closed]
    assert beside == []


def test_a_country_that_makes_nothing_up_is_always_announced() -> None:
    """Britain's Good Friday is closed, the Saturday after it is not, and its years lack nothing."""
    assert national_year("GB", 2043).announced
    assert is_closed("GB", date(2026, 4, 3))
    assert not is_closed("GB", date(2026, 4, 4))
