"""The book of one store, by the policy and the people in force, ready for whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from analytics.metrics.periods import day_period
from analytics.people.store import version_of
from config.followups import FollowUpKind
from config.policies import Policy
from config.settings import Settings
from schedulers.book import Also, Book
from schedulers.followups.records import Change
from schedulers.followups.rules import Rules
from schedulers.storage.lists import Moment
from service.books import book_of
from telephony.clock import from_microseconds


class Desk:
    """What one centre owes. `engine` writes; people and policy are asked anew when they changed."""

    def __init__(self, engine: Engine, policy_of: Callable[[], Policy], settings: Settings) -> None:
        self.engine = engine
        self.country = settings.country
        self.settings = settings
        self._policy_of = policy_of
        self._book: Book | None = None
        self._version = -1
        self._lock = threading.Lock()

    @property
    def book(self) -> Book:
        """The book by the rules in force, with notices of what changes."""
        policy = self._policy_of()
        with self.engine.connect() as connection:
            version = version_of(connection)
        with self._lock:
            if self._book is None or self._book.rules.policy is not policy or version != self._version:
                self._book, self._version = book_of(self.engine, policy, self.settings), version
            return self._book

    @property
    def rules(self) -> Rules:
        """The rules in force."""
        return self.book.rules


def noting(book: Book, also: Also) -> Book:
    """The book, with something more that is done with the changes in the transaction that writes them."""

    def both(connection: Connection, changes: Sequence[Change]) -> None:
        book.also(connection, changes)
        also(connection, changes)

    return replace(book, also=both)


def moment_of(rules: Rules, now: datetime) -> Moment:
    """An instant, and when its business day ends."""
    start = rules.policy.day_start
    since = timedelta(hours=start.hour, minutes=start.minute)
    day = (now.astimezone(rules.zone) - since).date()
    return Moment(now=now, day_end=from_microseconds(day_period(day, rules.zone, start).end_us))


def kinds_of(rules: Rules) -> dict[str, FollowUpKind]:
    """Every kind that the policy ever had, by id, as its newest version says it."""
    return {kind.id: kind for version in rules.policy.versions for kind in version.promises.kinds}


def groups_led_by(rules: Rules, leader: str, now: datetime) -> tuple[str, ...]:
    """The groups that a person leads."""
    groups = rules.version_at(now).promises.groups
    return tuple(each.group for each in groups if leader in each.leaders)
