"""The service's own care for recordings: a thread that finds their files, and a crew that listens to them.

New files are looked for in the newest folders every minute, and by what the PBX named as soon as a call ends; every
half an hour all folders are asked whether anything came or went, and once a day each file is compared with its call.
It rests longer than it works, so that whoever stores facts or answers questions in this process is not in its way.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from analytics.recordings.values import Limits
from analytics.storage.engine import open_store
from analytics.storage.recording_work import Standing, standing
from config.settings import Settings
from service.errors import UnreachableError
from service.recordings.crew import Crew, Tally
from service.recordings.finding import Finder
from service.recordings.places import roots_of
from service.recordings.taking import Taken
from service.rounds import Rounds
from telephony.calls.facts import CallFact, Fact, RecordingFact, TalkFact
from telephony.clock import to_microseconds

FOLDERS_SECONDS = 1800.0
FILES_SECONDS = 86_400.0
RECENT = timedelta(days=2)
GATHER_SECONDS = 5.0
IDLE_SECONDS = 60.0
MOST_CALLS = 5000
RESTS = 4
"""So many times as long as it worked it rests, where that is longer than its round."""


class RecordingKeeper(Rounds):
    """Keeps the recordings of one store. limits: those that held at an instant."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        now: Callable[[], datetime],
        *,
        limits: Callable[[datetime], Limits] = lambda at: Limits(),
    ) -> None:
        super().__init__("recordings", log="service.recordings", said="recordings")
        self.troubles: dict[str, str] = {}  # by PBX: why its folder cannot be looked through, while that is so
        self.stands: Standing | None = None
        self._settings = settings
        self._writing = engine
        self._now = now
        self._limits = limits
        self._roots = roots_of(settings)
        self._calls: set[str] = set()
        self._worked = 0.0
        self._lock = threading.Lock()
        self._crew: Crew | None = None
        self._due: dict[str, float] = {}

    @property
    def on(self) -> bool:
        """Whether there is anything to do: a PBX with a folder, and a part that is not turned off."""
        recordings = self._settings.recordings
        return bool(self._roots) and bool(recordings.workers or recordings.scan_seconds)

    @property
    def tally(self) -> Tally:
        """What was listened to since the start."""
        return Tally() if self._crew is None else self._crew.tally

    def start(self) -> None:
        """Begin; nothing where nothing is to do."""
        if not self.on:
            return
        recordings = self._settings.recordings
        if recordings.workers:
            self._crew = Crew(
                self._settings.database_url, self._roots, recordings.workers, self._now, limits=self._limits,
                patience=60.0 * recordings.file_minutes,
            )  # fmt: skip
            self._crew.start()
        super().start()

    def stop(self, within: float) -> None:
        """End: what was taken goes back to the queue, what was not looked through is looked through next time."""
        until = time.monotonic() + within
        if self._crew is not None:
            self._crew.halt()
        super().stop(within / 2)
        if self._crew is not None:
            self._crew.stop(max(until - time.monotonic(), 0.0))

    def told(self, facts: Sequence[Fact]) -> None:
        """Facts were stored: the files of their calls are looked for, and linked anew."""
        if not self.on:
            return
        calls = {each.call_id for each in facts if isinstance(each, CallFact | TalkFact | RecordingFact)}
        with self._lock:
            self._calls |= calls
        if any(isinstance(each, CallFact) and each.ended_at is not None for each in facts):
            self._wake.set()

    def look_once(self) -> None:
        """Find what is new, and ask how the queue stands."""
        begun, reading = time.monotonic(), open_store(self._settings.database_url, reads_only=True)
        try:
            self._ask_how_it_stands(reading)
            if self._settings.recordings.scan_seconds:
                self._report(self._find(reading))
                self._ask_how_it_stands(reading)
        finally:
            reading.dispose()
            self._worked = time.monotonic() - begun

    def rest(self) -> None:
        """A part of it whatever comes, so that what ends within it is taken in at once."""
        self._stopping.wait(max(GATHER_SECONDS, RESTS * self._worked))
        self._wake.wait(self._settings.recordings.scan_seconds or IDLE_SECONDS)

    def _ask_how_it_stands(self, reading: Engine) -> None:
        with reading.connect() as connection:
            self.stands = standing(connection, self._now())

    def _find(self, reading: Engine) -> Taken:
        finder = Finder(
            writing=self._writing, reading=reading, roots=self._roots, zone=self._settings.zone, now=self._now,
            archive=self._settings.recordings.archive, stopping=self._stopping.is_set,
        )  # fmt: skip
        now = self._now()
        taken = self._of_changed_calls(finder)
        whole = self._is_due("folders", FOLDERS_SECONDS)
        newest = self._is_due("newest", self._settings.recordings.scan_seconds)
        if whole or newest:
            yesterday = (now.astimezone(self._settings.zone) - timedelta(days=1)).date()
            for pbx in self._roots:
                taken += self._scan(finder, pbx, None if whole else yesterday)
        if whole:
            every = self._is_due("files", FILES_SECONDS)
            since = 0 if every else to_microseconds(now - RECENT)
            taken += finder.name(None if every else since) + finder.relink_since(since)
        return taken

    def _of_changed_calls(self, finder: Finder) -> Taken:
        with self._lock:
            calls, self._calls = self._calls, set()
        if not calls:
            return Taken()
        if len(calls) > MOST_CALLS:
            since = to_microseconds(self._now() - RECENT)
            return finder.name(since) + finder.relink_since(since)
        return finder.name(call_ids=calls) + finder.relink_calls(calls)

    def _scan(self, finder: Finder, pbx: str, since: date | None) -> Taken:
        try:
            scanned = finder.scan(pbx, since=since)
        except UnreachableError as error:
            if pbx not in self.troubles:
                self._log.error("recordings.unreachable", pbx=pbx, why=str(error))
            self.troubles[pbx] = str(error)
            return Taken()
        if self.troubles.pop(pbx, None) is not None:
            self._log.warning("recordings.reachable", pbx=pbx)
        return scanned.taken

    def _is_due(self, what: str, seconds: float) -> bool:
        now = time.monotonic()
        if now < self._due.get(what, now):
            return False
        self._due[what] = now + seconds
        return True

    def _report(self, taken: Taken) -> None:
        if taken != Taken():
            self._log.info(
                "recordings.found", files=taken.files, linked=taken.linked, queued=taken.queued, broken=taken.broken
            )
