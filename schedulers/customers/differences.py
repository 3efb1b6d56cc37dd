"""What differs between two states of one customer, as the trace keeps it and people read it: pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from schedulers.customers.records import Customer, DoNotCall, Number
from schedulers.customers.texts import write_birthday, write_hours

Shown = str | int | bool | None | dict[str, Any] | list[dict[str, Any]]
"""A field as JSON has it."""

Differences = dict[str, tuple[Shown, Shown]]
"""Before and after, by the field's name."""


def as_json(customer: Customer) -> dict[str, Any]:
    """The public shape of a customer: every key is always there, null where unknown."""
    return {
        "id": customer.id,
        "name": customer.name,
        "sort": customer.sort or None,
        "numbers": [_number(each) for each in customer.numbers],
        "branch": customer.branch,
        "tier": customer.tier,
        "owner": customer.owner,
        "previous": customer.previous,
        "zone": customer.zone.key if customer.zone else None,
        "hours": write_hours(customer.hours) or None,
        "dialect": customer.dialect,
        "language": customer.language,
        "birthday": write_birthday(customer.birthday) if customer.birthday else None,
        "since": customer.since.isoformat() if customer.since else None,
        "until": customer.until.isoformat() if customer.until else None,
        "figures": dict(customer.figures),
        "consent": customer.consent,
        "do_not_call": _do_not_call(customer.do_not_call),
        "is_registered": customer.is_registered,
    }


def differences(before: Customer | None, after: Customer) -> Differences:
    """Every field that differs; nothing where there was no customer before: all of him is new."""
    if before is None or before == after:
        return {}
    was, now = as_json(before), as_json(after)
    return {name: (was[name], value) for name, value in now.items() if was[name] != value}


def _number(number: Number) -> dict[str, Any]:
    return {
        "number": number.number,
        "written": number.written,
        "label": number.label or None,
        "use": number.use.value,
    }


def _do_not_call(blocked: DoNotCall | None) -> dict[str, Any] | None:
    if blocked is None:
        return None
    return {"reason": blocked.reason, "since": _instant(blocked.since), "until": _instant(blocked.until)}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="milliseconds")
