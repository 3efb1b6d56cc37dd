"""Folders of recordings are looked through."""

from __future__ import annotations

import os
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Axis, Layout
from analytics.storage.recording_files import spans_of_file
from analytics.storage.recording_models import recording_files, recording_folders, recording_work
from service.errors import UnreachableError
from service.recordings.scanning import Scanned
from service.recordings.taking import Taken
from tests.analytics.factory import at
from tests.analytics.recordings.tones import wave
from tests.analytics.stored import store_facts
from tests.service.recordings.laid import CALL, NOW, PATH, a_call, finding, lay, sound, stored


def scan(store: Engine, root: Path, **more: object) -> Scanned:
    """Look through it at NOW."""
    with finding(store, root) as finder:
        return finder.scan("pbx", **more)  # type: ignore[arg-type]


def queued(store: Engine) -> list[tuple[int, int]]:
    """What is to be listened to, with its priority."""
    with store.connect() as connection:
        wanted = select(recording_work.c.file_id, recording_work.c.priority).order_by(recording_work.c.file_id)
        return [(row.file_id, row.priority) for row in connection.execute(wanted)]


def test_a_file_is_found_linked_and_queued(store: Engine, tmp_path: Path) -> None:
    """By the name that the PBX told; the talk lies in it from its beginning to its end."""
    store_facts(store, a_call())
    lay(tmp_path, PATH)
    found = scan(store, tmp_path)
    assert found == Scanned(taken=Taken(files=1, linked=1, queued=1), folders=4, seen=1)
    (file,) = stored(store)
    assert (file.path, file.condition, file.length_ms, file.channels) == (PATH, FileCondition.READY, 60_000, 1)
    assert (file.call_id, file.recording_id, file.linked_by) == (CALL, f"{CALL}/recording/1", "named")
    assert (file.axis, file.layout, file.started_at) == (Axis.JOINED, Layout.MIXED, at(0))
    with store.connect() as connection:
        (span,) = spans_of_file(connection, file.id)
    assert (span.talk_id, span.agent, span.start_ms, span.end_ms) == (f"{CALL}/talk/PJSIP/1004", "1004", 0, 60_000)
    assert queued(store) == [(file.id, 0)]


def test_looking_again_changes_nothing_and_lists_nothing(store: Engine, tmp_path: Path) -> None:
    """A folder whose stamp is the same is passed over; all of them are listed when that is asked for."""
    store_facts(store, a_call())
    lay(tmp_path, PATH)
    scan(store, tmp_path)
    with store.begin() as connection:
        connection.execute(recording_work.delete())
    assert scan(store, tmp_path) == Scanned()
    assert scan(store, tmp_path, whole=True) == Scanned(folders=4, seen=1)
    assert queued(store) == []


def test_only_the_folder_that_changed_is_listed(store: Engine, tmp_path: Path) -> None:
    """A new file is found there, a vanished one missed."""
    for day in ("01", "02"):
        for name in ("a.wav", "b.wav"):
            lay(tmp_path, f"2026/11/{day}/{name}")
    scan(store, tmp_path)
    (tmp_path / "2026/11/02/a.wav").unlink()
    lay(tmp_path, "2026/11/02/c.wav", changed=70)
    found = scan(store, tmp_path)
    # The folders above have new stamps too: the test sets them.
    assert (found.folders, found.missing, found.taken.files) == (4, 1, 1)
    conditions = {each.path[-8:]: each.condition for each in stored(store)}
    assert conditions["02/a.wav"] is FileCondition.MISSING
    assert conditions["02/c.wav"] is FileCondition.READY


def test_a_folder_that_goes_takes_its_files_along(store: Engine, tmp_path: Path) -> None:
    """They are missing, not forgotten; one that comes back is found again."""
    lay(tmp_path, "2025/12/31/a.wav")
    lay(tmp_path, "2026/11/02/b.wav")
    scan(store, tmp_path)
    shutil.move(tmp_path / "2025", tmp_path.parent / "away")
    os.utime(tmp_path, (1, 1))
    assert scan(store, tmp_path).missing == 1
    assert [each.condition.value for each in stored(store)] == ["missing", "ready"]
    shutil.move(tmp_path.parent / "away", tmp_path / "2025")
    os.utime(tmp_path, (2, 2))
    assert scan(store, tmp_path).taken.files == 1
    assert [each.condition.value for each in stored(store)] == ["ready", "ready"]


def test_a_mount_that_is_not_there_declares_nothing_missing(store: Engine, tmp_path: Path) -> None:
    """An empty folder where files are known is no answer, and neither is none."""
    root = tmp_path / "mounted"
    lay(root, "a.wav")
    scan(store, root)
    (root / "a.wav").unlink()
    with pytest.raises(UnreachableError, match="found it empty, expected files"):
        scan(store, root)
    root.rmdir()
    with pytest.raises(UnreachableError, match="No such file or directory, expected a folder"):
        scan(store, root)
    assert [each.condition for each in stored(store)] == [FileCondition.READY]


@pytest.mark.parametrize("end", [None, 65])
def test_a_file_in_the_making_waits_for_the_end_of_its_call(
    store: Engine, tmp_path: Path, end: float | None
) -> None:
    """Its header says 0; its talk is placed and it is queued once the call is over."""
    path = "1795294392.1.wav"
    store_facts(store, a_call(path=path, end=None))
    body = sound()[44:]
    lay(tmp_path, path, wave(body, said=0), changed=NOW - timedelta(hours=1))
    scan(store, tmp_path)
    (file,) = stored(store)
    assert (file.condition, file.call_id, file.axis, queued(store)) == (FileCondition.GROWING, CALL, None, [])
    store_facts(store, [each for each in a_call(path=path, end=end) if each.id != f"{CALL}/recording/1"])
    with store.begin() as connection:
        connection.execute(update(recording_folders).values(stamp="x"))
    store_facts(store, a_call(path=path, end=end, revision=2)[:1])
    scan(store, tmp_path)
    (file,) = stored(store)
    assert file.condition is (FileCondition.GROWING if end is None else FileCondition.READY)
    assert len(queued(store)) == (0 if end is None else 1)


