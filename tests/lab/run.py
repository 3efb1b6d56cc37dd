"""Drive a lab Asterisk through calls whose course is known, and keep what it said.

    python -m tests.lab.run [--suite forky] [--slot N] [--flavour plain|freepbx] [--out DIR]
                            [--only NAME[,NAME...]] [--pack] [--probes] [--voices] [--list]

Writes into DIR:
    truth.json     what really happened, measured at the phones, one entry per call
    ami.raw        every byte of an AMI connection with all read classes
    ami.jsonl      the same as packets with arrival times
    limited.raw    every byte of a connection with the classes that production uses
    cdr.csv cel.csv queue_log messages.log   Asterisk's own records
    sequences.txt  the events of each scenario, abridged (not with --pack)
--pack compresses ami.raw, ami.jsonl, limited.raw and cel.csv (.xz); --recordings keeps the
MixMonitor files too; --probes adds login.raw and classes.json. With --voices every phone plays a tone of its own
without a pause, and the recordings are kept: `python -m tests.lab.voices DIR` measures who is heard when.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.lab import packing, probes, summarize
from tests.lab.flavours import FLAVOURS
from tests.lab.registry import Scenario, scenarios_of
from tests.lab.voices.tones import VOICES
from tests.lab.world import ALIKE, Bench, World


def run_one(world: World, scenario: Scenario) -> bool:
    """Run a scenario; says whether it took its course."""
    began = time.time()
    world.begin(scenario.name)
    outcome = "ok"
    try:
        scenario.run(world)
    except Exception as error:  # one broken scenario must not lose the rest
        outcome = f"FAILED: {error!r}"
    world.end()
    print(f"{scenario.name:44} {time.time() - began:5.1f} s  {outcome}", flush=True)
    return outcome == "ok"


def finish(world: World, out: Path, keep_recordings: bool, pack: bool) -> None:
    """Stop the PBX and write the capture."""
    time.sleep(1)
    world.ami.action("QueueStatus")
    time.sleep(1)
    world.close()
    recordings = Path(world.bench.paths["recordings"])
    packing.attach_ids(world.truth, world.ami.packets, recordings)
    world.bench.lab("stop")
    packing.collect(world.bench.paths, out)
    packing.write_truth(world.truth, out)
    if keep_recordings:
        shutil.copytree(recordings, out / "recordings", dirs_exist_ok=True)
    if pack:
        packing.compress(out)
    else:
        with (out / "sequences.txt").open("w", encoding="utf-8") as text:
            text.writelines(line + "\n" for line in summarize.sequences(out, "--short", set()))


def record(scenarios: Sequence[Scenario], args: argparse.Namespace) -> int:
    """Run the scenarios on a fresh instance; the number of those that failed."""
    out: Path = args.out
    out.mkdir(parents=True, exist_ok=True)
    bench = Bench(args.suite, args.slot, FLAVOURS[args.flavour].conf)
    counted = None
    if args.probes:
        probes.record_logins(bench.ami_port, out / "login.raw")
        counted = probes.ClassProbes(bench.ami_port)
    world = World(bench, args.flavour, out, VOICES if args.voices else ALIKE)
    failed = 0
    try:
        print(world.ami.banner, flush=True)
        failed = sum(not run_one(world, scenario) for scenario in scenarios)
    finally:
        if counted:
            counted.finish(out / "classes.json")
        finish(world, out, args.recordings or args.voices, args.pack)
    return failed


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that Asterisk is stopped too
    options.add_argument("--suite", default="forky")
    options.add_argument("--slot", type=int, default=3)
    options.add_argument("--flavour", default="plain", choices=sorted(FLAVOURS))
    options.add_argument("--out", type=Path)
    options.add_argument("--only", help="scenarios, by comma")
    options.add_argument("--pack", action="store_true")
    options.add_argument("--recordings", action="store_true")
    options.add_argument("--probes", action="store_true")
    options.add_argument("--voices", action="store_true")
    options.add_argument("--list", action="store_true")
    args = options.parse_args(arguments)
    scenarios = scenarios_of(args.flavour)
    if args.list:
        print("\n".join(s.name for s in scenarios))
        return 0
    if args.only:
        wanted = args.only.split(",")
        unknown = sorted(set(wanted) - {s.name for s in scenarios})
        if unknown:
            options.error(f"no such scenario with --flavour {args.flavour}: {', '.join(unknown)} (see --list)")
        scenarios = [s for s in scenarios if s.name in wanted]
    args.out = args.out or Path("capture") / f"{args.flavour}-{args.suite}"
    return 1 if record(scenarios, args) else 0


if __name__ == "__main__":
    sys.exit(main())
