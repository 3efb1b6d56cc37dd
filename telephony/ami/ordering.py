"""A connection for orders: what it is sent of events is thrown away, since the listener hears what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from types import TracebackType
from typing import Self

from telephony.ami.actions import Pair
from telephony.ami.answers import ActionResult
from telephony.ami.client import Client

ANSWER_SECONDS = 5.0
"""So long an answer is waited for; a PBX answers in milliseconds, or not at all."""


class Ordering:
    """Opens and closes the client that it is given, and keeps its stream from filling up."""

    def __init__(self, client: Client, *, answer_within: float = ANSWER_SECONDS) -> None:
        self._client = client
        self._within = answer_within
        self._drain: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        self._drain = asyncio.create_task(self._take_all())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()
        if self._drain is not None:
            self._drain.cancel()
            with suppress(asyncio.CancelledError):
                await self._drain

    @property
    def connected(self) -> bool:
        """Whether an order could be sent now."""
        return self._client.connected

    async def _ask(self, name: str, pairs: Collection[Pair] = ()) -> ActionResult:
        """Raises ConnectionLostError, TimeoutError, ActionFailedError."""
        result = await self._client.action(name, pairs, within=self._within)
        return result.raise_if_failed()

    async def _take_all(self) -> None:
        async for _ in self._client.batches():
            pass
