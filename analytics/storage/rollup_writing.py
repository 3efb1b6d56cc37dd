"""Rolling up: days are made anew from their facts, months and years from their days. Nothing is ever incremented.

A day is rolled up once it is over and nothing in it goes on any more; until then, and whenever something in it
changed, questions read its facts. What became of its customers is added when their hours are over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, text

from analytics.metrics.cells import Cell, Cells, Group
from analytics.metrics.fold_customers import horizon_us
from analytics.metrics.folds import Fold
from analytics.metrics.grouping import FIELD
from analytics.metrics.in_force import InForce
from analytics.metrics.measures import Family, Sheet, greatest_of, measures_of, spreads_of
from analytics.metrics.rolled import day_key, first_day, month_key, year_key
from analytics.metrics.spreads import encode
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import Window
from analytics.storage.changes import known_span
from analytics.storage.rollup_models import DIMENSIONS, TABLES, changed_hours, rollup_spans
from analytics.storage.rollup_reading import StoredRollups, days_of_hours, near
from analytics.values import Source

_DAY = timedelta(days=1)
_FIELDS = {"group_name": "group"}
_GROUPS = {
    Sheet.AGENTS: tuple(group for group in FIELD if group is not Group.CALL),
    Sheet.LOAD: (
        Group.QUEUE,
        Group.DID,
        Group.LINE,
        Group.BRANCH,
        Group.CODE,
        Group.DIRECTION,
        Group.HOURS,
        Group.WEEKDAY,
        Group.QUARTER_HOUR,
    ),
}

Seen = dict[tuple[int, str], int]
"""The marked hours, and the revision of each mark that was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledDay:
    """One day's cells; none where something in it still goes on."""

    day: date
    cells: Cells | None
    settled_us: int
    customers: bool


def seen_marks(connection: Connection) -> Seen:
    """The hours that are marked as changed."""
    return {(row.hour, row.pbx): row.revision for row in connection.execute(select(changed_hours))}


def stale_days(connection: Connection, in_force: InForce, seen: Seen, now_us: int) -> list[date]:
    """The days that are over and are not rolled up, not any more, or not whole; the oldest first.

    They begin with the year of the first fact, so that its months and year can be whole.
    """
    first, _ = known_span(connection)
    if first is None:
        return []
    clock = in_force.clock
    digest = in_force.policy.digest()
    changed = days_of_hours([hour for hour, _ in seen], clock)
    beside = near(changed, in_force.customer_days)
    kept = {
        day
        for row in connection.execute(select(rollup_spans).where(rollup_spans.c.digest == digest))
        if row.span % 100 and row.customers == _customers_known(in_force, day := first_day(row.span), now_us)
        if day not in changed and not (row.customers and day in beside)
    }
    days = _days(date(clock.day_of(first).year, 1, 1), clock.day_of(now_us))
    return [day for day in days if day not in kept]


def _days(first: date, until: date) -> Iterator[date]:
    while first < until:
        yield first
        first += _DAY


def _customers_known(in_force: InForce, day: date, now_us: int) -> bool:
    """Whether the hours of the day's customers are over."""
    longest = max(horizon_us(version) for version in in_force.policy.versions)
    return in_force.clock.start_of(day + _DAY) + longest + _DAY // timedelta(microseconds=1) <= now_us


def roll_day(source: Source, in_force: InForce, day: date, now_us: int) -> RolledDay:
    """Count one day from its facts."""
    clock = in_force.clock
    window = Window(start_us=clock.start_of(day), end_us=clock.start_of(day + _DAY), as_of_us=now_us)
    fold = Fold(source=source, window=window, in_force=in_force)
    customers = _customers_known(in_force, day, now_us)
    cells = fold.run([each for each in Family if customers or each is not Family.CUSTOMERS])
    return RolledDay(
        day=day,
        cells=None if fold.undecided else cells,
        settled_us=max(fold.settled_us, window.end_us),
        customers=customers,
    )


def write_day(connection: Connection, rolled: RolledDay, in_force: InForce, now_us: int) -> None:
    """Store a day; its month and year are not believed any more until `write_larger` makes them anew."""
    lock(connection)
    larger = (month_key(rolled.day), year_key(rolled.day))
    connection.execute(delete(rollup_spans).where(rollup_spans.c.span.in_(larger)))
    _write_day(connection, rolled, in_force, now_us)


def finish(
    connection: Connection,
    days: Collection[date],
    waiting: Collection[date],
    in_force: InForce,
    seen: Seen,
    now_us: int,
) -> None:
    """Make the months and years of these days anew, and forget the marks that were seen before they were counted.

    waiting: the days that are stale still. A mark stays while its own day, or one near it, is among them or not over.
    """
    lock(connection)
    _forget(connection, seen, set(waiting), in_force, now_us)
    for key in sorted({month_key(day) for day in days}):
        write_larger(connection, key, in_force, now_us)
    for key in sorted({year_key(day) for day in days}):
        write_larger(connection, key, in_force, now_us)


