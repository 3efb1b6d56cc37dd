"""A steady tone for each phone, and where each is heard in a file: by the frame of 20 ms.

All frequencies are multiples of 50 Hz, so that a frame holds whole waves of each and none is heard in place of
another; all are away from the tones of keys and of ringing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.lab.audio import FRAME, steady

CUSTOMER = 500
AGENTS = {
    "1001": 600,
    "1002": 1050,
    "1003": 1750,
    "1004": 1900,
    "1005": 2050,
    "1006": 2200,
    "1007": 2350,
    "1008": 2500,
}
VOICES = {"provider": steady(CUSTOMER)} | {name: steady(hertz) for name, hertz in AGENTS.items()}

RATE = 8000
HEADER = 44
HEARD = 2500  # amplitude of a voice that is there: phones play 8000; the music has nothing so loud at one frequency
FRAME_MS = 20
DROPOUT_MS = 60
"""A gap of up to this length is a packet that came late, not a pause; so short a sound is no voice."""

Samples = NDArray[np.float64]
Stretches = list[tuple[int, int]]


def samples_of(path: Path, channels: int = 1) -> Samples:
    """The samples of a file of the lab (WAV of 16 bits, or as many without a header), a column a channel."""
    data = path.read_bytes()
    if path.suffix.lower() == ".wav":
        data = data[HEADER:]
    whole = len(data) // (2 * channels) * 2 * channels
    return np.frombuffer(data[:whole], "<i2").reshape(-1, channels).astype(np.float64)


def heard(signal: Samples, hertz: int) -> Stretches:
    """Where a tone is in one channel, in milliseconds."""
    count = len(signal) // FRAME
    frames = signal[: count * FRAME].reshape(count, FRAME)
    wave = np.exp(-2j * np.pi * hertz * np.arange(FRAME) / RATE)
    loud = np.abs(frames @ wave) * 2 / FRAME > HEARD
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(int), [0]))))
    found = zip((edges[::2] * FRAME_MS).tolist(), (edges[1::2] * FRAME_MS).tolist(), strict=True)
    return [each for each in joined(found, DROPOUT_MS) if each[1] - each[0] > DROPOUT_MS]


def joined(stretches: Iterable[tuple[int, int]], gap_ms: int) -> Stretches:
    """Stretches with what lies closer together than so many milliseconds made one."""
    found: Stretches = []
    for start, end in sorted(stretches):
        if found and start - found[-1][1] <= gap_ms:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
