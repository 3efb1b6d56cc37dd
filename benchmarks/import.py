"""Import of years of logs: rows a second of each stage, and memory, which must not grow with the size.

    python benchmarks/import.py [--cel-rows 3000000] [--queue-rows 1000000] [--postgres URL] [--folder DIR]

Makes the logs of import_shapes.py in two sizes, a tenth and the whole, and imports each for real as `threerings import`
does, on one core: read and staged, settled, built, stored in SQLite (or PostgreSQL: a database that may be filled).
Baselines in the same run: csv.reader alone over the same CEL file, and a naive grouping of all its rows by linkedid in
memory, with what memory that takes. The last line is JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from import_shapes import name_of, rows, write

from analytics.storage.engine import open_store
from service.importing import running
from service.importing.gathering import Whole
from service.importing.progress import Silent
from service.importing.reading import read_into
from service.importing.sources import Named, Reading, open_sources
from service.importing.storing import Storer
from service.migrations import upgrade
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.staging import Staging

LIMIT_MB = 300


@dataclass(slots=True, kw_only=True)
class Run:
    """What one import came to; `seconds` of processor time by stage."""

    rows: int
    calls: int
    seconds: dict[str, float] = field(default_factory=dict)
    wall: float = 0.0
    rss_mb: float = 0.0


def peak_mb() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def import_all(folder: Path, url: str) -> Run:
    """Import the logs of a folder, a stage after the other, and time each."""
    running.spare_memory()
    began = time.monotonic()
    sources = open_sources([Named(kind, str(folder / name_of(kind))) for kind in LogKind], Reading())
    told = running.Told(pbx="pbx")
    engine = open_store(url)
    upgrade(engine)
    seconds: dict[str, float] = {}
    with Staging(folder / "staging.db") as staging:
        with timed(seconds, "read and stage"):
            read_into(staging, sources, Silent())
        with timed(seconds, "settle"):
            running.stage(staging, sources, Silent())
        storer = TimedStorer(Storer(engine, told.pbx))
        with timed(seconds, "build"):
            running.store(staging, running.built(staging, told, Silent()), storer, ignore)  # type: ignore[arg-type]
        seconds["build"] -= storer.seconds
        seconds["store"] = storer.seconds
        counts = staging.counts()
        calls = staging.count_calls()
    engine.dispose()
    for kind, count in counts.items():
        if count.rows != count.used + count.repeated + count.quarantined + count.irrelevant:
            raise SystemExit(f"{kind}: found {count}, expected rows = used + repeated + quarantined + irrelevant")
    total = sum(count.rows for count in counts.values())
    return Run(rows=total, calls=calls, seconds=seconds, wall=time.monotonic() - began, rss_mb=peak_mb())


class TimedStorer:
    """A storer, and how much processor time it took."""

    def __init__(self, storer: Storer) -> None:
        self._storer = storer
        self.seconds = 0.0

    def store(self, calls: list[Whole]) -> Any:
        """Store these."""
        began = time.process_time()
        count = self._storer.store(calls)
        self.seconds += time.process_time() - began
        return count


class timed:  # noqa: N801 reads as a word
    """Notes how much processor time something took: others may be at work on the same core."""

    def __init__(self, seconds: dict[str, float], stage: str) -> None:
        self._seconds, self._stage = seconds, stage

    def __enter__(self) -> None:
        self._began = time.process_time()

    def __exit__(self, *error: object) -> None:
        self._seconds[self._stage] = time.process_time() - self._began


def ignore(whole: Whole) -> None:
    """Nothing is surveyed here."""


def lines_of(folder: Path) -> Iterator[list[str]]:
    """The values of a folder's CEL file, by csv.reader and no more."""
    with (folder / name_of(LogKind.CEL)).open(newline="") as file:
        yield from csv.reader(file)


