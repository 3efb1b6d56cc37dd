"""How long the pages of promises take over a store with many follow-ups.

    python -m tests.service.dashboard.promise_times [COUNT]

A tenth of COUNT (300,000) is open; each has four changes and three tries; the month that is asked about has 43,200 due.
Prints the median and the longest of nine answers of each page, in milliseconds, and its bytes, and the same as JSON.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from analytics.storage.engine import open_store
from service.migrations import upgrade
from tests.schedulers.storage.many_followups import STEP_US, fill, id_at
from tests.schedulers.storage.stories import START
from tests.service.dashboard import promise_pages, promised
from tests.service.dashboard.conftest import Client

COUNT, TIMES = 300_000, 9
PLACED = ("campaign_members", "dial_attempts", "dial_attempt_serves", "dial_refusals")


def pages(count: int) -> dict[str, str]:
    """The pages, by what they are called."""
    end = START + count * timedelta(microseconds=STEP_US)
    month = f"period={end - timedelta(days=30):%Y-%m-%d}..{end - timedelta(days=1):%Y-%m-%d}"
    return {
        "coverage": f"/followups?{month}",
        "behind a figure": f"/followups/items?{month}&standing=done_on_time",
        "work list": "/followups/list?state=overdue",
        "an agent's list": "/followups/list?state=all&owner=1003",
        "a story": f"/followups/{id_at(3, count)}",
        "customers": "/customers",
        "a customer": "/customers/C-20401",
    }


async def answered(client: Client, path: str) -> tuple[float, int]:
    """Milliseconds and bytes of one answer."""
    began = time.perf_counter()
    async with client.get(path) as response:
        body = await response.read()
    return (time.perf_counter() - began) * 1000, len(body)


async def measure(engine: Engine, folder: Path, count: int) -> dict[str, dict[str, float]]:
    """Each page in turn, after one that is not counted."""
    promised.furnish(engine, 60)
    found = {}
    end = START + count * timedelta(microseconds=STEP_US)
    async with promise_pages.pages_for(promised.desk_of(engine, folder), now=lambda: end) as client:
        for name, path in pages(count).items():
            told = [await answered(client, path) for _ in range(TIMES + 1)][1:]
            ms = [each for each, _ in told]
            found[name] = {
                "median_ms": round(statistics.median(ms)),
                "longest_ms": round(max(ms)),
                "bytes": told[0][1],
            }
    return found


def main(count: int) -> None:
    """Fill a store and measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = open_store(f"sqlite:///{folder}/facts.db")
        upgrade(engine)
        fill(engine, count, without=PLACED)
        found = asyncio.run(measure(engine, folder, count))
        engine.dispose()
    for page, told in found.items():
        sys.stdout.write(f"{page:>16}  {told['median_ms']:6} {told['longest_ms']:6} ms  {told['bytes']:8} bytes\n")
    sys.stdout.write(json.dumps({"count": count, "pages": found}) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
