"""The commands of issued reports: frozen while the live report goes on, compared, verified, exported."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analytics.storage.engine import open_store
from config.settings import Language
from service.cli.closing_words import question
from service.migrations import upgrade
from tests.analytics.factory import call, talk
from tests.analytics.postgres import create_database
from tests.analytics.stored import store_facts
from tests.service.cli.closing import ISSUE, SETTINGS, one, repair
from tests.service.cli.running import Commands


def test_an_issue_stays_while_the_live_report_goes_on(with_calls: Commands, tmp_path: Path) -> None:
    """A repair changes the live report only; the difference with it shows just that, and so does the restatement's."""
    first = one(with_calls(*ISSUE, "王主管"))
    assert (first["id"], first["number"], first["issued_by"], first["groups"]) == (1, 1, "王主管", ["agent"])
    live = with_calls("report", "minutes", "--period", "2026-11", "--json").lines
    assert one(with_calls("report", "issued", "1", "--json"))["rows"] == live
    assert one(with_calls("report", "difference", "1", "--live", "--json"))["rows"] == []
    repair(tmp_path)
    assert one(with_calls("report", "issued", "1", "--json"))["rows"] == live
    told = one(with_calls("report", "difference", "1", "--live", "--json"))
    (line,) = told["rows"]
    assert (line["key"], line["column"], line["before"], line["after"]) == (
        {"agent": "1004"},
        "talk_minutes",
        "1",
        "1.5",
    )
    assert (told["after"]["id"], told["policy_changed"]) == (None, False)
    second = one(with_calls(*ISSUE, "王主管", "--reason", "the log came in"))
    assert (second["number"], second["supersedes"], second["reason"]) == (2, 1, "the log came in")
    assert one(with_calls("report", "difference", "1", "2", "--json"))["rows"] == [line]
    assert [each["id"] for each in with_calls("report", "issued", "--json").lines] == [1, 2]


def test_every_report_there_is_can_be_issued(with_calls: Commands) -> None:
    """Rows, columns and grouping are its own."""
    made = one(
        with_calls("report", "issue", "three-rings", "--period", "2026-11-02", "--by", "a", "--yes", "--json")
    )
    rows = one(with_calls("report", "issued", str(made["id"]), "--json"))["rows"]
    assert rows == with_calls("report", "three-rings", "--period", "2026-11-02", "--json").lines
    whole = one(
        with_calls(
            "report", "issue", "minutes", "--period", "2026-11", "--group", "none", "--by", "a", "--yes", "--json"
        )
    )
    assert (whole["groups"], whole["number"]) == ([], 1)
    assert one(with_calls("report", "difference", str(whole["id"]), "--live", "--json"))["rows"] == []


def test_verify_finds_what_was_changed_behind_our_back(with_calls: Commands, tmp_path: Path) -> None:
    """Status 0 while all is sound; 1 with the fault in one line."""
    with_calls(*ISSUE, "a")
    assert one(with_calls("report", "verify", "--json"))["sound"] is True
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER issued_reports_update")
        connection.exec_driver_sql("UPDATE issued_reports SET figures = replace(figures, '1.5', '5.1')")
    engine.dispose()
    done = with_calls("report", "verify", "1", "--json")
    assert (done.status, done.lines[0]["sound"]) == (1, False)
    assert "issued report 1: figures sha256: found " in done.err
    assert with_calls("report", "verify").status == 1


def test_excel_and_csv_of_an_issue_and_of_a_difference(with_calls: Commands, tmp_path: Path) -> None:
    """Files are never written over."""
    with_calls(*ISSUE, "a")
    repair(tmp_path)
    assert with_calls("report", "issued", "1", "--csv", "--excel", "issue.xlsx").out.startswith("agent,name,")
    assert "没有差异" in with_calls("report", "difference", "1", "1", "--lang", "zh").out
    assert "1.5" in with_calls("report", "difference", "1", "--live", "--excel", "sheet.xlsx", "--lang", "zh").out
    assert "changed,1004,talk_minutes,1,1.5,0.5" in with_calls("report", "difference", "1", "--live", "--csv").out
    names = [
        load_workbook(BytesIO((tmp_path / name).read_bytes())).sheetnames for name in ("issue.xlsx", "sheet.xlsx")
    ]
    assert names == [["figures", "issue"], ["差异", "发布信息"]]
    again = with_calls("report", "issued", "1", "--excel", "issue.xlsx")
    assert again.status == 2
    assert "issue.xlsx: found a file there, expected none" in again.err


class Terminal(StringIO):
    """Somebody at a terminal, who types this."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_who_sits_at_a_terminal_is_asked(with_calls: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """A no changes nothing; a yes issues."""
    command = tuple(each for each in ISSUE if each != "--yes")
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    asked = with_calls(*command, "a", "--lang", "zh")
    assert (asked.status, "minutes 2026-11：发布后不可更改，确定发布？" in asked.err) == (130, True)
    assert with_calls("report", "issued", "--json").lines == []
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert with_calls(*command, "a").status == 0
    assert len(with_calls("report", "issued", "--json").lines) == 1


def test_a_store_without_these_tables_is_status_three(threerings: Commands, tmp_path: Path) -> None:
    """Reading does not migrate: the line says who does."""
    (tmp_path / "threerings.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "data").mkdir()
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    upgrade(engine, "0002")
    engine.dispose()
    done = threerings("report", "issued", "--json")
    assert (done.status, done.out) == (3, "")
    assert "found the tables of version 0002, expected " in done.err


def test_questions_are_asked_in_both_languages() -> None:
    """Each names what it is about."""
    for name in ("issue", "sign", "decide", "withdraw"):
        assert question(name, Language.ZH, "minutes 2026-11").startswith("minutes 2026-11：")
        assert question(name, Language.EN, "minutes 2026-11").startswith("minutes 2026-11: ")


@pytest.mark.postgres
def test_a_month_is_issued_and_compared_on_postgresql(
    threerings: Commands, tmp_path: Path, postgres_url: str
) -> None:
    """Status 3 before there are tables; then as on SQLite, with the live report read from one state of the store."""
    url = create_database(postgres_url, "issued")
    (tmp_path / "threerings.toml").write_text(f'{SETTINGS}database_url = "{url}"\n', encoding="utf-8")
    assert threerings("report", "issued").status == 3
    engine = open_store(url)
    upgrade(engine)
    store_facts(engine, [call(end=60), talk(end=60)])
    assert one(threerings(*ISSUE, "a"))["number"] == 1
    store_facts(engine, [call("pbx/2.1", start=100, end=190), talk("pbx/2.1", start=100, end=190)])
    engine.dispose()
    (line,) = (
        each
        for each in one(threerings("report", "difference", "1", "--live", "--json"))["rows"]
        if each["column"] == "talk_minutes"
    )
    assert (line["before"], line["after"], line["difference"]) == ("1", "2.5", "1.5")
    assert one(threerings("report", "verify", "--json"))["sound"] is True
