"""A cable between the service and the PBX's manager, which can be cut, held for a while, or go dead in silence."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
CHUNK = 65536


class Pair:
    """One connection: the service's end and the PBX's."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far = near, far
        self.flows = threading.Event()  # clear: what comes waits
        self.flows.set()
        self.dead = False  # what comes is thrown away, and no end is told

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        """Hand on what one end says, until it ends."""
        with suppress(OSError):
            while data := source.recv(CHUNK):
                self.flows.wait()
                if not self.dead:
                    sink.sendall(data)
        # The far end of a dead cable learns nothing; the near end hangs up on its own account.
        if not self.dead or source is self.near:
            self.close()

    def close(self, *, reset: bool = False) -> None:
        self.flows.set()
        for end in (self.near, self.far):
            with suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class ManagerProxy:
    """Listens on loopback and hands each connection on to the manager's port."""

    def __init__(self, manager_port: int) -> None:
        self._manager = ("127.0.0.1", manager_port)
        self._pairs: list[Pair] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Every connection ends at once."""
        for pair in self._take():
            pair.close(reset=True)

    def hold(self) -> None:
        """Nothing is handed on until `release`."""
        for pair in self._pairs:
            pair.flows.clear()

    def release(self) -> None:
        """What was held is handed on."""
        for pair in self._pairs:
            pair.flows.set()

    def go_dead(self) -> None:
        """Present connections fall silent for ever, without an end; new ones work."""
        for pair in self._take():
            pair.dead = True

    def close(self) -> None:
        self._server.close()
        self.cut()

    def _take(self) -> list[Pair]:
        pairs, self._pairs = self._pairs, []
        return pairs

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._manager, 5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            pair = Pair(near, far)
            self._pairs.append(pair)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=pair.pump, args=ends, daemon=True).start()
