"""Works off the queue: takes a file, has an ear listen to it, stores what was heard; any number, on any machine.

A file is whole in the queue or whole in the store: what was heard and that it is done are one transaction, which only
the holder of the lease can make. Whoever is ended in between leaves a lease that runs out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine

from analytics.recordings import Sound
from analytics.recordings.conditions import FileCondition
from analytics.recordings.listening import VERSION
from analytics.recordings.values import Limits, Span
from analytics.storage.recording_files import file, spans_of_file
from analytics.storage.recording_finding import put_length, set_unreadable
from analytics.storage.recording_results import lock_files_of, store_heard
from analytics.storage.recording_rows import FileRow
from analytics.storage.recording_work import (
    Job,
    Priority,
    claim,
    enqueue,
    fail,
    finish,
    give_up_vanished,
    release,
    renew,
)
from service.recordings.asking import Ear, LetGoError
from service.recordings.halving import other_of
from service.recordings.taking import link_again
from service.recordings.tasks import Answer, Fault, Other, Task

LEASE = timedelta(minutes=2)
RENEW_SECONDS = 30.0
GIVE_UP_SECONDS = 60.0
UNREADABLE = "found a coding that nothing here reads, expected one of wav, sln, alaw, ulaw, gsm, mp3, ogg"


class Outcome(StrEnum):
    """What became of one step."""

    DONE = "done"
    MEASURED = "measured"  # packed sound: how long it is is known now, and it is listened to next
    BROKEN = "broken"  # it is no sound: its row says why
    LATER = "later"  # it is tried again
    GIVEN_UP = "given_up"  # it was tried often enough
    LOST = "lost"  # it is another's by now, or is to be done anew
    IDLE = "idle"  # nothing was due


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One file that was worked on; of IDLE there is none."""

    outcome: Outcome
    file: FileRow | None = None
    why: str = ""
    seconds: float = 0.0  # how long it took


@dataclass(slots=True)
class Worker:
    """One who works off the queue, file by file. `holder` is his name, which nobody else has. Blocking.

    roots: the folders of recordings by PBX, as far as this machine has them. limits: those that held at an instant.
    patience: seconds that one file may take.
    """

    writing: Engine
    reading: Engine
    roots: Mapping[str, Path]
    holder: str
    now: Callable[[], datetime]
    limits: Callable[[datetime], Limits] = lambda at: Limits()
    patience: float = 600.0
    stopping: Callable[[], bool] = lambda: False
    _ear: Ear = field(default_factory=Ear, init=False)
    _looked: float = field(default=-GIVE_UP_SECONDS, init=False)

    def close(self) -> None:
        """End the process that listens."""
        self._ear.close()

    def step(self) -> Step:
        """Take the next file and do it. Raises SQLAlchemyError; what was taken then comes back with its lease's end."""
        begun = time.monotonic()
        with self.writing.begin() as connection:
            if begun - self._looked >= GIVE_UP_SECONDS:
                self._looked = begun
                give_up_vanished(connection, self.now())
            jobs = claim(connection, self.holder, self.now(), LEASE, pbxs=self.roots)
        if not jobs:
            return Step(outcome=Outcome.IDLE)
        (job,) = jobs
        with self.reading.connect() as connection:
            found, spans = file(connection, job.file_id), tuple(spans_of_file(connection, job.file_id))
            other = None if found is None else other_of(connection, found, spans)
        if found is None or found.condition is not FileCondition.READY:
            return Step(outcome=self._drop(job), file=found)
        try:
            answer = self._ear.ask(self._task(found, spans, other), patience=self.patience, keep=self._keeping(job))
        except LetGoError:
            return Step(outcome=self._let_go(job), file=found)
        with self.writing.begin() as connection:
            outcome = self._settle(connection, job, found, answer)
        return Step(outcome=outcome, file=found, why=answer.why, seconds=time.monotonic() - begun)

    def _task(self, found: FileRow, spans: tuple[Span, ...], other: Other | None) -> Task:
        return Task(
            root=self.roots[found.pbx],
            path=found.path,
            stamp=found.stamp,
            spans=spans,
            limits=self.limits(found.started_at),
            other=other,
            measure=found.length_ms is None,
        )

    def _keeping(self, job: Job) -> Callable[[], bool]:
        """Renews the lease now and then; says no once the file is another's, or all ends."""
        renewed = time.monotonic()

        def keep() -> bool:
            nonlocal renewed
            if self.stopping():
                return False
            if time.monotonic() - renewed < RENEW_SECONDS:
                return True
            renewed = time.monotonic()
            with self.writing.begin() as connection:
                return renew(connection, self.holder, job.file_id, self.now(), LEASE)

        return keep

    def _let_go(self, job: Job) -> Outcome:
        with self.writing.begin() as connection:
            release(connection, self.holder, job.file_id)
        return Outcome.LOST

    def _drop(self, job: Job) -> Outcome:
        """It went, or changed, after it was queued: whoever finds it whole again queues it again."""
        with self.writing.begin() as connection:
            finish(connection, self.holder, job.file_id)
        return Outcome.LOST

    def _settle(self, connection: Connection, job: Job, found: FileRow, answer: Answer) -> Outcome:
        """Store what came of it, if it is still ours. The file comes before the queue: so all who write both do."""
        lock_files_of(connection, found)
        if answer.fault is Fault.PASSING:
            again = fail(connection, self.holder, job, answer.why, self.now())
            return Outcome.GIVEN_UP if again is None else Outcome.LATER
        if not finish(connection, self.holder, job.file_id):
            return Outcome.LOST
        # Whoever put another sound or another place of a talk there would have queued it anew; names may have changed.
        fresh = file(connection, job.file_id) or found
        if answer.measured is not None:
            return self._measured(connection, fresh, answer.measured)
        if answer.heard is None:
            set_unreadable(connection, fresh, answer.why, FileCondition.BROKEN)
            return Outcome.BROKEN
        spans, heard = spans_of_file(connection, job.file_id), answer.heard
        store_heard(connection, fresh, spans, heard.features, heard.marks, version=VERSION, now=self.now())
        return Outcome.DONE

    def _measured(self, connection: Connection, found: FileRow, sound: Sound) -> Outcome:
        """Whose talk lies where can be told now; then it is listened to."""
        if sound.length_ms is None:
            set_unreadable(connection, found, UNREADABLE, FileCondition.UNPLAYABLE)
            return Outcome.BROKEN
        put_length(connection, found.id, channels=sound.channels, rate=sound.rate, length_ms=sound.length_ms)
        fresh = file(connection, found.id) or found
        link_again(connection, [fresh], self.now(), archive=True)
        enqueue(connection, {found.id}, Priority.NEW, self.now())
        return Outcome.MEASURED
