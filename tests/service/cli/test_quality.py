"""`threerings quality …`: a draw, its check, cards, replies, appeals, summaries; exit status and keys of each."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from analytics.quality.draws import commit
from analytics.quality.weeks import Week
from analytics.storage.engine import open_store
from config.policy_loader import load_policy
from service.auth import accounts
from service.auth.accounts import Wanted
from service.auth.rights import Role
from telephony.clock import SystemClock
from tests.analytics.quality.house import NAMES, add_talk
from tests.service.cli.closing import one
from tests.service.cli.running import Commands

SETTINGS = 'data_dir = "data"\nlanguage = "en"\npolicy = "hotline"\n'
POLICY = load_policy("hotline")
NOW = SystemClock().now()


def _last_of_a_month() -> date:
    """The newest last day of a month whose week is over: all that its month is owed is drawn with it."""
    day = NOW.astimezone(POLICY.zone).date()
    while Week.of(day).following.period(POLICY.zone).start > NOW or (day + timedelta(days=1)).day != 1:
        day -= timedelta(days=1)
    return day


DAY = _last_of_a_month()
LAST = Week.of(DAY)
PEOPLE = (("wen", Role.INSPECTOR, None), ("qian", Role.INSPECTOR, None), ("fang", Role.AGENT, "1001"))
MARKS = [part for name in NAMES for part in ("--mark", f"{name}=4")]


@pytest.fixture
def listening(threerings: Commands, tmp_path: Path) -> Commands:
    """An installation with a week that was committed to; agent 1001 has five talks on a month's last day in it."""
    (tmp_path / "threerings.toml").write_text(SETTINGS, encoding="utf-8")
    assert threerings("quality", "list").status == 0
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    with engine.begin() as connection:
        start = LAST.period(POLICY.zone).start
        for number in range(5):
            add_talk(connection, number + 1, at=start + timedelta(days=DAY.weekday(), hours=10 + number))
        commit(connection, LAST, POLICY, "r", start)
        for login, role, agent in PEOPLE:
            accounts.create(
                connection, login, Wanted(name=login, role=role, agent=agent), "-", NOW, must_change=False
            )
    engine.dispose()
    return threerings


def drawn(listening: Commands) -> int:
    """The id of the first sample of the week."""
    assert listening("quality", "draw", "--week", LAST.label).status in (0, 2)
    return int(listening("quality", "list", "--json").lines[0]["id"])


def scored(listening: Commands) -> int:
    """The id of its card."""
    by = listening("quality", "list", "--json").lines[0]["inspector"] if drawn(listening) else ""
    card = one(listening("quality", "score", "1", "--by", by, *MARKS, "--yes", "--json"))
    return int(card["id"])


def test_a_week_is_drawn_and_done_again(listening: Commands) -> None:
    """The draw has its commitment, its random and its seed; --check says that it comes out the same."""
    drawn(listening)
    checked = one(listening("quality", "draw", "--week", LAST.label, "--check", "--json"))
    assert (checked["same"], checked["random"], checked["candidates"]) == (True, "r", 5)
    sample = listening("quality", "list", "--json").lines[0]
    assert checked["talks"][0] == sample["talk_id"]
    assert sample["inspector"] in ("wen", "qian")
    assert "the same again" in listening("quality", "draw", "--week", LAST.label, "--check").out


def test_a_draw_that_differs_is_status_1(listening: Commands, tmp_path: Path) -> None:
    """Whoever changed a candidate is found out."""
    drawn(listening)
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE quality_candidates SET length_ms = length_ms + 1")
    engine.dispose()
    done = listening("quality", "draw", "--week", LAST.label, "--check")
    assert (done.status, "found another candidates, expected what is on record" in done.err) == (1, True)


def test_a_card_is_submitted_replied_to_and_appealed_against(listening: Commands) -> None:
    """Inspector, agent and another inspector; `show` has all of it."""
    card = scored(listening)
    reply = one(listening("quality", "reply", str(card), "--by", "fang", "--text", "I shall", "--json"))
    appeal = one(listening("quality", "appeal", str(card), "--by", "fang", "--text", "He swore", "--json"))
    assert (reply["state"], appeal["state"]) == (None, "open")
    shown = one(listening("quality", "show", "1", "--json"))
    first = shown["cards"][0]["inspector"]
    other = "qian" if first == "wen" else "wen"
    decide = ("quality", "decide", str(appeal["id"]), "--reason", "heard it", "--uphold", "--yes", "--json", *MARKS)
    refused = listening(*decide, "--by", first)
    assert (refused.status, "who gave the mark, expected another person" in refused.err) == (2, True)
    done = one(listening(*decide, "--by", other, "--critical", "leak"))
    assert (done["state"], done["decided_by"]) == ("upheld", other)
    shown = one(listening("quality", "show", "1", "--json"))
    assert [(each["kind"], each["mark"], each["points"]) for each in shown["cards"]] == [
        ("mark", 80.0, 80.0), ("correction", 0.0, 80.0),
    ]  # fmt: skip
    assert listening("quality", "list", "--json").lines[0]["mark"] == 0.0
    text = listening("quality", "show", "1").out
    assert "He swore" in text
    assert "grasp" in text


