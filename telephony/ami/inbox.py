"""What a client has received and nobody has taken yet: in order, and bounded by bytes.

A client that stops reading is dropped by Asterisk within seconds, and what is sent meanwhile is gone.
So the client always reads, and the events wait here. When the bound is reached the client ends the
connection itself and says so, in the same stream: a known gap, never memory without end.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from telephony.ami.packet import Packet
from telephony.ami.signals import LostReason

# A bytes object's header and its place in a list.
PACKET_OVERHEAD = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The packets of one read, in order.

    connection: counts the logins of this client, from 1.
    size: bytes of memory that the packets hold, about.
    """

    received_at: datetime
    connection: int
    frames: list[bytes]
    size: int

    @property
    def packets(self) -> list[Packet]:
        """The same, to be read."""
        return [Packet(frame) for frame in self.frames]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Logged in. What happened since the last `Disconnected` was not heard."""

    at: datetime
    connection: int
    banner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnected:
    """The connection ended, or none came about (then `connection` is that of the last one, or 0)."""

    at: datetime
    connection: int
    reason: LostReason
    detail: str


StreamItem = Batch | Connected | Disconnected


class Inbox:
    """A queue between the reader and one consumer.

    bound: bytes of packets from which on it is full. A batch is taken whole, so it may be
    exceeded by one read.
    """

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.size = 0
        self.peak = 0
        self._items: deque[StreamItem] = deque()
        self._closed = False
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()

    @property
    def full(self) -> bool:
        """Whether the bound is reached."""
        return self.size >= self.bound

    def put(self, item: StreamItem) -> None:
        """Add an item; never refused, see `full`."""
        if isinstance(item, Batch):
            self.size += item.size
            self.peak = max(self.peak, self.size)
        if self.size > self.bound // 2:
            self._drained.clear()
        self._items.append(item)
        self._filled.set()

    async def get(self) -> StreamItem | None:
        """The oldest item, or None when the inbox is closed and empty."""
        while not self._items:
            if self._closed:
                return None
            self._filled.clear()
            await self._filled.wait()
        item = self._items.popleft()
        if isinstance(item, Batch):
            self.size -= item.size
        if self.size <= self.bound // 2:
            self._drained.set()
        return item

    async def wait_drained(self) -> None:
        """Until no more than half of the bound is waiting."""
        await self._drained.wait()

    def close(self) -> None:
        """Nothing more comes; what is in it can still be taken."""
        self._closed = True
        self._filled.set()
