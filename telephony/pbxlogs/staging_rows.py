"""Rows into a staging file: each kind to its table, and what they tell of channels noted beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from telephony.pbxlogs.members import STARTED, WHAT, is_of_a_call
from telephony.pbxlogs.rows import BadRow, CdrRow, CelRow, LogKind, LogRow
from telephony.pbxlogs.staging_joins import JOINING, channels_joined
from telephony.pbxlogs.staging_tables import LOOSE, RANK, SHAPES, Shape, microseconds, write

LOOSE_EVENTS = frozenset({*WHAT, STARTED})


class Kept(NamedTuple):
    """How many rows were kept, and how many say nothing that we know."""

    staged: int
    irrelevant: int


def keep(connection: sqlite3.Connection, kind: LogKind, rows: Sequence[Any]) -> Kept:
    """Keep rows of one kind."""
    match kind:
        case LogKind.CEL:
            told = [row for row in rows if row.uniqueid]
            _insert(connection, SHAPES[kind], told)
            _note_channels(connection, kind, ((row.uniqueid, row.linkedid, row.at) for row in told))
            _note_ties(connection, told)
        case LogKind.CDR:
            told = [row if row.uniqueid else _named(row) for row in rows]
            _insert(connection, SHAPES[kind], told)
            _note_channels(
                connection,
                kind,
                ((row.uniqueid, row.linkedid, at) for row in told for at in (row.at, row.ended_at) if at),
            )
        case LogKind.QUEUE_LOG:
            told = [row for row in rows if is_of_a_call(row)]
            _insert(connection, SHAPES[kind], told)
            _note_channels(connection, kind, ((row.call, "", row.at) for row in told))
            loose = [row for row in rows if row.event in LOOSE_EVENTS and not is_of_a_call(row)]
            _insert(connection, LOOSE, loose)
            told += loose
    return Kept(len(told), len(rows) - len(told))


def keep_bad(connection: sqlite3.Connection, kind: LogKind, bad: Iterable[BadRow]) -> None:
    """Keep rows that could not be read."""
    rows = [(None, kind.value, each.source, each.line, each.why, each.text) for each in bad]
    if rows:
        write(connection, "INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?)", rows)


def _insert(connection: sqlite3.Connection, shape: Shape, rows: Iterable[LogRow]) -> None:
    write(connection, shape.insert, [shape.values(row) for row in rows])


def _note_channels(
    connection: sqlite3.Connection, kind: LogKind, seen: Iterable[tuple[str, str, datetime]]
) -> None:
    """Note which linkedids each channel bore, and when it was seen first and last."""
    first: dict[tuple[str, str], datetime] = {}
    last: dict[tuple[str, str], datetime] = {}
    for uniqueid, linkedid, at in seen:
        pair = (uniqueid, linkedid)
        known = first.get(pair)
        if known is None:
            first[pair] = last[pair] = at
        elif at < known:
            first[pair] = at
        elif at > last[pair]:
            last[pair] = at
    rank = RANK[kind]
    write(
        connection,
        "INSERT INTO channels VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET first = min(first, excluded.first), last = max(last, excluded.last)",
        [(*pair, rank, microseconds(at), microseconds(last[pair])) for pair, at in first.items()],
    )


def _note_ties(connection: sqlite3.Connection, rows: Iterable[CelRow]) -> None:
    ties = [(row.uniqueid, other) for row in rows if row.event in JOINING for other in channels_joined(row)]
    if ties:
        write(connection, "INSERT OR IGNORE INTO ties VALUES (?, ?)", ties)


def _named(row: CdrRow) -> CdrRow:
    """A CDR of a PBX that writes no unique ids (`loguniqueid=no`): its time and its channel are its name."""
    return row._replace(uniqueid=f"{microseconds(row.at) // 1_000_000}-{row.channel}")
