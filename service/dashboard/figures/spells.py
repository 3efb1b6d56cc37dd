"""The days that a page is about: read from its address, moved to the next or the one before, said in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from analytics.metrics.periods import Period, custom_period, day_period, month_period, start_of_day
from config.policies import Policy
from service.dashboard.query import next_month, previous_month, read_period
from service.dashboard.words import Words
from telephony.clock import from_microseconds

_DAY = timedelta(days=1)
_WEEK = 7
NAMED = ("today", "week", "month")
"""The words that an address may have for days: they move with the day on which it is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """From `start` up to but not including `end`, in the centre's days; `today` is the day on which it is read.

    `word` is today, week or month where the address says so, else ''.
    """

    start: date
    end: date
    today: date
    word: str = ""

    @property
    def key(self) -> str:
        """As an address says it that means the same days tomorrow."""
        if self.is_month:
            return f"{self.start:%Y-%m}"
        last = self.end - _DAY
        return f"{self.start}" if last == self.start else f"{self.start}..{last}"

    @property
    def is_month(self) -> bool:
        """Whether it is a calendar month, whole."""
        return self.start.day == 1 and self.end == next_month(self.start)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def unfinished(self) -> bool:
        """Whether it goes on today or later."""
        return self.end > self.today

    def period(self, policy: Policy) -> Period:
        """The same as instants."""
        zone, begins = policy.zone, policy.day_start
        if self.is_month:
            return month_period(self.start.year, self.start.month, zone, begins)
        if self.days == 1:
            return day_period(self.start, zone, begins)
        start, end = (from_microseconds(start_of_day(day, zone, begins)) for day in (self.start, self.end))
        return custom_period(start, end, zone, f"{self.start}/{self.end}", begins)

    # -- next to it ------------------------------------------------------------------------

    def before(self) -> Spell:
        """The one before it: a month before a month, else as many days."""
        if self.is_month:
            return self._of(previous_month(self.start), self.start)
        length = _WEEK if self.word == "week" else self.days
        return self._of(self.start - timedelta(days=length), self.start)

    def after(self) -> Spell | None:
        """The one after it; None where it has not begun yet."""
        if self.end > self.today:
            return None
        following = next_month(self.end) if self.is_month else self.end + timedelta(days=self.days)
        return self._of(self.end, following)

    def compared(self) -> Spell:
        """What it is compared with: the one before, which is cut to as many days where this one goes on."""
        before = self.before()
        passed = (min(self.end, self.today + _DAY) - self.start).days
        return self._of(before.start, min(before.end, before.start + timedelta(days=max(passed, 1))))

    def _of(self, start: date, end: date) -> Spell:
        return Spell(start=start, end=end, today=self.today)


def read_spell(found: str, today: date, default: str = "today") -> Spell:
    """today, week, month, 2026-11, 2026-11-20 or 2026-11-01..2026-11-20. Raises QueryError."""
    said = found or default
    if len(said) == len("2026-11-20") and ".." not in said:
        said = f"{said}..{said}"
    start, end = read_period(f"{today:%Y-%m}" if said == "month" else said, today)
    return Spell(start=start, end=end, today=today, word=said if said in NAMED else "")


def in_words(words: Words, spell: Spell) -> str:
    """11 月 20 日 周五, 2026 年 11 月, or 11 月 1–20 日; the year where it is another than today's."""
    year = spell.start.year != spell.today.year
    last = spell.end - _DAY
    if spell.is_month:
        return words.month(spell.start)
    if last == spell.start:
        return words.day(spell.start, year=year)
    return words.days(spell.start, last, year=year)
