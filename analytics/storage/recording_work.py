"""The queue of what is to be listened to: durable, shared by all who work on it, on any machine.

Who takes a file gets a lease: until its end nobody else takes it, and who renews it keeps it. A lease that ran out is
taken back, whatever became of its holder: the try counts, so that a file that kills whoever touches it is given up too.
Only the holder of a lease may finish: what another has taken over meanwhile, or what is to be done anew, is not his.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.storage.recording_models import recording_files, recording_work
from telephony.clock import from_microseconds, to_microseconds

MOST_TRIES = 5
DELAYS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a file rests after its first, second … try that failed."""

VANISHED = f"found whoever listened to it ended before it, at the last of {MOST_TRIES} tries, expected a result"
_AT_ONCE = 500
_work = recording_work.c


class Priority(IntEnum):
    """What goes first; greater ones do."""

    PICKED = 10  # for quality: somebody waits for it
    NEW = 0
    ARCHIVE = -10  # it was there before us


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file that was taken. `tries` counts this one."""

    file_id: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the queue stands."""

    waiting: int  # to be taken now or after a rest
    working: int  # in somebody's hands
    failed: int  # given up
    oldest_at: datetime | None  # since when the oldest of what is not given up waits
    waiting_ms: int  # how long what waits or is worked on sounds, where that is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file that was given up."""

    file_id: int
    pbx: str
    path: str
    tries: int
    failed_at: datetime
    reason: str


def enqueue(connection: Connection, file_ids: Collection[int], priority: Priority, now: datetime) -> None:
    """Have these files listened to, anew where they are in somebody's hands or were given up.

    One that waits with a greater priority keeps it.
    """
    at_us = to_microseconds(now)
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    blank: dict[str, Any] = {"holder": None, "leased_until_us": None, "failed_us": None, "reason": None}
    fresh = {"priority": int(priority), "queued_us": at_us, "due_us": at_us, "tries": 0, **blank}
    for some in _chunks(sorted(file_ids)):
        told = insert(recording_work).values([{"file_id": each, **fresh} for each in some])
        greater = case((_work.priority > told.excluded.priority, _work.priority), else_=told.excluded.priority)
        again = {**fresh, "priority": greater}
        connection.execute(told.on_conflict_do_update(index_elements=["file_id"], set_=again))


def withdraw(connection: Connection, file_ids: Collection[int]) -> None:
    """Have these files not listened to: whoever is at it finds that it is not his any more."""
    for some in _chunks(sorted(file_ids)):
        connection.execute(delete(recording_work).where(_work.file_id.in_(some)))


def claim(
    connection: Connection,
    holder: str,
    now: datetime,
    lease: timedelta,
    most: int = 1,
    pbxs: Collection[str] | None = None,
) -> list[Job]:
    """Take files, the greatest priority first, then those that are due longest; none where nothing is due.

    pbxs: whose files this machine can read; None: all.
    """
    free = _free(now, pbxs)
    # Two questions, each answered by the index from one end: what is highest, and of that what is due longest.
    highest = connection.execute(
        select(_work.priority).where(free).order_by(_work.priority.desc()).limit(1)
    ).scalar()
    if highest is None:
        return []
    ordered = select(_work.file_id).where(free, _work.priority == highest).order_by(_work.due_us, _work.file_id)
    chosen = ordered.limit(most).with_for_update(skip_locked=True).cte("chosen")
    taking = (
        update(recording_work)
        .where(_work.file_id.in_(select(chosen.c.file_id)))
        .values(holder=holder, leased_until_us=to_microseconds(now) + _us(lease), tries=_work.tries + 1)
        .returning(_work.file_id, _work.tries)
    )
    return sorted((Job(file_id=row.file_id, tries=row.tries) for row in connection.execute(taking)), key=_by_id)


def is_due(connection: Connection, now: datetime, pbxs: Collection[str] | None = None) -> bool:
    """Whether there is anything to take; asked without the lock of who takes."""
    wanted = select(_work.file_id).where(_free(now, pbxs)).order_by(_work.priority.desc()).limit(1)
    return connection.execute(wanted).first() is not None


def _free(now: datetime, pbxs: Collection[str] | None) -> ColumnElement[bool]:
    now_us = to_microseconds(now)
    free = and_(
        _work.failed_us.is_(None),
        _work.due_us <= now_us,
        _work.tries < MOST_TRIES,
        or_(_work.leased_until_us.is_(None), _work.leased_until_us <= now_us),
    )
    if pbxs is None:
        return free
    # Asked of one row after the other, in the order of the queue: as a join it would be asked of all.
    its = select(recording_files.c.pbx).where(recording_files.c.id == _work.file_id).scalar_subquery()
    return and_(free, its.in_(sorted(pbxs)))


