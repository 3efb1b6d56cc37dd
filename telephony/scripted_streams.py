"""Captured streams that can be played again as if they happened now.

Each play has unique ids, linkedids, bridge ids, channel names, folders of recordings and times of its own; a copy has
other agents (1001 → 1101 in the second), and each play other customers, who stay in the range reserved for fiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from telephony.clock import from_microseconds, to_microseconds
from telephony.journal.raw_source import read_capture

CLASSES = (b"system,", b"call,", b"agent,", b"user,", b"cdr,", b"dtmf,")
"""What a read-only listener's user is given (docs/operations.md); bulk of other classes is not played."""

TIMESTAMP = re.compile(rb"\r\nTimestamp: (\d{10})\.(\d{6})")
_NAMES = rb"""
    (?<![\d.])10(?P<agent>0[1-9])(?![\d.])
    | (?<=447700900)(?P<customer>\d{3})(?!\d)
    | (?<=Customer\ )(?P<titled>\d{3})(?!\d)
"""
_IDS = rb"""
    (?<=\r\nTimestamp:\ )(?P<timestamp>\d{10}\.\d{6})
    | (?<![\d.])(?P<second>\d{10})\.(?P<counter>\d{1,5})(?!\d|\.\d)
    | (?<=[=/\ ])(?P<day>\d{4}/\d{2}/\d{2})(?=/)
    | \b(?P<bridge>[0-9a-f]{8})(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)
    | (?<=[0-9A-Za-z]-)(?P<channel>[0-9a-f]{8})(?![0-9a-f-])
"""
NAMED = re.compile(_NAMES, re.VERBOSE)
PLAYED = re.compile(_IDS + b"|" + _NAMES, re.VERBOSE)
"""All that a play makes new, found in one pass."""

Place = tuple[str, int, int]
"""What is made new at a place of a packet, and the numbers that stood there."""

TURNING = 6
STEP = 10_000
"""How far the counters in ids of two plays are apart: more channels than any script has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A captured stream. packets: (microseconds since its begin, packet), in order."""

    name: str
    packets: tuple[tuple[int, bytes], ...]
    begin_us: int
    quiet: tuple[int, ...]  # places of packets before which no channel lives
    members: tuple[tuple[bytes, bytes, bytes], ...]  # queue, interface, name

    @property
    def duration_us(self) -> int:
        """From the first packet to the last."""
        return self.packets[-1][0] if self.packets else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One copy of a script. phase: of its duration, the share at which its first play begins.

    turns: each play has the first six agents' parts given to others of them, so that none has all the calls.
    """

    script: Script
    copy: int = 0
    phase: float = 0.0
    turns: bool = False

    @property
    def first(self) -> int:
        """The place of the packet that the first play begins with: never within a call."""
        if not self.phase:
            return 0
        wanted = self.phase * self.script.duration_us
        packets = self.script.packets
        return next((place for place in self.script.quiet if packets[place][0] >= wanted), 0)


def load_script(path: Path) -> Script:
    """The events of a capture that a listener's user would be sent. Raises CaptureError."""
    told: list[tuple[int, bytes]] = []
    members: dict[tuple[bytes, bytes, bytes], None] = {}
    for entry in read_capture(path):
        at = to_microseconds(entry.received_at)
        for frame in entry.frames:
            if not _is_played(frame):
                continue
            told.append((_time_of(frame, at), frame))
            if frame.startswith(b"Event: QueueMemberStatus"):
                queue, interface = header_of(frame, b"Queue"), header_of(frame, b"Interface")
                members[queue, interface, header_of(frame, b"MemberName")] = None
    begin = told[0][0] if told else 0
    # Times of events may step back by microseconds, the order in which they were sent never does.
    packets, latest = [], 0
    for at, frame in told:
        latest = max(latest, at - begin)
        packets.append((latest, frame))
    return Script(
        name=path.name,
        packets=tuple(packets),
        begin_us=begin,
        quiet=tuple(_quiet(frame for _, frame in packets)),
        members=tuple(members),
    )


