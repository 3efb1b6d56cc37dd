"""A raw AMI connection that keeps every byte and when it came."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Packet = list[tuple[str, str]]


def parse(block: bytes) -> Packet:
    """A packet's bytes as (key, value) pairs; a line without a colon has key ''."""
    pairs: Packet = []
    for line in block.decode("utf-8", "replace").split("\r\n"):
        key, colon, value = line.partition(": ")
        if not colon:
            key, colon, value = line.partition(":")
        pairs.append((key, value) if colon else ("", line))
    return pairs


def get(packet: Packet, key: str, default: str = "") -> str:
    return next((value for name, value in packet if name == key), default)


class Ami:
    """Connects, logs in and records.

    raw receives the bytes exactly as they came; jsonl one line per packet:
    {"t": arrival time, "off": byte offset in the raw file, "len": bytes, "packet": [[key, value], ...]}.
    The first "packet" is the banner line.
    """

    def __init__(
        self,
        port: int,
        user: str,
        secret: str,
        raw: Path | None = None,
        jsonl: Path | None = None,
        keep: bool = True,
        events: bool = True,
    ) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), 5)
        self.sock.settimeout(None)
        self.raw = raw.open("wb") if raw else None
        self.jsonl = jsonl.open("w", encoding="utf-8") if jsonl else None
        self.keep = keep
        self.packets: list[tuple[float, Packet]] = []
        self.counts: dict[str, int] = {}  # event name -> number
        self.bytes = 0
        self.news = threading.Condition()
        self.number = 0
        self.banner: str | None = None
        self.closed = False
        self._buffer, self._offset = b"", 0
        self._send_lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.response = self.action("Login", Username=user, Secret=secret, Events="on" if events else "off")

    def _read(self) -> None:
        while data := self._receive():
            now = time.time()
            if self.raw:
                self.raw.write(data)
            self.bytes += len(data)
            self._feed(data, now)
        with self.news:
            self.closed = True
            self.news.notify_all()

    def _receive(self) -> bytes:
        try:
            return self.sock.recv(65536)
        except OSError:
            return b""

    def _feed(self, data: bytes, now: float) -> None:
        self._buffer += data
        while True:
            # The banner is one line; every packet after it ends with an empty line.
            end = b"\r\n" if self.banner is None else b"\r\n\r\n"
            at = self._buffer.find(end)
            if at < 0:
                return
            block, size = self._buffer[:at], at + len(end)
            self._buffer = self._buffer[size:]
            if self.banner is None:
                self.banner = block.decode()
                self._take([("", self.banner)], size, now)
            else:
                self._take(parse(block), size, now)

    def _take(self, packet: Packet, size: int, now: float) -> None:
        if self.jsonl:
            line = {"t": round(now, 6), "off": self._offset, "len": size, "packet": packet}
            self.jsonl.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._offset += size
        event = get(packet, "Event")
        with self.news:
            if event:
                self.counts[event] = self.counts.get(event, 0) + 1
            if self.keep or get(packet, "Response"):
                self.packets.append((now, packet))
            self.news.notify_all()

    def send(self, name: str, fields: dict[str, Any]) -> str:
        """Send an action; returns its ActionID."""
        with self._send_lock:
            self.number += 1
            action_id = f"lab-{self.number}"
            lines = [f"Action: {name}", f"ActionID: {action_id}", *(f"{k}: {v}" for k, v in fields.items())]
            self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return action_id

    def action(self, name: str, timeout: float = 10, **fields: Any) -> Packet | None:
        """Send an action; returns its Response packet."""
        start = len(self.packets)
        action_id = self.send(name, fields)
        return self.wait(lambda p: get(p, "ActionID") == action_id and bool(get(p, "Response")), timeout, start)

    def wait(self, condition: Callable[[Packet], bool], timeout: float = 10, start: int = 0) -> Packet | None:
        """The first packet from index start on for which condition(packet) holds."""
        deadline = time.time() + timeout
        with self.news:
            while True:
                for _, packet in self.packets[start:]:
                    if condition(packet):
                        return packet
                start = len(self.packets)
                left = deadline - time.time()
                if left <= 0 or self.closed:
                    return None
                self.news.wait(left)

    def close(self) -> None:
        try:
            self.action("Logoff", timeout=2)
            self._reader.join(1)
            self.sock.close()
        except OSError:
            pass
        for file in (self.raw, self.jsonl):
            if file:
                file.close()
