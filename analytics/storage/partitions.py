"""PostgreSQL's months: `agent_states`, the largest table, lies in one partition for each month of its rows' start.

A report of a day then reads the states of that month alone, and a month whose time is over is detached in milliseconds,
where deleting its rows leaves holes. The start decides, and the id of such a fact names it, so an
id is in one partition whatever its revision says. Facts of calls are not divided: docs/decisions/0014 has the figures.

A month without a partition loses nothing: its rows lie in the default partition until there is one. Who makes one waits
for nobody longer than `PATIENCE`. SQLite has no partitions; there, nothing of this does anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from analytics.errors import StorageError
from telephony.clock import from_microseconds, to_microseconds

TABLE = "agent_states"
DEFAULT = f"{TABLE}_default"
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 1)
"""A start outside of these is that of a clock which is wrong: it gets no partition of its own."""

PATIENCE = "100ms"

# Any number, as long as no other lock of ours has it.
_LOCK = 0x3B1A66

_NAMED = re.compile(rf"{TABLE}_(\d{{4}})(\d{{2}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """One month's partition. month: its first day, in UTC; rows: the database's estimate, None before its first."""

    name: str
    month: date
    rows: int | None
    size_bytes: int  # with its indexes


def month_of(instant_us: int) -> date:
    """The month in UTC of an instant in microseconds: its first day."""
    return from_microseconds(instant_us).date().replace(day=1)


def following(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def list_partitions(connection: Connection) -> list[Partition]:
    """The months that have a partition, oldest first."""
    if connection.dialect.name != "postgresql":
        return []
    found = connection.execute(
        text(
            "SELECT part.relname, part.reltuples, pg_total_relation_size(part.oid) FROM pg_inherits "
            "JOIN pg_class part ON part.oid = inhrelid WHERE inhparent = to_regclass(:parent) ORDER BY part.relname"
        ),
        {"parent": TABLE},
    )
    return [
        Partition(name=name, month=date(int(told[1]), int(told[2]), 1), rows=_estimate(rows), size_bytes=size)
        for name, rows, size in found
        if (told := _NAMED.fullmatch(name))
    ]


def create_partition(connection: Connection, month: date) -> bool:
    """Make a month's partition, and move there what the default partition has of it; False where there is none to make.

    For as long as the transaction lasts nobody else writes or reads states of the default partition.
    """
    if connection.dialect.name != "postgresql":
        return False
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if any(each.month == month for each in list_partitions(connection)):
        return False
    name, start, end = _name(month), _start_us(month), _start_us(following(month))
    within = f"started_us >= {start} AND started_us < {end}"
    for statement in (
        f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING DEFAULTS)",
        f"LOCK TABLE {DEFAULT} IN ACCESS EXCLUSIVE MODE",
        f"INSERT INTO {name} SELECT * FROM {DEFAULT} WHERE {within}",  # noqa: S608
        f"DELETE FROM {DEFAULT} WHERE {within}",  # noqa: S608
        f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ({start}) TO ({end})",
    ):
        connection.execute(text(statement))
    return True


def detach_before(connection: Connection, month: date, *, dry_run: bool) -> list[Partition]:
    """Take the partitions of months before this one out of `agent_states`; return them.

    Nothing is deleted: each is a table of its own from then on, `…_detached`, to be kept, dumped or dropped by who may.
    With `dry_run` nothing is done. Raises StorageError where a table of that name is there from an earlier time.
    """
    old = [each for each in list_partitions(connection) if each.month < month]
    for each in [] if dry_run else old:
        detached = f"{each.name}_detached"
        if connection.execute(text("SELECT to_regclass(:name)"), {"name": detached}).scalar() is not None:
            raise StorageError(f"table {detached}: found one there, expected none: rename or drop it first")
        connection.execute(text(f"ALTER TABLE {TABLE} DETACH PARTITION {each.name}"))
        connection.execute(text(f"ALTER TABLE {each.name} RENAME TO {detached}"))
    return old


class Months:
    """Sees to it that facts find their month's partition; for one writer.

    A month that is detached while it writes is made anew by the next start; until then its rows are in the default.
    """

    def __init__(self) -> None:
        self._made: set[date] = set()

    def make_room(self, connection: Connection, starts_us: Iterable[int]) -> None:
        """Make the partitions for states that begin at these instants, and that of the month after.

        Call it before anything else is written in the transaction. Until its end nobody makes another partition:
        a row on its way to the default partition must not find that its month has just got one.
        """
        wanted = {month for each in starts_us if FIRST <= (month := month_of(each)) <= LAST}
        if not wanted:
            return
        wanted.add(following(max(wanted)))
        if not wanted <= self._made:
            # What this transaction makes is believed when it is found by the next: it may still be rolled back.
            self._made = {each.month for each in list_partitions(connection)}
            for month in sorted(wanted - self._made):
                _try_to_create(connection, month)
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": _LOCK})


def _try_to_create(connection: Connection, month: date) -> None:
    """Not now is no harm: the rows go to the default partition, and a later batch tries again."""
    try:
        with connection.begin_nested():
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
            create_partition(connection, month)
            connection.execute(text("SET LOCAL lock_timeout = DEFAULT"))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise


def _name(month: date) -> str:
    return f"{TABLE}_{month:%Y%m}"


def _start_us(month: date) -> int:
    return to_microseconds(datetime(month.year, month.month, 1, tzinfo=UTC))


def _estimate(rows: float) -> int | None:
    return None if rows < 0 else int(rows)
