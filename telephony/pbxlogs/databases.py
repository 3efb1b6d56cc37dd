"""Placeholder until the real module is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from telephony.errors import LogError
from telephony.pbxlogs.log_source import Batch
from telephony.pbxlogs.rows import LogKind


class DatabaseLog:
    """To be written."""

    def __init__(
        self,
        kind: LogKind,
        url: str,
        *,
        zone: tzinfo | None = None,
        preferred: tzinfo | None = None,
        table: str | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        self.kind = kind
        self.name = "database"
        raise LogError("databases: not yet")

    def batches(self, after: str | None = None) -> Iterator[Batch]:
        """Nothing."""
        raise LogError("databases: not yet")

    def size(self) -> int | None:
        """Nothing."""
        return None

    def done(self, mark: str | None) -> int:
        """Nothing."""
        return 0
