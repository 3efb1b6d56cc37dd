"""Files as they were found, into the store: their condition, their call, whose talk lies where, and the queue.

Doing it again changes nothing. What a file belongs to is asked anew whenever the facts of its call changed: its end and
its last talk may come after the file is closed, calls merge, are repaired, and the mapping of devices is corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from analytics.recordings.conditions import FileCondition
from analytics.recordings.linking import Placed, place
from analytics.recordings.naming import channel_of_file_name, layout_of
from analytics.recordings.values import Axis, Layout
from analytics.storage.changes import mark_calls
from analytics.storage.recording_finding import Found, put_found
from analytics.storage.recording_links import Link, files_at, put_links
from analytics.storage.recording_results import forget_heard, others_with
from analytics.storage.recording_rows import FileRow
from analytics.storage.recording_work import Priority, enqueue, withdraw
from service.recordings.partners import Partner, Wanted, partners
from service.recordings.settled import condition_of
from service.recordings.walking import Look
from telephony.calls.facts import RecordingFact
from telephony.clock import to_microseconds

ARCHIVE_AFTER = timedelta(days=1)
"""What was recorded longer ago when it is found first is an archive: it waits for what is new."""


_WHOLE = frozenset({FileCondition.READY, FileCondition.MISSING, FileCondition.DESTROYED})
"""Whose length is, or was, the length of what was recorded: what was heard of a file outlives it."""


Pair = tuple[FileRow, Partner | None]
"""A file and what it belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of files: how many are new or changed, belong to a call, are to be listened to, cannot be read."""

    files: int = 0
    linked: int = 0
    queued: int = 0
    broken: int = 0

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            files=self.files + other.files, linked=self.linked + other.linked, queued=self.queued + other.queued,
            broken=self.broken + other.broken,
        )  # fmt: skip


def take_in(connection: Connection, pbx: str, looks: Sequence[Look], now: datetime, *, archive: bool) -> Taken:
    """Store files of one PBX that are new or have changed. archive: whether old ones are listened to."""
    before = files_at(connection, pbx, [each.path for each in looks])
    found = partners(connection, [_wanted(each, before.get(each.path)) for each in looks])
    rows = [_found(each, partner, now) for each, partner in zip(looks, found, strict=True)]
    ids = put_found(connection, rows, now)
    by_path = {each.path: partner for each, partner in zip(looks, found, strict=True)}
    stored = files_at(connection, pbx, ids)
    for path, file in stored.items():
        if path in before and before[path].stamp != file.stamp:
            forget_heard(connection, file.id)
            withdraw(connection, {file.id})
    taken = Taken(files=len(ids), broken=sum(each.condition is FileCondition.BROKEN for each in stored.values()))
    pairs = [(file, by_path[path]) for path, file in stored.items()]
    mark_calls(connection, {partner.call.id for _, partner in pairs if partner is not None})
    return taken + _link(connection, pairs, now, archive=archive, fresh=True)


def link_again(connection: Connection, files: Sequence[FileRow], now: datetime, *, archive: bool) -> Taken:
    """Link files anew, whose calls' facts changed since; the others are left as they are."""
    found = zip(files, partners(connection, _known(files)), strict=True)
    pairs = [(file, partner) for file, partner in found if _is_other(file, partner)]
    return _link(connection, pairs, now, archive=archive, fresh=False)


def those_that_changed(connection: Connection, files: Sequence[FileRow]) -> list[FileRow]:
    """The files that are to be linked anew."""
    found = partners(connection, _known(files))
    return [file for file, partner in zip(files, found, strict=True) if _is_other(file, partner)]


def _known(files: Sequence[FileRow]) -> list[Wanted]:
    return [
        Wanted(pbx=each.pbx, path=each.path, call_id=each.call_id, recording_id=each.recording_id) for each in files
    ]


def _is_other(file: FileRow, partner: Partner | None) -> bool:
    if partner is None:
        return file.call_id is not None
    return (partner.mark, partner.call.id) != (file.linked_mark, file.call_id)


