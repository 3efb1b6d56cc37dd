"""Keeps the book: what is to be done at an instant, whoever asks and however often.

A tick takes in calls that ended, customers who changed, occurrences whose time has come and due times that passed;
once a day, or when people changed, it looks whether owners are still here, and after a month whom it owes as one of
the best. A tick that is cut off anywhere is simply done again: all of it is idempotent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from config.followups import FollowUpKind, TriggerKind
from config.recurrence import period_of
from schedulers.book import Book
from schedulers.followups.account import Happened
from schedulers.followups.records import Change
from schedulers.storage import marks
from schedulers.storage.customers import best_of_branches

BATCH = 2000
RECENT = timedelta(hours=6)
"""Calls that began so long ago are looked at with each tick: what ends later is found by the long look."""
LONG = timedelta(days=7)
CUSTOMERS_MARK = "customers"


@dataclass(slots=True, kw_only=True)
class Keeper:
    """Keeps one book."""

    book: Book
    country: str
    _day: date | None = field(default=None, init=False)

    def tick(self, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
        """All that is to be done at an instant; the number of changes. Ends early when it is told to stop."""
        day = now.astimezone(self.book.rules.zone).date()
        is_new_day = day != self._day
        steps: list[Callable[[], Iterable[tuple[Change, ...]]]] = [
            lambda: self._hear(now - (LONG if is_new_day else RECENT)),
            lambda: self._customers(now),
            lambda: self._recur(now),
            lambda: self._wake(now),
        ]
        if is_new_day:
            steps += [lambda: self._owners(now), lambda: self._best(day)]
        count = 0
        for step in steps:
            for changes in step():
                count += len(changes)
                if stopping():
                    return count
        self._day = day
        return count

    def _hear(self, since: datetime) -> Iterable[tuple[Change, ...]]:
        heard = BATCH
        while heard == BATCH:
            changes, heard = self.book.hear(since, self.country, BATCH)
            yield changes

    def _customers(self, now: datetime) -> Iterable[tuple[Change, ...]]:
        """Customers who are new or changed: enrolled, and what is owed to them follows."""
        while True:
            with self.book.engine.connect() as connection:
                before = marks.mark(connection, CUSTOMERS_MARK)
                last, ids = marks.changed_customers(connection, before, BATCH)
            if last == before:
                return
            self.book.enrol(ids, now)
            yield self.book.customers_changed(ids, now)
            with self.book.engine.begin() as connection:
                marks.set_mark(connection, CUSTOMERS_MARK, last)

    def _recur(self, now: datetime) -> Iterable[tuple[Change, ...]]:
        looked = BATCH
        while looked == BATCH:
            changes, looked = self.book.recur(now, BATCH)
            yield changes

    def _wake(self, now: datetime) -> Iterable[tuple[Change, ...]]:
        while changes := self.book.wake(now, BATCH):
            yield changes

    def _owners(self, now: datetime) -> Iterable[tuple[Change, ...]]:
        """What belongs to leavers, or to who is off for the day, is looked at: it may have to be handed over."""
        staff = self.book.rules.staff
        with self.book.engine.connect() as connection:
            owners = marks.owners_of_open(connection)
        for owner in owners:
            if not staff.works_here(owner, now) or staff.is_away(owner, now, now + timedelta(days=1)):
                yield from self._of_owner(owner, now)

    def _of_owner(self, owner: str, now: datetime) -> Iterable[tuple[Change, ...]]:
        after = ""
        while True:
            with self.book.engine.connect() as connection:
                ids = marks.customers_of_owner(connection, owner, after, BATCH)
            if not ids:
                return
            yield self.book.pass_time(ids, now)
            after = ids[-1]

    def _best(self, day: date) -> Iterable[tuple[Change, ...]]:
        """Whoever was among the best of his branch in the period before this one; fixed once a branch is counted."""
        kinds = self.book.rules.version_at(_midnight(day, self.book)).promises.kinds
        for kind in kinds:
            if kind.trigger.kind is TriggerKind.TOP:
                yield from self._best_of(kind, day)

    def _best_of(self, kind: FollowUpKind, day: date) -> Iterable[tuple[Change, ...]]:
        start, _ = period_of(day, kind.trigger.name)
        before, _ = period_of(start - timedelta(days=1), kind.trigger.name)
        with self.book.engine.connect() as connection:
            best = best_of_branches(connection, _months(before, start), kind.top)
            counted = {each for each in best if marks.mark(connection, _best_mark(kind, before, each))}
        for branch, ids in best.items():
            if branch in counted:
                continue
            at = _midnight(start, self.book)
            triggers = [
                (id_, Happened(trigger=str(kind.trigger), key=f"top:{before.isoformat()}:{id_}", at=at))
                for id_ in ids
            ]
            yield self.book.happened(triggers)
            with self.book.engine.begin() as connection:
                marks.set_mark(connection, _best_mark(kind, before, branch), 1)


def _best_mark(kind: FollowUpKind, period: date, branch: str) -> str:
    return f"best:{kind.id}:{period.isoformat()}:{branch}"


def _months(start: date, end: date) -> tuple[str, ...]:
    """The months of [start, end), as `2026-11`."""
    found: list[str] = []
    while start < end:
        found.append(f"{start:%Y-%m}")
        start = period_of(start, "month")[1]
    return tuple(found)


def _midnight(day: date, book: Book) -> datetime:
    return datetime.combine(day, time(), tzinfo=book.rules.zone)
