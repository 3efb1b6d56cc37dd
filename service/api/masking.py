"""Customers' numbers and names hidden, for a token that may not see them: in every place where a record holds one."""

from __future__ import annotations

from typing import Any

from service.dashboard.numerals import mask, mask_digits

_NUMBERS = ("caller", "called", "customer", "customer_e164")
_HIDDEN = "****"


def masked_call(call: dict[str, Any]) -> dict[str, Any]:
    """A call record without what tells who the customer is. Extensions and short numbers stay."""
    hidden = {name: _mask(call[name]) for name in _NUMBERS if name in call}
    hidden["caller_name"] = None if call["caller_name"] is None else _HIDDEN
    return {
        **call,
        **hidden,
        "talks": [{**each, "with": [_mask(other) for other in each["with"]]} for each in call["talks"]],
        "transfers": [{**each, "to": _mask(each["to"])} for each in call["transfers"]],
        "ivr": [{**each, "digit": mask_digits(each["digit"])} for each in call["ivr"]],
        # The names of recordings hold numbers.
        "recordings": [{**each, "file": _HIDDEN} for each in call["recordings"]],
    }


def masked_live(call: dict[str, Any]) -> dict[str, Any]:
    """A call of this moment, likewise."""
    return {**call, "customer": _mask(call["customer"])}


def _mask(number: str | None) -> str | None:
    return None if number is None else mask(number)
