"""What one would write first: all open follow-ups in dictionaries, customer by customer, one row after the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, text

from schedulers.followups.day_plan import Place
from schedulers.storage.planning import Day
from telephony.clock import to_microseconds

_HINDERED = {"must_decide": Place.MUST_DECIDE, "no_number": Place.NO_NUMBER}


def plan_plainly(connection: Connection, day: Day) -> tuple[dict[str, list[str]], dict[Place, int]]:
    """The ids of each owner's list in their order, and how many items stand where."""
    start, end = to_microseconds(day.start), to_microseconds(day.end)
    kinds = {kind: place for place, kind in enumerate(day.kinds)}
    had: dict[str, list[int]] = defaultdict(list)
    for customer, at in connection.execute(text("SELECT customer, at_us FROM customer_contacts")):
        had[customer].append(at)
    of_customers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    wanted = text(
        "SELECT id, customer, owner, kind, due_us, agreed_us, ready_us, obstacle, reached_call FROM follow_ups "
        "WHERE state = 'open'"
    )
    for row in connection.execute(wanted).mappings():
        item = dict(row)
        item["is_agreed"] = item["agreed_us"] is not None and item["agreed_us"] >= start
        item["at"] = item["agreed_us"] if item["is_agreed"] else max(item["ready_us"] or end, start)
        if min(item["ready_us"] or end, item["due_us"]) < end:
            of_customers[item["customer"]].append(item)
    lists: dict[str, list[tuple[Any, str]]] = defaultdict(list)
    counts: Counter[Place] = Counter()
    for customer, items in of_customers.items():
        items.sort(key=lambda item: (not item["is_agreed"], _urgency(item), kinds[item["kind"]], _place(item)))
        _plan(items, had[customer], day, kinds, end, lists, counts)
    plans = {owner: [id_ for _, id_ in sorted(told, key=lambda each: each[0])] for owner, told in lists.items()}
    return plans, {place: counts[place] for place in Place}


def _urgency(item: dict[str, Any]) -> int:
    return int(item["at"] if item["is_agreed"] else item["due_us"])


def _place(item: dict[str, Any]) -> tuple[Any, ...]:
    """What decides between items that are alike otherwise."""
    return item["customer"], item["ready_us"] or 0, item["due_us"], item["id"]


def _plan(
    items: list[dict[str, Any]],
    had: list[int],
    day: Day,
    kinds: dict[str, int],
    end: int,
    lists: dict[str, list[tuple[Any, str]]],
    counts: Counter[Place],
) -> None:
    """The contacts of one customer."""
    contacts: list[tuple[str, int, bool, tuple[Any, ...]]] = []
    for item in items:
        place, turn = Place.NO_WINDOW, (True,)
        if item["reached_call"] is not None:
            place = Place.WAITS
        elif item["obstacle"] in _HINDERED:
            place = _HINDERED[item["obstacle"]]
        elif item["at"] < end:
            served = [each for each in contacts if each[0] == item["owner"] and _rides(item, each[1])]
            if served:
                place = Place.RIDES if served[0][2] else Place.CAP
                turn = served[0][3] if served[0][2] else turn
            else:
                fits = item["is_agreed"] or _fits(item["at"], had, sum(each[2] for each in contacts), day)
                own = (False, not item["is_agreed"], _urgency(item), kinds[item["kind"]], *_place(item))
                contacts.append((item["owner"], item["at"], fits, own))
                place, turn = (Place.CONTACT, own) if fits else (Place.CAP, turn)
        counts[place] += 1
        lists[item["owner"]].append(((turn, place.value, item["due_us"], _place(item)), item["id"]))


def _rides(item: dict[str, Any], at: int) -> bool:
    if item["is_agreed"]:
        return bool(item["at"] == at)
    return item["at"] <= at and (item["due_us"] >= at or item["due_us"] < item["at"])


def _fits(at: int, had: list[int], planned: int, day: Day) -> bool:
    return all(
        planned + sum(each > at - int(cap.span.total_seconds()) * 1_000_000 for each in had) < cap.count
        for cap in day.caps
    )
