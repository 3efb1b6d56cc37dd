"""One import from beginning to end.

What was staged and stored is kept in `imports/DIGEST.db` of the data folder until all is done. After a kill the same
command goes on there: reading by each source's mark; building begins anew, as a member's state of today may hang on a
row of years ago, but what was committed is not stored again.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from analytics.storage.ingest import ReplaceCount
from service.importing.gathering import Gatherer, Whole
from service.importing.progress import Meter
from service.importing.reading import read_into
from service.importing.sources import Reading, Source, digest_of
from service.importing.storing import CALLS_AT_ONCE, Storer, total
from service.pipeline.locks import RoleLock
from telephony.calls.tracker import DEFAULT_TRUNKS
from telephony.clock import Clock
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.staging import Staging

SETTLED, STORED = "settled", "stored"
GC_THRESHOLD = (50_000, 10, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What calls are built by."""

    pbx: str
    trunks: tuple[str, ...] = ()
    wrap_up: timedelta = timedelta(0)


def spare_memory() -> None:
    """Let the collector look at what an import makes: often enough that little waits, and never at the program."""
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLD)


@contextmanager
def opened(data_dir: Path, sources: list[Source], reading: Reading, told: Told) -> Iterator[Staging]:
    """The staging of this import, locked; gone once the import is done.

    Raises UnreachableError where another import is at work.
    """
    folder = data_dir / "imports"
    with RoleLock(folder / "import.lock", "import"):
        path = staging_path(data_dir, sources, reading, told)
        with Staging(path) as staging:
            yield staging
        path.unlink()


def staging_path(data_dir: Path, sources: list[Source], reading: Reading, told: Told) -> Path:
    """Where this import is staged."""
    digest = digest_of(sources, reading, told.pbx, told.trunks, told.wrap_up)
    return data_dir / "imports" / f"{digest}.db"


def quarantine_path(data_dir: Path, staging: Path) -> Path:
    """Where the rows go that could not be read."""
    return data_dir / "quarantine" / f"import-{staging.stem}.jsonl"


def stage(staging: Staging, sources: list[Source], meter: Meter) -> None:
    """Read all that the sources have, and find the calls."""
    read_into(staging, sources, meter)
    rows = str(sum(each.rows for each in staging.counts().values()))
    if staging.mark(SETTLED) == rows:
        return
    staging.set_mark(STORED, "0")
    meter.begin("finding calls", None, "rows")
    staging.settle()
    staging.set_mark(SETTLED, rows)
    meter.end()


def built(staging: Staging, told: Told, meter: Meter) -> Iterator[Whole]:
    """All calls, built."""
    gatherer = Gatherer(told.pbx, told.wrap_up)
    trunks = told.trunks or DEFAULT_TRUNKS
    stops = [at for boot in staging.boots() if (at := staging.stopped_before(boot)) is not None]
    builder = Builder(told.pbx, trunks=trunks, wrap_up=told.wrap_up, stops=stops, until=staging.last_at())
    meter.begin("building calls", staging.count_calls(), "calls")
    for whole in gatherer.gather(builder, staging.calls(), staging.loose()):
        yield whole
        meter.reached(gatherer.calls_read, gatherer.calls_read)
    meter.end()


def in_batches(calls: Iterator[Whole], see: Callable[[Whole], None]) -> Iterator[list[Whole]]:
    """The calls in batches of one transaction each; `see` is told of each call."""
    batch: list[Whole] = []
    for whole in calls:
        see(whole)
        batch.append(whole)
        if len(batch) == CALLS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def store(staging: Staging, calls: Iterator[Whole], storer: Storer, see: Callable[[Whole], None]) -> ReplaceCount:
    """Store all calls that were not stored before a kill; what became of all of them."""
    done = json.loads(staging.mark(STORED) or "0") or {"batches": 0, "count": [0, 0, 0, 0]}
    new, replaced, kept, facts = done["count"]
    count = ReplaceCount(new=new, replaced=replaced, kept=kept, facts=facts)
    for number, batch in enumerate(in_batches(calls, see)):
        if number < done["batches"]:
            continue
        count = total([count, storer.store(batch)])
        so_far = [count.new, count.replaced, count.kept, count.facts]
        staging.set_mark(STORED, json.dumps({"batches": number + 1, "count": so_far}))
    return count


def stored_before(staging: Staging) -> int:
    """How many calls an earlier run of the same import stored."""
    done = json.loads(staging.mark(STORED) or "0")
    return sum(done["count"][:3]) if done else 0


def remember(data_dir: Path, clock: Clock, done: dict[str, Any]) -> None:
    """A line of history."""
    line = {"at": clock.now().isoformat(timespec="seconds"), **done}
    path = data_dir / "imports" / "history.jsonl"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