def _wanted(look: Look, before: FileRow | None) -> Wanted:
    if before is None:
        return Wanted(pbx=look.pbx, path=look.path)
    return Wanted(pbx=look.pbx, path=look.path, call_id=before.call_id, recording_id=before.recording_id)


def _found(look: Look, partner: Partner | None, now: datetime) -> Found:
    condition, detail = condition_of(look, None if partner is None else partner.over, now)
    sound = look.sound
    changed_us = look.changed_ns // 1000
    return Found(
        pbx=look.pbx,
        path=look.path,
        size=look.size,
        stamp=look.stamp,
        changed_us=changed_us,
        condition=condition,
        detail=detail,
        coding=None if sound is None else sound.coding.value,
        channels=None if sound is None or sound.frames is None else sound.channels,
        rate=None if sound is None or sound.frames is None else sound.rate,
        length_ms=None if sound is None else sound.length_ms,
        started_us=changed_us if partner is None else to_microseconds(partner.call.started_at),
    )


def _link(connection: Connection, pairs: Sequence[Pair], now: datetime, *, archive: bool, fresh: bool) -> Taken:
    """fresh: whether the files themselves are new or other ones."""
    if not pairs:
        return Taken()
    # In one order, so that two who link the same files wait for each other and do not stand in each other's way.
    pairs = sorted(pairs, key=lambda pair: pair[0].id)
    relinked = put_links(connection, [(file, _link_of(file, partner)) for file, partner in pairs])
    for (file, _), each in zip(pairs, relinked, strict=True):
        if each.lost:
            enqueue(connection, others_with(connection, file.id, each.lost), Priority.NEW, now)
    wanted: dict[Priority, list[int]] = {Priority.NEW: [], Priority.ARCHIVE: []}
    for (file, partner), each in zip(pairs, relinked, strict=True):
        if partner is not None and file.condition is FileCondition.READY and (fresh or each.changed):
            wanted[_priority(partner, now)].append(file.id)
    if not archive:
        wanted[Priority.ARCHIVE] = []
    for priority, ids in wanted.items():
        enqueue(connection, ids, priority, now)
    linked = sum(partner is not None for _, partner in pairs)
    return Taken(linked=linked, queued=sum(map(len, wanted.values())))


def _priority(partner: Partner, now: datetime) -> Priority:
    return Priority.ARCHIVE if now - partner.call.started_at > ARCHIVE_AFTER else Priority.NEW


def _link_of(file: FileRow, partner: Partner | None) -> Link:
    if partner is None:
        return Link(started_us=to_microseconds(file.changed_at))
    recording = partner.recording or _unheard(file, partner)
    layout = None if file.channels is None else layout_of(recording, file.channels)
    placed = None if layout is None else _placed(file, partner, recording, layout)
    return Link(
        call_id=partner.call.id,
        recording_id=None if partner.recording is None else partner.recording.id,
        by=partner.by,
        mark=partner.mark,
        layout=layout,
        axis=None if placed is None else placed.axis,
        spans=() if placed is None else placed.spans,
        started_us=to_microseconds(partner.call.started_at),
    )


def _placed(file: FileRow, partner: Partner, recording: RecordingFact, layout: Layout) -> Placed | None:
    """Where the talks lie; None while that cannot be asked yet."""
    if file.condition not in _WHOLE:
        return None
    if file.length_ms is None:
        return Placed(axis=Axis.UNKNOWN, spans=(), off_ms=0)
    return place(recording, partner.talks, partner.call, file.length_ms, layout, partner.agents)


def _unheard(file: FileRow, partner: Partner) -> RecordingFact:
    """The recording that nobody told of: all that is known is the file, and the channel in its name."""
    return RecordingFact(
        id=f"{partner.call.id}/recording/unheard",
        revision=0,
        call_id=partner.call.id,
        at=partner.call.started_at,
        file=file.path,
        channel=next(iter(channel_of_file_name(file.path).channels), ""),
    )
