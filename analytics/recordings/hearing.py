"""A whole file heard, a piece at a time: on each channel who speaks when and how loud, the syllables, the music.

Each piece is looked at with some seconds before and after it, so that what is found does not depend on where pieces
meet. What stays in memory is a piece and what was found: some hundred kilobytes an hour.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analytics.errors import SoundError
from analytics.recordings.decoding import Samples, decode
from analytics.recordings.halves import Half, decode_both
from analytics.recordings.sound import Sound
from analytics.recordings.spectra import AUDIBLE_DB, GRID_MS, HOP_MS, Flags, Levels, Spectra, spectra_of
from analytics.recordings.speech import Voice, voices_of
from analytics.recordings.stretches import runs
from analytics.recordings.syllables import nuclei_of
from analytics.recordings.values import Stretch

_MARGIN_MS = 15 * GRID_MS
_LONGEST_MS, _SHORTEST_MS = 240 * GRID_MS, 15 * GRID_MS
_SAMPLES = 4 << 20
"""Of a piece at most, where the rate is so high: 16 MB."""
_SAME_SHARE, _SAME_DB = 0.98, 0.5  # a lossy format does not bring them back quite alike
_LOWEST_RATE, _HIGHEST_RATE, _MOST_CHANNELS = 4000, 192_000, 2


@dataclass(slots=True, kw_only=True)
class Track:
    """What was found on one channel. Times are milliseconds of the file."""

    speech: list[Stretch] = field(default_factory=list)
    # Of each stretch: how many of its windows are loud; their powers, and those of what goes on behind, added up.
    sounding: array[int] = field(default_factory=lambda: array("l"))
    power: array[float] = field(default_factory=lambda: array("d"))
    noise: array[float] = field(default_factory=lambda: array("d"))
    music: list[Stretch] = field(default_factory=list)
    syllables: array[int] = field(default_factory=lambda: array("l"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """All channels of a file."""

    length_ms: int
    channels: tuple[Track, ...]
    apart: bool = True  # False: two channels that hold the same, as some converters make of one


def hear(path: Path, sound: Sound) -> Tracks:
    """Read the file once. Raises SoundError (found and expected), OSError."""
    _check(sound)
    return _heard(decode(path, sound, _frames(_piece_ms(sound), sound)), sound)


def hear_both(heard: Half, said: Half) -> Tracks:
    """Read the two directions of one recording, once each, as two channels. Raises SoundError, OSError."""
    sound = replace(heard.sound, channels=2)
    _check(sound)
    return _heard(decode_both(heard, said, _frames(_piece_ms(sound), sound)), sound)


def _check(sound: Sound) -> None:
    if not _LOWEST_RATE <= sound.rate <= _HIGHEST_RATE or sound.channels > _MOST_CHANNELS:
        raise SoundError(
            f"found {sound.channels} channels at {sound.rate} a second, "
            f"expected 1 or {_MOST_CHANNELS}, {_LOWEST_RATE} to {_HIGHEST_RATE}"
        )


def _heard(blocks: Iterable[Samples], sound: Sound) -> Tracks:
    tracks = tuple(Track() for _ in range(sound.channels))
    piece_ms = _piece_ms(sound)
    frames, audible, same = 0, 0, 0
    for number, view in enumerate(_views(blocks, sound)):
        spectra = [spectra_of(_long_enough(channel, sound.rate), sound.rate) for channel in view.samples.T]
        first = view.before * 1000 // (sound.rate * HOP_MS)
        for track, each, voice in zip(tracks, spectra, voices_of(spectra), strict=True):
            _take(track, each, voice, first, view.length * 1000 / sound.rate, number * piece_ms)
        frames += view.length
        audible, same = (a + b for a, b in zip((audible, same), _alike(spectra), strict=True))
    return Tracks(
        length_ms=frames * 1000 // sound.rate,
        channels=tracks,
        apart=same <= _SAME_SHARE * audible or len(tracks) == 1,
    )


def _alike(spectra: Sequence[Spectra]) -> tuple[int, int]:
    """In how many windows anything is audible, and in how many of these the first channel is as loud as the last."""
    one, other = spectra[0].level, spectra[-1].level
    audible = np.maximum(one, other) > AUDIBLE_DB
    return int(audible.sum()), int((audible & (np.abs(one - other) < _SAME_DB)).sum())


def _piece_ms(sound: Sound) -> int:
    grids = _SAMPLES * 1000 // (sound.rate * sound.channels * GRID_MS)
    return min(max(grids * GRID_MS, _SHORTEST_MS), _LONGEST_MS)


def _frames(milliseconds: int, sound: Sound) -> int:
    return milliseconds * sound.rate // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """A piece of `length` frames, with `before` frames in front of it and some behind."""

    samples: Samples
    before: int
    length: int


def _views(blocks: Iterable[Samples], sound: Sound) -> Iterator[_View]:
    margin = _frames(_MARGIN_MS, sound)
    before = np.empty((0, sound.channels), np.float32)
    held: Samples | None = None
    for block in blocks:
        if held is not None:
            yield _View(
                samples=np.concatenate([before, held, block[:margin]]), before=len(before), length=len(held)
            )
            before = held[-margin:]
        held = block
    if held is not None:
        yield _View(samples=np.concatenate([before, held]), before=len(before), length=len(held))


def _long_enough(samples: Levels, rate: int) -> Levels:
    """Filled up with silence to two seconds: shorter than what is looked at together, nothing can be told."""
    return np.pad(samples, (0, max(2 * rate - len(samples), 0)))


def _take(track: Track, spectra: Spectra, voice: Voice, first: int, length_ms: float, start_ms: int) -> None:
    """What was found in the piece itself, behind what was found before."""
    last = first + int(-(-length_ms // HOP_MS))
    begins, ends = runs(voice.speech[first:last])
    power, noise = (_summed(each[first:last], voice.sounding[first:last]) for each in (spectra.level, voice.floor))
    loud = np.cumsum(np.concatenate(([0], voice.sounding[first:last])))
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        stretch = start_ms + begin * HOP_MS, start_ms + min(end * HOP_MS, int(length_ms))
        sums = (float(power[end] - power[begin]), float(noise[end] - noise[begin]))
        _add_speech(track, stretch, int(loud[end] - loud[begin]), *sums)
    _add_music(track, voice.music[first:last], start_ms, int(length_ms))
    places = nuclei_of(spectra, voice) - first * HOP_MS
    track.syllables.extend((places[(places >= 0) & (places < length_ms)] + start_ms).tolist())


def _summed(level: Levels, sounding: Flags) -> NDArray[np.float64]:
    """Powers added up to each window, those that are not loud left out."""
    powers = np.where(sounding, 10 ** (level.astype(np.float64) / 10), 0.0)
    return np.cumsum(np.concatenate(([0.0], powers)))


def _add_speech(track: Track, stretch: Stretch, sounding: int, power: float, noise: float) -> None:
    if track.speech and track.speech[-1][1] >= stretch[0]:
        track.speech[-1] = track.speech[-1][0], stretch[1]
        track.sounding[-1] += sounding
        track.power[-1] += power
        track.noise[-1] += noise
    else:
        track.speech.append(stretch)
        track.sounding.append(sounding)
        track.power.append(power)
        track.noise.append(noise)


def _add_music(track: Track, music: Flags, start_ms: int, length_ms: int) -> None:
    for begin, end in zip(*(each.tolist() for each in runs(music)), strict=True):
        stretch = start_ms + begin * HOP_MS, start_ms + min(end * HOP_MS, length_ms)
        if track.music and track.music[-1][1] >= stretch[0]:
            track.music[-1] = track.music[-1][0], stretch[1]
        else:
            track.music.append(stretch)
