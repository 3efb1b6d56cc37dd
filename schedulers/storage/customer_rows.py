"""Customers as rows of their tables, and rows as customers: pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from schedulers.customers.records import TELEPHONE, Birthday, Customer, DoNotCall, Number, NumberUse
from schedulers.customers.texts import read_hours, write_hours
from telephony.clock import from_microseconds, to_microseconds

PLAIN = ("id", "name", "sort", "branch", "tier", "owner", "previous", "dialect", "language", "consent")
"""Columns that hold a field of the record as it is."""

_read_hours = lru_cache(maxsize=1024)(read_hours)


def row_of(customer: Customer, updated_us: int) -> dict[str, Any]:
    """The row of `customers`."""
    birthday, blocked = customer.birthday, customer.do_not_call
    return {
        **{name: getattr(customer, name) for name in PLAIN},
        "zone": customer.zone.key if customer.zone else None,
        "hours": write_hours(customer.hours) or None,
        "birth_month": birthday.month if birthday else None,
        "birth_day": birthday.day if birthday else None,
        "birth_lunar": birthday.lunar if birthday else None,
        "since_on": customer.since,
        "until_on": customer.until,
        "figures": json.dumps(dict(customer.figures), ensure_ascii=False),
        "blocked_reason": blocked.reason if blocked else None,
        "blocked_since_us": to_microseconds(blocked.since) if blocked else None,
        "blocked_until_us": to_microseconds(blocked.until) if blocked and blocked.until else None,
        "updated_us": updated_us,
    }


def number_rows(customer: Customer) -> list[dict[str, Any]]:
    """The rows of `customer_numbers`, the best one first."""
    return [
        {
            "number": each.number,
            "customer": customer.id,
            "place": place,
            "written": each.written,
            "label": each.label,
            "use": each.use.value,
        }
        for place, each in enumerate(customer.numbers)
    ]


def customer_of_row(row: Any, numbers: Iterable[Any]) -> Customer:
    """The customer that a row and the rows of his numbers, in their order, are."""
    return Customer(
        **{name: getattr(row, name) for name in PLAIN},
        numbers=tuple(map(_number, numbers)),
        zone=None if row.zone is None else ZoneInfo(row.zone),
        hours=_read_hours(row.hours) if row.hours else (),
        birthday=None
        if row.birth_month is None
        else Birthday(month=row.birth_month, day=row.birth_day, lunar=bool(row.birth_lunar)),
        since=row.since_on,
        until=row.until_on,
        figures=() if row.figures == "{}" else tuple(sorted(json.loads(row.figures).items())),
        do_not_call=_do_not_call(row),
        is_registered=not row.id.startswith(TELEPHONE),
    )


def _number(row: Any) -> Number:
    return Number(number=row.number, written=row.written, label=row.label, use=NumberUse(row.use))


def _do_not_call(row: Any) -> DoNotCall | None:
    if row.blocked_reason is None:
        return None
    until = row.blocked_until_us
    return DoNotCall(
        reason=row.blocked_reason,
        since=from_microseconds(row.blocked_since_us),
        until=None if until is None else from_microseconds(until),
    )
