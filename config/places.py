"""Where a key stands in a TOML text, so that an error can name its line.

The reader of TOML gives values without places. This looks for the lines of keys and table headers only; it
need not be exact for odd texts, since a line is a help and never decides anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"^\s*({_DOTTED})\s*=")
_EACH = re.compile(_PART)
_QUOTES = re.compile(r'"""|\'\'\'')


class KeyLines:
    """The line of each key of one TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}
        table: KeyPath = ()
        for number, line in _plain_lines(text):
            if header := _HEADER.match(line):
                table = self._table(header[1], _parts(header[2]))
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_parts(key[1])), number)

    def line_of(self, path: KeyPath) -> int | None:
        """The line of this key, or of the nearest table around it that has one; None if none has."""
        for length in range(len(path), 0, -1):
            if line := self._lines.get(path[:length]):
                return line
        return None

    def _table(self, bracket: str, parts: KeyPath) -> KeyPath:
        """The path of a header's table; [[a]] counts up, and [a.b] after it belongs to the last a."""
        path: KeyPath = ()
        for part in parts[:-1]:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path])
        path = (*path, parts[-1])
        if bracket == "[":
            return path
        self._counts[path] = self._counts.get(path, -1) + 1
        return (*path, self._counts[path])


def _plain_lines(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines that do not lie inside a multi-line string."""
    closing: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if closing is None:
            yield number, line
        for quotes in _QUOTES.findall(line):
            if closing is None:
                closing = quotes
            elif quotes == closing:
                closing = None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in _EACH.findall(dotted))
