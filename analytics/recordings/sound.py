"""What kind of sound a file holds, by its header or, where the format has none, by its ending.

Asterisk writes RIFF/WAVE (`wav`: linear, `WAV` and `wav49`: GSM), and bare samples without any header (`sln`, `alaw`,
`ulaw`, `gsm`). A WAVE whose header was never finished (the PBX died, or still writes) has a length of 0 or of more than
is there: what is there counts. What is packed otherwise (MP3, Ogg, the rarer WAVEs) is known by libsndfile.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from analytics.errors import SoundError
from analytics.recordings.packed import length_of, opened

_RIFF = struct.Struct("<4sI4s")
_CHUNK = struct.Struct("<4sI")
_FORMAT = struct.Struct("<HHIIHH")
_EXTENSIBLE = 0xFFFE
_MOST_CHANNELS, _HIGHEST_RATE = 8, 384_000
_MOST_CHUNKS = 64


class Coding(StrEnum):
    """How samples are written."""

    PCM8 = "pcm8"  # unsigned
    PCM16 = "pcm16"  # signed, little-endian
    ALAW = "alaw"
    ULAW = "ulaw"
    GSM = "gsm"  # GSM 06.10, bare or in a WAVE
    PACKED = "packed"  # MP3, Ogg and the like
    OTHER = "other"  # a WAVE of another coding


BYTES = {Coding.PCM8: 1, Coding.PCM16: 2, Coding.ALAW: 1, Coding.ULAW: 1}
"""Bytes of a sample, where samples stand one by one."""

_TAGS = {6: Coding.ALAW, 7: Coding.ULAW, 0x31: Coding.GSM}
_TAG_OF = {Coding.PCM8: 1, Coding.PCM16: 1, Coding.ALAW: 6, Coding.ULAW: 7}
_BARE = {
    ".alaw": (Coding.ALAW, 8000), ".al": (Coding.ALAW, 8000), ".alw": (Coding.ALAW, 8000),
    ".ulaw": (Coding.ULAW, 8000), ".ul": (Coding.ULAW, 8000), ".pcm": (Coding.ULAW, 8000),
    ".sln": (Coding.PCM16, 8000), ".sln12": (Coding.PCM16, 12_000), ".sln16": (Coding.PCM16, 16_000),
    ".sln32": (Coding.PCM16, 32_000), ".sln48": (Coding.PCM16, 48_000), ".gsm": (Coding.GSM, 8000),
}  # fmt: skip
_PACKED = frozenset({".mp3", ".ogg", ".opus"})
ENDINGS = frozenset({".wav", *_BARE, *_PACKED, ".wav49"})
"""The endings that are read, in small letters. `.WAV` is Asterisk's name of wav49."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A file's format: samples are `size` bytes from byte `start` on; `frames` is None where only unpacking tells."""

    coding: Coding
    channels: int
    rate: int  # frames a second
    start: int
    size: int
    frames: int | None
    header_right: bool = True  # False: the header says another length than there is, or there is none

    @property
    def length_ms(self) -> int | None:
        """How long it lasts, cut to milliseconds."""
        return None if self.frames is None else self.frames * 1000 // self.rate

    @property
    def empty(self) -> bool:
        """Whether nothing was recorded."""
        return self.size <= 0


def read_sound(path: Path) -> Sound:
    """What the file holds. Raises SoundError (found and expected), OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        sound = read_open(file, size, path.suffix)
    return sound if sound.empty else _looked_into(path, sound)


def read_open(file: BinaryIO, size: int, ending: str) -> Sound:
    """The same of an open file of `size` bytes, which stands at its beginning. Packed sound is not looked into."""
    ending = ending.lower()
    if ending in _PACKED:
        return Sound(coding=Coding.PACKED, channels=1, rate=1, start=0, size=size, frames=None)
    if ending in _BARE:
        coding, rate = _BARE[ending]
        return _bare(coding, rate, size)
    if ending not in ENDINGS:
        raise SoundError(
            f"found a file that ends in {ending or 'nothing'}, expected one of wav, sln, alaw, ulaw, gsm, mp3, ogg"
        )
    return _wave(file, size)