def test_what_cannot_be_read_is_a_row_with_its_reason_and_stops_nothing(store: Engine, tmp_path: Path) -> None:
    """Beside whole files; a header alone is empty, not broken; what is no recording is passed over."""
    lay(tmp_path, "a.wav", b"no sound at all")
    lay(tmp_path, "b.wav")
    lay(tmp_path, "c.wav", wave(b""))
    lay(tmp_path, "d.wav", b"")
    lay(tmp_path, "e.wav", wave(b"1234", rate=3))
    lay(tmp_path, "f.wav", sound()[:30])
    lay(tmp_path, "g.wav", wave(b"1234", tag=0x9999))
    lay(tmp_path, "notes.txt", b"x")
    lay(tmp_path, ".hidden/h.wav")
    found = scan(store, tmp_path)
    assert (found.taken, found.seen) == (Taken(files=7, broken=3), 7)
    # Whether a rarer WAVE can be read is known once it is listened to.
    assert [(each.path[0], each.condition.value, each.detail) for each in stored(store)] == [
        ("a", "broken", "found b'no s' at its beginning, expected RIFF and WAVE"),
        ("b", "ready", ""),
        ("c", "empty", "found a header alone, expected sound: its call was never joined with another"),
        ("d", "empty", "found no byte, expected sound: its call was never joined with another"),
        ("e", "broken", "found 3 frames a second, expected 4000 to 192000"),
        ("f", "broken", "found a format of 10 bytes, expected 16"),
        ("g", "ready", ""),
    ]


def test_links_are_not_followed_and_one_that_leads_away_is_told(store: Engine, tmp_path: Path) -> None:
    """What a link within leads to is found at its own place, once."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    lay(outside, "secret.wav")
    lay(root, "in/a.wav")
    (root / "away").symlink_to(outside)
    (root / "in/secret.wav").symlink_to(outside / "secret.wav")
    (root / "again").symlink_to(root / "in")
    found = scan(store, root)
    assert [each.path for each in stored(store)] == ["in/a.wav"]
    assert [each.path for each in found.refused] == ["away", "in/secret.wav"]


def test_names_that_are_no_text_are_refused(store: Engine, tmp_path: Path) -> None:
    """They cannot be stored; the others are."""
    lay(tmp_path, "a.wav")
    (tmp_path / os.fsdecode(b"\xff.wav")).write_bytes(sound(1))
    os.utime(tmp_path, (1, 1))
    found = scan(store, tmp_path)
    assert [each.why for each in found.refused] == ["found a name that is no UTF-8, expected one"]
    assert [each.path for each in stored(store)] == ["a.wav"]


def test_a_file_that_changed_is_another_one(store: Engine, tmp_path: Path) -> None:
    """What was heard of it goes, and it is queued again; an old one is looked at only when that is asked for."""
    store_facts(store, a_call())
    lay(tmp_path, PATH)
    scan(store, tmp_path)
    with store.begin() as connection:
        connection.execute(recording_work.delete())
    lay(tmp_path, PATH, sound(30), changed=66)
    assert scan(store, tmp_path).taken == Taken(files=1, linked=1, queued=1)
    (file,) = stored(store)
    assert (file.length_ms, file.axis, len(queued(store))) == (30_000, Axis.UNKNOWN, 1)


def test_a_destroyed_file_stays_destroyed(store: Engine, tmp_path: Path) -> None:
    """Though somebody laid it there again: it is told, and never listened to."""
    lay(tmp_path, "a.wav")
    scan(store, tmp_path)
    with store.begin() as connection:
        connection.execute(update(recording_files).values(condition="destroyed"))
    found = scan(store, tmp_path, whole=True)
    assert [each.why for each in found.refused] == ["found a file that was destroyed by order, expected none"]
    (tmp_path / "a.wav").unlink()
    lay(tmp_path, "b.wav")
    assert scan(store, tmp_path, whole=True).missing == 0
    assert [each.condition.value for each in stored(store)] == ["destroyed", "ready"]


def test_days_before_are_passed_over_by_their_folder_s_name(store: Engine, tmp_path: Path) -> None:
    """And found when nothing bounds the look."""
    lay(tmp_path, "2025/11/02/a.wav")
    lay(tmp_path, "2026/11/01/b.wav")
    lay(tmp_path, "2026/11/02/c.wav")
    lay(tmp_path, "queues/d.wav")
    scan(store, tmp_path, since=date(2026, 11, 2))
    assert [each.path[-5] for each in stored(store)] == ["c", "d"]
    scan(store, tmp_path)
    assert [each.path[-5] for each in stored(store)] == ["a", "b", "c", "d"]


def test_an_archive_waits_for_what_is_new_or_is_left_alone(store: Engine, tmp_path: Path) -> None:
    """By when its call began."""
    store_facts(store, a_call("pbx/1795200000.1", "1795200000.1.wav"))
    lay(tmp_path, "1795200000.1.wav")
    later = NOW + timedelta(days=2)
    with finding(store, tmp_path, later, archive=False) as finder:
        assert finder.scan("pbx").taken == Taken(files=1, linked=1)
    assert queued(store) == []
    lay(tmp_path, "1795200000.1.wav", changed=66)
    with finding(store, tmp_path, later) as finder:
        assert finder.scan("pbx", whole=True).taken == Taken(files=1, linked=1, queued=1)
    assert [priority for _, priority in queued(store)] == [-10]
