"""One connection to a manager: the protocol with a socket and a clock. The client makes one after another."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from random import Random
from typing import Self

from telephony.ami.actions import Pair
from telephony.ami.address import Address
from telephony.ami.protocol import Protocol, State
from telephony.ami.signals import Login, LostReason, ProtocolEvent, Timing
from telephony.clock import Clock

# At 5 MB/s, the most that one PBX was seen to send, a read brings a twentieth of a second.
CHUNK = 256 * 1024
# A PBX that does not read any more must not keep us.
CLOSE_WITHIN = 1.0


class Connection:
    """From the opened socket to its end. Made by `open`."""

    def __init__(
        self,
        protocol: Protocol,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        clock: Clock,
    ) -> None:
        self.received_bytes = 0
        self._protocol = protocol
        self._reader = reader
        self._writer = writer
        self._clock = clock

    @classmethod
    async def open(cls, address: Address, login: Login, timing: Timing, *, clock: Clock, random: Random) -> Self:
        """Connect. Raises OSError or TimeoutError (a bad certificate is an OSError too)."""
        async with asyncio.timeout(address.connect_timeout):
            reader, writer = await asyncio.open_connection(address.host, address.port, ssl=address.tls, limit=CHUNK)
        id_prefix = f"tr-{random.getrandbits(48):012x}-"
        protocol = Protocol(login, now=clock.monotonic(), id_prefix=id_prefix, timing=timing)
        return cls(protocol, reader, writer, clock)

    @property
    def running(self) -> bool:
        """Whether the login was accepted and the end has not come."""
        return self._protocol.state is State.RUNNING

    @property
    def banner(self) -> str:
        """The PBX's first line."""
        return self._protocol.banner

    async def receive(self) -> list[ProtocolEvent]:
        """What the next bytes, the end of the stream or the passing of time mean."""
        due = self._protocol.deadline()
        wait = None if due is None else max(0.0, due - self._clock.monotonic())
        try:
            async with asyncio.timeout(wait):
                data = await self._reader.read(CHUNK)
        except TimeoutError:
            events = self._protocol.tick(self._clock.monotonic())
        except (OSError, ssl.SSLError) as error:
            return self.give_up(LostReason.NETWORK_ERROR, describe(error))
        else:
            if not data:
                return self.give_up(LostReason.CLOSED_BY_PBX)
            self.received_bytes += len(data)
            events = self._protocol.receive(data, self._clock.monotonic())
        self._write()
        return events

    def send(self, name: str, pairs: Iterable[Pair]) -> str:
        """Send an action now; its ActionID."""
        action_id = self._protocol.send(name, pairs)
        self._write()
        return action_id

    def forget(self, action_id: str) -> None:
        """Nobody waits for this answer any more."""
        self._protocol.forget(action_id)

    def give_up(self, reason: LostReason, detail: str = "") -> list[ProtocolEvent]:
        """End it for this reason; nothing if it has ended already."""
        return self._protocol.end(reason, detail)

    def log_off(self) -> None:
        """Say good-bye, if it still runs."""
        if self.running:
            self.send("Logoff", ())

    async def close(self) -> None:
        """Leave nothing open."""
        self._writer.close()
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()

    def _write(self) -> None:
        data = self._protocol.data_to_send()
        if data and not self._writer.is_closing():
            self._writer.write(data)


def describe(error: BaseException) -> str:
    """An error in a few words, also one without a text."""
    return str(error) or type(error).__name__
