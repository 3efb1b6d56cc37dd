"""What was found in folders of recordings, into the store: files that came, changed or went, folders looked through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.recordings.conditions import FileCondition
from analytics.storage.changes import mark_calls
from analytics.storage.recording_models import recording_files, recording_folders
from analytics.storage.recording_results import forget_heard
from analytics.storage.recording_rows import FileRow, file_of_row
from analytics.storage.recording_work import withdraw
from telephony.clock import to_microseconds

_AT_ONCE = 500
_ROWS_AT_A_TIME = 2000
_files = recording_files.c
GONE = (FileCondition.MISSING.value, FileCondition.DESTROYED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file as it was found; columns as in `recording_files`."""

    pbx: str
    path: str
    size: int
    stamp: str
    changed_us: int
    condition: FileCondition
    detail: str
    coding: str | None
    channels: int | None
    rate: int | None
    length_ms: int | None
    started_us: int


class Known(NamedTuple):
    """A file that is stored, as far as a look through its folder needs it."""

    path: str
    stamp: str
    condition: str
    changed_us: int


def put_found(connection: Connection, found: Sequence[Found], now: datetime) -> dict[str, int]:
    """Store files of one PBX, new ones or changed ones, each to be linked anew. Their ids by path."""
    ids: dict[str, int] = {}
    insert_ = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # In one order, so that two who store the same files wait for each other and do not stand in each other's way.
    ordered = sorted(found, key=lambda each: each.path)
    for first in range(0, len(ordered), _AT_ONCE):
        rows = [
            {**asdict(each), "condition": each.condition.value, "found_us": to_microseconds(now)}
            for each in ordered[first : first + _AT_ONCE]
        ]
        told = insert_(recording_files).values(rows)
        again: dict[str, Any] = {name: told.excluded[name] for name in rows[0] if name not in _KEPT}
        stored = told.on_conflict_do_update(
            index_elements=["pbx", "path"], set_={**again, "linked_mark": None},
            where=_files.condition != FileCondition.DESTROYED.value,
        )  # fmt: skip
        for row in connection.execute(stored.returning(_files.id, _files.path)):
            ids[row.path] = row.id
    return ids


_KEPT = ("pbx", "path", "found_us")


def known_in(connection: Connection, pbx: str, folder: str) -> Iterator[Known]:
    """The files that are stored of a folder, not of those in it, by path."""
    within = and_(_below(pbx, folder), _files.path.not_like(f"{_escaped(folder)}%/%", escape="\\"))
    if not folder:
        within = and_(_files.pbx == pbx, _files.path.not_like("%/%"))
    wanted = select(_files.path, _files.stamp, _files.condition, _files.changed_us).where(within)
    rows = connection.execute(wanted.order_by(_files.path), execution_options={"yield_per": _ROWS_AT_A_TIME})
    return (Known(*row) for row in rows)


def set_missing(connection: Connection, pbx: str, paths: Collection[str]) -> int:
    """These files are there no more. How many were until now."""
    count, ordered = 0, sorted(paths)
    for first in range(0, len(ordered), _AT_ONCE):
        count += _set_missing(
            connection, and_(_files.pbx == pbx, _files.path.in_(ordered[first : first + _AT_ONCE]))
        )
    return count


def set_missing_below(connection: Connection, pbx: str, folder: str) -> int:
    """A folder is there no more, with all that lay in it. How many files were until now."""
    of_folder = and_(recording_folders.c.pbx == pbx, _under(recording_folders.c.path, folder))
    connection.execute(delete(recording_folders).where(of_folder))
    return _set_missing(connection, _below(pbx, folder))


def _set_missing(connection: Connection, where: ColumnElement[bool]) -> int:
    gone = select(_files.id, _files.call_id).where(where, _files.condition.not_in(GONE)).order_by(_files.id)
    rows = connection.execute(gone).all()
    values = {"condition": FileCondition.MISSING.value, "detail": ""}
    told = update(recording_files).where(_files.id == bindparam("file_id")).values(values)
    if rows:
        connection.execute(told, [{"file_id": row.id} for row in rows])
        withdraw(connection, [row.id for row in rows])
        mark_calls(connection, {row.call_id for row in rows if row.call_id is not None})
    return len(rows)


def put_length(connection: Connection, file_id: int, *, channels: int, rate: int, length_ms: int) -> None:
    """How long a file is, once that is known: it is to be linked anew."""
    values = {"channels": channels, "rate": rate, "length_ms": length_ms, "linked_mark": None}
    connection.execute(update(recording_files).where(_files.id == file_id).values(values))


def set_unreadable(connection: Connection, file: FileRow, why: str, condition: FileCondition) -> None:
    """A file turned out to be no sound, or none that is read here, when it was listened to."""
    values = {"condition": condition.value, "detail": why}
    connection.execute(update(recording_files).where(_files.id == file.id).values(values))
    forget_heard(connection, file.id)
    if file.call_id is not None:
        mark_calls(connection, {file.call_id})


def in_condition(
    connection: Connection, pbx: str, condition: FileCondition, after: int = 0, limit: int = _AT_ONCE
) -> list[FileRow]:
    """Files of a PBX in this condition, by id; `after` is the last id of the page before."""
    wanted = select(recording_files).where(
        _files.condition == condition.value, _files.pbx == pbx, _files.id > after
    )
    return [file_of_row(row) for row in connection.execute(wanted.order_by(_files.id).limit(limit))]


def has_files(connection: Connection, pbx: str) -> bool:
    """Whether any file of this PBX lay there when it was looked last."""
    wanted = select(_files.id).where(_files.pbx == pbx, _files.condition.not_in(GONE))
    return connection.execute(wanted.limit(1)).first() is not None


def load_folders(connection: Connection, pbx: str) -> dict[str, str]:
    """The folders that were looked through, with their stamps."""
    table = recording_folders.c
    wanted = select(table.path, table.stamp).where(table.pbx == pbx)
    return {row.path: row.stamp for row in connection.execute(wanted)}


def put_folder(connection: Connection, pbx: str, folder: str, stamp: str) -> None:
    """A folder was looked through when it had this stamp."""
    same = and_(recording_folders.c.pbx == pbx, recording_folders.c.path == folder)
    if connection.execute(update(recording_folders).where(same).values(stamp=stamp)).rowcount == 0:
        connection.execute(insert(recording_folders).values(pbx=pbx, path=folder, stamp=stamp))


def _below(pbx: str, folder: str) -> ColumnElement[bool]:
    """Files of a folder and of all folders in it."""
    return and_(_files.pbx == pbx, _files.path >= f"{folder}/", _files.path < f"{folder}0")  # 0 follows /


def _under(path: ColumnElement[str], folder: str) -> ColumnElement[bool]:
    """A folder, and all folders in it."""
    return (path == folder) | and_(path >= f"{folder}/", path < f"{folder}0")


def _escaped(folder: str) -> str:
    return f"{folder}/".replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
