"""The pages of records and figures over a year of calls: from the request to the last byte, on loopback.

    python benchmarks/pages.py [--calls 1000000] [--rounds 5] [--keep FILE]

Makes the year that `metrics.py` makes (FILE is used again next time), serves the pages as the service does, its clock
in the afternoon of the last day, and asks for each of them. Today is read from the facts, all other days from the
roll-ups. The baseline is what the page of agents costs where nothing is rolled up. The last line is JSON; the figure is
the slowest page's median in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Engine

sys.path.insert(0, str(Path(__file__).parent))
from metrics import YEAR, fill, percentile, policy_in_force, rolled_up, say

from analytics.metrics.cells import Group
from analytics.metrics.periods import month_period
from analytics.metrics.query import Query, run
from analytics.people.devices import DeviceMap
from analytics.storage.engine import open_store
from analytics.storage.queries import StoredFacts
from config.settings import Language
from service.dashboard.application import setup
from service.dashboard.figures.agent_pages import AgentPages
from service.dashboard.figures.call_pages import CallPages
from service.dashboard.figures.cells import with_drills
from service.dashboard.figures.figure_pages import FigurePages
from service.dashboard.figures.people import AGENT_COLUMNS
from service.dashboard.figures.queue_pages import QueuePages
from service.live.figures import StoredFigures
from service.live.hub import LiveHub
from service.live.pages import StoredPages
from service.live.parts import Teller
from service.live.state import DashboardState
from service.migrations import upgrade
from telephony.clock import ManualClock

NOW = datetime(YEAR, 12, 31, 7, 42, 18, tzinfo=UTC)
MONTH, WHOLE = f"{YEAR}-12", f"{YEAR}-01-01..{YEAR}-12-31"
PAGES = {
    "agents, today": "/agents",
    "agents, month": f"/agents?period={MONTH}",
    "an agent, month": f"/agents/1003?period={MONTH}",
    "queues, month": f"/queues?period={MONTH}",
    "a queue, month": f"/queues/queue-03?period={MONTH}",
    "three rings, month": f"/three-rings?period={MONTH}",
    "three rings, callers, month": f"/three-rings?period={MONTH}&view=caller",
    "minutes, month": f"/minutes/{MONTH}",
    "minutes, an agent's row open": f"/minutes/{MONTH}?open=1003",
    "calls, today": "/calls",
    "calls, month": f"/calls?period={MONTH}",
    "calls, year": f"/calls?period={WHOLE}",
    "calls of an agent, year": f"/calls?period={WHOLE}&agent=1003",
    "calls of a queue, year": f"/calls?period={WHOLE}&queue=queue-03",
    "repaired calls, year (there are none)": f"/calls?period={WHOLE}&known=repaired",
    "behind an agent's minutes, month": f"/calls?period={MONTH}&agent=1003&figure=talk_minutes",
    "behind the late rings, month": f"/calls?period={MONTH}&figure=ring_late",
}


def application(reading: Engine, writing: Engine) -> web.Application:
    """The pages as the service serves them."""
    rules = policy_in_force()
    hub, clock = LiveHub(rules, DeviceMap()), ManualClock(NOW)
    teller = Teller(policy=rules, person_of=hub.person_of)
    pages = StoredPages(reading, teller, hub.name_of, lambda: rules)
    state = DashboardState(hub, teller, pages, [], clock, Language.ZH, demo=False)
    figures = StoredFigures(reading, writing, hub, teller, state.board, clock.now)
    app = web.Application()
    setup(app, state, [partial(room, figures) for room in (AgentPages, QueuePages, CallPages, FigurePages)])
    return app


async def measure(reading: Engine, writing: Engine, rounds: int) -> dict[str, tuple[list[float], list[float], int]]:
    """Milliseconds by the clock and of the processor, and the page's size; a first round left out."""
    found: dict[str, tuple[list[float], list[float], int]] = {}
    async with TestClient(TestServer(application(reading, writing))) as client:
        for number in range(rounds + 1):
            for name, path in PAGES.items():
                began, worked = time.perf_counter(), time.process_time()
                async with client.get(path) as answer:
                    size = len(await answer.read())
                    if answer.status != 200:
                        raise SystemExit(f"{path}: found {answer.status}, expected 200")
                walls, cpus, _ = found.setdefault(name, ([], [], size))
                if number:
                    walls.append((time.perf_counter() - began) * 1000)
                    cpus.append((time.process_time() - worked) * 1000)
    return found


def from_facts(reading: Engine) -> float:
    """Milliseconds that the figures of the page of agents take where every day is read from the facts."""
    rules, month = policy_in_force(), month_period(YEAR, 12, policy_in_force().zone)
    query = Query(metrics=with_drills(AGENT_COLUMNS), period=month, as_of=NOW, groups=(Group.AGENT,))
    began = time.perf_counter()
    with reading.connect() as connection:
        run(query, StoredFacts(connection), rules)
    return (time.perf_counter() - began) * 1000


@contextmanager
def stored(calls: int, keep: Path | None) -> Iterator[str]:
    """The URL of a store with the year, rolled up."""
    with tempfile.TemporaryDirectory() as folder:
        path = keep or Path(folder) / "facts.db"
        is_new = not path.exists()
        engine = open_store(f"sqlite:///{path}")
        upgrade(engine)
        if is_new:
            fill(engine, calls, 1)
        rolled_up(engine)
        engine.dispose()
        yield f"sqlite:///{path}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--calls", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--keep", type=Path)
    args = options.parse_args()
    with stored(args.calls, args.keep) as url:
        reading, writing = open_store(url, reads_only=True), open_store(url)
        found = asyncio.run(measure(reading, writing, args.rounds))
        baseline = from_facts(reading)
    for name, (walls, cpus, size) in found.items():
        half, most = percentile(walls, 0.5), max(walls)
        say(
            f"{name:40} p50 {half:6.0f} ms  max {most:6.0f}  cpu {percentile(cpus, 0.5):6.0f}  {size / 1000:5.0f} kB"
        )
    halves = {name: percentile(walls, 0.5) for name, (walls, _, _) in found.items()}
    print(
        json.dumps(
            {
                "name": "pages",
                "figure": round(max(halves.values())),
                "unit": "ms p50 of the slowest page",
                "baseline": {"agents of the month from the facts": round(baseline)},
                "ratio": round(baseline / halves["agents, month"], 1),
                "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
                "calls": args.calls,
                "p50_ms": {name: round(each) for name, each in halves.items()},
                "cpu_ms": {name: round(percentile(cpus, 0.5)) for name, (_, cpus, _) in found.items()},
                "kilobytes": {name: round(size / 1000) for name, (_, _, size) in found.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
