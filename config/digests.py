"""A short stable hash of the rules of a policy, so that what was computed by it can be told from what was not.

Made of the values alone: the same rules give the same digest in every process and on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

LENGTH = 16  # hex digits
UNDIGESTED = {"digest": False}
"""Metadata of a field that counts in comparing two records, but changes no figure."""


def digest_of(*values: object) -> str:
    """Sixteen hex digits of SHA-256 over frozen records, enums, instants, texts, numbers, tuples and sets of them.

    Raises TypeError for a value of another kind: a rule must not be left out in silence.
    """
    text = json.dumps([_plain(value) for value in values], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _plain(value: object) -> object:
    """A value as JSON has it, with a word for its kind wherever two kinds could look alike."""
    if is_dataclass(value) and not isinstance(value, type):
        digested = [each for each in fields(value) if each.compare and each.metadata.get("digest", True)]
        shown = {field.name: _plain(getattr(value, field.name)) for field in digested}
        return {"record": type(value).__name__, **shown}
    if value is None or isinstance(value, bool | int | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, AbstractSet):
        return {"set": sorted((_plain(each) for each in value), key=json.dumps)}
    return {type(value).__name__: _moment(value)}


def _moment(value: object) -> object:
    """An instant in UTC, a day, a time of day, microseconds of a duration, a zone's name."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value // timedelta(microseconds=1)
        case ZoneInfo():
            return value.key
        case _:
            raise TypeError(f"digest: found {type(value).__name__}, expected a value of a policy")
