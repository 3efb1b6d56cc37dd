"""Logs in files: one file, or a live log with the files that rotation made of it. Both are LogSources.

    for batch in FileLog(LogKind.CEL, Path("Master.csv")).batches(): ...

Following is calling `batches(after=mark)` again. Zones: `zone` is that of local times; without it the file tells its
own, and `preferred` is taken where it agrees with what the file tells (zones.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from telephony.errors import LogError
from telephony.pbxlogs.blocks import Parsed
from telephony.pbxlogs.layouts import layout_of
from telephony.pbxlogs.log_file import START, LogFile
from telephony.pbxlogs.log_source import Batch
from telephony.pbxlogs.marks import Mark, Position, mark_of, position_in
from telephony.pbxlogs.opening import Reading
from telephony.pbxlogs.rotation import Step, find, plan
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.siblings import Known, siblings_of, stamps_of

ATTEMPTS = 10
"""How often files may be moved under our hands before we say so: each time costs one look at the folder."""


class FileLog:
    """One file, plain or compressed. `complete`: nobody writes to it any more, so its last line is one in any case."""

    def __init__(
        self,
        kind: LogKind,
        path: Path,
        *,
        zone: tzinfo | None = None,
        preferred: tzinfo | None = None,
        columns: Sequence[str] | None = None,
        complete: bool = True,
    ) -> None:
        self.kind = kind
        self.name = str(path)
        self._path = path
        self._complete = complete
        self._reading = _reading(kind, zone, preferred, columns)

    def batches(self, after: str | None = None) -> Iterator[Batch]:
        """What stands beyond a mark; from the beginning if the mark is of another file, or of one since cut."""
        mark = None if after is None else mark_of(after)
        with LogFile(self._reading, self._path, complete=self._complete) as file:
            start = START
            if mark is not None and mark.file.is_head(file.head):
                start = position_in(mark, file.identity)
            for parsed, position in file.read(start):
                yield Batch(parsed.rows, parsed.bad, parsed.irrelevant, Mark(file.identity, position).text())

    def mark_since(self, at: datetime) -> str | None:
        """See LogSource."""
        with LogFile(self._reading, self._path, complete=self._complete) as file:
            return Mark(file.identity, file.before(at)).text()

    def size(self) -> int | None:
        """Bytes on disk."""
        try:
            return self._path.stat().st_size
        except OSError:
            return None

    def done(self, mark: str | None) -> int:
        """Bytes on disk before a mark."""
        return 0 if mark is None else mark_of(mark).position.disk


class RotatedLog:
    """A live log and its rotated siblings, read from the oldest to the newest, each row once.

    Files may be renamed, compressed, copied and cut (copytruncate) or made anew between two readings, and during one.
    """

    def __init__(
        self,
        kind: LogKind,
        path: Path,
        *,
        zone: tzinfo | None = None,
        preferred: tzinfo | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        self.kind = kind
        self.name = str(path)
        self._path = path
        self._reading = _reading(kind, zone, preferred, columns)
        self._known: Known = {}
        self._ended: dict[
            str, tuple[int, int]
        ] = {}  # by inode: size of a file when it was read to its end, offset there

    def batches(self, after: str | None = None) -> Iterator[Batch]:
        """What stands beyond a mark, in whichever file it is now. Raises LogError if there is no file."""
        mark = None if after is None else mark_of(after)
        for _ in range(ATTEMPTS):
            files = siblings_of(self._reading, self._path, self._known)
            if not files and not stamps_of(self._path):
                raise LogError(f"{self._path}: found no such file, nor a rotated one, expected the log")
            for step in plan(files, mark):
                file = self._open(step)
                if file is None:
                    break  # it was moved since we looked: look again, and go on from the mark
                with file:
                    for parsed, position in self._read(file, step):
                        mark = step.mark(file.identity, position, mark)
                        yield Batch(parsed.rows, parsed.bad, parsed.irrelevant, mark.text())
            else:
                return

    def mark_since(self, at: datetime) -> str | None:
        """See LogSource."""
        files = siblings_of(self._reading, self._path, self._known)
        older = [file for file in files if file.first is not None and file.first <= at.timestamp()]
        if not older:
            return None
        file = self._open(Step(older[-1], START))
        if file is None:
            return None  # it was moved just now: from the beginning, then
        with file:
            return Mark(file.identity, file.before(at), older[-1].first).text()

    def size(self) -> int | None:
        """Bytes on disk of all files."""
        return sum(stamp[2] for stamp in stamps_of(self._path).values())

    def done(self, mark: str | None) -> int:
        """Bytes on disk before a mark."""
        if mark is None:
            return 0
        known = mark_of(mark)
        files = siblings_of(self._reading, self._path, self._known)
        place = find(files, known.file)
        earlier = sum(file.size for file in files[: place or 0])
        return earlier + min(known.position.disk, files[place].size if place is not None else 0)

    def _open(self, step: Step) -> LogFile | None:
        """The file of a step; None if another one bears its name by now."""
        path = step.sibling.path
        try:
            file = LogFile(self._reading, path, complete=not step.sibling.live)
        except LogError:
            if path.exists():
                raise
            return None
        if file.identity.inode == step.sibling.identity.inode and step.sibling.identity.is_head(file.head):
            return file
        file.close()
        return None

    def _read(self, file: LogFile, step: Step) -> Iterator[tuple[Parsed, Position]]:
        """The rest of a file. A compressed one that was found to have no more is not unpacked for it again."""
        inode, at = file.identity.inode, step.start
        if self._ended.get(inode) == (file.size, at.offset):
            return
        for parsed, at in file.read(step.start):
            yield parsed, at
        self._ended[inode] = (file.size, at.offset)


def _reading(
    kind: LogKind, zone: tzinfo | None, preferred: tzinfo | None, columns: Sequence[str] | None
) -> Reading:
    layout = None if columns is None else layout_of(kind, columns)
    return Reading(kind=kind, zone=zone, preferred=preferred, layout=layout)
