"""A folder for what is not finished, beside where it is to go, so that finishing is a rename."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".threerings-unfinished-"


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A new folder in this one, gone at the end of the block. Raises OSError.

    What a run that was killed left behind is cleared: nobody holds the lock of its folder any more.
    """
    for left in folder.glob(f"{PREFIX}*"):
        _clear(left)
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def sync(path: Path) -> None:
    """Make a file's content durable, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _clear(left: Path) -> None:
    try:
        lock = os.open(left, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(left, ignore_errors=True)
    finally:
        os.close(lock)
