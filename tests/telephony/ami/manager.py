"""A small manager on loopback for the tests of the client: real sockets, no PBX.

It logs in by challenge as Asterisk does, answers Ping, and otherwise does what a test says.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from typing import Self

from telephony.ami.packet import Packet
from telephony.ami.parser import Parser

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
CHALLENGE = "149696506"


class Manager:
    """Serves any number of connections; `streams` are those that are logged in now.

    answer: what to say to an action after the login; None for the default.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        secret: str = "s3cret",
        banner: bytes = BANNER,
        answer: Callable[[Packet], bytes | None] = lambda action: None,
    ) -> None:
        self.host = host
        self.port = 0
        self.secret = secret
        self.banner = banner
        self.answer = answer
        self.actions: list[Packet] = []
        self.accepted = 0
        self.streams: list[asyncio.StreamWriter] = []
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def push(self, data: bytes) -> None:
        """Send to every logged-in connection."""
        for stream in self.streams:
            stream.write(data)

    def drop(self) -> None:
        """Close every connection."""
        for stream in self.streams:
            stream.close()
        self.streams.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            writer.write(self.banner)
            parser = Parser(expect_banner=False)
            while data := await reader.read(65536):
                for action in parser.feed(data):
                    self._hear(action, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _hear(self, action: Packet, writer: asyncio.StreamWriter) -> None:
        self.actions.append(action)
        said = self.answer(action) if writer in self.streams else None
        writer.write(said if said is not None else self._default(action, writer))

    def _default(self, action: Packet, writer: asyncio.StreamWriter) -> bytes:
        match action.get("Action"):
            case "Challenge":
                return reply(action, f"Challenge: {CHALLENGE}")
            case "Login" if action.get("Key") != self._key():
                return reply(action, "Message: Authentication failed", status="Error")
            case "Login":
                self.accepted += 1
                self.streams.append(writer)
                booted = b"Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n"
                return reply(action, "Message: Authentication accepted") + booted
            case _:
                return reply(action, "Message: ok")

    def _key(self) -> str:
        return hashlib.md5((CHALLENGE + self.secret).encode()).hexdigest()


def reply(action: Packet, *lines: str, status: str = "Success") -> bytes:
    """A response to this action."""
    head = [f"Response: {status}", f"ActionID: {action.get('ActionID')}", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode()
