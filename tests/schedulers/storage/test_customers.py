"""Customers in the store: written with their trace, found by id and number, merged, and read page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine

from config.calendars import OpenSpan
from schedulers.customers.records import Birthday, Customer, DoNotCall, Number, NumberUse
from schedulers.errors import CustomersError
from schedulers.storage.customer_writing import (
    Origin,
    Spend,
    What,
    Write,
    change_customer,
    load_changes,
    merge,
    write,
    write_spend,
)
from schedulers.storage.customers import (
    CustomerFilter,
    best_of_branches,
    find,
    iterate,
    load,
    load_spend,
    page,
    whose,
)

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
ORIGIN = Origin(by="王娜", at=AT, file="customers.xlsx", sheet="客户", row=7)
MOBILE, OFFICE = "+8613800138000", "+862188886666"
WHOLE = Customer(
    id="K1",
    name="李强",
    sort="dealer",
    numbers=(Number(number=MOBILE, written="138 0013 8000", label="mobile"), Number(number=OFFICE, written=OFFICE)),
    branch="north",
    tier="core",
    owner="1001",
    previous="1002",
    zone=ZoneInfo("Asia/Urumqi"),
    hours=(OpenSpan(opens=time(10), closes=time(14)), OpenSpan(opens=time(16), closes=None)),
    dialect="sichuan",
    language="zh",
    birthday=Birthday(month=8, day=15, lunar=True),
    since=date(2024, 2, 29),
    until=date(2027, 1, 1),
    figures=(("assets", 300_000), ("spend", 12)),
    consent=False,
    do_not_call=DoNotCall(reason="asked", since=AT, until=datetime(2027, 1, 1, tzinfo=UTC)),
)


def customer(id_: str, *numbers: str, use: NumberUse = NumberUse.OWN, **fields: Any) -> Customer:
    """A customer with these numbers."""
    told = tuple(Number(number=each, written=each, use=use) for each in numbers)
    return Customer(id=id_, numbers=told, is_registered=not id_.startswith("tel:"), **fields)


def added(connection: Connection, *told: Customer) -> None:
    """Write new customers."""
    write(connection, [Write(before=None, after=each, origin=ORIGIN) for each in told])


def test_a_customer_is_read_as_he_was_written(store: Engine) -> None:
    """Every field of the record, with his numbers in their order."""
    with store.begin() as connection:
        added(connection, WHOLE, customer("K2"))
        assert load(connection, ["K1", "K2", "K3"]) == {"K1": WHOLE, "K2": customer("K2")}


def test_to_write_the_same_again_changes_nothing_and_leaves_no_trace(store: Engine) -> None:
    """Only what differs is written, and the trace tells it with who, when and from which row."""
    after = replace(WHOLE, owner="1009", numbers=WHOLE.numbers[:1])
    with store.begin() as connection:
        added(connection, WHOLE)
        assert write(connection, [Write(before=WHOLE, after=WHOLE, origin=ORIGIN)]) == 0
        assert write(connection, [Write(before=WHOLE, after=after, origin=ORIGIN)]) == 1
        assert load(connection, ["K1"])["K1"] == after
        first, second = load_changes(connection, "K1")
    assert (first.what, first.fields, first.origin) == (What.ADDED, {}, ORIGIN)
    assert second.what is What.CHANGED
    assert set(second.fields) == {"owner", "numbers"}
    assert second.fields["owner"] == ("1001", "1009")


def owner_of(connection: Connection, number: str) -> Customer | None:
    """Whose own a number is."""
    return whose(find(connection, [number]).get(number, ()), number)


def test_the_likeliest_customer_of_a_number_comes_first(store: Engine) -> None:
    """Whose own it is before whom it was wrong for, who is registered before who is not, the best number first."""
    wrong, unknown = customer("K0", MOBILE, use=NumberUse.WRONG), customer(f"tel:{MOBILE}", MOBILE)
    second, best = customer("K1", OFFICE, MOBILE), customer("K2", MOBILE)
    with store.begin() as connection:
        added(connection, wrong, unknown, second, best)
        found = find(connection, [MOBILE, "nobody"])
        assert [each.id for each in found[MOBILE]] == ["K2", "K1", f"tel:{MOBILE}", "K0"]
        assert "nobody" not in found
        assert owner_of(connection, MOBILE) == best


@pytest.mark.parametrize("use", [NumberUse.SHARED, NumberUse.WRONG])
def test_a_number_of_nobodys_own_finds_nobody(store: Engine, use: NumberUse) -> None:
    """Behind a switchboard there are many, and who a wrong number belongs to is not known."""
    with store.begin() as connection:
        added(connection, customer("K1", OFFICE, use=use))
        assert owner_of(connection, OFFICE) is None
        assert owner_of(connection, MOBILE) is None
        assert [each.id for each in find(connection, [OFFICE])[OFFICE]] == ["K1"]


def test_the_id_of_a_merged_customer_finds_the_other_for_good(store: Engine) -> None:
    """Through two merges; numbers and spend move, what was not known is filled, and the trace holds who went."""
    kept = customer("K2", OFFICE, consent=True)
    with store.begin() as connection:
        added(connection, WHOLE, kept, customer("K3", MOBILE))
        spends = [Spend(customer=id_, month="2026-10", fen=7, origin=ORIGIN) for id_ in ("K1", "K2")]
        write_spend(connection, spends)
        merge(connection, "K1", "K2", ORIGIN)
        merge(connection, "K2", "K3", ORIGIN)
        found = load(connection, ["K1", "K2", "K3"])
        assert {each.id for each in found.values()} == {"K3"}
        united = found["K1"]
        assert [each.number for each in united.numbers] == [MOBILE, OFFICE]
        assert (united.name, united.owner, united.consent) == ("李强", "1001", False)
        assert united.do_not_call == WHOLE.do_not_call
        assert united.until is None
        assert load_spend(connection, "K3") == {"2026-10": 14}
        assert owner_of(connection, OFFICE) == united
        changes = load_changes(connection, "K3")
        went = [each.fields["merged"][0] for each in changes if each.what is What.MERGED]
    assert [one["id"] for one in went if isinstance(one, dict)] == ["K1", "K2"]
    assert [each.what for each in changes if each.customer == "K1"] == [What.ADDED, What.SPENT]


@pytest.mark.parametrize(("source", "target"), [("K1", "K9"), ("K9", "K1"), ("K1", "K1")])
def test_a_merge_needs_two_customers(store: Engine, source: str, target: str) -> None:
    """One who is not stored, or the same one twice, is refused and nothing is changed."""
    with store.begin() as connection:
        added(connection, WHOLE)
        with pytest.raises(CustomersError, match=r"found .*, expected"):
            merge(connection, source, target, ORIGIN)
        assert load(connection, ["K1"]) == {"K1": WHOLE}


def test_a_field_is_changed_by_any_id_that_the_customer_ever_had(store: Engine) -> None:
    """A wish not to be called, with its reason on record."""
    blocked = DoNotCall(reason="asked by letter", since=AT)
    with store.begin() as connection:
        added(connection, customer("K1", MOBILE), customer("K2"))
        merge(connection, "K1", "K2", ORIGIN)
        assert change_customer(connection, "K1", ORIGIN, do_not_call=blocked).id == "K2"
        assert load(connection, ["K2"])["K2"].do_not_call == blocked
        with pytest.raises(CustomersError):
            change_customer(connection, "K9", ORIGIN, do_not_call=None)


def test_pages_tell_every_customer_once_by_id(store: Engine) -> None:
    """However many a page has; filters choose by branch, tier, owner and number."""
    told = [
        customer(f"K{at:03}", f"+8613800138{at:03}", branch="ab"[at % 2], tier="xyz"[at % 3]) for at in range(25)
    ]
    with store.begin() as connection:
        added(connection, *reversed(told))
        assert [each for some in iterate(connection, at_a_time=4) for each in some] == told
        some = page(connection, CustomerFilter(branch="a", tier="y"), limit=3, after="K004")
        assert [each.id for each in some] == ["K010", "K016", "K022"]
        assert page(connection, CustomerFilter(number="+8613800138007"), limit=9) == [told[7]]
        assert page(connection, CustomerFilter(owner="1001"), limit=9) == []


def test_the_best_of_each_branch_are_those_who_spent_most(store: Engine) -> None:
    """Over some months together; of equal ones the lower id, and nobody who spent nothing or has no branch."""
    spent = {"K1": (5, 5), "K2": (9, 1), "K3": (0, 11), "K4": (0, 0), "K5": (3, 0)}
    branches = {"K1": "north", "K2": "north", "K3": "north", "K4": "south", "K5": None}
    with store.begin() as connection:
        added(connection, *(customer(id_, branch=branch) for id_, branch in branches.items()))
        months = ("2026-09", "2026-10")
        write_spend(
            connection,
            [
                Spend(customer=id_, month=month, fen=fen, origin=ORIGIN)
                for id_, fens in spent.items()
                for month, fen in zip(months, fens, strict=True)
            ],
        )
        assert best_of_branches(connection, months, 2) == {"north": ("K3", "K1")}
        assert best_of_branches(connection, ["2026-09"], 9) == {"north": ("K2", "K1")}
        corrected = Spend(customer="K4", month="2026-09", fen=1, origin=ORIGIN)
        assert write_spend(connection, [corrected]) == 1
        assert write_spend(connection, [corrected]) == 0
        assert best_of_branches(connection, ["2026-09"], 1) == {"north": ("K2",), "south": ("K4",)}
