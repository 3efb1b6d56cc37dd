"""Merged calls: the younger call is an alias of the older, for every row there is and every one to come.

Calls merge and never split. So an alias, once known, is known for ever, in whatever order its facts arrive:
its row leaves `calls`, its facts move to the survivor, and a chain (A into B, B into C) is kept short.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from analytics.folding import Merge
from analytics.storage.models import OF_A_CALL, call_aliases, calls, repaired_calls


def merge_calls(connection: Connection, merges: list[Merge], survivors: dict[str, str]) -> None:
    """Make the merges stored, and add them to `survivors` (which must know all ids that are named)."""
    for alias, into in merges:
        root = survivors.get(into, into)
        if alias in survivors or root == alias:
            # Known already. If it went into another call, then the two are one and will say so themselves.
            continue
        _move(connection, alias, root)
        for each, survivor in survivors.items():
            if survivor == alias:
                survivors[each] = root
        survivors[alias] = root


def _move(connection: Connection, alias: str, survivor: str) -> None:
    connection.execute(update(call_aliases).where(call_aliases.c.call_id == alias).values(call_id=survivor))
    connection.execute(insert(call_aliases).values(alias_id=alias, call_id=survivor))
    connection.execute(delete(calls).where(calls.c.id == alias))
    connection.execute(delete(repaired_calls).where(repaired_calls.c.call_id == alias))
    for table in OF_A_CALL:
        connection.execute(update(table).where(table.c.call_id == alias).values(call_id=survivor))


def resolve(connection: Connection, call_id: str) -> str:
    """The surviving call of an id, which may be that id itself."""
    found = connection.execute(select(call_aliases.c.call_id).where(call_aliases.c.alias_id == call_id))
    return found.scalar() or call_id
