"""Checks a journal from end to end: every checksum, every number, every count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from telephony.clock import to_microseconds
from telephony.errors import JournalCorruptError, JournalError
from telephony.journal.batches import Batch
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.files import day_files, next_batch, reading
from telephony.journal.reader import entries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong: in which file, at or after which number, and what was found and expected."""

    path: Path
    seq: int
    message: str


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was looked at, and what was wrong. An unfinished STOPPED is no fault: see `unclean_ends`.

    first_seq, last_seq: 0 in an empty journal.
    unclean_ends: how often STARTED follows something other than STOPPED (the listener was killed).
    stored_bytes, packet_bytes: the batches as stored, and the packets in them.
    """

    files: int = 0
    batches: int = 0
    entries: int = 0
    packets: int = 0
    first_seq: int = 0
    last_seq: int = 0
    unclean_ends: int = 0
    stored_bytes: int = 0
    packet_bytes: int = 0
    findings: list[Finding]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.findings


def verify(folder: Path, pbx: str) -> Verification:
    """Reads all of a PBX's journal and reports every fault; never stops at one.

    Raises JournalError only if the folder itself cannot be read.
    """
    checker = _Checker()
    for file in day_files(folder, pbx):
        checker.check_file(file.path)
    return checker.result


class _Checker:
    """Goes through files in order, remembering where it is."""

    def __init__(self) -> None:
        self.result = Verification(findings=[])
        self._kind: EntryKind | None = None

    def check_file(self, path: Path) -> None:
        self.result.files += 1
        try:
            for batch in _batches(path, self.result.last_seq):
                self._check_batch(path, batch)
        except JournalError as error:
            self._report(path, self.result.last_seq + 1, str(error))

    def _check_batch(self, path: Path, batch: Batch) -> None:
        result = self.result
        if not result.last_seq:
            result.first_seq = batch.first_seq
        elif batch.first_seq != result.last_seq + 1:
            self._report(path, batch.first_seq, f"found number {batch.first_seq}, expected {result.last_seq + 1}")
        result.batches += 1
        result.stored_bytes += len(batch.content)
        result.last_seq = batch.last_seq
        try:
            entries = list(entries_of(batch, path))
        except JournalCorruptError as error:
            self._report(path, batch.first_seq, str(error))
            return
        self._check_times(path, batch, entries)
        for entry in entries:
            self._count(entry)

    def _check_times(self, path: Path, batch: Batch, entries: list[Entry]) -> None:
        times = [to_microseconds(entry.received_at) for entry in entries]
        found, expected = (min(times), max(times)), (batch.first_received_us, batch.last_received_us)
        if found != expected:
            self._report(path, batch.first_seq, f"found receive times {found}, expected {expected}")

    def _count(self, entry: Entry) -> None:
        self.result.entries += 1
        self.result.packets += len(entry.frames)
        self.result.packet_bytes += sum(map(len, entry.frames))
        if entry.kind is EntryKind.STARTED and self._kind not in (None, EntryKind.STOPPED):
            self.result.unclean_ends += 1
        self._kind = entry.kind

    def _report(self, path: Path, seq: int, message: str) -> None:
        self.result.findings.append(Finding(path=path, seq=seq, message=message))


def _batches(path: Path, after_seq: int) -> Iterator[Batch]:
    with reading(path) as connection:
        check = connection.execute("PRAGMA quick_check").fetchone()[0]
        while batch := next_batch(connection, after_seq):
            yield batch
            after_seq = batch.last_seq
        if check != "ok":
            raise JournalCorruptError(f"{path}: found {check}, expected a sound SQLite file")
