"""Made-up voices for the demo: syllables of a buzzing tone through moving resonances, in turns. No words, no person.

A voice has a pitch and a pace of its own; syllables fall in phrases with pauses between. Music is a soft arpeggio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 8000
Samples = NDArray[np.float32]

_TABLE = 512
_FORMANTS = ((750, 1250), (350, 2200), (320, 800), (500, 1750), (450, 950))
"""The two lowest resonances of five vowels, in hertz."""
_HIGHEST_HZ = 3300
_TONES = ((1.1, 1.1), (0.9, 1.15), (0.85, 0.95), (1.2, 0.8))
"""Where a syllable's pitch begins and ends, of its voice's: the four tones, roughly."""
_PHRASE = (5, 12)
_PAUSE_S = (0.25, 0.7)
_NOTES_HZ = (262, 330, 392, 523, 392, 330)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks: pitch in hertz, syllables a minute."""

    pitch: float
    pace: float


class Speaker:
    """Says turns in one voice."""

    def __init__(self, voice: Voice, random: np.random.Generator) -> None:
        self._voice, self._random = voice, random
        self._vowels = [_cycle(voice.pitch, *each) for each in _FORMANTS]

    def say(self, out: Samples, start: int, end: int) -> None:
        """Add a turn to `out`, from frame `start` to `end`."""
        for begin, length in self._syllables(start, end):
            out[begin : begin + length] += self._syllable(length)

    def _syllables(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        at, left = start, 0
        while True:
            if left == 0:
                left = int(self._random.integers(*_PHRASE))
                at += int(self._random.uniform(*_PAUSE_S) * RATE) if at > start else 0
            each = int(RATE * 60 / self._voice.pace * self._random.uniform(0.8, 1.2))
            length = int(each * self._random.uniform(0.55, 0.75))
            if at + length > end:
                return
            yield at, length
            at, left = at + each, left - 1

    def _syllable(self, length: int) -> Samples:
        begins, ends = _TONES[self._random.integers(len(_TONES))]
        pitch = np.linspace(begins, ends, length) * self._voice.pitch
        phase = (np.cumsum(pitch) * (_TABLE / RATE)).astype(np.int64) % _TABLE
        # A consonant's breath, then the vowel.
        loud = np.minimum(1, np.arange(length) / (0.03 * RATE)) * np.minimum(
            1, np.arange(length, 0, -1) / (0.06 * RATE)
        )
        vowel = self._vowels[self._random.integers(len(self._vowels))][phase]
        breath = self._random.standard_normal(length) * (np.arange(length) < 0.03 * RATE) * 0.04
        said: Samples = ((vowel + breath) * loud * self._random.uniform(0.7, 1.0)).astype(np.float32)
        return said


def play_music(out: Samples, start: int, end: int) -> None:
    """Add hold music to `out`."""
    each = int(0.45 * RATE)
    for number, begin in enumerate(range(start, end, each)):
        time = np.arange(min(each, end - begin)) / RATE
        note = _NOTES_HZ[number % len(_NOTES_HZ)]
        tone = np.sin(2 * np.pi * note * time) + 0.3 * np.sin(4 * np.pi * note * time)
        out[begin : begin + len(time)] += (0.06 * tone * np.exp(-2 * time)).astype(np.float32)


def to_ulaw(samples: Samples) -> bytes:
    """Samples of -1 to 1 as µ-law (ITU-T G.711)."""
    linear = np.clip(samples * 32768, -32635, 32635).astype(np.int32)
    size = np.abs(linear) + 0x84
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    mantissa = (size >> (exponent + 3)) & 15
    octets: NDArray[np.uint8] = (~(np.where(linear < 0, 0x80, 0) | (exponent << 4) | mantissa) & 0xFF).astype(
        np.uint8
    )
    return octets.tobytes()


def _cycle(pitch: float, first: float, second: float) -> Samples:
    """One period of a vowel: as many overtones as a telephone line lets through, loud at its resonances."""
    phase = np.arange(_TABLE) * (2 * np.pi / _TABLE)
    wave = np.zeros(_TABLE)
    for overtone in range(1, int(_HIGHEST_HZ / (pitch * 1.2)) + 1):
        hertz = overtone * pitch
        gain = sum(1 / (1 + ((hertz - each) / 120) ** 2) for each in (first, second)) + 0.05
        wave += gain / overtone**0.5 * np.sin(overtone * phase)
    cycle: Samples = (0.5 * wave / np.abs(wave).max()).astype(np.float32)
    return cycle
