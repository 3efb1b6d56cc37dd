"""Faults on a real PBX under a stream of calls, and the verdict: calls lost, doubled, wrong.

    python -m tests.lab.faults [--faults 20] [--seed 1] [--kinds "socket cut,pbx killed"] [--lanes 3]
                               [--seconds 20] [--suite forky] [--slot 6] [--out DIR]

The last line is one JSON object. Exit status 1 unless nothing was lost, doubled or wrong and the ledger lists each gap.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.analytics.postgres import cluster, server_folder
from tests.lab.faults.faults import Fault, FaultKind, Injector, draw, missing_gaps, unexplained_gaps
from tests.lab.faults.judge import Verdict, judge
from tests.lab.faults.machines import Database, Pbx, Service, wait_until, write_settings
from tests.lab.faults.pbx_calls import read_cel, unknown_to_cel
from tests.lab.faults.phones import Phones
from tests.lab.faults.proxy import ManagerProxy
from tests.lab.faults.table import table
from tests.lab.faults.traffic import Traffic
from tests.lab.faults.truth import true_calls

WARM_UP = 6.0  # seconds of calls before the first fault
LAST_CALLS = 90.0  # a call in progress may take so long to its end
CATCH_UP = 120.0  # a dead socket is noticed after 45 s
REPAIR = 90.0  # the repairer waits for what the PBX writes late
STEADY = 6.0  # a good verdict must still be good after this
SLOTS = range(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to."""

    verdict: Verdict
    faults: Sequence[Fault]
    ledger: Sequence[dict[str, Any]]
    errors: Sequence[str]
    repair_seconds: float

    @property
    def missing(self) -> list[str]:
        """Faults that the ledger does not tell."""
        return missing_gaps(self.faults, self.ledger)

    @property
    def surplus(self) -> list[str]:
        """Lines of the ledger for which there is no fault."""
        return unexplained_gaps(self.faults, self.ledger)

    @property
    def is_clean(self) -> bool:
        return self.verdict.is_clean and not (self.missing or self.surplus or self.errors)

    def figure(self, seed: int) -> dict[str, Any]:
        """The last line of a run."""
        return {
            "name": "faults",
            "seed": seed,
            **self.verdict.figure(),
            "faults": len(self.faults),
            "gaps": len(self.ledger),
            "gaps_missing": len(self.missing),
            "gaps_surplus": len(self.surplus),
            "errors": len(self.errors),
            "repair_seconds": round(self.repair_seconds, 1),
        }


