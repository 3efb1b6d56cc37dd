"""The policy's `[version.recordings]` as the limits by which a file is listened to."""

from __future__ import annotations

from datetime import timedelta

from analytics.recordings.values import Limits
from config.recordings import RecordingRules

_MS = timedelta(milliseconds=1)


def limits_of(rules: RecordingRules) -> Limits:
    """The limits that hold for a call: those of `policy.resolve(call.started_at).recordings`."""
    return Limits(
        silence_ms=rules.silence // _MS,
        overlap_ms=rules.overlap // _MS,
        turn_pause_ms=rules.turn_pause // _MS,
        first_words_ms=rules.targets.first_words // _MS,
        rate_factor_permille=rules.rate_factor,
        rate_error_permille=rules.rate_error * 10,
    )
