"""Features of one agent's talk from what was heard in its file. Pure.

Holds are cut out first; nothing is counted across one: neither a pause, nor an answer, nor a silence. What a file
cannot tell is None: on one channel nobody can be told from the other; where music lies over half of a channel its
voice cannot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from analytics.recordings.hearing import Track, Tracks
from analytics.recordings.speech_rate import rate_of
from analytics.recordings.stretches import common, joined, total, within, without
from analytics.recordings.turns import answers, silences_of
from analytics.recordings.values import Features, Limits, Span, Stretch

SHORTEST_WORD_MS = 150
"""Of what is cut off at a talk's beginning less is the end of what was before it."""

SILENT_MS = 300
"""Who speaks less than this in a whole talk has said nothing: a click, a breath."""

Pieces = tuple[tuple[Stretch, ...], ...]
"""One party's speech, by the pieces of a talk between its holds."""


def features_of(span: Span, tracks: Tracks, limits: Limits) -> Features:
    """Of one span. What of it lies beyond the file's end is left out."""
    pieces = without((max(span.start_ms, 0), min(span.end_ms, tracks.length_ms)), span.holds)
    agent, customer = (_track(each, tracks, pieces) for each in (span.agent_channel, span.customer_channel))
    voice = None if agent is None else _loudness(agent, pieces)
    own, theirs = (None if each is None else _cut(each.speech, pieces) for each in (agent, customer))
    both = None if own is None or theirs is None else (own, theirs)
    delays = None if both is None else tuple(chain.from_iterable(map(answers, *both)))
    overlaps = None if both is None else tuple(chain.from_iterable(map(common, *both)))
    speech = joined(each for track in tracks.channels for each in track.speech)
    sounds = joined((*speech, *(each for track in tracks.channels for each in track.music)))
    length, speech_ms, sounds_ms = total(pieces), _total(_cut(speech, pieces)), _total(_cut(sounds, pieces))
    return Features(
        length_ms=length,
        stereo=both is not None,
        speech_ms=speech_ms,
        silence_ms=length - sounds_ms,
        music_ms=sounds_ms - speech_ms,
        agent_speech_ms=None if own is None else _total(own),
        customer_speech_ms=None if theirs is None else _total(theirs),
        silences=_silences(span, sounds, pieces, limits),
        overlaps=None if overlaps is None else _longer(overlaps, limits.overlap_ms),
        overlap_ms=None if overlaps is None else total(overlaps),
        responses=None if delays is None else len(delays),
        response_ms=None if delays is None else sum(delays),
        longest_response_ms=None if not delays else max(delays),
        first_words_ms=_first_words(span, own),
        silent_customer=None if theirs is None else _total(theirs) < SILENT_MS,
        agent_level_cdb=None if voice is None else voice.level_cdb,
        customer_level_cdb=None if customer is None else _loudness(customer, pieces).level_cdb,
        rate=(
            None
            if agent is None or own is None or voice is None
            else rate_of(own, theirs, agent.syllables, voice.over_noise_db, limits)
        ),
    )


def _silences(
    span: Span, sounds: Sequence[Stretch], pieces: Sequence[Stretch], limits: Limits
) -> tuple[Stretch, ...]:
    """Of both parties. A file of one direction tells none: the other may have spoken."""
    if (span.agent_channel is None) != (span.customer_channel is None):
        return ()
    return tuple(each for piece in pieces for each in silences_of(sounds, piece, limits.silence_ms))


def _track(channel: int | None, tracks: Tracks, pieces: Sequence[Stretch]) -> Track | None:
    """A party's channel; None where there is none of its own, or where music covers half of its time."""
    if channel is None or not tracks.apart or not 0 <= channel < len(tracks.channels):
        return None
    track = tracks.channels[channel]
    music = _total(_cut(track.music, pieces))
    return None if music * 2 > total(pieces) else track


def _cut(stretches: Sequence[Stretch], pieces: Iterable[Stretch]) -> Pieces:
    return tuple(tuple(within(stretches, piece)) for piece in pieces)


def _total(pieces: Pieces) -> int:
    return sum(map(total, pieces))


def _longer(stretches: Iterable[Stretch], limit_ms: int) -> tuple[Stretch, ...]:
    return tuple((start, end) for start, end in stretches if end - start > limit_ms)


def _first_words(span: Span, own: Pieces | None) -> int | None:
    """From the answer on; None where this file does not have the answer, or the agent never spoke."""
    first = next((start for piece in own or () for start, end in piece if end - start >= SHORTEST_WORD_MS), None)
    return None if first is None or not span.begins_talk else first - span.start_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loudness:
    """Of speech within the pieces: powers and windows added up."""

    power: float
    noise: float
    windows: float

    @property
    def level_cdb(self) -> int | None:
        """Mean power, in hundredths of a decibel of full scale."""
        return round(1000 * math.log10(self.power / self.windows)) if self.power > 0 and self.windows > 0 else None

    @property
    def over_noise_db(self) -> float:
        """How far above what goes on behind it."""
        return 10 * math.log10(self.power / self.noise) if self.power > 0 and self.noise > 0 else 0.0


def _loudness(track: Track, pieces: Sequence[Stretch]) -> _Loudness:
    power = noise = windows = 0.0
    for place, stretch in enumerate(track.speech):
        share = sum(total(within((stretch,), piece)) for piece in pieces) / (stretch[1] - stretch[0])
        power += track.power[place] * share
        noise += track.noise[place] * share
        windows += track.sounding[place] * share
    return _Loudness(power=power, noise=noise, windows=windows)
