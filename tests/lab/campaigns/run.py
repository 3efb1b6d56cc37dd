"""Campaigns on a real PBX, and the verdict: what the service tells of each attempt against the phones, CDR and CEL.

    python -m tests.lab.campaigns [--contacts 500] [--modes preview,progressive] [--agents 12] [--seed 1] [--faults 0]
                                  [--kinds "pbx killed,backup restored"] [--postgres] [--apart] [--quick]
                                  [--per-second 50] [--slot 2] [--out DIR]

With faults all roles run apart over PostgreSQL, and each fault is done while calls go on. The last line is one JSON
object. Exit status 1 unless every attempt is told right, no call was made twice and no contact was forgotten.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from schedulers.campaigns.records import DialMode, Evidence, Phase
from tests.analytics.postgres import server_folder
from tests.lab.campaigns.attempts import DIGITS, Told
from tests.lab.campaigns.centre import RESTS, write_customers
from tests.lab.campaigns.commands import Campaigns
from tests.lab.campaigns.customers import QUICK, SHARES, crowd
from tests.lab.campaigns.desk import AWAY, Api, Desk
from tests.lab.campaigns.faults import Befallen, Fault, Injector, draw
from tests.lab.campaigns.jitter import jitter, pace
from tests.lab.campaigns.judging import Verdict, judge, was_cut
from tests.lab.campaigns.matching import match
from tests.lab.campaigns.pbx_rows import read_cdr, read_channels
from tests.lab.campaigns.stage import ALL_IN_ONE, APART, Stage
from tests.lab.campaigns.table import figure, table
from tests.lab.faults.run import Say

STEADY = 2 * RESTS + 2.0  # seconds: what nothing is left of stays so
LONGEST = 1200.0
A_CONTACT = 2.5  # seconds, with a dozen agents: more is a stall


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a run came to."""

    verdict: Verdict
    befallen: list[Befallen] = field(default_factory=list)
    unfinished: tuple[str, ...] = ()  # contacts whose end did not come
    errors: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        stuck = [each for each in self.befallen if each.silent_for is None]
        return self.verdict.is_clean and not (self.unfinished or self.errors or stuck)


