"""The commands of campaigns: made of a list, shown, started and ended, with their statuses and in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analytics.storage.engine import open_store
from service.migrations import upgrade
from tests.service.cli.running import Commands, Done
from tests.service.desk.calling import NUMBERS, SETTINGS, furnish

ROWS = "会员号,手机\nM-1,\n,13800138002\nM-3,\nM-4,\n"


@pytest.fixture
def centre(threerings: Commands, tmp_path: Path) -> Commands:
    """Commands in the folder of a members' centre that may place calls."""
    (tmp_path / "data").mkdir()
    url = f"sqlite:///{tmp_path}/data/threerings.db"
    (tmp_path / "threerings.toml").write_text(SETTINGS.format(url=url), encoding="utf-8")
    engine = open_store(url)
    upgrade(engine)
    furnish(engine)
    engine.dispose()
    (tmp_path / "list.csv").write_text(ROWS, encoding="utf-8")
    return threerings


def made(centre: Commands, *more: str) -> Done:
    """A campaign of the list."""
    return centre(
        "campaign", "create", "积分提醒", "--kind", "outreach", "--list", "list.csv", "--by", "1001", *more
    )


def test_a_campaign_from_a_list_to_its_end(centre: Commands) -> None:
    """Made as a draft, looked at, started, paused, resumed, stopped: each turn is told and kept."""
    done = made(centre, "--json")
    assert done.status == 0, done.err
    (told,) = done.lines
    assert told["campaign"]["state"] == "draft"
    assert told["list"] == {"new": 2, "known": 0, "left_out": {"do_not_call": 1, "no_consent": 1}, "refused": []}
    (counts,) = centre("campaign", "preview", "1", "--json").lines
    assert counts["contacts"] == 2 == counts["ready"] + sum(counts["why_not"].values())
    assert {each["number"] for each in centre("campaign", "preview", "1", "--contacts", "--json").lines} == {
        NUMBERS["M-1"], NUMBERS["M-2"],
    }  # fmt: skip
    for turn in ("start", "pause", "resume"):
        assert centre("campaign", turn, "1", "--by", "1001").status == 0
    assert centre("campaign", "resume", "1", "--by", "1001").status == 2
    assert centre("campaign", "resume", "1", "--anyway", "--by", "1001").status == 0
    asked = centre("campaign", "stop", "1", "--by", "1001")
    assert (asked.status, asked.err) == (2, "threerings: campaign 1: found no terminal to ask on, expected --yes\n")
    assert centre("campaign", "stop", "1", "--by", "1001", "--yes").out == "1 · 积分提醒 · stopped\n"
    (shown,) = centre("campaign", "show", "1", "--json").lines
    assert [line["what"] for line in shown["story"]] == [
        "made", "members", "started", "paused", "resumed", "anyway", "stopped",
    ]  # fmt: skip
    assert centre("campaign", "next", "--agent", "1002", "--json").status == 1


def test_rows_that_name_nobody_are_told_with_their_cell(centre: Commands, tmp_path: Path) -> None:
    """Nothing is made of such a list; with --partial the good rows are, and the status says so."""
    (tmp_path / "list.csv").write_text(ROWS + "X-9,\n,\n,4001\n", encoding="utf-8")
    refused = made(centre)
    assert refused.status == 2
    assert "! list.csv, A6: found 'X-9', expected a customer's id" in refused.err
    assert "found 2 bad rows" in refused.err
    assert centre("campaign", "list", "--json").lines == []
    assert made(centre, "--partial").status == 1
    (tmp_path / "list.csv").write_text("name\nWang\n", encoding="utf-8")
    assert "expected a column customer" in centre("campaign", "add", "1", "--list", "list.csv", "--by", "1").err


def test_what_is_asked_wrongly_is_refused_in_a_line(centre: Commands) -> None:
    """With the status of bad input."""
    create = ("campaign", "create", "N", "--kind", "outreach", "--by", "1001")
    for arguments, told in (
        ((*create, "--where", "colour=red"), "--where: found 'colour=red'"),
        ((*create, "--where", "quiet=soon"), "--where: found quiet='soon'"),
        ((*create, "--limit", "3"), "expected them beside --where"),
        ((*create, "--trunk", "other"), "campaign: trunk: found 'other', expected one of telecom"),
        (("campaign", "show", "9"), "campaign: found 9, expected the id of a campaign"),
        (("campaign", "start", "9", "--by", "1"), "campaign: found 9"),
        (("campaign", "set", "9", "--by", "1"), "found nothing to change"),
        (("campaign", "settle", "9", "--result", "busy", "--by", "1"), "attempt 9: found no such one"),
        (("dial", "1002", "--customer", "M-4"), "call: found do_not_call: asked for it"),
        (("dial", "1002"), "found 0 of number, customer and follow-up"),
    ):
        done = centre(*arguments)
        assert (done.status, told in done.err, done.out) == (2, True, ""), done.err


def test_a_click_an_export_and_tables_in_both_languages(centre: Commands, tmp_path: Path) -> None:
    """Tables mask numbers, files have them whole; an Excel file is not written over."""
    assert made(centre).status == 0
    clicked = centre("dial", "1002", "13800138001", "--json")
    assert (clicked.lines[0]["mode"], clicked.lines[0]["phase"]) == ("click", "planned")
    chinese = centre("campaign", "show", "1", "--lang", "zh").out
    assert "积分提醒" in chinese
    assert "联系人 2 = 已完成 0 + 已关闭 0 + 等待 1 + 待登记结果 0 + 呼叫中 1" in chinese
    assert "Outreach" in centre("campaign", "list").out
    table = centre("campaign", "preview", "1", "--contacts").out
    assert NUMBERS["M-2"] not in table
    assert centre("campaign", "set", "1", "--priority", "7", "--deadline", "2099-01-01", "--by", "1001").status == 0
    assert centre("campaign", "list", "--json").lines[0]["priority"] == 7
    assert centre("campaign", "attempts", "1", "--json").lines == []
    assert centre("campaign", "indeterminate").out == "No calls.\n"
    assert centre("campaign", "export", "1", "--csv").out.startswith("attempt,campaign,mode")
    assert centre("campaign", "export", "1", "--excel", "calls.xlsx").status == 0
    assert load_workbook(tmp_path / "calls.xlsx").active["A1"].value == "attempt"
    assert centre("campaign", "export", "1", "--excel", "calls.xlsx").status == 2
    assert json.loads(centre("campaign", "export", "1", "--json").out or "[]") == []
