"""A recording's samples, a block at a time, whatever they are written as: memory does not grow with the file.

Samples that stand one by one (PCM, A-law, µ-law) are read here; all else is unpacked by libsndfile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from analytics.errors import SoundError
from analytics.recordings.companding import ALAW, ULAW
from analytics.recordings.packed import gsm_wave, opened, unpacked
from analytics.recordings.sound import BYTES, Coding, Sound

Samples = NDArray[np.float32]

_SMALLEST_SCALE = np.float32(1 / 32768)


def decode(path: Path, sound: Sound, frames: int) -> Iterator[Samples]:
    """Blocks of (frames, channels), -1 to 1, of `frames` frames but for the last.

    Raises SoundError (found and expected), OSError. A file that is shorter than its header says ends early.
    """
    if sound.coding in BYTES:
        with path.open("rb") as file:
            file.seek(sound.start)
            yield from _plain(file, sound, frames)
        return
    with _unpacker(path, sound) as source:
        if source.channels != sound.channels or source.samplerate != sound.rate:
            raise SoundError(
                f"found {source.channels} channels at {source.samplerate} a second, "
                f"expected {sound.channels} at {sound.rate}"
            )
        yield from unpacked(source, frames, sound.frames if sound.coding is Coding.GSM else None)


@contextmanager
def _unpacker(path: Path, sound: Sound) -> Iterator[soundfile.SoundFile]:
    if sound.coding is Coding.GSM and sound.start:
        with path.open("rb") as file, opened(
            gsm_wave(file, sound.channels, sound.rate, sound.start, sound.size)
        ) as source:  # fmt: skip
            yield source
    else:
        with opened(path, bare_gsm=sound.coding is Coding.GSM) as source:
            yield source


def _plain(file: BinaryIO, sound: Sound, frames: int) -> Iterator[Samples]:
    frame = BYTES[sound.coding] * sound.channels
    left = sound.size
    while left > 0 and (raw := file.read(min(frames * frame, left))):
        left -= len(raw)
        whole = len(raw) - len(raw) % frame
        if whole:
            yield samples_of(raw[:whole], sound.coding).reshape(-1, sound.channels)


def samples_of(raw: bytes, coding: Coding) -> Samples:
    """Samples that stand one by one, -1 to 1."""
    if coding is Coding.PCM16:
        return np.frombuffer(raw, dtype="<i2") * _SMALLEST_SCALE
    octets = np.frombuffer(raw, dtype=np.uint8)
    if coding is Coding.PCM8:
        return (octets.astype(np.float32) - np.float32(128)) / np.float32(128)
    return (ALAW if coding is Coding.ALAW else ULAW)[octets]
