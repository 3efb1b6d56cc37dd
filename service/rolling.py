"""The service's own roll-ups: a thread that rolls up days that are over and stale, beside storing and serving.

It rests as long as it works, so that whoever stores facts or answers questions in this process has the other half.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine

from analytics.sources import figures_of
from analytics.storage.engine import open_store
from analytics.storage.queries import StoredFacts
from analytics.storage.rolling import Progress, roll_up
from config.policies import Policy
from service.rounds import Rounds

LOOK_SECONDS = 30.0
"""Between two looks at what became stale."""


class Roller(Rounds):
    """Keeps the roll-ups of one store. policy_of: the policy with the people in force now."""

    def __init__(
        self, database_url: str, writing: Engine, policy_of: Callable[[], Policy], now: Callable[[], datetime]
    ) -> None:
        super().__init__("roller", log="service.roller", said="rollups", rest=LOOK_SECONDS)
        self._url = database_url
        self._writing = writing
        self._policy_of = policy_of
        self._now = now

    def look_once(self) -> None:
        """Roll up what is stale now; what is not stored when it is stopped is done again at the next start."""
        reading = open_store(self._url, reads_only=True)
        try:
            self._roll(reading, self._policy_of())
        finally:
            reading.dispose()

    def _roll(self, reading: Engine, policy: Policy) -> None:

        def source_of(connection: Connection) -> StoredFacts:
            return figures_of(connection, policy)

        days = roll_up(
            reading,
            self._writing,
            policy,
            self._now(),
            source_of=source_of,
            told=_Resting(self._stopping).rest,
            stopping=self._stopping.is_set,
        )
        if days:
            self._log.info("rollups.made", days=days)


class _Resting:
    """Rests after each day as long as it took."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._since = time.monotonic()

    def rest(self, progress: Progress) -> None:
        """A day was rolled up."""
        self._stopping.wait(time.monotonic() - self._since)
        self._since = time.monotonic()