def _looked_into(path: Path, sound: Sound) -> Sound:
    """Packed sound and rarer WAVEs, as libsndfile tells of them; a WAVE that it does not know stays as it is."""
    if sound.coding not in (Coding.PACKED, Coding.OTHER):
        return sound
    try:
        with opened(path) as source:
            _bounded(source.channels, source.samplerate)
            return replace(sound, channels=source.channels, rate=source.samplerate, frames=length_of(source))
    except SoundError:
        if sound.coding is Coding.OTHER:
            return sound
        raise


def _bare(coding: Coding, rate: int, size: int) -> Sound:
    frames = size // 33 * 160 if coding is Coding.GSM else size // BYTES[coding]
    return Sound(coding=coding, channels=1, rate=rate, start=0, size=size, frames=frames, header_right=False)


def _wave(file: BinaryIO, size: int) -> Sound:
    head = file.read(_RIFF.size)
    if len(head) < _RIFF.size or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise SoundError(f"found {head[:4]!r} at its beginning, expected RIFF and WAVE")
    told: tuple[Coding, int, int, int] | None = None
    for _ in range(_MOST_CHUNKS):
        chunk = file.read(_CHUNK.size)
        if len(chunk) < _CHUNK.size:
            break
        name, length = _CHUNK.unpack(chunk)
        if name == b"data":
            return _of_data(told, file.tell(), length, size)
        if name == b"fmt ":
            told = _format(file.read(length))
            file.seek(length & 1, 1)
        else:
            file.seek(length + (length & 1), 1)
    raise SoundError(f"found no samples in {size} bytes, expected a part called data")


def _format(body: bytes) -> tuple[Coding, int, int, int]:
    """Coding, channels, rate, and bytes of a block."""
    if len(body) < _FORMAT.size:
        raise SoundError(f"found a format of {len(body)} bytes, expected {_FORMAT.size}")
    tag, channels, rate, _, block, bits = _FORMAT.unpack_from(body)
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = int.from_bytes(body[24:26], "little")
    _bounded(channels, rate)
    known = {8: Coding.PCM8, 16: Coding.PCM16}.get(bits) if tag == 1 else _TAGS.get(tag)
    return known or Coding.OTHER, channels, rate, block


def _bounded(channels: int, rate: int) -> None:
    if not 1 <= channels <= _MOST_CHANNELS or not 1 <= rate <= _HIGHEST_RATE:
        raise SoundError(
            f"found {channels} channels at {rate} a second, expected 1 to {_MOST_CHANNELS}, 1 to {_HIGHEST_RATE}"
        )


def _of_data(told: tuple[Coding, int, int, int] | None, start: int, said: int, size: int) -> Sound:
    if told is None:
        raise SoundError("found samples before their format, expected a part called fmt first")
    coding, channels, rate, block = told
    there = max(size - start, 0)
    unfinished = said > there or (said == 0 and there > 0)
    length = there if unfinished else said
    frames: int | None = None
    if coding in BYTES:
        length -= length % (BYTES[coding] * channels)
        frames = length // (BYTES[coding] * channels)
    elif coding is Coding.GSM and block > 0:
        frames = length // block * 320
    return Sound(
        coding=coding, channels=channels, rate=rate, start=start, size=length, frames=frames,
        header_right=not unfinished,
    )  # fmt: skip


def playable_header(sound: Sound) -> bytes:
    """The header of a WAVE with these samples; only for codings whose samples stand one by one."""
    width = BYTES[sound.coding]
    block = width * sound.channels
    body = _FORMAT.pack(_TAG_OF[sound.coding], sound.channels, sound.rate, sound.rate * block, block, width * 8)
    format_part = _CHUNK.pack(b"fmt ", len(body)) + body
    whole = 4 + len(format_part) + _CHUNK.size + sound.size
    return _RIFF.pack(b"RIFF", whole, b"WAVE") + format_part + _CHUNK.pack(b"data", sound.size)
