"""The files that rotation made of a live log, oldest first, as they stand at one moment.

    queue_log  queue_log.1  queue_log.2.gz  queue_log-20261120  queue_log-20261120.gz  queue_log.1795303639

Numbers do not tell the order: logrotate calls the newest 1, and Asterisk's own `sequential` rotation calls it the
highest. So each file's first row tells.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from telephony.errors import LogError
from telephony.pbxlogs.log_file import LogFile
from telephony.pbxlogs.marks import Identity
from telephony.pbxlogs.opening import Reading

ROTATED = re.compile(r"([.-]\d[0-9T:_.-]*)?(\.(gz|xz|bz2|zst))?")
"""What rotation adds to a log's name."""
ATTEMPTS = 10


class Sibling(NamedTuple):
    """One file of a log. `first`: time of its first row, whole seconds since the epoch; None if it shows none."""

    path: Path
    identity: Identity
    head: bytes
    size: int
    modified: int
    first: int | None
    live: bool
    compressed: bool

    @property
    def age(self) -> tuple[bool, int]:
        """Sorts the oldest first and the live one last."""
        return self.live, self.modified if self.first is None else self.first


Stamp = tuple[int, int, int, int]
"""Device, inode, size and time of change: the same stamp is the same file, unchanged."""
Known = dict[tuple[Path, Stamp], Sibling]


def siblings_of(reading: Reading, path: Path, known: Known) -> list[Sibling]:
    """The log's files that hold anything, each once. `known` keeps what was found out of files that do not change.

    Raises LogError if the files do not stand still, or one cannot be read.
    """
    for _ in range(ATTEMPTS):
        stamps = stamps_of(path)
        found = [known.get(item) or _sibling(reading, item[0], item[1], path) for item in stamps.items()]
        # Files that were renamed while we looked at them may have been seen twice, or not at all.
        if {name: stamp[:2] for name, stamp in stamps_of(path).items()} == {n: s[:2] for n, s in stamps.items()}:
            whole = [sibling for sibling in found if sibling is not None]
            known.clear()
            known.update({(sibling.path, stamps[sibling.path]): sibling for sibling in whole})
            return sorted(_each_once(whole), key=lambda sibling: sibling.age)
    raise LogError(
        f"{path}: found files that are renamed again and again, expected a log that is rotated now and then"
    )


def stamps_of(path: Path) -> dict[Path, Stamp]:
    """The files of a log by name."""
    found: dict[Path, Stamp] = {}
    for name in sorted(path.parent.glob("*")) if path.parent.is_dir() else ():
        if name.name.startswith(path.name) and ROTATED.fullmatch(name.name[len(path.name) :]):
            try:
                status = name.stat()
            except FileNotFoundError:
                continue
            found[name] = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def _sibling(reading: Reading, name: Path, stamp: Stamp, live: Path) -> Sibling | None:
    try:
        with LogFile(reading, name, complete=name != live) as file:
            if not file.head:
                return None
            return Sibling(
                path=name,
                identity=file.identity,
                head=file.head,
                size=file.size,
                modified=stamp[3] // 1_000_000_000,
                first=_first(file),
                live=name == live,
                compressed=file.compressed,
            )
    except LogError:
        if name.exists():
            raise
        return None


def _first(file: LogFile) -> int | None:
    try:
        first = file.first()
    except LogError:
        return None  # it is refused when it is read; until then its age is that of its last change
    return None if first is None else int(first.timestamp())


def _each_once(files: list[Sibling]) -> list[Sibling]:
    """Without the copies that stand beside their original while one is copied or compressed."""
    kept: list[Sibling] = []
    for file in sorted(files, key=lambda file: (file.compressed, -file.size, not file.live)):
        if not any(_same(file, other) for other in kept):
            kept.append(file)
    return kept


def _same(one: Sibling, other: Sibling) -> bool:
    return (
        one.identity.inode == other.identity.inode
        or one.head.startswith(other.head)
        or other.head.startswith(one.head)
    )
