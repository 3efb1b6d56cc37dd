"""Memory of the tracker over a simulated month: flat, or not?

    python benchmarks/month.py [--days 30] [--capture regression/22.10]

Plays a captured stream again and again, each copy with ids, times and numbers of its own, until so many days of PBX
time have gone through parser, decoder and tracker. Prints the resident memory at the end of each tenth of it; the
baseline is the memory after the first tenth. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from telephony.ami.parser import Parser
from telephony.calls.tracker import Tracker
from telephony.clock import EPOCH
from telephony.events.decoder import Decoder

sys.path.insert(0, str(Path(__file__).parent))
from streams import CAPTURES, copies, load, span_of


def resident_mb() -> float:
    """This process's resident memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--days", type=float, default=30)
    options.add_argument("--capture", default="regression/22.10")
    args = options.parse_args()
    raw = load(CAPTURES / args.capture)
    first, last = span_of(raw)
    count = int(args.days * 86_400 / (last - first + 30))
    parser, decoder = Parser(expect_banner=False), Decoder()
    tracker = Tracker("pbx", wrap_up=timedelta(seconds=30))
    packets = facts = 0
    levels: list[float] = []
    began = time.process_time()
    for number, part in enumerate(copies(raw, count)):
        frames = [packet.raw for packet in parser.feed(part)]
        packets += len(frames)
        for event in decoder.decode(frames, EPOCH):
            facts += len(tracker.handle(event))
        if (number + 1) * 10 // count > len(levels):
            levels.append(round(resident_mb(), 1))
            days = len(levels) * args.days / 10
            print(f"{days:5.1f} days  {packets:>11,} packets  {facts:>9,} facts  {levels[-1]:6.1f} MB", flush=True)
    spent = time.process_time() - began
    print(
        json.dumps(
            {
                "name": "month",
                "figure": levels[-1],
                "unit": "MB",
                "baseline": {"after the first tenth": levels[0]},
                "ratio": round(levels[-1] / levels[0], 3),
                "rss_mb": levels[-1],
                "packets": packets,
                "facts": facts,
                "cpu_seconds": round(spent),
            }
        )
    )


if __name__ == "__main__":
    main()
