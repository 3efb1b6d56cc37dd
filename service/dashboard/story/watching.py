"""Who listened lately: a recording's first part is put in the audit, and not each of its parts. Pure.

if first.of(key, now): …
"""

from __future__ import annotations

from datetime import datetime, timedelta

from service.dashboard.query import QueryError

WITHIN = timedelta(hours=1)
MOST = 10_000


class Firsts:
    """Remembers keys for an hour, at most so many."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], datetime] = {}

    def of(self, key: tuple[str, ...], now: datetime) -> bool:
        """Whether this key was not seen within the hour; it is from now on."""
        seen = self._seen.get(key)
        if seen is not None and now - seen < WITHIN:
            return False
        self._seen.pop(key, None)
        self._seen[key] = now
        while len(self._seen) > MOST:
            self._seen.pop(next(iter(self._seen)))
        return True


def whole_number(key: str, found: str) -> int:
    """A page's number. Raises QueryError."""
    if not (found.isascii() and found.isdigit() and 0 < len(found) < 7 and int(found) > 0):
        raise QueryError(key, found, "a whole number from 1")
    return int(found)
