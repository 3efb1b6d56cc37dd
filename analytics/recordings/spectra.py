"""Sound as short spectra: of every ten milliseconds how loud it is, whether it has a pitch, whether it is a bare tone.

All of it comes from one short Fourier transform (32 ms, every 10 ms) and a longer one (128 ms, every 64 ms) that sees
the straight lines of music. Bins are 31.25 and 7.8 Hz wide whatever the rate, so every figure means the same at any
rate. What lies above 3400 Hz, and hum below 200 Hz, is left out of loudness: a telephone carries no more of a voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.float32]
Flags = NDArray[np.bool_]

HOP_MS = 10
WINDOW_MS = 32
LINE_HOP_MS = 64
GRID_MS = 320
"""Where both hops fall together."""

QUIETEST_DB = -100.0
AUDIBLE_DB = -58.0
"""Below it nothing is looked at: a voice is never so faint, A-law's smallest step is."""

_BINS, _LINE_BINS = 129, 330
_AT_ONCE, _LINES_AT_ONCE = 1024, 256
_LOUDNESS, _SYLLABLES, _PITCHED = (200, 3400), (300, 2500), (90, 1500)
_LAGS = np.arange(2.5e-3, 14.5e-3, 1.25e-4)  # seconds: voices from 69 to 400 Hz
_NEIGHBOURS = 10
_LINE_OVER, _LINE_BELOW = 0.6, 3.5
"""A line stands 6 dB over the mean of its 21 neighbours (Seyerlehner et al. 2007, here in decades), and is no more than
35 dB below the strongest: A-law's steps make others of a bare tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectra:
    """Of one channel. All but `lines` have a value every 10 ms."""

    level: Levels  # decibels of full scale, 200 to 3400 Hz
    envelope: Levels  # the same of 300 to 2500 Hz, where syllables stand out
    pitch: Levels  # how periodic, 0 to about 1; 0 where nothing is audible
    tone: Levels  # share of the two strongest lines, 0 to 1; 0 where nothing is audible
    strongest: NDArray[np.int16]  # bin of the strongest line
    lines: Flags  # (every 64 ms, bin of 7.8 Hz): whether a line stands out


def spectra_of(samples: Levels, rate: int) -> Spectra:
    """Of samples from -1 to 1; the last stretch is filled up with silence. Pure."""
    count = -(-len(samples) * 1000 // (rate * HOP_MS))
    levels = np.empty((2, count), np.float32)
    pitch, tone = np.zeros((2, count), np.float32)
    strongest = np.zeros(count, np.int16)
    for first, powers in _powers(samples, rate, WINDOW_MS, HOP_MS, count, _AT_ONCE, _BINS):
        here = slice(first, first + len(powers))
        levels[:, here] = _decibels(powers @ _BANDS).T
        heard = np.flatnonzero(levels[0, here] > AUDIBLE_DB)
        if len(heard):
            loud = powers[heard]
            pitch[first + heard] = _pitch(loud)
            tone[first + heard], strongest[first + heard] = _tone(loud)
    return Spectra(
        level=levels[0], envelope=levels[1], pitch=pitch, tone=tone, strongest=strongest,
        lines=_lines(samples, rate),
    )  # fmt: skip


def _powers(
    samples: Levels, rate: int, window_ms: int, hop_ms: int, count: int, at_once: int, bins: int
) -> Iterator[tuple[int, Levels]]:
    """Power spectra, so many at once. The middle of window n is the middle of hop n."""
    length, hop = rate * window_ms // 1000, rate * hop_ms / 1000
    shape = np.hanning(length + 1)[:-1].astype(np.float32)
    shape *= np.float32(2 / shape.sum() * (2 / 3) ** 0.5)  # so that powers of a band add up to its mean square
    before = (length - int(hop)) // 2
    padded = np.concatenate([np.zeros(before, np.float32), samples, np.zeros(length + int(hop), np.float32)])
    views = np.lib.stride_tricks.sliding_window_view(padded, length)
    starts = (np.arange(count) * hop).astype(np.int64)
    for first in range(0, count, at_once):
        chosen = starts[first : first + at_once]
        spectrum = np.fft.rfft(views[chosen] * shape, axis=1)[:, :bins]
        powers: Levels = (spectrum.real**2 + spectrum.imag**2).astype(np.float32, copy=False)
        if powers.shape[1] < bins:
            powers = np.pad(powers, ((0, 0), (0, bins - powers.shape[1])))
        yield first, powers


def _decibels(powers: Levels) -> Levels:
    levels: Levels = np.float32(10) * np.log10(powers + np.float32(10 ** (QUIETEST_DB / 10)))
    return levels


def _band(low: int, high: int) -> NDArray[np.float32]:
    hertz = np.arange(_BINS) * 1000 / WINDOW_MS
    return ((hertz >= low) & (hertz <= high)).astype(np.float32)


_BANDS: Levels = np.stack([_band(*_LOUDNESS), _band(*_SYLLABLES)], axis=1) / np.float32(2)
_FIRST, _LAST = (int(each * WINDOW_MS // 1000) for each in _PITCHED)


def _cosines() -> NDArray[np.float32]:
    hertz = np.arange(_FIRST, _LAST) * 1000 / WINDOW_MS
    faded = 1 - _LAGS * 1000 / WINDOW_MS  # how much of the window still overlaps: the half of it is taken back
    return (np.cos(2 * np.pi * np.outer(hertz, _LAGS)) / np.sqrt(faded)).astype(np.float32)


_COSINES = _cosines()


def _pitch(powers: Levels) -> Levels:
    """The greatest autocorrelation among the lags of voices: a spectrum's cosine transform (Wiener–Khinchin)."""
    voiced = powers[:, _FIRST:_LAST]
    whole = voiced.sum(axis=1) + np.float32(1e-12)
    found: Levels = (voiced @ _COSINES).max(axis=1) / whole
    return found


