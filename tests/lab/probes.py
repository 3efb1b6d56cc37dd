"""Optional extras of a recording: logins byte by byte, and which events each read class gives."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from tests.lab.ami import Ami

CLASSES = (
    "system", "call", "log", "verbose", "agent", "user", "dtmf", "reporting", "cdr", "dialplan", "agi",
    "security", "cc", "aoc", "test", "message", "config",
)  # fmt: skip
Step = str | Callable[[bytes], str]

SESSIONS: tuple[tuple[Step, ...], ...] = (
    ("Action: Login\nActionID: 1\nUsername: callcenter\nSecret: wrong",),
    ("Action: Login\nActionID: 1\nUsername: nobody\nSecret: wrong",),
    ("Action: QueueStatus\nActionID: 1",),
    (
        "Action: Challenge\nActionID: 1\nAuthType: MD5",
        lambda got: md5_login(got),
        "Action: Ping\nActionID: 3",
        "Action: CoreSettings\nActionID: 4",
        "Action: CoreStatus\nActionID: 5",
        "Action: QueueStatus\nActionID: 6",
        "Action: QueueSummary\nActionID: 7",
        "Action: CoreShowChannels\nActionID: 8",
        "Action: PJSIPShowEndpoints\nActionID: 9",
        "Action: DeviceStateList\nActionID: 10",
        "Action: NoSuchAction\nActionID: 11",
        "Action: Command\nActionID: 12\nCommand: core show uptime",
        "Action: Originate\nActionID: 13\nChannel: PJSIP/nobody\nContext: agents\nExten: 600\nPriority: 1",
        "Action: QueuePause\nActionID: 14\nInterface: PJSIP/none\nPaused: true",
        "Action: Logoff\nActionID: 15",
    ),
    (
        "Action: Login\nActionID: 1\nUsername: recorder\nSecret: lab-recorder\nEvents: off",
        "Action: Command\nActionID: 2\nCommand: core show uptime",
        "Action: Command\nActionID: 3\nCommand: no such command",
        "Action: ListCommands\nActionID: 4",
        "Action: Logoff\nActionID: 5",
    ),
)


def md5_login(got: bytes) -> str:
    challenge = got.decode().rsplit("Challenge: ", 1)[1].split("\r\n")[0]
    key = hashlib.md5((challenge + "lab-callcenter").encode()).hexdigest()
    return "Action: Login\nActionID: 2\nAuthType: MD5\nUsername: callcenter\nKey: " + key


def record_logins(port: int, path: Path) -> None:
    """Refused and accepted logins and the list actions, byte by byte."""
    with path.open("wb") as out:
        for session in SESSIONS:
            out.write(b"##### connection\r\n")
            talk(port, session, out)


def talk(port: int, session: tuple[Step, ...], out: BinaryIO) -> None:
    sock = socket.create_connection(("127.0.0.1", port), 5)
    sock.settimeout(1.0)
    got = listen(sock, out)
    for step in session:
        packet = step if isinstance(step, str) else step(got)
        data = (packet.replace("\n", "\r\n") + "\r\n\r\n").encode()
        out.write(b">>>>>\r\n" + data + b"<<<<<\r\n")
        sock.sendall(data)
        got += listen(sock, out)
    sock.close()


def listen(sock: socket.socket, out: BinaryIO) -> bytes:
    got = b""
    try:
        while piece := sock.recv(65536):
            got += piece
            out.write(piece)
        out.write(b"##### closed by Asterisk\r\n")
    except (TimeoutError, ConnectionResetError):
        pass
    return got


class ClassProbes:
    """One login for each read class, to count what it gives."""

    def __init__(self, port: int) -> None:
        self.logins = {name: Ami(port, "probe-" + name, "lab-probe", keep=False) for name in CLASSES}

    def finish(self, path: Path) -> None:
        counts = {name: dict(sorted(login.counts.items())) for name, login in self.logins.items()}
        for login in self.logins.values():
            login.close()
        path.write_text(json.dumps(counts, indent=1, sort_keys=True), encoding="utf-8")
