"""Whole calls into the database, in batches; each batch is one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Engine

from analytics.storage.dialects import dialect_of
from analytics.storage.ingest import Ingester, ReplaceCount
from analytics.storage.repairs import Rebuilding, Replacing, sources_of
from service.importing.gathering import Whole

CALLS_AT_ONCE = 500
SMALL_CACHE = "PRAGMA cache_size = -16384"
"""History comes in order of time: few pages of SQLite's indexes are touched at once, and memory is to stay small."""


class Storer:
    """Stores calls of the past; what was heard whole from the stream, or told by more kinds of logs, stays."""

    def __init__(self, engine: Engine, pbx: str) -> None:
        self._engine = engine
        self._pbx = pbx
        self._ingester = Ingester(dialect_of(engine.dialect.name))

    def store(self, calls: Sequence[Whole]) -> ReplaceCount:
        """Store these in one transaction."""
        by_sources: dict[str, list[Whole]] = {}
        for each in calls:
            by_sources.setdefault(sources_of(kind.value for kind in each.kinds), []).append(each)
        counts = []
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql(SMALL_CACHE)
            for sources, group in by_sources.items():
                facts = [fact for each in group for fact in each.facts]
                how = Rebuilding(sources=sources, parts=self._parts(group))
                counts.append(self._ingester.import_calls(connection, facts, how))
        return total(counts)

    def _parts(self, calls: Sequence[Whole]) -> dict[str, str]:
        ids = {each.call_id for each in calls}
        parts = {f"{self._pbx}/{channel}": each.call_id for each in calls for channel in each.channels}
        return {part: into for part, into in parts.items() if part not in ids}


class Known:
    """Counts which of the calls are stored already, and how those are known. Only reads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._replacing = Replacing(dialect_of(engine.dialect.name))
        self.found: Counter[str] = Counter()

    def look(self, calls: Sequence[Whole]) -> None:
        """Look these up."""
        with self._engine.connect() as connection:
            stored = self._replacing.stored(connection, [each.call_id for each in calls])
        self.found.update(each.known.value for each in stored.values())


def total(counts: Sequence[ReplaceCount]) -> ReplaceCount:
    """The sum of several."""
    return ReplaceCount(
        new=sum(each.new for each in counts),
        replaced=sum(each.replaced for each in counts),
        kept=sum(each.kept for each in counts),
        facts=sum(each.facts for each in counts),
    )
