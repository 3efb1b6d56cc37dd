"""Which recordings' files somebody sees who sees a part of the centre: by agents, queues, codes. A condition of SQL.

A file that belongs to no call is seen by who sees everything alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select

from analytics.storage.models import calls, offerings, queue_visits
from analytics.storage.recording_models import recording_files, recording_spans
from analytics.storage.rollup_models import call_notes

_ESCAPE = "\\"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSight:
    """Whom somebody sees. dids: patterns of dialled numbers (* and ?) whose calls have one of his codes."""

    agents: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()  # as people noted them
    dids: frozenset[str] = frozenset()


def is_seen(sight: FileSight) -> ColumnElement[bool]:
    """Whether a row of `recording_files` is of a call with one of these agents, queues, codes or numbers."""
    call = recording_files.c.call_id
    found: list[ColumnElement[bool]] = []
    if sight.agents:
        named = sorted(sight.agents)
        found.append(
            _there(
                select(1).where(
                    recording_spans.c.file_id == recording_files.c.id, recording_spans.c.agent.in_(named)
                )
            )
        )
        found.append(_there(select(1).where(offerings.c.call_id == call, offerings.c.agent.in_(named))))
    if sight.queues:
        of = queue_visits.c
        found.append(_there(select(1).where(of.call_id == call, of.queue.in_(sorted(sight.queues)))))
    if sight.codes:
        said = select(1).where(call_notes.c.call_id == call, call_notes.c.code.in_(sorted(sight.codes)))
        found.append(_there(said))
    if sight.dids:
        dialled = or_(*(calls.c.did.like(_like(each), escape=_ESCAPE) for each in sorted(sight.dids)))
        found.append(_there(select(1).where(calls.c.id == call, dialled)))
    return or_(False, *found)


def _there(wanted: Select[tuple[int]]) -> ColumnElement[bool]:
    return exists(wanted.correlate(recording_files))


def _like(pattern: str) -> str:
    escaped = pattern.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")
    return escaped.replace("*", "%").replace("?", "_")
