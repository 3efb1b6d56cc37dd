"""Tables of figures: a row an agent, queue, day or code; each head defined and sorted by, each figure opened. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from analytics.metrics.definitions import Value
from service.dashboard.definitions import define
from service.dashboard.figures.cells import Fig, Opener, label_of
from service.dashboard.periods import Definition
from service.dashboard.query import QueryError
from service.dashboard.rendering import Reader
from service.dashboard.rows import Mark
from service.dashboard.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a row is of: an agent has an initial and a number."""

    text: str
    link: str = ""
    initial: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row before it is shown. `filters` are added to the links of its figures."""

    name: Named
    values: Mapping[str, Value]
    filters: Mapping[str, str] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    mark: Mark | None = None
    order: str = ""  # among its kind, where nothing else is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column of figures. `sort` is the address that sorts by it, `aria` how it is sorted now."""

    metric: str
    text: str
    definition: Definition
    sort: str
    aria: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as it is shown."""

    name: Named
    texts: tuple[str, ...]
    mark: Mark | None
    figures: tuple[Fig, ...]
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as it is shown. `totals` are rows below the line: the whole, and the period before."""

    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    totals: tuple[Line, ...] = ()
    name_sort: str = ""
    name_aria: str = ""
    next_page: str = ""
    first_page: str = ""
    rows: int = 0  # on all pages


PAGE = 50
"""Rows that a page has."""


def cut(ordered: Sequence[Any], places: Sequence[str], after: str) -> tuple[Sequence[Any], str]:
    """The rows of the page that begins after a place, and the place after which the next begins; '' on the last."""
    first = places.index(after) + 1 if after in places else 0
    shown = ordered[first : first + PAGE]
    return shown, places[first + PAGE - 1] if len(ordered) > first + PAGE else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The metrics of a table, and how it is sorted: by a metric, with - before it the greatest first."""

    metrics: tuple[str, ...]
    sort: str = ""
    after: str = ""  # the row before the page: its place among its kind
    reader: Reader

    def __post_init__(self) -> None:
        name = self.sort.removeprefix("-")
        if name and name not in (*self.metrics, "name"):
            raise QueryError("sort", self.sort, "one of " + ", ".join(("name", *self.metrics)))

    def table(
        self, words: Words, opener: Opener, entries: Iterable[Entry], totals: Sequence[tuple[Opener, Entry]] = ()
    ) -> Table:
        """A page of the table of these rows."""
        ordered = self.ordered(entries)
        shown, following = cut(ordered, [each.order for each in ordered], self.after)
        return Table(
            heads=tuple(self._head(words, each) for each in self.metrics),
            lines=tuple(self._line(words, opener, each) for each in shown),
            next_page=self.reader.here(after=following) if following else "",
            first_page=self.reader.here(after="") if self.after else "",
            rows=len(ordered),
            totals=tuple(self._line(words, of, each) for of, each in totals),
            name_sort=self.reader.here(sort="-name" if self.sort in ("", "name") else "", after=""),
            name_aria={"": "ascending", "name": "ascending", "-name": "descending"}.get(self.sort, ""),
        )

    def ordered(self, entries: Iterable[Entry]) -> list[Entry]:
        """By name unless told otherwise; rows with nothing to sort by come last."""
        told = sorted(entries, key=lambda each: each.order)
        name = self.sort.removeprefix("-")
        if name in ("", "name"):
            return told[::-1] if self.sort == "-name" else told
        known = [each for each in told if each.values[name] is not None]
        known.sort(key=lambda each: Fraction(each.values[name] or 0), reverse=self.sort.startswith("-"))
        return known + [each for each in told if each.values[name] is None]

    def _head(self, words: Words, metric: str) -> Head:
        falling, rising = f"-{metric}", metric
        aria = {falling: "descending", rising: "ascending"}.get(self.sort, "")
        return Head(
            metric=metric,
            text=label_of(words, metric),
            definition=define(metric, words),
            sort=self.reader.here(sort=rising if self.sort == falling else falling, after=""),
            aria=aria,
        )

    def _line(self, words: Words, opener: Opener, entry: Entry) -> Line:
        figures = tuple(opener.fig(words, each, entry.values, **entry.filters) for each in self.metrics)
        return Line(name=entry.name, texts=entry.texts, mark=entry.mark, figures=figures, key=entry.order)