def _tone(powers: Levels) -> tuple[Levels, NDArray[np.int16]]:
    """The share of the two strongest lines, each three bins wide, and where the stronger is."""
    low, high = (int(each * WINDOW_MS // 1000) for each in _LOUDNESS)
    band = powers[:, low - 2 : high + 3].copy()
    whole = band.sum(axis=1) + np.float32(1e-12)
    rows, wide = np.arange(len(band))[:, None], np.arange(-1, 2)
    first = band[:, 2:-2].argmax(axis=1) + 2
    share = band[rows, first[:, None] + wide].sum(axis=1)
    band[rows, first[:, None] + wide] = 0
    second = band[:, 2:-2].argmax(axis=1) + 2
    share += band[rows, second[:, None] + wide].sum(axis=1)
    return share / whole, (first + low - 2).astype(np.int16)


def _lines(samples: Levels, rate: int) -> Flags:
    count = -(-len(samples) * 1000 // (rate * LINE_HOP_MS))
    lines = np.zeros((count, _LINE_BINS - 2 * _NEIGHBOURS), np.bool_)
    width = 2 * _NEIGHBOURS + 1
    for first, powers in _powers(samples, rate, 2 * LINE_HOP_MS, LINE_HOP_MS, count, _LINES_AT_ONCE, _LINE_BINS):
        decades = np.log10(powers + np.float32(1e-10))
        sums = np.cumsum(decades, axis=1, dtype=np.float64)
        sums = np.pad(sums, ((0, 0), (1, 0)))
        mean = (sums[:, width:] - sums[:, :-width]) / width
        over = decades[:, _NEIGHBOURS:-_NEIGHBOURS] - mean > _LINE_OVER
        near = decades[:, _NEIGHBOURS:-_NEIGHBOURS] > decades.max(axis=1, keepdims=True) - _LINE_BELOW
        loud = powers.sum(axis=1) > 2 * 10 ** (AUDIBLE_DB / 10)
        lines[first : first + len(powers)] = over & near & loud[:, None]
    return lines
