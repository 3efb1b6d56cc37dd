"""Recordings' files as they are stored: one, those of a call, lists of them, and what has no partner.

A list is read page after page by a keyset, the newest first; a page costs the same however far it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, tuple_

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Marks, Span
from analytics.storage.models import calls, recordings, talks
from analytics.storage.recording_models import recording_files, recording_marks, recording_spans
from analytics.storage.recording_rows import FilePlace, FileRow, file_of_row, marks_of_text, span_of_row
from analytics.storage.recording_sight import FileSight, is_seen

__all__ = [
    "FileFilter", "FilePlace", "FileRow", "OrphanPlace", "OrphanRecording", "count_files", "file", "file_at",
    "files_of_call", "list_files", "marks_of_file", "orphan_recordings", "spans_of_file",
]  # fmt: skip

OrphanPlace = tuple[int, str]
"""The same of recordings: the start of the call and the recording's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilter:
    """Which files: those that fulfil all of this. None asks for nothing; an empty set of agents or queues finds none.

    start_us, end_us: when their calls began, closed below and open above. An agent's or queue's files are those with a
    talk of his or its in them.
    """

    start_us: int | None = None
    end_us: int | None = None
    pbx: str | None = None
    conditions: frozenset[FileCondition] | None = None
    agents: frozenset[str] | None = None
    queues: frozenset[str] | None = None
    orphans: bool | None = None  # True: only those without a call, False: only those with one
    min_length_ms: int | None = None
    sight: FileSight | None = None  # of who sees a part of the centre


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanRecording:
    """A recording that the PBX named for a call that is over, and no file of it is there."""

    id: str
    call_id: str
    pbx: str
    file: str  # as the PBX named it
    channel: str
    call_started_us: int

    @property
    def place(self) -> OrphanPlace:
        """Its place in a list."""
        return self.call_started_us, self.id


def file(connection: Connection, file_id: int) -> FileRow | None:
    """The file of this id."""
    row = connection.execute(select(recording_files).where(recording_files.c.id == file_id)).first()
    return None if row is None else file_of_row(row)


def file_at(connection: Connection, pbx: str, path: str) -> FileRow | None:
    """The file at this path below the PBX's folder."""
    wanted = select(recording_files).where(recording_files.c.pbx == pbx, recording_files.c.path == path)
    row = connection.execute(wanted).first()
    return None if row is None else file_of_row(row)


def files_of_call(connection: Connection, call_id: str) -> list[FileRow]:
    """All files of a call, whatever their condition, by path."""
    wanted = select(recording_files).where(recording_files.c.call_id == call_id)
    return [file_of_row(row) for row in connection.execute(wanted.order_by(recording_files.c.path))]


def spans_of_file(connection: Connection, file_id: int) -> list[Span]:
    """Whose talk lies where in a file, from its beginning on."""
    table = recording_spans
    wanted = select(table).where(table.c.file_id == file_id).order_by(table.c.start_ms, table.c.talk_id)
    return [span_of_row(row) for row in connection.execute(wanted)]


def marks_of_file(connection: Connection, file_id: int) -> Marks | None:
    """Where to jump to in a file; None where it was not listened to, or has changed since."""
    wanted = (
        select(recording_marks.c.marks)
        .join(recording_files, recording_files.c.id == recording_marks.c.file_id)
        .where(recording_marks.c.file_id == file_id, recording_marks.c.stamp == recording_files.c.stamp)
    )
    told = connection.execute(wanted).scalar()
    return None if told is None else marks_of_text(told)


def list_files(
    connection: Connection, choice: FileFilter, after: FilePlace | None = None, limit: int = 50
) -> list[FileRow]:
    """A page of files, the newest first; `after` is the `place` of the last one of the page before."""
    begun = recording_files.c.started_us
    wanted = select(recording_files).where(*_conditions(choice))
    if after is not None:
        wanted = wanted.where(tuple_(begun, recording_files.c.id) < after)
    ordered = wanted.order_by(begun.desc(), recording_files.c.id.desc()).limit(limit)
    return [file_of_row(row) for row in connection.execute(ordered)]


def count_files(connection: Connection, choice: FileFilter, most: int = 10_000) -> int:
    """How many there are; `most` + 1 for more than that."""
    wanted = select(recording_files.c.id).where(*_conditions(choice)).limit(most + 1)
    return connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()


def _conditions(choice: FileFilter) -> list[ColumnElement[bool]]:
    table = recording_files.c
    found = []
    if choice.start_us is not None:
        found.append(table.started_us >= choice.start_us)
    if choice.end_us is not None:
        found.append(table.started_us < choice.end_us)
    if choice.pbx is not None:
        found.append(table.pbx == choice.pbx)
    if choice.conditions is not None:
        found.append(table.condition.in_(sorted(each.value for each in choice.conditions)))
    if choice.orphans is not None:
        found.append(table.call_id.is_(None) if choice.orphans else table.call_id.is_not(None))
    if choice.min_length_ms is not None:
        found.append(table.length_ms >= choice.min_length_ms)
    if choice.sight is not None:
        found.append(is_seen(choice.sight))
    return [*found, *_of_talks(choice)]


def _of_talks(choice: FileFilter) -> list[ColumnElement[bool]]:
    found = []
    if choice.agents is not None:
        found.append(_has_span(recording_spans.c.agent.in_(sorted(choice.agents))))
    if choice.queues is not None:
        found.append(_has_span(talks.c.queue.in_(sorted(choice.queues)), talks.c.id == recording_spans.c.talk_id))
    return found


def _has_span(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(1).where(recording_spans.c.file_id == recording_files.c.id, *conditions).correlate(recording_files)
    )


def orphan_recordings(
    connection: Connection,
    *,
    start_us: int | None = None,
    end_us: int | None = None,
    pbx: str | None = None,
    call_ids: Collection[str] | None = None,
    after: OrphanPlace | None = None,
    limit: int = 50,
) -> list[OrphanRecording]:
    """Recordings of calls that are over, and that no file belongs to, the newest first. Times: when the calls began.

    A file that was there once and is missing now leaves its recording without one; a destroyed one does not.
    """
    wanted = _orphans(pbx)
    place = tuple_(calls.c.started_us, recordings.c.id)
    if call_ids is not None:
        wanted = wanted.where(recordings.c.call_id.in_(sorted(call_ids)))
    if start_us is not None:
        wanted = wanted.where(calls.c.started_us >= start_us)
    if end_us is not None:
        wanted = wanted.where(calls.c.started_us < end_us)
    if after is not None:
        wanted = wanted.where(place < after)
    ordered = wanted.order_by(calls.c.started_us.desc(), recordings.c.id.desc()).limit(limit)
    return [OrphanRecording(**row._mapping) for row in connection.execute(ordered)]


def _orphans(pbx: str | None) -> Select[Any]:
    there = and_(
        recording_files.c.call_id == recordings.c.call_id,
        recording_files.c.recording_id == recordings.c.id,
        recording_files.c.condition != FileCondition.MISSING.value,
    )
    wanted = (
        select(
            recordings.c.id,
            recordings.c.call_id,
            calls.c.pbx,
            recordings.c.file,
            recordings.c.channel,
            calls.c.started_us.label("call_started_us"),
        )
        .join(calls, calls.c.id == recordings.c.call_id)
        .where(or_(calls.c.ended_us.is_not(None), calls.c.disposition.is_not(None)))
        .where(~exists(select(1).where(there).correlate(recordings)))
    )
    return wanted if pbx is None else wanted.where(calls.c.pbx == pbx)
