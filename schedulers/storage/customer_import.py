"""Takes what files tell of customers into the store: in batches, in one transaction, at any number of rows.

Of a row that is refused, and of one that changes something, so many are kept as people can read; all are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from analytics.people.rows import Refusal
from schedulers.customers.differences import Differences, differences
from schedulers.customers.files import At, CustomerRow, Item, PlacedSpend, Unread
from schedulers.customers.records import Customer
from schedulers.customers.told import laid_over
from schedulers.storage.customer_writing import Origin, Spend, Write, write, write_spend
from schedulers.storage.customers import load, stored_spend

TOLD = 1_000
"""Refusals, warnings and changes that are kept, each; the rest is only counted."""

BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """What a row changes of a customer; `fields` is {} where he is new."""

    customer: str
    is_new: bool
    fields: Differences


@dataclass(slots=True, kw_only=True)
class Found:
    """What an import found. Lists hold the first ones, the counts all."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    months: int = 0  # months of spend that were told or corrected
    refused: int = 0
    warned: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[Refusal] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    unread: dict[str, None] = field(default_factory=dict)

    def refuse(self, refusal: Refusal) -> None:
        """Count a refusal."""
        self.refused += 1
        if len(self.refusals) < TOLD:
            self.refusals.append(refusal)

    def warn(self, warning: Refusal) -> None:
        """Count what was passed over of a row that is good."""
        self.warned += 1
        if len(self.warnings) < TOLD:
            self.warnings.append(warning)


class Importer:
    """One import. `partial`: good rows are written though others are refused; `writes`: it is no dry run."""

    def __init__(self, connection: Connection, *, by: str, at: datetime, partial: bool, writes: bool) -> None:
        self.found = Found()
        self._connection = connection
        self._origin = Origin(by=by, at=at)
        self._partial = partial
        self._writes = writes
        self._rows: list[CustomerRow] = []
        self._spends: list[PlacedSpend] = []
        self._seen: dict[str, int] = {}  # the row of each customer of this import, by the id that he has now
        self._months: set[tuple[str, str]] = set()

    def take_in(self, items: Iterable[Item]) -> Found:
        """Take everything in; what it found. The transaction is the caller's: to be undone where any was refused."""
        for item in items:
            match item:
                case CustomerRow():
                    self.found.rows += 1
                    self._rows.append(item)
                    if len(self._rows) == BATCH:
                        self._flush()
                case PlacedSpend():
                    # Kept to the end: the customers may stand in a sheet behind it.
                    self.found.rows += 1
                    self._spends.append(item)
                case Refusal():
                    self.found.rows += 1
                    self.found.refuse(item)
                case Unread():
                    self.found.unread[item.title] = None
        self._flush()
        for start in range(0, len(self._spends), BATCH):
            self._flush_spends(self._spends[start : start + BATCH])
        return self.found

    @property
    def _may_write(self) -> bool:
        return self._writes and (self._partial or not self.found.refused)

    def _flush(self) -> None:
        rows, self._rows = self._rows, []
        stored = load(self._connection, [each.told.id for each in rows], to_change=self._writes)
        writes = [told for each in rows if (told := self._laid_over(each, stored.get(each.told.id))) is not None]
        if self._may_write:
            write(self._connection, writes)

    def _laid_over(self, row: CustomerRow, before: Customer | None) -> Write | None:
        now_called = before.id if before else row.told.id
        earlier = self._seen.get(now_called)
        if earlier is not None:
            self.found.refuse(row.at.refusal(row.column, _twice(row.told.id, now_called, earlier)))
            return None
        self._seen[now_called] = row.at.row
        for column, why in row.passed_over:
            self.found.warn(row.at.refusal(column, f"{why}; the others are taken"))
        after = laid_over(replace(row.told, id=now_called), before, self._origin.at)
        self._count(before, after)
        return Write(before=before, after=after, origin=self._from(row.at))

    def _count(self, before: Customer | None, after: Customer) -> None:
        found = self.found
        if before == after:
            found.unchanged += 1
            return
        found.added += before is None
        found.changed += before is not None
        if len(found.changes) < TOLD:
            fields = differences(before, after)
            found.changes.append(RowChange(customer=after.id, is_new=before is None, fields=fields))

    def _flush_spends(self, placed: list[PlacedSpend]) -> None:
        ids = dict.fromkeys(each.spend.customer for each in placed)
        known = {asked: customer.id for asked, customer in load(self._connection, ids).items()}
        spends = [told for each in placed if (told := self._spend(each, known)) is not None]
        if self._may_write:
            self.found.months += write_spend(self._connection, spends)
        else:
            before = stored_spend(self._connection, {(each.customer, each.month) for each in spends})
            self.found.months += sum(before.get((each.customer, each.month)) != each.fen for each in spends)

    def _spend(self, placed: PlacedSpend, known: dict[str, str]) -> Spend | None:
        told = placed.spend
        customer = known.get(told.customer) or (told.customer if told.customer in self._seen else None)
        if customer is None:
            why = f"found {told.customer!r}, expected a customer who is known: import customers first"
            self.found.refuse(placed.at.refusal(placed.column, why))
            return None
        if (customer, told.month) in self._months:
            why = f"found {told.customer!r} in {told.month} twice, expected one row a customer and month"
            self.found.refuse(placed.at.refusal(placed.column, why))
            return None
        self._months.add((customer, told.month))
        return Spend(customer=customer, month=told.month, fen=told.fen, origin=self._from(placed.at))

    def _from(self, at: At) -> Origin:
        return replace(self._origin, file=at.file, sheet=at.sheet, row=at.row)


def _twice(told: str, now_called: str, earlier: int) -> str:
    merged = "" if told == now_called else f", who was merged into {now_called!r}"
    return f"found {told!r}{merged}: row {earlier} has him too, expected one row a customer"
