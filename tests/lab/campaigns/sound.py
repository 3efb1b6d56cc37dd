"""The sound of all phones of one address: a tone into every call that is up, from one socket.

One socket and one loop carry a crowd of calls; what the PBX sends back is never read and falls away in the kernel.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from contextlib import suppress

from tests.lab.audio import FRAME, FRAME_SECONDS, tone

PCMU = 0


class Sound:
    """Plays into the calls that were given to it. Must be made inside a running loop."""

    def __init__(self, address: str, hertz: int) -> None:
        self._voice = tone(hertz)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._targets: dict[str, tuple[tuple[str, int], bytes]] = {}
        self._task = asyncio.get_running_loop().create_task(self._play())

    def start(self, call: str, target: tuple[str, int]) -> None:
        """Into this call from now on."""
        self._targets[call] = target, struct.pack("!I", random.getrandbits(32))

    def stop(self, call: str) -> None:
        self._targets.pop(call, None)

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._socket.close()

    async def _play(self) -> None:
        number, place, due = random.getrandbits(15), 0, time.monotonic()
        while True:
            head = struct.pack("!BBHI", 0x80, PCMU, number & 0xFFFF, (number * FRAME) & 0xFFFFFFFF)
            frame = self._voice[place : place + FRAME]
            for target, source in self._targets.values():
                self._send(head + source + frame, target)
            number, place = number + 1, (place + FRAME) % (len(self._voice) - FRAME)
            due = max(due + FRAME_SECONDS, time.monotonic() - FRAME_SECONDS)
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    def _send(self, packet: bytes, target: tuple[str, int]) -> None:
        with suppress(OSError):  # the PBX closed that port; its BYE is on its way
            self._socket.sendto(packet, target)
