"""Takes what a client hears and makes it durable: the only writer of a PBX's journal.

Appending is memory; a commit is made in a worker thread, at most `commit_every` after the first append, and
only then is anybody told of it. A disk that is full stops nothing at once: entries wait in memory up to a bound,
then the client's own bound is reached, and it hangs up: a known gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Protocol

import structlog

from telephony.ami.answers import ActionResult
from telephony.ami.inbox import Batch, Connected, Disconnected, StreamItem
from telephony.ami.signals import LostReason
from telephony.clock import Clock
from telephony.errors import ConnectionLostError, JournalError
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.writer import JournalWriter

MAX_BUFFERED = 64 * 1024 * 1024
RETRY_SECONDS = 1.0
LISTS = ("Ping", "BridgeList", "CoreShowChannels", "QueueStatus")
"""Asked after each login, in this order: what time it is there, which bridges and channels live, members and callers
of the queues. Their events come in the stream; they have no times, so that of the Ping's answer serves for them."""
CLOCK_EVERY = 1.0
CLOCK_JUMP = 2.0
"""Seconds by which the clock may differ from what has passed before we call it a jump. A clock that is slewed gains
at most half a millisecond a second."""


class Ears(Protocol):
    """What the listener needs of a client (telephony.ami.client.Client)."""

    def batches(self) -> AsyncIterator[StreamItem]:
        """All that happens, in order."""
        ...

    async def action(self, name: str) -> ActionResult:
        """Send an action and wait for its answer."""
        ...


class ClockWatch:
    """Compares the clock with what has really passed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._then = clock.now()
        self._passed = clock.monotonic()

    def jumped(self) -> float | None:
        """Seconds by which the clock jumped since this was asked last; None if it did not."""
        now, passed = self._clock.now(), self._clock.monotonic()
        jump = (now - self._then).total_seconds() - (passed - self._passed)
        self._then, self._passed = now, passed
        return jump if abs(jump) > CLOCK_JUMP else None


class Listener:
    """From one client to one journal.

    on_commit: called in the event loop after each commit, with the entries that are durable now and about how many
    bytes they hold.
    """

    def __init__(
        self,
        client: Ears,
        journal: JournalWriter,
        *,
        clock: Clock,
        commit_every: float = 0.05,
        on_commit: Callable[[list[Entry], int], None] = lambda entries, size: None,
    ) -> None:
        self.failing: str | None = None  # why the journal cannot be written, while that is so
        self.clock_jumps = 0
        self.hearing = False
        self.since: datetime | None = None  # since when it is so
        self._client = client
        self._journal = journal
        self._clock = clock
        self._commit_every = commit_every
        self._on_commit = on_commit
        self._appended = asyncio.Event()
        self._committed = asyncio.Event()
        self._entries: list[Entry] = []  # appended and not told of
        self._size = 0
        self._asking: set[asyncio.Task[None]] = set()
        self.connection = 0  # the number of the newest one
        self._clock_watch = ClockWatch(clock)
        self._log = structlog.get_logger("service.listener")

    async def run(self) -> None:
        """Until cancelled. What was heard by then is durable, and the journal says that we stopped."""
        self._append(EntryKind.STARTED, 0, self._clock.now())
        committing = asyncio.create_task(self._keep_committing())
        watching = asyncio.create_task(self._watch_clock())
        try:
            await self._take()
        finally:
            committing.cancel()
            watching.cancel()
            for task in self._asking:
                task.cancel()
            # A commit that is under way in its thread is waited for by the journal's own lock.
            self._append(EntryKind.STOPPED, self.connection, self._clock.now())
            await asyncio.shield(asyncio.to_thread(self._commit))

    async def _take(self) -> None:
        async for item in self._client.batches():
            match item:
                case Batch():
                    frames = tuple(item.frames)
                    self._append(EntryKind.PACKETS, item.connection, item.received_at, frames, size=item.size)
                    if self._journal.buffered_bytes > MAX_BUFFERED:
                        await self._wait_for_room()
                case Connected():
                    self._greet(item)
                case Disconnected():
                    self._part(item)

    def _greet(self, item: Connected) -> None:
        self.connection = item.connection
        self.hearing, self.since = True, item.at
        self._append(EntryKind.CONNECTED, item.connection, item.at, detail=item.banner)
        task = asyncio.create_task(self._ask_lists())
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def _part(self, item: Disconnected) -> None:
        if not self.hearing or item.reason is LostReason.CLOSED_BY_US:
            return  # a try that failed is no loss: nothing was heard before it either
        self.hearing, self.since = False, item.at
        detail = f"{item.reason.value} {item.detail}".strip()
        self._append(EntryKind.LOST, item.connection, item.at, detail=detail)

    async def _watch_clock(self) -> None:
        while True:
            await asyncio.sleep(CLOCK_EVERY)
            self.check_clock()

    def check_clock(self) -> None:
        """Put a jump of the clock into the journal, and say so once."""
        jumped = self._clock_watch.jumped()
        if jumped is None:
            return
        self.clock_jumps += 1
        detail = f"{jumped:+.3f} s"
        self._log.warning("listener.clock_jumped", by=detail)
        self._append(EntryKind.CLOCK, self.connection, self._clock.now(), detail=detail)

    async def _ask_lists(self) -> None:
        for name in LISTS:
            try:
                result = await self._client.action(name)
                if not result.success:
                    self._log.warning("listener.list_refused", action=name, message=result.message)
            except (ConnectionLostError, TimeoutError) as error:
                self._log.warning("listener.list_unanswered", action=name, detail=str(error))

    async def _wait_for_room(self) -> None:
        while self._journal.buffered_bytes > MAX_BUFFERED // 2:
            self._committed.clear()
            await self._committed.wait()

    def _append(
        self,
        kind: EntryKind,
        connection: int,
        at: datetime,
        frames: tuple[bytes, ...] = (),
        *,
        detail: str = "",
        size: int = 0,
    ) -> None:
        self._entries.append(self._journal.append(connection, kind, at, frames, detail))
        self._size += size
        if self._size > MAX_BUFFERED:
            self._entries, self._size = [], 0  # whoever follows reads them from the journal
        self._appended.set()

    async def _keep_committing(self) -> None:
        while True:
            await self._appended.wait()
            await asyncio.sleep(self._commit_every)
            self._appended.clear()
            entries, size = self._entries, self._size
            self._entries, self._size = [], 0
            if not await asyncio.to_thread(self._commit):
                self._appended.set()
                await asyncio.sleep(RETRY_SECONDS)
                continue
            self._committed.set()
            self._on_commit(entries, size)

    def _commit(self) -> bool:
        """Make durable what was appended; whether it is. The alarm is raised once and cleared once."""
        try:
            self._journal.commit()
        except JournalError as error:
            if self.failing is None:
                self._log.error("journal.failing", detail=str(error))
            self.failing = str(error)
            return False
        if self.failing is not None:
            self._log.warning("journal.writes_again", seq=self._journal.durable_seq)
            self.failing = None
        return True
