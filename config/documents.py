"""A TOML file as read, with the places of its keys and every mistake found in it.

Nothing here raises for any text: what cannot be read is a mistake that names its line.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from config.errors import ConfigError
from config.places import KeyLines, KeyPath
from config.showing import clipped, dotted

MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_PLACE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake: `path` as in the TOML; `found` and `expected` are fit to be shown, on one line."""

    path: KeyPath
    found: str
    expected: str


class Document:
    """A TOML file as read: its values, the places of its keys, and the mistakes noted so far."""

    def __init__(self, place: str, error_type: type[ConfigError]) -> None:
        self.place = clipped(place, MAX_PLACE)
        self.values: dict[str, object] = {}
        self.mistakes: list[Mistake] = []
        self.sources: dict[KeyPath, str] = {}  # keys that came from an environment variable
        self._error_type = error_type
        self._lines = KeyLines("")
        self._syntax_line: int | None = None

    def note(self, path: KeyPath, found: str, expected: str) -> None:
        """Note a mistake at a key."""
        self.mistakes.append(Mistake(path=path, found=found, expected=expected))

    def errors(self) -> list[ConfigError]:
        """All mistakes, in the order of their lines."""
        errors = [self._error(mistake) for mistake in self.mistakes]
        return sorted(errors, key=lambda error: (error.line or 0, error.key))

    def read(self, path: Path) -> None:
        """Read the file; a file that cannot be read, or is not TOML, is noted."""
        try:
            with path.open("rb") as stream:
                content = stream.read(MAX_FILE_BYTES + 1)
        except (OSError, ValueError) as error:
            self.note((), f"no readable file ({getattr(error, 'strerror', None) or error})", "a TOML file")
            return
        self.decode(content)

    def decode(self, content: bytes) -> None:
        """Read a file's bytes."""
        if len(content) > MAX_FILE_BYTES:
            self.note((), f"more than {MAX_FILE_BYTES} bytes", "a TOML file of a reasonable size")
            return
        try:
            self.parse(content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            self._syntax_line = content.count(b"\n", 0, error.start) + 1
            self.note((), "bytes that are not UTF-8", "a TOML file in UTF-8")

    def parse(self, text: str) -> None:
        """Parse a TOML text; numbers with a point become Decimal, so that nothing is a float."""
        try:
            self.values = tomllib.loads(text, parse_float=Decimal)
        except RecursionError:
            self.note((), "tables or arrays nested too deep", "TOML")
        except (ValueError, ArithmeticError) as error:
            self._note_syntax(str(error) or type(error).__name__)
        else:
            self._lines = KeyLines(text)

    def _note_syntax(self, message: str) -> None:
        place = re.search(r"\(at line (\d+), column \d+\)", message)
        self._syntax_line = int(place[1]) if place else None
        self.note((), f"what is not TOML: {clipped(message, 120)}", "TOML")

    def _error(self, mistake: Mistake) -> ConfigError:
        variable = self.sources.get(mistake.path)
        return self._error_type(
            place=f"environment variable {variable}" if variable else self.place,
            line=None if variable else self._line_of(mistake.path),
            key=dotted(mistake.path),
            found=mistake.found,
            expected=mistake.expected,
        )

    def _line_of(self, path: KeyPath) -> int | None:
        return self._lines.line_of(path) if path else self._syntax_line
