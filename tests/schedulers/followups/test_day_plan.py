"""The plan of a day: agreed times first, one contact for several items, the caps kept, the rest told why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from config.followups import Cap
from schedulers.followups.day_lists import Entry, Growing
from schedulers.followups.day_plan import NEVER, Contacts, Items, Place, Placed, place_items

HOUR = 3_600_000_000
START, END = 1000 * HOUR, 1024 * HOUR
TWO_A_DAY = Cap(count=2, span=timedelta(days=1))
CAPS = (TWO_A_DAY, Cap(count=5, span=timedelta(days=7)))


class Item(NamedTuple):
    """One item; hours are counted from the day's beginning."""

    customer: int = 0
    owner: int = 0
    kind: int = 0
    due: int = 20
    agreed: int | None = None
    ready: int | None = 9
    hindered: int = 0
    is_call: bool = True


def us(hours: int | None) -> int:
    """The instant so many hours after the day's beginning."""
    return NEVER if hours is None else START + hours * HOUR


def columns(items: list[Item]) -> Items:
    """Items as columns."""

    def whole(values: Any) -> Any:
        return np.array(list(values), dtype=np.int64)

    return Items(
        customer=whole(each.customer for each in items),
        owner=whole(each.owner for each in items),
        kind=whole(each.kind for each in items),
        due=whole(us(each.due) for each in items),
        agreed=whole(us(each.agreed) for each in items),
        ready=whole(us(each.ready) for each in items),
        hindered=whole(each.hindered for each in items),
        is_call=np.array([each.is_call for each in items], dtype=bool),
    )


def plan(items: list[Item], had: list[tuple[int, int]] = [], caps: tuple[Cap, ...] = CAPS) -> Placed:  # noqa: B006
    """Plan the day; had: contacts before, as customer and hour."""
    contacts = Contacts(
        customer=np.array([customer for customer, _ in had], dtype=np.int64),
        at=np.array([us(hour) for _, hour in had], dtype=np.int64),
    )
    return place_items(columns(items), contacts, caps, START, END)


