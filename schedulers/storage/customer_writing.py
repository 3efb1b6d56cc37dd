"""Writing customers: what changed together with its trace, what they spend, and one customer merged into another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.storage.dialects import dialect_of
from schedulers.customers.differences import Differences, as_json, differences
from schedulers.customers.merging import united
from schedulers.customers.records import Customer
from schedulers.errors import CustomersError
from schedulers.storage.customer_models import (
    customer_aliases,
    customer_changes,
    customer_numbers,
    customer_spend,
    customers,
)
from schedulers.storage.customer_rows import number_rows, row_of
from schedulers.storage.customers import AT_A_TIME, aliases_of, load, load_spend, stored_spend
from schedulers.storage.moving import move
from telephony.clock import from_microseconds, to_microseconds


class What(StrEnum):
    """What a change of a customer was."""

    ADDED = "added"
    CHANGED = "changed"
    SPENT = "spent"  # what he spent in a month was told, or corrected
    MERGED = "merged"  # another one became a part of him; `fields` hold that one as he was


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who changes something and when; why, or from which row of which file."""

    by: str
    at: datetime
    reason: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A customer as he was stored (None: not at all) and as he is to be."""

    before: Customer | None
    after: Customer
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What a customer spent in a month of the centre, in fen."""

    customer: str
    month: str
    fen: int
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerChange:
    """One line of the trace. `customer` is the id that he had then."""

    customer: str
    what: What
    fields: Differences
    origin: Origin


def write(connection: Connection, writes: Iterable[Write]) -> int:
    """Write what differs, each with its line of the trace; how many did. No customer may come twice."""
    changed = [each for each in writes if each.before != each.after]
    for some in _batches(changed):
        rows = [row_of(each.after, to_microseconds(each.origin.at)) for each in some]
        connection.execute(_upsert(connection, customers, ("id",)), rows)
        _write_numbers(connection, some)
        connection.execute(insert(customer_changes), [_trace(each) for each in some])
    return len(changed)


def _write_numbers(connection: Connection, some: Sequence[Write]) -> None:
    """Numbers are written whole where any of them differs."""
    differing = [each for each in some if each.before is None or each.before.numbers != each.after.numbers]
    stale = [each.after.id for each in differing if each.before is not None and each.before.numbers]
    if stale:
        dialect = dialect_of(connection.dialect.name)
        gone = delete(customer_numbers).where(dialect.among(customer_numbers.c.customer))
        connection.execute(gone, dialect.values(stale))
    rows = [row for each in differing for row in number_rows(each.after)]
    if rows:
        connection.execute(insert(customer_numbers), rows)


def write_spend(connection: Connection, spends: Iterable[Spend]) -> int:
    """Write what differs of the months' spend, with its trace; how many did. No customer's month may come twice."""
    written = 0
    for some in _batches(spends):
        before = stored_spend(connection, {(each.customer, each.month) for each in some})
        changed = [each for each in some if before.get((each.customer, each.month)) != each.fen]
        if changed:
            rows = [{"customer": each.customer, "month": each.month, "fen": each.fen} for each in changed]
            connection.execute(_upsert(connection, customer_spend, ("month", "customer")), rows)
            lines = [_trace_of_spend(each, before.get((each.customer, each.month))) for each in changed]
            connection.execute(insert(customer_changes), lines)
        written += len(changed)
    return written


def change_customer(connection: Connection, customer_id: str, origin: Origin, **fields: Any) -> Customer:
    """Change fields of one stored customer, by any id that he ever had; as he is then.

    For an owner, a consent, a do-not-call, a number that is wrong, who served him last. Raise CustomersError where
    he is not stored.
    """
    before = known(connection, customer_id)
    after = replace(before, **fields)
    write(connection, [Write(before=before, after=after, origin=origin)])
    return after


def known(connection: Connection, customer_id: str) -> Customer:
    """A stored customer, by any id that he ever had, kept from others meanwhile. Raise CustomersError."""
    found = load(connection, [customer_id], to_change=True).get(customer_id)
    if found is None:
        raise CustomersError(f"customer: found none of the id {customer_id!r}, expected one that is stored")
    return found


