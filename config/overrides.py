"""Environment variables that override threerings.toml, under the same checks as the file's keys.

An empty variable counts as not set. A variable that begins THREERINGS_ and is nearly one of these, but is
none, is warned of.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from config.documents import Document
from config.places import KeyPath

PREFIX = "THREERINGS_"

OVERRIDES: dict[str, KeyPath] = {
    "THREERINGS_DATA_DIR": ("data_dir",),
    "THREERINGS_DATABASE_URL": ("database_url",),
    "THREERINGS_ZONE": ("zone",),
    "THREERINGS_COUNTRY": ("country",),
    "THREERINGS_LANGUAGE": ("language",),
    "THREERINGS_POLICY": ("policy",),
    "THREERINGS_HTTP_HOST": ("http", "host"),
    "THREERINGS_HTTP_PORT": ("http", "port"),
    "THREERINGS_HTTP_TOKENS": ("http", "tokens"),
    "THREERINGS_JOURNAL_RETENTION_DAYS": ("journal", "retention_days"),
    "THREERINGS_JOURNAL_COMMIT_MS": ("journal", "commit_ms"),
}

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBERS = frozenset({"port", "retention_days", "commit_ms"})


def apply_overrides(document: Document, environ: Mapping[str, str]) -> None:
    """Put the variables' values in place of the file's, and note in the document where they came from."""
    for variable, path in OVERRIDES.items():
        text = environ.get(variable)
        if text and _put(document.values, path, _value(path, text)):
            document.sources[path] = variable


def override_warnings(environ: Mapping[str, str], named: frozenset[str]) -> list[str]:
    """One line for each variable that looks like a slip; `named` are those that the file itself names."""
    known = {name.removeprefix(PREFIX): name for name in OVERRIDES}
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in {*OVERRIDES, *named})
    near = (
        (name, difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=0.8)) for name in unknown
    )
    found = ((name, known[slip[0]]) for name, slip in near if slip)
    return [f"environment variable {name}: found an unknown name, expected {meant}" for name, meant in found]


def _value(path: KeyPath, text: str) -> str | int:
    return int(text) if path[-1] in _NUMBERS and _WHOLE.fullmatch(text) else text


def _put(values: dict[str, object], path: KeyPath, value: str | int) -> bool:
    """Set a value; False if the file has something else than a table on the way (an error of its own)."""
    table = values
    for part in path[:-1]:
        inner = table.setdefault(str(part), {})
        if not isinstance(inner, dict):
            return False
        table = inner
    table[str(path[-1])] = value
    return True
