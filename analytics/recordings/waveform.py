"""How loud a recording is over time, and where nobody speaks: one pass over the file, in flat memory.

The file is read in windows of 20 ms. Of each window a channel's peak and its mean square are kept: an hour of two
channels is some 3 MB. Peaks are drawn in at most `BARS` bars. A window is quiet where every channel lies below
`QUIET_DB` of full scale: a plain threshold on energy, no detection of speech.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analytics.recordings.decoding import Samples, decode
from analytics.recordings.sound import Sound

BARS = 320
WINDOW_MS = 20
QUIET_DB = -45.0
QUIET_MS = 1000
"""Quiet stretches of a second or longer are told."""

_SAMPLES = 1 << 20
"""Read at once: a minute of two channels."""
_QUIET = 10 ** (QUIET_DB / 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveform:
    """What is drawn: for each channel its bars, 0 (silent) to 255 (full scale), and the quiet stretches in ms."""

    length_ms: int
    peaks: tuple[bytes, ...]
    quiet: tuple[tuple[int, int], ...]


def draw(path: Path, sound: Sound) -> Waveform:
    """Read the file once. Raises SoundError, OSError."""
    window = _window(sound)
    measured, frames = [], 0
    for block in decode(path, sound, max(_SAMPLES // (window * sound.channels), 1) * window):
        measured.append(_measure(block, sound))
        frames += len(block)
    if not measured:
        return Waveform(length_ms=0, peaks=(b"",) * sound.channels, quiet=())
    peaks = np.concatenate([each[0] for each in measured])
    powers = np.concatenate([each[1] for each in measured])
    length_ms = frames * 1000 // sound.rate
    return Waveform(length_ms=length_ms, peaks=_bars(peaks), quiet=_quiet(powers, _window(sound), sound, length_ms))


def _window(sound: Sound) -> int:
    return max(sound.rate * WINDOW_MS // 1000, 1)


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