class Run:
    """One stage, and one campaign after the other on it."""

    def __init__(self, args: argparse.Namespace, stack: ExitStack, say: Say) -> None:
        self._args, self._say = args, say
        self._numbers = {
            mode: list(crowd(args.contacts, args.seed, 1 + place * args.contacts, QUICK if args.quick else SHARES))
            for place, mode in enumerate(args.modes)
        }
        self._stage = Stage(
            stack,
            args.out,
            slot=args.slot,
            numbers=[number for numbers in self._numbers.values() for number in numbers],
            agents=args.agents,
            seed=args.seed,
            steady=args.steady or args.quick,
            per_second=args.per_second,
            postgres=args.postgres or bool(args.faults),
            roles=APART if args.apart or args.faults else ALL_IN_ONE,
        )
        self._api = Api(self._stage.centre.url)
        self._campaigns = Campaigns(self._stage.command, self._api)
        self._kept: dict[str, Told] = {}  # attempts that a restored backup does not know
        self._made: list[int] = []
        self._left: set[str] = set()  # whom agents of a preview left: nothing more is expected of them

    def take_its_course(self) -> Outcome:
        """Each mode in turn, faults in the last; then the verdict."""
        began = time.monotonic()
        self._stage.start()
        befallen: list[Befallen] = []
        errors: list[str] = []
        for mode in self._args.modes:
            faults = self._args.faults if mode is self._args.modes[-1] else 0
            befallen += self._campaign(mode, faults, errors)
        unfinished = self._unfinished()
        self._stage.quiet(1.0)
        time.sleep(1.0)
        return Outcome(
            verdict=self._judge(),
            befallen=befallen,
            unfinished=tuple(unfinished),
            errors=tuple(errors),
            seconds=time.monotonic() - began,
        )

    def _campaign(self, mode: DialMode, faults: int, errors: list[str]) -> list[Befallen]:
        listed = self._stage.out / f"{mode}.csv"
        write_customers(listed, self._numbers[mode])
        campaign = self._campaigns.create(f"{mode}", mode, listed, self._stage.crew)
        self._made.append(campaign)
        desk = Desk(self._api, self._campaigns, self._stage.crew, self._args.seed)
        desk.open(preview=mode is DialMode.PREVIEW)
        self._campaigns.start(campaign)
        self._say(f"{mode}: campaign {campaign} of {self._args.contacts} contacts has begun")
        injector = Injector(self._stage, self._args.seed, self._keep)
        befallen = []
        for place, plan in enumerate(draw(self._args.seed, faults, self._args.kinds), 1):
            befallen.append(injector.do(plan))
            self._say(f"{place}/{faults} {told_of(befallen[-1])}")
        self._wait_for_the_end(desk)
        desk.close()
        self._left |= desk.left
        errors += desk.errors
        self._say(f"{mode}: nothing is left to dial")
        return befallen

    def _wait_for_the_end(self, desk: Desk) -> None:
        """Until every open follow-up was tried as often as permitted, and that for a while."""
        until = time.monotonic() + max(LONGEST, A_CONTACT * self._args.contacts)
        since: float | None = None
        while time.monotonic() < until:
            time.sleep(1.0)
            try:
                is_over = not set(self._unfinished()) - desk.left and not any(
                    True for _ in self._api.follow_ups("reached")
                )
            except AWAY:
                is_over = False
            since = (since or time.monotonic()) if is_over else None
            if since is not None and time.monotonic() - since > STEADY:
                return

    def _unfinished(self) -> list[str]:
        """The customers of whom something is open that may be tried again."""
        decided = {each["id"] for each in self._api.follow_ups("decide")}
        waiting = (each["customer"] for each in self._api.follow_ups("all") if each["id"] not in decided)
        return [each for each in waiting if each not in self._left]

    def _keep(self) -> None:
        for attempt in self._told():
            self._kept[attempt.channel_id] = attempt

    def _told(self) -> list[Told]:
        return [attempt for campaign in self._made for attempt in self._campaigns.attempts(campaign)]

    def _judge(self) -> Verdict:
        attempts = {each.channel_id: each for each in self._told()}
        forgotten = [each for id_, each in self._kept.items() if id_ not in attempts]
        legs = self._stage.crowd.legs()
        log = self._stage.pbx.log
        channels = read_channels(log / "cel-custom" / "Master.csv")
        rows = list(read_cdr(log / "cdr-csv" / "Master.csv"))
        matched = match([*attempts.values()], legs, channels, rows, also=forgotten)
        for name in ("cel-custom/Master.csv", "cdr-csv/Master.csv", "messages.log"):
            shutil.copy(log / name, self._args.out / name.replace("/", "-"))
        self._keep_lines([*attempts.values()], forgotten)
        contacts = [number for numbers in self._numbers.values() for number in numbers]
        return judge(matched, legs, contacts, accounted={customer[-DIGITS:] for customer in self._left})

    def _keep_lines(self, attempts: Sequence[Told], forgotten: Sequence[Told]) -> None:
        """What the service told at the end, and what it told before it was put back to a backup."""
        for name, listed in (("attempts", attempts), ("forgotten", forgotten)):
            lines = (json.dumps(asdict(each)) for each in listed)
            (self._args.out / f"{name}.jsonl").write_text("\n".join(lines))


def told_of(befallen: Befallen) -> str:
    """A fault as a line."""
    took = f"mended after {befallen.mended - befallen.at:.1f} s"
    again = "never again" if befallen.silent_for is None else f"again after {befallen.silent_for:.1f} s"
    return f"{befallen.fault}: {took}, dialled {again}"


