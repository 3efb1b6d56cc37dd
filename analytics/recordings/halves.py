"""The two directions of one recording, in a file each (MixMonitor's options r and t), heard as one of two channels.

Asterisk writes both from the same stretches of time, so an instant lies at the same place of both. Files that differ in
length do not belong together, whatever their names say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

import numpy as np

from analytics.recordings.decoding import Samples, decode
from analytics.recordings.sound import Sound
from analytics.recordings.values import Span

NEAR_MS = 100
"""By so much two directions may differ in length: one is closed a moment before the other."""

_NOTHING: Samples = np.empty((0, 1), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A file of one direction."""

    path: Path
    sound: Sound


def fit(heard: Sound, said: Sound) -> bool:
    """Whether two files can be the directions of one recording."""
    if (heard.channels, said.channels) != (1, 1) or heard.rate != said.rate:
        return False
    if heard.length_ms is None or said.length_ms is None:
        return False
    return abs(heard.length_ms - said.length_ms) <= NEAR_MS


def spans_of_both(heard: Sequence[Span], said: Sequence[Span]) -> list[Span]:
    """The talks that lie in both files, as those of one: its channel 0 is what was heard, 1 what was said."""
    other = {each.talk_id: each for each in said}
    return [_of_both(each, other[each.talk_id]) for each in heard if each.talk_id in other]


def _of_both(heard: Span, said: Span) -> Span:
    return replace(
        heard,
        agent_channel=_channel(heard.agent_channel, said.agent_channel),
        customer_channel=_channel(heard.customer_channel, said.customer_channel),
    )


def _channel(heard: int | None, said: int | None) -> int | None:
    """Of a voice that is alone in the one file, or in the other."""
    if heard is not None:
        return 0
    return None if said is None else 1


def decode_both(heard: Half, said: Half, frames: int) -> Iterator[Samples]:
    """Blocks of `frames` frames of both, as those of a file of two channels. Raises SoundError, OSError."""
    blocks = (decode(each.path, each.sound, frames) for each in (heard, said))
    for one, other in zip_longest(*blocks, fillvalue=_NOTHING):
        length = max(len(one), len(other))
        yield np.concatenate([_filled(one, length), _filled(other, length)], axis=1)


def _filled(samples: Samples, length: int) -> Samples:
    return samples if len(samples) == length else np.pad(samples, ((0, length - len(samples)), (0, 0)))
