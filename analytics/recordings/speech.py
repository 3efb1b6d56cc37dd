"""Who speaks when: of each channel, whether there is a voice every 10 ms. Pure.

A voice is louder than what is heard when nobody speaks (the floor, which is found anew every few seconds), is no
music and no machine's tone, has a pitch somewhere in it, and is not the other channel's voice come back: an echo or
crosstalk is far below it. Short gaps belong to a voice: those between words are pauses within it, told by the turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recordings.music import music_of, tones_of
from analytics.recordings.spectra import AUDIBLE_DB, HOP_MS, Flags, Levels, Spectra
from analytics.recordings.stretches import closed, longer, runs

PITCHED = 0.5
"""Noise reaches 0.4 once in a hundred windows; vowels lie above 0.6."""

_OVER_FLOOR_DB = 7.0
_FLOOR_QUANTILE, _FLOOR_SECONDS = 0.1, 9  # hardly anybody speaks nine seconds without a pause
_HIGHEST_FLOOR_DB, _VOICE_DB, _NOTHING_DB = (
    -25.0,
    -45.0,
    -72.0,
)  # the last: A-law's and µ-law's zero is not quite none
_EMPTY_SHARE, _NOISE_SPAN_DB = 0.1, 5.0
_GAP_MS = 200  # the closure of a stop, the breath between two words
_SHORTEST_MS, _PITCHED_MS = 80, 50
_CLEAR_DB, _HIDDEN_MS = 25.0, 40
_BARE_TONE = 0.95
_LONG_TONE_MS = 500
_ECHO_BELOW_DB, _ECHO_MS = 15.0, 250  # echoes are 20 to 30 dB down; a network and a telephone delay them so long
_QUIETER_DB = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What is heard on one channel, every 10 ms."""

    speech: Flags  # gaps of up to 200 ms included
    sounding: Flags  # the same without these gaps
    music: Flags
    floor: Levels  # decibels of full scale: what is heard when nobody speaks


