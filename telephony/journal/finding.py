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
    ties, found, searched = Ties(channels=set(ids), bridges=set()), list[Heard](), 0
    for _ in range(MOST_ROUNDS):
        before = ties.count
        found, searched = _search(folder, pbx, span, ties)
        if ties.count == before:
            break
    return CallPackets(heard=tuple(found[:MOST_PACKETS]), searched=searched, cut=len(found) > MOST_PACKETS)


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


def _search(folder: Path, pbx: str, span: tuple[int, int], ties: Ties) -> tuple[list[Heard], int]:
    """One pass: the packets that are of the call, and how many were looked at."""
    pattern, told = _pattern(ties), ties.count
    found: list[Heard] = []
    searched = 0
    for seq, at, frame in _frames(folder, pbx, span):
        searched += 1
        if len(found) > MOST_PACKETS or pattern.search(frame) is None:
            continue
        packet = Packet(frame)
        if ties.take(packet):
            found.append(Heard(seq=seq, received_at=at, packet=packet))
            if ties.count != told:
                pattern, told = _pattern(ties), ties.count
    return found, searched


def _frames(folder: Path, pbx: str, span: tuple[int, int]) -> Iterator[tuple[int, datetime, bytes]]:
    for entry in read(folder, pbx, after_seq=span[0], until_seq=span[1]):
        for n, frame in enumerate(entry.frames):
            yield entry.seq + n, entry.received_at, frame


def _pattern(ties: Ties) -> re.Pattern[bytes]:
    """Any of the ids as a header's whole value."""
    told = sorted(each.encode("utf-8", "surrogateescape") for each in ties.channels | ties.bridges if each)
    if not told:
        return _NOTHING
    return re.compile(rb": ?(?:" + b"|".join(map(re.escape, told)) + rb")(?:\r\n|$)")


def _ids(packet: Packet) -> tuple[set[str], set[str]]:
    """The ids of channels and calls that a packet names; and those of bridges."""
    channels, bridges = set[str](), set[str]()
    for name, value in packet.headers:
        key = name.lower()
        if value and key.endswith(_ID_ENDINGS):
            (bridges if key.endswith(_BRIDGE) else channels).add(value)
    return channels, bridges
