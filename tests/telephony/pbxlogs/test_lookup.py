"""Whether the logs know a channel: yes, no where they go on beyond it, and otherwise nobody can tell."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from telephony.pbxlogs.lookup import has_channel
from telephony.pbxlogs.staging_tables import KEPT, microseconds

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)


def test_what_logs_do_not_know_was_not_there_only_where_they_go_on(tmp_path: Path) -> None:
    """Rows before and after are needed for a no; a row of the channel is a yes."""
    path = tmp_path / "pbx.db"
    assert has_channel(path, "tr-x-1", NOW, LATER) is None
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(KEPT)
        assert has_channel(path, "tr-x-1", NOW, LATER) is None
        _row(connection, NOW - timedelta(minutes=1), "1.1")
        _row(connection, NOW + timedelta(minutes=1), "tr-x-2")
        assert has_channel(path, "tr-x-1", NOW, LATER) is None
        _row(connection, LATER, "1.3")
    assert has_channel(path, "tr-x-1", NOW, LATER) is False
    assert has_channel(path, "tr-x-2", NOW, LATER) is True
    assert has_channel(path, "tr-x-1", NOW - timedelta(hours=1), LATER) is None


def _row(connection: sqlite3.Connection, at: datetime, uniqueid: str) -> None:
    connection.execute("INSERT INTO cel (at, uniqueid) VALUES (?, ?)", (microseconds(at), uniqueid))
    connection.commit()
