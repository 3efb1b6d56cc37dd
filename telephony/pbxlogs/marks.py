"""How far a log's files were read, as a text that outlives rotation and compression. Pure.

A file is known by its device and inode. One that was copied or compressed has another inode, and is known by a checksum
of its beginning: the first lines of a log hold times and channels, which no other file begins with.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from telephony.errors import LogError

HEAD = 1024
"""Bytes: more than a heading, which all files of a log may share."""


class Identity(NamedTuple):
    """Which file. `length`: how many bytes the checksum covers."""

    inode: str
    checksum: str
    length: int

    def is_head(self, head: bytes) -> bool:
        """Whether a file that begins so can be this one."""
        return len(head) >= self.length and checksum(head[: self.length]) == self.checksum


class Position(NamedTuple):
    """How far a file was read."""

    offset: int = 0  # bytes of what it holds, unpacked
    line: int = 0  # lines before it
    disk: int = 0  # bytes of the file as it stands on disk


class Mark(NamedTuple):
    """How far a log was read. `before`: the file read before this one, which its writer may not have left yet."""

    file: Identity
    position: Position
    first: int | None = None  # time of the file's first row, whole seconds since the epoch
    before: Mark | None = None

    def text(self) -> str:
        """As JSON."""
        return json.dumps(self._object(), separators=(",", ":"))

    def _object(self) -> dict[str, Any]:
        found: dict[str, Any] = {"file": list(self.file), **self.position._asdict()}
        if self.first is not None:
            found["first"] = self.first
        if self.before is not None:
            found["before"] = self.before._replace(before=None)._object()
        return found


def checksum(head: bytes) -> str:
    """A short checksum of a file's beginning."""
    return hashlib.sha256(head).hexdigest()[:32]


def identity_of(inode: str, head: bytes) -> Identity:
    """The identity of a file that begins so."""
    beginning = head[:HEAD]
    return Identity(inode, checksum(beginning), len(beginning))


def position_in(mark: Mark, file: Identity) -> Position:
    """The mark's position in what is the same file, perhaps compressed since: then it stands elsewhere on disk."""
    return mark.position if mark.file.inode == file.inode else mark.position._replace(disk=0)


def mark_of(text: str) -> Mark:
    """The mark of a text that a source gave. Raises LogError."""
    try:
        return _of_object(json.loads(text))
    except (ValueError, KeyError, TypeError):
        raise LogError(f"found the mark {text[:80]!r}, expected one that a log's file gave") from None


def _of_object(found: dict[str, Any]) -> Mark:
    inode, head, length = found["file"]
    first, before = found.get("first"), found.get("before")
    return Mark(
        Identity(str(inode), str(head), int(length)),
        Position(int(found["offset"]), int(found["line"]), int(found["disk"])),
        None if first is None else int(first),
        None if before is None else _of_object(before),
    )
