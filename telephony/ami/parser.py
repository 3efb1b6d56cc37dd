"""Cuts a manager's byte stream into packets; no IO, no clock.

    parser = Parser()
    for packet in parser.feed(data): ...

The stream begins with one banner line (`Asterisk Call Manager/11.0.0`), then packets, each ended by a
blank line. Some events end in more than one blank line (their body ends in CRLF): leading CRLFs of a
packet are dropped. However the stream is cut, the packets are the same.
"""

from __future__ import annotations

from telephony.ami.packet import Packet
from telephony.errors import BannerError, PacketTooLargeError

BANNER_PREFIX = b"Asterisk Call Manager/"
MAX_BANNER = 1024
# Command output of a large PBX comes as one packet of some megabytes.
MAX_PACKET = 16 * 1024 * 1024
END = b"\r\n\r\n"


class Parser:
    """Bytes in, packets out. One parser a connection.

    expect_banner: False for a stream that was cut out of a connection (a journal, a capture).
    """

    def __init__(self, *, expect_banner: bool = True, max_packet: int = MAX_PACKET) -> None:
        self.banner: str | None = None
        self._expect_banner = expect_banner
        self._max_packet = max_packet
        self._pieces: list[bytes] = []
        self._size = 0
        self._tail = b""

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that this data completes. Raises as `cut`."""
        return [Packet(frame) for frame in self.cut(data)]

    def cut(self, data: bytes) -> list[bytes]:
        """The bytes of the packets that this data completes, without the blank lines between them.

        Raises BannerError, PacketTooLargeError; the parser must not be used after either.
        """
        if self._expect_banner:
            data = self._take_banner(data)
            if self._expect_banner:
                return []
        # The end may be cut in two: look at it together with the last bytes of before.
        if END not in data and END not in self._tail + data[: len(END)]:
            self._keep(data)
            return []
        if self._pieces:
            self._pieces.append(data)
            data = b"".join(self._pieces)
        frames = data.split(END)
        rest = frames.pop()
        if len(data) > self._max_packet:
            self._check_sizes(frames)
        self._pieces, self._size, self._tail = [], 0, b""
        self._keep(rest)
        # At most one CRLF can lead: two would have been an end.
        return [frame if frame[:2] != b"\r\n" else frame[2:] for frame in frames if frame and frame != b"\r\n"]

    @property
    def pending(self) -> int:
        """How many bytes of an unfinished packet are held."""
        return self._size

    def _keep(self, rest: bytes) -> None:
        if not rest:
            return
        self._pieces.append(rest)
        self._size += len(rest)
        self._tail = (self._tail + rest)[-(len(END) - 1) :]
        if self._size > self._max_packet + len(END) - 1:
            raise self._too_large(self._size)

    def _check_sizes(self, frames: list[bytes]) -> None:
        """The limit holds however the stream is cut, so also for a packet that came whole."""
        for frame in frames:
            if len(frame) > self._max_packet:
                raise self._too_large(len(frame))

    def _too_large(self, size: int) -> PacketTooLargeError:
        return PacketTooLargeError(
            f"packet: found {size} bytes without an end, expected at most {self._max_packet}"
        )

    def _take_banner(self, data: bytes) -> bytes:
        data = b"".join([*self._pieces, data])
        self._pieces = []
        end = data.find(b"\n")
        line = data[: end if end >= 0 else len(data)]
        if line[: len(BANNER_PREFIX)] != BANNER_PREFIX[: len(line)] or len(line) > MAX_BANNER:
            raise BannerError(f"banner: found {line[:60]!r}, expected {BANNER_PREFIX.decode()}x.y.z")
        if end < 0:
            self._pieces = [data]
            return b""
        self.banner = line.rstrip(b"\r").decode("ascii", "replace")
        self._expect_banner = False
        return data[end + 1 :]
