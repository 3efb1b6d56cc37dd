"""What a centre wants of a talk's sound, by the policy in force: what proposals are judged by."""

from __future__ import annotations

from datetime import datetime, timedelta

from analytics.quality.automatic import Targets
from config.policies import Policy

MILLISECOND = timedelta(milliseconds=1)


def targets_of(policy: Policy, at: datetime) -> Targets:
    """The targets at an instant; without a band in the policy a rate is told and not judged."""
    rules = policy.resolve(at).recordings
    first_words, band = rules.targets.first_words, rules.targets.speech_rate
    return Targets(
        first_words_ms=first_words // MILLISECOND,
        rate=(band.low, band.high) if band else None,
        silence_ms=rules.silence // MILLISECOND,
    )
