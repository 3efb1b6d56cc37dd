"""Clients of the manager on loopback, and how their stream is taken in tests."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from random import Random

from telephony.ami.address import Address
from telephony.ami.backoff import Backoff
from telephony.ami.client import Client, Sleep
from telephony.ami.inbox import Batch, StreamItem
from telephony.ami.signals import Login, Timing
from telephony.clock import Clock, SystemClock
from tests.telephony.ami.manager import Manager

HANGUP = b"Event: Hangup\r\nCause: 16\r\n\r\n"


class Naps:
    """Waits nothing and remembers how long it should have; after `rests` of them it waits for ever."""

    def __init__(self, rests: int = 1000) -> None:
        self.asked: list[float] = []
        self.over = asyncio.Event()
        self._rests = rests

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        if len(self.asked) > self._rests:
            self.over.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)


def client_for(
    manager: Manager,
    *,
    secret: str = "s3cret",
    tls: ssl.SSLContext | None = None,
    timing: Timing | None = None,
    bound: int = 1 << 20,
    sleep: Sleep | None = None,
    backoff: Backoff | None = None,
    clock: Clock | None = None,
    random: Random | None = None,
) -> Client:
    """A client of this manager."""
    return Client(
        Address(host=manager.host, port=manager.port, tls=tls),
        Login(user="callcenter", secret=secret),
        clock=clock or SystemClock(),
        random=random or Random(1),
        timing=timing,
        backoff=backoff,
        bound=bound,
        sleep=sleep or Naps(),
    )


class Highest(Random):
    """Draws the upper bound, so that the bounds can be seen."""

    def uniform(self, a: float, b: float) -> float:
        return b


async def until(items: AsyncIterator[StreamItem], kind: type[StreamItem]) -> list[StreamItem]:
    """The items up to the first of this kind, that one included."""
    taken: list[StreamItem] = []
    async for item in items:
        taken.append(item)
        if isinstance(item, kind):
            break
    return taken


async def heard(items: AsyncIterator[StreamItem], count: int, event: str = "Hangup") -> list[Batch]:
    """Batches until so many of these events came."""
    batches: list[Batch] = []
    async for item in items:
        if isinstance(item, Batch):
            batches.append(item)
            if sum(p.event == event for b in batches for p in b.packets) >= count:
                break
    return batches
