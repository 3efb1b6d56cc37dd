"""The commands of people: taken in from files, listed, shown, exported and taken in again."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from analytics.storage.engine import open_store
from service.migrations import upgrade
from tests.analytics.factory import call, offering, talk
from tests.analytics.stored import column, store_facts
from tests.service.cli.running import Commands

DATABASE = "data/threerings.db"


@pytest.fixture
def here(threerings: Commands, tmp_path: Path) -> Commands:
    """An installation with one call of PJSIP/1004, by the policy with tiers."""
    (tmp_path / "data").mkdir()
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\nlanguage = "en"\npolicy = "consulting"\n')
    engine = open_store(f"sqlite:///{tmp_path}/{DATABASE}")
    upgrade(engine)
    store_facts(engine, [call(), offering(), talk(end=90)])
    engine.dispose()
    return threerings


def workbook(path: Path, **sheets: list[list[object]]) -> str:
    """A workbook with these sheets; its path."""
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return str(path)


def centre(path: Path, shift: str = "早班") -> str:
    """A small centre's workbook as people keep it."""
    return workbook(
        path,
        花名册=[["客服中心花名册"], ["工号", "姓名", "入职"], [2001, "王娜", "2026-01-05"], [2002, "李强", None]],
        话机=[["话机", "工号", "开始"], ["PJSIP/1004", 2001, "2026-11-01"]],
        级别=[["工号", "级别"], [2001, "一级客服主任"]],
        班次=[["班次", "时段", "星期"], ["早班", "08:00-16:00", "1-6"]],
        排班=[["工号", "班次"], [2001, shift]],
    )


def test_a_workbook_is_taken_in_and_the_second_time_changes_nothing(here: Commands, tmp_path: Path) -> None:
    """It says what changes; facts that were stored before carry the new person's number."""
    file = centre(tmp_path / "centre.xlsx")
    (dry,) = here("people", "import", file, "--dry-run", "--json").lines
    assert not dry["stored"]
    assert here("people", "list", "--json").lines == []
    (first,) = here("people", "import", file, "--json").lines
    assert first["changes"] == dry["changes"]
    assert (first["stored"], first["refused"], first["joined_again"]) == (True, [], 2)
    assert first["rows"] == {"agents": 2, "devices": 1, "tiers": 1, "shifts": 1, "assignments": 1}
    assert column(open_store(f"sqlite:///{tmp_path}/{DATABASE}"), "talks", "agent") == ["2001"]
    (second,) = here("people", "import", file, "--json").lines
    assert (second["changes"], second["joined_again"]) == ([], 0)


def test_nothing_of_a_file_with_a_mistake_is_stored_unless_that_is_asked_for(
    here: Commands, tmp_path: Path
) -> None:
    """One line on stderr names the first; with --partial the good rows are stored and the status is 1."""
    file = centre(tmp_path / "centre.xlsx", shift="晚班")
    done = here("people", "import", file, "--json")
    assert done.status == 2
    assert "row 2, column 班次: found '晚班', expected a known shift: 早班" in done.err
    assert done.err.count("\n") == 1
    assert done.lines[0]["refused"] == [
        {
            "file": file,
            "sheet": "排班",
            "row": 2,
            "column": "班次",
            "found": "'晚班'",
            "expected": "a known shift: 早班",
        }
    ]
    assert here("people", "list", "--json").lines == []
    partial = here("people", "import", file, "--partial", "--json")
    assert (partial.status, partial.lines[0]["stored"]) == (1, True)
    assert [row["agent"] for row in here("people", "list", "--json").lines] == ["2001", "2002"]
    assert here("people", "list", "--kind", "assignments", "--json").lines == []


def test_what_is_exported_is_taken_in_again(here: Commands, tmp_path: Path) -> None:
    """Each kind as CSV, which changes nothing."""
    here("people", "import", centre(tmp_path / "centre.xlsx"))
    for kind in ("agents", "devices", "tiers", "shifts", "assignments"):
        done = here("people", "export", "--kind", kind)
        (tmp_path / "again.csv").write_text(done.out, encoding="utf-8")
        (again,) = here("people", "import", "again.csv", "--json").lines
        assert (again["rows"], again["changes"]) == ({kind: done.out.count("\n") - 1}, [])


