"""CSV and workbooks of a table: the same figures, never a formula, the same bytes each time."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.export.csv_file import FORMULA_STARTS, csv_file, defused
from analytics.export.table import Cell, Column, Kind, Note, Table
from analytics.export.workbook import workbook

SHANGHAI = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
NUMBERS = st.none() | st.integers(-(10**9), 10**9) | st.floats(-1e6, 1e6).map(lambda each: round(each, 4))
# What XML and a spreadsheet's own line ends cannot hold is another test's.
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
INSTANTS = st.none() | st.integers(0, 10**9).map(lambda each: AT - timedelta(seconds=each))


def table(columns: list[Column], rows: list[tuple[Cell, ...]], **more: Any) -> Table:
    """A table of these rows."""
    return Table(
        title=more.pop("title", "Figures"),
        columns=tuple(columns),
        rows=tuple(rows),
        made_at=AT,
        zone=SHANGHAI,
        **more,
    )


def cells(text: bytes) -> list[list[str]]:
    """The rows of a CSV file, the header left out."""
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline="")))[1:]


def sheet(file: bytes) -> list[list[Any]]:
    """The cells of the first sheet, the header left out."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(TEXTS, NUMBERS, INSTANTS), max_size=5))
def test_csv_and_excel_hold_the_same(rows: list[tuple[str, float | None, datetime | None]]) -> None:
    """Texts, numbers, instants and nothing; numbers exactly, instants to the second by the table's clocks."""
    kinds = [("who", Kind.TEXT), ("minutes", Kind.MINUTES), ("at", Kind.INSTANT)]
    made = table([Column(name=name, title=name, kind=kind) for name, kind in kinds], list(rows))
    for written, shown, (text, number, at) in zip(cells(csv_file(made)), sheet(workbook(made)), rows, strict=False):
        assert written[0].removeprefix("'" if defused(text) != text else "") == text
        assert (shown[0] or "") == text
        assert (float(written[1]) if written[1] else None) == number == shown[1]
        assert (datetime.fromisoformat(written[2]) if written[2] else None) == at
        assert shown[2] == (at.astimezone(SHANGHAI).replace(tzinfo=None) if at else None)


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_is_ever_a_formula(start: str) -> None:
    """What a caller calls himself is text to every spreadsheet; a negative number stays a number."""
    hostile = f'{start}cmd|" /C calc"!A0'
    made = table([Column(name="a", title="a"), Column(name="b", title="b", kind=Kind.COUNT)], [(hostile, -5)])
    assert cells(csv_file(made)) == [[f"'{hostile}", "-5"]]
    book = openpyxl.load_workbook(io.BytesIO(workbook(made)))
    assert [cell.data_type for cell in book.worksheets[0][2]] == ["s", "n"]


@given(TEXTS)
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    """And what is defused differs by its first character only."""
    assert defused(text) in (text, f"'{text}")
    assert (defused(text) == text) is not text.startswith(FORMULA_STARTS)


def test_a_csv_file_is_as_the_standard_has_it() -> None:
    """A byte order mark, CRLF after each line, quotes where they are needed and doubled within."""
    made = table(
        [Column(name="name", title="姓名"), Column(name="n", title="数")], [('a "b", c\nd', None), ("王娜", 1)]
    )
    assert csv_file(made) == '\ufeffname,n\r\n"a ""b"", c\nd",\r\n王娜,1\r\n'.encode()


def test_the_first_sheet_has_titles_formats_a_fixed_header_and_a_filter() -> None:
    """Minutes with two decimals, rates as percentages, instants as dates, widths by what they hold."""
    kinds = (Kind.TEXT, Kind.COUNT, Kind.MINUTES, Kind.SECONDS, Kind.RATE, Kind.INSTANT, Kind.FLAG)
    columns = [Column(name=kind.value, title=f"题{kind.value}", kind=kind) for kind in kinds]
    made = table(columns, [("1001", 3, 1.2345, 2.05, 0.966, AT, True)], title="分钟: [2026/11]")
    found = openpyxl.load_workbook(io.BytesIO(workbook(made))).worksheets[0]
    assert found.title == "分钟   2026 11"
    assert [cell.value for cell in found[1]] == [column.title for column in columns]
    assert [cell.number_format for cell in found[2]] == [
        "General", "#,##0", "#,##0.00", "#,##0.0", "0.0 %", "yyyy-mm-dd hh:mm:ss", "General",
    ]  # fmt: skip
    assert (found.freeze_panes, found.auto_filter.ref) == ("A2", "A1:G2")
    assert found["F2"].value.isoformat() == "2026-11-02T09:00:00"
    assert found["G2"].value is True


def test_the_second_sheet_tells_what_the_rows_are() -> None:
    """Headings and values in their order; a text that looks like a formula is none."""
    notes = (Note(label="问题"), Note(label="周期", value="2026-11"), Note(label="only", value="=1+1"))
    book = openpyxl.load_workbook(io.BytesIO(workbook(table([], [], notes=notes, notes_title="说明"))))
    assert book.sheetnames == ["Figures", "说明"]
    told = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert told == [["问题", None], ["周期", "2026-11"], ["only", "=1+1"]]
    assert book.worksheets[1]["B3"].data_type == "s"


@pytest.mark.parametrize("title", ["", "'", "a" * 99, "[]:*?/\\", "\x00\x1f", "工" * 40])
def test_any_title_makes_a_workbook(title: str) -> None:
    """Names that a workbook refuses are made fit, not a mistake."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(table([], [], title=title, notes=(Note(label="a"),)))))
    assert len(set(book.sheetnames)) == 2
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_the_same_table_gives_the_same_bytes() -> None:
    """Also later: the file's date is the table's own, and the clock is asked by nobody."""
    made = table([Column(name="a", title="a")], [("x",)], notes=(Note(label="n", value="v"),))
    first = workbook(made)
    assert first == workbook(made)
    book = openpyxl.load_workbook(io.BytesIO(first))
    assert book.properties.created == AT.replace(tzinfo=None)
    assert csv_file(made) == csv_file(made)


def test_what_xml_cannot_hold_and_what_is_too_long_still_makes_a_workbook() -> None:
    """Control characters and 40,000 letters: a workbook opens, cut where a cell ends."""
    made = table([Column(name="a", title="a")], [("a\x01\x0bb",), ("x" * 40_000,)])
    assert [len(row[0]) for row in sheet(workbook(made))][1] == 32_767
