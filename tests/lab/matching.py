"""Which record belongs to which call of the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.lab.instants import seconds_between
from tests.lab.truth import Call

START_SLACK = 3.0  # a record further than this (seconds) from its call's start is another call


def match(records: Sequence[Call], truth: Sequence[Call]) -> list[Call | None]:
    """For each call of the truth its record; the best candidates are given away first."""
    scored = [(score(call, record), i, j) for i, call in enumerate(truth) for j, record in enumerate(records)]
    by_call: dict[int, int] = {}
    taken: set[int] = set()
    for points, i, j in sorted(scored, key=lambda item: -item[0]):
        if points > 0 and i not in by_call and j not in taken:
            by_call[i] = j
            taken.add(j)
    return [records[by_call[i]] if i in by_call else None for i in range(len(truth))]


def score(call: Call, record: Call) -> float:
    """How much a record looks like this call; 0: not at all."""
    apart = seconds_between(call["started_at"], record["started_at"])
    if apart is None or abs(apart) > START_SLACK or another_customer(call, record):
        return 0.0
    points = 1.0 - abs(apart) / (2 * START_SLACK)
    points += 4.0 * (call["linkedid"] is not None and call["linkedid"] in ids_of(record))
    points += 2.0 * (call["customer"] is not None and agrees(call["customer"], record.get("customer")))
    points += 1.0 * (call["caller"] is not None and agrees(call["caller"], record.get("caller")))
    points += 1.0 * (call["called"] is not None and call["called"] == record.get("called"))
    points += 1.0 * (call["direction"] == record.get("direction"))
    return points if points > 1.5 else 0.0


def another_customer(call: Call, record: Call) -> bool:
    """Customers who call have a number of their own in the lab, so a different one is a different call."""
    inbound = call["direction"] == record.get("direction") == "inbound"
    return inbound and call["customer"] is not None and not agrees(call["customer"], record.get("customer"))


def agrees(expected: Any, found: Any) -> bool:
    """The same, or one of several permitted values."""
    return found in expected if isinstance(expected, list) else bool(expected == found)


def ids_of(record: Call) -> set[str]:
    ids = {str(record.get("linkedid")), *map(str, record.get("alias_ids") or ()), str(record.get("call_id"))}
    return ids | {i.split("/", 1)[1] for i in ids if "/" in i}
