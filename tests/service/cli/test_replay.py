"""`threerings replay`: shapes, orders, options and mistakes, on captured streams."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from tests.service.cli.running import FREEPBX, PLAIN, PLAIN_RAW, Commands

CALL_KEYS = (
    *("call_id", "alias_ids", "linkedid", "pbx", "known", "direction", "caller", "caller_name", "called", "did"),
    *("customer", "customer_e164", "customer_withheld", "line", "service_code", "started_at", "picked_up_at"),
    *("answered_at", "ended_at", "answered", "disposition", "ended_by", "cause", "queue_visits", "offerings"),
    *("talks", "transfers", "ivr", "recordings", "attempt_id", "claimed"),
)


def lines_of(capture: str) -> list[bytes]:
    """The lines of a captured stream."""
    with lzma.open(capture) as file:
        return file.readlines()


@pytest.mark.parametrize("file", [PLAIN, FREEPBX])
def test_calls_have_every_key_in_the_order_of_the_contract(threerings: Commands, file: str) -> None:
    """One JSON object a call, every key always there, sorted by start and id."""
    done = threerings("replay", file, "--calls", "--json")
    assert done.status == 0
    assert done.err == ""
    assert len(done.lines) > 50
    assert {tuple(call) for call in done.lines} == {CALL_KEYS}
    order = [(call["started_at"], call["call_id"]) for call in done.lines]
    assert order == sorted(order)


def test_json_lines_and_raw_bytes_of_one_connection_give_the_same_calls(threerings: Commands) -> None:
    """Two recordings of the same stream are the same stream."""
    assert threerings("replay", PLAIN_RAW, "--json").out == threerings("replay", PLAIN, "--calls", "--json").out


def test_a_stream_cut_in_two_files_is_one_stream(threerings: Commands, tmp_path: Path) -> None:
    """Files are read in the order given; a call that crosses from one to the next is whole."""
    lines = lines_of(PLAIN)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    one.write_bytes(b"".join(lines[:4321]))
    two.write_bytes(b"".join(lines[4321:]))
    whole = threerings("replay", PLAIN, "--facts", "--json")
    assert threerings("replay", str(one), str(two), "--facts", "--json").out == whole.out


def test_at_a_files_end_open_calls_stay_open(threerings: Commands, tmp_path: Path) -> None:
    """Nobody knows how they ended: disposition and end are null."""
    cut = tmp_path / "cut.jsonl"
    lines = lines_of(PLAIN)
    end = next(place for place, line in enumerate(lines) if b'"BridgeEnter"' in line) + 2
    cut.write_bytes(b"".join(lines[:end]))
    last = threerings("replay", str(cut), "--json").lines[-1]
    assert (last["disposition"], last["ended_at"], last["talks"][0]["to"]) == (None, None, None)


def test_facts_are_named_and_newest(threerings: Commands) -> None:
    """Each line names its kind; no fact is told twice."""
    facts = threerings("replay", PLAIN, "--facts", "--json").lines
    assert {tuple(fact)[:5] for fact in facts} == {("fact", "id", "revision", "call_id", "at")}
    kinds = {fact["fact"] for fact in facts}
    assert kinds >= {"call", "offering", "talk", "queue_visit", "transfer", "recording", "claim", "agent_state"}
    assert len({(fact["fact"], fact["id"]) for fact in facts}) == len(facts)


def test_agent_states_have_wrap_up_as_long_as_told(threerings: Commands) -> None:
    """`--wrap-up` ends by itself after so many seconds, or earlier."""
    states = threerings("replay", PLAIN, "--agent-states", "--wrap-up", "5", "--json").lines
    assert {tuple(each) for each in states} == {("agent", "interface", "state", "reason", "queue", "from", "to")}
    assert {each["state"] for each in states} >= {
        "logged_in",
        "ringing",
        "talking",
        "wrap_up",
        "available",
        "paused",
    }
    assert not any(
        each["state"] == "wrap_up" for each in threerings("replay", PLAIN, "--agent-states", "--json").lines
    )


def test_an_agents_file_names_the_people(threerings: Commands, tmp_path: Path) -> None:
    """The mapping is effective-dated: before `from` the extension stands for the agent."""
    agents = tmp_path / "agents.csv"
    agents.write_text("interface,agent,name,from,to\nPJSIP/1001,wang,王娜,2026-11-22T04:55,\n", encoding="utf-8")
    talks = [
        talk
        for call in threerings("replay", PLAIN, "--agents", str(agents), "--json").lines
        for talk in call["talks"]
        if talk["device"] == "PJSIP/1001"
    ]
    assert {talk["agent"] for talk in talks if talk["from"] < "2026-11-21T20:55"} == {"1001"}
    assert {talk["agent"] for talk in talks if talk["from"] > "2026-11-21T20:55"} == {"wang"}


def test_the_summary_adds_up(threerings: Commands) -> None:
    """Counts by direction, disposition and known each add up to the calls."""
    (found,) = threerings("replay", PLAIN, "--summary", "--json").lines
    for name in ("direction", "disposition", "known"):
        assert sum(found[name].values()) == found["calls"]
    assert all(each["rate"] is None for each in found["agents"] if each["offered"] == 0)


def test_the_name_of_the_pbx_is_in_every_id(threerings: Commands) -> None:
    """`--pbx` names it."""
    calls = threerings("replay", PLAIN, "--pbx", "north", "--json").lines
    assert {call["call_id"].partition("/")[0] for call in calls} == {"north"}


@pytest.mark.parametrize("what", ["--calls", "--facts", "--agent-states", "--summary"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_get_tables(threerings: Commands, what: str, language: str) -> None:
    """Without --json there is a table in the chosen language."""
    done = threerings("replay", PLAIN, what, "--lang", language)
    assert done.status == 0
    assert "┏" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "FILE"),
        (("nowhere.jsonl",), "nowhere.jsonl: found no such file, expected a capture or a journal"),
        (("bad.txt",), "bad.txt: found this name, expected *.jsonl"),
        (("bad.jsonl",), "bad.jsonl, line 1: found"),
        (("bad.jsonl.xz",), "expected an xz file"),
        ((PLAIN, "--zone", "Mars/Olympus"), "--zone: found 'Mars/Olympus', expected a zone"),
        ((PLAIN, "--country", "XX1"), "--country: found 'XX1', expected two letters"),
        ((PLAIN, "--policy", "nothing"), 'found "nothing", expected one of'),
        ((PLAIN, "--wrap-up", "-1"), "--wrap-up: found -1, expected 0 to"),
        ((PLAIN, "--wrap-up", "x"), "--wrap-up"),
        ((PLAIN, "--calls", "--facts"), "found several of"),
        ((PLAIN, "--agents", "agents.csv"), "agents.csv, line 2: from: found 'soon', expected a date"),
        ((PLAIN, "--agents", "nowhere.csv"), "nowhere.csv: found no file to read"),
        ((PLAIN, "--nonsense"), "--nonsense"),
    ],
)
def test_a_mistake_is_one_line_and_status_two(
    threerings: Commands, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    """What, where, found, expected; never a traceback."""
    (tmp_path / "bad.txt").write_text("x", encoding="utf-8")
    (tmp_path / "bad.jsonl").write_text("no json\n{}\n", encoding="utf-8")
    (tmp_path / "bad.jsonl.xz").write_text("no xz", encoding="utf-8")
    (tmp_path / "agents.csv").write_text("interface,agent,name,from,to\nPJSIP/1001,wang,,soon,\n", encoding="utf-8")
    done = threerings("replay", *arguments)
    assert done.status == 2
    assert done.out == ""
    assert told in done.err
    assert done.err.count("\n") == 1
