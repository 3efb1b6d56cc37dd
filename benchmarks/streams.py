"""A captured manager stream, repeated so that every call in it is a new one.

Each copy has its own unique ids, linkedids, bridge ids, timestamps and callers' numbers; nothing else changes, so
its mix and its bytes are those of the real PBX.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

CAPTURES = Path(__file__).resolve().parents[1] / "tests" / "scenarios" / "captures"
EPOCH = re.compile(rb"(?<![\d-])1[67]\d{8}(?=\.\d)")
NUMBER = re.compile(rb"447700900(?=\d{3})")
BRIDGE = re.compile(rb"(?<=BridgeUniqueid: )[0-9a-f]{8}")
CHOSEN = re.compile(rb"\b(?=(?:job-\d|c2c-\d))")
BANNER_END = b"\r\n"
LOGIN_END = b"\r\n\r\n"


def load(folder: Path, name: str = "ami.raw.xz") -> bytes:
    """The bytes of a capture after its banner and the answer to its login."""
    with lzma.open(folder / name) as source:
        raw = source.read()
    raw = raw[raw.index(BANNER_END) + 2 :]
    return raw[raw.index(LOGIN_END) + 4 :]


def span_of(raw: bytes) -> tuple[int, int]:
    """First and last second in a capture."""
    seconds = [int(found) for found in EPOCH.findall(raw)]
    return min(seconds), max(seconds)


def copies(raw: bytes, count: int, start: datetime | None = None) -> Iterator[bytes]:
    """So many copies of a stream, one after the other in time, from `start` (else from where it was taken)."""
    first, last = span_of(raw)
    began = first if start is None else int(start.astimezone(UTC).timestamp())
    for number in range(count):
        yield copy(raw, began - first + number * (last - first + 30), number)


def copy(raw: bytes, later: int, number: int) -> bytes:
    """One copy, so many seconds later, with ids and numbers of its own."""
    moved: dict[bytes, bytes] = {}

    def shift(found: re.Match[bytes]) -> bytes:
        second = found[0]
        if second not in moved:
            moved[second] = b"%d" % (int(second) + later)
        return moved[second]

    text = EPOCH.sub(shift, raw)
    text = NUMBER.sub(b"4477%05d" % (10_000 + number % 89_999), text)
    text = BRIDGE.sub(lambda found: b"%08x" % ((int(found[0], 16) + number) & 0xFFFFFFFF), text)
    return CHOSEN.sub(b"n%d-" % number, text)
