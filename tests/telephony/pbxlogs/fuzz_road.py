"""Breaks all three logs of a run on purpose and makes calls of them: every row is accounted for, nothing is raised.

python -m tests.telephony.pbxlogs.fuzz_road --seed 1 --inputs 300
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import traceback
from pathlib import Path

from telephony.calls.facts import CallFact, Fact, TalkFact
from telephony.calls.record import View, as_json, fold, newest
from telephony.errors import LogError
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.files import FileLog
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.staging import Staging
from tests.telephony.pbxlogs.captured import folders_with_logs, log_of
from tests.telephony.pbxlogs.fuzz import content, damaged

FOLDERS = tuple(folders_with_logs())


def check(seed: int, folder: Path) -> tuple[int, int]:
    """Break the logs of one captured run and go the whole road; how many rows and calls. Raises AssertionError."""
    chance = random.Random(seed)
    run = chance.choice(FOLDERS)
    with Staging() as staging:
        for kind in LogKind:
            path = folder / kind.value
            path.write_bytes(damaged([content(log_of(run, kind.value))], chance.randrange(1 << 30)))
            source = FileLog(kind, path)
            try:
                for batch in source.batches():
                    staging.add(kind.value, kind, batch)
            except LogError:
                continue  # a file in which nothing is left that a log begins with
        staging.settle()
        builder = Builder("pbx", until=staging.last_at())
        told = [fact for facts in builder.build(staging.calls(), staging.loose()) for fact in facts]
        counts = staging.counts()
    for kind, count in counts.items():
        parts = count.used + count.repeated + count.quarantined + count.irrelevant
        assert count.rows == parts, f"{kind}: {count}"
    return sum(count.rows for count in counts.values()), sound(told)


def sound(told: list[Fact]) -> int:
    """Whatever the logs held, what is said of calls holds together; how many there are."""
    facts = newest(told).values()
    for fact in facts:
        if isinstance(fact, TalkFact):
            assert fact.ended_at is None or fact.ended_at >= fact.started_at, fact
        if isinstance(fact, CallFact) and fact.ended_at is not None:
            assert fact.ended_at >= fact.started_at, fact
    return len([as_json(record, View()) for record in fold(facts)])


def main() -> int:
    """Go on for so many inputs; status 1 if one failed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--inputs", type=int, default=300)
    args = options.parse_args()
    began, rows, calls, failed = time.monotonic(), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(args.inputs):
            try:
                more_rows, more_calls = check(args.seed * 1_000_003 + number, Path(folder))
                rows, calls = rows + more_rows, calls + more_calls
            except Exception:
                failed += 1
                print(f"seed {args.seed}, input {number}:")
                traceback.print_exc()
    print(f"{args.inputs} runs, {rows} rows, {calls} calls, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
