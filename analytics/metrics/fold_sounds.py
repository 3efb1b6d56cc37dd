"""Recordings of agents' talks, and what was heard in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from analytics.metrics.formulas import Part
from analytics.metrics.tallies import Tally
from analytics.recordings.sounded import PERMILLE, Heard, Sounded
from config.recordings import SoundTargets, Within

if TYPE_CHECKING:
    from analytics.metrics.folds import Fold

_MS = timedelta(milliseconds=1)
_RATES = {
    Within.IN: "rate_in",
    Within.BELOW: "rate_below",
    Within.ABOVE: "rate_above",
    Within.UNDECIDED: "rate_undecided",
}


def fold_sounds(fold: Fold, parts: Mapping[tuple[str, str], Part], sounds: Mapping[str, Sounded]) -> None:
    """What is known of the recordings of the calls that began in the window. A talk counts where its part does."""
    if not sounds:
        return
    as_of = fold.window.as_of_us
    for (agent, _), part in parts.items():
        over = (each for each in part.talks if each.end_us is not None and each.end_us <= as_of)
        told = [sounds[each.talk_id] for each in over if each.talk_id in sounds]
        if not told:
            continue
        first = part.talks[0]
        targets = fold.in_force.version(first.call.start_us).recordings.targets
        tally = fold.tally(fold.placing.of_agent(agent, first.call, first.queue, first.call.start_us))
        for sounded in told:
            _add(tally, sounded, targets)


def _add(tally: Tally, sounded: Sounded, targets: SoundTargets) -> None:
    sums = tally.sums
    sums["talks_recorded"] += sounded.playable
    sums["talks_apart"] += sounded.playable and sounded.apart
    sums["talks_destroyed"] += sounded.destroyed and not sounded.playable
    heard = sounded.heard
    if heard is None:
        return
    sums["talks_heard"] += 1
    sums["heard_ms"] += heard.length_ms
    sums["speech_ms"] += heard.speech_ms
    sums["silence_ms"] += heard.silence_ms
    sums["music_ms"] += heard.music_ms
    sums["silences"] += heard.silence_count
    sums["talks_with_silence"] += heard.silence_count > 0
    tally.reach("longest_silence_ms", heard.longest_silence_ms)
    sums["talks_silent"] += bool(heard.silent_customer)
    if heard.apart:
        _add_sides(tally, heard)
    if heard.first_words_ms is not None:
        is_within = heard.first_words_ms <= targets.first_words // _MS
        sums["first_words_within" if is_within else "first_words_over"] += 1
        sums["first_words_ms"] += heard.first_words_ms
    _add_rate(tally, heard, targets)


def _add_sides(tally: Tally, heard: Heard) -> None:
    """What only two channels tell."""
    sums = tally.sums
    sums["talks_sided"] += 1
    sums["sided_ms"] += heard.length_ms
    sums["agent_speech_ms"] += heard.agent_speech_ms or 0
    sums["customer_speech_ms"] += heard.customer_speech_ms or 0
    sums["overlaps"] += heard.overlap_count or 0
    sums["overlap_ms"] += heard.overlap_ms or 0
    sums["responses"] += heard.responses or 0
    sums["response_ms"] += heard.response_ms or 0
    tally.reach("longest_response_ms", heard.longest_response_ms or 0)


def _add_rate(tally: Tally, heard: Heard, targets: SoundTargets) -> None:
    """The speech rate: an estimate, whose errors are added up as if all were wrong to one side."""
    rate, error = heard.rate, heard.rate_error
    if rate is None or error is None:
        return
    sums = tally.sums
    syllables = heard.syllables or 0
    sums["talks_rated"] += 1
    sums["syllables"] += syllables
    sums["error_syllables"] += (syllables * (heard.rate_error_permille or 0) + PERMILLE // 2) // PERMILLE
    sums["turns_ms"] += heard.turns_ms or 0
    sums["phonation_ms"] += heard.phonation_ms or 0
    if targets.speech_rate is not None:
        sums[_RATES[targets.speech_rate.holds(rate, error)]] += 1