def test_a_sample_is_replaced_by_the_next_in_the_order(listening: Commands) -> None:
    """With its reason; the old one stays."""
    drawn(listening)
    by = listening("quality", "list", "--json").lines[0]["inspector"]
    done = one(listening("quality", "replace", "1", "--by", by, "--reason", "private", "--yes", "--json"))
    assert (done["replaced"]["state"], done["replaced"]["reason"], done["sample"]["replaces"]) == (
        "replaced", "private", 1,
    )  # fmt: skip
    assert listening("quality", "list", "--state", "replaced", "--json").lines[0]["id"] == 1


def test_a_second_inspector_calibrates_and_notes_are_pinned(listening: Commands) -> None:
    """A calibration changes no mark; a note has its instant."""
    scored(listening)
    first = one(listening("quality", "show", "1", "--json"))["cards"][0]["inspector"]
    other = "qian" if first == "wen" else "wen"
    card = one(listening("quality", "score", "1", "--by", other, *MARKS, "--calibrate", "--yes", "--json"))
    assert card["kind"] == "calibration"
    note = one(listening("quality", "note", "1", "--by", other, "--at", "97.5", "--text", "cut in", "--json"))
    assert note["at_ms"] == 97_500


def test_week_and_month_are_summed_and_written_as_excel(listening: Commands, tmp_path: Path) -> None:
    """One card has no mean, its worst is told; training points and what is planned stand in the week."""
    scored(listening)
    plan = ("quality", "train", LAST.label, "--by", "wen", "--text", "listening", "--on", "2026-12-02", "--json")
    assert one(listening(*plan))["planned_on"] == "2026-12-02"
    week = one(listening("quality", "week", LAST.label, "--excel", "w.xlsx", "--json"))
    assert (week["all"]["n"], week["all"]["mean"], week["all"]["worst"]) == (1, None, 80.0)
    assert len(week["training_points"]) == 2
    assert len(week["trainings"]) == 1
    label = listening("quality", "list", "--json").lines[0]["month"]
    month = one(listening("quality", "month", label, "--excel", "m.xlsx", "--json"))
    agent = next(each for each in month["agents"] if each["name"] == "1001")
    assert (agent["n"], agent["passed"], month["talked"]) == (1, 1, 1)
    assert [row[0].value for row in load_workbook(tmp_path / "m.xlsx").worksheets[0]] == ["agent", "1001", "all"]
    assert load_workbook(tmp_path / "w.xlsx").worksheets[0]["E1"].value == "Wording"
    assert listening("quality", "week", LAST.label, "--excel", "w.xlsx").status == 2
    for text in (listening("quality", "week", LAST.label).out, listening("quality", "month", label).out):
        assert "1001" in text
        assert "all" in text


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("score", "1", "--by", "nobody", "--yes"), "found no active account, expected one with the right quality"),
        (
            ("score", "1", "--by", "fang", "--yes"),
            "found an account without it, expected one with the right quality",
        ),
        (("score", "1", "--by", "wen"), "found no terminal to ask on, expected --yes"),
        (("score", "1", "--by", "wen", "--yes", "--mark", "tone"), "expected CRITERION=… such as tone=4"),
        (("score", "1", "--by", "wen", "--yes", "--mark", "tone=x"), "expected a whole number"),
        (("score", "9", "--by", "wen", "--yes"), "found none of the id 9, expected one of `quality list`"),
        (("score", "1", "--by", "wen", "--calibrate", "--correct", "1"), "expected one of them"),
        (("decide", "1", "--by", "wen", "--reason", "x"), "found neither of --uphold and --reject, expected one"),
        (
            ("decide", "1", "--by", "wen", "--reason", "x", "--reject", "--mark", "a=1"),
            "expected them with --uphold",
        ),
        (("week", "48"), "expected one such as 2026-W48"),
        (("month", "2026-13"), "expected one such as 2026-11"),
        (("draw", "--check"), "found no --week, expected the week to do again"),
        (("train", "2026-W48", "--by", "wen", "--text", "x", "--on", "soon"), "expected a day such as 2026-12-02"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(listening: Commands, command: tuple[str, ...], said: str) -> None:
    """Status 2, one line with what was found and expected."""
    done = listening("quality", *command)
    assert (done.status, said in done.err, done.err.count("\n")) == (2, True, 1)
