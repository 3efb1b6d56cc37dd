"""Writing what was decided: idempotent, many at a time, all in the transaction that the caller began.

- A trigger that is stored already makes nothing again, however often it arrives.
- A change that is stored already is not written again.
- An attempt of which more is known now takes the place of what was known of it; a contact that was none is taken away.
- A change upon a revision that is not the newest any more raises StaleError: the caller reads again and decides again.

A change that is told late counts from the instant of the change before it: the story never goes backwards.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.storage.dialects import Dialect
from analytics.storage.rows import Row
from schedulers.errors import StaleError
from schedulers.followups.account import Decision, Series, Uncreated
from schedulers.followups.records import Change, What, id_of
from schedulers.storage.dialect import dialect_for
from schedulers.storage.followup_models import (
    customer_contacts,
    follow_up_attempts,
    follow_up_changes,
    follow_up_series,
    follow_up_triggers,
    follow_ups,
)
from schedulers.storage.followup_rows import (
    attempt_row,
    born_row,
    change_row,
    digest_of,
    follow_up_row,
    series_row,
    uncreated_row,
)
from telephony.clock import to_microseconds

JOINED = "joined"
"""Why a trigger made nothing: it joined a follow-up that was open already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a transaction wrote. `changes` are those that were new, in their order: what notices are made of."""

    changes: tuple[Change, ...] = ()
    repeated: int = 0  # changes that were stored already, or belong to a trigger that was


@dataclass(slots=True)
class _Batch:
    """What is known of a batch before it is written, and what of it is new."""

    known: set[str]  # ids of triggers that are stored, or taken in by this batch
    stored: dict[str, tuple[Any, ...]]  # the rows of follow-ups as they are stored
    newest: dict[str, tuple[int, int]]  # by follow-up: its newest revision, and the instant of that change
    digests: dict[tuple[str, int], str]  # of changes that are stored
    follow_ups: dict[str, Row] = field(default_factory=dict)
    changes: list[Row] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)  # by follow-up, where its newest change stands in `changes`
    ends: dict[str, int] = field(default_factory=dict)  # until when the newest stored change was so
    attempts: dict[tuple[str, str], tuple[str, Row]] = field(default_factory=dict)  # each as it is told last
    contacts: dict[Row, bool] = field(default_factory=dict)  # whether it is one, or turned out to be none
    triggers: list[Row] = field(default_factory=list)
    new: list[Change] = field(default_factory=list)
    repeated: int = 0

    def take(self, decision: Decision) -> None:
        """Take in one decision."""
        skipped: set[str] = set()
        joined = {each.kind for each in decision.uncreated if each.why == JOINED and trigger_id(each) in self.known}
        for change in decision.changes:
            if change.after.id in skipped or self._is_of_known_trigger(change, joined):
                skipped.add(change.after.id)
                self.repeated += 1
            else:
                self._take(change)
        for row in map(uncreated_row, decision.uncreated):
            self._trigger(row)
        self.contacts |= {(each.customer, to_microseconds(each.at)): False for each in decision.withdrawn}
        self.contacts |= {(each.customer, to_microseconds(each.at)): True for each in decision.contacts}

    def _is_of_known_trigger(self, change: Change, joined: Collection[str]) -> bool:
        if change.what is What.BORN:
            return change.after.id in self.known
        return change.what is What.JOINED and change.after.kind in joined

    def _trigger(self, row: Row) -> None:
        if row[0] not in self.known:
            self.known.add(str(row[0]))
            self.triggers.append(row)

    def _take(self, change: Change) -> None:
        after = change.after
        revision, before_us = self.newest.get(after.id, (0, None))
        at_us = to_microseconds(change.at)
        row = follow_up_row(after, at_us)
        digest = digest_of(change, row)
        if after.revision <= revision and self.digests.get((after.id, after.revision)) == digest:
            self.repeated += 1
            return
        if after.revision != revision + 1:
            raise StaleError(f"follow-up {after.id}: found revision {revision}, expected {after.revision - 1}")
        at_us = at_us if before_us is None else max(at_us, before_us)
        self._put(change, (*row[:2], at_us, *row[3:]), at_us, digest)

    def _put(self, change: Change, row: Row, at_us: int, digest: str) -> None:
        after = change.after
        place = self.place.get(after.id)
        if place is not None:
            before = self.changes[place]
            self.changes[place] = (*before[:3], at_us, *before[4:])
        elif after.id in self.newest:
            self.ends[after.id] = at_us
        self.newest[after.id] = (after.revision, at_us)
        self.place[after.id] = len(self.changes)
        self.changes.append(change_row(change, at_us, digest))
        self.digests[after.id, after.revision] = digest
        self.follow_ups[after.id] = row
        self.new.append(change)
        if change.what is What.BORN:
            self._trigger(born_row(change))
        if change.attempt is not None:
            attempt = change.attempt
            self.attempts[attempt.follow_up, attempt.key] = after.customer, attempt_row(attempt)

    def settle_contacts(self) -> tuple[list[Row], list[Row]]:
        """The contacts to add, and those to take away: an attempt that counts is one."""
        counting = {(customer, row[_AT]): True for customer, row in self.attempts.values() if row[_COUNTS]}
        told = self.contacts | counting
        is_one = sorted(each for each, counts in told.items() if counts)
        return is_one, sorted(each for each, counts in told.items() if not counts)


def write(connection: Connection, decisions: Iterable[Decision]) -> Written:
    """Write decisions: those about one customer in the order in which they were made.

    Raises StaleError; the caller then rolls back, reads again and decides again.
    """
    dialect = dialect_for(connection)
    told = tuple(decisions)
    batch = _read(connection, dialect, told)
    for decision in told:
        batch.take(decision)
    _write(connection, dialect, batch)
    _write_series(connection, [each for decision in told for each in decision.series])
    return Written(changes=tuple(batch.new), repeated=batch.repeated)


def known_triggers(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of the triggers (`records.id_of` of kind, key, occurrence) that were taken in: nothing is to be decided."""
    dialect = dialect_for(connection)
    wanted = select(follow_up_triggers.c.id).where(dialect.among(follow_up_triggers.c.id))
    return set(connection.execute(wanted, dialect.values(ids)).scalars())


