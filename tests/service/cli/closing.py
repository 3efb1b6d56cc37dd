"""What the tests of closing a month share: the commands' usual arguments, and a repair that comes late."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store
from analytics.storage.ingest import Ingester
from analytics.storage.repairs import Rebuilding
from telephony.calls.facts import Known
from tests.analytics.factory import call, talk
from tests.service.cli.running import Done

SETTINGS = 'data_dir = "data"\nlanguage = "en"\n'
ISSUE = ("report", "issue", "minutes", "--period", "2026-11", "--yes", "--json", "--by")
IN_SPITE = ("--in-spite", "the meeting is today", "--yes", "--json")


def one(done: Done) -> dict[str, Any]:
    """The one object that a command printed, which must have succeeded."""
    assert (done.status, [line for line in done.err.splitlines() if not line.startswith("! ")]) == (0, [])
    (line,) = done.lines
    return dict(line)


def repair(folder: Path) -> None:
    """A log tells that the first call was half a minute longer."""
    engine = open_store(f"sqlite:///{folder}/data/threerings.db")
    how = Rebuilding(sources="cel", repaired_at=datetime(2026, 12, 2, tzinfo=UTC))
    with engine.begin() as connection:
        Ingester(dialect_of("sqlite")).replace_calls(
            connection, [call(end=90, known=Known.REPAIRED), talk(end=90, id="pbx/1.1/rebuilt")], how
        )
    engine.dispose()