def lock(connection: Connection) -> None:
    """One at a time writes roll-ups. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE rollup_spans IN SHARE ROW EXCLUSIVE MODE"))


def _write_day(connection: Connection, rolled: RolledDay, in_force: InForce, now_us: int) -> None:
    key = day_key(rolled.day)
    _clear(connection, key)
    if rolled.cells is None:
        return
    for sheet in Sheet:
        chosen = ((cell, tally) for cell, tally in rolled.cells.items() if cell.sheet is sheet)
        _insert(connection, sheet, key, (_row(cell, tally, sheet) for cell, tally in chosen))
    span = {
        "span": key,
        "digest": in_force.policy.digest(),
        "through_day": key,
        "settled_us": rolled.settled_us,
        "customers": rolled.customers,
        "rolled_us": now_us,
    }
    connection.execute(insert(rollup_spans), [span])


def _row(cell: Cell, tally: Tally, sheet: Sheet) -> dict[str, Any]:
    placed = {name: getattr(cell, _FIELDS.get(name, name)) for name in DIMENSIONS[sheet]}
    return placed | _counted(tally, sheet)


def _counted(tally: Tally, sheet: Sheet) -> dict[str, Any]:
    """What was counted, as columns: null for nothing."""
    counted: dict[str, Any] = {name: tally.sums.get(name) or None for name in measures_of(sheet)}
    counted |= {name: tally.greatest.get(name) for name in greatest_of(sheet)}
    return counted | {name: encode(tally.spreads.get(name, {})) for name in spreads_of(sheet)}


def _insert(connection: Connection, sheet: Sheet, span: int, rows: Iterable[Mapping[str, Any]]) -> None:
    names = [column.name for column in TABLES[sheet].columns]
    told = [(span, place, *(row[name] for name in names[2:])) for place, row in enumerate(rows)]
    if told:
        # Thousands of rows of sixty columns: straight to the driver.
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        quoted = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join([mark] * len(names))
        connection.exec_driver_sql(f"INSERT INTO {TABLES[sheet].name} ({quoted}) VALUES ({marks})", told)  # noqa: S608


def _clear(connection: Connection, span: int) -> None:
    for table in (rollup_spans, *TABLES.values()):
        connection.execute(delete(table).where(table.c.span == span))


def _forget(connection: Connection, seen: Seen, waiting: set[date], in_force: InForce, now_us: int) -> None:
    """Take off the marks of hours whose days, and those near them, were made anew, where nothing came in between."""
    clock, reach = in_force.clock, in_force.customer_days
    today = clock.day_of(now_us)

    def is_done(hour: int) -> bool:
        days = days_of_hours([hour], clock)
        return max(days) < today and waiting.isdisjoint(near(days, reach))

    done = {mark: revision for mark, revision in seen.items() if is_done(mark[0])}
    for (hour, pbx), revision in sorted(done.items()):
        same = and_(changed_hours.c.hour == hour, changed_hours.c.pbx == pbx, changed_hours.c.revision == revision)
        connection.execute(delete(changed_hours).where(same))


# -- months and years ---------------------------------------------------------------------


def write_larger(connection: Connection, key: int, in_force: InForce, now_us: int) -> None:
    """Make a month from its days, or a year from its months: as far as they follow one another from its first."""
    _clear(connection, key)
    digest = in_force.policy.digest()
    parts = _parts(connection, key, digest, in_force)
    if not parts:
        return
    rolled = StoredRollups(connection, digest, in_force.clock, in_force.customer_days)
    spans = [row.span for row in parts]
    for sheet in Sheet:
        found = rolled.tallies(
            spans,
            sheet,
            groups=_GROUPS[sheet],
            by_span=False,
            where={},
            measures={*measures_of(sheet), *greatest_of(sheet)},
            spreads=spreads_of(sheet),
        )
        rows = (
            dict(zip(DIMENSIONS[sheet], values, strict=True)) | _counted(tally, sheet) for _, values, tally in found
        )
        _insert(connection, sheet, key, rows)
    span = {
        "span": key,
        "digest": digest,
        "through_day": parts[-1].through_day,
        "settled_us": max(row.settled_us for row in parts),
        "customers": all(row.customers for row in parts),
        "rolled_us": now_us,
    }
    connection.execute(insert(rollup_spans), [span])


def _parts(connection: Connection, key: int, digest: str, in_force: InForce) -> Sequence[Any]:
    """The clean days of a month, or the months of a year, from its first as far as none is missing."""
    is_year = key % 10_000 == 0
    inside = rollup_spans.c.span.between(key + 1, key + (9_999 if is_year else 99))
    size = rollup_spans.c.span % 100
    wanted = select(rollup_spans).where(inside, rollup_spans.c.digest == digest, size == 0 if is_year else size > 0)
    changed = _changed_days(connection, in_force)
    parts, following = [], first_day(key)
    for row in connection.execute(wanted.order_by(rollup_spans.c.span)):
        if first_day(row.span) != following or following in changed:
            break
        parts.append(row)
        following = first_day(row.through_day) + _DAY
    return parts


def _changed_days(connection: Connection, in_force: InForce) -> set[date]:
    hours = connection.execute(select(changed_hours.c.hour).distinct()).scalars()
    return days_of_hours(list(hours), in_force.clock)


def passes(days: Sequence[date]) -> Iterator[list[date]]:
    """Days in passes of at most a month, each stored at once."""
    for _, month in groupby(days, key=month_key):
        yield list(month)


def drop_other_policies(connection: Connection, digest: str) -> None:
    """Delete the roll-ups that another policy made."""
    stale = select(rollup_spans.c.span).where(or_(rollup_spans.c.digest != digest))
    for table in TABLES.values():
        connection.execute(delete(table).where(table.c.span.in_(stale)))
    connection.execute(delete(rollup_spans).where(rollup_spans.c.digest != digest))
