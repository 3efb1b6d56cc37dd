"""Files are taken from the queue, listened to by a process that may die of them, and stored."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Limits
from analytics.storage.engine import open_store
from analytics.storage.recording_files import marks_of_file, spans_of_file
from analytics.storage.recording_models import recording_work
from analytics.storage.recording_work import MOST_TRIES, Priority, claim, enqueue, failures, finish
from service.recordings.asking import Ear, LetGoError
from service.recordings.ear import hear
from service.recordings.tasks import Fault, Task
from service.recordings.walking import look
from service.recordings.working import LEASE, Outcome, Worker
from tests.analytics.recordings.tones import wave
from tests.analytics.stored import store_facts
from tests.service.recordings.laid import NOW, PATH, a_call, finding, lay, sound, stored

LONG = 2_000_000_000


@contextmanager
def working(store: Engine, root: Path, now: datetime = NOW, **more: object) -> Iterator[Worker]:
    """One who works off the queue of the PBX `pbx`."""
    reading = open_store(store.url.render_as_string(hide_password=False), reads_only=True)
    values = {"holder": "here-1", "now": lambda: now, "patience": 20.0, **more}
    worker = Worker(writing=store, reading=reading, roots={"pbx": root}, **values)  # type: ignore[arg-type]
    try:
        yield worker
    finally:
        worker.close()
        reading.dispose()


@pytest.fixture
def found(store: Engine, tmp_path: Path) -> Path:
    """A folder whose one file was found, linked and queued."""
    root = tmp_path / "root"
    store_facts(store, a_call())
    lay(root, PATH)
    with finding(store, root) as finder:
        finder.scan("pbx")
    return root


def task_of(root: Path, path: str) -> Task:
    """To listen to the file as it lies there now."""
    seen = look(root, "pbx", path)
    assert seen is not None
    return Task(root=root, path=path, stamp=seen.stamp, spans=(), limits=Limits())


def lay_long(root: Path, path: str) -> None:
    """A day and a half of silence, which takes no room and long to be heard."""
    made = lay(root, path, wave(b"", said=LONG))
    when = made.stat().st_mtime_ns
    os.truncate(made, made.stat().st_size + LONG)
    os.utime(made, ns=(when, when))


def queue(store: Engine) -> list[tuple[int, str | None, str | None]]:
    """What is in it: tries, holder, reason."""
    with store.connect() as connection:
        wanted = select(recording_work.c.tries, recording_work.c.holder, recording_work.c.reason)
        return [tuple(row) for row in connection.execute(wanted)]


def test_a_file_is_heard_and_leaves_the_queue(store: Engine, found: Path) -> None:
    """Its marks are there; then nothing is due."""
    with working(store, found) as worker:
        step = worker.step()
        assert (step.outcome, step.file) == (Outcome.DONE, stored(store)[0])
        assert worker.step().outcome is Outcome.IDLE
    with store.connect() as connection:
        marks = marks_of_file(connection, stored(store)[0].id)
    assert marks is not None
    assert queue(store) == []


def test_what_is_no_sound_is_broken_and_not_tried_again(store: Engine, found: Path) -> None:
    """Its row says what was found; once it has changed it is looked at anew."""
    whole = (found / PATH).stat()
    (found / PATH).write_bytes(b"x" * whole.st_size)
    os.utime(found / PATH, ns=(whole.st_mtime_ns, whole.st_mtime_ns))
    with working(store, found) as worker:
        assert worker.step().outcome is Outcome.BROKEN
    (file,) = stored(store)
    assert (file.condition, file.detail) == (
        FileCondition.BROKEN, "found b'xxxx' at its beginning, expected RIFF and WAVE",
    )  # fmt: skip
    assert queue(store) == []


def test_packed_sound_is_opened_only_by_who_may_die_of_it(store: Engine, tmp_path: Path) -> None:
    """A look takes it as it is; what cannot be unpacked is named when it is listened to."""
    path = "1795294392.1.mp3"
    store_facts(store, a_call(path=path))
    lay(tmp_path, path, bytes(range(256)) * 8)
    with finding(store, tmp_path) as finder:
        finder.scan("pbx")
    (file,) = stored(store)
    assert (file.condition, file.length_ms, len(queue(store))) == (FileCondition.READY, None, 1)
    with working(store, tmp_path) as worker:
        assert worker.step().outcome is Outcome.BROKEN
    (file,) = stored(store)
    assert file.condition in (FileCondition.BROKEN, FileCondition.UNPLAYABLE)
    assert file.detail.startswith("found ")
    assert queue(store) == []


def test_once_it_is_measured_it_is_placed_and_listened_to(store: Engine, found: Path) -> None:
    """A file whose length was not known when it was found."""
    with store.begin() as connection:
        connection.exec_driver_sql("UPDATE recording_files SET length_ms = NULL, axis = NULL")
        connection.exec_driver_sql("DELETE FROM recording_spans")
    with working(store, found) as worker:
        assert [worker.step().outcome for _ in range(3)] == [Outcome.MEASURED, Outcome.DONE, Outcome.IDLE]
    (file,) = stored(store)
    with store.connect() as connection:
        assert [each.end_ms for each in spans_of_file(connection, file.id)] == [60_000]
    assert (file.length_ms, file.channels, file.rate) == (60_000, 1, 8000)


def test_a_file_that_changed_since_is_not_heard_as_it_was(store: Engine, found: Path) -> None:
    """It is tried again, by when it has been looked at."""
    lay(found, PATH, sound(30), changed=66)
    with working(store, found) as worker:
        assert worker.step().outcome is Outcome.LATER
    assert queue(store) == [(1, None, "found it changed since it was looked at, expected the same file")]
    with finding(store, found) as finder:
        finder.scan("pbx", whole=True)
    with working(store, found) as worker:
        assert worker.step().outcome is Outcome.DONE


def test_a_file_that_is_gone_is_tried_until_it_is_given_up(store: Engine, found: Path) -> None:
    """With the reason; a look through the folder takes it out of the queue before."""
    (found / PATH).unlink()
    now, outcomes = NOW, []
    for _ in range(MOST_TRIES):
        with working(store, found, now) as worker:
            outcomes.append(worker.step().outcome)
        now += timedelta(hours=3)
    assert outcomes == [Outcome.LATER] * (MOST_TRIES - 1) + [Outcome.GIVEN_UP]
    with store.connect() as connection:
        assert [each.path for each in failures(connection, 10)] == [PATH]


def test_a_missing_file_leaves_the_queue(store: Engine, found: Path) -> None:
    """Also where it was missed by another machine after it was queued."""
    with store.begin() as connection:
        connection.exec_driver_sql("UPDATE recording_files SET condition = 'missing'")
    with working(store, found) as worker:
        assert worker.step().outcome is Outcome.LOST
    assert queue(store) == []


def test_what_this_machine_cannot_read_is_left_to_others(store: Engine, found: Path) -> None:
    """It has no folder of that PBX."""
    with store.begin() as connection:
        connection.exec_driver_sql("UPDATE recording_files SET pbx = 'elsewhere'")
    with working(store, found) as worker:
        assert worker.step().outcome is Outcome.IDLE
    assert queue(store) == [(0, None, None)]


def test_an_ear_that_dies_fails_its_file_alone(tmp_path: Path) -> None:
    """However it dies; the next file has a new one."""
    ear = Ear()
    lay(tmp_path, "good.wav")
    lay_long(tmp_path, "long.wav")
    task = task_of(tmp_path, "long.wav")
    try:
        for sign in (signal.SIGSEGV, signal.SIGKILL):
            answer = ear.ask(task, patience=20, keep=lambda sign=sign: _kill(ear, sign))  # type: ignore[misc]
            assert answer.fault is Fault.PASSING
            assert f"ended the process that listened (signal {sign.value})" in answer.why
            assert ear.ask(task_of(tmp_path, "good.wav"), patience=20, keep=lambda: True).heard is not None
    finally:
        ear.close()


def _kill(ear: Ear, sign: signal.Signals) -> bool:
    assert ear.pid is not None
    os.kill(ear.pid, sign)
    return True


def test_a_file_without_an_end_is_let_go_of_in_time(tmp_path: Path) -> None:
    """By its own limit, and when whoever asked has to end."""
    ear = Ear()
    lay_long(tmp_path, "long.wav")
    task = task_of(tmp_path, "long.wav")
    try:
        answer = ear.ask(task, patience=0.1, keep=lambda: True)
        assert answer.why == "found no end after 0 s, expected to have heard it"
        with pytest.raises(LetGoError):
            ear.ask(task, patience=20, keep=lambda: False)
        assert ear.pid is None
    finally:
        ear.close()


def test_who_is_told_to_stop_gives_back_what_he_had(store: Engine, found: Path) -> None:
    """As if it had never been taken."""
    lay_long(found, PATH)
    with finding(store, found) as finder:
        finder.scan("pbx", whole=True)
    with working(store, found, stopping=lambda: True) as worker:
        assert worker.step().outcome is Outcome.LOST
    assert queue(store) == [(0, None, None)]


def test_what_another_took_over_meanwhile_is_not_stored(store: Engine, found: Path) -> None:
    """The lease had run out; the other one's result counts."""
    (file,) = stored(store)

    def take_over(at: datetime) -> Limits:
        """Is asked for when the file was taken, before it is heard."""
        with store.begin() as connection:
            enqueue(connection, [file.id], Priority.NEW, NOW)
            (job,) = claim(connection, "other", NOW, LEASE)
            assert finish(connection, "other", job.file_id)
        return Limits()

    with working(store, found, limits=take_over) as worker:
        assert worker.step().outcome is Outcome.LOST
    with store.connect() as connection:
        assert marks_of_file(connection, file.id) is None


def test_every_fault_is_an_answer(tmp_path: Path) -> None:
    """Never an exception: a folder, nothing there, no sound, a header alone, a header that lies."""
    lay(tmp_path, "text.wav", b"hello")
    lay(tmp_path, "header.wav", wave(b""))
    lay(tmp_path, "lies.wav", wave(sound(2)[44:], said=4_000_000_000))
    (tmp_path / "folder.wav").mkdir()
    for name, fault in (
        ("text.wav", Fault.BROKEN), ("header.wav", None), ("lies.wav", None), ("folder.wav", Fault.PASSING),
        ("none.wav", Fault.PASSING),
    ):  # fmt: skip
        seen = look(tmp_path, "pbx", name)
        stamp = "None" if seen is None else seen.stamp
        answer = hear(Task(root=tmp_path, path=name, stamp=stamp, spans=(), limits=Limits()))
        assert answer.fault is fault, name
        assert (answer.heard is None) == bool(answer.why)
