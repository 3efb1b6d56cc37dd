"""Emptying the store, so that the journal can be replayed into it: the rows come out the same.

People stay: they are ours and in no journal. Calls that were rebuilt from the PBX's logs must be rebuilt again.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete

from analytics.storage.models import OF_A_CALL, call_aliases, calls, holds, positions, repaired_calls


def clear_facts(connection: Connection) -> None:
    """Delete all facts and the journal positions of all PBXs, in the connection's transaction."""
    for table in (holds, *OF_A_CALL, calls, call_aliases, repaired_calls, positions):
        connection.execute(delete(table))
