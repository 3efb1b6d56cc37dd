"""The connection to a PBX: connects, logs in, reads, keeps alive, comes back. The only IO of AMI.

    async with Client(address, login, clock=clock, random=Random()) as client:
        async for item in client.batches():
            match item:
                case Batch(): ...
                case Connected(): ...      # ask QueueStatus and CoreShowChannels: a gap has ended
                case Disconnected(): ...   # a gap begins

One order for all: batches and the ends of connections come as they happened. One consumer; it must keep
taking, see `telephony.ami.inbox`. An action is sent once: if the connection ends before its answer, the
outcome is not known here and ConnectionLostError says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from random import Random
from types import TracebackType
from typing import Self

import structlog

from telephony.ami.actions import Pair
from telephony.ami.address import Address
from telephony.ami.answers import ActionResult
from telephony.ami.backoff import Backoff
from telephony.ami.connection import Connection, describe
from telephony.ami.inbox import PACKET_OVERHEAD, Batch, Connected, Disconnected, Inbox, StreamItem
from telephony.ami.signals import (
    ActionAnswered,
    LoggedIn,
    Login,
    LoginRefused,
    Lost,
    LostReason,
    PacketsReceived,
    ProtocolEvent,
    Timing,
)
from telephony.clock import Clock
from telephony.errors import ConnectionLostError, LoginRefusedError

DEFAULT_BOUND = 64 * 1024 * 1024

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Counters:
    """What this client did so far; for metrics."""

    connections: int = 0  # logins accepted
    losses: int = 0  # logged-in connections that ended
    failures: int = 0  # tries that led to no login
    packets: int = 0
    received_bytes: int = 0  # those that ended in a batch
    overruns: int = 0  # times the consumer was so slow that we hung up


class Client:
    """One PBX, one user, one connection at a time.

    bound: bytes that may wait for the consumer. random: for the jitter and the ActionIDs.
    sleep: how to wait before the next try; tests give their own.
    """

    def __init__(
        self,
        address: Address,
        login: Login,
        *,
        clock: Clock,
        random: Random,
        timing: Timing | None = None,
        backoff: Backoff | None = None,
        bound: int = DEFAULT_BOUND,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.address = address
        self.counters = Counters()
        self._login = login
        self._clock = clock
        self._random = random
        self._timing = timing or Timing()
        self._backoff = backoff or Backoff()
        self._sleep = sleep
        self._inbox = Inbox(bound)
        self._log = structlog.get_logger("telephony.ami").bind(pbx=str(address), user=login.user)
        self._answers: dict[str, asyncio.Future[ActionResult]] = {}
        self._connection: Connection | None = None
        self._first_login: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._accounted = 0  # of the connection's received bytes, those in batches
        self._logged_in = False  # on the present connection
        self._running_since: float | None = None
        self._told: LostReason | None = None  # the failure that the stream was told of last

    async def __aenter__(self) -> Self:
        self._first_login = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._keep_connected())
        # Ended by a bug of ours: the consumer must learn of it.
        self._task.add_done_callback(lambda _: self._inbox.close())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def connected(self) -> bool:
        """Whether it is logged in now."""
        return self._connection is not None and self._connection.running

    @property
    def banner(self) -> str:
        """The PBX's first line, as `Asterisk Call Manager/11.0.0`; '' while not connected."""
        return self._connection.banner if self._connection else ""

    @property
    def backlog(self) -> int:
        """Bytes that wait for the consumer."""
        return self._inbox.size

    async def wait_logged_in(self) -> None:
        """Until the first login succeeded.

        Raises LoginRefusedError or ConnectionLostError as soon as the first try has failed (the
        client tries on nevertheless, until it is closed).
        """
        if self._first_login is None:
            raise ConnectionLostError(f"{self.address}: found a client not started, expected `async with`")
        await asyncio.shield(self._first_login)

    async def batches(self) -> AsyncIterator[StreamItem]:
        """All that happens, in order, until the client is closed. For one consumer."""
        while (item := await self._inbox.get()) is not None:
            yield item
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()

    async def action(self, name: str, pairs: Iterable[Pair] = (), *, within: float = 30.0) -> ActionResult:
        """Send one action and wait for its whole answer, a refusal included.

        Raises ConnectionLostError when not connected or lost meanwhile and TimeoutError after
        `within` seconds: in both cases it may have been done. UnsafeValueError, MisuseError: not sent.
        """
        connection = self._connection
        if connection is None or not connection.running:
            raise ConnectionLostError(f"{self.address}: action {name} not sent, expected a connection")
        action_id = connection.send(name, pairs)
        answer: asyncio.Future[ActionResult] = asyncio.get_running_loop().create_future()
        self._answers[action_id] = answer
        try:
            async with asyncio.timeout(within):
                return await answer
        except TimeoutError:
            raise TimeoutError(f"{self.address}: action {name}: no answer within {within} s") from None
        finally:
            connection.forget(action_id)
            self._answers.pop(action_id, None)

    async def close(self) -> None:
        """Log off and end the stream; what was received can still be taken."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._first_login is not None and not self._first_login.done():
            self._first_login.cancel()

    async def _keep_connected(self) -> None:
        failures = 0
        while True:
            self._running_since = None
            lost = await self._connect_once()
            failures = 1 if self._was_stable() else failures + 1
            if lost.reason is LostReason.LOGIN_REFUSED:
                delay = self._backoff.delay_refused(self._random)
            else:
                delay = self._backoff.delay(failures, self._random)
            # An outage of hours is told now and then, not with each try: the 1st, 2nd, 4th, 8th …
            if failures & (failures - 1) == 0:
                self._log.info("ami.retry", after_seconds=round(delay, 3), failures=failures)
            await self._sleep(delay)
            await self._inbox.wait_drained()

    def _was_stable(self) -> bool:
        since = self._running_since
        return since is not None and self._clock.monotonic() - since >= self._backoff.stable

    async def _connect_once(self) -> Lost:
        """One connection from its first byte to its end. Returns why it ended."""
        try:
            connection = await Connection.open(
                self.address, self._login, self._timing, clock=self._clock, random=self._random
            )
        except (OSError, TimeoutError) as error:
            lost = Lost(reason=LostReason.CONNECT_FAILED, detail=describe(error))
            self._lose(lost)
            return lost
        self._connection, self._accounted = connection, 0
        try:
            return await self._listen(connection)
        finally:
            # Still running means cancelled from outside: the PBX and the stream are told.
            connection.log_off()
            self._handle(connection.give_up(LostReason.CLOSED_BY_US))
            self._connection = None
            await connection.close()

    async def _listen(self, connection: Connection) -> Lost:
        while True:
            events = await connection.receive()
            lost = self._handle(events)
            if lost is None and self._inbox.full:
                self.counters.overruns += 1
                detail = f"{self._inbox.size} bytes wait, expected under {self._inbox.bound}"
                lost = self._handle(connection.give_up(LostReason.OVERRUN, detail))
            if lost is not None:
                return lost

    def _handle(self, events: list[ProtocolEvent]) -> Lost | None:
        lost = None
        for event in events:
            match event:
                case PacketsReceived(frames=frames):
                    self._put(frames)
                case ActionAnswered(action_id=action_id, result=result):
                    answer = self._answers.get(action_id)
                    if answer is not None and not answer.done():
                        answer.set_result(result)
                case LoggedIn(banner=banner):
                    self._welcome(banner)
                case LoginRefused(message=message):
                    self._log.error("ami.login_refused", message=message)
                case Lost():
                    self._lose(event)
                    lost = event
        return lost

    def _put(self, frames: list[bytes]) -> None:
        received = self._connection.received_bytes if self._connection else 0
        size = received - self._accounted + PACKET_OVERHEAD * len(frames)
        self.counters.received_bytes += received - self._accounted
        self.counters.packets += len(frames)
        self._accounted = received
        self._inbox.put(
            Batch(
                received_at=self._clock.now(),
                connection=self.counters.connections,
                frames=frames,
                size=size,
            )
        )

    def _welcome(self, banner: str) -> None:
        self.counters.connections += 1
        self._logged_in, self._told = True, None
        self._running_since = self._clock.monotonic()
        connection = self.counters.connections
        self._inbox.put(Connected(at=self._clock.now(), connection=connection, banner=banner))
        self._log.info("ami.connected", connection=connection, banner=banner)
        if self._first_login is not None and not self._first_login.done():
            self._first_login.set_result(None)

    def _lose(self, lost: Lost) -> None:
        """The stream is told of the end of a connection, and of failed tries once for each reason."""
        if self._logged_in:
            self.counters.losses += 1
        else:
            self.counters.failures += 1
        news = self._logged_in or self._told is not lost.reason
        if news:
            self._inbox.put(
                Disconnected(
                    at=self._clock.now(),
                    connection=self.counters.connections,
                    reason=lost.reason,
                    detail=lost.detail,
                )
            )
        if news:
            log = self._log.info if lost.reason is LostReason.CLOSED_BY_US else self._log.warning
            log("ami.disconnected", reason=lost.reason.value, detail=lost.detail)
        self._logged_in, self._told = False, lost.reason
        self._fail_those_who_wait(lost)

    def _fail_those_who_wait(self, lost: Lost) -> None:
        text = f"{self.address}: {lost.reason.value} {lost.detail}".rstrip()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionLostError(text))
        if self._first_login is not None and not self._first_login.done():
            refused = lost.reason is LostReason.LOGIN_REFUSED
            self._first_login.set_exception((LoginRefusedError if refused else ConnectionLostError)(text))
            self._first_login.exception()  # seen, even if nobody waits
