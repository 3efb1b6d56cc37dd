"""What pages are told of a recording's file, read from the store."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from analytics.storage import recording_files
from analytics.storage.recording_files import FileRow
from service.dashboard.recordings.parts import Destroyed, FileParts
from service.destroying.lists import destroyed_of_file


def parts_of(
    connection: Connection, row: FileRow, name_of: Callable[[str], str | None], *, marked: bool
) -> FileParts:
    """A file with whose talk lies where; with `marked` also what there is to jump to, and whether it was destroyed."""
    spans = recording_files.spans_of_file(connection, row.id)
    names = {each.agent: name_of(each.agent) for each in spans}
    destroyed = destroyed_of(connection, row) if marked else None
    return FileParts(
        file=row, spans=tuple(spans), names={agent: name for agent, name in names.items() if name},
        marks=recording_files.marks_of_file(connection, row.id) if marked else None, destroyed=destroyed,
    )  # fmt: skip


def destroyed_of(connection: Connection, row: FileRow) -> Destroyed | None:
    """When a file was destroyed, and the certificate that tells of it."""
    found = destroyed_of_file(connection, row.id)
    return Destroyed(at=found[0], certificate=found[1]) if found else None
