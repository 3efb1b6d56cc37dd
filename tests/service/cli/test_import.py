"""`threerings import`: what it prints, what it stores, what it refuses."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from service.replaying import fact_as_json, in_order
from telephony.calls.record import View, as_json, fold, newest
from tests.service.cli.running import Commands
from tests.service.importing.history import FREEPBX, PLAIN, captured, copied

SETTINGS = """
data_dir = "data"
database_url = "sqlite:///facts.db"
zone = "Asia/Shanghai"
[pbx.pbx]
host = "127.0.0.1"
user = "u"
secret_env = "X"
"""


@pytest.fixture
def settled(threerings: Commands) -> Commands:
    """`threerings` in a folder with settings."""
    Path("threerings.toml").write_text(SETTINGS)
    return threerings


def count_of(table: str) -> int:
    """How many rows a table of the store has."""
    connection = sqlite3.connect("facts.db")
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("folder", [PLAIN, FREEPBX])
def test_a_dry_run_prints_calls_as_replay_does(threerings: Commands, folder: Path) -> None:
    """The same lines as folding all facts at once gives, sorted by start and id; no settings, no database."""
    logs = captured(folder)
    done = threerings("import", *logs.arguments, "--dry-run", "--calls", "--json", "--wrap-up", "0")
    assert (done.status, done.err) == (0, "")
    expected = [as_json(record, View()) for record in fold(logs.facts())]
    assert done.lines == json.loads(json.dumps(expected))
    assert len(done.lines) > 90
    assert list(Path().iterdir()) == []


def test_a_dry_run_prints_facts_as_replay_does(threerings: Commands) -> None:
    """The newest revision of each fact, by beginning, call, kind and id."""
    logs = captured(PLAIN)
    done = threerings("import", *logs.arguments, "--dry-run", "--facts", "--json", "--wrap-up", "0")
    expected = [fact_as_json(fact) for fact in in_order(list(newest(logs.facts()).values()))]
    assert done.lines == json.loads(json.dumps(expected))


def test_a_dry_run_prints_states_and_sums(threerings: Commands) -> None:
    """--agent-states and --summary have the shapes of replay's."""
    logs = captured(PLAIN)
    states = threerings("import", *logs.arguments, "--dry-run", "--agent-states", "--json").lines
    assert set(states[0]) == {"agent", "interface", "state", "reason", "queue", "from", "to"}
    (summary,) = threerings("import", *logs.arguments, "--dry-run", "--summary", "--json").lines
    assert summary["calls"] == summary["known"]["repaired"] == 113
    assert {each["agent"] for each in summary["agents"]} >= {"1001", "1002"}


def test_kinds_and_options_add_up(threerings: Commands) -> None:
    """A kind as argument, more of it as an option, and other kinds: all are read; the same file twice is one."""
    logs = captured(PLAIN)
    named = (
        "import",
        "cel",
        str(logs.cel),
        "--cel",
        str(captured(FREEPBX).cel),
        "--queue-log",
        str(logs.queue_log),
    )
    (found,) = threerings(*named, "--cel", str(logs.cel), "--dry-run", "--json").lines
    assert found["rows"]["cel"]["rows"] == 2325 + 3015
    assert found["rows"]["queue_log"]["rows"] == 182
    assert found["stored"] is None


def test_what_would_come_in_is_summed_up(threerings: Commands) -> None:
    """Rows by what becomes of them, calls by kind, span, days and agents; every count adds up."""
    (found,) = threerings("import", *captured(PLAIN).arguments, "--dry-run", "--json").lines
    for kind, rows in found["rows"].items():
        assert rows["rows"] == sum(rows[name] for name in ("used", "repeated", "quarantined", "irrelevant")), kind
    for name in ("direction", "disposition", "known"):
        assert sum(found[name].values()) == found["calls"] == 113
    assert (found["from"], found["days"]) == ("2026-11-21T23:27:19.438+00:00", 1)
    assert found["agents"][0]["agent"] == "1001"
    assert found["agents"][0]["talk_minutes"] > 1


def test_a_table_for_people(threerings: Commands) -> None:
    """Without --json the same in tables, in either language."""
    arguments = ("import", *captured(PLAIN).arguments, "--dry-run")
    assert "quarantined" in threerings(*arguments, "--lang", "en").out
    assert "隔离" in threerings(*arguments, "--lang", "zh").out


