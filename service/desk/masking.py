"""Customers' numbers hidden in what is told of follow-ups: in fields, in ids, and within words."""

from __future__ import annotations

import re

from schedulers.customers.records import TELEPHONE
from service.dashboard.numerals import mask

_NUMBER = re.compile(r"\+?\d{7,}")


def masked_number(number: str | None) -> str | None:
    """A number with its middle hidden; None stays."""
    return None if number is None else mask(number)


def masked_text(text: str) -> str:
    """Words with every number of seven digits or more hidden, whatever it is of: better one too many."""
    return _NUMBER.sub(lambda found: mask(found[0]), text)


def masked_customer(customer_id: str) -> str:
    """A customer's id; where it is made of his number, that is hidden. A register's own ids stay."""
    if not customer_id.startswith(TELEPHONE):
        return customer_id
    return TELEPHONE + mask(customer_id.removeprefix(TELEPHONE))
