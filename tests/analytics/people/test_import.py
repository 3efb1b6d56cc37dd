"""Files of people: headers in two languages, the traps of spreadsheets, every bad row refused with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from analytics.errors import PeopleError
from analytics.people.columns import Kind, asked_kinds
from analytics.people.differences import What, as_row, differences
from analytics.people.merging import FIELDS, Plan, plan_import
from analytics.people.records import (
    Agent,
    ChangeKind,
    DayChange,
    Leave,
    MonthFact,
    People,
    Rotation,
    ShiftAssignment,
    ShiftPattern,
    ShiftSpan,
    Stretch,
)
from analytics.people.rows import read_rows
from analytics.people.sheets import Sheet, read_sheets
from telephony.clock import to_microseconds

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIERS = {"level_1": "level_1", "一级客服主任": "level_1"}
KNOWN = People(agents=(Agent(agent="1004", name="王娜"), Agent(agent="1005")))
WITH_SHIFTS = replace(KNOWN, patterns=(ShiftPattern(name="早班", spans=(ShiftSpan(start=480, end=960),)),))


def us(*moment: int) -> int:
    """An instant by the centre's clocks."""
    return to_microseconds(datetime(*moment, tzinfo=SHANGHAI))  # type: ignore[misc, arg-type]


def excel_day(day: int) -> datetime:
    """A date of November as Excel gives it."""
    return datetime(2026, 11, day)  # noqa: DTZ001 - a spreadsheet knows no zone


def told(*lines: tuple[Any, ...], old: People = KNOWN, sheet: str | None = None, kind: str | None = None) -> Plan:
    """What one sheet's rows make of everybody."""
    rows = tuple((number, cells) for number, cells in enumerate(lines, start=1))
    read = read_rows([Sheet(file="a.xlsx", name=sheet, rows=rows)], asked_kinds(kind), SHANGHAI, TIERS)
    return plan_import(old, read, SHANGHAI)


def why(*lines: tuple[Any, ...], **more: Any) -> list[str]:
    """The sentences of what is refused."""
    return [each.sentence() for each in told(*lines, **more).refusals]


def test_a_header_in_either_language_tells_the_kind() -> None:
    """Also below a title, with notes in brackets and columns that nobody reads."""
    chinese = told(
        ("客服中心花名册", None), ("工号*", "姓名", "入职日期（必填）", "备注"), ("1006", "李强", "2026-01-05", "x")
    )
    english = told(("Agent", "Name", "Joined"), ("1006", "李强", date(2026, 1, 5)))
    assert chinese.new == english.new
    assert chinese.new.agents[-1] == Agent(agent="1006", name="李强", joined=date(2026, 1, 5))


def test_the_traps_of_excel_are_no_traps() -> None:
    """Floats for numbers, times for dates, full-width digits, stray spaces, 是 and 否."""
    made = told(
        ("工号", "开始", "结束", "假别", "批准"),
        (1004.0, excel_day(23), excel_day(24), " 病假 ", "是"),
        (" １００５ ", "2026/11/23 9:00", "2026年11月23日 12:30", "事假", "否"),
    )
    assert made.refusals == ()
    assert made.new.leaves == (
        Leave(agent="1004", start_us=us(2026, 11, 23), end_us=us(2026, 11, 25), kind="病假"),
        Leave(
            agent="1005", start_us=us(2026, 11, 23, 9), end_us=us(2026, 11, 23, 12, 30), kind="事假", approved=False
        ),
    )


