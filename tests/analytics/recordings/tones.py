"""Sound files made of known tones, for the tests."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
Signal = NDArray[np.float64]
Table = NDArray[np.float32]


def tone(seconds: float, level: float, rate: int = RATE, hertz: float = 440.0) -> Signal:
    """A sine of this level (0 to 1)."""
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)


def silence(seconds: float, rate: int = RATE) -> Signal:
    """Nothing."""
    return np.zeros(int(seconds * rate))


def pcm16(*channels: Signal) -> bytes:
    """Interleaved samples."""
    return (np.stack(channels, axis=1) * 32767).astype("<i2").tobytes()


def encoded(signal: Signal, table: Table) -> bytes:
    """Each sample as the octet whose value is nearest."""
    order = np.argsort(table, kind="stable")
    places = np.clip(np.searchsorted(table[order], signal), 1, 255)
    left, right = table[order][places - 1], table[order][places]
    return bytes(order[np.where(signal - left <= right - signal, places - 1, places)].astype(np.uint8))


def wave(
    body: bytes, *, channels: int = 1, rate: int = RATE, tag: int = 1, bits: int = 16, said: int | None = None
) -> bytes:
    """A RIFF/WAVE; `said` is the length that its header claims."""
    block = channels * bits // 8
    head = struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)
    length = len(body) if said is None else said
    return (
        b"RIFF"
        + struct.pack("<I", (36 + length) & 0xFFFFFFFF)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + head
        + b"data"
        + struct.pack("<I", length)
        + body
    )


def write(path: Path, content: bytes) -> Path:
    """The file, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
