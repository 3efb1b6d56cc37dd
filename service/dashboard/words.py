"""One language's words, dates and lengths of time, in the centre's zone. Pure but for reading the catalogue."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations
from zoneinfo import ZoneInfo

from service.dashboard.catalogues import LOCALES, load_translations
from service.dashboard.numerals import DASH, mask

LANGUAGES = tuple(LOCALES)
_WEEKDAYS_ZH = "一二三四五六日"
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Words:
    """Sentences, dates and durations in one language."""

    def __init__(
        self, language: str, zone: ZoneInfo, translations: GNUTranslations, *, whole_numbers: bool = False
    ) -> None:
        self.language = language
        self.zone = zone
        self.translations = translations
        self.chinese = language == "zh"
        self.whole_numbers = whole_numbers
        """Whether customers' numbers are told whole: to who has the right to them."""

    def masked(self) -> Words:
        """The same, with customers' numbers hidden: for what stands in a browser's history."""
        return Words(self.language, self.zone, self.translations)

    # -- sentences -----------------------------------------------------------------------

    def gettext(self, message: str, **values: object) -> str:
        """The sentence in this language, its %(name)s filled in."""
        found = self.translations.gettext(message)
        return found % values if values else found

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The sentence for so many, with %(n)s filled in."""
        return self.translations.ngettext(one, many, n) % {"n": f"{n:,}", **values}

    def pgettext(self, context: str, message: str) -> str:
        """The sentence as it is said in this context."""
        return self.translations.pgettext(context, message)

    # -- times ---------------------------------------------------------------------------

    def local(self, at: datetime) -> datetime:
        """The instant by the centre's clock."""
        return at.astimezone(self.zone)

    def time(self, at: datetime | None) -> str:
        """15:42:18 by the centre's clock."""
        return DASH if at is None else f"{self.local(at):%H:%M:%S}"

    def day(self, day: date, *, year: bool = False) -> str:
        """11 月 20 日 周五, or Fri 20 Nov; with the year where asked."""
        if self.chinese:
            shown = f"{day.month} 月 {day.day} 日 周{_WEEKDAYS_ZH[day.weekday()]}"
            return f"{day.year} 年 {shown}" if year else shown
        shown = f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}"
        return f"{shown} {day.year}" if year else shown

    def short_day(self, day: date) -> str:
        """周五 20, or Fri 20: a day of the week that is looked at."""
        weekday = day.weekday()
        return f"周{_WEEKDAYS_ZH[weekday]} {day.day}" if self.chinese else f"{_WEEKDAYS_EN[weekday]} {day.day}"

    def stamp(self, at: datetime) -> str:
        """11-20 15:42:18, as tables have it."""
        return f"{self.local(at):%m-%d %H:%M:%S}"

    def days(self, first: date, last: date, *, year: bool = False) -> str:
        """11 月 1–20 日, or 1–20 Nov; the months of both where they differ, the year where asked."""
        same = (first.year, first.month) == (last.year, last.month)
        if self.chinese:
            end = f"{last.day} 日" if same else f"{last.month} 月 {last.day} 日"
            shown = f"{first.month} 月 {first.day}{'' if same else ' 日'}–{end}"
            return f"{first.year} 年 {shown}" if year else shown
        start = f"{first.day}" if same else f"{first.day} {_MONTHS_EN[first.month - 1]}"
        shown = f"{start}–{last.day} {_MONTHS_EN[last.month - 1]}"
        return f"{shown} {last.year}" if year else shown

    def moment(self, at: datetime) -> str:
        """The day and the time by the centre's clock."""
        return f"{self.day(self.local(at).date())} {self.time(at)}"

    def opening(self, at: datetime, now: datetime) -> str:
        """When something opens: the time alone today, else the day too; no seconds."""
        local = self.local(at)
        clock = f"{local:%H:%M}"
        return clock if local.date() == self.local(now).date() else f"{self.day(local.date())} {clock}"

    def month(self, month: date) -> str:
        """2026 年 11 月, or November 2026."""
        if self.chinese:
            return f"{month.year} 年 {month.month} 月"
        return f"{_LONG_MONTHS_EN[month.month - 1]} {month.year}"

    def length(self, value_ms: int | None) -> str:
        """A duration in prose, to the second: 3 分 44 秒, or 3 min 44 s."""
        if value_ms is None:
            return DASH
        mins, secs = divmod(max(value_ms, 0) // 1000, 60)
        hours, mins = divmod(mins, 60)
        units = ("小时", "分", "秒") if self.chinese else ("h", "min", "s")
        parts = [f"{n} {unit}" for n, unit in zip((hours, mins, secs), units, strict=True) if n] or [
            f"0 {units[2]}"
        ]
        return " ".join(parts)

    # -- people --------------------------------------------------------------------------

    def number(self, number: str | None) -> str:
        """A customer's number as this reader may see it: the one place that decides."""
        return (number or DASH) if self.whole_numbers else mask(number)

    def person(self, agent: str, name: str | None) -> str:
        """The name, or the number where there is none."""
        return name or agent


@cache
def words(language: str, zone: ZoneInfo, *, whole_numbers: bool = False) -> Words:
    """The words of a language (`zh`, `en`); read once."""
    return Words(language, zone, _translations(language), whole_numbers=whole_numbers)


@cache
def _translations(language: str) -> GNUTranslations:
    return load_translations(language)
