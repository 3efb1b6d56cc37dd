"""Emptying the store, so that the journal can be replayed into it: the rows come out the same.

People stay: they are ours and in no journal. Calls that were rebuilt from the PBX's logs must be rebuilt again.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete

from analytics.storage.models import OF_A_CALL, call_aliases, calls, holds, positions, repaired_calls
from analytics.storage.rollup_models import TABLES, changed_hours, rollup_spans


def clear_facts(connection: Connection) -> None:
    """Delete all facts, what was rolled up of them and the positions of all PBXs, in the connection's transaction."""
    sums = (*TABLES.values(), rollup_spans, changed_hours)
    for table in (holds, *OF_A_CALL, calls, call_aliases, repaired_calls, positions, *sums):
        connection.execute(delete(table))
