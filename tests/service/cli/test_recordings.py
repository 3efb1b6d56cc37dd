"""`threerings recordings`: files found, listened to, listed, and what could not be heard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics.storage.engine import open_store
from tests.analytics.stored import store_facts
from tests.service.cli.running import Commands
from tests.service.recordings.laid import CALL, PATH, a_call, lay, sound

SETTINGS = """data_dir = "data"
language = "en"
[pbx.pbx]
host = "127.0.0.1"
user = "u"
secret_env = "S"
[pbx.pbx.logs]
recordings = "recordings"
"""


@pytest.fixture
def recorded(with_calls: Commands, tmp_path: Path) -> Commands:
    """An installation with a recorded call, a file of no call, a broken one, and a recording without a file."""
    (tmp_path / "threerings.toml").write_text(SETTINGS, encoding="utf-8")
    engine = open_store(f"sqlite:///{tmp_path}/data/threerings.db")
    store_facts(engine, a_call(), a_call("pbx/1795294399.1", "gone.wav"))
    engine.dispose()
    lay(tmp_path / "recordings", PATH)
    lay(tmp_path / "recordings", "2026/11/02/broken-1795294392.1.wav", b"no sound")
    lay(tmp_path / "recordings", "alone.wav", sound(30))
    return with_calls


def test_a_scan_says_what_was_found(recorded: Commands) -> None:
    """Again it finds nothing new; people read a table."""
    first = recorded("recordings", "scan", "--json")
    (told,) = first.lines
    (pbx,) = told["pbxs"]
    assert (first.status, first.err) == (0, "")
    assert {name: pbx[name] for name in ("pbx", "seen", "found", "linked", "queued", "broken", "missing")} == {
        "pbx": "pbx", "seen": 3, "found": 3, "linked": 2, "queued": 1, "broken": 1, "missing": 0,
    }  # fmt: skip
    again = recorded("recordings", "scan", "--pbx", "pbx", "--json").lines[0]
    assert (again["pbxs"][0]["found"], again["linked_again"]) == (0, {"linked": 0, "queued": 0})
    assert "目录" in recorded("recordings", "scan", "--lang", "zh", "--since", "2026-11-01").out


def test_what_is_queued_is_listened_to(recorded: Commands) -> None:
    """How fast is told; then the queue is empty and the file was heard."""
    recorded("recordings", "scan")
    done = recorded("recordings", "work", "--until-empty", "--workers", "2", "--json")
    (told,) = done.lines
    assert (done.status, told["done"], told["broken"], told["waiting"], told["failed"]) == (0, 1, 0, 0, 0)
    assert told["heard_seconds"] == 60.0
    assert told["times_real_time"] == pytest.approx(60 / told["seconds"], rel=0.1)
    (file,) = recorded("recordings", "show", PATH, "--json").lines
    assert (file["listened_to"], file["call_id"], file["linked_by"]) == (True, CALL, "named")
    assert [(each["agent"], each["from"], each["to"]) for each in file["spans"]] == [("1004", 0.0, 60.0)]
    assert "done" in recorded("recordings", "work", "--until-empty").out


def test_status_counts_files_queue_and_orphans(recorded: Commands) -> None:
    """As JSON and as a table in both languages."""
    recorded("recordings", "scan")
    (told,) = recorded("recordings", "status", "--json").lines
    assert [(each["condition"], each["files"], each["orphans"]) for each in told["files"]] == [
        ("broken", 1, 0), ("ready", 2, 1),
    ]  # fmt: skip
    assert told["queue"]["waiting"] == 1
    assert told["queue"]["waiting_seconds"] == 60.0
    assert (told["orphan_recordings"], told["given_up"]) == (1, [])
    assert "无文件的录音: 1" in recorded("recordings", "status", "--lang", "zh").out
    assert "waiting: 1" in recorded("recordings", "status").out


def test_the_whole_status_tells_the_queue_too(recorded: Commands, tmp_path: Path) -> None:
    """Null where no folder of recordings is named."""
    recorded("recordings", "scan")
    told = recorded("status", "--json").lines[0]["recordings"]
    assert (told["waiting"], told["working"], told["failed"]) == (1, 0, 0)
    assert "录音: 排队: 1" in recorded("status", "--lang", "zh").out
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\n')
    assert recorded("status", "--json").lines[0]["recordings"] is None


def test_lists_are_filtered(recorded: Commands) -> None:
    """By condition, agent, day, length and whether there is a call."""
    recorded("recordings", "scan")

    def paths(*options: str) -> list[str]:
        done = recorded("recordings", "list", "--json", *options)
        assert done.status == 0
        return [each["path"] for each in done.lines]

    assert len(paths()) == 3
    assert paths("--condition", "broken") == ["2026/11/02/broken-1795294392.1.wav"]
    assert paths("--agent", "1004", "--queue", "sales", "--day", "2026-11-02") == [PATH]
    assert paths("--day", "2026-11-03") == []
    assert paths("--orphans", "--pbx", "pbx") == ["alone.wav"]
    assert paths("--seconds", "31") == [PATH]
    assert "损坏" in recorded("recordings", "list", "--lang", "zh").out


def test_lists_say_why_a_file_cannot_be_played(recorded: Commands, tmp_path: Path) -> None:
    """Where one of those listed cannot; otherwise there is no such column."""
    lay(tmp_path / "recordings", "torn.wav", b"no sound")
    recorded("recordings", "scan")
    why = "found b'no s' at its beginning"
    for command in (("list",), ("orphans",)):
        told = recorded("recordings", *command, "--lang", "zh").out
        assert "说明" in told
        assert why in told
    assert why in next(
        each["detail"] for each in recorded("recordings", "orphans", "--json").lines if each["detail"]
    )
    assert "说明" not in recorded("recordings", "list", "--condition", "ready", "--lang", "zh").out


def test_orphans_of_both_kinds_are_listed(recorded: Commands) -> None:
    """A file without a call, and a recording without a file."""
    recorded("recordings", "scan")
    found = recorded("recordings", "orphans", "--json").lines
    assert [(each["kind"], each["path"], each["call_id"]) for each in found] == [
        ("file", "alone.wav", None),
        ("recording", "gone.wav", "pbx/1795294399.1"),
    ]
    assert "无通话的文件" in recorded("recordings", "orphans", "--lang", "zh").out


def test_a_call_is_shown_with_all_its_files(recorded: Commands) -> None:
    """By the call's id, a file's id and its path; people read it in words."""
    recorded("recordings", "scan")
    of_call = recorded("recordings", "show", CALL, "--json").lines
    assert [each["path"] for each in of_call] == [PATH, "2026/11/02/broken-1795294392.1.wav"]
    assert recorded("recordings", "show", str(of_call[0]["file"]), "--json").lines == of_call[:1]
    assert "found b'no s' at its beginning" in recorded("recordings", "show", CALL).out


def test_what_is_mended_is_looked_at_again(recorded: Commands, tmp_path: Path) -> None:
    """Under the same stamp nobody would look at it; a file's own id takes that file alone."""
    recorded("recordings", "scan")
    broken = recorded("recordings", "list", "--condition", "broken", "--json").lines[0]
    lay(tmp_path / "recordings", broken["path"], sound(10))
    done = recorded("recordings", "retry", str(broken["file"]), "--json")
    assert done.lines == [{"wanted": 0, "looked_at": 1}]
    assert recorded("recordings", "list", "--condition", "broken", "--json").lines == []
    assert recorded("recordings", "retry", "--all").status == 0


