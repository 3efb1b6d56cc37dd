"""A file's bytes, plain or compressed (gzip, xz, bzip2, Zstandard: by what the file begins with), a piece at a time."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

import zstandard

from telephony.errors import LogError

PIECE = 65_536
SMALL_PIECE = 8192
"""Of what is packed: text of a log may be a hundred times as long."""
GZIP, XZ, BZIP2, ZSTANDARD = b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh", b"\x28\xb5\x2f\xfd"
DAMAGES = (EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)


class Unpacked:
    """An open file, read from its beginning on. Raises LogError.

    damage: why the rest of a compressed file cannot be read; '' while nothing is wrong.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damage = ""
        try:
            self._raw = path.open("rb")
            status = os.fstat(self._raw.fileno())
            magic = self._raw.read(len(XZ))
        except OSError as error:
            raise LogError(f"{path}: found {error.strerror}, expected a file that can be read") from None
        self.size = status.st_size
        self.inode = f"{status.st_dev}:{status.st_ino}"
        self.compressed = magic.startswith((GZIP, XZ, BZIP2, ZSTANDARD))
        self._magic = magic
        self._plain = self._unpacker()

    def read(self, count: int) -> bytes:
        """So many bytes; fewer only at the end, or before a damage."""
        pieces, missing = [], count
        while missing and not self.damage:
            try:
                piece = self._plain.read(missing)
            except DAMAGES as error:
                self._break(error)
                break
            except OSError as error:
                if error.errno is not None:
                    raise LogError(f"{self.path}: found {error.strerror} while reading, expected to read") from None
                # gzip and bzip2 call damage so.
                self._break(error)
                break
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def go_to(self, offset: int) -> None:
        """Go on reading at this byte of what the file holds. Compressed files are read up to there."""
        self.damage = ""
        if not self.compressed:
            self._raw.seek(offset)
            return
        self._plain = self._unpacker()
        while offset > 0 and (piece := self.read(min(PIECE, offset))):
            offset -= len(piece)

    def begins_with(self, head: bytes) -> bool:
        """Whether a plain file still begins so: it may be cut and written anew while it is open."""
        return self.compressed or os.pread(self._raw.fileno(), len(head), 0) == head

    def read_end(self, count: int) -> bytes:
        """The last bytes of a plain file; nothing of a compressed one."""
        if self.compressed:
            return b""
        self._raw.seek(max(0, self.size - count))
        return self._raw.read(count)

    def disk(self) -> int:
        """How many bytes of the file, as it stands on disk, were taken; a little more than what they gave."""
        return min(self._raw.tell(), self.size) if self.compressed else self._raw.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()

    def _break(self, error: Exception) -> None:
        self.damage = f"found damage in the compressed file ({error}), expected it to go on"

    def _unpacker(self) -> IO[bytes]:
        self._raw.seek(0)
        if self._magic.startswith(GZIP):
            return cast(IO[bytes], gzip.GzipFile(fileobj=self._raw))
        if self._magic.startswith(XZ):
            return lzma.LZMAFile(self._raw)
        if self._magic.startswith(BZIP2):
            return bz2.BZ2File(self._raw)
        if self._magic.startswith(ZSTANDARD):
            return cast(IO[bytes], Zstandard(self._raw))
        return self._raw


class Zstandard:
    """Reads Zstandard frames one after the other. The library's own stream takes a file that was cut for its end."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = self._plain = b""

    def read(self, count: int) -> bytes:
        """So many bytes or fewer; b"" at the end. Raises EOFError, ZstdError."""
        while not self._plain:
            self._packed = self._packed or self._raw.read(SMALL_PIECE)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("its last frame is cut")
                return b""
            self._frame = self._frame or zstandard.ZstdDecompressor().decompressobj()
            self._plain = self._frame.decompress(self._packed)
            self._packed = b""
            if self._frame.eof:
                self._packed, self._frame = self._frame.unused_data, None
        given, self._plain = self._plain[:count], self._plain[count:]
        return given
