"""Login transcripts of real PBXs, as exchanges of bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CAPTURES = Path(__file__).parents[2] / "scenarios" / "captures" / "regression"
VERSIONS = ("16.28", "22.10", "freepbx-16", "freepbx-22")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An action as it was sent, and all that came back."""

    action: str
    sent: bytes
    received: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One connection: its banner and its exchanges."""

    banner: bytes
    exchanges: tuple[Exchange, ...]

    def answer(self, action: str) -> Exchange:
        """The exchange of this action."""
        return next(exchange for exchange in self.exchanges if exchange.action == action)


def conversations(version: str) -> list[Conversation]:
    """All connections of a capture's login.raw."""
    raw = (CAPTURES / version / "login.raw").read_bytes()
    found = []
    for part in raw.split(b"##### connection\r\n")[1:]:
        part = part.split(b"##### closed by Asterisk\r\n")[0]
        banner, *pieces = part.split(b">>>>>\r\n")
        found.append(Conversation(banner=banner, exchanges=tuple(_exchange(piece) for piece in pieces)))
    return found


def with_id(received: bytes, action_id: str) -> bytes:
    """The same answer for another ActionID."""
    return re.sub(rb"(?m)^ActionID: [^\r]*", b"ActionID: " + action_id.encode(), received)


def _exchange(piece: bytes) -> Exchange:
    sent, _, received = piece.partition(b"<<<<<\r\n")
    action = re.search(rb"Action: ([^\r]*)", sent)
    assert action is not None
    return Exchange(action=action[1].decode(), sent=sent, received=received)
