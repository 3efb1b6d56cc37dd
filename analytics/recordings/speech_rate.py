"""How fast an agent speaks: syllables by the time of his turns (domain: speech rate). An estimate, with its error."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

from analytics.recordings.stretches import total
from analytics.recordings.turns import turns_of
from analytics.recordings.values import Limits, SpeechRate, Stretch

_VOICE_PERMILLE, _SYLLABLE_PERMILLE = 45, 300
_NOISE_PERMILLE, _CLEAR_DB = 6, 20.0
"""Nineteen in twenty estimates of synthetic voices are no further off than these together: of voices as such, more
behind noise, and of one syllable, which shrinks with the root of their number (docs/recordings.md)."""


def rate_of(
    own: Sequence[Sequence[Stretch]],
    others: Sequence[Sequence[Stretch]] | None,
    syllables: Sequence[int],
    over_noise_db: float,
    limits: Limits,
) -> SpeechRate | None:
    """Of the agent's speech between holds, and the customer's where it is known; None where he says nothing."""
    theirs = others or [()] * len(own)
    turns = [turns_of(mine, other, limits.turn_pause_ms) for mine, other in zip(own, theirs, strict=True)]
    counted = sum(_between(syllables, turn) for piece in turns for turn in piece)
    if counted == 0:
        return None
    return SpeechRate(
        syllables=round(counted * limits.rate_factor_permille / 1000),
        turns_ms=sum(map(total, turns)),
        phonation_ms=sum(map(total, own)),
        error_permille=round(math.hypot(_error(counted, over_noise_db), limits.rate_error_permille)),
    )


def _error(counted: int, over_noise_db: float) -> float:
    """Of the estimate itself, without what is not known of live voices."""
    noisy = _VOICE_PERMILLE + _NOISE_PERMILLE * max(_CLEAR_DB - over_noise_db, 0.0)
    return math.hypot(noisy, _SYLLABLE_PERMILLE / math.sqrt(counted))


def _between(places: Sequence[int], stretch: Stretch) -> int:
    return bisect_left(places, stretch[1]) - bisect_left(places, stretch[0])