def test_calls_are_stored_and_history_is_kept(settled: Commands) -> None:
    """The calls are in the database; a line of history tells what came; no staging is left."""
    logs = captured(PLAIN)
    done = settled("import", *logs.arguments, "--json")
    (found,) = done.lines
    assert done.status == 0
    assert found["stored"] == {"new": 113, "replaced": 0, "kept": 0, "facts": found["stored"]["facts"]}
    assert count_of("calls") == 113
    folder = Path("data/imports")
    assert sorted(path.name for path in folder.iterdir()) == ["history.jsonl", "import.lock"]
    (line,) = [json.loads(each) for each in (folder / "history.jsonl").read_text().splitlines()]
    assert line["calls"] == 113
    assert "at" in line
    (again,) = settled("import", *logs.arguments, "--json").lines
    assert (again["stored"]["new"], again["stored"]["replaced"]) == (0, 113)
    (tried,) = settled("import", *logs.arguments, "--dry-run", "--json").lines
    assert tried["stored"] == {"repaired": 113}


def test_bad_rows_are_quarantined_and_never_shown(settled: Commands, tmp_path: Path) -> None:
    """The import goes on; the file of bad rows is named; a dry run tells places only."""
    log = tmp_path / "queue_log"
    shutil.copy(captured(PLAIN).queue_log, log)
    with log.open("a") as file:
        file.write("secret of a customer\n" * 7)
    tried = settled("import", "queue-log", str(log), "--dry-run", "--json")
    assert [each["line"] for each in tried.lines[0]["quarantine"]] == [183, 184, 185, 186, 187]
    assert not Path("data").exists()
    done = settled("import", "queue-log", str(log), "--json")
    (found,) = done.lines
    assert found["rows"]["queue_log"]["quarantined"] == 7
    path = Path(found["quarantine"])
    assert path.parent == Path("data/quarantine").resolve()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text().splitlines()) == 7
    for said in (tried, done):
        assert "secret" not in said.out + said.err


def test_two_imports_at_once_are_refused(settled: Commands) -> None:
    """The second says so and stores nothing."""
    Path("data/imports").mkdir(parents=True)
    with Path("data/imports/import.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = settled("import", *captured(PLAIN).arguments)
    assert done.status == 3
    assert "found another import at work" in done.err
    assert count_of("calls") == 0


MISTAKES = {
    "nothing named": ((), "found no log"),
    "no such kind": (("cle", "x"), "found 'cle', expected a kind: cel, cdr, queue-log"),
    "a kind without a file": (("cel",), "found no log"),
    "no such file": (("cel", "nowhere.csv", "--dry-run"), "nowhere.csv: found no such file, expected a cel log"),
    "two views": (("cel", "LOG", "--dry-run", "--calls", "--facts"), "found --calls --facts, expected one of them"),
    "a view without a dry run": (("cel", "LOG", "--agent-states"), "found --agent-states alone"),
    "no such zone": (("cel", "LOG", "--dry-run", "--log-zone", "Mars"), "--log-zone: found 'Mars'"),
    "columns of two kinds": (("cel", "LOG", "--cdr", "LOG", "--dry-run", "--columns", "a"), "--columns: found logs of"),
    "another file than a log": (("cel", "TEXT", "--dry-run"), "expected"),
    "no settings": (("cel", "LOG"), "found no threerings.toml"),
    "a database that is none": (("cel", "mysql://u:hidden@127.0.0.1:1/asteriskcdrdb", "--dry-run"), "127.0.0.1"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_in_one_line(threerings: Commands, name: str) -> None:
    """What, where, found, expected; status 2, or 3 for what cannot be reached; never a traceback or a password."""
    arguments, expected = MISTAKES[name]
    Path("text").write_text("Dear Sir,\nplease find our offer below, good for a week\n" * 30)
    places = {"LOG": str(captured(PLAIN).cel), "TEXT": "text"}
    done = threerings("import", *(places.get(each, each) for each in arguments))
    assert done.status in (2, 3)
    assert expected in done.err
    assert done.err.count("\n") == 1
    assert "hidden" not in done.err


def test_a_long_history_is_printed_in_order(threerings: Commands, tmp_path: Path) -> None:
    """Calls of many copies come sorted by start and id, each once."""
    logs = copied(tmp_path, 4)
    lines = threerings("import", *logs.arguments, "--dry-run", "--calls", "--json").lines
    order = [(line["started_at"], line["call_id"]) for line in lines]
    assert order == sorted(order)
    assert len(set(order)) == 4 * 113


def test_bars_on_a_terminal_leave_the_result_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bars are drawn on stderr where that is a terminal; stdout holds the JSON lines and nothing else."""
    monkeypatch.chdir(tmp_path)
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "service",
        "import",
        *captured(PLAIN).arguments,
        "--dry-run",
        "--calls",
        "--json",
    ]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "TERM": "xterm"}
    drawn = bytearray()
    with Path("out").open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=theirs)
    os.close(theirs)
    try:
        while part := os.read(ours, 65536):
            drawn += part
    except OSError:
        pass  # so a terminal ends whose other side is closed
    os.close(ours)
    assert process.wait(60) == 0
    assert len([json.loads(line) for line in Path("out").read_bytes().splitlines()]) == 113
    assert b"building calls" in drawn