def told(placed: Placed) -> list[tuple[Place, int | None]]:
    """Each item's place, and the hour of its contact."""
    hours = [None if at == NEVER else (at - START) // HOUR for at in placed.at.tolist()]
    return [(Place(place), hour) for place, hour in zip(placed.place.tolist(), hours, strict=True)]


def test_one_contact_serves_all_of_an_owners_items_that_are_permitted_by_then() -> None:
    """Who is due first leads; what is permitted only later has a contact of its own."""
    placed = plan([Item(due=12, ready=10), Item(due=15, ready=9), Item(due=16, ready=14)])
    assert told(placed) == [(Place.CONTACT, 10), (Place.RIDES, 10), (Place.CONTACT, 14)]
    assert placed.lead.tolist() == [0, 0, 2]


def test_another_owners_item_needs_a_contact_of_its_own() -> None:
    """An agent cannot do what belongs to another; the cap counts both."""
    placed = plan([Item(owner=0), Item(owner=1, due=21), Item(owner=2, due=22)])
    assert told(placed) == [(Place.CONTACT, 9), (Place.CONTACT, 9), (Place.CAP, None)]


def test_an_agreed_time_comes_first_at_its_time_and_others_ride_along_unless_that_makes_them_late() -> None:
    """What is due before the agreed time is called for on its own."""
    items = [Item(due=30), Item(due=15, agreed=15, ready=15), Item(due=12)]
    assert told(plan(items)) == [(Place.RIDES, 15), (Place.CONTACT, 15), (Place.CONTACT, 9)]


def test_the_cap_across_kinds_wins_over_the_due_time_and_what_rode_along_waits_too() -> None:
    """Contacts made before count for as long as their cap is wide, to the microsecond."""
    items = [Item(due=10), Item(due=11, kind=1)]
    assert told(plan(items, [(0, -1), (0, -2)])) == [(Place.CAP, None), (Place.CAP, None)]
    assert told(plan(items, [(0, -1), (0, -15)])) == [(Place.CONTACT, 9), (Place.RIDES, 9)]
    assert told(plan(items, [(1, -1), (1, -2)])) == [(Place.CONTACT, 9), (Place.RIDES, 9)]
    week = [(0, -30), (0, -50), (0, -70), (0, -90), (0, -110)]
    assert told(plan(items, week)) == [(Place.CAP, None), (Place.CAP, None)]


def test_an_agreed_time_goes_before_the_cap_and_counts_for_the_others() -> None:
    """It is the customer's own wish."""
    items = [Item(agreed=15, due=15, ready=15), Item(owner=1)]
    assert told(plan(items, [(0, -1), (0, -2)])) == [(Place.CONTACT, 15), (Place.CAP, None)]


def test_what_cannot_be_reached_today_says_why() -> None:
    """And is never a part of a contact."""
    items = [
        Item(due=5, ready=None),
        Item(due=5, ready=24),
        Item(hindered=Place.WAITS),
        Item(hindered=Place.NO_NUMBER),
        Item(due=6, ready=23),
    ]
    why = [Place.NO_WINDOW, Place.NO_WINDOW, Place.WAITS, Place.NO_NUMBER]
    assert told(plan(items)) == [*((each, None) for each in why), (Place.CONTACT, 23)]


def test_what_needs_no_call_is_neither_capped_nor_a_contact() -> None:
    """An answer that is written today leaves the customer's calls as they are."""
    items = [Item(is_call=False), Item(due=21), Item(due=22, is_call=False, ready=23)]
    assert told(plan(items, [(0, -1)])) == [(Place.DESK, 9), (Place.CONTACT, 9), (Place.DESK, 23)]
    assert told(plan(items, [(0, -1), (0, -2)])) == [(Place.DESK, 9), (Place.CAP, None), (Place.DESK, 23)]


def test_the_list_of_an_owner_is_in_the_order_of_work() -> None:
    """Agreed times, then by due time and kind; what rides along follows its contact, and the rest comes last."""
    items = [
        Item(customer=0, due=20, kind=1),
        Item(customer=1, due=20, kind=0),
        Item(customer=1, due=30, kind=0),
        Item(customer=2, due=18, agreed=18, ready=18),
        Item(customer=3, due=2, ready=None),
        Item(customer=4, due=19, owner=1),
    ]
    growing = Growing()
    growing.add(np.array([b"a", b"b", b"c"]), columns(items[:3]), plan(items[:3]))
    growing.add(np.array([b"d", b"e", b"f"]), columns(items[3:]), plan(items[3:]))
    lists = growing.finish(["1001", "1002"])
    assert [(each.id, each.lead, each.place) for each in lists.of("1001")] == [
        ("d", "d", Place.CONTACT),
        ("b", "b", Place.CONTACT),
        ("c", "b", Place.RIDES),
        ("a", "a", Place.CONTACT),
        ("e", None, Place.NO_WINDOW),
    ]
    assert [*lists.of("1002")] == [
        Entry(id="f", place=Place.CONTACT, due_us=us(19), at_us=us(9), lead="f", is_agreed=False)
    ]
    assert [*lists.of("1009")] == []
    assert lists.counts()[Place.CONTACT] == 4
    assert len(lists) == 6


def test_a_day_without_anything_is_empty() -> None:
    """Nobody has a list."""
    assert len(Growing().finish([])) == 0


HOURS = st.integers(0, 30)
ITEMS = st.lists(
    st.builds(
        Item,
        customer=st.integers(0, 3),
        owner=st.integers(0, 2),
        kind=st.integers(0, 2),
        due=st.integers(-5, 40),
        agreed=st.none() | HOURS,
        ready=st.none() | st.integers(-5, 30),
        hindered=st.sampled_from([0, 0, 0, Place.MUST_DECIDE]),
        is_call=st.sampled_from([True, True, True, False]),
    ),
    max_size=25,
).map(lambda items: sorted(items, key=lambda each: each.customer))
HAD = st.lists(st.tuples(st.integers(0, 3), st.integers(-200, -1)), max_size=12)


@given(items=ITEMS, had=HAD)
def test_a_plan_is_that_of_a_naive_planner(items: list[Item], had: list[tuple[int, int]]) -> None:
    """One customer after the other, with lists and loops."""
    assert told(plan(items, had)) == naive(items, had)


@given(items=ITEMS, had=HAD)
def test_no_cap_is_exceeded_whatever_is_owed(items: list[Item], had: list[tuple[int, int]]) -> None:
    """At each planned contact that was not agreed, the contacts of the span before it are within every cap."""
    placed = plan(items, had)
    made = [
        (each.customer, int((at - START) // HOUR), bool(agreed))
        for each, place, at, agreed in zip(items, placed.place, placed.at, placed.is_agreed, strict=True)
        if place == Place.CONTACT
    ]
    for customer, hour, agreed in made:
        past = [at for other, at in had if other == customer]
        past += [at for other, at, _ in made if other == customer and at <= hour]
        for cap in CAPS:
            span = int(cap.span.total_seconds()) // 3600
            assert agreed or sum(hour - span < at <= hour for at in past) <= cap.count


def naive(items: list[Item], had: list[tuple[int, int]]) -> list[tuple[Place, int | None]]:
    """The same plan, as one would say it."""
    found: dict[int, tuple[Place, int | None]] = {}
    for customer in {each.customer for each in items}:
        past = [hour for other, hour in had if other == customer]
        contacts: list[tuple[int, int, bool]] = []  # owner, hour, whether it is made
        mine = [(number, each) for number, each in enumerate(items) if each.customer == customer]
        for number, each in sorted(mine, key=lambda told: urgency(told[1])):
            hour = moment(each)
            if each.hindered or hour >= 24:
                found[number] = (Place(each.hindered or Place.NO_WINDOW), None)
                continue
            if not each.is_call:
                found[number] = (Place.DESK, hour)
                continue
            of_owner = [(at, made) for owner, at, made in contacts if owner == each.owner and rides(each, at)]
            if of_owner:
                at, made = of_owner[0]
                found[number] = (Place.RIDES, at) if made else (Place.CAP, None)
                continue
            planned = sum(made for _, _, made in contacts)
            fits = all(
                planned + sum(at > hour - int(cap.span.total_seconds()) // 3600 for at in past) < cap.count
                for cap in CAPS
            )
            contacts.append((each.owner, hour, fits or is_agreed(each)))
            found[number] = (Place.CONTACT, hour) if contacts[-1][2] else (Place.CAP, None)
    return [found[number] for number in range(len(items))]


def is_agreed(item: Item) -> bool:
    """Whether its agreed time is still to come."""
    return item.agreed is not None and item.agreed >= 0


def moment(item: Item) -> int:
    """When it would be called for."""
    if item.agreed is not None and item.agreed >= 0:
        return item.agreed
    return 99 if item.ready is None else max(item.ready, 0)


def urgency(item: Item) -> tuple[bool, int, int]:
    """The order of work."""
    return not is_agreed(item), moment(item) if is_agreed(item) else item.due, item.kind


def rides(item: Item, at: int) -> bool:
    """Whether a contact at this hour serves it."""
    if is_agreed(item):
        return moment(item) == at
    return moment(item) <= at and (item.due >= at or item.due < moment(item))
