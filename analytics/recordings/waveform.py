"""How loud a recording is over time, and where nobody speaks: one pass over the file, in flat memory.

The file is read in windows of 20 ms. Of each window a channel's peak and its mean square are kept: an hour of two
channels is some 3 MB. Peaks are drawn in at most `BARS` bars. A window is quiet where every channel lies below
`QUIET_DB` of full scale: a plain threshold on energy, no detection of speech.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from analytics.errors import SoundError
from analytics.recordings.companding import ALAW, ULAW
from analytics.recordings.sound import BYTES, Coding, Sound

BARS = 320
WINDOW_MS = 20
QUIET_DB = -45.0
QUIET_MS = 1000
"""Quiet stretches of a second or longer are told."""

READ_BYTES = 1 << 20
_QUIET = 10 ** (QUIET_DB / 10)

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveform:
    """What is drawn: for each channel its bars, 0 (silent) to 255 (full scale), and the quiet stretches in ms."""

    length_ms: int
    peaks: tuple[bytes, ...]
    quiet: tuple[tuple[int, int], ...]


def draw(path: Path, sound: Sound) -> Waveform:
    """Read the file once. Raises SoundError for a coding that is not read here, OSError."""
    if sound.coding not in BYTES or sound.frames is None:
        raise SoundError(f"found samples as {sound.coding}, expected pcm8, pcm16, alaw or ulaw")
    with path.open("rb") as file:
        file.seek(sound.start)
        measured = [_measure(block, sound) for block in _blocks(file, sound)]
    if not measured:
        return Waveform(length_ms=0, peaks=(b"",) * sound.channels, quiet=())
    peaks = np.concatenate([each[0] for each in measured])
    powers = np.concatenate([each[1] for each in measured])
    length_ms = sound.length_ms or 0
    return Waveform(length_ms=length_ms, peaks=_bars(peaks), quiet=_quiet(powers, _window(sound), sound, length_ms))


def _window(sound: Sound) -> int:
    return max(sound.rate * WINDOW_MS // 1000, 1)


def _blocks(file: BinaryIO, sound: Sound) -> Iterator[Samples]:
    """The samples as (frames, channels), -1 to 1, in blocks of whole windows but for the last."""
    frame = BYTES[sound.coding] * sound.channels
    window = _window(sound) * frame
    step, left = max(READ_BYTES // window, 1) * window, sound.size
    while left > 0 and (raw := file.read(min(step, left))):
        left -= len(raw)
        whole = raw[: len(raw) - len(raw) % frame]
        if whole:
            yield _decode(whole, sound.coding).reshape(-1, sound.channels)


def _decode(raw: bytes, coding: Coding) -> Samples:
    if coding is Coding.PCM16:
        return np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(32768)
    octets = np.frombuffer(raw, dtype=np.uint8)
    if coding is Coding.PCM8:
        return (octets.astype(np.float32) - np.float32(128)) / np.float32(128)
    return (ALAW if coding is Coding.ALAW else ULAW)[octets]


def _measure(block: Samples, sound: Sound) -> tuple[Samples, Samples]:
    """Peak and mean square of each window and channel."""
    edges = np.arange(0, len(block), _window(sound))
    sizes = np.diff(np.append(edges, len(block))).astype(np.float32)[:, None]
    peaks: Samples = np.maximum.reduceat(np.abs(block), edges, axis=0)
    powers = (np.add.reduceat(block * block, edges, axis=0) / sizes).astype(np.float32)
    return peaks, powers


def _bars(peaks: Samples) -> tuple[bytes, ...]:
    count = min(BARS, len(peaks))
    edges = np.arange(count) * len(peaks) // count
    bars = np.maximum.reduceat(peaks, edges, axis=0)
    scaled = np.clip(np.rint(bars * 255), 0, 255).astype(np.uint8)
    return tuple(scaled[:, channel].tobytes() for channel in range(scaled.shape[1]))


def _quiet(powers: Samples, window: int, sound: Sound, length_ms: int) -> tuple[tuple[int, int], ...]:
    still = np.concatenate(([False], (powers < _QUIET).all(axis=1), [False])).astype(np.int8)
    turns = np.diff(still)
    begins, ends = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
    found = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        start_ms, end_ms = (min(n * window * 1000 // sound.rate, length_ms) for n in (begin, end))
        if end_ms - start_ms >= QUIET_MS:
            found.append((start_ms, end_ms))
    return tuple(found)
