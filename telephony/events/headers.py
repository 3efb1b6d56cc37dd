"""Reading headers out of a packet's text: the first value of each, quickly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from telephony.errors import EventError
from telephony.events.records import PbxEvent

Decode = Callable[[str, datetime], PbxEvent | None]
"""Reads one packet's text; None if it says nothing after all. Raises EventError."""

_EMPTY = frozenset({"<unknown>", "<none>"})
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def keys(*names: str) -> tuple[str, ...]:
    """Search strings for headers, best in the order in which Asterisk sends them."""
    return tuple(f"\r\n{name}: " for name in names)


def fields(text: str, wanted: tuple[str, ...]) -> list[str]:
    """The first value of each header, '' where it is absent or one of Asterisk's words for nothing."""
    values = []
    at = 0
    for key in wanted:
        start = text.find(key, at)
        if start < 0:
            start = text.find(key)
            if start < 0:
                values.append("")
                continue
        start += len(key)
        at = text.find("\r\n", start)
        if at < 0:
            at = len(text)
        value = text[start:at]
        values.append("" if value in _EMPTY else value)
    return values


def demand(text: str, **values: str) -> None:
    """Raise for the first of these headers that is empty."""
    for name, value in values.items():
        if not value:
            raise unreadable(text, f"found no {name}, expected one")


def whole(text: str, name: str, value: str) -> int:
    """A whole number, 0 if absent."""
    if not value:
        return 0
    try:
        return int(value)
    except ValueError:
        raise unreadable(text, f"{name} is no whole number") from None


def unreadable(text: str, what: str) -> EventError:
    """The error of a packet that lacks what it must have."""
    name = text[7:].partition("\r\n")[0]
    return EventError(f"{name}: {what}", text.encode("utf-8", "surrogateescape"))


def unescaped(name: str) -> str:
    """A person's name as it was before Asterisk C-escaped it."""
    if "\\" not in name:
        return name
    return _ESCAPE.sub(lambda found: _UNESCAPED.get(found[1], found[1]), name)
