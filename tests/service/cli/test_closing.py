"""The commands of closing a month: objections, exemptions and the sign-off, on a small installation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.service.cli.closing import IN_SPITE, ISSUE, SETTINGS, one
from tests.service.cli.running import Commands, Done

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


def test_what_is_open_stands_in_the_way_until_a_second_person_decides(with_calls: Commands) -> None:
    """Exemption and objection are decided by another person; then only the window is left."""
    assert with_calls("close", "status", "2026-11").status == 1
    with_calls(*ISSUE, "王主管")
    asked, raised = one(with_calls(*ASK)), one(with_calls(*RAISE))
    assert (asked["state"], asked["stored"], raised["state"]) == ("asked", True, "open")
    assert obstacles(with_calls) == {"open_objection", "undecided_exemption", "window_open"}
    approved = one(with_calls("exemption", "decide", "1", "--by", "王主管", "--approve", "--yes", "--json"))
    assert (approved["state"], approved["decided_by"]) == ("approved", "王主管")
    answer = ("objection", "decide", "1", "--uphold", "--answer", "exempted", "--exemption", "1", "--yes", "--json")
    refused = with_calls(*answer, "--by", "1004")
    assert refused.status == 2
    assert "found 1004, expected another person than 1004" in refused.err
    answered = one(with_calls(*answer, "--by", "王主管"))
    assert (answered["state"], answered["exemption"]) == ("upheld", 1)
    assert obstacles(with_calls) == {"window_open"}
    assert with_calls("exemption", "list", "--period", "2026-11", "--state", "asked", "--json").lines == []
    assert len(with_calls("objection", "list", "--agent", "1004", "--json").lines) == 1


def test_who_asked_or_raised_takes_it_back(with_calls: Commands) -> None:
    """Nothing stands in the way for it any more, and it stays on record."""
    with_calls(*ISSUE, "王主管")
    one(with_calls(*ASK)), one(with_calls(*RAISE))
    for what in ("exemption", "objection"):
        assert one(with_calls(what, "withdraw", "1", "--by", "1004", "--yes", "--json"))["state"] == "withdrawn"
    assert obstacles(with_calls) == {"window_open"}
    assert [each["state"] for each in with_calls("objection", "list", "--json").lines] == ["withdrawn"]


def obstacles(with_calls: Commands) -> set[str]:
    """What stands in November's way; but for its end, which may lie before or after the day on which this runs."""
    found = with_calls("close", "status", "2026-11", "--json")
    assert found.status == 1
    told = {each["obstacle"] for each in found.lines[0]["obstacles"]}
    assert ("unfinished" in told) is (datetime.now(UTC) < datetime(2026, 11, 30, 16, tzinfo=UTC))
    return told - {"unfinished"}


def october(with_calls: Commands) -> Callable[..., Done]:
    """A month that is over on any day on which this runs, issued by 王主管."""
    one(with_calls("report", "issue", "minutes", "--period", "2026-10", "--by", "王主管", "--yes", "--json"))
    return lambda *more: with_calls("close", "sign", "2026-10", *more)


def test_a_sign_off_needs_another_person_and_a_restatement_another_sign_off(with_calls: Commands) -> None:
    """Status 1 while something stands in the way, 2 for the wrong person; then it is signed, restated, signed again."""
    sign = october(with_calls)
    assert sign("--by", "张主任", "--yes").status == 1
    wrong = sign("--by", "王主管", *IN_SPITE)
    assert (wrong.status, "expected another person than 王主管" in wrong.err) == (2, True)
    assert one(sign("--by", "张主任", "--note", "read at the meeting", *IN_SPITE))["signed_by"] == "张主任"
    assert one(with_calls("close", "status", "2026-10", "--json"))["state"] == "signed"
    assert sign("--by", "张主任", *IN_SPITE).status == 2
    bare = with_calls("report", "issue", "minutes", "--period", "2026-10", "--by", "王主管", "--yes")
    assert (bare.status, "issue: found no reason, expected one" in bare.err) == (2, True)
    with_calls(
        "report", "issue", "minutes", "--period", "2026-10", "--by", "王主管", "--yes", "--reason", "a late log"
    )
    assert with_calls("close", "status", "2026-10", "--json").lines[0]["state"] == "restated"
    assert one(sign("--by", "张主任", *IN_SPITE))["number"] == 2


def test_a_pbx_of_which_no_journal_tells_is_an_open_gap(with_calls: Commands, tmp_path: Path) -> None:
    """Its month can be signed in spite of it, with the reason."""
    pbx = '[pbx.main]\nhost = "127.0.0.1"\nport = 1\nuser = "u"\nsecret_file = "secret"\n'
    (tmp_path / "secret").write_text("s3cret", encoding="utf-8")
    (tmp_path / "threerings.toml").write_text(SETTINGS + pbx, encoding="utf-8")
    sign = october(with_calls)
    (found,) = with_calls("close", "status", "2026-10", "--json").lines
    told = [each["what"] for each in found["obstacles"] if each["obstacle"] == "open_gap"]
    assert [each.startswith("main: nothing tells when it was heard (") for each in told] == [True]
    assert one(sign("--by", "张主任", *IN_SPITE))["in_spite"] == "the meeting is today"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_read_tables_in_their_language(with_calls: Commands, lang: str) -> None:
    """Each list is a table with heads in that language."""
    with_calls(*ISSUE, "王主管")
    with_calls(
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
    with_calls("objection", "raise", "--agent", "1004", "--period", "2026-11", "--about", "minutes", "--text", "x")
    head = {"zh": ("编号", "版次"), "en": ("id", "number")}[lang]
    for command in (("report", "issued"), ("report", "issued", "1"), ("exemption", "list"), ("objection", "list"),
                    ("report", "verify"), ("close", "status", "2026-11")):  # fmt: skip
        told = with_calls(*command, "--lang", lang).out
        assert head[0] in told, command
    assert head[1] in with_calls("report", "issued", "--lang", lang).out
    state = {"zh": "2026-11: 已发布", "en": "2026-11: issued"}[lang]
    assert state in with_calls("close", "status", "2026-11", "--lang", lang).out


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
def test_a_mistake_is_one_line(with_calls: Commands, arguments: tuple[str, ...], status: int, told: str) -> None:
    """What was found and what was expected; nothing on standard output."""
    done = with_calls(*arguments)
    assert (done.status, done.out) == (status, "")
    assert told in done.err
    assert len([line for line in done.err.splitlines() if not line.startswith("! ")]) == 1
