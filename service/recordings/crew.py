"""Several workers side by side, each in a thread with a process of its own that listens, and what they have done."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.recordings.values import Limits
from analytics.storage.engine import open_store
from analytics.storage.recording_work import is_due
from service.recordings.working import Outcome, Step, Worker

IDLE_SECONDS = 5.0
_NUMBERS = count(1)


@dataclass(slots=True)
class Tally:
    """What was done since the beginning."""

    outcomes: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    heard_ms: int = 0  # of sound
    busy_seconds: float = 0.0

    def add(self, step: Step) -> None:
        """One more."""
        self.outcomes[step.outcome] += 1
        self.busy_seconds += step.seconds
        if step.outcome is Outcome.DONE and step.file is not None:
            self.heard_ms += step.file.length_ms or 0


class Crew:
    """Workers over one store. until_empty: each ends once nothing is due; told: hears of each file."""

    def __init__(
        self,
        database_url: str,
        roots: Mapping[str, Path],
        workers: int,
        now: Callable[[], datetime],
        *,
        limits: Callable[[datetime], Limits] = lambda at: Limits(),
        patience: float = 600.0,
        until_empty: bool = False,
        told: Callable[[Step], None] = lambda step: None,
    ) -> None:
        self.tally = Tally()
        self.failing: str | None = None  # why nothing can be taken or stored, while that is so
        self._writing = open_store(database_url)
        self._reading = open_store(database_url, reads_only=True)
        self._now = now
        self._until_empty = until_empty
        self._told = told
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._log = structlog.get_logger("service.recordings")
        self._workers = [
            Worker(
                writing=self._writing, reading=self._reading, roots=roots, holder=_holder(), now=now, limits=limits,
                patience=patience, stopping=self._stopping.is_set,
            )
            for _ in range(workers)
        ]  # fmt: skip
        self._threads = [
            threading.Thread(target=self._work, args=(each,), name=f"listener-{number}", daemon=True)
            for number, each in enumerate(self._workers, 1)
        ]

    @property
    def reading(self) -> Engine:
        """Who watches the crew may ask the store by this."""
        return self._reading

    def start(self) -> None:
        """Begin."""
        for each in self._threads:
            each.start()

    @property
    def at_work(self) -> bool:
        """Whether any worker is there still."""
        return any(each.is_alive() for each in self._threads)

    def wait(self, seconds: float) -> None:
        """Until all have ended, or for so long."""
        for each in self._threads:
            each.join(seconds / max(len(self._threads), 1))

    def halt(self) -> None:
        """Begin to end: nothing more is taken."""
        self._stopping.set()

    def stop(self, within: float) -> None:
        """End: what was taken and is not done goes back to the queue as it was."""
        self.halt()
        until = time.monotonic() + within
        for each in self._threads:
            if each.ident is not None:
                each.join(max(until - time.monotonic(), 0.0))
        for worker in self._workers:
            worker.close()
        self._reading.dispose()
        self._writing.dispose()

    def _work(self, worker: Worker) -> None:
        while not self._stopping.is_set():
            try:
                step = worker.step()
                if step.outcome is Outcome.IDLE and not self._until_empty:
                    self._rest(worker)
            except (SQLAlchemyError, OSError) as error:
                self._alarm(error)
                self._stopping.wait(IDLE_SECONDS)
                continue
            self._go_on()
            if step.outcome is not Outcome.IDLE:
                with self._lock:
                    self.tally.add(step)
                    self._told(step)
            elif self._until_empty:
                return

    def _rest(self, worker: Worker) -> None:
        """Until something is due, which is asked without the lock of who writes."""
        while not self._stopping.wait(IDLE_SECONDS):
            with self._reading.connect() as connection:
                if is_due(connection, self._now(), worker.roots):
                    return

    def _alarm(self, error: Exception) -> None:
        # The driver's own words may hold a row's values: the kind of error is enough.
        if self.failing is None:
            self._log.error("recordings.store_failing", error=type(error).__name__)
        self.failing = type(error).__name__

    def _go_on(self) -> None:
        if self.failing is not None:
            self._log.warning("recordings.store_goes_on")
            self.failing = None


def _holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{next(_NUMBERS)}"
