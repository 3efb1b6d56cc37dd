"""Finds the answers to our actions among the packets of a connection; no IO.

An answer is one `Response`, or, if that says `EventList: start`, a response, the events with its
ActionID, and the event that says `EventList: Complete` (or `Cancelled`). Asterisk shows the ActionID
of a UserEvent or an Originate in later events too: those are ordinary events, not part of an answer.

Command output comes as repeated `Output` headers (Asterisk 14 and later), or before that as
`Response: Follows` with bare lines up to `--END COMMAND--`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from telephony.ami.packet import ENCODING, ERRORS, Packet
from telephony.errors import ActionFailedError, ProtocolError

# A list of 100,000 channels has some 60 MB. Beyond this the PBX is not well, or not a PBX.
MAX_LIST_BYTES = 256 * 1024 * 1024

_FOLLOWS = b"Response: Follows"
_END_COMMAND = b"--END COMMAND--"
_FOLLOWS_HEADERS = (b"Response:", b"Privilege:", b"ActionID:")
_FINISHED = frozenset({"complete", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """The whole answer to one action.

    items: the events of a list, without the one that ends it.
    complete: the event that ended a list, or None for a plain answer.
    """

    response: Packet
    items: tuple[Packet, ...] = ()
    complete: Packet | None = None

    @property
    def success(self) -> bool:
        """Whether the PBX did it. A list that was cut off (`Cancelled`) is no success."""
        if self.complete is not None and self.complete.get("EventList").lower() == "cancelled":
            return False
        return self.response.response.lower() in ("success", "follows", "goodbye")

    @property
    def message(self) -> str:
        """What the PBX said of it: `Permission denied`, `Originate successfully queued` …"""
        return self.response.get("Message")

    @property
    def output(self) -> tuple[str, ...]:
        """The lines of a command's output, spaces kept, old and new form."""
        if self.response.raw.startswith(_FOLLOWS):
            return tuple(_follows_lines(self.response.raw))
        return tuple(self.response.all("Output"))

    def get(self, name: str, default: str = "") -> str:
        """A header of the response."""
        return self.response.get(name, default)

    def raise_if_failed(self) -> ActionResult:
        """This result, or ActionFailedError in the PBX's words."""
        if not self.success:
            raise ActionFailedError(self.message or self.response.response or "the list was cancelled")
        return self


def _follows_lines(raw: bytes) -> Iterator[str]:
    body = raw
    for header in _FOLLOWS_HEADERS:
        if body.startswith(header):
            body = body.partition(b"\r\n")[2]
    text = body.rpartition(_END_COMMAND)[0] if _END_COMMAND in body else body
    for line in text.decode(ENCODING, ERRORS).removesuffix("\n").split("\n"):
        yield line.removesuffix("\r")


@dataclass(slots=True, kw_only=True)
class _Waiting:
    """An action without its whole answer."""

    response: Packet | None = None
    items: list[Packet] = field(default_factory=list)
    size: int = 0


class Answers:
    """The actions of one connection that still wait for an answer."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._mark = f"ActionID: {prefix}".encode(ENCODING, ERRORS)
        self._count = 0
        self._waiting: dict[str, _Waiting] = {}

    @property
    def waiting(self) -> int:
        """How many actions wait."""
        return len(self._waiting)

    def next_id(self) -> str:
        """An ActionID that was not used before on this connection."""
        self._count += 1
        return f"{self._prefix}{self._count}"

    def expect(self, action_id: str) -> None:
        """An action with this id was sent."""
        self._waiting[action_id] = _Waiting()

    def forget(self, action_id: str) -> None:
        """Its answer is not wanted any more."""
        self._waiting.pop(action_id, None)

    def drop(self) -> tuple[str, ...]:
        """Forget all; the ids of those that had no answer."""
        unanswered = tuple(self._waiting)
        self._waiting.clear()
        return unanswered

    def read(self, frames: Iterable[bytes]) -> list[tuple[str, ActionResult]]:
        """The answers that these packets complete.

        Raises ProtocolError when a list grows beyond MAX_LIST_BYTES.
        """
        mark = self._mark
        found = []
        # One search for bytes a packet: at 200,000 packets a second no header may be split here.
        for frame in frames:
            if mark in frame:
                packet = Packet(frame)
                action_id = packet.get("ActionID")
                result = self._take(action_id, packet)
                if result is not None:
                    del self._waiting[action_id]
                    found.append((action_id, result))
        return found

    def _take(self, action_id: str, packet: Packet) -> ActionResult | None:
        waiting = self._waiting.get(action_id)
        if waiting is None:
            return None
        if waiting.response is None:
            return self._take_response(waiting, packet)
        if packet.get("EventList").lower() in _FINISHED:
            return ActionResult(response=waiting.response, items=tuple(waiting.items), complete=packet)
        waiting.items.append(packet)
        waiting.size += len(packet.raw)
        if waiting.size > MAX_LIST_BYTES:
            raise ProtocolError(
                f"list of {action_id}: found {waiting.size} bytes, expected at most {MAX_LIST_BYTES}"
            )
        return None

    @staticmethod
    def _take_response(waiting: _Waiting, packet: Packet) -> ActionResult | None:
        if not packet.response:
            return None
        if packet.get("EventList").lower() == "start":
            waiting.response = packet
            return None
        return ActionResult(response=packet)
