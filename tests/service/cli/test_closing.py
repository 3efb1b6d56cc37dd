"""The commands of closing a month, from the issue to the sign-off, on a small installation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store
from analytics.storage.ingest import Ingester
from analytics.storage.repairs import Rebuilding
from config.settings import Language
from service.cli.closing_words import question
from service.migrations import upgrade
from telephony.calls.facts import Known, OfferingOutcome
from tests.analytics.factory import call, offering, talk
from tests.analytics.stored import store_facts
from tests.service.cli.running import Commands, Done

SETTINGS = 'data_dir = "data"\nlanguage = "en"\n'
ISSUE = ("report", "issue", "minutes", "--period", "2026-11", "--yes", "--json", "--by")
IN_SPITE = ("--in-spite", "the meeting is today", "--yes", "--json")


@pytest.fixture
def here(threerings: Commands, tmp_path: Path) -> Commands:
    """Commands in the folder of an installation with two calls."""
    (tmp_path / "threerings.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "data").mkdir()
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    upgrade(engine)
    store_facts(
        engine,
        [call(end=60, known=Known.INFERRED), talk(end=60), offering(end=20, outcome=OfferingOutcome.NO_ANSWER)],
        [call("pbx/2.1", start=100, end=190), talk("pbx/2.1", start=100, end=190, device="PJSIP/1005")],
    )
    engine.dispose()
    return threerings


def one(done: Done) -> dict[str, Any]:
    """The one object that a command printed, which must have succeeded."""
    assert (done.status, done.err) == (0, "") or done.err.startswith("! "), done.err
    (line,) = done.lines
    return dict(line)


def repair(folder: Path) -> None:
    """A log tells that the first call was half a minute longer."""
    engine = open_store(f"sqlite:///{folder}/data/threerings.db")
    how = Rebuilding(sources="cel", repaired_at=datetime(2026, 12, 2, tzinfo=UTC))
    with engine.begin() as connection:
        Ingester(dialect_of("sqlite")).replace_calls(
            connection, [call(end=90, known=Known.REPAIRED), talk(end=90, id="pbx/1.1/rebuilt")], how
        )
    engine.dispose()


def test_an_issue_stays_while_the_live_report_goes_on(here: Commands, tmp_path: Path) -> None:
    """A repair changes the live report only; the difference with it shows just that, and so does the restatement's."""
    first = one(here(*ISSUE, "王主管"))
    assert (first["id"], first["number"], first["issued_by"], first["groups"]) == (1, 1, "王主管", ["agent"])
    live = here("report", "minutes", "--period", "2026-11", "--json").lines
    assert one(here("report", "issued", "1", "--json"))["rows"] == live
    assert one(here("report", "difference", "1", "--live", "--json"))["rows"] == []
    repair(tmp_path)
    assert one(here("report", "issued", "1", "--json"))["rows"] == live
    told = one(here("report", "difference", "1", "--live", "--json"))
    (line,) = told["rows"]
    assert (line["key"], line["column"], line["before"], line["after"]) == (
        {"agent": "1004"},
        "talk_minutes",
        "1",
        "1.5",
    )
    assert (told["after"]["id"], told["policy_changed"]) == (None, False)
    second = one(here(*ISSUE, "王主管", "--reason", "the log came in"))
    assert (second["number"], second["supersedes"], second["reason"]) == (2, 1, "the log came in")
    assert one(here("report", "difference", "1", "2", "--json"))["rows"] == [line]
    assert [each["id"] for each in here("report", "issued", "--json").lines] == [1, 2]


def test_every_report_there_is_can_be_issued(here: Commands) -> None:
    """Rows, columns and grouping are its own."""
    made = one(here("report", "issue", "three-rings", "--period", "2026-11-02", "--by", "a", "--yes", "--json"))
    rows = one(here("report", "issued", str(made["id"]), "--json"))["rows"]
    assert rows == here("report", "three-rings", "--period", "2026-11-02", "--json").lines
    whole = one(
        here("report", "issue", "minutes", "--period", "2026-11", "--group", "none", "--by", "a", "--yes", "--json")
    )
    assert (whole["groups"], whole["number"]) == ([], 1)
    assert one(here("report", "difference", str(whole["id"]), "--live", "--json"))["rows"] == []


def test_verify_finds_what_was_changed_behind_our_back(here: Commands, tmp_path: Path) -> None:
    """Status 0 while all is sound; 1 with the fault in one line."""
    here(*ISSUE, "a")
    assert one(here("report", "verify", "--json"))["sound"] is True
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER issued_reports_update")
        connection.exec_driver_sql("UPDATE issued_reports SET figures = replace(figures, '1.5', '5.1')")
    engine.dispose()
    done = here("report", "verify", "1", "--json")
    assert (done.status, done.lines[0]["sound"]) == (1, False)
    assert "issued report 1: figures sha256: found " in done.err
    assert here("report", "verify").status == 1


