"""Voices, music and machines that are made of numbers, for tests of what is heard: no file is needed.

A voice is syllables: a breath of noise, then a vowel whose harmonics are shaped by three formants and whose pitch
glides as the four tones of Mandarin do. It is no speech, but has what the software looks for, at known places.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tests.analytics.recordings.tones import RATE, Signal

_VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (300, 2270, 3010), (570, 840, 2410), (320, 870, 2240))
_GLIDES = ((1.25, 1.2), (0.9, 1.25), (0.95, 0.8), (1.3, 0.8))
_SYLLABLE = 0.23
Seed = int


def speak(
    seconds: float, seed: Seed, hertz: float = 130.0, level: float = 0.1, a_minute: float = 60 / _SYLLABLE
) -> Signal:
    """A voice of this pitch, as loud as `level` (root mean square of vowels), from the first sample to the last."""
    chance = np.random.default_rng(seed)
    count = max(round(seconds * a_minute / 60), 1)
    edges = np.linspace(0, int(seconds * RATE), count + 1).astype(int)
    return np.concatenate([_syllable(int(b - a), hertz, level, chance) for a, b in pairwise(edges)])


def _syllable(length: int, hertz: float, level: float, chance: np.random.Generator) -> Signal:
    onset = min(length // 4, RATE // 20)
    noise = chance.normal(0, level / 4, onset) * np.hanning(onset + 2)[1:-1]
    body = length - onset
    start, end = _GLIDES[chance.integers(4)]
    pitch = hertz * np.linspace(start, end, body) * chance.uniform(0.95, 1.05)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    formants = _VOWELS[chance.integers(len(_VOWELS))]
    vowel = sum(
        _loudness(number * pitch, formants) * np.sin(number * phase) for number in range(1, int(3400 / hertz / 1.3))
    )
    shape = np.minimum(np.minimum(np.linspace(0, 6, body), np.linspace(4, 0, body)), 1)
    vowel = vowel * shape
    return np.concatenate([noise, vowel * level / np.sqrt((vowel**2).mean())])


def _loudness(hertz: Signal, formants: tuple[int, ...]) -> Signal:
    return sum((1 / (1 + ((hertz - each) / 90) ** 2) for each in formants), 1e-3)


@cache
def _spoken(seconds: float, seed: Seed, hertz: float, level: float, a_minute: float) -> Signal:
    return speak(seconds, seed, hertz, level, a_minute)


def script(
    seconds: float,
    *turns: tuple[float, float],
    seed: Seed = 1,
    hertz: float = 130.0,
    level: float = 0.1,
    a_minute: float = 60 / _SYLLABLE,
) -> Signal:
    """A channel of that length on which somebody speaks at (from, to) in seconds, and is silent elsewhere."""
    channel = np.zeros(int(seconds * RATE))
    for number, (start, end) in enumerate(turns):
        first = int(start * RATE)
        voice = _spoken(end - start, seed * 1000 + number, hertz, level, a_minute)[: len(channel) - first]
        channel[first : first + len(voice)] = voice
    return channel


def noise(seconds: float, level: float, seed: Seed = 7) -> Signal:
    """White, of that root mean square."""
    return np.random.default_rng(seed).normal(0, level, int(seconds * RATE))


def hum(seconds: float, level: float) -> Signal:
    """50 Hz and what comes with it."""
    time = np.arange(int(seconds * RATE)) / RATE
    return level * sum(np.sin(2 * np.pi * 50 * k * time) / k for k in (1, 2, 3, 5, 7))


def signal(seconds: float, *hertz: float, on: float = 1.0, off: float = 4.0, level: float = 0.1) -> Signal:
    """A machine's tone of one or two frequencies: ringback, busy, beeps, fax."""
    time = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * each * time) for each in hertz) * level / len(hertz)
    return tone * ((time % (on + off)) < on)


def chord(seconds: float, *hertz: float, level: float = 0.1, fading: float = 0.0) -> Signal:
    """Notes that sound together, each with five overtones."""
    time = np.arange(int(seconds * RATE)) / RATE
    notes = sum(np.sin(2 * np.pi * each * k * time) / k for each in hertz for k in range(1, 6) if each * k < 3400)
    return level * notes * np.exp(-fading * time) / len(hertz)


_SCALE = 220 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12]) / 12)


def chords(seconds: float, seed: Seed = 3) -> Signal:
    """A pad: a triad every second and a half."""
    chance = np.random.default_rng(seed)
    count = int(seconds / 1.5) + 1
    played = [chord(1.5, *_SCALE[(chance.integers(5) + np.array([0, 2, 4])) % 8]) for _ in range(count)]
    return np.concatenate(played)[: int(seconds * RATE)]


def arpeggio(seconds: float, seed: Seed = 3) -> Signal:
    """Plucked notes, four a second, each ringing on over the next ones."""
    chance = np.random.default_rng(seed)
    tune = np.zeros(int((seconds + 2) * RATE))
    for start in np.arange(0, seconds, 0.25):
        first = int(start * RATE)
        note = chord(1.5, float(_SCALE[chance.integers(8)]), fading=2.0)
        tune[first : first + len(note)] += note
    return tune[: int(seconds * RATE)]


def drums(seconds: float, seed: Seed = 3) -> Signal:
    """Bursts of noise, four a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    return np.random.default_rng(seed).normal(0, 0.15, len(time)) * np.exp(-25 * (time % 0.25))


def mixed(*signals: NDArray[np.float64]) -> Signal:
    """Together."""
    return np.sum(signals, axis=0)
