"""How values and keys are shown in an error: short, printable, on one line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from config.places import KeyPath

MAX_SHOWN = 60


def shown(value: object) -> str:
    """A value of TOML as an error shows it: short, printable, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{clipped(value)}"'
    if isinstance(value, int):
        return str(value) if value.bit_length() < 128 else "a number of very many digits"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an empty list" if not value else f"a list of {len(value)}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return clipped(str(value))


def clipped(text: str, limit: int = MAX_SHOWN) -> str:
    """A text on one line: what does not print is escaped, what is too long is cut."""
    safe = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text[: limit + 1])
    return safe if len(safe) <= limit else f"{safe[:limit]}…"


def dotted(path: KeyPath) -> str:
    """A key's path as people write it: `version[1].ring.rings`, counting from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{clipped(part)}"
    return text.removeprefix(".")


def one_of(values: Iterable[str]) -> str:
    """The values as a sentence names them."""
    return "one of " + ", ".join(values)
