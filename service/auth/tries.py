"""How often an address tried what was not valid: after so many tries in a minute it waits. Pure."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

TRIES = 10
SPAN = timedelta(minutes=1)
MAX_ADDRESSES = 10_000
"""So many are remembered; the one that tried longest ago is forgotten first."""


class Tries:
    """Failed tries of the last minute, by address."""

    def __init__(self) -> None:
        self._failed: dict[str, deque[datetime]] = {}

    def wait(self, address: str, now: datetime) -> timedelta:
        """How long this address must wait; nothing where it may try."""
        recent = self._failed.get(address)
        while recent and recent[0] <= now - SPAN:
            recent.popleft()
        if not recent:
            self._failed.pop(address, None)
            return timedelta(0)
        return recent[0] + SPAN - now if len(recent) >= TRIES else timedelta(0)

    def note(self, address: str, now: datetime) -> None:
        """A try that failed."""
        recent = self._failed.pop(address, None) or deque(maxlen=TRIES)
        recent.append(now)
        self._failed[address] = recent
        if len(self._failed) > MAX_ADDRESSES:
            self._failed.pop(next(iter(self._failed)))