def test_excel_and_csv_of_an_issue_and_of_a_difference(here: Commands, tmp_path: Path) -> None:
    """Files are never written over."""
    here(*ISSUE, "a")
    repair(tmp_path)
    assert here("report", "issued", "1", "--csv", "--excel", "issue.xlsx").out.startswith("agent,name,")
    assert "没有差异" in here("report", "difference", "1", "1", "--lang", "zh").out
    assert "1.5" in here("report", "difference", "1", "--live", "--excel", "sheet.xlsx", "--lang", "zh").out
    assert "changed,1004,talk_minutes,1,1.5,0.5" in here("report", "difference", "1", "--live", "--csv").out
    names = [
        load_workbook(BytesIO((tmp_path / name).read_bytes())).sheetnames for name in ("issue.xlsx", "sheet.xlsx")
    ]
    assert names == [["figures", "issue"], ["差异", "发布信息"]]
    again = here("report", "issued", "1", "--excel", "issue.xlsx")
    assert again.status == 2
    assert "issue.xlsx: found a file there, expected none" in again.err


ASK = ("exemption", "ask", "call", "pbx/1.1", "--by", "1004", "--reason", "crank", "--text", "he sang", "--json")
RAISE = (
    "objection",
    "raise",
    "--agent",
    "1004",
    "--period",
    "2026-11",
    "--about",
    "minutes",
    "--text",
    "few",
    "--json",
)


def test_what_is_open_stands_in_the_way_until_a_second_person_decides(here: Commands) -> None:
    """Exemption and objection are decided by another person; then only the window is left."""
    assert here("close", "status", "2026-11").status == 1
    here(*ISSUE, "王主管")
    asked, raised = one(here(*ASK)), one(here(*RAISE))
    assert (asked["state"], asked["stored"], raised["state"]) == ("asked", True, "open")
    assert obstacles(here) == {"open_objection", "undecided_exemption", "window_open"}
    approved = one(here("exemption", "decide", "1", "--by", "王主管", "--approve", "--yes", "--json"))
    assert (approved["state"], approved["decided_by"]) == ("approved", "王主管")
    answer = ("objection", "decide", "1", "--uphold", "--answer", "exempted", "--exemption", "1", "--yes", "--json")
    refused = here(*answer, "--by", "1004")
    assert refused.status == 2
    assert "found 1004, expected another person than 1004" in refused.err
    answered = one(here(*answer, "--by", "王主管"))
    assert (answered["state"], answered["exemption"]) == ("upheld", 1)
    assert obstacles(here) == {"window_open"}
    assert here("exemption", "list", "--period", "2026-11", "--state", "asked", "--json").lines == []
    assert len(here("objection", "list", "--agent", "1004", "--json").lines) == 1


def test_who_asked_or_raised_takes_it_back(here: Commands) -> None:
    """Nothing stands in the way for it any more, and it stays on record."""
    here(*ISSUE, "王主管")
    one(here(*ASK)), one(here(*RAISE))
    for what in ("exemption", "objection"):
        assert one(here(what, "withdraw", "1", "--by", "1004", "--yes", "--json"))["state"] == "withdrawn"
    assert obstacles(here) == {"window_open"}
    assert [each["state"] for each in here("objection", "list", "--json").lines] == ["withdrawn"]


def obstacles(here: Commands) -> set[str]:
    """What stands in November's way; but for its end, which may lie before or after the day on which this runs."""
    found = here("close", "status", "2026-11", "--json")
    assert found.status == 1
    told = {each["obstacle"] for each in found.lines[0]["obstacles"]}
    assert ("unfinished" in told) is (datetime.now(UTC) < datetime(2026, 11, 30, 16, tzinfo=UTC))
    return told - {"unfinished"}


def october(here: Commands) -> Callable[..., Done]:
    """A month that is over on any day on which this runs, issued by 王主管."""
    one(here("report", "issue", "minutes", "--period", "2026-10", "--by", "王主管", "--yes", "--json"))
    return lambda *more: here("close", "sign", "2026-10", *more)


def test_a_sign_off_needs_another_person_and_a_restatement_another_sign_off(here: Commands) -> None:
    """Status 1 while something stands in the way, 2 for the wrong person; then it is signed, restated, signed again."""
    sign = october(here)
    assert sign("--by", "张主任", "--yes").status == 1
    wrong = sign("--by", "王主管", *IN_SPITE)
    assert (wrong.status, "expected another person than 王主管" in wrong.err) == (2, True)
    assert one(sign("--by", "张主任", "--note", "read at the meeting", *IN_SPITE))["signed_by"] == "张主任"
    assert one(here("close", "status", "2026-10", "--json"))["state"] == "signed"
    assert sign("--by", "张主任", *IN_SPITE).status == 2
    bare = here("report", "issue", "minutes", "--period", "2026-10", "--by", "王主管", "--yes")
    assert (bare.status, "issue: found no reason, expected one" in bare.err) == (2, True)
    here("report", "issue", "minutes", "--period", "2026-10", "--by", "王主管", "--yes", "--reason", "a late log")
    assert here("close", "status", "2026-10", "--json").lines[0]["state"] == "restated"
    assert one(sign("--by", "张主任", *IN_SPITE))["number"] == 2


