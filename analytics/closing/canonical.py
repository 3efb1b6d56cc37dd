"""Values as one text, the same on every machine: what is frozen, and what digests are made of.

JSON in UTF-8 with sorted keys, without spaces, where a number is written in full with the decimals that it has: 59.5,
never 59.50000000000001 or 5e-05.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from analytics.errors import ClosingError
from config.policies import Policy

_SECOND_US = 1_000_000


def canonical(value: Any) -> str:
    """None, booleans, numbers, texts, lists and mappings of them as canonical JSON.

    Raise ClosingError for anything else, and for numbers that are not finite.
    """
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (int, float, Decimal)):
        return plain_number(as_decimal(value))
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(canonical, value)) + "]"
    raise ClosingError(f"figures: found a {type(value).__name__}, expected a number, a text, true, false or null")


def read_canonical(text: str) -> Any:
    """What `canonical` wrote; every number is a Decimal, so that nothing is lost. Raise ValueError."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_decimal(value: float | Decimal) -> Decimal:
    """A number with the decimals that it is shown with: of a float the shortest that lead back to it."""
    if isinstance(value, Decimal):
        finite, exact = value.is_finite(), value
    elif isinstance(value, float):
        finite, exact = isfinite(value), Decimal(float.__repr__(value))
    else:
        finite, exact = True, Decimal(value)
    if not finite:
        raise ClosingError(f"figures: found the number {exact}, expected a finite one")
    return exact


def plain_number(value: Decimal) -> str:
    """In full, without exponent and without zeros at the end of its decimals; zero has no sign."""
    text = f"{value:f}"
    shortened = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if shortened in {"-0", ""} else shortened


def policy_rules(policy: Policy) -> str:
    """All that a policy says, with the people whom it names, as canonical JSON: spans in seconds, instants in UTC."""
    return canonical(_plain(policy))


def _plain(value: Any) -> Any:
    """What is not compared is made of the rest, and no rule."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.compare}
    if isinstance(value, timedelta):
        return Decimal(value // timedelta(microseconds=1)) / _SECOND_US
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(each) for each in value), key=canonical)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _text(value: str) -> str:
    """Escaped whole where UTF-8 cannot hold it."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text
