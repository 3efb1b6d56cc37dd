"""The Chinese lunar calendar 农历 of 1950 to 2100: the day on which a day of a lunar month falls.

A month begins with the day of the new moon in Beijing, so it has 29 or 30 days, and a year of thirteen months
repeats the number of the first one without a major solar term. That is astronomy; here is its result, a number a
year (docs/decisions/0018-lunar-calendar.md). Pure.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from config.errors import ConfigMisuseError

FIRST_YEAR, LAST_YEAR = 1950, 2100
FIRST_DAY = date(1950, 2, 17)  # 正月初一 of the first year
SHORT = 29  # days of a short month; a long one has one more
MONTHS = range(1, 13)
DAYS = range(1, 31)

WORDS = """
    00536 00aad 0b5aa 005b2 00da5 07d4a 00d4a 10a95 00a97 00556
    0cab5 00ad5 006d2 08ea5 00ea5 0064a 06c97 00a9b 0f55a 0056a
    00b69 0b752 00b52 00b25 0964b 00a4b 114ab 002ad 0056d 0cb69
    00da9 00d92 09d25 00d25 15a4d 00a56 002b6 0c5b5 006d5 00ea9
    0be92 00e92 00d26 06a56 00a57 114d6 0035a 006d5 0b6c9 00749
    00693 0952b 0052b 00a5b 0555a 0056a 0fb55 00ba4 00b49 0ba93
    00a95 0052d 08aad 00ab5 135aa 005d2 00da5 0dd4a 00d4a 00c95
    0952e 00556 00ab5 055b2 006d2 0cea5 00725 0064b 0ac97 00cab
    0055a 06ad6 00b69 17752 00b52 00b25 0da4b 00a4b 004ab 0a55b
    005ad 00b6a 05b52 00d92 0fd25 00d25 00a55 0b4ad 004b6 005b5
    06daa 00ec9 11e92 00e92 00d26 0ca56 00a57 004d6 086d5 00755
    00749 06e93 00693 0f52b 0052b 00a5b 0b55a 0056a 00b65 0974a
    00b4a 11a95 00a95 0052d 0caad 00ab5 005aa 08ba5 00da5 00d4a
    07c95 00c96 0f94e 00556 00ab5 0b5b2 006d2 00ea5 08e4a 0068b
    10c97 004ab 0055b 0cad6 00b6a 00752 09725 00b45 00a8b 0549b
    004ab
"""
YEARS = tuple(int(word, 16) for word in WORDS.split())
"""A year a number. Its bits 0 to 12: whether the first, second … month is long; above them the repeated one, or 0."""


def lunar_date(year: int, month: int, day: int) -> date:
    """The day of a lunar date; `year` is the one in which the lunar year begins, so that month 12 may be in the next.

    The 30th of a month that has 29 days is its 29th. A repeated month 闰月 is never meant: a birthday or festival
    in it is kept in the month before it. Raises ConfigMisuseError outside 1950 to 2100, or where no month has the day.
    """
    if not (FIRST_YEAR <= year <= LAST_YEAR and month in MONTHS and day in DAYS):
        raise ConfigMisuseError(
            f"lunar calendar: found {year}-{month}-{day}, expected a day of 1 to 30 in a month of a year "
            f"from {FIRST_YEAR} to {LAST_YEAR}"
        )
    begins, lengths = _months(year)
    repeated = repeated_month(year)
    place = month - 1 + (0 < repeated < month)
    return begins + timedelta(days=sum(lengths[:place]) + min(day, lengths[place]) - 1)


def repeated_month(year: int) -> int:
    """The month that a lunar year has twice; 0 where it has none."""
    return YEARS[year - FIRST_YEAR] >> 13


@cache
def _months(year: int) -> tuple[date, tuple[int, ...]]:
    """The first day of a lunar year, and the days of each of its months in order."""
    if year == FIRST_YEAR:
        begins = FIRST_DAY
    else:
        before, lengths = _months(year - 1)
        begins = before + timedelta(days=sum(lengths))
    count = 13 if repeated_month(year) else 12
    return begins, tuple(SHORT + (YEARS[year - FIRST_YEAR] >> place & 1) for place in range(count))
