"""Lets old day files go: those past their age of which nothing is needed any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from telephony.errors import JournalCorruptError, JournalError, MisuseError
from telephony.journal.files import DayFile, bounds, day_files, reading

KEEP_DAYS = 30
BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFile:
    """A day file that may go."""

    day: date
    path: Path
    size_bytes: int


def prunable(
    folder: Path, pbx: str, *, today: date, keep_from_seq: int, keep_days: int = KEEP_DAYS
) -> list[OldFile]:
    """The files older than keep_days before today that hold only numbers below keep_from_seq, oldest first.

    today: the UTC day now. keep_from_seq: the analyser's `re-read from`; 0 keeps everything. The newest file
    that holds an entry always stays: it is where the writer learns the last number.
    """
    if keep_days < 1:
        raise MisuseError(f"keep_days: found {keep_days}, expected at least 1")
    limit = today - timedelta(days=keep_days)
    found: list[OldFile] = []
    next_first: int | None = None
    for file in reversed(day_files(folder, pbx)):
        # All numbers of a file lie below the first of the next, so a damaged file can go by its age too.
        if file.day < limit and next_first is not None and next_first <= keep_from_seq:
            found.append(_old_file(file))
        next_first = _first_seq(file.path) or next_first
    return found[::-1]


def prune(folder: Path, pbx: str, *, today: date, keep_from_seq: int, keep_days: int = KEEP_DAYS) -> list[OldFile]:
    """Deletes what `prunable` lists and returns it.

    Raises JournalError if a file cannot be deleted; those deleted before it stay deleted.
    """
    old = prunable(folder, pbx, today=today, keep_from_seq=keep_from_seq, keep_days=keep_days)
    for file in old:
        try:
            # The -wal first: a day file whose -wal is left over would take it up again.
            for path in (*_beside(file.path), file.path):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise JournalError(f"{file.path}: {error.strerror}, expected to delete it") from error
    return old


def _first_seq(path: Path) -> int | None:
    try:
        with reading(path) as connection:
            held = bounds(connection)
    except JournalCorruptError:
        return None
    return held[0] if held else None


def _old_file(file: DayFile) -> OldFile:
    paths = (file.path, *_beside(file.path))
    size = sum(path.stat().st_size for path in paths if path.exists())
    return OldFile(day=file.day, path=file.path, size_bytes=size)


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + ending) for ending in BESIDE]
