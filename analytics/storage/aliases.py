"""Merged calls: the younger call is an alias of the older, for every row there is and every one to come.

Calls merge and never split. So an alias, once known, is known for ever, in whatever order its facts arrive:
its row leaves `calls`, its facts move to the survivor, and a chain (A into B, B into C) is kept short.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Update,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from analytics.folding import Merge
from analytics.storage.models import OF_A_CALL, call_aliases, calls, repaired_calls
from analytics.storage.recording_models import recording_files, recording_spans, talk_features
from analytics.storage.rollup_models import call_note_changes, call_notes


def merge_calls(connection: Connection, merges: list[Merge], survivors: dict[str, str]) -> None:
    """Make the merges stored, and add them to `survivors` (which must know all ids that are named)."""
    moves: list[dict[str, str]] = []
    for alias, into in merges:
        root = survivors.get(into, into)
        if alias in survivors or root == alias:
            # Known already. If it went into another call, then the two are one and will say so themselves.
            continue
        moves.append({"alias": alias, "survivor": root})
        for each, survivor in survivors.items():
            if survivor == alias:
                survivors[each] = root
        survivors[alias] = root
    if moves:
        _move(connection, moves, survivors)


def _move(connection: Connection, moves: list[dict[str, str]], survivors: dict[str, str]) -> None:
    """Each statement once for all moves, in their order, so that a chain within them is followed."""
    told = [{"alias": move["alias"], "survivor": survivors[move["alias"]]} for move in moves]
    for statement in _moving():
        connection.execute(statement, moves)
    connection.execute(
        insert(call_aliases).values(alias_id=bindparam("alias"), call_id=bindparam("survivor")), told
    )


_SOUNDS = (recording_files, recording_spans, talk_features)


@cache
def _moving() -> tuple[Update | Delete, ...]:
    """What moves the rows of one call to another; composed once, for composing costs more than running."""
    alias: BindParameter[str] = bindparam("alias")
    survivor: BindParameter[str] = bindparam("survivor")
    return (
        update(call_aliases).where(call_aliases.c.call_id == alias).values(call_id=survivor),
        delete(calls).where(calls.c.id == alias),
        delete(repaired_calls).where(repaired_calls.c.call_id == alias),
        *(
            update(table).where(table.c.call_id == alias).values(call_id=survivor)
            for table in (*OF_A_CALL, *_SOUNDS)
        ),
        *_moving_notes(alias, survivor),
    )


def _moving_notes(alias: BindParameter[str], survivor: BindParameter[str]) -> tuple[Update | Delete, ...]:
    """What people said of the younger call is said of the older one, where nobody said anything of that."""
    younger, older = call_notes.alias("younger"), call_notes.alias("older")
    said = {
        name: func.coalesce(
            call_notes.c[name], select(younger.c[name]).where(younger.c.call_id == alias).scalar_subquery()
        )
        for name in ("code", "silent", "outcome")
    }
    taken = exists(select(older.c.call_id).where(older.c.call_id == survivor))
    return (
        update(call_note_changes).where(call_note_changes.c.call_id == alias).values(call_id=survivor),
        update(call_notes).where(call_notes.c.call_id == survivor).values(said),
        update(call_notes).where(call_notes.c.call_id == alias, ~taken).values(call_id=survivor),
        delete(call_notes).where(call_notes.c.call_id == alias),
    )


def resolve(connection: Connection, call_id: str) -> str:
    """The surviving call of an id, which may be that id itself."""
    found = connection.execute(select(call_aliases.c.call_id).where(call_aliases.c.alias_id == call_id))
    return found.scalar() or call_id