def test_what_was_never_heard_is_queued_by_again(recorded: Commands) -> None:
    """Once: what is queued stays as it is."""
    recorded("recordings", "scan")
    assert recorded("recordings", "again", "--json").lines == [{"wanted": 0}]
    recorded("recordings", "work", "--until-empty")
    assert recorded("recordings", "again", "--json").lines == [{"wanted": 0}]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scan", "--since", "yesterday"), "--since: found 'yesterday', expected a date such as 2026-11-20"),
        (("scan", "--pbx", "hq"), "--pbx: found 'hq', expected one of pbx"),
        (("list", "--day", "x"), "--day: found 'x', expected a date such as 2026-11-20"),
        (("show", "999"), "FILE|CALL: found none of '999', expected one of `recordings list`, or a call"),
        (("retry",), "recordings retry: found both or neither of FILE and --all, expected one of them"),
        (("retry", "77"), "FILE: found no file of the id 77, expected one of `recordings list`"),
    ],
)
def test_what_is_asked_wrongly_is_said_in_a_line(recorded: Commands, arguments: tuple[str, ...], said: str) -> None:
    """Status 2."""
    done = recorded("recordings", *arguments)
    assert (done.status, done.err) == (2, f"threerings: {said}\n")


def test_a_folder_that_is_not_there_is_status_3(recorded: Commands, tmp_path: Path) -> None:
    """And one without any setting is wrong usage."""
    (tmp_path / "recordings").rename(tmp_path / "elsewhere")
    done = recorded("recordings", "scan")
    assert (done.status, len(done.err.splitlines())) == (3, 1)
    (tmp_path / "threerings.toml").write_text('data_dir = "data"\n')
    assert recorded("recordings", "scan").status == recorded("recordings", "work").status == 2


def test_what_is_refused_is_status_1(recorded: Commands, tmp_path: Path) -> None:
    """A link that leads away, in a line of its own."""
    (tmp_path / "recordings" / "away").symlink_to("/")
    done = recorded("recordings", "scan")
    assert done.status == 1
    assert "away: found a link that leads outside the folder" in done.out


def _hears_ctrl_c() -> None:
    """A shell's background job, as the tests may be, hands on that it is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_work_ends_in_order(recorded: Commands, tmp_path: Path, sign: signal.Signals) -> None:
    """Told to stop, it says so; the queue is whole."""
    recorded("recordings", "scan")
    order = [sys.executable, "-m", "service", "recordings", "work", "--workers", "1", "--json"]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        order, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=_hears_ctrl_c,
    )  # fmt: skip
    assert process.stderr is not None
    begun = time.monotonic()
    process.stderr.readline()  # it has begun to tell how far it is
    process.send_signal(sign)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - begun < 30
    assert '"done": 1' in out
    assert "Stopped" in err
