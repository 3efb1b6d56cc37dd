"""Whoever works is killed without a word: nothing is lost and nothing is done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, func, select, update

from analytics.storage.engine import open_store
from analytics.storage.recording_models import recording_marks, recording_work
from tests.analytics.stored import store_facts
from tests.extent import WHOLE
from tests.service.recordings.laid import a_call, finding, lay, sound

SETTINGS = """data_dir = "data"
database_url = {url}
[pbx.pbx]
host = "127.0.0.1"
user = "u"
secret_env = "S"
[pbx.pbx.logs]
recordings = "root"
"""
FILES = 16


@pytest.fixture
def queued(store: Engine, tmp_path: Path) -> Engine:
    """Recorded calls of different lengths, all found and queued, and the settings of an installation."""
    for number in range(FILES):
        call_id = f"pbx/1795294392.{number}"
        store_facts(store, a_call(call_id, f"1795294392.{number}.wav"))
        lay(tmp_path / "root", f"1795294392.{number}.wav", sound(60 if number % 2 else 600))
    url = json.dumps(store.url.render_as_string(hide_password=False))
    (tmp_path / "threerings.toml").write_text(SETTINGS.format(url=url))
    with finding(store, tmp_path / "root") as finder:
        finder.scan("pbx")
    return store


class Machines:
    """Processes that work off the same queue, each as a machine of its own would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[str]] = []

    def begin(self) -> subprocess.Popen[str]:
        """One more, with two who listen."""
        order = [sys.executable, "-m", "service", "recordings", "work", "--workers", "2", "--until-empty", "--json"]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        begun = subprocess.Popen(
            order, cwd=self._folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self._running.append(begun)
        return begun

    def end(self) -> None:
        """None of them is left."""
        for each in self._running:
            each.kill()
            each.communicate()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    """Ended with the test."""
    made = Machines(tmp_path)
    yield made
    made.end()


def heard(store: Engine) -> int:
    """How many files were."""
    reading = open_store(store.url.render_as_string(hide_password=False), reads_only=True)
    with reading.connect() as connection:
        count = connection.execute(select(func.count()).select_from(recording_marks)).scalar_one()
    reading.dispose()
    return count


def kill_when(process: subprocess.Popen[str], ready: Callable[[], bool]) -> None:
    """Kill it once that is so, without a word."""
    while not ready():
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
            return
    process.send_signal(signal.SIGKILL)


def let_leases_run_out(store: Engine) -> None:
    """As if two minutes had gone by."""
    past = int((datetime.now(UTC) - timedelta(seconds=1)).timestamp() * 1e6)
    with store.begin() as connection:
        held = recording_work.c.holder.is_not(None)
        connection.execute(update(recording_work).where(held).values(leased_until_us=past))


@pytest.mark.parametrize("seed", range(1, 6 if WHOLE else 2))
def test_two_machines_share_a_queue_and_one_is_killed(queued: Engine, machines: Machines, seed: int) -> None:
    """Amid its work; the other one, and one that comes later, do the rest: each file is heard once."""
    draw = Random(seed)
    killed, other = machines.begin(), machines.begin()
    wanted = draw.randint(1, FILES // 3)
    kill_when(killed, lambda: heard(queued) >= wanted)
    _, err = other.communicate(timeout=100)
    assert other.returncode == 0, err
    let_leases_run_out(queued)
    machines.begin().communicate(timeout=100)
    with queued.connect() as connection:
        assert connection.execute(select(recording_work)).all() == []
    assert heard(queued) == FILES
