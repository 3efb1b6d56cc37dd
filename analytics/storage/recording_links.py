"""Which call a file belongs to and whose talk lies where in it, into the store; and what is to be linked anew.

Calls are found by the PBX's own ids alone: the id of a channel is the beginning of the id of whatever was told of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, literal, select, union_all, update

from analytics.recordings.values import Axis, Layout, Span
from analytics.storage.changes import mark_calls
from analytics.storage.models import call_aliases, calls, offerings, queue_visits, recordings, talks, transfers
from analytics.storage.recording_models import recording_files, recording_spans, talk_features
from analytics.storage.recording_rows import FileRow, file_of_row, span_of_row

_AT_ONCE = 500
_files = recording_files.c
_PARTS = (recordings, talks, offerings, queue_visits, transfers)
"""What may have been told of a channel. `/` ends its id, and `0` follows `/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a file belongs to. Without a call it is an orphan, and all else None or ()."""

    call_id: str | None = None
    recording_id: str | None = None
    by: str | None = None  # named, channel
    mark: str | None = None  # of the facts
    layout: Layout | None = None
    axis: Axis | None = None
    spans: tuple[Span, ...] = ()
    started_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relinked:
    """What a link changed: whether there is something else to listen to, and the talks that the file tells no more."""

    changed: bool
    lost: frozenset[str]


def calls_of_channels(connection: Connection, channels: Collection[str]) -> dict[str, str]:
    """The stored calls of channels: PBX/uniqueid to the id of the call; without those that nothing was told of."""
    found: dict[str, str] = {}
    for some in _chunks(sorted(channels)):
        named = select(calls.c.id, calls.c.id).where(calls.c.id.in_(some))
        merged = select(call_aliases.c.alias_id, call_aliases.c.call_id).where(call_aliases.c.alias_id.in_(some))
        found |= {row[0]: row[1] for row in connection.execute(union_all(named, merged))}
    # Most are found by now: the rest one by one, each by the beginning of an index.
    for each in sorted(set(channels) - found.keys()):
        call_id = connection.execute(_PART_OF_CHANNEL, {"first": f"{each}/", "past": f"{each}0"}).scalar()
        if call_id is not None:
            found[each] = call_id
    return found


def _part_of_channel() -> Select[Any]:
    first, past = bindparam("first", type_=recordings.c.id.type), bindparam("past", type_=recordings.c.id.type)
    parts = (
        select(literal(place).label("place"), table.c.call_id).where(table.c.id >= first, table.c.id < past)
        for place, table in enumerate(_PARTS)
    )
    told = union_all(*parts).subquery()
    return select(told.c.call_id).order_by(told.c.place, told.c.call_id).limit(1)


_PART_OF_CHANNEL = _part_of_channel()


def calls_of_recordings(connection: Connection, recording_ids: Collection[str]) -> dict[str, str]:
    """The calls of these recordings, by recording."""
    found: dict[str, str] = {}
    for some in _chunks(sorted(recording_ids)):
        wanted = select(recordings.c.id, recordings.c.call_id).where(recordings.c.id.in_(some))
        found |= {row.id: row.call_id for row in connection.execute(wanted)}
    return found


def agents_of_talks(connection: Connection, call_ids: Collection[str]) -> dict[str, str]:
    """Who talked, by talk, in these calls."""
    found: dict[str, str] = {}
    for some in _chunks(sorted(call_ids)):
        wanted = select(talks.c.id, talks.c.agent).where(talks.c.call_id.in_(some))
        found |= {row.id: row.agent for row in connection.execute(wanted)}
    return found


def files_at(connection: Connection, pbx: str, paths: Collection[str]) -> dict[str, FileRow]:
    """The files at these paths, by path."""
    found: dict[str, FileRow] = {}
    for some in _chunks(sorted(paths)):
        wanted = select(recording_files).where(_files.pbx == pbx, _files.path.in_(some))
        found |= {row.path: file_of_row(row) for row in connection.execute(wanted)}
    return found


def files_of_calls(connection: Connection, call_ids: Collection[str]) -> list[FileRow]:
    """The files of these calls, and of those that went into them."""
    found: list[FileRow] = []
    for some in _chunks(sorted(call_ids)):
        aliases = select(call_aliases.c.alias_id).where(call_aliases.c.call_id.in_(some))
        for wanted in (_files.call_id.in_(some), _files.call_id.in_(aliases)):
            rows = connection.execute(select(recording_files).where(wanted).order_by(_files.id))
            found += map(file_of_row, rows)
    return found


def files_since(connection: Connection, start_us: int, after: tuple[int, int], limit: int) -> list[FileRow]:
    """Files of what began since then, the oldest first; `after` is the place of the last one of the page before."""
    begun = _files.started_us
    wanted = select(recording_files).where(begun >= max(start_us, after[0]))
    following = wanted.where((begun > after[0]) | (_files.id > after[1])).order_by(begun, _files.id)
    return [file_of_row(row) for row in connection.execute(following.limit(limit))]


def name_files(connection: Connection, named: dict[int, str]) -> None:
    """The PBX's recordings that name these files, by file: they are to be linked by them."""
    told = (
        update(recording_files)
        .where(_files.id == bindparam("file_id"))
        .values(recording_id=bindparam("named_by"), linked_mark=None)
    )
    if named:
        connection.execute(told, [{"file_id": each, "named_by": named[each]} for each in sorted(named)])


def put_links(connection: Connection, links: Sequence[tuple[FileRow, Link]]) -> list[Relinked]:
    """Store what files belong to, in the place of what was stored; what that changed, in the same order."""
    before = _spans_of([file.id for file, _ in links], connection)
    connection.execute(_LINKED, [_values(file, link) for file, link in links])
    others = [
        (file, link)
        for file, link in links
        if link.call_id != file.call_id or set(before.get(file.id, ())) != set(link.spans)
    ]
    _put_spans(connection, others)
    _name_features(connection, [each for each in others if each[0].id in before])
    mark_calls(
        connection, {each for file, link in others for each in (file.call_id, link.call_id) if each is not None}
    )
    relinked = [_relinked(before.get(file.id, ()), link.spans) for file, link in links]
    _drop_features(connection, [(file.id, each.lost) for (file, _), each in zip(links, relinked, strict=True)])
    return relinked


_LINKED = (
    update(recording_files)
    .where(_files.id == bindparam("of_file"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "call_id", "recording_id", "linked_by", "linked_mark", "layout", "axis", "started_us",
            )
        }
    )
)  # fmt: skip


def _values(file: FileRow, link: Link) -> dict[str, Any]:
    return {
        "of_file": file.id,
        "new_call_id": link.call_id,
        "new_recording_id": link.recording_id,
        "new_linked_by": link.by,
        "new_linked_mark": link.mark,
        "new_layout": link.layout and link.layout.value,
        "new_axis": link.axis and link.axis.value,
        "new_started_us": link.started_us,
    }


def _spans_of(file_ids: Sequence[int], connection: Connection) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for first in range(0, len(file_ids), _AT_ONCE):
        some = recording_spans.c.file_id.in_(file_ids[first : first + _AT_ONCE])
        for row in connection.execute(select(recording_spans).where(some)):
            found.setdefault(row.file_id, []).append(span_of_row(row))
    return found


def _relinked(before: Collection[Span], after: Collection[Span]) -> Relinked:
    kept = {each.talk_id for each in after}
    lost = frozenset(each.talk_id for each in before if each.talk_id not in kept)
    return Relinked(changed=_places(before) != _places(after), lost=lost)


def _places(spans: Iterable[Span]) -> set[Span]:
    """What is listened to; whose name stands on it makes no other sound."""
    return {replace(each, agent="") for each in spans}


def _put_spans(connection: Connection, links: Sequence[tuple[FileRow, Link]]) -> None:
    for first in range(0, len(links), _AT_ONCE):
        ids = [file.id for file, _ in links[first : first + _AT_ONCE]]
        connection.execute(delete(recording_spans).where(recording_spans.c.file_id.in_(ids)))
    rows = [_span_row(file, link, each) for file, link in links for each in link.spans]
    if rows:
        connection.execute(insert(recording_spans), rows)


def _span_row(file: FileRow, link: Link, span: Span) -> dict[str, Any]:
    return {
        "file_id": file.id,
        "talk_id": span.talk_id,
        "call_id": link.call_id,
        "agent": span.agent,
        "start_ms": span.start_ms,
        "end_ms": span.end_ms,
        "holds": json.dumps(span.holds, separators=(",", ":")),
        "agent_channel": span.agent_channel,
        "customer_channel": span.customer_channel,
        "begins_talk": span.begins_talk,
    }


_NAMED = (
    update(talk_features)
    .where(talk_features.c.file_id == bindparam("of_file"), talk_features.c.talk_id == bindparam("of_talk"))
    .values(call_id=bindparam("now_of_call"), agent=bindparam("now_of"))
)


def _name_features(connection: Connection, links: Sequence[tuple[FileRow, Link]]) -> None:
    """What was heard is of the call and the agents that are known now."""
    told = [
        {"of_file": file.id, "of_talk": each.talk_id, "now_of_call": link.call_id, "now_of": each.agent}
        for file, link in links
        for each in link.spans
    ]
    if told:
        connection.execute(_NAMED, told)


def _drop_features(connection: Connection, lost: Iterable[tuple[int, Collection[str]]]) -> None:
    for file_id, talk_ids in lost:
        for some in _chunks(sorted(talk_ids)):
            of_file = talk_features.c.file_id == file_id
            connection.execute(delete(talk_features).where(of_file, talk_features.c.talk_id.in_(some)))


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]