def test_shifts_rotations_assignments_and_changes_are_all_shifts() -> None:
    """One word asks for any of them; 休 is a day or a week off."""
    spans = told(("班次", "时段", "星期"), ("两头班", "08:30-12:00 17:00-21:30", "一至五"), kind="shifts")
    assert spans.new.patterns == (
        ShiftPattern(
            name="两头班",
            spans=(ShiftSpan(start=510, end=720), ShiftSpan(start=1020, end=1290)),
            days=frozenset(range(1, 6)),
        ),
    )
    turning = told(
        ("轮班", "开始", "各周"), ("三周", "2026-11-02", "早班、早班、休"), old=WITH_SHIFTS, kind="shifts"
    )
    assert turning.new.rotations == (Rotation(name="三周", start=date(2026, 11, 2), weeks=("早班", "早班", None)),)
    plan = told(("工号", "班次", "开始"), (1004, "三周", "2026-11-02"), old=turning.new, kind="shifts")
    assert plan.new.assignments == (ShiftAssignment(agent="1004", shift="三周", start=date(2026, 11, 2)),)
    days = told(("工号", "日期", "班次"), (1004, "2026-11-03", "休"), (1005, "2026-11-03", "早班"), old=plan.new)
    assert [(each.agent, each.kind, each.shift) for each in days.new.changes] == [
        ("1004", ChangeKind.INSTEAD, None),
        ("1005", ChangeKind.INSTEAD, "早班"),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            (("工号", "级别"), ("1004", "九级")),
            "row 2, column 级别: found '九级', expected a tier of the policy: level_1",
        ),
        (
            (("agent", "group"), (None, "north")),
            "row 2, column agent: found nothing, expected an agent's number (of merged cells only the first has it)",
        ),
        (
            (("工号", "姓名"), ("合计", 25)),
            "row 2, column 工号: found '合计', expected an agent's number: a line of totals is nobody",
        ),
        (
            (("agent", "group"), ("1040", "north")),
            "row 2, column agent: found '1040', expected an agent who is known: import agents first",
        ),
        (
            (("agent", "group", "from"), ("1004", "north", "32.11.2026")),
            "row 2, column from: found '32.11.2026', expected a date or a time such as 2026-11-02 09:00",
        ),
        (
            (("agent", "shift"), ("1004", "晚斑")),
            "row 2, column shift: found '晚斑', expected a known shift: 早班",
        ),
        (
            (("shift", "spans"), ("late", "14:00-22:00, 21:00-23:00")),
            "row 2, column spans: found '14:00-22:00, 21:00-23:00', expected spans in order such as",
        ),
        (
            (("agent", "month", "fact", "value"), ("1004", "2026-13", "案例分析", 2)),
            "row 2, column month: found '2026-13', expected a month such as 2026-11",
        ),
        (
            (("agent", "month", "fact", "value"), ("1004", "2026-11", "案例分析", -1)),
            "row 2, column value: found '-1', expected a number with up to 3 decimals, not negative",
        ),
        (
            (("agent", "from", "to", "approved"), ("1004", "2026-11-02", "2026-11-03", "也许")),
            "row 2, column approved: found '也许', expected 是 or 否, yes or no",
        ),
        (
            (
                ("agent", "group", "from", "to"),
                ("1004", "a", "2026-11-01", "2026-11-20"),
                ("1004", "b", "2026-11-10", ""),
            ),
            "row 3, column from: found it at the same time as row 2 of sheet 一, expected rows that follow each other",
        ),
        (
            (("agent", "name"), ("1004", "王娜"), ("1004", "王 丽")),
            "row 3: found another content in row 2 of sheet 一, expected one row",
        ),
        ((("who", "what"), ("1004", "x")), "row 1: found the columns 'who, what', expected those of a kind"),
    ],
)
def test_a_bad_row_is_refused_with_its_place(lines: tuple[tuple[Any, ...], ...], expected: str) -> None:
    """File, sheet, row, column as the file calls it, what was found and what was expected."""
    made = told(*lines, old=WITH_SHIFTS, sheet="一")
    (refusal,) = made.refusals
    assert refusal.sentence().startswith(f"a.xlsx, sheet 一, {expected}")


def test_what_begins_ends_what_was() -> None:
    """A new group from a day on ends the old one, which the changes say."""
    first = told(("agent", "group", "from"), ("1004", "north", "2026-01-01")).new
    second = told(("agent", "group", "from"), ("1004", "south", "2026-11-01"), old=first).new
    assert second.groups == (
        Stretch(key="1004", start_us=us(2026, 1, 1), end_us=us(2026, 11, 1), value="north"),
        Stretch(key="1004", start_us=us(2026, 11, 1), value="south"),
    )
    found = [(each.what, each.after) for each in differences(first, second, SHANGHAI)]
    assert found == [
        (What.ENDED, {"agent": "1004", "group": "north", "from": "2026-01-01", "to": "2026-11-01"}),
        (What.ADDED, {"agent": "1004", "group": "south", "from": "2026-11-01", "to": None}),
    ]


def test_what_a_list_of_agents_leaves_empty_stays() -> None:
    """And who has left is in no group any more."""
    old = replace(KNOWN, groups=(Stretch(key="1004", value="north"),))
    left = told(("agent", "name", "left"), ("1004", "", "2026-11-01"), old=old).new
    assert left.agents[0] == Agent(agent="1004", name="王娜", left=date(2026, 11, 1))
    assert left.groups == (Stretch(key="1004", end_us=us(2026, 11, 1), value="north"),)
    again = told(("agent", "group"), ("1004", "north"), old=left).new
    assert again == left


