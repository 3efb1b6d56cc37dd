"""Which part of the board an address asks for: `queue`, `group` and `order`. Pure.

A queue that is not known yet, as every queue in the morning, is no mistake: its row waits for the first caller.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.auth.rights import Seen
from service.dashboard.elements import Order
from service.dashboard.look import Look
from service.dashboard.query import QueryError, choose

KEYS = ("queue", "group", "order")
WALL_KEYS = ("queue", "queues", "group")
MOST, LONGEST = 50, 80


def read_look(query: Mapping[str, str], seen: Seen) -> Look:
    """The look that an address asks for, of what its reader sees. Raises QueryError."""
    return Look(
        seen=seen,
        queues=_names("queue", query) | _names("queues", query),
        groups=_names("group", query),
    )


def read_order(query: Mapping[str, str]) -> Order:
    """In which order agents are listed. Raises QueryError."""
    return choose("order", query, Order) or Order.NUMBER


def _names(key: str, query: Mapping[str, str]) -> frozenset[str]:
    """Names between commas; none chooses all."""
    names = [each.strip() for each in query.get(key, "").split(",") if each.strip()]
    if len(names) > MOST or any(len(each) > LONGEST for each in names):
        raise QueryError(
            key, f"{len(names)} names", f"at most {MOST} names of {LONGEST} characters, between commas"
        )
    return frozenset(names)
