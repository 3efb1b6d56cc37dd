"""Reads a journal back: once from any number or time on, or following a writer at work.

Only what is committed is ever seen. One batch at a time is in memory, and no transaction stays open between
two batches, so a slow reader never holds up the writer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from telephony.clock import to_microseconds
from telephony.errors import JournalCorruptError
from telephony.journal.batches import Batch, unpack
from telephony.journal.entries import Entry
from telephony.journal.files import (
    EARLIEST_US,
    LATEST_US,
    DayFile,
    all_files,
    bounds,
    day_files,
    journal_error,
    next_batch,
    open_to_read,
    reading,
)

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePosition:
    """What a day file holds: numbers first_seq to last_seq in size_bytes of disk (its -wal included)."""

    pbx: str
    day: date
    path: Path
    first_seq: int
    last_seq: int
    size_bytes: int


def list_pbxs(folder: Path) -> list[str]:
    """The PBXs that have a journal in a folder, in order of their names."""
    return sorted({file.pbx for file in all_files(folder)})


def positions(folder: Path, pbx: str) -> list[FilePosition]:
    """What each day file of a PBX holds, oldest first; files without an entry are left out."""
    found = []
    for file in day_files(folder, pbx):
        with reading(file.path) as connection:
            held = bounds(connection)
        if held:
            found.append(_position(file, held))
    return found


def _position(file: DayFile, held: tuple[int, int]) -> FilePosition:
    return FilePosition(
        pbx=file.pbx,
        day=file.day,
        path=file.path,
        first_seq=held[0],
        last_seq=held[1],
        size_bytes=sum(path.stat().st_size for path in (file.path, beside(file.path, "-wal")) if path.exists()),
    )


def beside(path: Path, ending: str) -> Path:
    """The name of a file that SQLite keeps beside another."""
    return path.with_name(path.name + ending)


def read(
    folder: Path,
    pbx: str,
    *,
    after_seq: int = 0,
    until_seq: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[Entry]:
    """The entries numbered beyond after_seq, up to until_seq, received in [since, until), in order.

    A run at either edge of the numbers is cut there. Entries are found by day file first: `until` looks one
    day beyond, so that a clock that was set back by less than that hides nothing.
    Raises JournalError, JournalCorruptError (all entries before the damage were given).
    """
    for file in day_files(folder, pbx):
        if since is not None and _starts(file.day + ONE_DAY) <= since:
            continue
        if until is not None and _starts(file.day - ONE_DAY) >= until:
            return
        for entry in read_file(file.path, after_seq=after_seq, since=since, until=until):
            if until_seq is not None and entry.seq > until_seq:
                return
            yield entry if until_seq is None else entry.up_to(until_seq)


def read_file(
    path: Path, *, after_seq: int = 0, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Entry]:
    """The entries of one day file beyond after_seq, received in [since, until)."""
    since_us = EARLIEST_US if since is None else to_microseconds(since)
    until_us = LATEST_US if until is None else to_microseconds(until)
    with reading(path) as connection:
        while batch := next_batch(connection, after_seq, since_us, until_us):
            for entry in entries_of(batch, path, after_seq):
                if since_us <= to_microseconds(entry.received_at) < until_us:
                    yield entry
            after_seq = batch.last_seq


def entries_of(batch: Batch, path: Path, after_seq: int = 0) -> Iterator[Entry]:
    """The entries of a batch beyond after_seq. Raises JournalCorruptError that names file and number."""
    try:
        entries = unpack(batch)
    except JournalCorruptError as error:
        raise JournalCorruptError(f"{path}: batch of number {batch.first_seq}: {error}") from None
    return (entry.after(after_seq) for entry in entries if entry.last_seq > after_seq)


def _starts(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


class Follower:
    """Reads a journal that is being written, batch by batch, in this or another process.

    with Follower(folder, "pbx", after_seq) as follower:
        entries = follower.poll()

    It may begin before the journal does. Numbers leap where retention deleted what was not read yet.
    """

    def __init__(self, folder: Path, pbx: str, after_seq: int = 0) -> None:
        self._folder = folder
        self._pbx = pbx
        self._after_seq = after_seq
        self._file: DayFile | None = None
        self._connection: sqlite3.Connection | None = None

    @property
    def after_seq(self) -> int:
        """The number of the last packet that was given."""
        return self._after_seq

    def poll(self) -> list[Entry]:
        """The entries of the next batch; [] if nothing new is committed.

        Raises JournalError, JournalCorruptError; the next call tries the same again.
        """
        while True:
            entries = self._next_entries()
            newer = None if entries else self._newer()
            if newer is None:
                return entries
            # There is a newer file, so this one is complete now: it may have grown since we looked.
            entries = self._next_entries()
            if entries:
                return entries
            self._open(newer)

    def close(self) -> None:
        """Lets go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _next_entries(self) -> list[Entry]:
        if self._file is None or self._connection is None:
            return []
        try:
            batch = next_batch(self._connection, self._after_seq)
        except sqlite3.Error as error:
            raise journal_error(self._file.path, error) from error
        if batch is None:
            return []
        entries = list(entries_of(batch, self._file.path, self._after_seq))
        self._after_seq = batch.last_seq
        return entries

    def _newer(self) -> DayFile | None:
        if not self._folder.exists():
            return None
        files = day_files(self._folder, self._pbx)
        return next((file for file in files if self._file is None or file.day > self._file.day), None)

    def _open(self, file: DayFile) -> None:
        self.close()
        try:
            self._connection = open_to_read(file.path)
        except sqlite3.Error as error:
            raise journal_error(file.path, error) from error
        self._file = file


def follow(folder: Path, pbx: str, after_seq: int, wait: Callable[[], bool]) -> Iterator[Entry]:
    """Entries beyond after_seq as they are committed. `wait` is called when there is none; False ends it."""
    with Follower(folder, pbx, after_seq) as follower:
        while True:
            entries = follower.poll()
            yield from entries
            if not entries and not wait():
                return