WHOLE = People(
    agents=(Agent(agent="1004", name="王娜", joined=date(2026, 1, 5)), Agent(agent="1005", name="李强")),
    devices=(Stretch(key="PJSIP/1004", start_us=us(2026, 11, 2, 9, 30), value="1004"),),
    groups=(Stretch(key="1005", start_us=us(2026, 11, 2), end_us=us(2026, 12, 1), value="north"),),
    tiers=(Stretch(key="1005", value="level_1"),),
    patterns=(ShiftPattern(name="夜", spans=(ShiftSpan(start=1320, end=1560), ShiftSpan(start=1590, end=1800))),),
    rotations=(Rotation(name="轮", start=date(2026, 11, 2), weeks=("夜", None)),),
    assignments=(ShiftAssignment(agent="1004", shift="轮", start=date(2026, 11, 2)),),
    changes=(DayChange(agent="1004", day=date(2026, 11, 9)),),
    leaves=(Leave(agent="1004", start_us=us(2026, 11, 16), end_us=us(2026, 11, 18), kind="年假"),),
    facts=(MonthFact(agent="1004", month="2026-10", kind="recording_hours", thousandths=7500, source="QA"),),
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Everybody, through a workbook with a sheet for each kind, and a second time nothing changes."""
    book = Workbook()
    for kind in Kind:
        rows = [as_row(kind, each, SHANGHAI) for each in getattr(WHOLE, FIELDS[kind])]
        sheet = book.create_sheet(kind.value)
        for cells in ([list(rows[0])] if rows else []) + [list(row.values()) for row in rows]:
            sheet.append(cells)
    book.save(tmp_path / "everybody.xlsx")
    read = read_rows(read_sheets(tmp_path / "everybody.xlsx"), tuple(Kind), SHANGHAI, TIERS)
    made = plan_import(People(), read, SHANGHAI)
    assert made.refusals == ()
    assert made.new == WHOLE
    assert plan_import(WHOLE, read, SHANGHAI).new == WHOLE
    assert differences(WHOLE, made.new, SHANGHAI) == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_that_excel_writes(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Rows are counted as an editor shows them; blank ones and remarks are passed over."""
    file = tmp_path / "a.csv"
    file.write_text(f"工号{delimiter}姓名\n\n# 备注\n1004{delimiter}王娜\n", encoding=encoding)
    (sheet,) = read_sheets(file)
    assert sheet.rows == ((1, ("工号", "姓名")), (4, ("1004", "王娜")))


def test_a_sheet_that_tells_a_wrong_size_is_read_whole(tmp_path: Path) -> None:
    """Other programs than Excel write A1 where the size of the sheet belongs."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("agents")
    for cells in (("agent", "name"), (1004, "王娜"), (1005, "李强")):
        sheet.append(cells)
    book.save(tmp_path / "a.xlsx")
    with ZipFile(tmp_path / "a.xlsx") as made, ZipFile(tmp_path / "b.xlsx", "w") as wrong:
        for each in made.namelist():
            text = made.read(each)
            wrong.writestr(each, text.replace(b"<sheetData>", b'<dimension ref="A1"/><sheetData>'))
    (found,) = read_sheets(tmp_path / "b.xlsx")
    assert [number for number, _ in found.rows] == [1, 2, 3]
    assert found.rows[2][1] == (1005, "李强")


def test_what_is_no_file_of_people_says_so(tmp_path: Path) -> None:
    """Old workbooks, broken ones and bytes that are no text."""
    for content, found in ((b"\xd0\xcf\x11\xe0old", "old Excel"), (b"\0\0\xff\xff", "no text")):
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(PeopleError, match=found):
            read_sheets(tmp_path / "a")
    Workbook().save(tmp_path / "b.xlsx")
    whole = (tmp_path / "b.xlsx").read_bytes()
    (tmp_path / "c.xlsx").write_bytes(whole.replace(b"xl/workbook.xml", b"xl/workboox.xml"))
    with pytest.raises(PeopleError, match="no readable workbook"):
        read_sheets(tmp_path / "c.xlsx")


def test_a_word_that_is_no_kind_is_refused() -> None:
    """With the words that are."""
    with pytest.raises(PeopleError, match="--kind: found 'staff', expected one of agents, devices"):
        asked_kinds("staff")
