"""A file's bytes are told by their digest, written over once, and its name is taken away. Blocking.

What that can do: on a disk and a file system that write in place, nothing of the sound is left where it lay. What it
cannot: a solid-state disk, a file system that writes copies (btrfs, ZFS), a snapshot, a backup or another machine that
fetched the file keeps what it has. docs/recordings.md says so to people.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from service.destroying.errors import DestructionError

BLOCK = 1024 * 1024


def stamp_of(path: Path) -> str:
    """Changes whenever the file does. Raises OSError."""
    told = path.stat()
    return f"{told.st_size:x}-{told.st_mtime_ns:x}"


def digest_of(path: Path) -> tuple[str, str]:
    """SHA-256 of its bytes, and the stamp of the file that had them. Raises OSError, DestructionError."""
    told = path.stat()
    if told.st_nlink > 1:
        raise DestructionError(f"found {told.st_nlink} names of the same file, expected one")
    before, found = stamp_of(path), sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    if stamp_of(path) != before:
        raise DestructionError("found a file that changed while it was read, expected one that is whole")
    return found.hexdigest(), before


def wipe(path: Path) -> bool:
    """Write over the file and take its name away, both on disk; whether it was written over. Raises OSError.

    A file that may not be written but whose folder may is taken away as it is.
    """
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(None, "found a folder that may not be written, expected one that may")
    overwritten = _write_over(path)
    path.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return overwritten


def _write_over(path: Path) -> bool:
    try:
        with path.open("r+b") as file:
            left = os.fstat(file.fileno()).st_size
            while left > 0:
                left -= file.write(bytes(min(left, BLOCK)))
            file.flush()
            os.fsync(file.fileno())
    except PermissionError:
        return False
    return True