def voices_of(channels: Sequence[Spectra]) -> tuple[Voice, ...]:
    """Of all channels of the same stretch of time."""
    floors = [floor_of(each.level) for each in channels]
    musics = [music_of(each) for each in channels]
    tones = [tones_of(each) for each in channels]
    loud = [
        (each.level > np.maximum(floor + _OVER_FLOOR_DB, AUDIBLE_DB))
        & ~music
        & ~longer(tone, _LONG_TONE_MS // HOP_MS)
        for each, floor, music, tone in zip(channels, floors, musics, tones, strict=True)
    ]
    if len(channels) == 2:
        loud = _without_echoes(channels, loud)
    return tuple(
        Voice(speech=speech, sounding=speech & each, music=music, floor=floor)
        for speech, each, music, floor in zip(
            map(_speech, channels, loud, tones, floors), loud, musics, floors, strict=True
        )
    )


def floor_of(level: Levels) -> Levels:
    """How loud it is when nobody speaks: of each second the quietest tenth, the least of the nine seconds around.

    Where nothing at all arrives (no packets, a muted party) there is no floor to be seen: such time is left out, unless
    what is left is as loud as a voice and never stands still as noise does. Then the pauses themselves are empty.
    """
    second = 1000 // HOP_MS
    count = -(-len(level) // second)
    sound = np.pad(level, (0, count * second - len(level)), constant_values=np.inf).reshape(count, second)
    empty = sound <= _NOTHING_DB
    quiet, span = _quiet_and_span(np.where(empty, np.inf, sound))
    least, noise = _least_around(quiet), _least_around(np.where(span < _NOISE_SPAN_DB, quiet, np.inf))
    pauses_empty = _least_around(-empty.mean(axis=1)) < -_EMPTY_SHARE
    voices = pauses_empty & (least > _VOICE_DB) & (noise > least + _NOISE_SPAN_DB)
    floor = np.where(np.isinf(least) | voices, _NOTHING_DB, least)
    return np.repeat(np.clip(floor, _NOTHING_DB, _HIGHEST_FLOOR_DB), second)[: len(level)].astype(np.float32)


def _quiet_and_span(seconds: Levels) -> tuple[Levels, Levels]:
    """A tenth of each row lies below the first; how far its inner eight tenths reach. Infinite where it is empty."""
    ordered = np.sort(seconds, axis=1)
    many, rows = np.count_nonzero(np.isfinite(ordered), axis=1), np.arange(len(ordered))
    few = many < ordered.shape[1] // 5
    ordered[few] = 0
    quiet: Levels = ordered[rows, (many * _FLOOR_QUANTILE).astype(np.int64)]
    loud: Levels = ordered[rows, np.maximum((many * (1 - _FLOOR_QUANTILE)).astype(np.int64) - 1, 0)]
    return np.where(few, np.inf, quiet), np.where(few, np.inf, loud - quiet)


def _least_around(values: Levels) -> Levels:
    padded = np.pad(values, _FLOOR_SECONDS // 2, constant_values=np.inf)
    least: Levels = np.lib.stride_tricks.sliding_window_view(padded, _FLOOR_SECONDS).min(axis=1)
    return least


def _without_echoes(channels: Sequence[Spectra], loud: Sequence[Flags]) -> list[Flags]:
    """Each without what is so far below the other, now or a quarter of a second ago, that it is the other's voice."""
    heard = []
    for here, there in ((0, 1), (1, 0)):
        below = _ECHO_BELOW_DB + _quieter(channels[here].level, channels[there].level, loud[here], loud[there])
        behind = _greatest_lately(np.where(loud[there], channels[there].level, -np.inf))
        heard.append(loud[here] & (channels[here].level > behind - below))
    return heard


def _quieter(here: Levels, there: Levels, loud_here: Flags, loud_there: Flags) -> float:
    """How much further below the other's this voice lies than is usual: a faint line is no echo. 0: it is not faint."""
    alone = loud_here & ~closed(loud_there, _ECHO_MS // HOP_MS)
    if np.count_nonzero(alone) < 1000 // HOP_MS or not loud_there.any():
        return 0.0
    difference = float(np.quantile(there[loud_there], 0.75) - np.quantile(here[alone], 0.75))
    return max(difference - _QUIETER_DB, 0.0)


def _greatest_lately(level: Levels) -> Levels:
    over = _ECHO_MS // HOP_MS
    padded = np.concatenate([np.full(over - 2, -np.inf, level.dtype), level, np.full(1, -np.inf, level.dtype)])
    greatest: Levels = np.lib.stride_tricks.sliding_window_view(padded, over).max(axis=1)
    return greatest


def _speech(spectra: Spectra, loud: Flags, tone: Flags, floor: Levels) -> Flags:
    """Runs that are long enough, have a pitch and are no beep: a vowel may stand still as a tone does, words do not.

    Noise hides how they begin and end: what is not far above it is taken to reach further than it is heard.
    """
    begins, ends = runs(closed(loud, _GAP_MS // HOP_MS))
    pitched = loud & (spectra.pitch > PITCHED) & (spectra.tone < _BARE_TONE)
    sounding = _summed(loud, begins, ends)
    kept = (ends - begins >= _SHORTEST_MS // HOP_MS) & (_summed(pitched, begins, ends) >= _PITCHED_MS // HOP_MS)
    kept &= _summed(loud & tone, begins, ends) * 2 < sounding
    over = _summed(np.where(loud, spectra.level - floor, 0), begins, ends) / np.maximum(sounding, 1)
    hidden = np.where(over < _CLEAR_DB, _HIDDEN_MS // HOP_MS, 0)
    speech = np.zeros(len(loud), np.bool_)
    for begin, end, more in zip(*(each[kept].tolist() for each in (begins, ends, hidden)), strict=True):
        speech[max(begin - more, 0) : end + more] = True
    return closed(speech, _GAP_MS // HOP_MS)


def _summed(values: NDArray[np.generic], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of each run, its values added up."""
    sums = np.cumsum(np.concatenate(([0.0], values)))
    found: NDArray[np.float64] = sums[ends] - sums[begins]
    return found
