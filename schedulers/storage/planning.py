"""Planning a day from the store: open follow-ups are streamed in columns, customer by customer, from one index.

Memory holds what the lists need of each item (some 60 bytes) and one chunk of rows, however many customers there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, case, func, literal_column, or_, select

from config.followups import Cap
from schedulers.followups.day_lists import DayLists, Growing, Ids
from schedulers.followups.day_plan import NEVER, Contacts, Items, Place, Whole, place_items
from schedulers.followups.records import Obstacle
from schedulers.storage.accounts import IS_OPEN, LONGEST_CAP
from schedulers.storage.followup_models import customer_contacts, follow_ups
from telephony.clock import to_microseconds

ROWS_AT_A_TIME = 50_000

_TABLE = follow_ups.c
_HINDERED = case(
    (_TABLE.reached_call.is_not(None), Place.WAITS.value),
    (_TABLE.obstacle == Obstacle.MUST_DECIDE.value, Place.MUST_DECIDE.value),
    (_TABLE.obstacle == Obstacle.NO_NUMBER.value, Place.NO_NUMBER.value),
    else_=0,
)
# The plus keeps the databases from gathering rows by time: all are wanted by customer, as one index has them.
_READY: Any = literal_column("(+ready_us)")
_DUE: Any = literal_column("(+due_us)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What is planned: from `start` (now, or the day's beginning) to `end`.

    kinds: ids in the policy's order; at_desk: those for which nobody is called: marks, messages, visits.
    """

    start: datetime
    end: datetime
    kinds: Sequence[str] = ()
    at_desk: Collection[str] = ()
    caps: Sequence[Cap] = ()


def plan_day(connection: Connection, day: Day) -> DayLists:
    """The lists of all owners: what may be tried before the day ends, and what is due by then and cannot be."""
    codes = _Codes(day)
    start_us, end_us = to_microseconds(day.start), to_microseconds(day.end)
    growing = Growing()
    for rows in _of_whole_customers(_stream(connection, _wanted(end_us))):
        ids, items, customers = codes.columns(rows)
        contacts = _contacts(connection, customers, to_microseconds(day.start - LONGEST_CAP)) if day.caps else _NONE
        growing.add(ids, items, place_items(items, contacts, day.caps, start_us, end_us))
    return growing.finish(list(codes.owners))


def _wanted(end_us: int) -> Select[Any]:
    columns = (
        _TABLE.customer,
        _TABLE.id,
        _TABLE.owner,
        _TABLE.kind,
        _TABLE.due_us,
        func.coalesce(_TABLE.agreed_us, NEVER),
        func.coalesce(_TABLE.ready_us, NEVER),
        _HINDERED,
    )
    place = (_TABLE.customer, _TABLE.ready_us, _TABLE.due_us, _TABLE.id)  # as the index has them: nothing is sorted
    return select(*columns).where(IS_OPEN, or_(end_us > _READY, end_us > _DUE)).order_by(*place)


def _stream(connection: Connection, wanted: Select[Any]) -> Iterator[Sequence[Any]]:
    found = connection.execute(wanted, execution_options={"yield_per": ROWS_AT_A_TIME})
    return found.partitions()


def _of_whole_customers(parts: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The same rows, cut only between two customers."""
    held: list[Any] = []
    for part in parts:
        rows = [*held, *part]
        cut = len(rows)
        while cut and rows[cut - 1][0] == rows[-1][0]:
            cut -= 1
        held = rows[cut:]
        if cut:
            yield rows[:cut]
    if held:
        yield held


class _Codes:
    """Owners and kinds as numbers, the same in all chunks; customers within one."""

    def __init__(self, day: Day) -> None:
        self.owners: dict[str, int] = {}
        self._kinds = {kind: place for place, kind in enumerate(day.kinds)}
        self._at_desk = day.at_desk

    def columns(self, rows: Sequence[Any]) -> tuple[Ids, Items, dict[str, int]]:
        """The ids, the other columns, and the customers' codes."""
        customer, ids, owner, kind, due, agreed, ready, hindered = zip(*rows, strict=True)
        customers: dict[str, int] = {}
        kinds = _coded(kind, self._kinds)
        items = Items(
            customer=_coded(customer, customers),
            owner=_coded(owner, self.owners),
            kind=kinds,
            due=_whole(due),
            agreed=_whole(agreed),
            ready=_whole(ready),
            hindered=_whole(hindered),
            is_call=~np.isin(kinds, [place for name, place in self._kinds.items() if name in self._at_desk]),
        )
        return np.array(ids, dtype="S20"), items, customers


def _coded(names: Sequence[str], codes: dict[str, int]) -> Whole:
    for name in dict.fromkeys(names):
        codes.setdefault(name, len(codes))
    return np.fromiter(map(codes.__getitem__, names), dtype=np.int64, count=len(names))


def _whole(values: Sequence[int]) -> Whole:
    return np.fromiter(values, dtype=np.int64, count=len(values))


_NONE = Contacts(customer=np.empty(0, dtype=np.int64), at=np.empty(0, dtype=np.int64))


def _contacts(connection: Connection, customers: dict[str, int], since_us: int) -> Contacts:
    """Of customers that lie together, in the order of their ids."""
    table = customer_contacts.c
    first, last = next(iter(customers)), next(reversed(customers))
    wanted = select(table.customer, table.at_us).where(table.customer >= first, table.customer <= last)
    rows = connection.execute(wanted.where(table.at_us > since_us)).all()
    told = [(customers[row[0]], row[1]) for row in rows if row[0] in customers]
    return Contacts(customer=_whole([each[0] for each in told]), at=_whole([each[1] for each in told]))
