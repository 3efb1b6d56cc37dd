"""Festivals that a customer is greeted on 节日: by the sun, by the moon, and Qingming by the sun's longitude.

These are the days themselves, not the closings around them, which `config.national` knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.errors import ConfigMisuseError
from config.lunar import lunar_date


class Reckoning(StrEnum):
    """What a festival's day is counted by."""

    SUN = "sun"  # month and day of the common calendar
    MOON = "moon"  # month and day of the lunar year
    QINGMING = "qingming"  # the day on which the sun reaches 15 degrees of longitude: 4 or 5 April


@dataclass(frozen=True, slots=True, kw_only=True)
class Festival:
    """A festival of every year. Month and day are by its reckoning; Qingming's day is worked out."""

    name: str
    title_zh: str
    title_en: str
    month: int
    day: int
    by: Reckoning = Reckoning.SUN

    def on(self, year: int) -> date:
        """Its day in a year. Each of them falls into the calendar year in which its lunar year begins."""
        match self.by:
            case Reckoning.SUN:
                return date(year, self.month, self.day)
            case Reckoning.MOON:
                return lunar_date(year, self.month, self.day)
            case Reckoning.QINGMING:
                return date(year, self.month, _qingming(year))


def _sun(name: str, title_zh: str, title_en: str, month: int, day: int) -> Festival:
    return Festival(name=name, title_zh=title_zh, title_en=title_en, month=month, day=day)


def _moon(name: str, title_zh: str, title_en: str, month: int, day: int) -> Festival:
    return Festival(name=name, title_zh=title_zh, title_en=title_en, month=month, day=day, by=Reckoning.MOON)


FESTIVALS: dict[str, Festival] = {
    each.name: each
    for each in (
        _sun("new_year", "元旦", "New Year's Day", 1, 1),
        _moon("spring_festival", "春节", "Spring Festival", 1, 1),
        _moon("lantern", "元宵节", "Lantern Festival", 1, 15),
        _sun("womens_day", "妇女节", "Women's Day", 3, 8),
        Festival(name="qingming", title_zh="清明节", title_en="Qingming", month=4, day=5, by=Reckoning.QINGMING),
        _sun("labour_day", "劳动节", "Labour Day", 5, 1),
        _moon("dragon_boat", "端午节", "Dragon Boat Festival", 5, 5),
        _sun("childrens_day", "儿童节", "Children's Day", 6, 1),
        _moon("qixi", "七夕", "Qixi", 7, 7),
        _sun("teachers_day", "教师节", "Teachers' Day", 9, 10),
        _moon("mid_autumn", "中秋节", "Mid-Autumn Festival", 8, 15),
        _sun("national_day", "国庆节", "National Day", 10, 1),
        _moon("double_ninth", "重阳节", "Double Ninth Festival", 9, 9),
        _sun("christmas", "圣诞节", "Christmas", 12, 25),
    )
}
"""Every festival that a policy can name, by that name."""


def festival_in(name: str, year: int) -> date:
    """The day of a festival in a year.

    Raises ConfigMisuseError for a name that is not in FESTIVALS, and outside 1950 to 2100 for those of the moon and
    for Qingming.
    """
    festival = FESTIVALS.get(name)
    if festival is None:
        raise ConfigMisuseError(f"festivals: found '{name}', expected one of {', '.join(FESTIVALS)}")
    return festival.on(year)


def next_festival(name: str, after_day: date) -> date:
    """The first day of a festival that is later than a day."""
    this_year = festival_in(name, after_day.year)
    return this_year if this_year > after_day else festival_in(name, after_day.year + 1)


QINGMING_2000 = 48_100
LATER_A_YEAR = 2_422
A_DAY = 10_000
"""When Qingming comes, in ten-thousandths of a day of April: 4.81 in 2000, and 0.2422 later with each year."""


def _qingming(year: int) -> int:
    """The day in April: it comes later each year, and a leap day brings it back. True from 1950 to 2100."""
    if not 1950 <= year <= 2100:
        raise ConfigMisuseError(f"qingming: found the year {year}, expected one from 1950 to 2100")
    later = QINGMING_2000 + LATER_A_YEAR * (year - 2000)
    return later // A_DAY - (_leap_days(year) - _leap_days(2000))


def _leap_days(year: int) -> int:
    return year // 4 - year // 100 + year // 400
