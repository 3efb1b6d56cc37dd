"""The policy's words of recordings as the limits of listening."""

from __future__ import annotations

from datetime import timedelta

from analytics.recordings.limits import limits_of
from analytics.recordings.values import Limits
from config.recordings import RecordingRules, SoundTargets


def test_a_plain_policy_listens_by_the_plain_limits() -> None:
    """The defaults of both sides are the same."""
    assert limits_of(RecordingRules()) == Limits()


def test_every_limit_comes_from_the_policy() -> None:
    """Seconds become whole milliseconds, and the calibration its thousandths."""
    rules = RecordingRules(
        silence=timedelta(seconds=4.5),
        overlap=timedelta(seconds=2),
        turn_pause=timedelta(seconds=0.8),
        rate_factor=1050,
        rate_error=4,
        targets=SoundTargets(first_words=timedelta(seconds=3)),
    )
    assert limits_of(rules) == Limits(
        silence_ms=4500,
        overlap_ms=2000,
        turn_pause_ms=800,
        first_words_ms=3000,
        rate_factor_permille=1050,
        rate_error_permille=40,
    )
