"""What the machine measured of a talk, as proposals for its card: a figure, and whether it keeps the promise. Pure.

A proposal is never a mark. Within the error of an edge of the band it is undecided; what the file cannot tell (mono,
music over the beginning) is not measurable, which is not the same as missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from config.quality import Automatic

_MINUTE_MS = 60_000
_PERMILLE = 1000


class Verdict(StrEnum):
    """What a measured figure says of a promise."""

    KEPT = "kept"
    MISSED = "missed"
    UNDECIDED = "undecided"  # the edge lies within the figure's error
    UNMEASURED = "unmeasured"  # the file cannot tell
    UNASKED = "unasked"  # the centre wants nothing of it: the figure stands alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What a centre wants of a talk: C1's 120 to 140 characters a minute, first words within two seconds."""

    first_words_ms: int = 2000
    rate: tuple[int, int] | None = (120, 140)  # characters a minute, both ends inside; None: no band is wanted
    silence_ms: int = 3000  # longer mutual silence is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What `talk_features` has of a talk, as far as proposals need it. None: not measurable."""

    first_words_ms: int | None = None
    syllables: int | None = None
    turns_ms: int | None = None
    rate_error_permille: int | None = None
    silence_count: int | None = None
    longest_silence_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One automatic item. `figure` is milliseconds, but tenths of a character a minute for the speech rate."""

    item: Automatic
    verdict: Verdict
    figure: int | None = None
    error: int | None = None  # of the figure, in its unit
    count: int | None = None  # of silences


def proposals(items: tuple[Automatic, ...], heard: Heard | None, targets: Targets) -> tuple[Proposal, ...]:
    """A proposal for each item that the policy names. `heard` None: the file was not listened to yet."""
    told = heard or Heard()
    return tuple(_PROPOSED[item](told, targets) for item in items)


def _first_words(heard: Heard, targets: Targets) -> Proposal:
    found = heard.first_words_ms
    verdict = _verdict(found is not None and found <= targets.first_words_ms) if found is not None else None
    return Proposal(item=Automatic.FIRST_WORDS, verdict=verdict or Verdict.UNMEASURED, figure=found)


def _speech_rate(heard: Heard, targets: Targets) -> Proposal:
    if heard.syllables is None or not heard.turns_ms:
        return Proposal(item=Automatic.SPEECH_RATE, verdict=Verdict.UNMEASURED)
    tenths = _half_up(heard.syllables * _MINUTE_MS * 10, heard.turns_ms)
    error = _half_up(tenths * (heard.rate_error_permille or 0), _PERMILLE)
    verdict = Verdict.UNASKED if targets.rate is None else _within(tenths, error, targets.rate)
    return Proposal(item=Automatic.SPEECH_RATE, verdict=verdict, figure=tenths, error=error)


def _within(tenths: int, error: int, band: tuple[int, int]) -> Verdict:
    low, high = (each * 10 for each in band)
    if low <= tenths - error and tenths + error <= high:
        return Verdict.KEPT
    if tenths + error < low or tenths - error > high:
        return Verdict.MISSED
    return Verdict.UNDECIDED


def _silences(heard: Heard, targets: Targets) -> Proposal:
    if heard.silence_count is None:
        return Proposal(item=Automatic.SILENCES, verdict=Verdict.UNMEASURED)
    longest = heard.longest_silence_ms or 0
    verdict = _verdict(longest <= targets.silence_ms)
    return Proposal(item=Automatic.SILENCES, verdict=verdict, figure=longest, count=heard.silence_count)


def _verdict(kept: bool) -> Verdict:
    return Verdict.KEPT if kept else Verdict.MISSED


def _half_up(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole)


_PROPOSED = {
    Automatic.FIRST_WORDS: _first_words,
    Automatic.SPEECH_RATE: _speech_rate,
    Automatic.SILENCES: _silences,
}