def test_one_agent_is_shown_with_all_that_is_known(here: Commands, tmp_path: Path) -> None:
    """Kind by kind; who is not known is refused with those who are."""
    here("people", "import", centre(tmp_path / "centre.xlsx"))
    (shown,) = here("people", "show", "2001", "--json").lines
    assert shown["agents"] == [{"agent": "2001", "name": "王娜", "joined": "2026-01-05", "left": None}]
    assert shown["tiers"] == [{"agent": "2001", "tier": "level_1", "from": "2026-01-05", "to": None}]
    assert shown["devices"][0]["interface"] == "PJSIP/1004"
    nobody = here("people", "show", "9999", "--json")
    assert (nobody.status, nobody.err) == (
        2,
        "threerings: people: found the agent '9999', expected one of 2001, 2002\n",
    )


def test_people_read_the_changes_in_their_language(here: Commands, tmp_path: Path) -> None:
    """In sentences, before anything is written."""
    told = here("people", "import", centre(tmp_path / "centre.xlsx"), "--lang", "zh").out
    assert "班次 新增: 班次 早班 · 时段 08:00-16:00 · 星期 123456" in told
    assert "agents added" not in told
    again = here("people", "import", centre(tmp_path / "centre.xlsx"), "--lang", "en").out
    assert again == "no change\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("nowhere.csv",), "nowhere.csv: found No such file or directory, expected a CSV or Excel file"),
        (("threerings.toml", "--kind", "staff"), "--kind: found 'staff', expected one of agents, devices"),
    ],
)
def test_wrong_usage_is_told_in_one_line(here: Commands, arguments: tuple[str, ...], expected: str) -> None:
    """Status 2, with what was found and expected."""
    done = here("people", "import", *arguments)
    assert done.status == 2
    assert expected in done.err


def test_the_reports_name_the_imported_people(here: Commands, tmp_path: Path) -> None:
    """The same database, the same person."""
    here("people", "import", centre(tmp_path / "centre.xlsx"))
    rows = here("report", "minutes", "--period", "2026-11", "--json").lines
    assert [(row["agent"], row["name"], row["tier"]) for row in rows] == [
        ("2001", "王娜", "level_1"),
        ("2002", "李强", None),
    ]
    assert rows[0]["quota_floor"] == 2000


def test_adherence_has_the_keys_of_the_contract(here: Commands, tmp_path: Path) -> None:
    """One row an agent with a shift; of an unknown group it says which there are."""
    here("people", "import", centre(tmp_path / "centre.xlsx"))
    (row,) = here("people", "adherence", "--period", "2026-11-02", "--json").lines
    assert (row["agent"], row["name"]) == ("2001", "王娜")
    assert {"scheduled_minutes", "present_minutes", "adherence", "late_minutes", "remarks"} <= set(row)
    assert here("people", "adherence", "--period", "2026-11-02").status == 0
    wrong = here("people", "adherence", "--group", "north")
    assert (wrong.status, wrong.err.count("\n")) == (2, 1)
    assert "--group: found 'north', expected one of none: import groups first" in wrong.err


def test_a_sheet_is_one_object_an_agent(here: Commands, tmp_path: Path) -> None:
    """Or a line for each of all; one of the two must be asked for."""
    here("people", "import", centre(tmp_path / "centre.xlsx"))
    (sheet,) = here("people", "sheet", "2001", "--period", "2026-11-01/2026-12-01", "--json").lines
    assert (sheet["agent"], sheet["name"], len(sheet["tiers"])) == ("2001", "王娜", 4)
    both = here("people", "sheet", "--all", "--json").lines
    assert [each["agent"] for each in both] == ["2001", "2002"]
    assert "王娜" in here("people", "sheet", "2001").out
    for wrong in (("people", "sheet"), ("people", "sheet", "2001", "--all")):
        assert here(*wrong).status == 2
