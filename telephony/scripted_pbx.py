"""A manager on loopback that plays captured streams, re-timed to now: for the demo and for tests.

    script = load_script(path)
    async with ScriptedPbx([Part(script=script)], user="demo", secret=secret, clock=SystemClock()) as pbx:
        ...connect to 127.0.0.1, pbx.port

Each time a script is played it is new (see telephony.scripted_streams). It goes on whether anybody listens or not,
as a PBX does, and answers Challenge, Login, Ping, CoreShowChannels, QueueStatus and Logoff as Asterisk does. Its
queues can be acted on (QueuePause, QueueAdd, QueueRemove); any other action is refused.

As a program it plays files until it is ended: python -m telephony.scripted_pbx --port 5038 FILE…
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import heapq
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.clock import Clock, SystemClock, to_microseconds
from telephony.errors import ProtocolError
from telephony.scripted_queues import ScriptedMember, ScriptedQueues
from telephony.scripted_streams import Part, Play, copies, header_of, load_script

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
BURST = 32
"""Packets that are late are sent so many at a time before others have their turn."""

MAX_UNREAD = 16 * 1024 * 1024
PLAYED = "Message: this PBX is played: nothing of it can be touched"


class ScriptedPbx:
    """Plays parts, each over and over unless told otherwise, to all that are logged in.

    speed: how much faster than it was captured. first_play: number of the first play; ids of two PBXs, or of one
    before and after its restart, differ if these lie apart. wait_for_listener: begin with the first login that
    hears events.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        user: str,
        secret: str,
        clock: Clock,
        speed: float = 1.0,
        loop: bool = True,
        first_play: int = 1,
        wait_for_listener: bool = False,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.host, self.port = host, port
        self.sent = 0
        self._parts = parts
        self._user, self._secret = user, secret
        self._clock = clock
        self._speed = speed
        self._loop = loop
        self._play_number = first_play
        self._may_begin = asyncio.Event()
        if not wait_for_listener:
            self._may_begin.set()
        self.queues = ScriptedQueues()
        self.queues.seat(self._members())
        self._channels: dict[bytes, bytes] = {}  # uniqueid to the headers that a list shows
        self._sessions: set[_Session] = set()
        self._server: asyncio.Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self._task = asyncio.create_task(self._play())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
        if self._server is not None:
            self._server.close()
        for session in list(self._sessions):
            session.writer.transport.abort()

    def drop(self) -> None:
        """Cut every connection, as a restart of the PBX or a broken line does."""
        for session in list(self._sessions):
            session.writer.transport.abort()

    async def finished(self) -> None:
        """Until all was played; for a PBX that does not loop."""
        if self._task is not None:
            await asyncio.wait([self._task])

    # -- playing --------------------------------------------------------------------------

    async def _play(self) -> None:
        await self._may_begin.wait()
        now = to_microseconds(self._clock.now())
        queue: list[tuple[int, int, int, Play]] = []
        for order, part in enumerate(self._parts):
            self._push(queue, order, part.first, self._begin(part, now, part.first))
        while queue:
            due, order, index, play = heapq.heappop(queue)
            await self._wait_until(due)
            self._say(play.packet(index))
            if index + 1 < len(play.part.script.packets):
                self._push(queue, order, index + 1, play)
            elif self._loop:
                self._push(queue, order, 0, self._begin(play.part, due + 1_000_000, 0))

    def _begin(self, part: Part, at_us: int, first: int) -> Play:
        """A play whose packet at place `first` is due at this time."""
        packets = part.script.packets
        already = round(packets[first][0] / self._speed) if packets else 0
        play = Play(part, self._play_number, at_us - already, self._speed)
        self._play_number += 1
        return play

    @staticmethod
    def _push(queue: list[tuple[int, int, int, Play]], order: int, index: int, play: Play) -> None:
        if play.part.script.packets:
            heapq.heappush(queue, (play.due_us(index), order, index, play))

    async def _wait_until(self, due_us: int) -> None:
        wait = due_us - to_microseconds(self._clock.now())
        if wait > 0 or self.sent % BURST == 0:
            await asyncio.sleep(max(wait, 0) / 1_000_000)

    def _say(self, frame: bytes) -> None:
        told = self.queues.as_now(frame)
        if told is None:
            return
        self.sent += 1
        self._remember(frame := told)
        for session in list(self._sessions):
            if session.listens:
                session.say(frame + b"\r\n\r\n")

    def _remember(self, frame: bytes) -> None:
        """Which channels live: for CoreShowChannels."""
        if frame.startswith(b"Event: Newchannel\r\n"):
            self._channels[header_of(frame, b"Uniqueid")] = frame[frame.find(b"\r\nChannel: ") :]
        elif frame.startswith(b"Event: Hangup\r\n"):
            self._channels.pop(header_of(frame, b"Uniqueid"), None)

    # -- answering ------------------------------------------------------------------------

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(writer)
        parser = Parser(expect_banner=False)
        writer.write(BANNER)
        try:
            while data := await reader.read(65536):
                for action in parser.feed(data):
                    self._answer(session, action)
        except (OSError, ProtocolError, asyncio.CancelledError):
            pass
        finally:
            self._sessions.discard(session)
            writer.close()

    def _answer(self, session: _Session, action: Packet) -> None:
        name = action.get("Action").lower()
        if name == "challenge":
            session.reply(action, "Success", f"Challenge: {session.challenge}")
        elif name == "login":
            self._log_in(session, action)
        elif name == "logoff":
            session.reply(action, "Goodbye", "Message: Thanks for all the fish.")
            session.writer.close()
        elif session not in self._sessions:
            session.reply(action, "Error", "Message: Permission denied")
        elif name == "ping":
            at = to_microseconds(self._clock.now()) / 1_000_000
            session.reply(action, "Success", "Ping: Pong", f"Timestamp: {at:.6f}")
        elif name == "coreshowchannels":
            self._list(session, action, "CoreShowChannel", self._channels.values())
        elif name == "queuestatus":
            self._list(session, action, "QueueStatus", (_body(each) for each in self.queues.listed()))
        elif name == "getvar":
            session.reply(action, "Success", f"Variable: {action.get('Variable')}", "Value: NOT_INUSE")
        elif (done := self.queues.answer(action)) is not None:
            session.reply(action, done.status, f"Message: {done.message}")
            for event in done.events:
                self._say(_body(event)[2:])
        elif name in ("originate", "hangup"):
            session.reply(action, "Error", PLAYED)
        else:
            session.reply(action, "Error", "Message: Invalid/unknown command")

    def _log_in(self, session: _Session, action: Packet) -> None:
        key = hashlib.md5((session.challenge + self._secret).encode(), usedforsecurity=False).hexdigest()
        given, expected = (action.get("Key"), key) if action.get("Key") else (action.get("Secret"), self._secret)
        if action.get("Username") != self._user or not secrets.compare_digest(given.encode(), expected.encode()):
            session.reply(action, "Error", "Message: Authentication failed")
            return
        session.reply(action, "Success", "Message: Authentication accepted")
        session.say(b"Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n")
        self._sessions.add(session)
        session.listens = action.get("Events").lower() != "off"
        if session.listens:
            self._may_begin.set()

    def _members(self) -> Iterator[ScriptedMember]:
        for part in self._parts:
            play = Play(part, 0, part.script.begin_us, self._speed)
            for queue, interface, name in part.script.members:
                member, named = play.named(interface).decode(), play.named(name).decode("utf-8", "replace")
                yield ScriptedMember(queue=queue.decode(), interface=member, name=named)

    @staticmethod
    def _list(session: _Session, action: Packet, name: str, items: Iterable[bytes]) -> None:
        action_id = f"ActionID: {action.get('ActionID')}".encode()
        event = b"" if name == "QueueStatus" else b"\r\nEvent: " + name.encode()
        session.reply(action, "Success", "EventList: start", "Message: a list follows")
        count = 0
        for item in items:
            session.say((event + item)[2:] + b"\r\n" + action_id + b"\r\n\r\n")
            count += 1
        end = f"Event: {name if name == 'QueueStatus' else name + 's'}Complete\r\n".encode()
        session.say(end + action_id + b"\r\nEventList: Complete\r\nListItems: %d\r\n\r\n" % count)


