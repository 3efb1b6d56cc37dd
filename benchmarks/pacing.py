"""How much of their day agents talk, beside the most that is possible without abandoned calls.

    python benchmarks/pacing.py [--agents 50] [--hours 8] [--rates 20,35,50,70] [--latency 0.15] [--seed 1]
                                [--pbx] [--contacts 400] [--per-second 20]

Lives the day of so many agents at each answer rate in both modes, by the service's own rules for whom to dial and who
gets him (`pacing_day.py`, which also derives the optimum). `--latency` is the set-up latency in seconds, from the
decision to dial until the customer's phone rings, as measured on the PBX. Prints each day; the last line is JSON, whose
figure is the share of talk of the day that is furthest from its optimum. With `--pbx` it measures on a real Asterisk
besides how long after its plan a call begins.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pacing_day import Day, Plan, optimum

from schedulers.campaigns.records import DialMode

REPOSITORY = Path(__file__).resolve().parents[1]
MODES = (DialMode.PROGRESSIVE, DialMode.PREVIEW)
LINE = "{:<12} {:>6} {:>9} {:>9} {:>7} {:>7} {:>8} {:>6} {:>6} {:>14} {:>6}"
HEADS = ("mode", "answer", "attempts", "answered", "done", "talk", "optimum", "ratio", "lost", "minutes/agent", "s")


def lived(plan: Plan) -> dict[str, Any]:
    """One day, and its line."""
    began = time.perf_counter()
    told = Day(plan).live()
    share, best = told.share(plan), optimum(plan)
    minutes = sorted(each / 60e6 for each in told.talk_us.values())
    took = time.perf_counter() - began
    values = (
        plan.mode.value, f"{plan.answer_rate:.0%}", told.attempts, told.answered, told.done,
        f"{share:.1%}", f"{best:.1%}", f"{share / best:.3f}", f"{told.lost(plan):.1%}",
        f"{minutes[0]:.0f}-{minutes[-1]:.0f}", f"{took:.1f}",
    )  # fmt: skip
    print(LINE.format(*values), flush=True)
    return {
        "mode": plan.mode.value,
        "answer_rate": plan.answer_rate,
        "attempts": told.attempts,
        "answered": told.answered,
        "done": told.done,
        "most_lines": told.most_lines,
        "abandoned": 0,  # Day raises where anybody is answered without his agent
        "talk_share": round(share, 4),
        "optimum": round(best, 4),
        "ratio": round(share / best, 4),
        "lost": round(told.lost(plan), 4),
        "s": round(took, 1),
    }


def in_simulation(options: argparse.Namespace) -> dict[str, Any]:
    """Each mode at each answer rate."""
    print(LINE.format(*HEADS))
    rates = [int(each) / 100 for each in options.rates.split(",")]
    days = [
        lived(
            Plan(
                mode=mode, answer_rate=rate, agents=options.agents, hours=options.hours, latency=options.latency,
                seed=options.seed,
            )
        )
        for mode in MODES
        for rate in rates
    ]  # fmt: skip
    worst = min(days, key=lambda each: each["ratio"])
    return {
        "figure": worst["talk_share"],
        "unit": "share of talk",
        "baseline": {"optimum without abandonment": worst["optimum"]},
        "ratio": worst["ratio"],
        "agents": options.agents,
        "latency_s": options.latency,
        "days": days,
    }


def on_a_pbx(options: argparse.Namespace) -> dict[str, Any]:
    """How long after its plan each call begins on a real Asterisk of the lab, at `--per-second` calls a second.

    A campaign of calls that are soon over, by forty agents who answer all, so that the trunk's rate is what bounds it;
    `threerings run` over SQLite, the customers' phones note when they are called. In milliseconds, and how many calls
    a second there were in the middle of it. Nothing without `--pbx`.
    """
    if not options.pbx:
        return {}
    command = [
        *(sys.executable, "-m", "tests.lab.campaigns", "--quick", "--modes", options.modes),
        *("--contacts", str(options.contacts), "--agents", "40", "--per-second", str(options.per_second)),
        *("--seed", str(options.seed), "--slot", str(options.slot)),
    ]
    done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=False)
    print(done.stdout, end="")
    told = json.loads(done.stdout.splitlines()[-1])
    return {"per_second": told["per_second"], "start_jitter_ms": told["jitter_ms"], "calls_wrong": told["wrong"]}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--agents", type=int, default=50)
    options.add_argument("--hours", type=float, default=8.0)
    options.add_argument("--rates", default="20,35,50,70", help="answer rates in per cent, with commas between")
    options.add_argument("--latency", type=float, default=0.15, help="seconds, as measured on the PBX")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--pbx", action="store_true", help="and on a real Asterisk of tests/lab (root)")
    options.add_argument("--contacts", type=int, default=400, help="on the PBX")
    options.add_argument("--per-second", type=int, default=20, help="on the PBX")
    options.add_argument(
        "--modes", default="progressive", help="on the PBX: progressive, preview or both, by comma"
    )
    options.add_argument("--slot", type=int, default=2, help="of the PBX")
    args = options.parse_args()
    found = {"name": "pacing"} | in_simulation(args) | on_a_pbx(args)
    found["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
