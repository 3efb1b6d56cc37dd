"""Backed up while a PBX goes on sending: each archive is one consistent installation."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.processes import COMMAND, ROOT, Installation, scripted_pbx, stop, wait_for
from tests.extent import WHOLE
from tests.service.backup.conftest import NewDatabase

SPEED = 20.0
COPIES = 4
BACKUPS = 4 if WHOLE else 2
BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def installation(folder: Path, port: int, database_url: str | None) -> Installation:
    """One in a folder of its own, with its database elsewhere if a URL is given."""
    folder.mkdir()
    here = Installation(folder, port)
    if database_url is not None:
        text = here.config.read_text(encoding="utf-8")
        here.config.write_text(f'database_url = "{database_url}"\n{text}', encoding="utf-8")
        here.database = database_url
    return here


def told(*arguments: str) -> dict[str, Any]:
    """The object that a command prints."""
    done = subprocess.run([*COMMAND, *arguments, "--json"], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def caught_up(here: Installation) -> bool:
    """All that the journal holds is stored."""
    return 0 < here.last_seq() == here.stored_up_to()


@pytest.mark.timeout(300)
@pytest.mark.slow
@pytest.mark.parametrize("kind", BOTH)
def test_each_archive_of_a_live_stream_restores_to_what_its_journal_tells(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    """Facts never reach beyond the journal, and after catching up they equal its replay: none lost, none doubled."""
    make: NewDatabase | None = request.getfixturevalue("new_database") if kind == "postgres" else None
    made = []
    with scripted_pbx(SPEED, COPIES) as port:
        here = installation(tmp_path / "here", port, make and make("under_load"))
        with here.running("run") as (running,):
            for number in range(BACKUPS):
                wanted = here.last_seq() + 400
                wait_for(lambda wanted=wanted: here.last_seq() >= wanted, f"number {wanted}")
                archive = tmp_path / f"{number}.tar.zst"
                made.append(told("backup", str(archive), "--config", str(here.config)))
            assert running.poll() is None
            assert stop(running) < 5.0
    for number, archive in enumerate(made):
        there = installation(tmp_path / str(number), port, make and make(f"restored_{number}"))
        restored = told("restore", archive["file"], "--to", str(there.config))
        (reached,) = restored["pbxs"]
        assert (there.last_seq(), there.stored_up_to()) == (reached["last_seq"], reached["stored_seq"])
        assert 0 < reached["stored_seq"] <= reached["last_seq"]
        with there.running("analyse") as (analyser,):
            wait_for(lambda there=there: caught_up(there), "all facts stored")
            assert stop(analyser) < 5.0
        stored = there.stored()
        assert len(stored) == len(set(stored)) > 0
        assert set(stored) == there.replayed()


@pytest.mark.timeout(300)
@pytest.mark.slow
def test_a_restored_installation_goes_on_with_one_gap(tmp_path: Path) -> None:
    """What was said between backup and restart is one gap; what is heard from then on is stored as ever."""
    with scripted_pbx(SPEED, COPIES) as port:
        here = installation(tmp_path / "here", port, None)
        with here.running("run"):
            wait_for(lambda: here.last_seq() >= 600, "number 600")
            archive = told("backup", str(tmp_path / "backups"), "--config", str(here.config))["file"]
            time.sleep(1.0)
        there = installation(tmp_path / "there", port, None)
        told("restore", archive, "--to", str(there.config))
        wanted = there.last_seq() + 600
        with there.running("run") as (running,):
            wait_for(lambda: there.last_seq() >= wanted, f"number {wanted}")
            assert stop(running) < 5.0
    with there.running("analyse") as (analyser,):
        wait_for(lambda: caught_up(there), "all facts stored")
        assert stop(analyser) < 5.0
    assert set(there.stored()) == there.replayed()
    gaps = [gap for gap in there.told("gaps") if gap["to"] is not None]
    assert [gap["why"] for gap in gaps] == ["crashed"]
