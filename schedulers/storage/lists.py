"""Work lists: what an agent, a group or everybody has to do, a page at a time.

Agreed times come first, at their time; then what is due first. The two are read one after the other, each in the order
of an index, so that a page costs the same however much is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal_column, or_, select, tuple_

from schedulers.followups.records import FollowUp, Obstacle
from schedulers.storage.accounts import IS_OPEN
from schedulers.storage.followup_models import AGREED, follow_ups
from schedulers.storage.followup_rows import follow_up_of
from schedulers.storage.seeing import Whom, follow_ups_of
from telephony.clock import to_microseconds


class View(StrEnum):
    """Which open follow-ups."""

    OPEN = "open"  # all of them
    NOW = "now"  # permitted at this instant, and no talk waits for its outcome
    TODAY = "today"  # permitted, or due, before the day ends
    OVERDUE = "overdue"  # their due time is past
    CANNOT_BE_MET = "cannot_be_met"  # no permitted time is left before they are due
    REACHED = "reached"  # "reached?": a talk that would fulfil them waits for the agent's outcome
    MUST_DECIDE = "must_decide"  # tried as often as permitted: to be closed, or handed to a person
    AGREED = "agreed"  # a time was agreed with the customer


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Whose follow-ups: of owners, of groups (both: of these owners in these groups); of nobody named: all.

    To find what leavers still own, name them as owners. `kinds`, `customers` and the customers' `branches` narrow any
    of them, and so does `seen`: whose somebody sees, None where he sees all.
    """

    owners: Collection[str] = ()
    groups: Collection[str] = ()
    kinds: Collection[str] = ()
    customers: Collection[str] = ()
    branches: Collection[str] = ()
    seen: Whom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The instant that is asked about, and when its day ends in the centre's zone."""

    now: datetime
    day_end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """After which follow-up the next page begins. `at` is its agreed time where it has one, else its due time."""

    is_agreed: bool
    at: datetime
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some follow-ups in their order. `next` is None where there are no more."""

    items: tuple[FollowUp, ...]
    next: Cursor | None


_TABLE = follow_ups.c
# The plus keeps PostgreSQL from gathering everybody's rows by their next instant to find those of one.
_READY: Any = literal_column("(+ready_us)")
_IS_AGREED: ColumnElement[bool] = literal_column(AGREED)


def load_page(
    connection: Connection,
    view: View,
    whose: Whose,
    moment: Moment,
    *,
    after: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """A page of a list."""
    wanted = and_(*_of_view(view, moment), *_of(whose))
    found: list[FollowUp] = []
    for is_agreed in (True, False):
        if after is None or after.is_agreed >= is_agreed:
            statement = _ordered(wanted, is_agreed, after).limit(limit + 1 - len(found))
            found += map(follow_up_of, connection.execute(statement))
        if len(found) > limit:
            break
    items = tuple(found[:limit])
    return Page(items=items, next=_cursor(items[-1]) if len(found) > limit else None)


def iterate(connection: Connection, view: View, whose: Whose, moment: Moment) -> Iterator[FollowUp]:
    """A list from its beginning to its end."""
    after = None
    while True:
        page = load_page(connection, view, whose, moment, after=after, limit=1000)
        yield from page.items
        if page.next is None:
            return
        after = page.next


def count_views(connection: Connection, whose: Whose, moment: Moment) -> dict[View, int]:
    """How long each list is."""
    views = list(View)
    counts = [func.count().filter(and_(*_of_view(view, moment))) for view in views]
    row = connection.execute(select(*counts).where(IS_OPEN, *_of(whose))).one()
    return dict(zip(views, row, strict=True))


def case_of(connection: Connection, case: str) -> tuple[FollowUp, ...]:
    """All follow-ups of a chain, the first one first."""
    wanted = select(follow_ups).where(_TABLE.case_id == case).order_by(_TABLE.born_us, _TABLE.id)
    return tuple(map(follow_up_of, connection.execute(wanted)))


def owners_of(connection: Connection) -> tuple[str, ...]:
    """All who own anything that is open."""
    return tuple(
        connection.execute(select(_TABLE.owner).where(IS_OPEN).distinct().order_by(_TABLE.owner)).scalars()
    )


def _of_view(view: View, moment: Moment) -> tuple[Any, ...]:
    now, day_end = to_microseconds(moment.now), to_microseconds(moment.day_end)
    unmet = (Obstacle.NO_WINDOW.value, Obstacle.CAP.value, Obstacle.NO_NUMBER.value)
    more: dict[View, tuple[Any, ...]] = {
        View.OPEN: (),
        View.NOW: (now >= _READY, _TABLE.reached_call.is_(None)),
        View.TODAY: (or_(day_end > _READY, _TABLE.due_us < day_end),),
        View.OVERDUE: (_TABLE.due_us < now,),
        View.CANNOT_BE_MET: (_TABLE.obstacle.in_(unmet),),
        View.REACHED: (_TABLE.reached_call.is_not(None),),
        View.MUST_DECIDE: (_TABLE.obstacle == Obstacle.MUST_DECIDE.value,),
        View.AGREED: (_TABLE.agreed_us.is_not(None),),
    }
    return IS_OPEN, *more[view]


def _of(whose: Whose) -> tuple[ColumnElement[bool], ...]:
    return (
        *_among(_TABLE.owner, whose.owners),
        *_among(_TABLE.group_name, whose.groups),
        *_among(_TABLE.kind, whose.kinds),
        *_among(_TABLE.customer, whose.customers),
        *follow_ups_of(whose.seen, whose.branches),
    )


def _among(column: Any, values: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    if not values:
        return ()
    # One value is compared, so that the index that has it first gives the rows in their order.
    return (column == next(iter(values)),) if len(values) == 1 else (column.in_(sorted(values)),)


def _ordered(wanted: Any, is_agreed: bool, after: Cursor | None) -> Select[Any]:
    statement = select(follow_ups).where(wanted, _IS_AGREED if is_agreed else _TABLE.agreed_us.is_(None))
    place = (_TABLE.agreed_us if is_agreed else _TABLE.due_us, _TABLE.id)
    if after is not None and after.is_agreed == is_agreed:
        statement = statement.where(tuple_(*place) > (to_microseconds(after.at), after.id))
    return statement.order_by(*place)


def _cursor(last: FollowUp) -> Cursor:
    return Cursor(is_agreed=last.agreed_at is not None, at=last.agreed_at or last.due_at, id=last.id)
