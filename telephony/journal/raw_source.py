"""Opens what a PBX said for replay: a capture's JSON lines, raw manager bytes, or a journal.

A capture is made by another program or by hand, so every line is checked: one that is not what it claims
to be gives a CaptureError with file, place, found and expected. Only the end may be torn, as a recording
that is killed leaves it; how much was cut off is counted.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from telephony.ami.packet import ENCODING, ERRORS, Packet
from telephony.ami.parser import BANNER_PREFIX, END, Parser
from telephony.clock import from_microseconds
from telephony.errors import CaptureError, PacketTooLargeError
from telephony.journal.entries import Entry, EntryKind
from telephony.journal.files import SUFFIX
from telephony.journal.reader import list_pbxs, read, read_file

CHUNK = 1 << 20
MAX_LINE = 64 << 20
# A stream without any time would else become one run as long as the file.
MAX_RUN = 4096
LATEST_SECONDS = 253_402_300_799
BANNER_TEXT = BANNER_PREFIX.decode()
# After the banner comes the answer to the login, or an event. A connection that broke within a line leaves
# its torn end before the banner of the next.
BANNER = re.compile(rb"Asterisk Call Manager/\d+(?:\.\d+)*\r?\n(?=Response: |Event: |\r\n|$)")
TIMESTAMP = re.compile(rb"(?:^|\r\n)Timestamp: (\d{1,11})(?:\.(\d{1,6}))?(?=\r\n|$)")
HEADER_LINE = re.compile(rb"[A-Za-z][^:\r\n]{0,200}:")


class _Said(NamedTuple):
    """One packet of a capture, or a banner or a hole: then frame is b''."""

    received_us: int
    frame: bytes
    banner: str = ""
    hole: int = 0  # bytes that are missing before what follows


@dataclass(slots=True)
class Capture:
    """A capture, read once from its beginning to its end by iterating over it.

    path: `*.jsonl`, `*.raw`, either with `.xz`; `*.journal`; or a journal's folder.
    pbx: which PBX's journal, where a folder holds several.
    cut_bytes: after reading, how many bytes of a torn last line or packet, or of a packet torn where one
        connection ended and the next began, were left out.
    truncated: after reading, whether a `.xz` file ended before its end.
    """

    path: Path
    pbx: str | None = None
    cut_bytes: int = 0
    truncated: bool = False

    def __iter__(self) -> Iterator[Entry]:
        """Entries in order, numbered from 1 (a journal's keep their numbers).

        A banner gives CONNECTED and begins a new connection; so does a hole, where JSON lines tell their place in
        the stream (`off`, `len`) and bytes are missing: it gives LOST. Received is `t` of a JSON line, the journal's
        own time, or for raw bytes the packet's Timestamp, else that of the packet before, else the epoch.
        Raises CaptureError; for a journal JournalError and JournalCorruptError too.
        """
        if self.path.is_dir():
            return read(self.path, self._only_pbx())
        name = self.path.name.removesuffix(".xz")
        if self.path.suffix == SUFFIX:
            return read_file(self.path)
        if name.endswith(".jsonl"):
            return _runs(self._json_lines())
        if name.endswith(".raw"):
            return _runs(self._raw_packets())
        raise self._error("this name", f"*.jsonl, *.raw (both also .xz), *{SUFFIX} or a folder")

    def _only_pbx(self) -> str:
        found = list_pbxs(self.path)
        if self.pbx is not None and self.pbx in found:
            return self.pbx
        if self.pbx is None and len(found) == 1:
            return found[0]
        expected = "one" if self.pbx is None else repr(self.pbx)
        raise self._error(f"journals of {', '.join(found) or 'no PBX'}", expected)

    def _error(self, found: str, expected: str, line: int | None = None) -> CaptureError:
        place = f"{self.path}, line {line}" if line else str(self.path)
        return CaptureError(f"{place}: found {found}, expected {expected}")

    def _chunks(self) -> Iterator[bytes]:
        try:
            with lzma.open(self.path) if self.path.suffix == ".xz" else self.path.open("rb") as file:
                while chunk := file.read1(CHUNK):
                    yield chunk
        except EOFError:
            self.truncated = True
        except lzma.LZMAError as error:
            raise self._error(f"bytes that are not xz ({error})", "an xz file") from None
        except OSError as error:
            raise CaptureError(f"{self.path}: {error.strerror}, expected a file to read") from None

    def _lines(self) -> Iterator[tuple[int, bytes, bool]]:
        """Line number, line, whether it ended in a newline."""
        number, rest = 0, b""
        for chunk in self._chunks():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                number += 1
                yield number, line, True
            if len(rest) > MAX_LINE:
                raise self._error(f"over {MAX_LINE} bytes", "a shorter line", number + 1)
        if rest:
            yield number + 1, rest, False

    def _json_lines(self) -> Iterator[_Said]:
        expected: int | None = None
        for number, line, whole in self._lines():
            if not line.strip():
                continue
            try:
                said, place = _parse_line(line)
                if place is not None and expected is not None and place[0] > expected:
                    yield _Said(0, b"", hole=place[0] - expected)
                expected = None if place is None else place[0] + place[1]
                yield from said
            except _NotJsonError as error:
                if whole or number == 1:
                    raise CaptureError(f"{self.path}, line {number}: {error}") from None
                self.cut_bytes += len(line)
            except CaptureError as error:
                raise CaptureError(f"{self.path}, line {number}: {error}") from None

    def _raw_packets(self) -> Iterator[_Said]:
        parser = Parser(expect_banner=False)
        received_us, first = 0, True
        for chunk in self._chunks():
            try:
                packets = parser.feed(chunk)
            except PacketTooLargeError as error:
                raise CaptureError(f"{self.path}: {error}") from None
            for packet in packets:
                for said in self._split_banners(packet.raw, received_us):
                    if first and said.frame and not HEADER_LINE.match(said.frame):
                        raise self._error(repr(said.frame[:60]), f"{BANNER_TEXT}… or a `Key: value` line")
                    first, received_us = False, said.received_us
                    yield said
        self.cut_bytes += parser.pending
        if first and parser.pending:
            raise self._error(f"{parser.pending} bytes without a packet's end", f"an empty line ({END!r})")

    def _split_banners(self, raw: bytes, received_us: int) -> Iterator[_Said]:
        """A frame as the parser cut it may begin with a banner, or hold one where two connections meet."""
        if BANNER_PREFIX in raw:
            while found := BANNER.search(raw):
                self.cut_bytes += found.start()
                yield _Said(received_us, b"", found[0].decode().strip())
                raw = raw[found.end() :].lstrip(b"\r\n")
        if raw:
            yield _Said(_timestamp_us(raw, received_us), raw)


def read_capture(path: Path, pbx: str | None = None) -> Iterator[Entry]:
    """The entries of a capture or journal; see Capture, which also counts what was cut off."""
    return iter(Capture(path, pbx))


class _NotJsonError(CaptureError):
    """A line that does not end as JSON does; forgiven in the last line."""


def _parse_line(line: bytes) -> tuple[list[_Said], tuple[int, int] | None]:
    """What a line says, and where its bytes stood in the stream: at which, and how many."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise _NotJsonError(f"found {line[:60]!r}, expected a JSON object") from None
    if not isinstance(found, dict):
        raise CaptureError(f"found {line[:60]!r}, expected a JSON object")
    received_us = _line_time_us(found.get("t"))
    frame = _plain_frame(found.get("packet"))
    said = _said_one_by_one(received_us, found.get("packet")) if frame is None else [_Said(received_us, frame)]
    offset, length = found.get("off"), found.get("len")
    if type(offset) is int and type(length) is int:
        return said, (offset, length)
    return said, None


def _line_time_us(found: Any) -> int:
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= LATEST_SECONDS:
        raise CaptureError(f"t: found {repr(found)[:60]}, expected seconds since 1970")
    return round(found * 1_000_000)


def _plain_frame(found: Any) -> bytes | None:
    """The packet of pairs that are all as they should be, found out at once; None of any others.

    Most lines are such, and a capture has millions of pairs.
    """
    if type(found) is not list or set(map(type, found)) != {list}:
        return None
    try:
        frame = "\r\n".join([name + ": " + value for name, value in found]).encode(ENCODING, ERRORS)
    except (TypeError, ValueError):
        return None
    nameless = frame.startswith(b": ") or b"\r\n: " in frame
    return None if nameless or frame.count(b"\r\n") != len(found) - 1 else frame


def _said_one_by_one(received_us: int, found: Any) -> list[_Said]:
    pairs = list(_pairs(found))
    said = [_Said(received_us, b"", value) for key, value in pairs if not key and value.startswith(BANNER_TEXT)]
    packet = Packet.from_pairs((key, value) for key, value in pairs if key)
    return [*said, _Said(received_us, packet.raw)] if packet.raw else said


def _pairs(found: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(found, list):
        raise CaptureError(f"packet: found {repr(found)[:60]}, expected a list of [name, value]")
    for pair in found:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            raise CaptureError(f"packet: found {repr(pair)[:60]}, expected [name, value]")
        try:
            line = ": ".join(pair).encode(ENCODING, ERRORS)
        except UnicodeEncodeError:
            raise CaptureError(f"packet: found {repr(pair)[:60]}, expected text that UTF-8 can hold") from None
        if b"\r\n" in line:
            raise CaptureError(f"packet: found {repr(pair)[:60]}, expected no line end within a header")
        yield pair[0], pair[1]


def _timestamp_us(raw: bytes, otherwise: int) -> int:
    found = TIMESTAMP.search(raw)
    if found is None:
        return otherwise
    return int(found[1]) * 1_000_000 + int((found[2] or b"").ljust(6, b"0"))


def _runs(said: Iterable[_Said]) -> Iterator[Entry]:
    """Joins neighbours with the same time and connection into entries."""
    seq, connection, at = 1, 1, 0
    frames: list[bytes] = []
    for received_us, frame, banner, hole in said:
        if frames and (banner or hole or received_us != at or len(frames) >= MAX_RUN):
            yield _packets(seq, connection, at, frames)
            seq += len(frames)
            frames = []
        if hole:
            yield Entry(
                seq=seq,
                connection=connection,
                kind=EntryKind.LOST,
                received_at=from_microseconds(at),
                detail=f"{hole} bytes are missing",
            )
            seq += 1
            connection += 1
            continue
        at = received_us
        if banner:
            # A capture that begins without a banner is connection 1 all the same.
            connection += seq > 1
            yield Entry(
                seq=seq,
                connection=connection,
                kind=EntryKind.CONNECTED,
                received_at=from_microseconds(at),
                detail=banner,
            )
            seq += 1
        else:
            frames.append(frame)
    if frames:
        yield _packets(seq, connection, at, frames)


def _packets(seq: int, connection: int, received_us: int, frames: list[bytes]) -> Entry:
    return Entry(
        seq=seq,
        connection=connection,
        kind=EntryKind.PACKETS,
        received_at=from_microseconds(received_us),
        frames=tuple(frames),
    )
