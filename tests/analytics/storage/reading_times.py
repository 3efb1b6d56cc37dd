"""How long the service's questions take: with the indexes of version 0002, and with those of today.

    python -m tests.analytics.storage.reading_times URL

The database must be empty. It is filled with a year of calls, asked, migrated, and asked again. Each time is the best
of five, in milliseconds; the last line is one JSON object with the slowest question of today.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import deque
from collections.abc import Iterator

from sqlalchemy import Engine

from analytics.storage.engine import open_store
from service.migrations import upgrade
from tests.analytics.storage.many_calls import fill
from tests.analytics.storage.test_plans import COUNT, WORK, Work

WRITES = {"a batch of facts"}
"""Written as the schema of today wants it: nothing to ask the earlier one."""


def milliseconds(engine: Engine, work: Work) -> float:
    """The best of five; nothing of what it writes stays."""
    best = float("inf")
    for _ in range(5):
        with engine.connect() as connection:
            began = time.perf_counter()
            found = work(connection)
            if isinstance(found, Iterator):
                deque(found, maxlen=0)
            best = min(best, (time.perf_counter() - began) * 1000)
            connection.rollback()
    return best


def times(engine: Engine) -> dict[str, float]:
    """By question."""
    return {name: milliseconds(engine, work) for name, (work, _) in WORK.items() if name not in WRITES}


def main() -> None:
    """Fill, ask, migrate, ask."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("url")
    asked = options.parse_args()
    engine = open_store(asked.url)
    upgrade(engine, "0002")
    fill(engine, COUNT)
    before = times(engine)
    upgrade(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    after = times(engine)
    for name, now in after.items():
        print(f"{name:45} {before[name]:9.1f} {now:9.1f}")
    slowest = max(after, key=lambda name: after[name])
    told = {"name": "reads", "figure": round(after[slowest], 1), "unit": "ms", "question": slowest}
    print(json.dumps(told | {"baseline": {"version 0002": round(before[slowest], 1)}, "calls": COUNT}))


if __name__ == "__main__":
    main()
