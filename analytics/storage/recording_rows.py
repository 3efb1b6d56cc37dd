"""Rows of recordings' files, spans and marks as what they say, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Axis, Layout, Marks, Span, Stretch
from telephony.clock import from_microseconds, to_microseconds

FilePlace = tuple[int, int]
"""Where a page of files begins: the start in microseconds and the id of the last file of the page before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file that lies, or lay, in a folder of recordings. What is None is not known (yet)."""

    id: int
    pbx: str
    path: str  # below the folder of the PBX's recordings
    size: int
    stamp: str  # changes whenever the file does
    found_at: datetime
    changed_at: datetime  # the file's own time of change
    condition: FileCondition
    detail: str  # what was found where it cannot be heard
    coding: str | None
    channels: int | None
    rate: int | None
    length_ms: int | None
    layout: Layout | None
    axis: Axis | None  # None until it was linked
    call_id: str | None  # None: an orphan
    recording_id: str | None  # the recording of the PBX that names it
    linked_by: str | None  # named, channel
    linked_mark: str | None  # of the facts that it was linked by
    started_at: datetime  # of the call, else of the file

    @property
    def place(self) -> FilePlace:
        """Its place in a list."""
        return to_microseconds(self.started_at), self.id


def file_of_row(row: Row[Any]) -> FileRow:
    """A row of the table as what it says."""
    told = dict(row._mapping)
    started_us, changed_us = told.pop("started_us"), told.pop("changed_us")
    kept = {name: told[name] for name in _PLAIN}
    return FileRow(
        **kept,
        found_at=from_microseconds(told["found_us"]),
        changed_at=from_microseconds(changed_us),
        condition=FileCondition(told["condition"]),
        layout=None if told["layout"] is None else Layout(told["layout"]),
        axis=None if told["axis"] is None else Axis(told["axis"]),
        started_at=from_microseconds(changed_us if started_us is None else started_us),
    )


_PLAIN = (
    "id", "pbx", "path", "size", "stamp", "detail", "coding", "channels", "rate", "length_ms", "call_id",
    "recording_id", "linked_by", "linked_mark",
)  # fmt: skip


def span_of_row(row: Row[Any]) -> Span:
    """Whose talk lies where."""
    return Span(
        talk_id=row.talk_id,
        agent=row.agent,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        holds=stretches(json.loads(row.holds)),
        agent_channel=row.agent_channel,
        customer_channel=row.customer_channel,
        begins_talk=row.begins_talk,
    )


def stretches(told: list[list[int]]) -> tuple[Stretch, ...]:
    """Stretches of JSON: [[0, 4200], [9000, 12000]]."""
    return tuple((start, end) for start, end in told)


def marks_of_text(text: str) -> Marks:
    """What `text_of_marks` wrote."""
    told = json.loads(text)
    return Marks(
        speech=tuple(stretches(channel) for channel in told["speech"]),
        silences=stretches(told["silences"]),
        overlaps=stretches(told["overlaps"]),
        music=stretches(told["music"]),
    )


def text_of_marks(marks: Marks) -> str:
    """Marks as they are stored."""
    told = {"speech": marks.speech, "silences": marks.silences, "overlaps": marks.overlaps, "music": marks.music}
    return json.dumps(told, separators=(",", ":"))
