"""Listening to a recording: features of each talk in it, and marks of the whole file for a player."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analytics.recordings.features import features_of
from analytics.recordings.halves import Half
from analytics.recordings.hearing import Tracks, hear, hear_both
from analytics.recordings.sound import Sound
from analytics.recordings.stretches import common, joined
from analytics.recordings.turns import silences_of
from analytics.recordings.values import Features, Limits, Marks, Span

VERSION = 2
"""Of the way it is measured: one more whenever the same file would tell something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one file tells: of each talk by its id, and where to jump to."""

    features: Mapping[str, Features]
    marks: Marks
    length_ms: int  # as long as it really is


def listen(path: Path, sound: Sound, spans: Sequence[Span], limits: Limits) -> Heard:
    """Read the file once, in memory that does not grow with it. Raises SoundError (found and expected), OSError."""
    tracks = hear(path, sound)
    features = {span.talk_id: features_of(span, tracks, limits) for span in spans}
    return Heard(features=features, marks=marks_of(tracks, limits), length_ms=tracks.length_ms)


def listen_both(heard: Half, said: Half, spans: Sequence[Span], limits: Limits, *, marks_of_heard: bool) -> Heard:
    """The two directions of one recording: what is told of its talks, and marks of one of the two files.

    Raises SoundError (found and expected), OSError.
    """
    tracks = hear_both(heard, said)
    features = {span.talk_id: features_of(span, tracks, limits) for span in spans}
    own = replace(tracks, channels=(tracks.channels[0 if marks_of_heard else 1],), apart=True)
    return Heard(features=features, marks=marks_of(own, limits), length_ms=tracks.length_ms)


def marks_of(tracks: Tracks, limits: Limits) -> Marks:
    """Of a whole file. Overlaps are told of two channels that are not the same."""
    speech = tuple(tuple(track.speech) for track in tracks.channels)
    music = joined(each for track in tracks.channels for each in track.music)
    sounds = joined([*music, *(each for channel in speech for each in channel)])
    overlaps: Iterable[tuple[int, int]] = common(*speech) if len(speech) == 2 and tracks.apart else ()
    return Marks(
        speech=speech,
        silences=silences_of(sounds, (0, tracks.length_ms), limits.silence_ms),
        overlaps=tuple((start, end) for start, end in overlaps if end - start > limits.overlap_ms),
        music=music,
    )
