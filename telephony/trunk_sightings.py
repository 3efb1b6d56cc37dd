"""Peers that bring calls of many outside numbers: trunks, by what was heard of them. Pure.

A phone begins its calls under one number, its own; a trunk under as many as there are callers. So a peer is taken for
a trunk if it began calls of at least two numbers of seven digits or more, and at least half of its calls were such.
The rule that tells direction (docs/settings.md, `trunks`) never learns: what is found here is proposed to people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from telephony.calls.legs import is_outside, split_name
from telephony.events import NewChannel, PbxEvent
from telephony.events.decoder import Decoder
from telephony.journal.entries import Entry, EntryKind

OUTSIDE_DIGITS = 7
"""Extensions are shorter."""

LEAST_CALLERS = 2
_WANTED = b"Event: Newchannel\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkSighting:
    """A peer that leads outside, by what was heard: its calls, of how many numbers, to how many dialled numbers."""

    peer: str
    calls: int
    callers: int
    dialled: int


@dataclass(slots=True)
class _Peer:
    calls: int = 0
    outside: int = 0
    callers: set[str] = field(default_factory=set)
    dialled: set[str] = field(default_factory=set)


class TrunkFinder:
    """Counts who began calls. `trunks`: the patterns that are known already; what they cover is not told."""

    def __init__(self, trunks: tuple[str, ...]) -> None:
        self._trunks = trunks
        self._peers: dict[str, _Peer] = {}

    def read(self, entries: Iterable[Entry]) -> None:
        """Take in a journal's entries."""
        decoder = Decoder()
        for entry in entries:
            if entry.kind is EntryKind.PACKETS:
                frames = [each for each in entry.frames if each.startswith(_WANTED)]
                for event in decoder.decode(frames, entry.received_at):
                    self.hear(event)

    def hear(self, event: PbxEvent) -> None:
        """Take in an event; a channel that began without an extension was called, and tells nothing."""
        if not isinstance(event, NewChannel) or event.exten in ("", "s"):
            return
        _, peer, half = split_name(event.channel)
        if half or is_outside(peer, event.context, self._trunks):
            return
        found = self._peers.setdefault(peer, _Peer())
        found.calls += 1
        found.dialled.add(event.exten)
        number = event.number.removeprefix("+")
        if number.isdigit() and len(number) >= OUTSIDE_DIGITS:
            found.outside += 1
            found.callers.add(number)

    def found(self) -> tuple[TrunkSighting, ...]:
        """The peers that are taken for trunks, those with most calls first."""
        told = [
            TrunkSighting(peer=peer, calls=each.calls, callers=len(each.callers), dialled=len(each.dialled))
            for peer, each in self._peers.items()
            if len(each.callers) >= LEAST_CALLERS and 2 * each.outside >= each.calls
        ]
        return tuple(sorted(told, key=lambda each: (-each.calls, each.peer)))
