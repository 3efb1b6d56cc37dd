"""A captured stream with talks as long as people's: what was said stays, the quiet between is stretched. Pure.

The captures were made by phones that hang up after seconds. Ringing and waiting keep their times to the microsecond;
only where two parties hear each other and nothing rings, where one is on hold, and where no call is, time goes on
for longer. Lengths that the PBX claims of such spans (TalkTime, BillableSeconds) are stretched alike.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import Enum
from random import Random

from telephony.scripted_streams import Script, header_of

SHORT_US = 400_000
"""Quiet that is shorter than this belongs to the machine's doings and stays."""

CLAIMED = re.compile(rb"(?<=\r\n)(TalkTime|Duration|BillableSeconds): (\d+)(?=\r\n|$)")
CLAIMING = (b"Event: AgentComplete\r\n", b"Event: Cdr\r\n")


class Quiet(Enum):
    """What a quiet moment is: by how much it is stretched, from and to."""

    KEPT = (1.0, 1.0)  # something rings, somebody waits
    TALK = (12.0, 80.0)
    HOLD = (4.0, 12.0)
    IDLE = (3.0, 9.0)  # no call is there


@dataclass(slots=True)
class Standing:
    """What goes on, told by the packets so far."""

    channels: set[bytes] = field(default_factory=set)
    ringing: set[bytes] = field(default_factory=set)
    held: set[bytes] = field(default_factory=set)
    bridges: defaultdict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def take(self, frame: bytes) -> None:
        """Go on by one packet."""
        name = frame[7 : frame.find(b"\r\n")]
        channel, rung = header_of(frame, b"Uniqueid"), header_of(frame, b"DestUniqueid")
        match name:
            case b"Newchannel":
                self.channels.add(channel)
            case b"Hangup":
                self._gone(channel)
            case b"DialBegin":
                self.ringing.add(rung)
            case b"DialEnd":
                self.ringing.discard(rung)
            case b"Hold":
                self.held.add(channel)
            case b"Unhold":
                self.held.discard(channel)
            case b"BridgeEnter":
                self.bridges[header_of(frame, b"BridgeUniqueid")].add(channel)
            case b"BridgeLeave":
                self.bridges[header_of(frame, b"BridgeUniqueid")].discard(channel)

    def _gone(self, channel: bytes) -> None:
        for each in (self.channels, self.ringing, self.held):
            each.discard(channel)

    @property
    def quiet(self) -> Quiet:
        """What a quiet moment is now."""
        if not self.channels:
            return Quiet.IDLE
        if self.ringing or not any(len(each) > 1 for each in self.bridges.values()):
            return Quiet.KEPT
        return Quiet.HOLD if self.held else Quiet.TALK


def stretched(script: Script, seed: int) -> Script:
    """The script at the pace of people; the same seed gives the same."""
    random, standing = Random(seed), Standing()  # noqa: S311 - lengths of talks, no secret
    before, at, told = 0, 0, []
    instants: list[int] = []
    for was, frame in script.packets:
        gap = was - before
        if gap > SHORT_US:
            gap = round(gap * random.uniform(*standing.quiet.value))
        before, at = was, at + gap
        instants.append(at)
        told.append((at, frame))
        standing.take(frame)
    axis = _Axis([was for was, _ in script.packets], instants)
    packets = tuple((at, axis.claims(place, frame)) for place, (at, frame) in enumerate(told))
    return replace(script, packets=packets)


@dataclass(frozen=True, slots=True)
class _Axis:
    """Captured instants beside stretched ones."""

    was: list[int]
    now: list[int]

    def claims(self, place: int, frame: bytes) -> bytes:
        """A packet whose claimed lengths, up to its own instant, are stretched as time was."""
        if not frame.startswith(CLAIMING):
            return frame
        return CLAIMED.sub(lambda found: b"%s: %d" % (found[1], self._since(place, int(found[2]))), frame)

    def _since(self, place: int, seconds: int) -> int:
        began = self.was[place] - seconds * 1_000_000
        first = max(bisect_right(self.was, began) - 1, 0)
        within = min(max(began - self.was[first], 0), self.now[first + 1] - self.now[first]) if first < place else 0
        return round((self.now[place] - self.now[first] - within) / 1_000_000)
