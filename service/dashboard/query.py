"""The URL is the state: what its query says, or a refusal in words. Pure.

Every page names the keys that it knows; another key, or a value that is none, is refused, never ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

EVERYWHERE = ("lang", "theme")
THEMES = ("light", "dark", "auto")
_LONGEST = 400  # days

E = TypeVar("E", bound=StrEnum)


class QueryError(ValueError):
    """A query key or value that is not understood: `key`, `found` and what was `expected`."""

    def __init__(self, key: str, found: str, expected: str) -> None:
        super().__init__(f"{key}: found {found!r}, expected {expected}")
        self.key = key
        self.found = found
        self.expected = expected


def check_keys(query: Mapping[str, str], known: Collection[str]) -> None:
    """Refuse keys that this page does not know, and values that no database would take for text."""
    allowed = (*known, *EVERYWHERE)
    for key in query:
        if key not in allowed:
            raise QueryError(key, query[key], "one of the keys " + ", ".join(sorted(allowed)))
        if not query[key].isprintable():
            raise QueryError(key, ascii(query[key]), "characters that print")


def choose(key: str, query: Mapping[str, str], kind: type[E]) -> E | None:
    """The member that the query names; None where it names none."""
    found = query.get(key, "")
    if not found:
        return None
    try:
        return kind(found)
    except ValueError:
        raise QueryError(key, found, "one of " + ", ".join(kind)) from None


def read_day(key: str, found: str, today: date) -> date:
    """2026-11-20; today where nothing is said."""
    if not found or found == "today":
        return today
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise QueryError(key, found, "a day such as 2026-11-20") from None


def read_month(found: str, today: date) -> date:
    """2026-11 -> its first day; this month where nothing is said."""
    if not found:
        return today.replace(day=1)
    try:
        if len(found) != len("2026-11"):
            raise ValueError
        return date.fromisoformat(f"{found}-01")
    except ValueError:
        raise QueryError("period", found, "a month such as 2026-11") from None


def read_period(found: str, today: date) -> tuple[date, date]:
    """today, week, month, 2026-11, or 2026-11-01..2026-11-20 -> first day, and the day after the last."""
    tomorrow = today + timedelta(days=1)
    match found:
        case "" | "today":
            return today, tomorrow
        case "week":
            return today - timedelta(days=today.weekday()), tomorrow
        case "month":
            return today.replace(day=1), tomorrow
    if ".." in found:
        first, _, last = found.partition("..")
        start, end = read_day("period", first, today), read_day("period", last, today) + timedelta(days=1)
        if not start < end <= start + timedelta(days=_LONGEST):
            raise QueryError("period", found, f"a first and a last day, at most {_LONGEST} days")
        return start, end
    start = read_month(found, today)
    return start, next_month(start)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)
