"""Further occurrences of what is owed: always counted from the trigger, by the calendar (domain.md §4).

Days here are local days of the centre; when in a day something is due, `config.due_times` tells.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from config.errors import ConfigMisuseError
from config.festivals import FESTIVALS, festival_in, next_festival
from config.followups import Every, Step
from config.lunar import DAYS, MONTHS, lunar_date

__all__ = [
    "FESTIVALS",
    "PERIODS",
    "after",
    "birthday_in",
    "festival_in",
    "is_birthday",
    "next_birthday",
    "next_festival",
    "period_of",
]

PERIODS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
"""The months of each calendar period but the week, which begins on a Monday."""

LEAP_YEAR = 2000  # has every month and day that there is


def after(anchor: date, step: Step, times: int = 1) -> date:
    """The day that is so many steps from the trigger's.

    A month without that day uses its last: six months from 31 August is the end of February, twelve are 31 August.
    """
    count = step.count * times
    match step.unit:
        case Every.DAY:
            return anchor + timedelta(days=count)
        case Every.WEEK:
            return anchor + timedelta(weeks=count)
        case Every.MONTH:
            return _months_after(anchor, count)
        case Every.YEAR:
            return _months_after(anchor, 12 * count)


def period_of(day: date, name: str) -> tuple[date, date]:
    """The calendar period of a day: its first day and the first day of the next.

    `name` is week, month, quarter or year; raises ConfigMisuseError for another.
    """
    if name == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(weeks=1)
    if name not in PERIODS:
        raise ConfigMisuseError(f"periods: found '{name}', expected week, month, quarter or year")
    first = date(day.year, day.month - (day.month - 1) % PERIODS[name], 1)
    return first, _months_after(first, PERIODS[name])


def is_birthday(month: int, day: int, lunar: bool = False) -> bool:
    """Whether a month has such a day in some year."""
    if month not in MONTHS:
        return False
    return day in DAYS if lunar else 1 <= day <= monthrange(LEAP_YEAR, month)[1]


def birthday_in(year: int, month: int, day: int, lunar: bool = False) -> date:
    """The birthday of a year: 29 February is kept on the 28th where there is none.

    By the moon it is the birthday of the lunar year that begins in `year`, which may come in January or February of
    the next; a 30th that is not there is kept on the 29th, and never in a repeated month. Raises ConfigMisuseError
    for a day that no year has, and by the moon outside 1950 to 2100.
    """
    if not is_birthday(month, day, lunar):
        raise ConfigMisuseError(f"birthdays: found month {month}, day {day}, expected a day of some year")
    if lunar:
        return lunar_date(year, month, day)
    return date(year, month, min(day, monthrange(year, month)[1]))


def next_birthday(after_day: date, month: int, day: int, lunar: bool = False) -> date:
    """The first birthday that is later than a day; errors as `birthday_in`."""
    years = range(after_day.year - lunar, after_day.year + 2)
    found = (birthday_in(year, month, day, lunar) for year in years)
    return next(each for each in found if each > after_day)


def _months_after(anchor: date, count: int) -> date:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + count, 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))
