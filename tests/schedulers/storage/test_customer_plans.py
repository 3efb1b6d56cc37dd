"""How both databases look customers up: by indexes, and never by reading all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Engine, text

from schedulers.customers.records import Customer, Number
from schedulers.storage.customer_writing import (
    Origin,
    Spend,
    Write,
    change_customer,
    load_changes,
    merge,
    write,
    write_spend,
)
from schedulers.storage.customers import CustomerFilter, find, load, load_spend, page
from tests.analytics.conftest import BOTH, fresh_store
from tests.analytics.storage.plans import plans, statements

pytestmark = pytest.mark.slow

COUNT = 20_000
ORIGIN = Origin(by="1001", at=datetime(2026, 11, 2, tzinfo=UTC))
GROWING = {"customers", "customer_numbers", "customer_spend", "customer_changes"}
SOME = [f"K{at:06}" for at in range(0, COUNT, 100)]

WORK: dict[str, tuple[Callable[[Connection], object], set[str]]] = {
    "whose number it is": (
        lambda connection: find(connection, ["+8613800000007"]),
        {"customer_numbers_pkey", "customers_pkey", "customer_numbers_customer"},
    ),
    "whose many numbers are": (
        lambda connection: find(connection, [f"+861380000{at:04}" for at in range(200)]),
        {"customer_numbers_pkey", "customers_pkey", "customer_numbers_customer"},
    ),
    "customers by their ids": (
        lambda connection: load(connection, SOME),
        {"customers_pkey", "customer_numbers_customer"},
    ),
    "the next page": (
        lambda connection: page(connection, CustomerFilter(), limit=50, after="K010000"),
        {"customers_pkey", "customer_numbers_customer"},
    ),
    "the next page of a branch": (
        lambda connection: page(connection, CustomerFilter(branch="B7"), limit=50, after="K010000"),
        {"customers_branch"},
    ),
    "the next page of an owner": (
        lambda connection: page(connection, CustomerFilter(owner="1007"), limit=50, after="K010000"),
        {"customers_owner"},
    ),
    "the next page of a tier": (
        lambda connection: page(connection, CustomerFilter(tier="T7"), limit=50, after="K010000"),
        {"customers_tier"},
    ),
    "the customers of a number": (
        lambda connection: page(connection, CustomerFilter(number="+8613800000007"), limit=50),
        {"customer_numbers_pkey"},
    ),
    "what a customer spent": (
        lambda connection: load_spend(connection, "K000007"),
        {"customer_spend_customer"},
    ),
    "a customer's trace": (
        lambda connection: load_changes(connection, "K000007"),
        {"customer_changes_customer"},
    ),
    "a change of one": (
        lambda connection: change_customer(connection, "K000007", ORIGIN, numbers=()),
        {"customers_pkey", "customer_numbers_customer"},
    ),
    "a merge": (
        lambda connection: merge(connection, "K000007", "K000008", ORIGIN),
        {"customers_pkey", "customer_numbers_customer", "customer_spend_customer"},
    ),
}


@pytest.fixture(scope="module", params=BOTH)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store with many customers."""
    with fresh_store(request, tmp_path_factory.mktemp("customers")) as engine:
        with engine.begin() as connection:
            write(connection, [Write(before=None, after=_customer(at), origin=ORIGIN) for at in range(COUNT)])
            write_spend(
                connection,
                [Spend(customer=f"K{at:06}", month="2026-10", fen=at, origin=ORIGIN) for at in range(COUNT)],
            )
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        yield engine


def _customer(at: int) -> Customer:
    number = f"+8613800{at % (COUNT // 2):06}"
    return Customer(
        id=f"K{at:06}",
        numbers=(Number(number=number, written=number),),
        branch=f"B{at % 200}",
        tier=f"T{at % 150}",
        owner=str(1000 + at % 300),
    )


@pytest.mark.parametrize("name", WORK)
def test_customers_are_looked_up_by_indexes(many: Engine, name: str) -> None:
    """Those that are meant for it are used, and no table that grows with customers is read from end to end."""
    work, indexes = WORK[name]
    with many.connect() as connection:
        with statements(many) as sent:
            work(connection)
        assert sent
        connection.rollback()
        found = plans(connection, sent)
        connection.rollback()
    assert found.scanned & GROWING == set()
    assert indexes - found.indexes == set()
