"""What every source of rows gives: batches that can be resumed. Files and databases alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, Protocol

from telephony.pbxlogs.rows import BadRow, LogKind, LogRow


class Batch(NamedTuple):
    """Some rows in the order of the log.

    irrelevant: how many lines were passed over as known to say nothing (blank ones, the heading);
    mark: where to go on after this batch, a text that only the source reads (file and byte, a table's last id).
    """

    rows: list[LogRow]
    bad: list[BadRow]
    irrelevant: int
    mark: str


class LogSource(Protocol):
    """A log that can be read from its beginning or from a mark."""

    kind: LogKind
    name: str  # fit for people: never with a password

    def batches(self, after: str | None = None) -> Iterator[Batch]:
        """What stands in the log beyond a mark, up to its present end. Raises LogError."""
        ...

    def mark_since(self, at: datetime) -> str | None:
        """Where to begin, for one who wants what was written from this time on: somewhat before it rather than after.

        None for the beginning. Raises LogError.
        """
        ...

    def size(self) -> int | None:
        """How much there is in all: bytes of a file (as they stand on disk), rows of a table; None if unknown."""
        ...

    def done(self, mark: str | None) -> int:
        """How much of `size` lies before a mark."""
        ...
