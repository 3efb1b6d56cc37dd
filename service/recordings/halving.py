"""Which file has the other direction of the same recording: of two such files more can be told together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from sqlalchemy import Connection

from analytics.recordings.conditions import FileCondition
from analytics.recordings.halves import spans_of_both
from analytics.recordings.naming import whole_name
from analytics.recordings.values import Layout, Span
from analytics.storage.recording_files import files_of_call, spans_of_file
from analytics.storage.recording_rows import FileRow
from service.recordings.tasks import Other

_OPPOSITE = {Layout.HEARD: Layout.SAID, Layout.SAID: Layout.HEARD}


def other_of(connection: Connection, found: FileRow, spans: Sequence[Span]) -> Other | None:
    """The other direction of a file; None where none can be heard, there are several, or it lacks one of the talks."""
    wanted = None if found.layout is None else _OPPOSITE.get(found.layout)
    if wanted is None or found.call_id is None:
        return None
    others = [
        each
        for each in files_of_call(connection, found.call_id)
        if each.layout is wanted and each.condition is FileCondition.READY and _same_recording(each, found)
    ]
    if len(others) != 1:
        return None
    (other,) = others
    theirs = spans_of_file(connection, other.id)
    is_heard = wanted is Layout.HEARD
    both = spans_of_both(theirs, spans) if is_heard else spans_of_both(spans, theirs)
    if len(both) != len(spans):
        return None
    return Other(path=other.path, stamp=other.stamp, is_heard=is_heard, spans=tuple(both))


def _same_recording(one: FileRow, other: FileRow) -> bool:
    """Of the same name but for the direction and, where a converter left both, of the same ending."""
    same = one.pbx == other.pbx and whole_name(one.path) == whole_name(other.path)
    return same and PurePosixPath(one.path).suffix == PurePosixPath(other.path).suffix
