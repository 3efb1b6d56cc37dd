"""What was heard of a file, into the store: in the place of what an earlier time found, in one transaction.

A talk that is in several files is told by the one that tells most of it. Storing the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from analytics.recordings.values import Features, Layout, Marks, Span, SpeechRate, Stretch
from analytics.storage.changes import mark_calls
from analytics.storage.recording_models import recording_files, recording_marks, recording_spans, talk_features
from analytics.storage.recording_rows import FileRow, text_of_marks
from telephony.clock import to_microseconds

_ONE_SIDED = (Layout.HEARD.value, Layout.SAID.value)
_NO_RATE = SpeechRate(syllables=0, turns_ms=0, phonation_ms=0, error_permille=0)


def lock_files_of(connection: Connection, file: FileRow) -> None:
    """Keep others from storing what was heard of the same call; before any row of the queue is touched."""
    same = recording_files.c.id == file.id if file.call_id is None else recording_files.c.call_id == file.call_id
    # SQLite has one writer at a time anyway.
    connection.execute(
        select(recording_files.c.id).where(same).order_by(recording_files.c.id).with_for_update()
    ).all()


def store_heard(
    connection: Connection,
    file: FileRow,
    spans: Sequence[Span],
    heard: Mapping[str, Features],
    marks: Marks,
    *,
    version: int,
    now: datetime,
) -> None:
    """Store what was heard of a file's spans, by talk, and its marks; `lock_files_of` comes before."""
    forget_heard(connection, file.id)
    told = {"file_id": file.id, "stamp": file.stamp, "marks": text_of_marks(marks)}
    connection.execute(insert(recording_marks).values(told))
    fresh = [
        _row(file, each, heard[each.talk_id], version, to_microseconds(now))
        for each in spans
        if each.talk_id in heard
    ]
    _put(connection, file, fresh)
    if file.call_id is not None:
        mark_calls(connection, {file.call_id})


def forget_heard(connection: Connection, file_id: int) -> None:
    """Let go of what was heard of a file."""
    connection.execute(delete(talk_features).where(talk_features.c.file_id == file_id))
    connection.execute(delete(recording_marks).where(recording_marks.c.file_id == file_id))


def others_with(connection: Connection, file_id: int, talk_ids: Collection[str]) -> list[int]:
    """The other files that have a part of these talks: they may tell now what this one told."""
    table = recording_spans.c
    wanted = select(table.file_id).where(table.talk_id.in_(sorted(talk_ids)), table.file_id != file_id)
    return sorted(set(connection.execute(wanted).scalars()))


def _put(connection: Connection, file: FileRow, fresh: list[dict[str, Any]]) -> None:
    """Where another file tells more of a talk its row stays; else it goes."""
    layout = None if file.layout is None else file.layout.value
    rivals = _stored(connection, [row["talk_id"] for row in fresh])
    better = [row for row in fresh if row["talk_id"] not in rivals or _told(row, layout) > rivals[row["talk_id"]]]
    if better:
        beaten = talk_features.c.talk_id.in_([row["talk_id"] for row in better])
        connection.execute(delete(talk_features).where(beaten))
        connection.execute(insert(talk_features), better)


def _stored(connection: Connection, talk_ids: list[str]) -> dict[str, tuple[bool, bool, int, int]]:
    table = talk_features
    wanted = select(table.c.talk_id, table.c.stereo, table.c.length_ms, table.c.file_id, recording_files.c.layout)
    of_files = wanted.join(recording_files, recording_files.c.id == table.c.file_id, isouter=True)
    found = connection.execute(of_files.where(table.c.talk_id.in_(talk_ids)))
    return {row.talk_id: _told(dict(row._mapping), row.layout) for row in found}


def _told(row: Mapping[str, Any], layout: str | None) -> tuple[bool, bool, int, int]:
    """How much a file tells of a talk: apart, both sides at all, the longer stretch; else the older file."""
    return bool(row["stereo"]), layout not in _ONE_SIDED, row["length_ms"], -row["file_id"]


def _row(file: FileRow, span: Span, heard: Features, version: int, measured_us: int) -> dict[str, Any]:
    return {
        "talk_id": span.talk_id,
        "file_id": file.id,
        "call_id": file.call_id or "",
        "agent": span.agent,
        "measured_us": measured_us,
        "version": version,
        **{name: getattr(heard, name) for name in _PLAIN},
        **_of_stretches(heard),
        **_of_rate(heard.rate),
    }


_PLAIN = (
    "length_ms", "stereo", "speech_ms", "silence_ms", "music_ms", "agent_speech_ms", "customer_speech_ms",
    "overlap_ms", "responses", "response_ms", "longest_response_ms", "first_words_ms", "silent_customer",
    "agent_level_cdb", "customer_level_cdb",
)  # fmt: skip


def _of_stretches(heard: Features) -> dict[str, int | None]:
    return {
        "silence_count": len(heard.silences),
        "longest_silence_ms": max(map(_length, heard.silences), default=0),
        "overlap_count": None if heard.overlaps is None else len(heard.overlaps),
    }


def _of_rate(rate: SpeechRate | None) -> dict[str, int | None]:
    told = rate or _NO_RATE
    found = {
        "syllables": told.syllables,
        "turns_ms": told.turns_ms,
        "phonation_ms": told.phonation_ms,
        "rate_error_permille": told.error_permille,
    }
    return {name: None if rate is None else value for name, value in found.items()}


def _length(stretch: Stretch) -> int:
    return stretch[1] - stretch[0]