def merge(connection: Connection, source: str, target: str, origin: Origin) -> Customer:
    """Make one customer a part of another, who takes his numbers, his spend and what is not known of himself.

    The id of the first finds the other for good, and what was owed to the first is owed to the other. Raise
    CustomersError for one who is not stored, or for twice the same.
    """
    gone, kept = known(connection, source), known(connection, target)
    if gone.id == kept.id:
        raise CustomersError(f"customer: found {gone.id!r} twice, expected two")
    after = united(kept, gone)
    _move_spend(connection, gone.id, kept.id)
    connection.execute(delete(customer_numbers).where(customer_numbers.c.customer == gone.id))
    connection.execute(delete(customers).where(customers.c.id == gone.id))
    _leave_alias(connection, gone.id, kept.id, origin.at)
    move(connection, gone.id, kept.id)
    write(connection, [Write(before=kept, after=after, origin=origin)])
    line = _line(kept.id, What.MERGED, {"merged": (as_json(gone), None)}, origin)
    connection.execute(insert(customer_changes), [line])
    return after


def _move_spend(connection: Connection, source: str, target: str) -> None:
    added, there = load_spend(connection, source), load_spend(connection, target)
    connection.execute(delete(customer_spend).where(customer_spend.c.customer == source))
    rows = [{"customer": target, "month": month, "fen": fen + there.get(month, 0)} for month, fen in added.items()]
    if rows:
        connection.execute(_upsert(connection, customer_spend, ("month", "customer")), rows)


def _leave_alias(connection: Connection, source: str, target: str, at: datetime) -> None:
    moved = update(customer_aliases).where(customer_aliases.c.customer == source)
    connection.execute(moved.values(customer=target))
    row = {"id": source, "customer": target, "merged_us": to_microseconds(at)}
    connection.execute(_upsert(connection, customer_aliases, ("id",)), [row])


# -- the trace ---------------------------------------------------------------------------------------


def load_changes(connection: Connection, customer_id: str) -> tuple[CustomerChange, ...]:
    """The trace of a customer and of all who were merged into him, the oldest first."""
    ids = [customer_id, *aliases_of(connection, customer_id)]
    wanted = select(customer_changes).where(customer_changes.c.customer.in_(bindparam("ids", expanding=True)))
    rows = connection.execute(wanted.order_by(customer_changes.c.id), {"ids": ids})
    return tuple(_change(row) for row in rows)


def _change(row: Any) -> CustomerChange:
    return CustomerChange(
        customer=row.customer,
        what=What(row.what),
        fields={name: (before, after) for name, (before, after) in json.loads(row.fields).items()},
        origin=Origin(
            by=row.by_whom,
            at=from_microseconds(row.at_us),
            reason=row.reason,
            file=row.file,
            sheet=row.sheet,
            row=row.row,
        ),
    )


def _trace(each: Write) -> dict[str, Any]:
    what = What.ADDED if each.before is None else What.CHANGED
    return _line(each.after.id, what, differences(each.before, each.after), each.origin)


def _trace_of_spend(each: Spend, before: int | None) -> dict[str, Any]:
    return _line(each.customer, What.SPENT, {f"spend {each.month}": (before, each.fen)}, each.origin)


def _line(customer: str, what: What, fields: Differences, origin: Origin) -> dict[str, Any]:
    return {
        "customer": customer,
        "at_us": to_microseconds(origin.at),
        "by_whom": origin.by,
        "what": what.value,
        "fields": json.dumps(fields, ensure_ascii=False),
        "reason": origin.reason,
        "file": origin.file,
        "sheet": origin.sheet,
        "row": origin.row,
    }


def _upsert(connection: Connection, table: Table, keys: tuple[str, ...]) -> Any:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    told = dialect.insert(table)
    others = {column.name: told.excluded[column.name] for column in table.columns if column.name not in keys}
    return told.on_conflict_do_update(index_elements=list(keys), set_=others)


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, AT_A_TIME)):
        yield some
