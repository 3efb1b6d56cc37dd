"""How what was heard stands to the policy's targets, in words: of one talk and of many. Pure.

A target is no fault: to miss it warns, and within the error of an edge nothing is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from analytics.metrics.definitions import Value
from analytics.recordings.sounded import MINUTE_MS
from config.explain_recordings import seconds_of
from config.recordings import NO_ERROR, Band, SoundTargets, Within
from service.dashboard.tiles import Level
from service.dashboard.words import Words

Note = tuple[str, Level]
"""What stands below a figure, and how the figure stands."""

NOTHING: Note = ("", Level.NONE)
PER_CENT = 100
TEN_TALKS = 10
_MS = timedelta(milliseconds=1)
_LEVELS = {Within.IN: Level.GOOD, Within.BELOW: Level.WARN, Within.ABOVE: Level.WARN, Within.UNDECIDED: Level.NONE}


def rate_note(words: Words, rate: Fraction | None, error: Fraction | None, band: Band | None) -> Note:
    """Of a speech rate in syllables a minute: its error, the band, and whether it lies within."""
    if rate is None or error is None:
        return NOTHING
    said = f"± {round(error)}"
    if band is None:
        return said, Level.NONE
    within = band.holds(rate, error)
    if within is Within.UNDECIDED:
        target = words.gettext("undecided: %(low)s–%(high)s", low=band.low, high=band.high)
    else:
        target = words.gettext("target %(low)s–%(high)s", low=band.low, high=band.high)
    return f"{said} · {target}", _LEVELS[within]


def share_note(words: Words, share: Fraction | None, band: Band | None) -> Note:
    """Of a share from 0 to 1, against a band of per cents."""
    if share is None or band is None:
        return NOTHING
    said = words.gettext("target %(low)s–%(high)s%%", low=band.low, high=band.high)
    return said, _LEVELS[band.holds(share * PER_CENT, NO_ERROR)]


def most_share_note(words: Words, share: Fraction | None, most: int | None) -> Note:
    """Of a share from 0 to 1 that is to be so many per cent at most."""
    if share is None or most is None:
        return NOTHING
    return words.gettext("target at most %(n)s%%", n=most), _at_most(share * PER_CENT, most)


def most_seconds_note(words: Words, ms: Fraction | int | None, most: timedelta | None) -> Note:
    """Of milliseconds that are to be so many seconds at most; equality is in time."""
    if ms is None or most is None:
        return NOTHING
    said = words.gettext("target at most %(n)s s", n=seconds_of(most))
    return said, _at_most(Fraction(ms), most // _MS)


def overlaps_note(words: Words, each: Fraction | None, most: int | None) -> Note:
    """Of times of speaking at once in each talk, that are to be so many in ten at most."""
    if each is None or most is None:
        return NOTHING
    return words.gettext("target at most %(n)s in ten talks", n=most), _at_most(each * TEN_TALKS, most)


def coverage_note(words: Words, share: Fraction | None, least: int) -> Note:
    """Of a coverage, against the per cent below which an alarm is given."""
    if not least:
        return NOTHING
    said = words.gettext("target %(n)s%%", n=least)
    if share is None:
        return said, Level.NONE
    return said, Level.GOOD if share * PER_CENT >= least else Level.WARN


def _at_most(value: Fraction, most: int) -> Level:
    return Level.GOOD if value <= most else Level.WARN


def notes_of(words: Words, values: Mapping[str, Value], targets: SoundTargets, coverage: int) -> dict[str, Note]:
    """The notes of figures of many talks, by metric; only where there is something to say."""

    def value(metric: str) -> Fraction | None:
        found = values[metric]
        return None if found is None else Fraction(found)

    rate, share = value("speech_rate"), value("speech_rate_error")
    a_minute = None if rate is None else rate * MINUTE_MS
    error = None if a_minute is None or share is None else a_minute * share
    found = {
        "recording_coverage": coverage_note(words, value("recording_coverage"), coverage),
        "speech_rate": rate_note(words, a_minute, error, targets.speech_rate),
        "agent_talk_share": share_note(words, value("agent_talk_share"), targets.talk_share),
        "mutual_silence_share": most_share_note(words, value("mutual_silence_share"), targets.mutual_silence),
        "overlaps_per_talk": overlaps_note(words, value("overlaps_per_talk"), targets.overlaps),
        "response_delay": most_seconds_note(words, value("response_delay"), targets.response),
    }
    return {metric: note for metric, note in found.items() if note != NOTHING}
