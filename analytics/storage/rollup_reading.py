"""Sums over rolled-up spans, as questions ask for them: grouped by the database, histograms merged here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Table, func, literal, select

from analytics.metrics.cells import QUARTERS_AN_HOUR, Group
from analytics.metrics.grouping import FIELD
from analytics.metrics.measures import Sheet, greatest_of, spreads_of
from analytics.metrics.periods import DayClock
from analytics.metrics.rolled import Span, day_key, first_day, month_key, year_key
from analytics.metrics.spreads import merge
from analytics.metrics.tallies import Tally
from analytics.storage.joining import joined
from analytics.storage.rollup_models import TABLES, changed_hours, rollup_spans

HOUR_US = 3_600_000_000

_COLUMN: dict[Group, str] = {
    **{group: field for group, field in FIELD.items() if group is not Group.CALL},
    Group.GROUP: "group_name",
}

FIRST_DAY, LAST_DAY = date.min + timedelta(days=1), date.max - timedelta(days=1)


class StoredRollups:
    """The `Rolled` of a store, over one connection and for one policy."""

    def __init__(self, connection: Connection, digest: str, clock: DayClock, customer_days: int) -> None:
        self._connection = connection
        self._digest = digest
        self._clock = clock
        self._reach = customer_days

    def spans(self, first: date, last: date) -> dict[int, Span]:
        """See Rolled."""
        wanted = select(rollup_spans).where(
            rollup_spans.c.span.between(year_key(first), day_key(last)), rollup_spans.c.digest == self._digest
        )
        found = {
            row.span: Span(
                key=row.span,
                first=first_day(row.span),
                through=first_day(row.through_day),
                settled_us=row.settled_us,
                customers=row.customers,
            )
            for row in self._connection.execute(wanted)
        }
        changed = self._changed_days(first, last)
        for key in spans_of(near(changed, self._reach)) & found.keys():
            found[key] = replace(found[key], customers=False)
        for key in spans_of(changed) & found.keys():
            del found[key]
        return found

    def _changed_days(self, first: date, last: date) -> set[date]:
        """The days of the years of these, and near to them, in which facts changed since they were rolled up."""
        beside = timedelta(days=self._reach)
        # The first and the last year that there are have no neighbours.
        begin = max(date(first.year, 1, 1), FIRST_DAY + beside) - beside
        end = date(last.year + 1, 1, 1) + beside if last.year < LAST_DAY.year else LAST_DAY
        begins, ends = self._clock.start_of(begin) // HOUR_US - 1, self._clock.start_of(end) // HOUR_US
        hours = select(changed_hours.c.hour).distinct().where(changed_hours.c.hour.between(begins, ends))
        return days_of_hours(self._connection.execute(hours).scalars(), self._clock)

    def tallies(
        self,
        spans: Sequence[int],
        sheet: Sheet,
        *,
        groups: Sequence[Group],
        by_span: bool,
        where: Mapping[Group, Collection[str]],
        measures: Collection[str],
        spreads: Collection[str],
    ) -> Iterator[tuple[int, tuple[str | int, ...], Tally]]:
        """See Rolled."""
        table = TABLES[sheet]
        span = table.c.span if by_span else literal(0).label("span")
        keys = [span, *(_key(table, group) for group in groups)]
        chosen = [
            table.c.span.in_(spans),
            *(table.c[_COLUMN[group]].in_(sorted(values)) for group, values in where.items()),
        ]
        greatest = set(greatest_of(sheet)) & set(measures)
        summed = sorted(set(measures) - greatest - set(spreads_of(sheet)))
        histograms = sorted(spreads)
        wanted = select(
            *keys,
            *(func.sum(table.c[name]).label(name) for name in summed),
            *(func.max(table.c[name]).label(name) for name in sorted(greatest)),
            *(joined(table.c[name]).label(name) for name in histograms),
        ).where(*chosen)
        grouped = [each for each in keys if not (each is span and not by_span)]
        found: dict[tuple[Any, ...], Tally] = {}
        stored: list[Sequence[bytes | None]] = []
        for row in self._connection.execute(wanted.group_by(*grouped) if grouped else wanted):
            values = iter(row[len(keys) :])
            sums = {name: int(value) for name, value in zip(summed, values, strict=False) if value}
            most = {
                name: int(value) for name, value in zip(sorted(greatest), values, strict=False) if value is not None
            }
            found[tuple(row[: len(keys)])] = Tally(sums, most)
            stored.append(row[len(row) - len(histograms) :])
        for name, column in zip(histograms, zip(*stored, strict=True), strict=bool(stored)):
            for tally, spread in zip(found.values(), merge(column), strict=True):
                tally.spreads[name] = spread
        for key, tally in found.items():
            yield key[0], key[1:], tally


def _key(table: Table, group: Group) -> Any:
    if group is Group.WEEKDAY:
        return table.c.weekday
    if group is Group.QUARTER_HOUR:
        return table.c.quarter
    if group is Group.HOUR:
        hour: Column[Any] = table.c.quarter
        return (hour - hour % QUARTERS_AN_HOUR).label("hour")
    return table.c[_COLUMN[group]]


def spans_of(days: Collection[date]) -> set[int]:
    """The spans that these days are in."""
    return {key for day in days for key in (day_key(day), month_key(day), year_key(day))}


def near(days: Collection[date], reach: int) -> set[date]:
    """These days, and those so many days to either side."""
    return {day + timedelta(days=step) for day in days for step in range(-reach, reach + 1)}


def days_of_hours(hours: Iterator[int] | Collection[int], clock: DayClock) -> set[date]:
    """The business days that these hours touch."""
    return {clock.day_of(at) for hour in hours for at in (hour * HOUR_US, (hour + 1) * HOUR_US - 1)}
