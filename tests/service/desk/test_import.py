"""Files of events: taken in whole or not at all, with the cell of every mistake; twice the same makes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.service.cli.running import Commands
from tests.service.desk.test_chain import well

HEAD = "event,customer,key,at,class\n"
GOOD = "complaint_resolved,C-1,{},2026-11-02 09:30,general\n"

BAD: dict[str, tuple[str, str]] = {
    "no header": (GOOD.format(1), "found no column event, customer, key, expected columns named event"),
    "no key column": ("event,customer\ncomplaint_resolved,C-1\n", "found no column key"),
    "a column twice": ("event,customer,key,key\n", "found the column key twice, expected it once"),
    "two names of one column": ("event,customer,key,单号\n", "found the column key twice"),
    "an unknown event": (HEAD + "rain,C-1,1,,\n", "A2: found 'rain', expected one of complaint_received"),
    "no event": (HEAD + ",C-1,1,,\n", "A2: found nothing, expected the event of the row"),
    "an unknown customer": (HEAD + "complaint_resolved,C-9,1,,\n", "B2: found 'C-9', expected a customer's id"),
    "no customer": (HEAD + "complaint_resolved,,1,,\n", "B2: found nothing, expected the customer"),
    "an unknown number": (HEAD + "complaint_resolved,13700000000,1,,\n", "B2: found '13700000000'"),
    "no key": (HEAD + "complaint_resolved,C-1,,,\n", "C2: found nothing, expected the key of the row"),
    "a time that is none": (HEAD + "complaint_resolved,C-1,1,soon,\n", "D2: found 'soon', expected a time"),
    "a day that is none": (
        HEAD + "complaint_resolved,C-1,1,2026-02-30,\n",
        "D2: found '2026-02-30', expected a time",
    ),
    "a time to come": (HEAD + "complaint_resolved,C-1,1,2099-01-01,\n", "expected an instant that has come"),
    "a key that is endless": (HEAD + f"complaint_resolved,C-1,{'9' * 300},,\n", "C2: found"),
    "a value that is endless": (
        HEAD + f"complaint_resolved,C-1,1,,{'x' * 600}\n",
        "row 2: found one that is too long",
    ),
    "a key of two customers": (
        HEAD + GOOD.format(1) + "complaint_resolved,C-2,1,,general\n",
        "C3: found '1' a second time, otherwise, expected each key once",
    ),
    "a key of two classes": (
        HEAD + GOOD.format(1) + "complaint_resolved,C-1,1,,major\n",
        "C3: found '1' a second time",
    ),
    "the last of many": (
        HEAD + "".join(GOOD.format(number) for number in range(50)) + "complaint_resolved,C-9,x,,\n",
        "B52: found 'C-9'",
    ),
    "bytes that are no text": ("\0\0\0", "found bytes that are no text"),
    "an old workbook": ("\xd0\xcf\x11\xe0", "found an old Excel file"),
    "a broken quote": (HEAD + '"complaint_resolved,C-1\n', "found nothing, expected the customer of the row"),
}


@pytest.mark.parametrize("name", BAD)
def test_of_a_bad_file_nothing_is_stored(hotline: Commands, tmp_path: Path, name: str) -> None:
    """Status 2, one line on standard error, and the cell with what was found and expected."""
    content, said = BAD[name]
    file = tmp_path / "events.csv"
    file.write_bytes(content.encode("latin-1" if content.startswith("\xd0") else "utf-8"))
    done = hotline("followups", "import", str(file), "--json")
    assert (done.status, done.err.count("\n")) == (2, 1), done.err
    assert said in done.err
    for line in done.lines:
        assert not line["stored"]
        first = line["refused"][0]
        assert f"found {first['found']}, expected {first['expected']}" in done.err
    assert well(hotline, "list") == []


def test_every_bad_row_is_told_and_not_the_first_alone(hotline: Commands, tmp_path: Path) -> None:
    """By sheet and cell of a workbook."""
    book = Workbook()
    sheet = book.active
    sheet.title = "十一月"
    rows = [
        ["事件", "客户", "单号", "时间"],
        ["rain", "C-1", 1, None],
        ["complaint_resolved", "C-9", 2, "2026-11-02"],
    ]
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "events.xlsx")
    done = hotline("followups", "import", str(tmp_path / "events.xlsx"), "--json")
    assert done.status == 2
    places = [(each["sheet"], each["cell"]) for each in done.lines[0]["refused"]]
    assert places == [("十一月", "A2"), ("十一月", "B3")]


def test_ten_times_the_same_file_is_once(hotline: Commands, tmp_path: Path) -> None:
    """The first makes a follow-up for each key; numbers are read as such, and times by the centre's clocks."""
    file = tmp_path / "events.csv"
    file.write_text(HEAD + GOOD.format("a") + GOOD.format("a") + GOOD.format("b"), encoding="gb18030")
    (dry,) = well(hotline, "import", str(file), "--dry-run")
    assert (dry["rows"], dry["stored"]) == (3, False)
    (first,) = well(hotline, "import", str(file))
    assert (first["rows"], first["follow_ups"], first["stored"]) == (3, 2, True)
    for _ in range(9):
        (again,) = well(hotline, "import", str(file))
        assert (again["new"], again["known"]) == (0, 3)
    found = well(hotline, "list")
    assert len(found) == 2
    assert found[0]["born_at"].startswith("2026-11-02T01:30")
    assert found[0]["about"] == {"class": "general"}


def test_columns_of_another_program_are_named_by_options(hotline: Commands, tmp_path: Path) -> None:
    """And one event for all rows of a file that has no such column."""
    file = tmp_path / "crm.csv"
    file.write_text("Ticket;Mobile;Closed;Amount\nT-1;13800138000;2026/11/2 9:30;120\n", encoding="utf-8")
    names = ("--column", "key=Ticket", "--column", "customer=Mobile", "--column", "at=Closed")
    (done,) = well(hotline, "import", str(file), "--event", "complaint_resolved", *names)
    assert done["follow_ups"] == 1
    (item,) = well(hotline, "list")
    assert (item["customer"], item["about"]) == ("C-1", {"Amount": 120})
    wrong = hotline("followups", "import", str(file), "--column", "colour=Ticket")
    assert wrong.status == 2
    assert "--column: found 'colour=Ticket', expected one of event, customer, key, at" in wrong.err


def test_what_an_import_did_is_told_in_both_languages(hotline: Commands, tmp_path: Path) -> None:
    """And in a word where the file is not there."""
    file = tmp_path / "events.csv"
    file.write_text(HEAD + GOOD.format("a"), encoding="utf-8")
    assert hotline("followups", "import", str(file), "--lang", "zh").out == "1 行：新 1，已知 0。\n"
    assert hotline("followups", "import", str(file)).out == "1 rows: 0 new, 1 known.\n"
    missing = hotline("followups", "import", str(tmp_path / "none.csv"))
    assert (missing.status, "expected a CSV or Excel file" in missing.err) == (2, True)