def run(args: argparse.Namespace) -> Outcome:
    """One run in a folder of its own; everything that was started is ended."""
    args.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        return Run(args, stack, Say()).take_its_course()


def report(outcome: Outcome, args: argparse.Namespace) -> None:
    """The table, the sums, and the figure."""
    print("\n".join(table(outcome.verdict)))
    for title, lines in (("not finished", outcome.unfinished), ("the run itself", outcome.errors)):
        for line in lines[:20]:
            print(f"{title}: {line}")
    if outcome.befallen:
        counts = Counter(each.fault for each in outcome.befallen)
        print("faults: " + ", ".join(f"{count} {fault}" for fault, count in counts.items()))
        print(f"indeterminate: {settled(outcome.verdict, args.out / 'service.log')}")
    cases = [each.case for each in outcome.verdict.attempts]
    told = {
        "name": "campaigns",
        "seed": args.seed,
        "contacts": args.contacts * len(args.modes),
        **figure(outcome.verdict),
        "faults": len(outcome.befallen),
        "unfinished": len(outcome.unfinished),
        "errors": len(outcome.errors),
        "seconds": round(outcome.seconds),
        "per_second": pace(cases),
        "jitter_ms": jitter(cases),
    }
    print(json.dumps(told))


def settled(verdict: Verdict, log: Path) -> str:
    """How many were nobody's knowledge, for a while or still, and what became of them."""
    missed = log.read_text(encoding="utf-8", errors="replace").count("event=attempt.indeterminate")
    cases = [each.case for each in verdict.attempts]
    left = [each for each in cases if each.attempt.phase is Phase.INDETERMINATE]
    late = sum(each.attempt.evidence is Evidence.LATE for each in left)
    absent = sum(each.attempt.evidence is Evidence.ABSENT for each in cases)
    cut = sum(was_cut(each) for each in left)
    told = f"{missed} missed, of which {missed - late} settled later ({absent} by the logs: never dialled)"
    return f"{told}; {len(left)} left at the end, {cut} of them calls that the PBX's death cut"


def modes_of(text: str) -> list[DialMode]:
    return [DialMode(each.strip()) for each in text.split(",")]


def kinds_of(text: str) -> list[Fault]:
    return [Fault(each.strip()) for each in text.split(",")]


def options() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--contacts", type=int, default=500, help="in each mode")
    found.add_argument("--modes", type=modes_of, default=modes_of("preview,progressive"))
    found.add_argument("--agents", type=int, default=12)
    found.add_argument("--seed", type=int, default=1)
    found.add_argument("--steady", action="store_true", help="every agent answers, and ends no call")
    found.add_argument("--quick", action="store_true", help="calls that are soon over: for how fast they begin")
    found.add_argument("--per-second", type=int, default=50, help="what the trunk takes")
    found.add_argument("--faults", type=int, default=0, help="in the last mode")
    found.add_argument("--kinds", type=kinds_of, default=list(Fault), help="only these, by comma")
    found.add_argument("--postgres", action="store_true", help="else SQLite; faults ask for it by themselves")
    found.add_argument("--apart", action="store_true", help="each role in a process of its own; so do faults")
    found.add_argument("--slot", type=int, default=2, choices=range(8))
    found.add_argument("--out", type=Path, help="keep everything here (default: nothing is kept)")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all machines are stopped too
    args = options().parse_args(arguments)
    if (args.postgres or args.faults) and server_folder() is None:
        sys.exit("campaigns: found no initdb, expected a PostgreSQL server to be installed")
    kept = args.out is not None
    if kept and (args.out / "data").exists():
        sys.exit(f"campaigns: --out {args.out}: found an earlier run, expected a folder without one")
    args.out = (args.out or Path(tempfile.mkdtemp(prefix="threerings-campaigns-"))).resolve()
    try:
        outcome = run(args)
        report(outcome, args)
    finally:
        if not kept:
            shutil.rmtree(args.out, ignore_errors=True)
    return 0 if outcome.is_clean else 1
