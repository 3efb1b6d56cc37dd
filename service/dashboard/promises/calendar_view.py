"""The calendar of what is due: whole weeks, days off 休, make-up days 班, festivals, and how each day stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from config.festivals import FESTIVALS
from schedulers.followups.rules import Rules
from service.dashboard.catalogues import marked
from service.dashboard.promises.calendar_days import weeks_of
from service.dashboard.promises.coverage_view import Links
from service.dashboard.promises.source import DayCount, Proof
from service.dashboard.words import Words

DAY = timedelta(days=1)
WEEKDAYS = (
    marked("Mon"), marked("Tue"), marked("Wed"), marked("Thu"), marked("Fri"), marked("Sat"), marked("Sun"),
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1950, 2099
"""The years for which the festivals of the moon are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """A day: what was due, how much of it has its end, what is late of it, and what day it is."""

    day: date
    label: str
    title: str
    css: str
    due: int
    done: str  # the width of the bar, in percent
    note: str
    late: bool
    off: bool
    make_up: bool
    today: bool
    festival: str
    link: str


def weekdays(words: Words) -> list[str]:
    """Monday first."""
    return [words.gettext(each) for each in WEEKDAYS]


def cells_of(words: Words, proof: Proof, month: date, links: Links) -> list[DayCell]:
    """The days of the weeks that touch a month."""
    first, end = weeks_of(month)
    days = [first + each * DAY for each in range((end - first).days)]
    today = proof.rules.day_of(proof.as_of)
    return [_cell(words, proof.rules, day, month, today, proof.days.get(day, DayCount()), links) for day in days]


def _cell(
    words: Words, rules: Rules, day: date, month: date, today: date, count: DayCount, links: Links
) -> DayCell:
    off = not rules.openings.plan(day).is_working
    late = count.late + count.overdue
    css = [
        name for name, holds in (("rest", off), ("today", day == today), ("other", _is_other(day, month))) if holds
    ]
    ended = count.done + count.late + count.closed
    return DayCell(
        day=day,
        label=_label(words, day, month),
        title=words.day(day),
        css=" ".join(css),
        due=count.due,
        done=f"{100 * ended / count.due:.2f}%" if count.due else "",
        note=_note(words, count, late, day, today),
        late=late > 0,
        off=off,
        make_up=not off and rules.openings.is_make_up(day),
        today=day == today,
        festival=festival_of(words, day),
        link=links.items(period=f"{day}..{day}", month=""),
    )


def _is_other(day: date, month: date) -> bool:
    return (day.year, day.month) != (month.year, month.month)


def _label(words: Words, day: date, month: date) -> str:
    if day.day > 1 and not (_is_other(day, month) and day < month and day == weeks_of(month)[0]):
        return str(day.day)
    return f"{day.month} 月 {day.day}" if words.chinese else words.day(day).partition(" ")[2]


def _note(words: Words, count: DayCount, late: int, day: date, today: date) -> str:
    """What is left of today; of other days, what was late."""
    if day == today and count.open:
        return words.gettext("%(n)s left", n=f"{count.open:,}")
    return words.gettext("%(n)s late", n=f"{late:,}") if late else ""


def festival_of(words: Words, day: date) -> str:
    """The festival of a day; '' on most."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    found = next((each for each in FESTIVALS.values() if each.on(day.year) == day), None)
    if found is None:
        return ""
    return found.title_zh if words.chinese else found.title_en
