"""A supervisor's questions over a year of calls: from roll-ups, beside plain SQL and pandas over the same facts.

    python benchmarks/metrics.py [--calls 1000000] [--database sqlite|URL] [--rounds 20] [--keep FILE] [--plain]

Generates the year (`centre_year.py`), stores it, rolls it up, and asks by day, month and year: minutes and three-ring
rate per agent, quota, service level at any threshold, the curve of the hours, other numbers of rings. Each answer is
compared with the one that plain SQL group-by gives over the facts; --plain times that and pandas too. The last line
is JSON; the figure is the 95th percentile of all questions in milliseconds.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

sys.path.insert(0, str(Path(__file__).parent))
from centre_year import COLUMNS, QUEUES, ZONE, Rows, days, policy
from metrics_plain import by_pandas, by_sql

from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, day_period, month_period, year_period
from analytics.metrics.query import Query, Result, run
from analytics.sources import figures_of
from analytics.storage.engine import open_store
from analytics.storage.queries import StoredFacts
from analytics.storage.rolling import Progress, roll_up
from service.app import GC_THRESHOLD
from service.migrations import upgrade

YEAR = 2025
NOW = datetime(YEAR + 1, 1, 10, 4, tzinfo=UTC)
AGENT_FIGURES = (
    "talk_minutes",
    "calls_handled",
    "average_handle_time",
    "ring_offered",
    "ring_within",
    "three_ring_rate",
)


def say(line: str) -> None:
    """To people, while it goes on."""
    print(line, flush=True)


def fill(engine: Engine, calls: int, seed: int) -> int:
    """Store the year; return the number of rows."""
    count = 0
    began = time.perf_counter()
    for day, rows in days(YEAR, calls, seed):
        with engine.begin() as connection:
            _store(connection, rows)
        count += sum(map(len, rows.values()))
        if day.day == 1:
            say(f"  stored up to {day}: {count} rows, {count / (time.perf_counter() - began):,.0f} rows/s")
    return count


def _store(connection: Any, rows: Rows) -> None:
    raw = connection.connection.driver_connection
    for table, told in rows.items():
        names = ", ".join(COLUMNS[table])
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(COLUMNS[table]))
            raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", told)
            continue
        with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in told:
                copy.write_row(row)


def questions(rng: random.Random) -> Iterator[tuple[str, Query]]:
    """One round of what supervisors ask, each of another day, month and threshold."""

    def query(metrics: tuple[str, ...], period: Period, *groups: Group, **more: Any) -> Query:
        return Query(metrics=metrics, period=period, as_of=NOW, groups=groups, **more)

    day = day_period(date(YEAR, 1, 1) + timedelta(days=rng.randrange(365)), ZONE)
    month = month_period(YEAR, rng.randrange(1, 13), ZONE)
    year = year_period(YEAR, ZONE)
    within = timedelta(seconds=rng.randrange(5, 60))
    for name, period in (("day", day), ("month", month), ("year", year)):
        yield f"agents, {name}", query(AGENT_FIGURES, period, Group.AGENT)
        yield (
            f"service level at any threshold, {name}",
            query(("service_level", "average_wait", "abandonment_rate"), period, Group.QUEUE, within=within),
        )
        yield f"hour curve, {name}", query(("calls_inbound", "visits_answered"), period, Group.HOUR)
    yield "quota by tier, month", query(("talk_minutes",), month, Group.TIER, Group.AGENT)
    yield (
        "within another number of rings, month",
        query(("ring_offered", "ring_within", "three_ring_rate"), month, Group.AGENT, rings=rng.randrange(1, 6)),
    )
    yield "lines and codes, year", query(("talk_minutes", "calls_handled"), year, Group.LINE, Group.CODE)
    yield (
        "one queue by day, month",
        query(("visits", "service_level"), month, Group.DAY, where={Group.QUEUE: frozenset({rng.choice(QUEUES)})}),
    )
    yield (
        "one agent by month, year",
        query(AGENT_FIGURES, year, Group.MONTH, where={Group.AGENT: frozenset({str(1000 + rng.randrange(500))})}),
    )
    yield (
        "customers by line, month",
        query(("contacts", "first_contact_resolution", "missed_numbers", "called_back_rate"), month, Group.LINE),
    )
    yield "logins and occupancy, month", query(("login_minutes", "pause_minutes", "occupancy"), month, Group.AGENT)
    yield "the whole, year", query(("calls", "answer_rate", "handled_rate", "caller_three_ring_rate"), year)


def ask(engine: Engine, query: Query) -> Result:
    """As the service asks: a connection of the pool, one transaction."""
    rules = policy_in_force()
    with engine.connect() as connection:
        return run(query, figures_of(connection, rules), rules)


_POLICY = policy()


def policy_in_force() -> Any:
    """One object, as in a service."""
    return _POLICY


def percentile(values: list[float], share: float) -> float:
    """The value below which this share lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what came out."""
    began = time.perf_counter()
    found = job()
    return (time.perf_counter() - began) * 1000, found


def measure(engine: Engine, rounds: int) -> dict[str, list[float]]:
    """The times of each question, a first round left out; the collector is set as in the service."""
    gc.set_threshold(*GC_THRESHOLD)
    rng = random.Random(3)
    times: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for name, query in questions(rng):
            took, found = timed(lambda query=query: ask(engine, query))
            if found.from_facts:
                raise SystemExit(f"{name}: {found.from_facts} days came from the facts, expected none")
            if number:
                times.setdefault(name, []).append(took)
    return times


def rolled_up(engine: Engine) -> float:
    """Roll all days up; return the seconds."""
    reading = open_store(engine.url.render_as_string(hide_password=False), reads_only=True)
    began = time.perf_counter()

    def told(progress: Progress) -> None:
        if progress.done % 30 == 0:
            say(f"  rolled up {progress.done} of {progress.of}: {time.perf_counter() - began:.0f} s")

    roll_up(
        reading,
        engine,
        policy_in_force(),
        NOW,
        source_of=lambda connection: figures_of(connection, _POLICY),
        told=told,
    )
    reading.dispose()
    return time.perf_counter() - began


def size_mb(engine: Engine) -> tuple[float, float]:
    """The store, and the roll-ups within it, in MB."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            whole = connection.execute(
                text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            )
            rolled = connection.execute(text("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'rollup%'"))
        else:
            whole = connection.execute(text("SELECT pg_database_size(current_database())"))
            rolled = connection.execute(
                text(
                    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname LIKE 'rollup%' AND relkind='r'"
                )
            )
        return float(whole.scalar_one()) / 1e6, float(rolled.scalar_one() or 0) / 1e6


