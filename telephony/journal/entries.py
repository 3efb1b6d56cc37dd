"""What the journal holds: what a PBX said, in the order it was heard, and what became of the connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from telephony.errors import MisuseError

NO_OFFSET = timedelta(0)


class EntryKind(Enum):
    """What an entry tells. The values are stored: never change one."""

    PACKETS = 1
    """A run of packets that one read of the socket completed."""
    CONNECTED = 2
    """A connection to the PBX is logged in; what it says from here on is heard."""
    LOST = 3
    """A connection ended without being asked to; what the PBX says from here on is not heard."""
    STARTED = 4
    """The listener began. What was said before, since the last entry, was not heard."""
    STOPPED = 5
    """The listener ended in order. Missing before the next STARTED if it was killed."""
    CLOCK = 6
    """The listener's clock jumped; `detail` says how far: `+3600.000 s`. Nothing went unheard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing the journal holds.

    seq: number of its first packet, one series a PBX, without holes, never reused. A run of n packets
        takes n numbers; any other entry takes one.
    connection: number of the connection it came by, chosen by the listener.
    received_at: when the bytes were read, aware, in UTC, to the microsecond.
    frames: the packets as `Packet.raw`, for PACKETS only, at least one.
    detail: words for a person, for the other kinds; '' with PACKETS.
    """

    seq: int
    connection: int
    kind: EntryKind
    received_at: datetime
    frames: tuple[bytes, ...] = ()
    detail: str = ""

    def __post_init__(self) -> None:
        if self.received_at.utcoffset() != NO_OFFSET:
            raise MisuseError(f"received_at: found {self.received_at!r}, expected an aware time in UTC")
        if (self.kind is EntryKind.PACKETS) != bool(self.frames):
            raise MisuseError(f"entry {self.kind.name}: found {len(self.frames)} frames, expected {self._due}")
        if self.frames and self.detail:
            raise MisuseError(f"entry PACKETS: found detail {self.detail!r}, expected none")

    @property
    def _due(self) -> str:
        return "at least one" if self.kind is EntryKind.PACKETS else "none"

    @property
    def count(self) -> int:
        """How many numbers it takes."""
        return len(self.frames) or 1

    @property
    def last_seq(self) -> int:
        """The number of its last packet."""
        return self.seq + self.count - 1

    def after(self, seq: int) -> Entry:
        """The part of it with numbers beyond seq, which must lie before its last number."""
        skip = seq + 1 - self.seq
        if skip <= 0:
            return self
        return self._with(self.seq + skip, self.frames[skip:])

    def up_to(self, seq: int) -> Entry:
        """The part of it with numbers up to seq, which must not lie before its first number."""
        if seq >= self.last_seq:
            return self
        return self._with(self.seq, self.frames[: seq + 1 - self.seq])

    def _with(self, seq: int, frames: tuple[bytes, ...]) -> Entry:
        return Entry(
            seq=seq,
            connection=self.connection,
            kind=self.kind,
            received_at=self.received_at,
            frames=frames,
            detail=self.detail,
        )
