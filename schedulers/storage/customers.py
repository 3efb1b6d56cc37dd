"""Reading customers: by id, by number, page by page, and the best of each branch by what they spend.

An id of a customer who was merged into another finds the other. Numbers are in E.164, or as heard where they have no
such form. Every question costs the same number of statements for one id or number as for thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from analytics.storage.dialects import dialect_of
from schedulers.customers.records import Customer, NumberUse
from schedulers.storage.customer_models import customer_aliases, customer_numbers, customer_spend, customers
from schedulers.storage.customer_rows import customer_of_row
from schedulers.storage.seeing import Whom, customers_of

AT_A_TIME = 5_000
"""Ids or numbers of one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """Which customers of a list; None lets all pass. `number` as `find` takes it.

    `named` is an id or a name, whole; `begins` is how one of them begins. `seen` is whom somebody sees.
    """

    number: str | None = None
    branch: str | None = None
    tier: str | None = None
    owner: str | None = None
    named: str | None = None
    begins: str | None = None
    seen: Whom | None = None


def load(connection: Connection, ids: Iterable[str], *, to_change: bool = False) -> dict[str, Customer]:
    """The customers of these ids, by the id that was asked for; of an unknown one there is none.

    `to_change` keeps them from others until the transaction ends.
    """
    asked = list(dict.fromkeys(ids))
    now_called = _survivors(connection, asked)
    found = _load(connection, {now_called.get(each, each) for each in asked}, to_change)
    loaded = ((each, found.get(now_called.get(each, each))) for each in asked)
    return {each: customer for each, customer in loaded if customer is not None}


def survivor(connection: Connection, customer_id: str) -> str:
    """The id of the customer into whom this one was merged; the same id where he was not."""
    return _survivors(connection, [customer_id]).get(customer_id, customer_id)


def aliases_of(connection: Connection, customer_id: str) -> tuple[str, ...]:
    """The ids that were merged into this customer, sorted."""
    wanted = select(customer_aliases.c.id).where(customer_aliases.c.customer == customer_id)
    return tuple(connection.execute(wanted.order_by(customer_aliases.c.id)).scalars())


def find(connection: Connection, numbers: Iterable[str]) -> dict[str, tuple[Customer, ...]]:
    """All customers of these numbers, by number; the likeliest first: whose own it is, registered, his best number."""
    asked = list(dict.fromkeys(numbers))
    owners: dict[str, list[str]] = defaultdict(list)
    for row in _among(connection, select(customer_numbers.c.number, customer_numbers.c.customer), "number", asked):
        owners[row.number].append(row.customer)
    loaded = _load(connection, {each for ids in owners.values() for each in ids})
    return {
        number: tuple(sorted((loaded[id_] for id_ in ids if id_ in loaded), key=lambda each: _rank(each, number)))
        for number, ids in owners.items()
    }


def whose(candidates: Iterable[Customer], number: str) -> Customer | None:
    """The first of `find` whose own the number is; None for an unknown one, a switchboard or a wrong number."""
    return next((each for each in candidates if _use(each, number) is NumberUse.OWN), None)


def iterate(connection: Connection, *, after: str = "", at_a_time: int = AT_A_TIME) -> Iterator[list[Customer]]:
    """All customers by their ids, so many at a time, from behind an id on."""
    while found := page(connection, CustomerFilter(), limit=at_a_time, after=after):
        yield found
        after = found[-1].id


def page(connection: Connection, which: CustomerFilter, *, limit: int, after: str = "") -> list[Customer]:
    """A page of customers by their ids, from behind an id on."""
    wanted = select(customers).where(customers.c.id > after, *_named(which), *customers_of(which.seen))
    for name in ("branch", "tier", "owner"):
        value = getattr(which, name)
        if value is not None:
            wanted = wanted.where(customers.c[name] == value)
    if which.number is not None:
        of_number = select(customer_numbers.c.customer).where(customer_numbers.c.number == which.number)
        wanted = wanted.where(customers.c.id.in_(of_number))
    rows = connection.execute(wanted.order_by(customers.c.id).limit(limit)).all()
    return _with_numbers(connection, rows)


def _named(which: CustomerFilter) -> tuple[ColumnElement[bool], ...]:
    table, found = customers.c, []
    if which.named is not None:
        found.append(or_(table.id == which.named, table.name == which.named))
    if which.begins is not None:
        begins = (each.startswith(which.begins, autoescape=True) for each in (table.id, table.name))
        found.append(or_(*begins))
    return tuple(found)


