"""Reads which closings a centre keeps: the policy's [holidays], and the file of its own days that it names.

The own file stands beside the policy and is edited more often than it. Its mistakes are told with its own name
and lines, together with the policy's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from config.calendars import WEEKDAYS
from config.closings import Closings, ExtraOpening, MakeUp, MakeUpDay
from config.dates import YEARS, day_of
from config.documents import Document
from config.errors import ConfigError, PolicyError
from config.national import is_country
from config.policy_tables import EXPECTED_SPANS, read_spans
from config.reading import Table
from config.showing import one_of, shown
from config.values import DEFAULT_COUNTRY

Row = TypeVar("Row")
EXPECTED_COUNTRY = "a country of two letters whose closings are known, such as CN"
EXPECTED_DAY = "a day"
EXPECTED_FILE = "a TOML file's path"
LONGEST_DAYS = 366


def read_closings(policy: Table, folder: Path) -> tuple[Closings, list[ConfigError]]:
    """The policy's [holidays] and the mistakes of the file that it names, relative to `folder`.

    Without the table, or with `observe = false`, no national closing is kept; the centre's own days always are.
    """
    table = policy.table("holidays")
    observe = table.flag("observe", True)
    named = policy.raw("country")
    default = named if isinstance(named, str) else DEFAULT_COUNTRY
    country = table.checked("country", default, is_country, EXPECTED_COUNTRY)
    make_up = table.choice("make_up", MakeUp.MON)
    file = table.optional("file", expected=EXPECTED_FILE)
    table.done()
    keeps = Closings(country=country if observe and policy.has("holidays") else None, make_up=make_up)
    return _with_own_days(keeps, folder / file) if file else (keeps, [])


def _with_own_days(keeps: Closings, path: Path) -> tuple[Closings, list[ConfigError]]:
    document = Document(str(path), PolicyError)
    document.read(path)
    if document.mistakes:
        return keeps, document.errors()
    table = Table(document, document.values)
    closed, make_up, openings = table.tables("closed"), table.tables("make_up"), table.tables("open")
    own = replace(
        keeps,
        years=_read_years(table),
        closed=tuple(day for days in _read_each(closed, _closed) for day in days),
        make_up_days=tuple(each for days in _read_each(make_up, _make_up) for each in days.values()),
        openings=tuple(each for days in _read_each(openings, _openings) for each in days.values()),
    )
    table.done()
    return own, document.errors()


def _read_years(table: Table) -> tuple[int, ...]:
    value = table.raw("years")
    if value is None:
        return ()
    if isinstance(value, list) and all(type(each) is int and each in YEARS for each in value):
        return tuple(sorted(set(value)))
    table.note("years", shown(value), "a list of years such as [2027]")
    return ()


def _read_each(tables: list[Table], read: Callable[[Table], Mapping[date, Row]]) -> list[Mapping[date, Row]]:
    """What each table says, by day; a day that two of them name is noted."""
    rows = []
    seen: set[date] = set()
    for table in tables:
        row = read(table)
        table.done()
        again = next((day for day in row if day in seen), None)
        if again is not None:
            table.note("day", f"{again} in an earlier row too", "each day once")
        seen.update(row)
        rows.append(row)
    return rows


def _days(table: Table) -> list[date]:
    """The days from `day` to `last`, both inside; [] after a mistake."""
    first, last = _day(table), day_of(table, "last")
    if first is None or table.bad("last"):
        return []
    length = ((last or first) - first).days
    if not 0 <= length <= LONGEST_DAYS:
        table.note("last", shown(last), f"a day from {first} on, up to {LONGEST_DAYS} days later")
        return []
    return [first + timedelta(days=each) for each in range(length + 1)]


def _day(table: Table) -> date | None:
    if not table.has("day"):
        table.note("day", "nothing", EXPECTED_DAY)
    return day_of(table, "day")


def _closed(table: Table) -> Mapping[date, None]:
    return dict.fromkeys(_days(table))


def _make_up(table: Table) -> Mapping[date, MakeUpDay]:
    day = _day(table)
    hours = table.checked("hours", "", WEEKDAYS.__contains__, one_of(WEEKDAYS))
    return {day: MakeUpDay(day=day, hours=MakeUp(hours) if hours else None)} if day else {}


def _openings(table: Table) -> Mapping[date, ExtraOpening]:
    if not table.has("hours"):
        table.note("hours", "nothing", EXPECTED_SPANS)
    days, spans = _days(table), read_spans(table, "hours")
    return {day: ExtraOpening(day=day, spans=spans) for day in days}
