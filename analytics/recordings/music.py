"""Music, and the tones of machines: what is loud and is no voice. Pure.

Music holds its lines: over two seconds and a half the same frequencies stand out again and again, where a voice
glides (continuous frequency activation: Seyerlehner, Pohle, Schedl, Widmer, "Automatic Music Detection in Television
Productions", DAFx 2007). A voice has dips besides: between syllables it falls far below its mean, music seldom does.
One less the other is the measure. A ringback, a busy tone, a beep or a fax is one or two lines of the same height.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.recordings.spectra import HOP_MS, LINE_HOP_MS, Flags, Levels, Spectra
from analytics.recordings.stretches import closed, held, longer

_OVER = 40  # rows of lines that are looked at together: 2.56 s
_STRONGEST = 5
_APART = 4  # bins: a line is as high as it stands over those so far away
_HUM_SHARE = 0.85
_DIP_DB, _DIP_WEIGHT = 6.0, 3.0
_BEGINS, _GOES_ON = 2.4, 1.5
"""Four human voices stayed below 1.2, a machine's monotonous Mandarin below 2; five pieces of hold music lie at 2.9 to
4.3 in the middle (docs/recordings.md)."""

_SHORTEST_MS = 2000
_LONGEST_REST_MS = 3000
_TONE_SHARE, _TONE_MS, _TONE_SPAN_DB = 0.9, 180, 1.5
_STEADY_MS, _STEADY_SPAN_DB = 1000, 2.0
_FAINT_DB = -40.0


def music_of(spectra: Spectra) -> Flags:
    """Whether there is music, every 10 ms. Shorter than two seconds it is not told."""
    lines = spectra.lines & ~_always(spectra.lines) & ~_hums(spectra)[:, None]
    score: NDArray[np.float64] = _activation(lines) - _DIP_WEIGHT * _dips(spectra.level, len(lines))
    music = held(score > _BEGINS, score > _GOES_ON)
    rows = np.arange(len(spectra.level)) * HOP_MS // LINE_HOP_MS
    played = longer(music[np.minimum(rows, len(music) - 1)], _SHORTEST_MS // HOP_MS)
    return closed(played, _LONGEST_REST_MS // HOP_MS)


def _always(lines: Flags) -> Flags:
    """Lines that hardly ever cease: hum of the mains, whoever speaks."""
    sounding = lines.any(axis=1)
    often: Flags = lines[sounding].sum(axis=0) > _HUM_SHARE * int(sounding.sum())
    return often


def _hums(spectra: Spectra) -> Flags:
    """Rows that are faint and do not change: the same hum where A-law's steps break it into ever other lines."""
    faint = (_span(spectra.level, _STEADY_MS) <= _STEADY_SPAN_DB) & (spectra.level < _FAINT_DB)
    middle = np.arange(len(spectra.lines)) * LINE_HOP_MS // HOP_MS + LINE_HOP_MS // (2 * HOP_MS)
    return faint[np.minimum(middle, len(faint) - 1)]


def _activation(lines: Flags) -> NDArray[np.float64]:
    """How long the five steadiest lines around each row stood out, added up: 0 to 5."""
    share = _mean_around(lines, _OVER)
    beside = np.minimum(
        np.pad(share, ((0, 0), (_APART, 0)))[:, :-_APART], np.pad(share, ((0, 0), (0, _APART)))[:, _APART:]
    )
    height = np.maximum(share - beside, 0)
    left, right = np.pad(height, ((0, 0), (1, 0)))[:, :-1], np.pad(height, ((0, 0), (0, 1)))[:, 1:]
    peaks = np.where((height >= left) & (height > right), height, 0)
    top: NDArray[np.float64] = np.partition(peaks, -_STRONGEST, axis=1)[:, -_STRONGEST:].sum(axis=1)
    return top


def _mean_around(values: Flags, over: int) -> NDArray[np.float32]:
    """The mean of the rows around each row; fewer at the edges."""
    sums = np.cumsum(np.pad(values, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    first, last = _around(len(values), over)
    means: NDArray[np.float32] = ((sums[last] - sums[first]) / (last - first)[:, None]).astype(np.float32)
    return means


def _around(count: int, over: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    middle = np.arange(count)
    return np.maximum(middle - over // 2, 0), np.minimum(middle + over // 2, count)


def _dips(level: Levels, rows: int) -> NDArray[np.float64]:
    """The share of time around each row that lies far below the mean."""
    first, last = (np.minimum(each * LINE_HOP_MS // HOP_MS, len(level)) for each in _around(rows, _OVER))
    power = np.cumsum(np.pad(10 ** (level.astype(np.float64) / 10), (1, 0)))
    mean = 10 * np.log10((power[last] - power[first]) / np.maximum(last - first, 1) + 1e-12)
    middle = np.minimum(np.arange(len(level)) * HOP_MS // LINE_HOP_MS, rows - 1)
    low = np.cumsum(np.pad(level < mean[middle] - _DIP_DB, (1, 0)))
    dips: NDArray[np.float64] = (low[last] - low[first]) / np.maximum(last - first, 1)
    return dips


def tones_of(spectra: Spectra) -> Flags:
    """Whether a machine sounds, every 10 ms: a tone stands still, or loudness does so longer than a voice can."""
    level = np.convolve(spectra.level, np.full(5, 0.2, np.float32), mode="same")
    still = _span(level, _TONE_MS) <= _TONE_SPAN_DB
    one_line = _span(spectra.strongest, _TONE_MS) <= 1
    tone = still & one_line & (spectra.tone > _TONE_SHARE)
    steady = (_span(level, _STEADY_MS) <= _STEADY_SPAN_DB) & (spectra.pitch > 0)
    return _grown(tone, _TONE_MS) | _grown(steady, _STEADY_MS)


def _span(values: NDArray[np.generic], over_ms: int) -> NDArray[np.float32]:
    """The greatest less the least value of so long a time around each."""
    over = over_ms // HOP_MS
    padded = np.pad(values.astype(np.float32), (over // 2, over - over // 2 - 1), mode="edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, over)
    spans: NDArray[np.float32] = views.max(axis=1) - views.min(axis=1)
    return spans


def _grown(flags: Flags, over_ms: int) -> Flags:
    """All that was looked at for a true value, and the rise and fall beside it."""
    return closed(np.convolve(flags, np.ones(over_ms // HOP_MS + 7), mode="same") > 0.5, 8)
