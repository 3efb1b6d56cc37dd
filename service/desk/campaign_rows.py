"""Lists of customers for a campaign: rows of CSV or Excel to what names a customer, or refused with a place. Pure.

A list has a column of the register's ids or one of numbers, by these names in English or Chinese; a row that has both
is meant by its id. Other columns are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from analytics.people.cells import plain
from analytics.people.sheets import Sheet
from service.desk.event_rows import HEADER_ROWS, Refusal

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "customer": ("customer", "id", "客户", "客户编号", "会员号"),
    "number": ("number", "phone", "mobile", "号码", "电话", "手机", "手机号", "客户号码"),
}
MAX_NAMED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A row of a list: what names a customer, and where it stands."""

    text: str
    file: str
    sheet: str | None
    cell: str

    def refused(self, expected: str) -> Refusal:
        """Why this row is not taken."""
        return Refusal(
            file=self.file, sheet=self.sheet, cell=self.cell, found=repr(self.text[:40]), expected=expected
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What lists said."""

    named: tuple[Named, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def read_rows(sheets: Iterable[Sheet]) -> Rows:
    """All rows of some sheets, in their order."""
    named: list[Named] = []
    refusals: list[Refusal] = []
    for sheet in sheets:
        header = _header(sheet)
        if isinstance(header, Refusal):
            refusals.append(header)
            continue
        start, columns = header
        for number, cells in sheet.rows:
            if number > start:
                found = _row(sheet, number, cells, columns)
                (refusals if isinstance(found, Refusal) else named).append(found)  # type: ignore[arg-type]
    return Rows(named=tuple(named), refusals=tuple(refusals))


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | Refusal:
    """The row of the columns' names, and where the two are."""
    for number, cells in sheet.rows[:HEADER_ROWS]:
        found = _columns(cells)
        if found:
            return number, found
    expected = "a column customer 客户编号 or number 号码 in one of the first ten rows"
    return Refusal(file=sheet.file, sheet=sheet.name, cell=None, found="no such column", expected=expected)


def _columns(cells: Sequence[object]) -> dict[str, int]:
    names = {name: column for column, known in COLUMNS.items() for name in known}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = names.get(plain(cell).casefold())
        if column is not None:
            found.setdefault(column, place)
    return found


def _row(sheet: Sheet, number: int, cells: Sequence[object], columns: Mapping[str, int]) -> Named | Refusal:
    for column in COLUMNS:
        place = columns.get(column)
        text = plain(cells[place]) if place is not None and place < len(cells) else ""
        if place is not None and text:
            cell = f"{get_column_letter(place + 1)}{number}"
            if len(text) > MAX_NAMED:
                expected = f"up to {MAX_NAMED} letters"
                return Refusal(
                    file=sheet.file, sheet=sheet.name, cell=cell, found=f"{len(text)}", expected=expected
                )
            return Named(text=text, file=sheet.file, sheet=sheet.name, cell=cell)
    place = min(columns.values())
    cell = f"{get_column_letter(place + 1)}{number}"
    return Refusal(
        file=sheet.file, sheet=sheet.name, cell=cell, found="nothing", expected="a customer's id or a number"
    )
