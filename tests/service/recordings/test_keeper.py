"""The service's own care for recordings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Engine

from analytics.recordings.conditions import FileCondition
from analytics.storage.recording_files import marks_of_file
from config.secrets import SecretSource
from config.settings import LogSource, ManagerLogin, PbxLogs, PbxSettings, RecordingSettings, Settings
from service.health import health
from service.recordings.crew import Crew
from service.recordings.keeper import RecordingKeeper
from service.recordings.telling import RecordingsCollector, recordings_health
from service.recordings.working import Outcome
from tests.analytics.factory import talk
from tests.analytics.stored import store_facts
from tests.service.recordings.laid import CALL, NOW, PATH, ZONE, a_call, lay, stored


def settings_of(store: Engine, root: Path, **more: object) -> Settings:
    """One PBX with a folder of recordings; nobody listens beside the test unless it says so."""
    login = ManagerLogin(user="u", secret=SecretSource(key="k", env="S"))
    pbx = PbxSettings(name="pbx", host="h", login=login, logs=PbxLogs(recordings=LogSource(path=root)))
    recordings = RecordingSettings(**{"workers": 0, **more})  # type: ignore[arg-type]
    url = store.url.render_as_string(hide_password=False)
    return Settings(database_url=url, zone=ZONE, pbxs=(pbx,), recordings=recordings)


def keeper_of(store: Engine, root: Path, **more: object) -> RecordingKeeper:
    """A keeper that is asked to look in the test's own thread."""
    return RecordingKeeper(settings_of(store, root, **more), store, lambda: NOW)


@contextmanager
def crew_of(store: Engine, root: Path, workers: int = 2) -> Iterator[Crew]:
    """Workers who end once nothing is due."""
    url = store.url.render_as_string(hide_password=False)
    crew = Crew(url, {"pbx": root}, workers, lambda: NOW, until_empty=True)
    try:
        crew.start()
        yield crew
    finally:
        crew.stop(10)


def test_the_first_look_finds_links_and_queues_what_lies_there(store: Engine, tmp_path: Path) -> None:
    """And says how the queue stands; the crew works it off."""
    store_facts(store, a_call())
    lay(tmp_path, PATH)
    keeper = keeper_of(store, tmp_path)
    keeper.look()
    assert (stored(store)[0].call_id, keeper.failing, keeper.troubles) == (CALL, None, {})
    assert recordings_health(keeper) == {
        "waiting": 1, "working": 0, "given_up": 0, "oldest_at": "2026-11-02T02:00:00.000+00:00",
    }  # fmt: skip
    with crew_of(store, tmp_path) as crew:
        crew.wait(60)
        assert (crew.tally.outcomes[Outcome.DONE], crew.tally.heard_ms) == (1, 60_000)
    with store.connect() as connection:
        assert marks_of_file(connection, 1) is not None


def test_a_call_that_ends_has_its_file_at_once(store: Engine, tmp_path: Path) -> None:
    """What the PBX named is looked for, though no folder is due."""
    lay(tmp_path, "x.wav")
    keeper = keeper_of(store, tmp_path, scan_seconds=3600)
    keeper.look()
    store_facts(store, facts := a_call())
    lay(tmp_path, PATH)
    keeper.look()
    assert [each.path for each in stored(store)] == ["x.wav"]
    keeper.told(facts)
    keeper.look()
    assert [each.path for each in stored(store)] == [PATH, "x.wav"]
    store_facts(store, [later := talk(CALL, start=6, end=65, revision=2)])
    keeper.told([later])
    keeper.look()
    assert stored(store)[0].linked_mark is not None


def test_a_folder_that_is_not_there_is_an_alarm_until_it_is(store: Engine, tmp_path: Path) -> None:
    """In the health too; nothing is declared missing."""
    root = tmp_path / "mounted"
    keeper = keeper_of(store, root, scan_seconds=1)
    keeper.look()
    told = health([], recordings=keeper, demo=False)
    assert told["status"] == "degraded"
    assert told["troubles"] == [f"pbx: recordings {root}: found No such file or directory, expected a folder"]
    lay(root, PATH)
    keeper._due.clear()
    keeper.look()
    assert (health([], recordings=keeper, demo=False)["status"], len(stored(store))) == ("ok", 1)


def test_what_is_turned_off_is_left_alone(store: Engine, tmp_path: Path) -> None:
    """No folder, or neither looking nor listening: nothing begins, nothing is told."""
    lay(tmp_path, PATH)
    off = keeper_of(store, tmp_path, scan_seconds=0)
    nowhere = RecordingKeeper(replace(settings_of(store, tmp_path), pbxs=()), store, lambda: NOW)
    for keeper in (off, nowhere):
        assert not keeper.on
        keeper.start()
        keeper.told(a_call())
        keeper.stop(1)
        assert list(RecordingsCollector(keeper, lambda: NOW).collect()) == []
    listening = keeper_of(store, tmp_path, scan_seconds=0, workers=1)
    listening.look()
    assert (listening.on, stored(store)) == (True, [])


def test_metrics_tell_the_queue_and_what_was_done(store: Engine, tmp_path: Path) -> None:
    """As Prometheus reads them."""
    store_facts(store, a_call())
    lay(tmp_path, PATH)
    keeper = keeper_of(store, tmp_path)
    keeper.look()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RecordingsCollector(keeper, lambda: NOW))
    told = generate_latest(registry).decode()
    for line in (
        "threerings_recordings_waiting 1.0", "threerings_recordings_given_up 0.0",
        "threerings_recordings_oldest_seconds 0.0", "threerings_recordings_failing 0.0",
        'threerings_recordings_total{outcome="done"} 0.0', "threerings_recordings_heard_seconds_total 0.0",
    ):  # fmt: skip
        assert line in told.splitlines()


def test_it_begins_and_ends_in_order(store: Engine, tmp_path: Path) -> None:
    """With its threads and processes; what was queued is done or queued still."""
    store_facts(store, a_call())
    lay(tmp_path, PATH)
    keeper = keeper_of(store, tmp_path, workers=2)
    keeper.start()
    keeper.stop(20)
    assert not keeper._thread.is_alive()
    keeper.look()
    assert stored(store) == [] or stored(store)[0].condition is FileCondition.READY


@pytest.mark.parametrize("table", ["recording_folders", "recording_work"])
def test_a_store_that_cannot_be_read_is_said_once_and_tried_again(
    store: Engine, tmp_path: Path, table: str
) -> None:
    """Over once it can."""
    lay(tmp_path, PATH)
    keeper = keeper_of(store, tmp_path)
    with store.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO away")
    keeper.look()
    assert keeper.failing is not None
    assert "database cannot be read or written" in health([], recordings=keeper, demo=False)["troubles"][0]
    with store.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE away RENAME TO {table}")
    keeper._due.clear()
    keeper.look()
    assert (keeper.failing, len(stored(store))) == (None, 1)
