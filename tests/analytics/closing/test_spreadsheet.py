"""Issued reports and difference sheets as Excel files, read again by another library."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import Engine

from analytics.closing.difference import difference
from analytics.closing.figures import Figures
from analytics.closing.issues import issue, load_frozen
from analytics.closing.shapes import issue_json, live_json
from analytics.closing.spreadsheet import difference_workbook, issued_workbook
from config.settings import Language
from service.cli.closing_words import closing_words
from tests.analytics.closing.issuing import ISSUED_AT, draft, figures

ROW = {"agent": "1004", "name": "王娜娜", "talk_minutes": 59.5, "rate": None, "calls": 3, "ok": True}
ENGLISH = closing_words(Language.EN).get
CHINESE = closing_words(Language.ZH).get


def cells(content: bytes, page: int) -> list[list[Any]]:
    """All cells of a sheet."""
    book = load_workbook(BytesIO(content))
    return [[cell.value for cell in row] for row in book.worksheets[page].iter_rows()]


def issued(store: Engine, *rows: dict[str, Any], word: Any = ENGLISH, **more: Any) -> bytes:
    """The file of an issued report."""
    made = issue(store, draft(*rows, **more))
    with store.connect() as connection:
        return issued_workbook(load_frozen(connection, made.id), issue_json(made), word)


def test_figures_are_on_the_first_sheet_and_what_they_are_on_the_second(store: Engine) -> None:
    """Numbers are numbers, texts texts; instants are told by the centre's clocks."""
    content = issued(store, ROW, {**ROW, "agent": "1005", "talk_minutes": 60}, warnings=("one call is inferred",))
    assert cells(content, 0) == [
        ["agent", "name", "talk minutes", "rate", "calls", "ok"],
        ["1004", "王娜娜", 59.5, None, 3, True],
        ["1005", "王娜娜", 60, None, 3, True],
    ]
    about = dict(cells(content, 1)[1:])
    assert about["report"] == "minutes"
    assert about["number"] == 1
    assert about["issued at"] == "2026-12-01 09:00:00+08:00"
    assert about["warnings"] == "one call is inferred"
    assert len(about["sha256"]) == 64
    assert "signed by" not in about


def test_chinese_readers_get_chinese_heads(store: Engine) -> None:
    """On both sheets; the names of the sheets too."""
    content = issued(store, ROW, word=CHINESE)
    assert cells(content, 0)[0][:3] == ["坐席", "名称", "通话分钟"]
    assert load_workbook(BytesIO(content)).sheetnames == ["数据", "发布信息"]


def test_the_same_issue_is_the_same_file(store: Engine) -> None:
    """Byte for byte, whenever it is made."""
    made = issue(store, draft(ROW))
    with store.connect() as connection:
        frozen = load_frozen(connection, made.id)
    files = {issued_workbook(frozen, issue_json(made), ENGLISH) for _ in range(2)}
    assert len(files) == 1
    assert load_workbook(BytesIO(files.pop())).properties.created == ISSUED_AT.replace(tzinfo=None)


def test_a_name_is_never_a_formula(store: Engine) -> None:
    """Whatever it begins with, it is a text; and so is a number that names an agent."""
    content = issued(
        store, {"agent": "=1+1", "name": "+86", "calls": 1}, {"agent": "1004", "name": "@x", "calls": 2}
    )
    page = load_workbook(BytesIO(content)).worksheets[0]
    assert [[cell.data_type for cell in row] for row in page.iter_rows(min_row=2)] == [
        ["s", "s", "n"],
        ["s", "s", "n"],
    ]
    assert page["A2"].value == "=1+1"


def test_a_report_of_nothing_is_a_file_too(store: Engine) -> None:
    """Its first sheet is empty."""
    assert [row for row in cells(issued(store), 0) if any(row)] == []


def sheet_of(before: Figures, after: Figures) -> bytes:
    """The file of a difference sheet."""
    return difference_workbook(difference(before, after), live_json(before), live_json(after), after, ENGLISH)


def test_a_difference_sheet_names_both_ends() -> None:
    """Differences of numbers are numbers; the second sheet sets the two beside each other."""
    later = ISSUED_AT + timedelta(days=1)
    before = figures(ROW)
    after = figures({**ROW, "talk_minutes": 60, "name": "2"}, {**ROW, "agent": "1005"}, as_of=later)
    content = sheet_of(before, after)
    assert cells(content, 0)[:3] == [
        ["change", "agent", "column", "before", "after", "difference"],
        ["changed", "1004", "name", "王娜娜", "2", None],
        ["changed", "1004", "talk minutes", 59.5, 60, 0.5],
    ]
    assert ["added", "1005", "talk minutes", None, 59.5, None] in cells(content, 0)
    about = {row[0]: row[1:] for row in cells(content, 1)[1:]}
    assert about["as of"] == ["2026-12-01 09:00:00+08:00", "2026-12-02 09:00:00+08:00"]
    assert about["policy changed"] == [None, False]
    assert sheet_of(before, after) == content