def _quiet(frames: Iterable[bytes]) -> Iterator[int]:
    """The places of packets that begin a channel while no other lives."""
    living: set[bytes] = set()
    for place, frame in enumerate(frames):
        if frame.startswith(b"Event: Newchannel\r\n"):
            if not living:
                yield place
            living.add(header_of(frame, b"Uniqueid"))
        elif frame.startswith(b"Event: Hangup\r\n"):
            living.discard(header_of(frame, b"Uniqueid"))


def _is_played(frame: bytes) -> bool:
    start = frame.find(b"\r\nPrivilege: ")
    return (
        frame.startswith(b"Event: ")
        and start >= 0
        and frame.startswith(CLASSES, start + 13)
        and b"\r\nUserEvent: Scenario" not in frame
        and not frame.startswith(b"Event: FullyBooted")
    )


def _time_of(frame: bytes, otherwise: int) -> int:
    found = TIMESTAMP.search(frame)
    return otherwise if found is None else int(found[1]) * 1_000_000 + int(found[2])


def header_of(frame: bytes, name: bytes) -> bytes:
    """The first value of a header that is not the first line; b'' if it is absent."""
    _, found, rest = frame.partition(b"\r\n" + name + b": ")
    return rest.partition(b"\r\n")[0] if found else b""


class Play:
    """One run of a part: rewrites its packets to be new ones."""

    def __init__(self, part: Part, number: int, begin_us: int, speed: float) -> None:
        self.part = part
        self._number = number
        self._begin_us = begin_us
        self._speed = speed
        self._seconds = (begin_us - part.script.begin_us) // 1_000_000
        self._day = f"{from_microseconds(begin_us):%Y/%m/%d}".encode()

    def due_us(self, index: int) -> int:
        """When this packet is to be sent."""
        return self._begin_us + round(self.part.script.packets[index][0] / self._speed)

    def packet(self, index: int) -> bytes:
        """The packet as it is sent now."""
        at = self.due_us(index)
        return b"".join(
            each if isinstance(each, bytes) else self._new(each, at)
            for each in woven(self.part.script.packets[index][1])
        )

    def named(self, frame: bytes) -> bytes:
        """With the agents of this copy and the customers of this play."""
        return NAMED.sub(lambda found: self._new(_place_of(found), 0), frame)

    def _new(self, place: Place, at: int) -> bytes:
        """What stands at a place now. `at`: when the packet is sent, in microseconds."""
        kind, first, second = place
        match kind:
            case "timestamp":
                return b"%d.%06d" % divmod(at, 1_000_000)
            case "counter":
                return b"%d.%d" % (first + self._seconds, second + self._number * STEP)
            case "day":
                return self._day
            case "bridge":
                return b"%08x" % (self._number & 0xFFFFFFFF)
            case "channel":
                return b"%08x" % ((first + self._number * STEP) & 0xFFFFFFFF)
            case "agent":
                return b"1%d%02d" % (self.part.copy % 10, self._turned(first))
            case _:
                return b"%03d" % ((first + 37 * self._number) % 1000)

    def _turned(self, agent: int) -> int:
        if not self.part.turns or agent > TURNING:
            return agent
        return (agent - 1 + self._number) % TURNING + 1


@lru_cache(maxsize=1 << 15)
def woven(frame: bytes) -> tuple[bytes | Place, ...]:
    """A packet as what stays, between the places that each play fills anew."""
    parts: list[bytes | Place] = []
    since = 0
    for found in PLAYED.finditer(frame):
        parts += (frame[since : found.start()], _place_of(found))
        since = found.end()
    return (*parts, frame[since:])


def _place_of(found: re.Match[bytes]) -> Place:
    kind = found.lastgroup or ""
    match kind:
        case "timestamp" | "day":
            return kind, 0, 0
        case "counter":
            return kind, int(found["second"]), int(found["counter"])
        case "bridge" | "channel":
            return kind, int(found[kind], 16), 0
        case _:
            return kind, int(found[kind]), 0


def copies(script: Script, count: int, first_copy: int = 0) -> list[Part]:
    """So many copies of a script, evenly spread over its duration."""
    return [Part(script=script, copy=first_copy + each, phase=each / count) for each in range(count)]
