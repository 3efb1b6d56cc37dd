"""Where syllables have their nuclei: peaks of loudness between 300 and 2500 Hz that stand out by 3 dB and have a pitch.

After de Jong and Wempe, "Praat script to detect syllable nuclei and measure speech rate automatically" (Behavior
Research Methods 41, 2009), with a narrower band and the noise taken away first. Pure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.recordings.spectra import HOP_MS, Levels, Spectra
from analytics.recordings.speech import Voice, floor_of

_PROMINENCE_DB = 3.0
_PITCHED = 0.4
"""Lower than for a voice as such, in which a few windows are enough: a deep voice is often no clearer in a vowel."""
_SMOOTHED = 13  # windows: slower than a diphthong's own rise and fall, quicker than six syllables a second

Places = NDArray[np.int64]


def nuclei_of(spectra: Spectra, voice: Voice) -> Places:
    """In milliseconds, in order."""
    peaks = _prominent(_smooth(_without_noise(spectra.envelope, voice)), _PROMINENCE_DB)
    pitched = np.convolve(spectra.pitch > _PITCHED, np.ones(3), mode="same") > 0.5
    return peaks[pitched[peaks] & voice.speech[peaks]] * HOP_MS


def _without_noise(envelope: Levels, voice: Voice) -> Levels:
    """The loudness less that of what goes on behind it; where nobody speaks, that of the faintest."""
    noise = 10 ** (floor_of(envelope) / 10)
    faintest = noise / 2
    clean = np.where(voice.speech, np.maximum(10 ** (envelope / 10) - noise, faintest), faintest)
    level: Levels = (10 * np.log10(clean)).astype(np.float32)
    return level


def _smooth(level: Levels) -> Levels:
    weights = np.hanning(_SMOOTHED + 2)[1:-1]
    smooth: Levels = np.convolve(level, weights / weights.sum(), mode="same").astype(np.float32)
    return smooth


def _prominent(level: Levels, least_db: float) -> Places:
    """Peaks that rise by so much from the valley before, and fall by so much to the valley after."""
    turns = np.flatnonzero(np.diff(np.sign(np.diff(level))) != 0) + 1
    heights = level[turns].tolist()
    peaks: list[int] = []
    best, top, low, rising = -1, -np.inf, np.inf, False
    for place, height in zip(turns.tolist(), heights, strict=True):
        if rising:
            if height > top:
                best, top = place, height
            elif height < top - least_db:
                peaks.append(best)
                rising, low = False, height
        elif height < low:
            low = height
        elif height > low + least_db:
            rising, best, top = True, place, height
    return np.array(peaks, np.int64)