def _by_id(job: Job) -> int:
    return job.file_id


def give_up_vanished(connection: Connection, now: datetime) -> int:
    """Give up what has had its tries and whose last holder came to an end before he could say why. How many."""
    now_us = to_microseconds(now)
    ended = and_(_work.failed_us.is_(None), _work.leased_until_us <= now_us, _work.tries >= MOST_TRIES)
    values = {"failed_us": now_us, "reason": VANISHED, **_FREE}
    return connection.execute(update(recording_work).where(ended).values(values)).rowcount


_FREE: dict[str, Any] = {"holder": None, "leased_until_us": None}


def renew(connection: Connection, holder: str, file_id: int, now: datetime, lease: timedelta) -> bool:
    """Keep a file for longer; False where it is not this holder's any more."""
    until = to_microseconds(now) + _us(lease)
    kept = update(recording_work).where(_held(holder, file_id)).values(leased_until_us=until)
    return connection.execute(kept).rowcount == 1


def finish(connection: Connection, holder: str, file_id: int) -> bool:
    """It is done. False where it is not this holder's any more: then nothing of what he has found may be stored."""
    return connection.execute(delete(recording_work).where(_held(holder, file_id))).rowcount == 1


def release(connection: Connection, holder: str, file_id: int) -> None:
    """Give a file back as if it had never been taken."""
    values = {"tries": _work.tries - 1, **_FREE}
    connection.execute(update(recording_work).where(_held(holder, file_id)).values(values))


def fail(connection: Connection, holder: str, job: Job, reason: str, now: datetime) -> datetime | None:
    """It could not be done: when it is tried again, None where it was given up, or is not this holder's any more."""
    again = None if job.tries >= MOST_TRIES else now + DELAYS[min(job.tries, len(DELAYS)) - 1]
    values: dict[str, Any] = {"reason": reason, **_FREE}
    values |= {"failed_us": to_microseconds(now)} if again is None else {"due_us": to_microseconds(again)}
    told = update(recording_work).where(_held(holder, job.file_id)).values(values)
    return again if connection.execute(told).rowcount == 1 else None


def retry(connection: Connection, now: datetime, file_ids: Collection[int] | None = None) -> int:
    """Try again what was given up, at once; None: all of it. How many there are."""
    at_us = to_microseconds(now)
    wanted = update(recording_work).where(_work.failed_us.is_not(None))
    if file_ids is not None:
        wanted = wanted.where(_work.file_id.in_(sorted(file_ids)))
    fresh = {"failed_us": None, "reason": None, "tries": 0, "due_us": at_us, "queued_us": at_us}
    return connection.execute(wanted.values(fresh)).rowcount


def standing(connection: Connection, now: datetime) -> Standing:
    """How the queue stands."""
    now_us = to_microseconds(now)
    held = case((_work.leased_until_us > now_us, 1), else_=0)
    open_ones = _work.failed_us.is_(None)
    wanted = select(
        func.count(), func.coalesce(func.sum(held), 0), func.min(_work.queued_us),
        func.coalesce(func.sum(recording_files.c.length_ms), 0),
    ).join(recording_files, recording_files.c.id == _work.file_id, isouter=True)  # fmt: skip
    count, working, oldest_us, waiting_ms = connection.execute(
        wanted.select_from(recording_work).where(open_ones)
    ).one()
    failed = connection.execute(
        select(func.count()).select_from(recording_work).where(_work.failed_us.is_not(None))
    ).scalar_one()
    return Standing(
        waiting=count - int(working),
        working=int(working),
        failed=failed,
        oldest_at=None if oldest_us is None else from_microseconds(oldest_us),
        waiting_ms=int(waiting_ms),
    )


def failures(connection: Connection, limit: int, after: int = 0) -> list[Failure]:
    """What was given up, by id; `after` is the last id of the page before."""
    wanted = (
        select(recording_work, recording_files.c.pbx, recording_files.c.path)
        .join(recording_files, recording_files.c.id == _work.file_id)
        .where(_work.failed_us.is_not(None), _work.file_id > after)
    )
    return [
        Failure(
            file_id=row.file_id,
            pbx=row.pbx,
            path=row.path,
            tries=row.tries,
            failed_at=from_microseconds(row.failed_us),
            reason=row.reason or "",
        )
        for row in connection.execute(wanted.order_by(_work.file_id).limit(limit))
    ]


def _held(holder: str, file_id: int) -> ColumnElement[bool]:
    return and_(_work.file_id == file_id, _work.holder == holder)


def _us(lease: timedelta) -> int:
    return lease // timedelta(microseconds=1)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]
