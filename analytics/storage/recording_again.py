"""How many files there are in each condition, and which of them are to be listened to again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, or_, select

from analytics.recordings.conditions import FileCondition
from analytics.storage.models import calls, recordings
from analytics.storage.recording_models import (
    recording_files,
    recording_marks,
    recording_spans,
    recording_work,
    talk_features,
)
from analytics.storage.recording_rows import FileRow, file_of_row
from analytics.storage.recording_work import Priority, enqueue

AT_ONCE = 500
_files = recording_files.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Files of one PBX in one condition."""

    pbx: str
    condition: FileCondition
    files: int
    orphans: int  # of them, without a call
    length_ms: int  # of all of them, as far as it is known
    size: int


def count_conditions(connection: Connection) -> list[Counted]:
    """How many files there are, by PBX and condition."""
    wanted = select(
        _files.pbx,
        _files.condition,
        func.count().label("files"),
        func.count(_files.call_id).label("linked"),
        func.coalesce(func.sum(_files.length_ms), 0).label("length_ms"),
        func.coalesce(func.sum(_files.size), 0).label("size"),
    ).group_by(_files.pbx, _files.condition)
    return [
        Counted(
            pbx=row.pbx,
            condition=FileCondition(row.condition),
            files=row.files,
            orphans=row.files - row.linked,
            length_ms=int(row.length_ms),
            size=int(row.size),
        )
        for row in connection.execute(wanted.order_by(_files.pbx, _files.condition))
    ]


def count_orphan_recordings(connection: Connection) -> int:
    """Recordings that the PBX named for calls that are over, and that have no file."""
    there = exists(
        select(1).where(
            _files.call_id == recordings.c.call_id,
            _files.recording_id == recordings.c.id,
            _files.condition != FileCondition.MISSING.value,
        )
    )
    over = or_(calls.c.ended_us.is_not(None), calls.c.disposition.is_not(None))
    wanted = select(func.count()).select_from(recordings.join(calls, calls.c.id == recordings.c.call_id))
    return connection.execute(wanted.where(over, ~there)).scalar_one()


def measure_again(connection: Connection, version: int, after: int, priority: Priority, now: datetime) -> list[int]:
    """Queue files that were measured by an earlier version, or never though talks are in them; which ones.

    The first of those whose id is greater than `after`; what is queued already, or was given up, stays as it is.
    """
    older = exists(select(1).where(talk_features.c.file_id == _files.id, talk_features.c.version < version))
    spanned = exists(select(1).where(recording_spans.c.file_id == _files.id))
    unheard = ~exists(select(1).where(recording_marks.c.file_id == _files.id))
    queued = exists(select(1).where(recording_work.c.file_id == _files.id))
    wanted = (
        select(_files.id)
        .where(_files.id > after, _files.condition == FileCondition.READY.value, ~queued)
        .where(or_(older, spanned & unheard))
        .order_by(_files.id)
        .limit(AT_ONCE)
    )
    ids = list(connection.execute(wanted).scalars())
    enqueue(connection, ids, priority, now)
    return ids


def files_by_id(connection: Connection, file_ids: Collection[int]) -> list[FileRow]:
    """These files, by id."""
    wanted = select(recording_files).where(_files.id.in_(sorted(file_ids))).order_by(_files.id)
    return [file_of_row(row) for row in connection.execute(wanted)]
