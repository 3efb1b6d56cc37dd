"""The service's keeper of follow-ups: a thread that keeps the book, beside storing and serving.

It ticks every few seconds, and at once when it is woken: a call that we placed has ended. Where the store cannot be
read or written it says so once and tries again. What a tick did not finish the next one does. People and policy are
asked anew when they changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.people.store import version_of
from config.policies import Policy
from config.settings import Settings
from schedulers.errors import SchedulersError
from schedulers.keeper import Keeper
from service.books import book_of

TICK_SECONDS = 5.0


class Follower:
    """Keeps the follow-ups of one store."""

    def __init__(
        self,
        engine: Engine,
        policy_of: Callable[[], Policy],
        settings: Settings,
        now: Callable[[], datetime],
        wake: threading.Event | None = None,
    ) -> None:
        self.failing: str | None = None  # why nothing can be kept, while that is so
        self._engine = engine
        self._policy_of = policy_of
        self._settings = settings
        self._now = now
        self._keeper: Keeper | None = None
        self._by: tuple[Policy, int] | None = None
        self._wake = wake or threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="follower", daemon=True)
        self._log = structlog.get_logger("service.follower")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within: float) -> None:
        """End after the transaction that goes on."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(within)

    def _work(self) -> None:
        while True:
            self._wake.clear()
            if self._stopping.is_set():
                return
            self.look()
            self._wake.wait(TICK_SECONDS)

    def look(self) -> None:
        """Do what is to be done now."""
        try:
            changes = self._kept().tick(self._now(), self._stopping.is_set)
        except (SQLAlchemyError, OSError, SchedulersError) as error:
            # The driver's own words may hold a customer's number: the kind of error is enough.
            if self.failing is None:
                self._log.error("followups.failing", error=type(error).__name__)
            self.failing = type(error).__name__
            return
        if self.failing is not None:
            self._log.warning("followups.go_on")
            self.failing = None
        if changes:
            self._log.info("followups.changed", changes=changes)

    def _kept(self) -> Keeper:
        """The keeper by the policy and the people in force."""
        policy = self._policy_of()
        with self._engine.connect() as connection:
            by = (policy, version_of(connection))
        if self._keeper is None or by != self._by:
            book = book_of(self._engine, policy, self._settings)
            self._keeper = Keeper(book=book, country=self._settings.country)
            self._by = by
        return self._keeper