def _body(lines: Iterable[str]) -> bytes:
    """Headers, each with the line end before it."""
    return b"".join(f"\r\n{each}".encode() for each in lines)


class _Session:
    """One connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.listens = False
        self.challenge = f"{secrets.randbelow(10**9):09d}"

    def say(self, data: bytes) -> None:
        """Send; who does not read is cut off, as Asterisk does."""
        if self.writer.transport.is_closing():
            return
        if self.writer.transport.get_write_buffer_size() > MAX_UNREAD:
            self.writer.transport.abort()
            return
        self.writer.write(data)

    def reply(self, action: Packet, status: str, *lines: str) -> None:
        """A response to this action."""
        head = [f"Response: {status}", f"ActionID: {action.get('ActionID')}", *lines]
        self.say(("\r\n".join(head) + "\r\n\r\n").encode("utf-8", "surrogateescape"))


# -- as a program ---------------------------------------------------------------------------


async def serve(pbx: ScriptedPbx, tell: Callable[[int], None]) -> None:
    """Play until cancelled; `tell` is given the port."""
    async with pbx:
        tell(pbx.port)
        await pbx.finished()


def main() -> None:
    """Play the files that are named on the command line."""
    options = argparse.ArgumentParser(prog="python -m telephony.scripted_pbx", description=__doc__.splitlines()[0])
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--user", default="demo")
    options.add_argument("--secret", default="demo")
    options.add_argument("--speed", type=float, default=1.0)
    options.add_argument("--copies", type=int, default=1)
    given = options.parse_args()
    parts = [part for path in given.files for part in copies(load_script(path), given.copies)]
    pbx = ScriptedPbx(
        parts, user=given.user, secret=given.secret, clock=SystemClock(), speed=given.speed, port=given.port
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(pbx, lambda port: print(f"listening on {port}", flush=True)))


if __name__ == "__main__":
    main()
