"""The proof that nothing owed is forgotten: what was due in a period, and how it stood at any instant since.

Each follow-up stands in exactly one way at an instant, so the parts always add up to what was due: done on time, done
late, closed with a reason, open in time, open overdue (domain.md §4). It belongs to the period in which it was due as
its due time counted then. What arose after the instant was not owed yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select, tuple_

from schedulers.followups.records import State
from schedulers.storage.followup_models import follow_up_changes
from schedulers.storage.seeing import Whom, changes_of
from telephony.clock import from_microseconds, to_microseconds


class Standing(StrEnum):
    """How a follow-up stands at an instant."""

    DONE_ON_TIME = "done_on_time"  # fulfilled; the due instant itself is in time
    DONE_LATE = "done_late"  # fulfilled after it was due
    CLOSED = "closed"  # given up with a reason
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which follow-ups: due from `start` and before `end`, as things stood `as_of`. Empty collections choose all.

    `reasons` are those with which they were closed; `seen` is whose somebody sees, None where he sees all.
    """

    start: datetime
    end: datetime
    as_of: datetime
    kinds: Collection[str] = ()
    groups: Collection[str] = ()
    owners: Collection[str] = ()
    branches: Collection[str] = ()
    reasons: Collection[str] = ()
    seen: Whom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The follow-ups of one kind and group. `closed` is by reason; `attempts` are those that count, at all of them."""

    kind: str
    group: str | None
    done_on_time: int = 0
    done_late: int = 0
    closed: tuple[tuple[str, int], ...] = ()
    open_in_time: int = 0
    open_overdue: int = 0
    attempts: int = 0

    @property
    def due(self) -> int:
        """All of them."""
        return self.done + self.closed_count + self.open_in_time + self.open_overdue

    @property
    def done(self) -> int:
        """Fulfilled, on time or late."""
        return self.done_on_time + self.done_late

    @property
    def closed_count(self) -> int:
        """Closed, with whatever reason."""
        return sum(count for _, count in self.closed)

    @property
    def coverage(self) -> float | None:
        """(Done + closed) ÷ due; None where nothing was due."""
        return (self.done + self.closed_count) / self.due if self.due else None

    @property
    def reached(self) -> float | None:
        """Done ÷ due; None where nothing was due."""
        return self.done / self.due if self.due else None

    @property
    def attempts_per_contact(self) -> float | None:
        """Attempts that count ÷ done; None where nothing is done."""
        return self.attempts / self.done if self.done else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """One follow-up behind a figure, as it stood."""

    id: str
    kind: str
    group: str | None
    owner: str
    standing: Standing
    due_at: datetime
    fulfilled_at: datetime | None
    reason: str | None
    counted: int


_CHANGES = follow_up_changes.c
QUARTER_US = 15 * 60 * 1_000_000


def load_coverage(connection: Connection, chosen: Chosen) -> tuple[Coverage, ...]:
    """The figures of each kind and group of which something was due, in order of both."""
    standing = _standing(chosen.as_of)
    parts = (_CHANGES.kind, _CHANGES.group_name, standing, _CHANGES.reason)
    counted = select(*parts, func.count().label("number"), func.sum(_CHANGES.counted).label("attempts"))
    rows: dict[tuple[str, str | None], list[Row[Any]]] = {}
    for row in connection.execute(within(counted, chosen).group_by(*parts)):
        rows.setdefault((row.kind, row.group_name), []).append(row)
    order = sorted(rows, key=lambda key: (key[0], key[1] or ""))
    return tuple(_coverage(kind, group, rows[kind, group]) for kind, group in order)


def count_due(connection: Connection, chosen: Chosen) -> int:
    """How many follow-ups were due, each once: asked apart, so that the sum of the parts can be held to it."""
    wanted = within(select(func.count(_CHANGES.follow_up.distinct())), chosen)
    return int(connection.execute(wanted).scalar_one())


def count_items(connection: Connection, chosen: Chosen, standings: Collection[Standing] = ()) -> int:
    """How many follow-ups `load_items` goes through."""
    wanted = within(select(func.count()), chosen)
    if standings:
        wanted = wanted.where(_standing(chosen.as_of).in_([each.value for each in standings]))
    return int(connection.execute(wanted).scalar_one())


def count_quarters(connection: Connection, chosen: Chosen) -> dict[tuple[int, Standing], int]:
    """How many were due in each quarter of an hour (its first microsecond), by how they stand.

    Clocks of all zones differ by whole quarters, so that days of any zone are made of them.
    """
    quarter = (_CHANGES.due_us - _CHANGES.due_us % QUARTER_US).label("quarter")
    standing = _standing(chosen.as_of)
    wanted = within(select(quarter, standing, func.count().label("number")), chosen).group_by(quarter, standing)
    return {(int(row.quarter), Standing(row.standing)): row.number for row in connection.execute(wanted)}


def load_items(
    connection: Connection,
    chosen: Chosen,
    standings: Collection[Standing] = (),
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 100,
) -> tuple[Stood, ...]:
    """A page of the follow-ups behind a figure, by due time and id; after: those of the last one of the page before."""
    standing = _standing(chosen.as_of)
    wanted = within(select(follow_up_changes, standing), chosen)
    if standings:
        wanted = wanted.where(standing.in_([each.value for each in standings]))
    place = (_CHANGES.due_us, _CHANGES.follow_up)
    if after is not None:
        wanted = wanted.where(tuple_(*place) > (to_microseconds(after[0]), after[1]))
    return tuple(map(_stood, connection.execute(wanted.order_by(*place).limit(limit))))


def _standing(as_of: datetime) -> Any:
    is_done = _CHANGES.state == State.DONE.value
    return case(
        (and_(is_done, _CHANGES.fulfilled_us > _CHANGES.due_us), Standing.DONE_LATE.value),
        (is_done, Standing.DONE_ON_TIME.value),
        (_CHANGES.state == State.CLOSED.value, Standing.CLOSED.value),
        (_CHANGES.due_us < to_microseconds(as_of), Standing.OPEN_OVERDUE.value),
        else_=Standing.OPEN_IN_TIME.value,
    ).label("standing")


def within(wanted: Select[Any], chosen: Chosen) -> Select[Any]:
    """Of each follow-up the one change that was the newest at the instant."""
    as_of_us = to_microseconds(chosen.as_of)
    return wanted.where(
        _CHANGES.due_us >= to_microseconds(chosen.start),
        _CHANGES.due_us < to_microseconds(chosen.end),
        _CHANGES.at_us <= as_of_us,
        or_(_CHANGES.until_us.is_(None), _CHANGES.until_us > as_of_us),
        *_among(_CHANGES.kind, chosen.kinds),
        *_among(_CHANGES.group_name, chosen.groups),
        *_among(_CHANGES.owner, chosen.owners),
        *_among(_CHANGES.reason, chosen.reasons),
        *changes_of(chosen.seen, chosen.branches),
    )


def _among(column: Any, values: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (column.in_(sorted(values)),) if values else ()


def _coverage(kind: str, group: str | None, rows: list[Row[Any]]) -> Coverage:
    # A reason left behind by a follow-up that was reopened divides a standing in two rows.
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.standing] += row.number
    counts.pop(Standing.CLOSED.value, None)
    closed = sorted((row.reason or "", row.number) for row in rows if row.standing == Standing.CLOSED.value)
    attempts = int(sum(row.attempts for row in rows))
    return Coverage(kind=kind, group=group, closed=tuple(closed), attempts=attempts, **counts)


def _stood(row: Row[Any]) -> Stood:
    return Stood(
        id=row.follow_up,
        kind=row.kind,
        group=row.group_name,
        owner=row.owner,
        standing=Standing(row.standing),
        due_at=from_microseconds(row.due_us),
        fulfilled_at=None if row.fulfilled_us is None else from_microseconds(row.fulfilled_us),
        reason=row.reason,
        counted=row.counted,
    )
