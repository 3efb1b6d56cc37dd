"""What is heard in a file, as far as its loudness tells it: where nobody makes a sound. No talk is measured by that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.recordings import Sound, draw
from analytics.recordings.values import Features, Limits, Marks, Span, Stretch

VERSION = 0
"""Of the way it is measured: one more whenever the same file would tell something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one file tells: of each talk by its id, and where to jump to."""

    features: Mapping[str, Features]
    marks: Marks
    length_ms: int  # as long as it really is


def listen(path: Path, sound: Sound, spans: Sequence[Span], limits: Limits) -> Heard:
    """Read the file once, in flat memory. Raises SoundError (found and expected), OSError."""
    drawn = draw(path, sound)
    silences = tuple(each for each in drawn.quiet if each[1] - each[0] > limits.silence_ms)
    loud = _between(drawn.quiet, drawn.length_ms)
    return Heard(features={}, marks=Marks(speech=(loud,), silences=silences), length_ms=drawn.length_ms)


def _between(quiet: Sequence[Stretch], length_ms: int) -> tuple[Stretch, ...]:
    edges = [0, *(edge for each in quiet for edge in each), length_ms]
    return tuple((start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end)
