"""The service's keeper of follow-ups: a thread that keeps the book, beside storing and serving.

It ticks every few seconds, and at once when it is woken: a call that we placed has ended. Where the store cannot be
read or written it says so once and tries again. What a tick did not finish the next one does. People and policy are
asked anew when they changed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from analytics.people.store import version_of
from config.policies import Policy
from config.settings import Settings
from schedulers.errors import SchedulersError
from schedulers.keeper import Keeper
from service.books import book_of
from service.rounds import TROUBLES, Rounds

TICK_SECONDS = 5.0


class Follower(Rounds):
    """Keeps the follow-ups of one store."""

    def __init__(
        self,
        engine: Engine,
        policy_of: Callable[[], Policy],
        settings: Settings,
        now: Callable[[], datetime],
        wake: threading.Event | None = None,
    ) -> None:
        super().__init__(
            "follower", log="service.follower", said="followups", rest=TICK_SECONDS,
            troubles=(*TROUBLES, SchedulersError), wake=wake,
        )  # fmt: skip
        self._engine = engine
        self._policy_of = policy_of
        self._settings = settings
        self._now = now
        self._keeper: Keeper | None = None
        self._by: tuple[Policy, int] | None = None

    def look_once(self) -> None:
        """Do what is to be done now."""
        changes = self._kept().tick(self._now(), self._stopping.is_set)
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