def read_only(folder: Path, url: str) -> Run:
    """The first baseline."""
    began = time.monotonic()
    count = sum(1 for _ in lines_of(folder))
    return Run(rows=count, calls=0, wall=time.monotonic() - began, rss_mb=peak_mb())


def group_in_memory(folder: Path, url: str) -> Run:
    """The second: what anyone would write first."""
    began = time.monotonic()
    calls: dict[str, list[list[str]]] = {}
    count = 0
    for values in lines_of(folder):
        calls.setdefault(values[15], []).append(values)
        count += 1
    for found in calls.values():
        found.sort(key=lambda values: float(values[1]))
    return Run(rows=count, calls=len(calls), wall=time.monotonic() - began, rss_mb=peak_mb())


def alone(pipe: Connection, work: Callable[[Path, str], Run], folder: Path, url: str) -> None:
    """Work in a process held to one core."""
    os.sched_setaffinity(0, {1})
    pipe.send(work(folder, url))


def run(work: Callable[[Path, str], Run], folder: Path, url: str = "") -> Run:
    """Work in a process of its own, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=alone, args=(theirs, work, folder, url))
    process.start()
    theirs.close()
    found: Run = ours.recv()
    process.join()
    return found


def told(title: str, found: Run) -> str:
    """One import in words."""
    stages = ", ".join(f"{name} {found.rows / spent:,.0f} ({spent:.1f} s)" for name, spent in found.seconds.items())
    whole = (
        f"{found.rows:,} rows, {found.calls:,} calls in {found.wall:.1f} s: {found.rows / found.wall:,.0f} rows/s"
    )
    return f"{title}: {whole}, {found.rss_mb:.0f} MB at most\n  rows a processor second: {stages}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cel-rows", type=int, default=3_000_000)
    options.add_argument("--queue-rows", type=int, default=1_000_000)
    options.add_argument("--postgres", metavar="URL", help="Store here; default: a SQLite file.")
    options.add_argument("--folder", type=Path, help="Where logs and databases are made; default: a temporary one.")
    args = options.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        found: list[Run] = []
        for size, share in (("small", 10), ("large", 1)):
            folder = Path(name) / size
            folder.mkdir()
            counts = write(folder, rows(args.cel_rows // share, args.queue_rows // share))
            print(f"{size}: " + ", ".join(f"{name_of(kind)} {count:,} rows" for kind, count in counts.items()))
            found.append(run(import_all, folder, args.postgres or f"sqlite:///{folder}/facts.db"))
            print(told(f"  import into {'PostgreSQL' if args.postgres else 'SQLite'}", found[-1]), flush=True)
        reading, grouping = run(read_only, folder), run(group_in_memory, folder)
    print(f"baseline, csv.reader alone: {reading.rows / reading.wall:,.0f} rows/s, {reading.rss_mb:.0f} MB")
    print(f"baseline, grouped in memory: {grouping.rows / grouping.wall:,.0f} rows/s, {grouping.rss_mb:.0f} MB")
    small, large = found
    figure = round(large.rows / large.wall)
    result = {
        "name": "import",
        "figure": figure,
        "unit": "rows/s",
        "baseline": {
            "csv.reader alone": round(reading.rows / reading.wall),
            "grouped in memory": round(grouping.rows / grouping.wall),
        },
        "ratio": round(figure / (reading.rows / reading.wall), 3),
        "rss_mb": round(large.rss_mb),
        "rss_mb_at_a_tenth": round(small.rss_mb),
        "grouped_in_memory_rss_mb": round(grouping.rss_mb),
        "rows_per_cpu_second": round(large.rows / sum(large.seconds.values())),
        "stages": {name: round(large.rows / spent) for name, spent in large.seconds.items()},
        "rows": large.rows,
        "calls": large.calls,
    }
    print(json.dumps(result))
    if large.rss_mb > LIMIT_MB:
        raise SystemExit(f"memory: found {large.rss_mb:.0f} MB, expected at most {LIMIT_MB}")


if __name__ == "__main__":
    main()
