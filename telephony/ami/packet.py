"""One AMI packet: the bytes between two blank lines, read on demand.

A busy PBX sends hundreds of thousands of packets of which few matter, so a packet is its bytes;
headers are found in them when asked for. Asterisk ends lines with CRLF only: U+2028, U+0085, VT, FF
and a lone LF are ordinary characters of a value and never end a line.

Bytes that are not UTF-8 are kept as lone surrogates (`surrogateescape`), so that nothing is lost
and `Packet.from_pairs(packet.headers).raw == packet.raw` for every packet of the form `Key: value`.
"""

from __future__ import annotations

from collections.abc import Iterable

ENCODING = "utf-8"
ERRORS = "surrogateescape"


class Packet:
    """The lines of one packet, without the blank line that ends it."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Packet:
        """A packet with these headers in this order."""
        return cls("\r\n".join(f"{key}: {value}" for key, value in pairs).encode(ENCODING, ERRORS))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packet) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"Packet({self.raw!r})"

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """All headers in order, repeats included. A line without a colon has the key ''.

        Not kept: the tuples of a waiting batch cost more in memory and garbage collection than they save.
        """
        return _split(self.raw)

    @property
    def event(self) -> str:
        """The event's name, or '' if this is no event. A response is none, whatever headers it has."""
        raw = self.raw
        if not raw.startswith(b"Event: "):
            return self.get("Event") if b"vent:" in raw and not raw.startswith(b"Response:") else ""
        end = raw.find(b"\r\n")
        return raw[7 : end if end >= 0 else None].decode(ENCODING, ERRORS)

    @property
    def response(self) -> str:
        """`Success`, `Error`, `Goodbye` … or '' if this is no response to an action."""
        return self.get("Response") if self.raw.startswith(b"Response:") else ""

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header, whatever the case of its name.

        Searched for in the bytes: a reader wants few of a packet's twenty headers.
        """
        raw = self.raw
        lowered = raw.lower()
        wanted = name.encode(ENCODING, ERRORS).lower() + b":"
        if lowered.startswith(wanted):
            start = len(wanted)
        else:
            at = lowered.find(b"\r\n" + wanted)
            if at < 0:
                return default
            start = at + 2 + len(wanted)
        end = raw.find(b"\r\n", start)
        value = raw[start : end if end >= 0 else None]
        return (value[1:] if value.startswith(b" ") else value).decode(ENCODING, ERRORS)

    def all(self, name: str) -> list[str]:
        """All values of a header that may repeat (`Output`, `ChanVariable`, `Variable`)."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]


def _split(raw: bytes) -> tuple[tuple[str, str], ...]:
    headers = []
    for line in raw.decode(ENCODING, ERRORS).split("\r\n"):
        # Nearly every line is `Key: value`; the others cost a second look.
        key, mark, value = line.partition(": ")
        headers.append((key, value) if mark and ":" not in key else _odd_line(line))
    return tuple(headers)


def _odd_line(line: str) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    if not colon:
        return "", line
    return key, value[1:] if value.startswith(" ") else value
