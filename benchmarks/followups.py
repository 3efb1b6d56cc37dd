"""The day of a whole register: planned at once, and kept up to date as things happen.

    python benchmarks/followups.py [--customers 100000,1000000] [--database sqlite|URL] [--ticks 50] [--keep FILE]

Stores three open follow-ups and one contact a customer (and a tenth that are over), plans the day, and takes ticks: the
accounts of 200 customers to whom something happened, a decision each, written. Each step is a process of its own,
so that its memory is its own. Beside it a plain planner: one row of all open items after the other, in dictionaries.
Prints each size; the last line is JSON, whose figure is the seconds of the plan at the largest size.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from followups_plain import plan_plainly
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url

from analytics.storage.dialects import dialect_of
from analytics.storage.engine import open_store
from config.followups import Cap, Result
from schedulers.customers.records import Customer
from schedulers.followups.account import Account, Decision
from schedulers.followups.records import SYSTEM, Attempt, Change, FollowUp, State, What, id_of
from schedulers.storage.accounts import load_accounts
from schedulers.storage.followup_models import customer_contacts, follow_up_changes, follow_up_triggers, follow_ups
from schedulers.storage.followup_rows import born_row, change_row, digest_of, follow_up_row
from schedulers.storage.planning import Day, plan_day
from schedulers.storage.writing import write
from service.migrations import upgrade
from telephony.clock import to_microseconds

START = datetime(2026, 11, 27, 0, tzinfo=UTC)  # eight in the morning in China
HOUR = timedelta(hours=1)
KINDS = ("crisis", "callback", "revisit", "care", "survey", "greeting")
CAPS = (Cap(count=2, span=timedelta(days=1)), Cap(count=5, span=timedelta(days=7)))
DAY = Day(start=START, end=START + timedelta(hours=13), kinds=KINDS, caps=CAPS)
OPEN_EACH = 3
AGENTS = 500
AT_A_TIME = 20_000
TICK = 200


def customer_id(number: int) -> str:
    """As a register numbers its customers: not in the order in which they come."""
    return f"C{number * 7_368_787 % 10_000_019:08}"


def owed(rng: random.Random, number: int) -> Iterator[FollowUp]:
    """What is owed to one customer: most of it may be tried today, some agreed, some hindered."""
    owner = f"{1000 + number % AGENTS}"
    for each in range(OPEN_EACH + (number % 10 == 0)):
        kind, key = rng.choice(KINDS), f"event:{number}-{each}"
        due = START + rng.randrange(-48, 240) * HOUR
        agreed = START + rng.randrange(1, 12) * HOUR if rng.random() < 0.03 else None
        is_open = each < OPEN_EACH
        yield FollowUp(
            id=id_of(kind, key), kind=kind, key=key, case=id_of(kind, key), version=START - timedelta(days=300),
            customer=customer_id(number), about=(("order", number),), number=f"+86139{number:08}",
            born_at=START - timedelta(days=3), open_at=START - timedelta(days=3), due_at=agreed or due,
            promised_at=due, agreed_at=agreed, group=f"group{number % 40}",
            owner=owner if rng.random() < 0.9 else f"{1000 + rng.randrange(AGENTS)}",
            state=State.OPEN if is_open else State.DONE, ended_at=None if is_open else START - HOUR,
            ready_at=(agreed or START + rng.randrange(-3, 20) * HOUR) if is_open else None,
        )  # fmt: skip


def fill(engine: Engine, customers: int) -> None:
    """Store them, a bulk at a time."""
    rng = random.Random(11)
    for first in range(0, customers, AT_A_TIME):
        numbers = range(first, min(first + AT_A_TIME, customers))
        told = [each for number in numbers for each in owed(rng, number)]
        with engine.begin() as connection:
            _store(connection, told)
            at_us = [to_microseconds(START - rng.randrange(1, 400) * HOUR) for _ in numbers]
            rows = [(customer_id(number), at) for number, at in zip(numbers, at_us, strict=True)]
            dialect_of(connection.dialect.name).add(connection, customer_contacts, rows)


def _store(connection: Connection, told: list[FollowUp]) -> None:
    """As they are born, without asking whether they are new."""
    dialect = dialect_of(connection.dialect.name)
    changes = [Change(at=each.born_at, what=What.BORN, by=SYSTEM, after=each) for each in told]
    rows = [follow_up_row(each.after, to_microseconds(each.at)) for each in changes]
    digests = [digest_of(each, row) for each, row in zip(changes, rows, strict=True)]
    dialect.add(connection, follow_ups, rows)
    dialect.add(connection, follow_up_triggers, [born_row(each) for each in changes])
    dialect.add(
        connection,
        follow_up_changes,
        [change_row(each, to_microseconds(each.at), digest) for each, digest in zip(changes, digests, strict=True)],
    )


def load_customers(connection: Connection, ids: Collection[str]) -> dict[str, Customer]:
    """Customers without a register: this measures follow-ups."""
    return {id_: Customer(id=id_) for id_ in ids}


def tick(engine: Engine, customers: int, number: int) -> None:
    """200 customers were tried a moment ago: read, decide, write."""
    rng = random.Random(number)
    now = START + number * timedelta(minutes=1)
    ids = [customer_id(rng.randrange(customers)) for _ in range(TICK)]
    with engine.begin() as connection:
        accounts = load_accounts(connection, ids, now, load_customers)
        write(connection, [tried(account, now, number) for account in accounts.values()])


def tried(account: Account, now: datetime, number: int) -> Decision:
    """One attempt at what is due first."""
    before = account.open[0]
    call = f"pbx/{number}.{before.id}"
    attempt = Attempt(
        follow_up=before.id, key=call, at=now, result=Result.NO_ANSWER, counts=True, agent=before.owner, call=call
    )
    after = replace(
        before, counted=before.counted + 1, tried_at=now, tried=Result.NO_ANSWER, ready_at=now + 2 * HOUR,
        revision=before.revision + 1,
    )  # fmt: skip
    return Decision(changes=(Change(at=now, what=What.ATTEMPTED, by=SYSTEM, after=after, attempt=attempt),))


def run_step(step: str, url: str, customers: int, ticks: int) -> dict[str, Any]:
    """One step, in this process."""
    engine = open_store(url)
    began = time.perf_counter()
    told: dict[str, Any] = {}
    if step == "fill":
        upgrade(engine)
        fill(engine, customers)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
    elif step == "plan":
        with engine.connect() as connection:
            lists = plan_day(connection, DAY)
        told["read_and_planned_s"] = round(time.perf_counter() - began, 2)
        told["first"] = [each.id for each in lists.of("1007")][:1000]
        told["counts"] = {place.name: count for place, count in lists.counts().items()}
    elif step == "plain":
        with engine.connect() as connection:
            lists_, counts = plan_plainly(connection, DAY)
        told["first"] = lists_["1007"][:1000]
        told["counts"] = {place.name: count for place, count in counts.items()}
    else:
        times, processor = [], time.process_time()
        for number in range(ticks + 1):
            since = time.perf_counter()
            tick(engine, customers, number)
            times.append((time.perf_counter() - since) * 1000)
        told["ms"] = [round(each, 1) for each in times[1:]]  # the first one opens the connection
        told["processor_ms"] = round((time.process_time() - processor) * 1000 / (ticks + 1), 1)
    told["s"] = round(time.perf_counter() - began, 2)
    told["processor_s"] = round(time.process_time(), 2)
    told["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    return told


def in_process(step: str, url: str, customers: int, ticks: int) -> dict[str, Any]:
    """One step, in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--database", url, "--customers", str(customers)]
    done = subprocess.run([*command, "--ticks", str(ticks)], check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def measure(url: str, customers: int, ticks: int, *, is_new: bool) -> dict[str, Any]:
    """All steps at one size. The plain planner must come to the same plan."""
    found: dict[str, Any] = {"customers": customers, "open": customers * OPEN_EACH}
    if is_new:
        found["filled_s"] = in_process("fill", url, customers, ticks)["s"]
    found["plan"] = plan = in_process("plan", url, customers, ticks)
    found["plain"] = plain = in_process("plain", url, customers, ticks)
    for what in ("counts", "first"):
        ours, theirs = plan.pop(what), plain.pop(what)
        if ours != theirs:
            raise SystemExit(
                f"{customers} customers, {what}: found {str(ours)[:400]}, expected {str(theirs)[:400]}"
            )
        if what == "counts":
            found["places"] = ours
    found["tick"] = in_process("tick", url, customers, ticks)
    times = sorted(found["tick"].pop("ms"))
    found["tick"] |= {"p50_ms": times[len(times) // 2], "p95_ms": times[min(len(times) - 1, len(times) * 19 // 20)]}
    print(
        f"{customers:9,} customers, {customers * OPEN_EACH:9,} open: planned in {plan['s']:6.2f} s "
        f"({plan['processor_s']} of the processor, {plan['rss_mb']} MB); plainly {plain['s']:6.2f} s "
        f"({plain['rss_mb']} MB); tick of {TICK} p50 {found['tick']['p50_ms']} ms, p95 {found['tick']['p95_ms']} ms, "
        f"{found['tick']['processor_ms']} ms of the processor",
        flush=True,
    )
    return found


def emptied(url: str) -> None:
    """The tables of follow-ups, of a database that is ours to fill."""
    engine = open_store(url)
    upgrade(engine)
    with engine.begin() as connection:
        for table in (
            "follow_ups",
            "follow_up_changes",
            "follow_up_triggers",
            "follow_up_attempts",
            "customer_contacts",
        ):
            connection.execute(text(f"DELETE FROM {table}"))
    engine.dispose()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--customers", default="33334,333334,1000000", help="sizes, with commas between")
    options.add_argument("--database", default="sqlite", help="sqlite, or a URL whose follow-ups may be deleted")
    options.add_argument("--ticks", type=int, default=50)
    options.add_argument("--keep", type=Path, help="a folder for the SQLite files, used again next time")
    options.add_argument("--step", choices=["fill", "plan", "plain", "tick"], help=argparse.SUPPRESS)
    args = options.parse_args()
    sizes = [int(each) for each in str(args.customers).split(",")]
    if args.step:
        print(json.dumps(run_step(args.step, args.database, sizes[0], args.ticks)))
        return
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for customers in sizes:
            path = (args.keep or Path(folder)) / f"followups-{customers}.db"
            is_new = args.database != "sqlite" or not path.exists()
            url = f"sqlite:///{path}" if args.database == "sqlite" else args.database
            if args.database != "sqlite":
                emptied(url)
            found.append(measure(url, customers, args.ticks, is_new=is_new))
            if args.keep is None and args.database == "sqlite":
                path.unlink()
    largest = found[-1]
    print(
        json.dumps(
            {
                "name": "followups",
                "figure": largest["plan"]["s"],
                "unit": "s",
                "baseline": {"row by row in Python": largest["plain"]["s"]},
                "ratio": round(largest["plain"]["s"] / largest["plan"]["s"], 2),
                "rss_mb": largest["plan"]["rss_mb"],
                "database": "sqlite" if args.database == "sqlite" else make_url(args.database).get_backend_name(),
                "sizes": found,
            }
        )
    )


if __name__ == "__main__":
    main()
