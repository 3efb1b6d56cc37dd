"""The packets of one call, found in a journal by its ids. The range is small: where it lies is found by halving.

Of most packets only the bytes are searched; those that name a known id are read. What they tie to the call (its other
channels, by linkedid, dialling and Local pairs; its bridges) is searched for too, until nothing new turns up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from telephony.ami.packet import Packet
from telephony.journal.reader import read
from telephony.journal.seeking import numbers_between

MOST_ROUNDS = 4
MOST_PACKETS = 20_000
"""More is no call but a fault in the ids; the first so many are told."""

_ID_ENDINGS = ("uniqueid", "linkedid")
_BRIDGE = "bridgeuniqueid"
_OF_BRIDGE = (b"Event: BridgeCreate\r", b"Event: BridgeDestroy\r", b"Event: BridgeMerge\r")
"""Packets that may name a bridge and no channel."""

_NOTHING = re.compile(rb"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One packet as it was heard: its number in the journal, when, and what it says."""

    seq: int
    received_at: datetime
    packet: Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPackets:
    """A call's packets in order, and how many were searched. `cut`: there are more than are told."""

    heard: tuple[Heard, ...]
    searched: int
    cut: bool = False


def packets_of_call(folder: Path, pbx: str, ids: Collection[str], since: datetime, until: datetime) -> CallPackets:
    """What was received in [since, until) of the call with these uniqueids or linkedids.

    Raises JournalError, JournalCorruptError.
    """
    span = numbers_between(folder, pbx, since, until)
    if span is None:
        return CallPackets(heard=(), searched=0)
    ties, later, until_seq = Ties(channels=set(ids), bridges=set()), list[Heard](), span[1]
    searched = 0
    for _ in range(MOST_ROUNDS):
        found, grew, count = _search(folder, pbx, (span[0], until_seq), ties)
        searched = searched or count
        # What lies beyond the last new id was searched with all of them; what lies before is looked at again.
        later = [each for each in found if each.seq > grew] + later
        until_seq = grew
        if not grew:
            break
    return CallPackets(heard=tuple(later[:MOST_PACKETS]), searched=searched, cut=len(later) > MOST_PACKETS)


@dataclass(slots=True, kw_only=True)
class Ties:
    """What is known to be of the call. A bridge ties no channels: callers that are parked share one."""

    channels: set[str]
    bridges: set[str]

    @property
    def count(self) -> int:
        """How many ids."""
        return len(self.channels) + len(self.bridges)

    def take(self, packet: Packet) -> bool:
        """Whether a packet is of the call; what else it names is of it then, too."""
        channels, bridges = _ids(packet)
        if self.channels.isdisjoint(channels):
            return not channels and not self.bridges.isdisjoint(bridges)
        self.channels |= channels
        self.bridges |= bridges
        return True


def _search(folder: Path, pbx: str, span: tuple[int, int], ties: Ties) -> tuple[list[Heard], int, int]:
    """One pass: the packets that are of the call, the number of the last that told a new id, how many were searched."""
    pattern, told = _pattern(ties.channels), ties.count
    found: list[Heard] = []
    searched = grew = 0
    for seq, at, frame in _frames(folder, pbx, span):
        searched += 1
        if len(found) > MOST_PACKETS or (pattern.search(frame) is None and not frame.startswith(_OF_BRIDGE)):
            continue
        packet = Packet(frame)
        if ties.take(packet):
            found.append(Heard(seq=seq, received_at=at, packet=packet))
            if ties.count != told:
                pattern, told, grew = _pattern(ties.channels), ties.count, seq
    return found, grew, searched


def _frames(folder: Path, pbx: str, span: tuple[int, int]) -> Iterator[tuple[int, datetime, bytes]]:
    for entry in read(folder, pbx, after_seq=span[0], until_seq=span[1]):
        for n, frame in enumerate(entry.frames):
            yield entry.seq + n, entry.received_at, frame


def _pattern(ids: Collection[str]) -> re.Pattern[bytes]:
    """Any of the ids at a line's end: what they begin with in common is searched for, which is fast."""
    told = sorted(each.encode("utf-8", "surrogateescape") for each in ids if each)
    if not told:
        return _NOTHING
    return re.compile(rb"(?:" + b"|".join(map(re.escape, told)) + rb")(?:\r\n|$)")


def _ids(packet: Packet) -> tuple[set[str], set[str]]:
    """The ids of channels and calls that a packet names; and those of bridges."""
    channels, bridges = set[str](), set[str]()
    for name, value in packet.headers:
        key = name.lower()
        if value and key.endswith(_ID_ENDINGS):
            (bridges if key.endswith(_BRIDGE) else channels).add(value)
    return channels, bridges
