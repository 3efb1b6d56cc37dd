"""Which record belongs to which call of the truth."""

from __future__ import annotations

from collections.abc import Sequence

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
    if apart is None or abs(apart) > START_SLACK:
        return 0.0
    if (
        call["direction"] == "inbound"
        and record.get("direction") == "inbound"
        and not call["customer_withheld"]
        and call["customer"] not in (None, record.get("customer"))
    ):
        return 0.0
    points = 1.0 - abs(apart) / (2 * START_SLACK)
    points += 4.0 * (call["linkedid"] is not None and call["linkedid"] in ids_of(record))
    points += 2.0 * (call["customer"] is not None and call["customer"] == record.get("customer"))
    points += 1.0 * (call["caller"] is not None and call["caller"] == record.get("caller"))
    points += 1.0 * (call["called"] is not None and call["called"] == record.get("called"))
    points += 1.0 * (call["direction"] == record.get("direction"))
    return points if points > 1.5 else 0.0


def ids_of(record: Call) -> set[str]:
    ids = {str(record.get("linkedid")), *map(str, record.get("alias_ids") or ()), str(record.get("call_id"))}
    return ids | {i.split("/", 1)[1] for i in ids if "/" in i}
