"""A table to be written: columns with a kind each, rows of plain cells, and notes that say what the rows are.

Cells hold values in the unit that is shown (minutes, seconds, a rate between 0 and 1), rounded before they come
here; an instant is an aware datetime. None is an empty cell, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

Cell = str | int | float | bool | datetime | None


class Kind(StrEnum):
    """What a column holds, which says how a spreadsheet shows it."""

    TEXT = "text"
    COUNT = "count"  # whole
    MINUTES = "minutes"  # shown with two decimals
    SECONDS = "seconds"  # shown with one decimal
    RATE = "rate"  # between 0 and 1, shown as a percentage with one decimal
    NUMBER = "number"  # any other, shown with two decimals
    INSTANT = "instant"  # shown by the clocks of the table's zone
    FLAG = "flag"  # true or false


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`name` is that of the public contract; `title` is what people read, in their language."""

    name: str
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One line of the second sheet. A heading has no value."""

    label: str
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that a file holds. `made_at` is the instant that the rows are of, never that of writing; None where the
    rows are of no one instant."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    made_at: datetime | None
    zone: ZoneInfo
    notes_title: str = "Notes"
    notes: tuple[Note, ...] = ()
