"""`make simulate`: a year of every shipped policy with many customers and some crashes, checked all along.

Prints one line a policy as it ends, and the whole as one JSON object a line with `--json`. Status 1 for a violation.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from typing import Any

from config.policy_loader import load_policy, shipped_policies
from schedulers.simulation.checks import ViolationError
from schedulers.simulation.world import plan_of
from schedulers.simulation.year import Year

COLUMNS = "policy customers agents follow_ups steps cpu_seconds steps_a_second mb crashes violations"


def run(name: str, count: int, seed: int, crashes: int) -> dict[str, Any]:
    """One policy's year, in a process of its own."""
    plan = plan_of(load_policy(name), date(2026, 1, 1), date(2026, 12, 31), count=count, seed=seed, crashes=crashes)
    year, began = Year(plan), time.process_time()
    gc.disable()  # nothing here goes in circles, and there is much of it
    violation = ""
    try:
        year.live()
    except ViolationError as error:
        violation = str(error)
    seconds = time.process_time() - began
    ledger = year.ledger
    return {
        "policy": name,
        "customers": count,
        "agents": len(plan.crew.workers),
        "follow_ups": ledger.born,
        "steps": ledger.steps,
        "cpu_seconds": round(seconds, 1),
        "steps_a_second": round(ledger.steps / seconds),
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "crashes": crashes,
        "violations": violation or 0,
    }


def main() -> int:
    """All policies that are asked for; 1 where any broke a promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("policies", nargs="*", default=[each for each in shipped_policies() if each != "default"])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--crashes", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    failed = 0
    context = get_context("spawn")
    with ProcessPoolExecutor(asked.processes, mp_context=context, max_tasks_per_child=1) as pool:
        jobs = [pool.submit(run, name, asked.count, asked.seed, asked.crashes) for name in asked.policies]
        if not asked.json:
            print(COLUMNS, flush=True)
        for job in as_completed(jobs):
            row = job.result()
            failed += row["violations"] != 0
            print(json.dumps(row) if asked.json else " ".join(map(str, row.values())), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