def trigger_id(uncreated: Uncreated) -> str:
    """By what a trigger that made nothing is known."""
    return id_of(uncreated.kind, uncreated.key)


def _read(connection: Connection, dialect: Dialect, decisions: Sequence[Decision]) -> _Batch:
    changes = [change for decision in decisions for change in decision.changes]
    born = {change.after.id for change in changes if change.what is What.BORN}
    nothing = {trigger_id(each) for decision in decisions for each in decision.uncreated}
    known = known_triggers(connection, born | nothing) if born or nothing else set()
    # What is born here and now is not stored: nobody asks for it.
    concerned = {change.after.id for change in changes} - (born - known)
    stored = _stored(connection, dialect, concerned)
    newest = {id_: (row[_REVISION], row[_CHANGED]) for id_, row in stored.items()}
    repeated = [each.after.id for each in changes if each.after.revision <= newest.get(each.after.id, (0, 0))[0]]
    return _Batch(known=known, stored=stored, newest=newest, digests=_digests(connection, dialect, repeated))


def _stored(connection: Connection, dialect: Dialect, ids: Collection[str]) -> dict[str, tuple[Any, ...]]:
    """Kept from others until the transaction ends; in order, so that two writers never wait for each other."""
    if not ids:
        return {}
    wanted = select(follow_ups).where(dialect.among(follow_ups.c.id)).order_by(follow_ups.c.id)
    return {row.id: tuple(row) for row in connection.execute(wanted.with_for_update(), dialect.values(ids))}


def _digests(connection: Connection, dialect: Dialect, ids: Collection[str]) -> dict[tuple[str, int], str]:
    if not ids:
        return {}
    table = follow_up_changes
    wanted = select(table.c.follow_up, table.c.revision, table.c.digest).where(dialect.among(table.c.follow_up))
    return {(id_, revision): digest for id_, revision, digest in connection.execute(wanted, dialect.values(ids))}


def _write(connection: Connection, dialect: Dialect, batch: _Batch) -> None:
    """Triggers first: whoever took in the same one in the meantime is waited for there."""
    if batch.triggers and dialect.add(connection, follow_up_triggers, batch.triggers) != len(batch.triggers):
        raise StaleError("triggers: found some that another took in meanwhile, expected none")
    if batch.ends:
        connection.execute(_END, [{"which": id_, "ended": at_us} for id_, at_us in sorted(batch.ends.items())])
    if batch.follow_ups:
        _write_follow_ups(connection, dialect, batch)
        dialect.add(connection, follow_up_changes, batch.changes)
    _write_attempts(connection, dialect, [row for _, row in batch.attempts.values()])
    contacts, withdrawn = batch.settle_contacts()
    if contacts:
        dialect.add(connection, customer_contacts, contacts)
    if withdrawn:
        connection.execute(_WITHDRAW, [{"whose": customer, "instant": at_us} for customer, at_us in withdrawn])


def _write_attempts(connection: Connection, dialect: Dialect, rows: list[Row]) -> None:
    """An attempt of which more is known now takes the place of what was known; few are, so new ones go first."""
    if not rows or dialect.add(connection, follow_up_attempts, rows) == len(rows):
        return
    names = [column.name for column in follow_up_attempts.columns]
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(follow_up_attempts)
    put = insert.on_conflict_do_update(
        index_elements=["follow_up", "key"], set_={name: insert.excluded[name] for name in names[2:]}
    )
    connection.execute(put, [dict(zip(names, row, strict=True)) for row in rows])


def _write_follow_ups(connection: Connection, dialect: Dialect, batch: _Batch) -> None:
    new = [row for id_, row in batch.follow_ups.items() if id_ not in batch.stored]
    changed = [id_ for id_ in batch.follow_ups if id_ in batch.stored]
    if new:
        dialect.upsert(connection, follow_ups, new)
    if changed:
        before, after = (list(map(rows.__getitem__, changed)) for rows in (batch.stored, batch.follow_ups))
        dialect.replace(connection, follow_ups, before, after)


_REVISION, _CHANGED = (list(follow_ups.columns.keys()).index(name) for name in ("revision", "changed_us"))
_AT, _COUNTS = (list(follow_up_attempts.columns.keys()).index(name) for name in ("at_us", "counts"))
_WITHDRAW = delete(customer_contacts).where(
    customer_contacts.c.customer == bindparam("whose"), customer_contacts.c.at_us == bindparam("instant")
)
_END = (
    update(follow_up_changes)
    .where(follow_up_changes.c.follow_up == bindparam("which"), follow_up_changes.c.until_us.is_(None))
    .values(until_us=bindparam("ended"))
)


def _write_series(connection: Connection, series: Sequence[Series]) -> None:
    """A series never goes back to an earlier occurrence."""
    if not series:
        return
    names = [column.name for column in follow_up_series.columns]
    rows = [dict(zip(names, series_row(each), strict=True)) for each in series]
    connection.execute(_series_upsert(connection.dialect.name), rows)


def _series_upsert(dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(follow_up_series)
    return insert.on_conflict_do_update(
        index_elements=["kind", "trigger_key", "customer"],
        set_={name: insert.excluded[name] for name in ("version_us", "next_number", "next_us", "about", "by_whom")},
        where=insert.excluded.next_number >= follow_up_series.c.next_number,
    )
