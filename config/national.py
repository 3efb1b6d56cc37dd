"""National closings and make-up days of a year, as the `holidays` library of this distribution knows them.

China announces the next year's closings each autumn. Before that the library has the days of the law and no
make-up days; such a year is not `announced`, and nothing is guessed: the Saturdays and Sundays around a
closing belong to it only in a year that is announced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

FIRST_YEAR, LAST_YEAR = 2005, 2044  # what a digest of the nation's days looks at
ANNOUNCES = frozenset({"CN"})  # countries that set make-up days anew for each year
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalYear:
    """The days of one year. `make_up` gives each make-up day the day that it makes up for, None if unknown."""

    closed: frozenset[date] = frozenset()
    make_up: tuple[tuple[date, date | None], ...] = ()
    announced: bool = True  # whether the year's make-up days are known, or the country has none


@lru_cache(maxsize=512)
def national_year(country: str, year: int) -> NationalYear:
    """The closings and make-up days of a country in a year, without the weekends around them."""
    # Here, not above: it costs 50 ms, and a centre that keeps no national closings never needs it.
    from holidays import country_holidays

    days = country_holidays(country, years=year)
    worked = sorted(day for day in days.weekend_workdays if day.year == year)
    known = getattr(days, "special_public_holidays", {})
    replaced = _replaced(known.get(year, ()), year) if worked else {}
    return NationalYear(
        closed=frozenset(day for day in days if day.year == year),
        make_up=tuple((day, replaced.get(day)) for day in worked),
        announced=bool(worked) or country not in ANNOUNCES,
    )


def is_country(country: str) -> bool:
    """Whether the library knows the closings of this country."""
    from holidays import list_supported_countries

    return country in list_supported_countries(include_aliases=False)


def is_closed(country: str, day: date) -> bool:
    """Whether a nation is closed on a day, the Saturdays and Sundays that adjoin a closing inside.

    So the closing of 2026's Spring Festival is 15 to 23 February, as announced, whatever week a centre has.
    """
    if day in national_year(country, day.year).closed:
        return True
    if day.weekday() < SATURDAY or is_make_up(country, day):
        return False
    return any(_adjoins(country, day, step) for step in (-DAY, DAY))


def is_make_up(country: str, day: date) -> bool:
    """Whether a day is worked in place of another."""
    return any(each == day for each, _ in national_year(country, day.year).make_up)


def made_up_for(country: str, day: date) -> date | None:
    """The day that a make-up day makes up for, where it is known."""
    return dict(national_year(country, day.year).make_up).get(day)


def _adjoins(country: str, day: date, step: timedelta) -> bool:
    """Whether a closing of an announced year follows in this direction, with nothing but a weekend between."""
    other = day + step
    while other.weekday() >= SATURDAY and not is_make_up(country, other):
        if other in national_year(country, other.year).closed:
            break
        other += step
    year = national_year(country, other.year)
    return other in year.closed and year.announced and country in ANNOUNCES


def _replaced(entries: Iterable[object], year: int) -> dict[date, date]:
    """The library's rows (month and day off, month and day worked, the other year if it is one) by day worked."""
    rows = list(entries)
    rows = rows if all(isinstance(row, tuple) for row in rows) else [tuple(rows)]
    found: dict[date, date] = {}
    for row in rows:
        if isinstance(row, tuple) and len(row) == 4 and all(isinstance(part, int) for part in row):
            found[date(year, row[2], row[3])] = date(year, row[0], row[1])
    return found
