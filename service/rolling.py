"""The service's own roll-ups: a thread that rolls up days that are over and stale, beside storing and serving.

It rests as long as it works, so that whoever stores facts or answers questions in this process has the other half.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.sources import figures_of
from analytics.storage.engine import open_store
from analytics.storage.queries import StoredFacts
from analytics.storage.rolling import Progress, roll_up
from config.policies import Policy

LOOK_SECONDS = 30.0
"""Between two looks at what became stale."""


class Roller:
    """Keeps the roll-ups of one store. policy_of: the policy with the people in force now."""

    def __init__(
        self, database_url: str, writing: Engine, policy_of: Callable[[], Policy], now: Callable[[], datetime]
    ) -> None:
        self.failing: str | None = None  # why nothing can be rolled up, while that is so
        self._url = database_url
        self._writing = writing
        self._policy_of = policy_of
        self._now = now
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="roller", daemon=True)
        self._log = structlog.get_logger("service.roller")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within: float) -> None:
        """End after the day that is being rolled up; what is not stored is done again at the next start."""
        self._stopping.set()
        self._thread.join(within)

    def _work(self) -> None:
        while not self._stopping.is_set():
            self.look()
            self._stopping.wait(LOOK_SECONDS)

    def look(self) -> None:
        """Roll up what is stale now; where the store cannot be read or written, say so once."""
        reading = open_store(self._url, reads_only=True)
        try:
            self._roll(reading, self._policy_of())
        finally:
            reading.dispose()

    def _roll(self, reading: Engine, policy: Policy) -> None:

        def source_of(connection: Connection) -> StoredFacts:
            return figures_of(connection, policy)

        try:
            days = roll_up(
                reading,
                self._writing,
                policy,
                self._now(),
                source_of=source_of,
                told=_Resting(self._stopping).rest,
                stopping=self._stopping.is_set,
            )
        except (SQLAlchemyError, OSError) as error:
            self._alarm(error)
            return
        if self.failing is not None:
            self._log.warning("rollups.go_on")
            self.failing = None
        if days:
            self._log.info("rollups.made", days=days)

    def _alarm(self, error: Exception) -> None:
        # The driver's own words may hold a row's values: the kind of error is enough.
        if self.failing is None:
            self._log.error("rollups.failing", error=type(error).__name__)
        self.failing = type(error).__name__


class _Resting:
    """Rests after each day as long as it took."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._since = time.monotonic()

    def rest(self, progress: Progress) -> None:
        """A day was rolled up."""
        self._stopping.wait(time.monotonic() - self._since)
        self._since = time.monotonic()
