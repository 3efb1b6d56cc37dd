"""Whether a PBX's CEL knows a channel: asked of the rows that are kept of its logs, beside whoever writes them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from telephony.pbxlogs.staging_tables import microseconds

WAIT_SECONDS = 1.0


def has_channel(path: Path, uniqueid: str, since: datetime, until: datetime) -> bool | None:
    """Whether any row is of this channel. False only where CEL has rows from before `since` and from after `until`.

    None where it cannot tell: the file is not there, cannot be read, or does not reach so far.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as connection:
            return _has(connection, uniqueid, microseconds(since), microseconds(until))
    except sqlite3.Error:
        return None


def _has(connection: sqlite3.Connection, uniqueid: str, since_us: int, until_us: int) -> bool | None:
    for table in ("cel", "cdr"):
        wanted = f"SELECT 1 FROM {table} WHERE uniqueid = ? LIMIT 1"  # noqa: S608 - of the two names above
        if connection.execute(wanted, (uniqueid,)).fetchone() is not None:
            return True
    first = connection.execute("SELECT at FROM cel ORDER BY id LIMIT 1").fetchone()
    last = connection.execute("SELECT at FROM cel ORDER BY id DESC LIMIT 1").fetchone()
    if first is None or last is None or first[0] > since_us or last[0] < until_us:
        return None
    return False
