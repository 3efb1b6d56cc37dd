"""One file of a log, open: which file it is, and its rows from any position on. Memory holds a block of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from telephony.pbxlogs.blocks import ROW_LIMIT, TOO_LONG, Blocks, Parsed, bad_row, text_of
from telephony.pbxlogs.marks import HEAD, Identity, Position, identity_of
from telephony.pbxlogs.opening import Reading, blocks_of, first_instant
from telephony.pbxlogs.packed import Unpacked
from telephony.pbxlogs.rows import LogKind

BLOCK = {LogKind.CEL: 524_288, LogKind.CDR: 524_288, LogKind.QUEUE_LOG: 131_072}
"""Bytes that hold about 2,000 rows."""
NEAR = 65_536
START = Position()
NOTHING = Parsed([], [], 0, 0, 0)


class LogFile:
    """An open file. `complete`: nothing more will be written to it, so a last line without an end is a line."""

    def __init__(self, reading: Reading, path: Path, *, complete: bool) -> None:
        self._reading, self._path, self._complete = reading, path, complete
        self._stream = Unpacked(path)
        self._block = BLOCK[reading.kind]
        self._head = self._stream.read(self._block)
        self.head = self._head[:HEAD]
        self.identity: Identity = identity_of(self._stream.inode, self._head)
        self.size = self._stream.size
        self.compressed = self._stream.compressed

    def first(self) -> datetime | None:
        """The time of the first row; None if there is none near the beginning. Raises LogError."""
        return first_instant(self._blocks(), self._head)

    def before(self, at: datetime) -> Position:
        """A line before which nothing was written at or after this time: found by halves, in a file that is not packed.

        Lines before it are not counted.
        """
        if self.compressed:
            return START
        blocks = self._blocks()
        low, high = 0, self.size
        while high - low > NEAR:
            middle = (low + high) // 2
            self._stream.go_to(middle)
            held = self._stream.read(NEAR)
            begin, end = held.find(b"\n") + 1, held.rfind(b"\n") + 1
            rows = blocks.parse(held[begin:end], 2, final=True).rows if begin < end else []
            if rows and rows[0].at < at:
                low = middle + begin
            else:
                high = middle
        return Position(low, 0, low)

    def read(self, start: Position = START) -> Iterator[tuple[Parsed, Position]]:
        """What stands beyond a position, and the position after each piece. Raises LogError."""
        if (start.disk if self.compressed else start.offset) >= self.size:
            return
        blocks, (offset, line, _) = self._blocks(), start
        self._stream.go_to(offset)
        held, following = b"", self._stream.read(self._block)
        while following:
            held, following = held + following, self._stream.read(self._block)
            if not self._stream.begins_with(self.head):
                return  # what was just read may be of two files; what this one held is in its copy
            end = held.rfind(b"\n") + 1
            if end:
                parsed = blocks.parse(held[:end], line + 1, final=False)
                held = held[parsed.size :]
            elif len(held) > ROW_LIMIT:
                parsed, held, following = self._skip_line(held, following, line + 1)
            else:
                continue
            offset, line = offset + parsed.size, line + parsed.lines
            if parsed.size:
                yield parsed, Position(offset, line, self._disk(offset, ended=not held and not following))
        if self._complete or self.compressed:
            yield from self._finish(blocks, held, Position(offset, line, self.size))

    def _finish(self, blocks: Blocks, held: bytes, at: Position) -> Iterator[tuple[Parsed, Position]]:
        """What is left where the file ends: rows that never close, a last line without an end, damage."""
        parsed = blocks.parse(held, at.line + 1, final=True) if held else NOTHING
        if self._stream.damage:
            damage = bad_row(str(self._path), at.line + parsed.lines + 1, self._stream.damage, "")
            parsed = parsed._replace(bad=[*parsed.bad, damage])
        if held or self._stream.damage:
            yield parsed, Position(at.offset + parsed.size, at.line + parsed.lines, self.size)

    def _skip_line(self, held: bytes, following: bytes, line: int) -> tuple[Parsed, bytes, bytes]:
        """Pass over a line that is too long to be one, and give what follows it.

        A line without an end is left for later, unless the file is complete.
        """
        size, beginning = len(held), held[:HEAD]
        while following:
            end = following.find(b"\n") + 1
            size += end or len(following)
            if end:
                return self._too_long(beginning, line, size), following[end:], self._stream.read(self._block)
            following = self._stream.read(self._block)
        if self._complete or self.compressed:
            return self._too_long(beginning, line, size), b"", b""
        return NOTHING, b"", b""

    def _too_long(self, beginning: bytes, line: int, size: int) -> Parsed:
        bad = bad_row(str(self._path), line, TOO_LONG, text_of(beginning, line))
        return Parsed([], [bad], 0, size, 1)

    def _disk(self, offset: int, *, ended: bool) -> int:
        """The place on disk; that of a compressed file is at its size only where nothing more is in it."""
        if not self.compressed:
            return offset
        return self.size if ended and not self._stream.damage else min(self._stream.disk(), self.size - 1)

    def _blocks(self) -> Blocks:
        head = self._head
        if self._complete and len(head) < self._block and not head.endswith(b"\n"):
            head += b"\n"  # the last line, which lacks its end, tells the layout too
        return blocks_of(self._reading, head, self._stream.read_end(self._block), str(self._path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()
