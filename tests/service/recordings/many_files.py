"""How long a look through very many recordings takes: `python -m tests.service.recordings.many_files COUNT flat|days`.

The files are names of a few, so that they take no room; they are stored as found, without calls.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from analytics.recordings.conditions import FileCondition
from analytics.storage.engine import open_store
from analytics.storage.recording_finding import Found, put_found
from service.migrations import upgrade
from tests.service.recordings.laid import NOW, finding, sound

LATER = datetime(2030, 1, 1, tzinfo=UTC)
OF_ONE = 30_000
"""Names of one file: file systems bound them."""


def lay_many(folder: Path, count: int, *, flat: bool) -> Iterator[Found]:
    """That many files below `folder`/root: in one folder, or a hundred a day."""
    whole = folder
    for number in range(count):
        if number % OF_ONE == 0:
            whole = folder / f"{number}.wav"
            whole.write_bytes(sound(1))
            told = whole.stat()
        day = "" if flat else f"{2000 + number // 33_600}/{number // 2800 % 12 + 1:02}/{number // 100 % 28 + 1:02}/"
        path = f"{day}{1_795_000_000 + number}.1.wav"
        made = folder / "root" / path
        made.parent.mkdir(parents=True, exist_ok=True)
        os.link(whole, made)
        yield Found(
            pbx="pbx", path=path, size=told.st_size, stamp=f"{told.st_size:x}-{told.st_mtime_ns:x}", changed_us=0,
            condition=FileCondition.READY, detail="", coding="pcm16", channels=1, rate=8000, length_ms=1000,
            started_us=0,
        )  # fmt: skip


def store_all(store: Engine, found: Iterator[Found]) -> None:
    """Ten thousand at a time."""
    while some := list(islice(found, 10_000)):
        with store.begin() as connection:
            put_found(connection, some, NOW)


def measure(store: Engine, root: Path, what: str) -> None:
    """One look, and what it cost."""
    with finding(store, root, LATER) as finder:
        begun, spent = time.monotonic(), time.process_time()
        found = finder.scan("pbx")
        seconds, cpu = time.monotonic() - begun, time.process_time() - spent
    print(
        f"{what}: {seconds:.2f} s, {cpu:.2f} s of processor, {found.folders} folders listed, {found.taken.files} new"
    )


def main(count: int, *, flat: bool) -> None:
    """The first look, one in which nothing came, one in which one file did."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = open_store(f"sqlite:///{folder}/facts.db")
        upgrade(store)
        store_all(store, lay_many(folder, count, flat=flat))
        root = folder / "root"
        measure(store, root, "first")
        measure(store, root, "nothing came")
        newest = root if flat else root / "2000/01/01"
        (newest / "1999999999.1.wav").write_bytes(sound(1))
        measure(store, root, "one came")
        store.dispose()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]), flat=sys.argv[2] == "flat")
