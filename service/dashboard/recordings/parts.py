"""What a page is told of a recording's file beside its sound: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from analytics.recordings.values import Marks, Span
from analytics.storage.recording_rows import FileRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """When a file was destroyed, and the certificate that tells of it; None: its list is not at its end yet."""

    at: datetime
    certificate: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileParts:
    """A file with whose talk lies where, and where to jump to. `names`: of agents, by their ids."""

    file: FileRow
    spans: tuple[Span, ...] = ()
    marks: Marks | None = None
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    destroyed: Destroyed | None = None

    def name(self, agent: str) -> str:
        """An agent as people call him."""
        return self.names.get(agent) or agent
