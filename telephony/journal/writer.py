"""Writes the journal of one PBX: appends in memory, makes durable by `commit`.

    with JournalWriter(folder, "pbx") as journal:
        entry = journal.append(1, EntryKind.PACKETS, received_at, frames)
        last_durable = journal.commit()

Neither thread nor clock inside: the caller commits at most 100 ms after the first append. `append` may be
called while another thread is in `commit` (which spends its time without the interpreter's lock).
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from telephony.clock import from_microseconds
from telephony.errors import JournalError
from telephony.journal.batches import Batch, Run, new_compressor, pack, run_of
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.files import (
    FILE_MODE,
    FOLDER_MODE,
    bounds,
    close_day,
    day_file,
    day_files,
    insert,
    journal_error,
    open_to_write,
    reading,
)

# A reader holds one batch in memory; beyond a megabyte compression gains nothing more.
MAX_BATCH = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sealed:
    """A packed batch on its way to its day's file; `size` is that of the packets before packing."""

    day: date
    size: int
    batch: Batch


class JournalWriter:
    """The only writer of a PBX's journal.

    at_least_seq: numbers begin beyond this, and beyond all that the folder holds. Give the highest number
        that anything derived from the journal has stored, so that no number is reused even if files are lost.
    Raises JournalError if another writer is at work or the folder cannot be written, JournalCorruptError if
    the newest file is damaged (move it away and begin again with at_least_seq).
    """

    def __init__(self, folder: Path, pbx: str, *, at_least_seq: int = 0) -> None:
        self._folder = folder
        self._pbx = pbx
        self._day = date.min
        self._file: sqlite3.Connection | None = None
        self._compressor = new_compressor()
        self._appending, self._committing = Lock(), Lock()
        self._runs: list[Run] = []
        self._sealed: list[_Sealed] = []
        self._buffered = 0
        day_file(folder, pbx, date.min)  # refuses a name that is no file's name
        self._lock = _take_lock(folder, pbx)
        try:
            self._durable = max(at_least_seq, self._open_newest())
        except BaseException:
            os.close(self._lock)
            raise
        self._next = self._durable + 1

    @property
    def durable_seq(self) -> int:
        """The last number that is on the disk; 0 in a new journal."""
        return self._durable

    @property
    def buffered_bytes(self) -> int:
        """How much was appended and is not durable: grows while the disk is full."""
        return self._buffered

    def append(
        self,
        connection: int,
        kind: EntryKind,
        received_at: datetime,
        frames: tuple[bytes, ...] = (),
        detail: str = "",
    ) -> Entry:
        """Numbers an entry and keeps it for the next commit; it must not be interpreted before that.

        Raises MisuseError for an entry that its kind does not allow, or frames that Parser did not cut.
        """
        with self._appending:
            entry = Entry(
                seq=self._next,
                connection=connection,
                kind=kind,
                received_at=received_at,
                frames=frames,
                detail=detail,
            )
            run = run_of(entry)
            self._runs.append(run)
            self._buffered += len(run.body)
            self._next += run.count
        return entry

    def commit(self) -> int:
        """Makes all that was appended durable and returns the last durable number.

        Raises JournalError if the disk is full or broken. Then nothing is half-written, nothing is
        forgotten and the next commit tries again; entries of the day before may be durable already.
        """
        with self._committing:
            with self._appending:
                runs, self._runs = self._runs, []
            self._sealed += list(self._seal(runs))
            while self._sealed:
                day = self._sealed[0].day
                self._write(day, [sealed for sealed in self._sealed if sealed.day == day])
            return self._durable

    def close(self) -> None:
        """Commits and lets another writer in, that even if the commit fails with JournalError."""
        try:
            self.commit()
        finally:
            if self._file is not None:
                close_day(self._file)
                self._file = None
            os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _seal(self, runs: list[Run]) -> Iterator[_Sealed]:
        day = self._sealed[-1].day if self._sealed else self._day
        dated: list[tuple[date, Run]] = []
        for run in runs:
            # Never back to an earlier file: the order of files is the order of numbers.
            day = max(day, from_microseconds(run.received_us).date())
            dated.append((day, run))
        for of_day, group in groupby(dated, key=lambda pair: pair[0]):
            for cut in _cut([run for _, run in group]):
                size = sum(len(run.body) for run in cut)
                yield _Sealed(day=of_day, size=size, batch=pack(cut, self._compressor))

    def _write(self, day: date, sealed: list[_Sealed]) -> None:
        try:
            file, written = self._open_day(day)
            # A commit that failed may have reached the disk all the same.
            missing = [each.batch for each in sealed if each.batch.first_seq > written]
            if missing:
                insert(file, missing)
        except (sqlite3.Error, OSError) as error:
            self._let_go()
            raise journal_error(day_file(self._folder, self._pbx, day).path, error) from error
        del self._sealed[: len(sealed)]
        with self._appending:
            self._buffered -= sum(each.size for each in sealed)
        self._durable = sealed[-1].batch.last_seq

    def _open_day(self, day: date) -> tuple[sqlite3.Connection, int]:
        """The file of a day and the last number that it is known to hold."""
        if self._file is not None and self._day == day:
            return self._file, self._durable
        if self._file is not None:
            close_day(self._file)
            self._file = None
        self._file = open_to_write(day_file(self._folder, self._pbx, day).path)
        self._day = day
        held = bounds(self._file)
        return self._file, held[1] if held else 0

    def _let_go(self) -> None:
        """Closes the file after an error, so that the next commit learns anew what the disk holds."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open_newest(self) -> int:
        """Opens the newest file, if there is one, and finds the last number written."""
        files = day_files(self._folder, self._pbx)
        if not files:
            return 0
        try:
            last = self._open_day(files[-1].day)[1]
        except (sqlite3.Error, OSError) as error:
            self._let_go()
            raise journal_error(files[-1].path, error) from error
        for file in reversed(files[:-1]):
            if last:
                break
            with reading(file.path) as connection:
                held = bounds(connection)
                last = held[1] if held else 0
        return last


def _cut(runs: list[Run]) -> Iterator[list[Run]]:
    """Runs in batches of some megabytes; a run is never cut."""
    cut: list[Run] = []
    size = 0
    for run in runs:
        if cut and size + len(run.body) > MAX_BATCH:
            yield cut
            cut, size = [], 0
        cut.append(run)
        size += len(run.body)
    if cut:
        yield cut


def _take_lock(folder: Path, pbx: str) -> int:
    """Locks the PBX's journal for this writer; the system lets go when the descriptor or process ends."""
    path = folder / f"{pbx}.lock"
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
    except OSError as error:
        raise JournalError(f"{path}: {error.strerror}, expected a folder to write in") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise JournalError(f"{path}: found another writer of {pbx} at work, expected none") from None
    return lock
