"""What the machine measured of a talk, as proposals for its card: a figure, and whether it keeps the promise. Pure.

A proposal is never a mark. Within the error of an edge of the band it is undecided; what the file cannot tell (mono,
music over the beginning) is not measurable, which is not the same as missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from analytics.recordings.sounded import Heard
from config.quality import Automatic
from config.recordings import RecordingRules, Within

MILLISECOND = timedelta(milliseconds=1)


class Verdict(StrEnum):
    """What a measured figure says of a promise."""

    KEPT = "kept"
    MISSED = "missed"
    UNDECIDED = "undecided"  # the edge lies within the figure's error
    UNMEASURED = "unmeasured"  # the file cannot tell
    UNASKED = "unasked"  # the centre wants nothing of it: the figure stands alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One automatic item. `figure` is milliseconds, but tenths of a character a minute for the speech rate."""

    item: Automatic
    verdict: Verdict
    figure: int | None = None
    error: int | None = None  # of the figure, in its unit
    count: int | None = None  # of silences


def proposals(items: tuple[Automatic, ...], heard: Heard | None, rules: RecordingRules) -> tuple[Proposal, ...]:
    """A proposal for each item that the policy names, by the rules in force when the talk began.

    `heard` None: the file was not listened to yet.
    """
    return tuple(_UNHEARD[item] if heard is None else _PROPOSED[item](heard, rules) for item in items)


def _first_words(heard: Heard, rules: RecordingRules) -> Proposal:
    found = heard.first_words_ms
    if found is None:
        return _UNHEARD[Automatic.FIRST_WORDS]
    verdict = _verdict(found <= rules.targets.first_words // MILLISECOND)
    return Proposal(item=Automatic.FIRST_WORDS, verdict=verdict, figure=found)


def _speech_rate(heard: Heard, rules: RecordingRules) -> Proposal:
    rate, error, band = heard.rate, heard.rate_error, rules.targets.speech_rate
    if rate is None or error is None:
        return _UNHEARD[Automatic.SPEECH_RATE]
    verdict = Verdict.UNASKED if band is None else _OF_BAND[band.holds(rate, error)]
    return Proposal(item=Automatic.SPEECH_RATE, verdict=verdict, figure=_tenths(rate), error=_tenths(error))


def _silences(heard: Heard, rules: RecordingRules) -> Proposal:
    longest = heard.longest_silence_ms
    verdict = _verdict(longest <= rules.silence // MILLISECOND)
    return Proposal(item=Automatic.SILENCES, verdict=verdict, figure=longest, count=heard.silence_count)


def _verdict(kept: bool) -> Verdict:
    return Verdict.KEPT if kept else Verdict.MISSED


def _tenths(value: Fraction) -> int:
    """Half up, for showing: what is decided is decided by the exact value."""
    return int(value * 10 + Fraction(1, 2))


_UNHEARD = {each: Proposal(item=each, verdict=Verdict.UNMEASURED) for each in Automatic}
_OF_BAND = {
    Within.IN: Verdict.KEPT,
    Within.BELOW: Verdict.MISSED,
    Within.ABOVE: Verdict.MISSED,
    Within.UNDECIDED: Verdict.UNDECIDED,
}
_PROPOSED = {
    Automatic.FIRST_WORDS: _first_words,
    Automatic.SPEECH_RATE: _speech_rate,
    Automatic.SILENCES: _silences,
}
