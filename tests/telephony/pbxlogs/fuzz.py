"""Breaks real logs on purpose and reads them: nothing may come of it but rows and quarantine, and every line counts.

    python -m tests.telephony.pbxlogs.fuzz --seed 1 --inputs 1000

Prints how many lines went through and ends with status 1 if a line was lost, doubled, or raised anything.
"""

from __future__ import annotations

import argparse
import csv
import io
import lzma
import random
import tempfile
import time
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from telephony.errors import LogError
from telephony.pbxlogs.files import FileLog
from telephony.pbxlogs.marks import mark_of
from telephony.pbxlogs.rows import BadRow, LogKind, LogRow

CAPTURES = Path(__file__).parents[2] / "scenarios" / "captures"
LOGS = {
    "cel.csv.xz": LogKind.CEL,
    "cdr.csv": LogKind.CDR,
    "cdr-freepbx.csv": LogKind.CDR,
    "queue_log": LogKind.QUEUE_LOG,
}


class Read(NamedTuple):
    """All that a log gave. `lines`: how far its last mark is."""

    rows: list[LogRow]
    bad: list[BadRow]
    irrelevant: int
    lines: int


def captured(name: str) -> list[Path]:
    """All captured logs of a name."""
    return sorted(CAPTURES.rglob(name))


@cache
def content(path: Path) -> bytes:
    """What a captured log holds, unpacked."""
    held = path.read_bytes()
    return lzma.decompress(held) if path.suffix == ".xz" else held


def read(log: FileLog) -> Read:
    """Everything of a log from its beginning."""
    rows: list[LogRow] = []
    bad: list[BadRow] = []
    irrelevant = lines = 0
    for batch in log.batches():
        rows += batch.rows
        bad += batch.bad
        irrelevant += batch.irrelevant
        lines = mark_of(batch.mark).position.line
    return Read(rows, bad, irrelevant, lines)


def damaged(logs: Sequence[bytes], seed: int) -> bytes:
    """A stretch of a log that was cut, shuffled, doubled, spliced with another and struck by wrong bits."""
    chance = random.Random(seed)
    lines = _stretch(logs, chance)
    if chance.random() < 0.3:
        chance.shuffle(lines)
    if chance.random() < 0.3:
        lines += _stretch(logs, chance)
    if chance.random() < 0.3:
        lines = [line for line in lines for _ in range(chance.choice((0, 1, 1, 1, 2)))]
    data = bytearray(b"".join(lines))
    for _ in range(chance.choice((0, 1, 5, 50))):
        _strike(data, chance)
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data)


def _stretch(logs: Sequence[bytes], chance: random.Random) -> list[bytes]:
    lines = chance.choice(logs).splitlines(keepends=True)
    start = chance.randrange(len(lines))
    return lines[start : start + chance.randrange(1, 400)]


def _strike(data: bytearray, chance: random.Random) -> None:
    """One fault: a bit, a byte of those that matter to a reader, a hole, a stretch of zeros."""
    if not data:
        return
    place = chance.randrange(len(data))
    match chance.randrange(5):
        case 0:
            data[place] ^= 1 << chance.randrange(8)
        case 1:
            data[place] = chance.choice(b'",|\n\r\\\x00\xff')
        case 2:
            data.insert(place, chance.choice(b'",|\n\r\\\x00\xff'))
        case 3:
            del data[place : place + chance.randrange(1, 300)]
        case _:
            length = chance.randrange(1, 100)
            data[place : place + length] = bytes(length)


def check(kind: LogKind, name: str, data: bytes, folder: Path) -> int:
    """Read a damaged log and account for each of its lines; how many there were. Raises AssertionError."""
    path = folder / "log"
    path.write_bytes(data)
    whole = {line for log in captured(name) for line in content(log).split(b"\n") if line}
    lines = data.split(b"\n")[: None if data and not data.endswith(b"\n") else -1]
    intact = sum(line in whole for line in lines)
    try:
        found = read(FileLog(kind, path))
    except LogError:
        assert not intact, f"refused, though {intact} lines are as they were"
        return len(lines)
    assert found.lines == len(lines), f"{found.lines} of {len(lines)} lines were read"
    assert len(found.rows) >= intact, f"{len(found.rows)} rows of {intact} lines that are as they were"
    passed_over = {row.line for row in found.bad}
    assert len(passed_over) == len(found.bad), "a line was quarantined twice"
    left = [line for number, line in enumerate(lines, 1) if number not in passed_over]
    assert rows_in(kind, left) == (len(found.rows), found.irrelevant), (
        "what was not quarantined is not what was read"
    )
    return len(lines)


def rows_in(kind: LogKind, lines: Sequence[bytes]) -> tuple[int, int]:
    """How many rows these lines are, and how many are blank, counted without our reader."""
    if kind is LogKind.QUEUE_LOG:
        blank = sum(not line.decode("utf-8", "surrogateescape").strip() for line in lines)
        return len(lines) - blank, blank
    text = b"\n".join(lines).decode("utf-8", "surrogateescape") + "\n" * bool(lines)
    rows = list(csv.reader(io.StringIO(text)))
    return sum(bool(row) for row in rows), sum(not row for row in rows)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--inputs", type=int, default=1000)
    args = options.parse_args()
    began, count, failed = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(args.inputs):
            name, kind = list(LOGS.items())[number % len(LOGS)]
            data = damaged([content(path) for path in captured(name)], args.seed * 1_000_003 + number)
            try:
                count += check(kind, name, data, Path(folder))
            except Exception:
                failed += 1
                print(f"seed {args.seed}, input {number}, {name}:")
                traceback.print_exc()
    print(f"{args.inputs} inputs, {count} lines, {failed} failed, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
