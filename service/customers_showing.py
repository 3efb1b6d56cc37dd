"""Customers as they are shown and exported: numbers hidden where nobody asked for them, rows that an import reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from schedulers.customers.columns import FIGURES, OWN_FIGURE
from schedulers.customers.differences import as_json
from schedulers.customers.records import TELEPHONE, Customer, Number, NumberUse
from schedulers.customers.texts import write_birthday, write_hours
from schedulers.storage.customer_writing import CustomerChange
from service.dashboard.numerals import mask

COLUMNS = (
    "id", "name", "sort", "number", "branch", "tier", "owner", "zone", "hours", "dialect", "language", "birthday",
    "since", "until", "consent", "do_not_call", "do_not_call_reason", "do_not_call_until",
)  # fmt: skip
"""The columns of an export, before those of figures."""

_PLAIN = ("id", "name", "branch", "tier", "owner", "dialect", "language", "since", "until")


def as_row(customer: Customer, zone: tzinfo) -> dict[str, Any]:
    """A customer as an import reads him again; null where there is nothing."""
    blocked = customer.do_not_call
    return {
        **{name: getattr(customer, name) for name in _PLAIN},
        "sort": customer.sort or None,
        "number": "; ".join(map(_written, customer.numbers)) or None,
        "zone": customer.zone.key if customer.zone else None,
        "hours": write_hours(customer.hours) or None,
        "birthday": write_birthday(customer.birthday) if customer.birthday else None,
        "consent": None if customer.consent is None else _answer(customer.consent),
        "do_not_call": "yes" if blocked else None,
        "do_not_call_reason": (blocked.reason or None) if blocked else None,
        "do_not_call_until": _last(blocked.until, zone) if blocked and blocked.until else None,
        **figure_columns(customer),
    }


def figure_columns(customer: Customer) -> dict[str, int]:
    """His figures by the names of their columns."""
    return {name if name in FIGURES else OWN_FIGURE + name: value for name, value in customer.figures}


def _written(number: Number) -> str:
    """As people wrote it where that may tell an extension, else in E.164; with its label."""
    text = number.written if number.use is NumberUse.SHARED else number.number
    return text if number.label in text else f"{text}({number.label})"


def _answer(flag: bool) -> str:
    return "yes" if flag else "no"


def _last(until: datetime, zone: tzinfo) -> str:
    """The end of a wish: its last day, which is inside, or the instant."""
    local = until.astimezone(zone)
    is_midnight = (local.hour, local.minute, local.second, local.microsecond, local.fold) == (0, 0, 0, 0, 0)
    return f"{local - timedelta(days=1):%Y-%m-%d}" if is_midnight else local.isoformat()


def told(customer: Customer, *, masked: bool) -> dict[str, Any]:
    """A customer in the public shape."""
    shape = as_json(customer)
    return masked_customer(shape) if masked else shape


def masked_customer(shape: Mapping[str, Any]) -> dict[str, Any]:
    """The same with every number hidden; who is known by his number alone has it in his id."""
    numbers = [
        {**each, "number": mask(each["number"]), "written": mask(each["written"])} for each in shape["numbers"]
    ]
    return {**shape, "id": masked_id(shape["id"]), "numbers": numbers}


def masked_id(customer_id: str) -> str:
    """An id without the number that it may hold."""
    number = customer_id.removeprefix(TELEPHONE)
    return customer_id if number == customer_id else f"{TELEPHONE}{mask(number)}"


def told_change(change: CustomerChange, *, masked: bool) -> dict[str, Any]:
    """One line of the trace in the public shape."""
    origin = change.origin
    fields = {name: {"before": before, "after": after} for name, (before, after) in change.fields.items()}
    if masked:
        fields = {
            name: {when: _hidden(name, value) for when, value in pair.items()} for name, pair in fields.items()
        }
    return {
        "at": origin.at.isoformat(timespec="milliseconds"),
        "customer": masked_id(change.customer) if masked else change.customer,
        "what": change.what.value,
        "fields": fields,
        "by": origin.by,
        "reason": origin.reason,
        "file": origin.file,
        "sheet": origin.sheet,
        "row": origin.row,
    }


def _hidden(name: str, value: Any) -> Any:
    if name == "merged" and value is not None:
        return masked_customer(value)
    if name == "numbers":
        return [{**each, "number": mask(each["number"]), "written": mask(each["written"])} for each in value]
    return value
