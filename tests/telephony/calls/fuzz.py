"""Breaks captured streams on purpose and feeds them to the tracker.

    python -m tests.telephony.calls.fuzz --seed 1 --streams 1000

Prints how many events went through and ends with status 1 if anything but facts came out.
"""

from __future__ import annotations

import argparse
import random
import time
import traceback
from collections.abc import Sequence

from telephony.events import PbxEvent
from tests.telephony.calls.streams import captures, events_of, track


def damaged(events: Sequence[PbxEvent], seed: int) -> list[PbxEvent]:
    """A stretch of these events with some lost, doubled, swapped and given others' ids. The same for a seed."""
    chance = random.Random(seed)
    start = chance.randrange(len(events))
    chosen = list(events[start : start + chance.randrange(20, 400)])
    ids = [event.uniqueid for event in chosen if hasattr(event, "uniqueid")] or ["1.1"]
    out: list[PbxEvent] = []
    for event in chosen:
        what = chance.random()
        if what < 0.06:
            continue
        if what < 0.10:
            out.append(event)
        if what > 0.94:
            event = misdirected(event, chance, ids)
        out.append(event)
        if what > 0.90 and len(out) > 1:
            out[-1], out[-2] = out[-2], out[-1]
    return out


def misdirected(event: PbxEvent, chance: random.Random, ids: list[str]) -> PbxEvent:
    """The event with one of its ids replaced by another's."""
    fields = [
        f for f in event._fields if f.endswith(("uniqueid", "linkedid")) or f in ("transferee", "target", "bridge")
    ]
    if not fields:
        return event
    return event._replace(**{chance.choice(fields): chance.choice([*ids, "", "never.seen"])})


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--streams", type=int, default=1000)
    args = options.parse_args()
    sources = [events_of(folder / "ami.jsonl.xz") for folder in captures()]
    began, count, failed = time.monotonic(), 0, 0
    for number in range(args.streams):
        events = damaged(sources[number % len(sources)], args.seed * 1_000_003 + number)
        count += len(events)
        try:
            track(events, wrap_up=number % 3)
        except Exception:
            failed += 1
            print(f"seed {args.seed}, stream {number}:")
            traceback.print_exc()
    print(f"{args.streams} streams, {count} events, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
