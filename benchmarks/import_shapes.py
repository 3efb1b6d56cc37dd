"""Logs of months of a busy centre, made of captured calls: CEL, CDR and queue_log of the same calls.

    python benchmarks/import_shapes.py FOLDER [--cel-rows 3000000] [--queue-rows 1000000]

Every call has the rows that a real PBX wrote for one of the lab's calls, with unique ids, linkedids, channels, bridges,
agents, numbers and times of its own, ten times as long (the lab's calls last seconds), and in the order in which a PBX
would have written them: some twenty calls go on at once. As in most centres queue_log reaches back further than CEL:
what it has of more than CEL's calls are queue calls of the months before.
"""

from __future__ import annotations

import argparse
import heapq
import lzma
import random
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

from telephony.pbxlogs.files import FileLog
from telephony.pbxlogs.rows import LogKind
from telephony.pbxlogs.staging import Staging
from telephony.reconcile.hearing import channels_named

CAPTURES = Path(__file__).resolve().parents[1] / "tests" / "scenarios" / "captures"
FLAVOURS = ("plain-22", "freepbx-22")
FILES = {LogKind.CEL: "cel.csv.xz", LogKind.CDR: "cdr.csv", LogKind.QUEUE_LOG: "queue_log"}
BEGINNING = 1_700_000_000
LONGER = 10
APART = 5.0
"""Seconds from one call's start to the next on average."""
SEED = 20_260_301
TOKEN = re.compile(
    r"(\b1795\d{6}\.\d{6}\b"  # an instant of CEL
    r"|\b1795\d{6}\.\d{1,5}\b"  # a unique id
    r"|\b(?:job|c2c)-\d+\b"  # a unique id that an application chose
    r"|^1795\d{6}(?=\|)"  # an instant of queue_log
    r"|2026-11-2\d \d\d:\d\d:\d\d"  # a local time: the lab's is UTC
    r"|-[0-9a-f]{8}\b(?!-)"  # a channel's number
    r"|\b[0-9a-f]{8}-(?=[0-9a-f]{4}-)"  # a bridge
    r"|\b447700900\d{3}\b"  # a customer
    r"|\b100[1-7]\b)",  # an agent
    re.MULTILINE,
)
LASTED = re.compile(r',"?(\d+)"?,"?(\d+)"?(?=,"(?:ANSWERED|NO ANSWER|BUSY|FAILED|CONGESTION)")')
LOCAL = re.compile(r"\b2026-11-2\d \d\d:\d\d:\d\d\b")
UNIQUE_ID = re.compile(r"\b1795\d{6}\.\d{1,5}\b|\b(?:job|c2c)-[\w-]+")
LINE_TIME = re.compile(r"\b(1795\d{6}\.\d{6})\b|(2026-11-2\d \d\d:\d\d:\d\d)|^(1795\d{6})(?=\|)")


class Line(NamedTuple):
    """One row: after how many seconds of its call it was written, and its text, literals and tokens in turn."""

    kind: LogKind
    after: float
    parts: tuple[str, ...]


class Shape(NamedTuple):
    """One captured call."""

    start: float
    lines: tuple[Line, ...]
    queue_rows: int


def shapes() -> list[Shape]:
    """The calls of both captures."""
    return [shape for flavour in FLAVOURS for shape in _shapes_of(CAPTURES / flavour)]


def _shapes_of(folder: Path) -> list[Shape]:
    texts: dict[str, list[tuple[LogKind, str]]] = {}
    owner = _calls_of(folder)
    for kind, name in FILES.items():
        for text in _lines_of(folder / name):
            found = UNIQUE_ID.findall(text.split("|")[1]) if kind is LogKind.QUEUE_LOG else UNIQUE_ID.findall(text)
            call = next((owner[each] for each in found if each in owner), None)
            if call is not None:
                texts.setdefault(call, []).append((kind, _longer(kind, text)))
    return [_shape(lines) for lines in texts.values() if any(kind is LogKind.CEL for kind, _ in lines)]


def _calls_of(folder: Path) -> dict[str, str]:
    """The call of each unique id."""
    with Staging() as staging:
        for kind, name in FILES.items():
            for batch in FileLog(kind, folder / name).batches():
                staging.add(name, kind, batch)
        staging.settle()
        return {uniqueid: call.key for call in staging.calls() for uniqueid in channels_named(call)}


def _lines_of(path: Path) -> list[str]:
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    texts = raw.decode(errors="replace").split("\n")
    return [text for text in texts if text and text.count('"') % 2 == 0]  # rows of one line


def _longer(kind: LogKind, text: str) -> str:
    """Durations, made as much longer as the call; CEL's instants as most write them."""
    if kind is LogKind.CDR:
        return LASTED.sub(lambda found: f",{int(found[1]) * LONGER},{int(found[2]) * LONGER}", text)
    if kind is LogKind.CEL:
        return LOCAL.sub(lambda found: f"{_epoch(found[0]):.6f}", text)
    fields = text.split("|")
    places = {"CONNECT": (5, 7), "COMPLETEAGENT": (5, 6), "COMPLETECALLER": (5, 6), "RINGNOANSWER": (5,)}
    for place in places.get(fields[4], ()):
        if place < len(fields) and fields[place].isdigit():
            fields[place] = str(int(fields[place]) * LONGER)
    return "|".join(fields)


