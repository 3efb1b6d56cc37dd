"""The other commands: exit status and JSON keys of each, on a small installation."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.storage.engine import open_store
from analytics.storage.ingest import Position, ingest
from service.cli.commands import GROUPS, command_at
from service.cli.commands import PLAIN as ALONE
from service.migrations import upgrade
from service.pipeline.interpreter import Interpreter
from telephony.journal.entries import EntryKind
from telephony.journal.raw_source import Capture
from telephony.journal.writer import JournalWriter
from tests.service.cli.running import PLAIN, Commands


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings, a journal of one captured connection, and its facts in the store."""
    folder = tmp_path_factory.mktemp("installation")
    (folder / "secret").write_text("s3cret", encoding="utf-8")
    (folder / "threerings.toml").write_text(
        'data_dir = "data"\nlanguage = "en"\n'
        '[pbx.main]\nhost = "127.0.0.1"\nport = 1\nuser = "u"\nsecret_file = "secret"\n',
        encoding="utf-8",
    )
    interpreter = Interpreter("main")
    facts = []
    with JournalWriter(folder / "data" / "journal", "main") as journal:
        journal.append(0, EntryKind.STARTED, datetime(2026, 11, 21, 20, 50, tzinfo=UTC))
        for entry in Capture(Path(PLAIN)):
            kept = journal.append(entry.connection, entry.kind, entry.received_at, entry.frames, entry.detail)
            facts += interpreter.handle(kept)
        journal.append(1, EntryKind.LOST, entry.received_at, (), "silent")
        last = journal.commit()
    engine = open_store(f"sqlite:///{folder}/data/threerings.db")
    upgrade(engine)
    with engine.begin() as connection:
        ingest(connection, facts, Position(pbx="main", stored_up_to=last, reread_from=0))
    engine.dispose()
    return folder


