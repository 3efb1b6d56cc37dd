"""Sheets of customers as what they tell, row by row: pure. A row that cannot be read is refused with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from analytics.people import cells
from analytics.people.row_readers import CellError
from analytics.people.rows import HEADER_WITHIN, Refusal
from analytics.people.sheets import Limits, Stream
from analytics.people.sheets import Row as SheetRow
from schedulers.customers.columns import Header, read_header
from schedulers.customers.row_readers import Row, Rules, SpendRow, read_customer, read_spend
from schedulers.customers.told import Told

LIMITS = Limits(size=1_000_000_000, unpacked=4_000_000_000, rows=3_000_000)
"""A row of customers has 100 to 300 bytes: three million of them, and what Excel packs, fit."""


@dataclass(frozen=True, slots=True)
class At:
    """Where a row stands."""

    file: str
    sheet: str | None
    row: int

    def refusal(self, column: str | None, why: str) -> Refusal:
        """A refusal of this row; `why` is found …, expected …"""
        return Refusal(file=self.file, sheet=self.sheet, row=self.row, column=column, why=why)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A row of a customer: what it tells, where he is named, and what is passed over."""

    at: At
    column: str
    told: Told
    passed_over: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedSpend:
    """A row of what a customer spent."""

    at: At
    column: str
    spend: SpendRow


@dataclass(frozen=True, slots=True)
class Unread:
    """A column that nobody reads."""

    title: str


Item = CustomerRow | PlacedSpend | Refusal | Unread


def read_files(sheets: Iterable[Stream], rules: Rules) -> Iterator[Item]:
    """Everything that some sheets tell, in their order. A sheet without any row tells nothing."""
    for sheet in sheets:
        yield from _read_sheet(sheet, rules)


def _read_sheet(sheet: Stream, rules: Rules) -> Iterator[Item]:
    passed: list[SheetRow] = []
    for number, values in sheet.rows:
        header = read_header(values)
        if header is not None:
            yield from map(Unread, header.unread)
            yield from _read_rows(sheet, header, rules)
            return
        passed.append((number, values))
        if len(passed) == HEADER_WITHIN:
            break
    if passed:
        yield _headless(sheet, passed[0])


def _read_rows(sheet: Stream, header: Header, rules: Rules) -> Iterator[Item]:
    column = header.titles[header.places["id"] if "id" in header.places else header.numbers[0][0]]
    for number, values in sheet.rows:
        at, row = At(sheet.file, sheet.name, number), Row(header, values)
        try:
            if header.is_of_spend:
                yield PlacedSpend(at, column, read_spend(row))
            else:
                yield CustomerRow(at, column, *read_customer(row, header, rules))
        except CellError as bad:
            yield at.refusal(bad.column, bad.why)


def _headless(sheet: Stream, first: SheetRow) -> Refusal:
    number, values = first
    found = ", ".join(filter(None, map(cells.plain, chain(values))))
    why = f"found the columns {cells.shown(found)}, expected at least id (客户编号) or number (电话)"
    return Refusal(file=sheet.file, sheet=sheet.name, row=number, column=None, why=why)