def _shape(lines: list[tuple[LogKind, str]]) -> Shape:
    start = min(_time_of(text) for _, text in lines)
    end = max(_time_of(text) for _, text in lines)
    made = []
    for kind, text in lines:
        written = end if kind is LogKind.CDR else _time_of(text)
        made.append(Line(kind, (written - start) * LONGER, tuple(TOKEN.split(text + "\n"))))
    return Shape(start, tuple(made), sum(line.kind is LogKind.QUEUE_LOG for line in made))


def _time_of(text: str) -> float:
    found = LINE_TIME.search(text)
    if found is None:
        raise ValueError(f"found no time in {text[:80]!r}")
    return _epoch(found[2]) if found[2] else float(found[1] or found[3])


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


class Rewriter:
    """The tokens of one copy of a call."""

    def __init__(self, shape: Shape, number: int, start: float, chance: random.Random) -> None:
        self._from, self._start, self._number = shape.start, start, number
        self._agents = chance.randrange(28) * 7
        self._customer = 13_000_000_000 + chance.randrange(900_000_000)
        self._known: dict[str, str] = {}

    def text(self, parts: tuple[str, ...]) -> str:
        """A line with its tokens rewritten."""
        found = list(parts)
        known = self._known
        for place in range(1, len(found), 2):
            token = found[place]
            found[place] = known.get(token) or known.setdefault(token, self._new(token))
        return "".join(found)

    def _new(self, token: str) -> str:
        if token.startswith("1795"):
            return self._moved(token)
        if token[0] in "jc":
            return f"{token}-{self._number}"
        if token.startswith("2026"):
            return f"{datetime.fromtimestamp(self._at(_epoch(token)), UTC):%Y-%m-%d %H:%M:%S}"
        if token.startswith("-"):
            return f"-{(int(token[1:], 16) + self._number * 4096) & 0xFFFFFFFF:08x}"
        if token.endswith("-"):
            return f"{(int(token[:-1], 16) + self._number) & 0xFFFFFFFF:08x}-"
        if token.startswith("4477"):
            return str(self._customer + int(token[-3:]))
        return str(int(token) + self._agents)

    def _moved(self, token: str) -> str:
        second, dot, rest = token.partition(".")
        if len(rest) == 6:
            return f"{self._at(float(token)):.6f}"
        return f"{int(self._at(float(second)))}{dot}{self._number * 1000 + int(rest) if rest else ''}"

    def _at(self, second: float) -> float:
        return self._start + (second - self._from) * LONGER


def rows(cel_rows: int, queue_rows: int) -> Iterator[tuple[LogKind, str]]:
    """The lines of all three logs, in the order of writing, up to so many of CEL and queue_log."""
    chance = random.Random(SEED)
    known = shapes()
    queues = [shape for shape in known if shape.queue_rows]
    cel_each = sum(len(shape.lines) for shape in known) / len(known)
    older = queue_rows - int(cel_rows / cel_each * sum(shape.queue_rows for shape in known) / len(known))
    left = {LogKind.CEL: cel_rows, LogKind.QUEUE_LOG: queue_rows}
    ahead: list[tuple[float, int, LogKind, str]] = []
    at, number, count = float(BEGINNING), 0, 0
    while left[LogKind.CEL] > 0:
        number += 1
        at += chance.expovariate(1 / APART)
        with_cel = queue_rows - left[LogKind.QUEUE_LOG] >= older
        shape = chance.choice(known if with_cel else queues)
        rewriter = Rewriter(shape, number, at, chance)
        for line in shape.lines:
            if with_cel or line.kind is LogKind.QUEUE_LOG:
                count += 1
                heapq.heappush(ahead, (at + line.after, count, line.kind, rewriter.text(line.parts)))
        yield from _written(ahead, at, left)
    yield from _written(ahead, None, left)


def _written(
    ahead: list[tuple[float, int, LogKind, str]], until: float | None, left: dict[LogKind, int]
) -> Iterator[tuple[LogKind, str]]:
    while ahead and (until is None or ahead[0][0] < until):
        _, _, kind, text = heapq.heappop(ahead)
        if left.get(kind, 1) > 0:
            if kind in left:
                left[kind] -= 1
            yield kind, text


def write(folder: Path, lines: Iterable[tuple[LogKind, str]]) -> dict[LogKind, int]:
    """Write the lines to `cel.csv`, `cdr.csv` and `queue_log` of a folder; how many to each."""
    counts = dict.fromkeys(LogKind, 0)
    files: dict[LogKind, IO[str]] = {kind: (folder / name_of(kind)).open("w") for kind in LogKind}
    for kind, text in lines:
        files[kind].write(text)
        counts[kind] += 1
    for file in files.values():
        file.close()
    return counts


def name_of(kind: LogKind) -> str:
    """The name of a kind's file."""
    return FILES[kind].removesuffix(".xz")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--cel-rows", type=int, default=3_000_000)
    options.add_argument("--queue-rows", type=int, default=1_000_000)
    args = options.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for kind, count in write(args.folder, rows(args.cel_rows, args.queue_rows)).items():
        print(f"{name_of(kind)}: {count:,} rows")


if __name__ == "__main__":
    main()