@pytest.fixture
def here(threerings: Commands, installation: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Commands in the installation's folder."""
    monkeypatch.chdir(installation)
    return threerings


def test_every_command_is_where_the_table_says() -> None:
    """And its line in the list of all is the first that it says of itself."""
    for name, (where, text) in ALONE.items():
        first = (command_at(where).__doc__ or "").strip().split("\n\n")[0]
        assert (name, " ".join(first.split())) == (name, text)
    for _, commands in GROUPS.values():
        assert all(command_at(where).__doc__ for where in commands.values())


def test_a_command_reads_no_more_than_it_needs() -> None:
    """Whoever asks for a list does not wait until the pages are read."""
    code = (
        "import sys; from service.__main__ import main; main(['journal', 'list', '--help']); "
        "sys.exit(any(name.startswith(('service.dashboard', 'aiohttp', 'pandas')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, stdout=subprocess.DEVNULL).returncode == 0


def test_minutes_have_the_keys_of_the_contract(here: Commands) -> None:
    """One row an agent, with quota."""
    done = here("report", "minutes", "--period", "2026-11", "--group", "agent", "--json")
    assert done.status == 0
    assert {"agent", "talk_minutes", "quota_floor", "quota_target"} <= set(done.lines[0])
    assert sum(row["talk_minutes"] for row in done.lines) > 1


def test_three_rings_have_the_keys_of_the_contract(here: Commands) -> None:
    """One row an agent; the rate is within ÷ offered."""
    rows = here("report", "three-rings", "--period", "2026-11-22", "--json").lines
    assert {"agent", "offered", "within", "rate"} <= set(rows[0])
    for row in rows:
        assert row["rate"] == (pytest.approx(row["within"] / row["offered"], abs=1e-4) if row["offered"] else None)


def test_reports_as_csv_and_as_tables(here: Commands) -> None:
    """The first line of CSV names the columns; people get a table."""
    assert here("report", "minutes", "--period", "2026-11", "--csv").out.startswith("agent,")
    assert "┏" in here("report", "three-rings", "--period", "2026-11").out


def test_the_journal_is_listed_and_sound(here: Commands) -> None:
    """Day files with their numbers, and no fault."""
    (file,) = here("journal", "list", "--json").lines
    assert set(file) == {"pbx", "day", "file", "first_seq", "last_seq", "size_bytes"}
    done = here("journal", "verify", "--json")
    assert done.status == 0
    assert done.lines[0]["findings"] == []


def test_the_journal_can_be_read_and_replayed(here: Commands, installation: Path) -> None:
    """`journal cat --json` is a capture, and the journal's folder replays to the same calls."""
    bridges = here("journal", "cat", "--event", "BridgeEnter", "--json").lines
    assert {dict(map(tuple, each["packet"]))["Event"] for each in bridges} == {"BridgeEnter"}
    from_journal = here("replay", str(installation / "data" / "journal"), "--json").lines
    from_capture = here("replay", PLAIN, "--pbx", "main", "--json").lines
    assert from_journal == from_capture


def test_a_scenario_can_be_cut_and_replayed(here: Commands, tmp_path: Path) -> None:
    """Some calls of the journal, without numbers and names."""
    call = here("replay", PLAIN, "--json").lines[0]
    target = tmp_path / "cut.jsonl"
    done = here("journal", "cut", str(target), "--id", call["linkedid"], "--json")
    assert done.status == 0
    (again,) = here("replay", str(target), "--json").lines
    assert (again["disposition"], again["started_at"]) == (call["disposition"], call["started_at"])
    assert again["customer"] != call["customer"]


def test_prune_says_what_would_go(here: Commands) -> None:
    """The analyser needs the whole journal here, so nothing goes."""
    done = here("journal", "prune", "--dry-run", "--keep-days", "1", "--json")
    assert (done.status, done.out) == (0, "")


def test_status_tells_that_nobody_listens(here: Commands) -> None:
    """Exit status 1, and how far each step has come."""
    done = here("status", "--json")
    assert done.status == 1
    (pbx,) = done.lines[0]["pbxs"]
    assert pbx["listening"] is False
    assert pbx["behind"] == 0


def test_the_open_gap_is_told(here: Commands) -> None:
    """The connection was lost and nobody came back: a gap without an end."""
    (gap,) = here("gaps", "--json").lines
    assert set(gap) == {
        "pbx", "from", "to", "seconds", "why", "detail", "pbx_booted_at", "calls_touched", "known", "unknown",
        "repaired_at", "sources",
    }  # fmt: skip
    assert (gap["why"], gap["detail"], gap["to"]) == ("lost", "silent", None)


def test_policies_are_checked_and_explained(here: Commands, tmp_path: Path) -> None:
    """Status 0 for a good policy, 1 for a bad one with every mistake."""
    assert here("policy", "check", "consulting", "--json").lines[0]["ok"] is True
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "x"\n[[version]]\n[version.ring]\nrings = 0\n', encoding="utf-8")
    done = here("policy", "check", str(bad), "--json")
    assert done.status == 1
    assert set(done.lines[0]["errors"][0]) == {"place", "line", "key", "found", "expected"}
    assert len(here("policy", "explain", "consulting", "--lang", "en", "--json").lines[0]["sentences"]) > 5


def test_the_lines_for_a_pbx_are_printed(here: Commands) -> None:
    """Plain and FreePBX, as text and as JSON."""
    assert "timestampevents = yes" in here("pbx", "config").out
    assert "manager_custom.conf" in " ".join(
        here("pbx", "config", "--flavour", "freepbx", "--json").lines[0]["lines"]
    )


def test_the_lines_for_placing_calls_are_comments_until_they_are_wanted(here: Commands) -> None:
    """With --actions the second user and the two contexts stand there as they are to be pasted."""
    plain, wanted = here("pbx", "config").out, here("pbx", "config", "--actions").out
    for line in ("write = agent,originate,reporting", "[threerings-agent]"):
        assert line not in plain.splitlines()
        assert f";{line}" in plain.splitlines()
        assert line in wanted.splitlines()


def test_a_pbx_that_does_not_answer_is_status_three(here: Commands) -> None:
    """Nothing listens there."""
    done = here("pbx", "check", "--json")
    assert done.status == 3
    assert done.err.startswith("threerings: pbx.main: found no answer")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("nonsense",), 2, "nonsense"),
        (("report", "minutes", "--period", "soon"), 2, "period: found 'soon', expected 2026, 2026-11"),
        (("report", "minutes", "--json", "--csv"), 2, "found both --json and --csv"),
        (("journal", "list", "--pbx", "north"), 2, "--pbx: found 'north', expected one of main"),
        (("journal", "cat", "--from", "soon"), 2, "--from: found 'soon', expected a time"),
        (("journal", "cut", "x.txt"), 2, "x.txt: found this name"),
        (("pbx", "check", "--pbx", "north"), 2, "--pbx: found 'north'"),
        (("policy", "explain", "nothing"), 2, 'found "nothing", expected one of'),
        (("status", "--config", "nowhere.toml"), 2, "nowhere.toml"),
        (("schedule",), 2, "threerings.toml"),
        (("listen", "--config", "nowhere.toml"), 2, "nowhere.toml"),
    ],
)
def test_a_mistake_is_one_line(here: Commands, arguments: tuple[str, ...], status: int, told: str) -> None:
    """Its exit status says what sort it is."""
    done = here(*arguments)
    assert (done.status, done.err.count("\n")) == (status, 1)
    assert told in done.err


def test_a_group_without_a_command_shows_its_help(here: Commands) -> None:
    """Help, and the status of wrong usage."""
    done = here("report")
    assert done.status == 2
    assert "three-rings" in done.out + done.err


def test_a_command_without_settings_says_so(threerings: Commands) -> None:
    """Only `run` is the demo; no other command works on nothing."""
    done = threerings("status")
    assert done.status == 2
    assert "found no threerings.toml" in done.err