def compare(engine: Engine, *, plain: bool) -> dict[str, float]:
    """Per agent and month, and per agent and day: the same figures by plain SQL, and by pandas; their times."""
    found: dict[str, float] = {}
    periods = {"day": day_period(date(YEAR, 6, 11), ZONE), "month": month_period(YEAR, 6, ZONE)}
    if plain:
        periods["year"] = year_period(YEAR, ZONE)
    for name, period in periods.items():
        query = Query(metrics=AGENT_FIGURES, period=period, as_of=NOW, groups=(Group.AGENT,))
        result = ask(engine, query)
        ours = _compared(result)
        if name == "day":
            took, again = timed(lambda query=query: from_facts(engine, query))
            _same("a day from the facts", ours, _compared(again))
            found["a day from the facts, as today is"] = took
        took, theirs = timed(lambda period=period: by_sql(engine, period))
        _same(f"plain SQL, {name}", ours, theirs)
        found[f"plain SQL, {name}"] = took
        if plain and name != "year":
            took, theirs = timed(lambda period=period: by_pandas(engine, period))
            _same(f"pandas, {name}", ours, theirs)
            found[f"pandas, {name}"] = took
    return found


_COMPARED = ("talk_minutes", "calls_handled", "ring_offered", "ring_within")


def _compared(result: Result) -> dict[str, list[int]]:
    return {row.key[0]: [int(row.values[each] or 0) for each in _COMPARED] for row in result.rows}


def from_facts(engine: Engine, query: Query) -> Result:
    """As if nothing were rolled up: what a question of today costs."""
    with engine.connect() as connection:
        return run(query, StoredFacts(connection), _POLICY)


def _same(name: str, ours: dict[str, list[int]], theirs: dict[str, list[int]]) -> None:
    differing = {agent for agent in ours.keys() | theirs.keys() if ours.get(agent) != theirs.get(agent)}
    if differing:
        agent = min(differing)
        raise SystemExit(f"{name}: {len(differing)} agents differ; {agent}: {ours.get(agent)} {theirs.get(agent)}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--calls", type=int, default=1_000_000)
    options.add_argument("--database", default="sqlite")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--keep", type=Path)
    options.add_argument("--plain", action="store_true")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.keep or Path(folder) / "facts.db"
        url = f"sqlite:///{path}" if args.database == "sqlite" else args.database
        engine = open_store(url)
        is_new = not (args.keep and path.exists())
        upgrade(engine)
        rows = fill(engine, args.calls, 1) if is_new else 0
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        seconds = rolled_up(engine)
        say(f"rolled up in {seconds:.0f} s")
        reading = open_store(url, reads_only=True)
        times = measure(reading, args.rounds)
        for name, told in times.items():
            say(f"{name:45} p50 {percentile(told, 0.5):7.1f} ms   p95 {percentile(told, 0.95):7.1f} ms")
        others = compare(reading, plain=args.plain)
        whole, rolled = size_mb(reading)
    everything = [each for told in times.values() for each in told]
    for name, took in others.items():
        say(f"{name:45} {took:11.1f} ms")
    print(
        json.dumps(
            {
                "name": "metrics",
                "figure": round(percentile(everything, 0.95), 1),
                "unit": "ms p95",
                "baseline": {name: round(took, 1) for name, took in others.items()},
                "ratio": round(others["plain SQL, month"] / percentile(times["agents, month"], 0.5), 1),
                "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
                "database": make_url(url).get_backend_name(),
                "calls": args.calls,
                "rows": rows,
                "p95_ms": {name: round(percentile(told, 0.95), 1) for name, told in times.items()},
                "rolled_up_s": round(seconds),
                "store_mb": round(whole),
                "rollups_mb": round(rolled),
            }
        )
    )


if __name__ == "__main__":
    main()