class Run:
    """The machines of one run, and the calls between them."""

    def __init__(self, args: argparse.Namespace, stack: ExitStack, say: Say) -> None:
        self._say = say
        self._args = args
        database = Database(stack.enter_context(cluster()))
        self._pbx = Pbx(args.suite, args.slot)
        stack.callback(self._pbx.close)
        proxy = ManagerProxy(self._pbx.bench.ami_port)
        stack.callback(proxy.close)
        self._phones = Phones(self._pbx.bench)
        stack.callback(self._phones.close)
        self._pbx.on_death, self._pbx.on_boot = self._phones.cut, self._phones.register
        self._service = Service(*write_settings(args.out, proxy.port, database.url, self._pbx.log))
        self._injector = Injector(self._pbx, proxy, database, self._service)
        self._traffic = Traffic(self._phones, self._pbx.up, args.seed, args.lanes)

    def take_its_course(self) -> Outcome:
        """Calls, faults, peace, verdict."""
        plans = draw(self._args.seed, self._args.faults, self._args.kinds)
        self._service.start()
        try:
            wait_until(self._service.hears, "the service hears the PBX")
            self._traffic.start()
            time.sleep(WARM_UP)
            self._injector.run(plans, self._say)
            time.sleep(self._args.seconds)
            self._traffic.finish(LAST_CALLS)
            wait_until(lambda: self._pbx.calls_in_progress() == 0, "the PBX has no channel left")
            errors = self._catch_up()
            return self._outcome(errors)
        finally:
            self._service.stop()

    def _catch_up(self) -> list[str]:
        """Wait for it; a service that does not is judged all the same."""
        try:
            wait_until(self._service.has_caught_up, "the service has caught up", CATCH_UP)
        except TimeoutError as error:
            return [str(error)]
        return []

    def _outcome(self, errors: Sequence[str]) -> Outcome:
        began = time.monotonic()
        verdict = self._settled()
        took = time.monotonic() - began
        self._keep_logs()
        only_cdr = unknown_to_cel(self._pbx.log / "cdr-csv" / "Master.csv", [call.pbx for call in verdict.calls])
        return Outcome(
            verdict=verdict,
            faults=sorted(self._injector.done, key=lambda fault: fault.at),
            ledger=[gap for gap in self._service.gaps() if gap["to"] is not None],
            errors=[
                *self._injector.errors,
                *self._traffic.errors,
                *(f"only in the CDR: {each}" for each in only_cdr),
            ],
            repair_seconds=took,
        )

    def _settled(self) -> Verdict:
        """The verdict once it is good and stays so; else what it is when the time for repairs is over."""
        until = time.monotonic() + REPAIR
        while True:
            verdict = self._judge()
            if verdict.is_clean:
                time.sleep(STEADY)
                again = self._judge()
                if again.is_clean:
                    return again
            if time.monotonic() > until:
                return verdict
            time.sleep(2)

    def _judge(self) -> Verdict:
        truths = [call for placed in list(self._traffic.placed) for call in true_calls(placed)]
        return judge(read_cel(self._pbx.log / "cel-custom" / "Master.csv"), truths, self._service.calls())

    def _keep_logs(self) -> None:
        for name in ("cel-custom/Master.csv", "cdr-csv/Master.csv", "queue_log", "messages.log"):
            source = self._pbx.log / name
            if source.exists():
                shutil.copy(source, self._args.out / name.replace("/", "-"))
        (self._args.out / "calls.json").write_text(json.dumps(self._service.calls(), indent=1, ensure_ascii=False))


class Say:
    """Prints what happens, with the seconds since the beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"{time.monotonic() - self._began:7.1f} s  {text}", flush=True)


def run(args: argparse.Namespace) -> Outcome:
    """One run in a folder of its own; everything that was started is ended."""
    args.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        return Run(args, stack, Say()).take_its_course()


def report(outcome: Outcome, seed: int) -> None:
    """The table, what is not as it should be, and the figure."""
    print("\n".join(table(outcome.verdict)))
    for title, lines in (
        ("The ledger does not tell", outcome.missing),
        ("The ledger tells without a fault", outcome.surplus),
        ("The run itself", outcome.errors),
    ):
        print_lines(title, lines)
    print(json.dumps(outcome.figure(seed)))


def print_lines(title: str, lines: Iterable[str]) -> None:
    for line in lines:
        print(f"{title}: {line}")


def kinds_of(text: str) -> list[FaultKind]:
    return [FaultKind(each.strip()) for each in text.split(",")]


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--faults", type=int, default=20)
    found.add_argument("--seed", type=int, default=1)
    found.add_argument("--kinds", type=kinds_of, default=list(FaultKind), help="only these, by comma")
    found.add_argument("--lanes", type=int, default=3, choices=(1, 2, 3), help="calls at once")
    found.add_argument("--seconds", type=float, default=10.0, help="of calls after the last fault")
    found.add_argument("--suite", default="forky")
    found.add_argument("--slot", type=int, default=6, choices=SLOTS)
    found.add_argument("--out", type=Path, help="keep journal, logs and calls here (default: nothing is kept)")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all machines are stopped too
    args = options().parse_args(arguments)
    if server_folder() is None:
        sys.exit("faults: found no initdb, expected a PostgreSQL server to be installed")
    kept = args.out is not None
    if kept and (args.out / "data").exists():
        sys.exit(f"faults: --out {args.out}: found an earlier run, expected a folder without one")
    args.out = (args.out or Path(tempfile.mkdtemp(prefix="threerings-faults-"))).resolve()
    try:
        outcome = run(args)
    finally:
        if not kept:
            shutil.rmtree(args.out, ignore_errors=True)
    report(outcome, args.seed)
    return 0 if outcome.is_clean else 1
