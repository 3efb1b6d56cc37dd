"""Hands out the values of a TOML table with their types, and notes every mistake.

Each method of `Table` returns the value, or the given default after noting what was found and what was
expected. `done` refuses the keys that nobody asked for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from config.documents import Document
from config.places import KeyPath
from config.showing import dotted, one_of, shown

Choice = TypeVar("Choice", bound=StrEnum)
NOT_BLANK = r".*\S.*"


class Table:
    """One table of a document, handed out key by key."""

    def __init__(self, document: Document, values: Mapping[str, object], path: KeyPath = ()) -> None:
        self.document = document
        self.path = path
        self._values = values
        self._known: list[str] = []

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._values

    def names(self) -> tuple[str, ...]:
        """All keys that are there, in the order of the file."""
        return tuple(self._values)

    def bad(self, key: str) -> bool:
        """Whether a mistake at this key was noted already."""
        return any(mistake.path == (*self.path, key) for mistake in self.document.mistakes)

    def note(self, key: str, found: str, expected: str) -> None:
        """Note a mistake at one of this table's keys."""
        self.document.note((*self.path, key), found, expected)

    def raw(self, key: str) -> object:
        """The value as TOML gave it, None if it is not there; the key counts as known."""
        self._known.append(key)
        return self._values.get(key)

    def refuse(self, key: str, found: str, expected: str) -> None:
        """Note that a key, if it is there, does not belong here, without showing its value."""
        if self.raw(key) is not None:
            self.note(key, found, expected)

    def checked(self, key: str, default: str, accepts: Callable[[str], object], expected: str) -> str:
        """A printable text that a function accepts."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, str) and value.isprintable() and accepts(value):
            return value
        self.note(key, shown(value), expected)
        return default

    def text(self, key: str, default: str, *, expected: str = "a text", pattern: str = NOT_BLANK) -> str:
        """A text that matches the pattern whole."""
        return self.checked(key, default, re.compile(pattern).fullmatch, expected)

    def optional(self, key: str, *, expected: str = "a text", pattern: str = NOT_BLANK) -> str | None:
        """A text, or None if the key is not there."""
        return self.text(key, "", expected=expected, pattern=pattern) or None

    def required(self, key: str, *, expected: str = "a text", pattern: str = NOT_BLANK) -> str:
        """A text that must be there; '' after its absence was noted."""
        if not self.has(key):
            self.note(key, "nothing", expected)
        return self.text(key, "", expected=expected, pattern=pattern)

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self.note(key, shown(value), "true or false")
        return default

    def integer(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number in a range, both ends included."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.note(key, shown(value), f"a whole number from {low} to {high}")
        return default

    def seconds(self, key: str, default: timedelta, *, low: int = 0, high: int = 86_400) -> timedelta:
        """A number of seconds with up to three decimals, in a range, both ends included."""
        value = self.raw(key)
        if value is None:
            return default
        span = to_span(value, low, high)
        if span is None:
            self.note(key, shown(value), f"seconds from {low} to {high}, with up to 3 decimals")
        return default if span is None else span

    def choice(self, key: str, default: Choice) -> Choice:
        """One of an enum's values."""
        value = self.raw(key)
        if value is None:
            return default
        found = next((member for member in type(default) if member.value == value), None)
        if found is None:
            self.note(key, shown(value), one_of(member.value for member in type(default)))
        return found or default

    def texts(self, key: str, *, expected: str = "a list of texts", pattern: str = NOT_BLANK) -> tuple[str, ...]:
        """A list of texts, each matching the pattern whole and none there twice; () if it is not there."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.note(key, shown(value), expected)
            return ()
        for index, each in enumerate(value):
            if not (isinstance(each, str) and each.isprintable() and re.fullmatch(pattern, each)):
                self.note(key, f"{shown(each)} as entry {index + 1}", expected)
                return ()
            if each in value[:index]:
                self.note(key, f"{shown(each)} twice", "each entry once")
                return ()
        return tuple(value)

    def table(self, key: str) -> Table:
        """A table; an empty one if it is not there."""
        value = self.raw(key)
        if value is not None and not isinstance(value, dict):
            self.note(key, shown(value), f"a table, [{dotted((*self.path, key))}]")
        return Table(self.document, value if isinstance(value, dict) else {}, (*self.path, key))

    def tables(self, key: str) -> list[Table]:
        """A list of tables; empty if it is not there."""
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.note(key, shown(value), f"a list of tables, [[{dotted((*self.path, key))}]]")
            return []
        rows = enumerate(value)
        return [Table(self.document, each, (*self.path, key, index)) for index, each in rows]

    def named_tables(self) -> list[tuple[str, Table]]:
        """All keys of this table, each a table of its own; what is none is noted and left out."""
        tables = [(key, self.table(key)) for key in self._values]
        return [(key, table) for key, table in tables if isinstance(self._values[key], dict)]

    def done(self) -> None:
        """Refuse the keys that nobody asked for, with the nearest known one."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                self.note(key, "an unknown key", near[0] if near else one_of(sorted(set(self._known))))


def to_span(value: object, low: int, high: int) -> timedelta | None:
    """A duration from a number of seconds, exactly; None if it is none, out of range or too fine."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value) if isinstance(value, Decimal) or abs(value) <= high else Decimal(high + 1)
    if not number.is_finite() or not low <= number <= high:
        return None
    thousandths = number.quantize(Decimal("0.001"))
    return timedelta(milliseconds=int(thousandths * 1000)) if thousandths == number else None
