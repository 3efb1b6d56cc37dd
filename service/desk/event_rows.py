"""Files of events: rows of CSV or Excel to events, or refused with file, sheet, cell, found and expected. Pure.

The columns `event`, `customer`, `key` and `at` are known by these names, in English or Chinese, or by those that the
caller gives; every other column that has a name is an attribute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from openpyxl.utils import get_column_letter

from analytics.errors import PeopleError
from analytics.people.cells import plain, read_moment, shown
from analytics.people.sheets import Sheet
from service.desk.events import Event, attribute
from telephony.clock import from_microseconds

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "event": ("event", "事件", "事件类型"),
    "customer": ("customer", "客户", "客户编号", "客户号码", "电话", "手机"),
    "key": ("key", "编号", "单号", "订单号", "工单号"),
    "at": ("at", "时间", "发生时间"),
}
NEEDED = ("event", "customer", "key")
HEADER_ROWS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a cell, a row or a sheet is not taken."""

    file: str
    sheet: str | None
    cell: str | None
    found: str
    expected: str

    def sentence(self) -> str:
        """One line."""
        place = ", ".join(
            [self.file, *([f"sheet {self.sheet}"] if self.sheet else []), *([self.cell] if self.cell else [])]
        )
        return f"{place}: found {self.found}, expected {self.expected}"

    def as_json(self) -> dict[str, Any]:
        """The public shape."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "cell": self.cell,
            "found": self.found,
            "expected": self.expected,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An event and where it stands; `cells` are the cells of its columns."""

    event: Event
    file: str
    sheet: str | None
    cells: Mapping[str, str]

    def refused(self, column: str, found: str, expected: str) -> Refusal:
        """A refusal of one of its cells."""
        return Refusal(
            file=self.file, sheet=self.sheet, cell=self.cells.get(column), found=found, expected=expected
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read: foreign names of columns, the event of all rows, the zone of times, and now."""

    names: Mapping[str, str]  # our column -> its name in the file
    event: str | None
    zone: tzinfo
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What files said."""

    placed: tuple[Placed, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def read_events(sheets: Iterable[Sheet], how: Reading) -> Read:
    """All events of some sheets, in their order."""
    placed: list[Placed] = []
    refusals: list[Refusal] = []
    for sheet in sheets:
        header = _header(sheet, how)
        if isinstance(header, Refusal):
            refusals.append(header)
            continue
        start, columns = header
        for number, cells in sheet.rows:
            if number > start:
                found = _row(sheet, number, cells, columns, how)
                if isinstance(found, Refusal):
                    refusals.append(found)
                else:
                    placed.append(found)
    return Read(placed=tuple(placed), refusals=(*refusals, *_clashes(placed)))


def _header(sheet: Sheet, how: Reading) -> tuple[int, dict[int, str]] | Refusal:
    """The row of names, and what each column is called by us; a refusal where it is not found or not plain."""
    needed = [each for each in NEEDED if not (each == "event" and how.event)]
    best: dict[int, str] = {}
    for number, cells in sheet.rows[:HEADER_ROWS]:
        columns = _columns(cells, how)
        names = list(columns.values())
        if all(each in names for each in needed):
            twice = next((each for each in names if names.count(each) > 1), None)
            if twice is None:
                return number, columns
            return _refusal(sheet, f"{number}", f"the column {twice} twice", "it once")
        best = max(best, columns, key=lambda each: sum(name in needed for name in each.values()))
    missing = ", ".join(each for each in needed if each not in best.values())
    expected = f"columns named {', '.join(how.names.get(each, each) for each in needed)}"
    return _refusal(sheet, None, f"no column {missing}", expected)


def _columns(cells: Sequence[object], how: Reading) -> dict[int, str]:
    given = {foreign.casefold(): ours for ours, foreign in how.names.items()}
    ours = {name: column for column, names in COLUMNS.items() if column not in how.names for name in names}
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        name = plain(cell)
        if name:
            found[place] = given.get(name.casefold()) or ours.get(name.casefold()) or name
    return found


def _row(
    sheet: Sheet, number: int, cells: Sequence[object], columns: Mapping[int, str], how: Reading
) -> Placed | Refusal:
    at_place = {name: f"{get_column_letter(place + 1)}{number}" for place, name in columns.items()}
    values = {name: cells[place] if place < len(cells) else None for place, name in columns.items()}
    texts = {name: plain(value) for name, value in values.items()}
    if how.event is not None:
        texts["event"] = how.event
    for name in NEEDED:
        if not texts[name]:
            return _refusal(sheet, at_place.get(name), "nothing", f"the {name} of the row")
    try:
        at = from_microseconds(read_moment(values["at"], how.zone)) if texts.get("at") else how.now
    except PeopleError:
        return _refusal(sheet, at_place["at"], shown(values["at"]), "a time such as 2026-11-02 09:30")
    about = {name: attribute(text) for name, text in texts.items() if name not in COLUMNS and text}
    event = Event(
        event=texts["event"],
        customer=texts["customer"],
        key=texts["key"],
        at=at,
        about=tuple(sorted(about.items())),
    )
    return Placed(event=event, file=sheet.file, sheet=sheet.name, cells=at_place | {"row": f"row {number}"})


def _clashes(placed: Iterable[Placed]) -> list[Refusal]:
    """One key of one event is one thing: rows that say otherwise of it contradict each other."""
    first: dict[tuple[str, str], Event] = {}
    found: list[Refusal] = []
    for each in placed:
        event = each.event
        known = first.setdefault((event.event, event.key), event)
        if (known.customer, known.about) != (event.customer, event.about):
            found.append(each.refused("key", f"{event.key!r} a second time, otherwise", "each key once"))
    return found


def _refusal(sheet: Sheet, cell: str | None, found: str, expected: str) -> Refusal:
    return Refusal(file=sheet.file, sheet=sheet.name, cell=cell, found=found, expected=expected)
