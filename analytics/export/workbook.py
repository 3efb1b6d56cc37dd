"""A table as an Excel workbook: the rows on the first sheet, what they are on the second.

Cells are typed: a number is a number with a format, a text is never read as a formula, a link or a number. The
same table gives the same bytes: the workbook's date is the table's, not the clock's.
"""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from analytics.export.table import Cell, Kind, Table

FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.MINUTES: "#,##0.00",
    Kind.SECONDS: "#,##0.0",
    Kind.RATE: "0.0 %",
    Kind.NUMBER: "#,##0.00",
    Kind.INSTANT: "yyyy-mm-dd hh:mm:ss",
}
MAX_ROWS = 1_048_575
"""Rows of a sheet, the header left out."""

_LITERAL = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_NO_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_MAX_TEXT = 32_767
_MAX_WIDTH = 48
_MEASURED = 200  # rows that decide how wide a column is


def workbook(table: Table) -> bytes:
    """The whole file."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _LITERAL)
    made_at = (table.made_at or _NO_INSTANT).astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": table.title, "created": made_at})
    _write_rows(book, table)
    if table.notes:
        _write_notes(book, table)
    book.close()
    return file.getvalue()


def _write_rows(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(_sheet_name(table.title, "1"))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = [_format(book, column.kind) for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, head)
        sheet.set_column(place, place, _width(table, place))
    for number, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            _write_cell(sheet, number, place, _local(cell, table), formats[place])
    sheet.freeze_panes(1, 0)
    if table.columns:
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


def _format(book: Any, kind: Kind) -> Any:
    return book.add_format({"num_format": FORMATS[kind]}) if kind in FORMATS else None


def _local(cell: Cell, table: Table) -> Cell:
    """An instant by the centre's clocks: a spreadsheet has no zones."""
    return cell.astimezone(table.zone).replace(tzinfo=None) if isinstance(cell, datetime) else cell


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, shown: Any) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, place, cell, shown)
        case datetime():
            sheet.write_datetime(row, place, cell, shown)
        case str():
            sheet.write_string(row, place, cell[:_MAX_TEXT], shown)
        case _:
            sheet.write_number(row, place, cell, shown)


def _write_notes(book: Any, table: Table) -> None:
    sheet = book.add_worksheet(_sheet_name(table.notes_title, "2"))
    heading = book.add_format({"bold": True})
    plain = book.add_format({"valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 96)
    for number, note in enumerate(table.notes):
        sheet.write_string(number, 0, note.label[:_MAX_TEXT], heading if note.value is None else plain)
        if note.value is not None:
            sheet.write_string(number, 1, note.value[:_MAX_TEXT], wrapped)


def _sheet_name(title: str, place: str) -> str:
    """A name that a workbook takes: up to 31 characters, none of `[]:*?/\\`, and no apostrophe at an end."""
    kept = "".join(" " if each in "[]:*?/\\" or not each.isprintable() else each for each in title)
    return kept.strip(" '")[:31].strip(" '") or place


def _width(table: Table, place: int) -> int:
    """As wide as the widest of the first cells; a Chinese character is as wide as two letters."""
    texts = [table.columns[place].title, *(_text(row[place]) for row in table.rows[:_MEASURED])]
    return min(max(map(_columns, texts)) + 3, _MAX_WIDTH)


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return FORMATS[Kind.INSTANT]
    return "" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text[:_MAX_WIDTH])
