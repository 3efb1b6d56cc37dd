"""Which rows of a staging file are one call: found once all are there, by the channels that were noted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from telephony.pbxlogs.staging_joins import Joins
from telephony.pbxlogs.staging_tables import INDEXES, RANK

OF_CHANNELS = """
INSERT INTO members
SELECT uniqueid, CASE max(linkedid) WHEN '' THEN uniqueid ELSE max(linkedid) END FROM channels GROUP BY uniqueid
"""
SEVERAL = """
SELECT uniqueid FROM channels WHERE linkedid <> '' GROUP BY uniqueid HAVING min(linkedid) <> max(linkedid)
"""
# CEL knows best when a call began, then CDR; queue_log has whole seconds and begins with the queue.
OF_CALLS = """
INSERT INTO calls
SELECT m.key,
    coalesce(min(c.first) FILTER (WHERE c.rank = 0), min(c.first) FILTER (WHERE c.rank = 1), min(c.first)),
    max(c.last)
FROM members m CROSS JOIN channels c ON c.uniqueid = m.uniqueid GROUP BY m.key
"""
ENDED = """
CREATE TEMP TABLE gone AS
SELECT uniqueid FROM members WHERE key IN (SELECT key FROM calls WHERE last < ?)
"""
FORGETTING = (
    "DELETE FROM cel WHERE uniqueid IN (SELECT uniqueid FROM gone)",
    "DELETE FROM cdr WHERE uniqueid IN (SELECT uniqueid FROM gone)",
    "DELETE FROM queue_log WHERE uniqueid IN (SELECT uniqueid FROM gone)",
    "DELETE FROM channels WHERE uniqueid IN (SELECT uniqueid FROM gone)",
    "DELETE FROM ties WHERE one IN (SELECT uniqueid FROM gone)",
    "DELETE FROM members WHERE uniqueid IN (SELECT uniqueid FROM gone)",
    "DROP TABLE gone",
)


def settle(connection: sqlite3.Connection) -> None:
    """Find the calls, in one transaction."""
    connection.execute("BEGIN")
    for statement in (*INDEXES.split(";"), "DELETE FROM members", "DELETE FROM calls", OF_CHANNELS):
        connection.execute(statement)
    for group in _joins(connection).groups():
        key = _first_of(connection, group)
        others = [(key, each) for each in group if each != key]
        connection.executemany("UPDATE members SET key = ? WHERE key = ?", others)
    connection.execute(OF_CALLS)
    connection.execute("COMMIT")


def forget(connection: sqlite3.Connection, before: int) -> None:
    """Drop calls that ended before this instant, and what queue_log said of members before it."""
    connection.execute("BEGIN")
    connection.execute(ENDED, (before,))
    for statement in FORGETTING:
        connection.execute(statement)
    connection.execute("DELETE FROM calls WHERE last < ?", (before,))
    connection.execute("DELETE FROM loose WHERE at < ?", (before,))
    connection.execute("COMMIT")


def _joins(connection: sqlite3.Connection) -> Joins:
    joins = Joins()
    for (uniqueid,) in connection.execute(SEVERAL).fetchall():
        joins.join(_linkedids(connection, uniqueid))
    for one, other in connection.execute("SELECT one, other FROM ties").fetchall():
        joins.join([*_linkedids(connection, one), *_linkedids(connection, other)])
    return joins


def _linkedids(connection: sqlite3.Connection, uniqueid: str) -> list[str]:
    """The linkedids that a channel bore; where no log has any, its call is named after the channel."""
    found = connection.execute("SELECT DISTINCT linkedid FROM channels WHERE uniqueid = ?", (uniqueid,))
    linkedids = [row[0] for row in found]
    return [each for each in linkedids if each] or [uniqueid for _ in linkedids]


def _first_of(connection: sqlite3.Connection, linkedids: Iterable[str]) -> str:
    """The linkedid that was there first; one that CEL tells before one that only another log does."""

    def began(linkedid: str) -> tuple[int, int, int, str]:
        found = connection.execute(
            "SELECT rank, first FROM channels WHERE linkedid = ? ORDER BY rank, first LIMIT 1", (linkedid,)
        ).fetchone()
        rank, first = found or (len(RANK), 0)
        return (rank, first, len(linkedid), str(linkedid))

    return min(linkedids, key=began)