def tiers_of(connection: Connection) -> tuple[str, ...]:
    """All tiers that customers have."""
    wanted = select(customers.c.tier).where(customers.c.tier.is_not(None)).distinct()
    return tuple(connection.execute(wanted.order_by(customers.c.tier)).scalars())


def branches_of(connection: Connection) -> tuple[str, ...]:
    """All branches that customers have."""
    wanted = select(customers.c.branch).where(customers.c.branch.is_not(None)).distinct()
    return tuple(connection.execute(wanted.order_by(customers.c.branch)).scalars())


def count(connection: Connection) -> int:
    """How many customers there are."""
    return int(connection.execute(select(func.count()).select_from(customers)).scalar_one())


# -- what they spend ---------------------------------------------------------------------------------


def load_spend(connection: Connection, customer_id: str) -> dict[str, int]:
    """What a customer spent, in fen by month."""
    table = customer_spend
    wanted = select(table.c.month, table.c.fen).where(table.c.customer == customer_id).order_by(table.c.month)
    return {row.month: row.fen for row in connection.execute(wanted)}


def stored_spend(connection: Connection, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """What is stored of some customers' months, by (customer, month)."""
    months = sorted({month for _, month in keys})
    wanted = select(customer_spend).where(customer_spend.c.month.in_(months))
    rows = _among(connection, wanted, "customer", sorted({customer for customer, _ in keys}))
    return {(row.customer, row.month): row.fen for row in rows if (row.customer, row.month) in keys}


def best_of_branches(connection: Connection, months: Collection[str], top: int) -> dict[str, tuple[str, ...]]:
    """The ids of the `top` customers of each branch by what they spent in some months together, the best first.

    Who spent nothing is not among them; of equal ones the lower id comes first.
    """
    fen = func.sum(customer_spend.c.fen).label("fen")
    spent = (
        select(customers.c.branch, customers.c.id, fen)
        .join(customers, customers.c.id == customer_spend.c.customer)
        .where(customer_spend.c.month.in_(sorted(months)), customers.c.branch.is_not(None))
        .group_by(customers.c.branch, customers.c.id)
        .having(fen > 0)
        .subquery()
    )
    place = func.row_number().over(partition_by=spent.c.branch, order_by=(spent.c.fen.desc(), spent.c.id))
    placed = select(spent.c.branch, spent.c.id, place.label("place")).subquery()
    wanted = select(placed.c.branch, placed.c.id).where(placed.c.place <= top)
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(placed.c.branch, placed.c.place)):
        found[row.branch].append(row.id)
    return {branch: tuple(ids) for branch, ids in found.items()}


# -- rows --------------------------------------------------------------------------------------------


def _survivors(connection: Connection, ids: list[str]) -> dict[str, str]:
    wanted = select(customer_aliases.c.id, customer_aliases.c.customer)
    return {row.id: row.customer for row in _among(connection, wanted, "id", ids)}


def _load(connection: Connection, ids: Collection[str], to_change: bool = False) -> dict[str, Customer]:
    wanted = select(customers).order_by(customers.c.id).with_for_update() if to_change else select(customers)
    rows = list(_among(connection, wanted, "id", sorted(ids)))
    return {each.id: each for each in _with_numbers(connection, rows)}


def _with_numbers(connection: Connection, rows: Iterable[Any]) -> list[Customer]:
    listed = list(rows)
    numbers = _numbers(connection, [row.id for row in listed])
    return [customer_of_row(row, numbers.get(row.id, ())) for row in listed]


def _numbers(connection: Connection, ids: list[str]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in _among(connection, select(customer_numbers), "customer", ids):
        found[row.customer].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: int(row.place))
    return found


def _among(connection: Connection, wanted: Select[Any], name: str, values: Iterable[str]) -> Iterator[Any]:
    """The rows whose column `name` holds one of many values."""
    dialect, rest = dialect_of(connection.dialect.name), iter(values)
    asked = wanted.where(dialect.among(wanted.selected_columns[name]))
    while some := list(islice(rest, AT_A_TIME)):
        yield from connection.execute(asked, dialect.values(some))


def _use(customer: Customer, number: str) -> NumberUse | None:
    return next((each.use for each in customer.numbers if each.number == number), None)


_USES = {use: place for place, use in enumerate(NumberUse)}


def _rank(customer: Customer, number: str) -> tuple[int, bool, int, str]:
    place = next(at for at, each in enumerate(customer.numbers) if each.number == number)
    return _USES[customer.numbers[place].use], not customer.is_registered, place, customer.id
