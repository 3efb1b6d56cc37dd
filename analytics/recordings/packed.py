"""Sound that has to be unpacked: GSM, MP3, Ogg and the rarer WAVEs, by libsndfile, a block at a time.

libsndfile comes with the package soundfile and reads what Asterisk writes (`wav49`, `gsm`, `ogg`, `opus`) and what
archives keep (`mp3`). It believes a WAVE's header: one that was never finished is put right before it sees it.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from analytics.errors import SoundError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Samples = NDArray[np.float32]

_ENDLESS = 1 << 48
"""libsndfile tells such a length where it knows none."""
_GSM_BLOCK, _GSM_FRAMES = 65, 320
_HEAD = struct.Struct("<4sI4s4sIHHIIHHHH4sII4sI")


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """Read from its beginning to its end. soundfile seeks after each block, which costs an MP3 some frames of sound."""

    def seekable(self) -> bool:
        return False


class _Mended(io.RawIOBase):
    """A file whose first bytes are others: a right header, and then `size` bytes of the file from `start` on."""

    def __init__(self, head: bytes, file: BinaryIO, start: int, size: int) -> None:
        self._head, self._file, self._start = head, file, start
        self._whole, self._at = len(head) + size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = max(offset + (0, self._at, self._whole)[whence], 0)
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        count = min(len(view), max(self._whole - self._at, 0))
        found = self._head[self._at : self._at + count]
        if len(found) < count:
            self._file.seek(self._start + self._at + len(found) - len(self._head))
            found += self._file.read(count - len(found))
        view[: len(found)] = found
        self._at += len(found)
        return len(found)


def gsm_wave(file: BinaryIO, channels: int, rate: int, start: int, size: int) -> BinaryIO:
    """A wav49 with a right header in place of its own: its samples are `size` bytes from `start` on."""
    size -= size % _GSM_BLOCK
    head = _HEAD.pack(
        b"RIFF", _HEAD.size - 8 + size, b"WAVE", b"fmt ", 20, 0x31, channels, rate, rate * _GSM_BLOCK // _GSM_FRAMES,
        _GSM_BLOCK, 0, 2, _GSM_FRAMES, b"fact", 4, size // _GSM_BLOCK * _GSM_FRAMES, b"data", size,
    )  # fmt: skip
    return _Mended(head, file, start, size)  # type: ignore[return-value]


@contextmanager
def opened(source: Path | BinaryIO, *, bare_gsm: bool = False) -> Iterator[soundfile.SoundFile]:
    """The file, open in libsndfile. Raises SoundError: what was found and expected."""
    told = {"format": "RAW", "subtype": "GSM610", "samplerate": 8000, "channels": 1} if bare_gsm else {}
    place = str(source) if isinstance(source, Path) else source
    try:
        with _Forward(place, **told) as sound:
            yield sound
    except soundfile.SoundFileError as error:
        raise SoundError(f"found what cannot be unpacked ({_words(error)}), expected whole sound") from None


def _words(error: Exception) -> str:
    """What libsndfile says, without the file's place. Of an MP3 that is none it says that there is no file."""
    said = str(getattr(error, "error_string", error)).rstrip(". \n").lower()
    return "no sound in it" if "does not exist" in said else said


def length_of(sound: soundfile.SoundFile) -> int | None:
    """Its frames, where they can be known without unpacking."""
    frames = int(sound.frames)
    return frames if 0 <= frames < _ENDLESS else None


def unpacked(sound: soundfile.SoundFile, frames: int, most: int | None = None) -> Iterator[Samples]:
    """Blocks of (frames, channels), -1 to 1; the last is shorter. `most` in all: libsndfile may add a block."""
    left = _ENDLESS if most is None else most
    while left > 0 and len(block := sound.read(min(frames, left), dtype="float32", always_2d=True)):
        left -= len(block)
        yield block
