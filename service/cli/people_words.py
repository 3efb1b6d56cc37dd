"""How commands show rows of people: their words, and one row on one line."""

from __future__ import annotations

from typing import Any

from service.cli.words import Words


def told_row(row: dict[str, Any] | None, words: Words) -> str:
    """A row of any kind as one line: its columns by name, empty ones left out."""
    if row is None:
        return "–"
    told = ((name, value) for name, value in row.items() if value not in (None, ""))
    return " · ".join(f"{words.get(name)} {_shown(value, words)}" for name, value in told)


def _shown(value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return words.get("yes" if value else "no")
    return str(value)
