"""The sender's JSON put into our words, by the paths of the settings. Pure; what does not fit is named by its path."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.hooks import Hook
from schedulers.errors import RefusedError
from service.desk.events import Event, attribute
from service.hooks.signature import instant_of

_MISSING = object()


def event_of(hook: Hook, told: object, now: datetime, zone: ZoneInfo) -> Event:
    """The event. Raises RefusedError: which path, what is there, what was expected."""
    about = {name: found for name, path in hook.about if (found := _value(told, path)) is not None}
    return Event(
        event=_event(hook, told),
        customer=_text(told, hook.customer),
        key=_text(told, hook.key),
        at=now if hook.at is None else _instant(told, hook.at, zone),
        about=tuple(sorted(about.items())),
        by=None if hook.by is None else _text(told, hook.by),
    )


def value_at(told: object, path: str) -> object:
    """What stands at a path; None where nothing does."""
    found: Any = told
    for part in path.split("."):
        if isinstance(found, dict):
            found = found.get(part, _MISSING)
        elif isinstance(found, list) and part.isdecimal() and part.isascii() and len(part) < 6:
            found = found[int(part)] if int(part) < len(found) else _MISSING
        else:
            found = _MISSING
        if found is _MISSING:
            return None
    return found


def _event(hook: Hook, told: object) -> str:
    if hook.event is not None:
        return hook.event
    path = hook.event_path or ""
    word = _text(told, path)
    ours = dict(hook.events).get(word)
    if ours is None:
        expected = ", ".join(each for each, _ in hook.events)
        raise RefusedError(path, repr(word[:60]), f"one of {expected}")
    return ours


def _text(told: object, path: str) -> str:
    found = value_at(told, path)
    if isinstance(found, bool) or not isinstance(found, str | int) or not str(found).strip():
        raise RefusedError(path, _shown(found), "a text or a whole number there")
    return str(found).strip()


def _instant(told: object, path: str, zone: ZoneInfo) -> datetime:
    text = _text(told, path)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        at = instant_of(text)
    else:
        at = instant_of((read if read.tzinfo else read.replace(tzinfo=zone)).isoformat())
    if at is None:
        raise RefusedError(path, repr(text[:60]), "an instant: seconds since 1970, or 2026-11-02T18:00:00+08:00")
    return at


def _value(told: object, path: str) -> str | int | None:
    """An attribute; what is not there is left out, and so is what is no plain value."""
    found = value_at(told, path)
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, float):
        return int(found) if found.is_integer() and abs(found) < 2**53 else str(found)
    return found if isinstance(found, int) else attribute(found) if isinstance(found, str) and found else None


def _shown(found: object) -> str:
    return "nothing" if found is None else type(found).__name__