def test_a_pbx_of_which_no_journal_tells_is_an_open_gap(here: Commands, tmp_path: Path) -> None:
    """Its month can be signed in spite of it, with the reason."""
    pbx = '[pbx.main]\nhost = "127.0.0.1"\nport = 1\nuser = "u"\nsecret_file = "secret"\n'
    (tmp_path / "secret").write_text("s3cret", encoding="utf-8")
    (tmp_path / "threerings.toml").write_text(SETTINGS + pbx, encoding="utf-8")
    sign = october(here)
    (found,) = here("close", "status", "2026-10", "--json").lines
    told = [each["what"] for each in found["obstacles"] if each["obstacle"] == "open_gap"]
    assert [each.startswith("main: nothing tells when it was heard (") for each in told] == [True]
    assert one(sign("--by", "张主任", *IN_SPITE))["in_spite"] == "the meeting is today"


class Terminal(StringIO):
    """Somebody at a terminal, who types this."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_who_sits_at_a_terminal_is_asked(here: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """A no changes nothing; a yes issues."""
    command = tuple(each for each in ISSUE if each != "--yes")
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    asked = here(*command, "a", "--lang", "zh")
    assert (asked.status, "minutes 2026-11：发布后不可更改，确定发布？" in asked.err) == (130, True)
    assert here("report", "issued", "--json").lines == []
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert here(*command, "a").status == 0
    assert len(here("report", "issued", "--json").lines) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_read_tables_in_their_language(here: Commands, lang: str) -> None:
    """Each list is a table with heads in that language."""
    here(*ISSUE, "王主管")
    here(
        "exemption",
        "ask",
        "offering",
        "pbx/1.1/offering/PJSIP/1004",
        "--by",
        "1004",
        "--reason",
        "test",
        "--text",
        "x",
    )
    here("objection", "raise", "--agent", "1004", "--period", "2026-11", "--about", "minutes", "--text", "x")
    head = {"zh": ("编号", "版次"), "en": ("id", "number")}[lang]
    for command in (("report", "issued"), ("report", "issued", "1"), ("exemption", "list"), ("objection", "list"),
                    ("report", "verify"), ("close", "status", "2026-11")):  # fmt: skip
        told = here(*command, "--lang", lang).out
        assert head[0] in told, command
    assert head[1] in here("report", "issued", "--lang", lang).out
    state = {"zh": "2026-11: 已发布", "en": "2026-11: issued"}[lang]
    assert state in here("close", "status", "2026-11", "--lang", lang).out


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (
            ("report", "issue", "wages", "--period", "2026-11", "--by", "a", "--yes"),
            2,
            "found 'wages', expected one of",
        ),
        (("report", "issue", "minutes", "--period", "2026-11", "--by", "a"), 2, "found no terminal to ask on"),
        (("report", "issue", "minutes", "--period", "2026-11", "--by", " ", "--yes"), 2, "issued by: found ' '"),
        (("report", "issued", "9"), 2, "issued report: found none of the id 9"),
        (("report", "issued", "--excel", "x.xlsx"), 2, "--excel: found no ID"),
        (("report", "issued", "--json", "--csv"), 2, "found both --json and --csv, expected one"),
        (("report", "difference", "1"), 2, "found one ID, expected a second ID or --live"),
        (("report", "verify", "9"), 2, "issued report: found none of the id 9"),
        (("close", "status", "2026-11-02"), 2, "month: found '2026-11-02', expected one such as 2026-11"),
        (("close", "sign", "2026-11", "--by", "a", "--yes"), 1, "sign: found not_issued"),
        (
            ("exemption", "ask", "call", "pbx/7", "--by", "a", "--reason", "test", "--text", "x"),
            2,
            "call: found none",
        ),
        (("exemption", "decide", "1", "--by", "a", "--yes"), 2, "found neither of --approve and --refuse"),
        (("exemption", "decide", "1", "--by", "a", "--approve", "--yes"), 2, "exemption: found none of the id 1"),
        (("exemption", "withdraw", "1", "--by", "a"), 2, "found no terminal to ask on, expected --yes"),
        (("objection", "decide", "1", "--by", "a", "--answer", "x", "--uphold", "--reject"), 2, "found both of"),
        (
            ("objection", "raise", "--agent", "1", "--period", "2026-11", "--about", "rings", "--text", "x"),
            2,
            "found none issued of 2026-11, expected the report three-rings",
        ),
    ],
)
def test_a_mistake_is_one_line(here: Commands, arguments: tuple[str, ...], status: int, told: str) -> None:
    """What was found and what was expected; nothing on standard output."""
    done = here(*arguments)
    assert (done.status, done.out) == (status, "")
    assert told in done.err
    assert len([line for line in done.err.splitlines() if not line.startswith("! ")]) == 1


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
