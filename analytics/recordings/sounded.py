"""What figures know of a talk's recordings: whether one can be played, and what was heard in it. Frozen tuples, pure.

Tuples with names, as all that figures are made of (`analytics.values`). All times are whole milliseconds.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

MINUTE_MS = 60_000
PERMILLE = 1000


class Heard(NamedTuple):
    """What was heard of one talk, fields as in `analytics.recordings.values.Features`. None: not measurable."""

    length_ms: int
    speech_ms: int
    silence_ms: int
    music_ms: int
    silence_count: int  # of mutual silences longer than the limit
    longest_silence_ms: int  # 0: none is longer than the limit
    agent_speech_ms: int | None = None
    customer_speech_ms: int | None = None
    overlap_count: int | None = None
    overlap_ms: int | None = None
    responses: int | None = None
    response_ms: int | None = None
    longest_response_ms: int | None = None
    first_words_ms: int | None = None
    silent_customer: bool | None = None
    syllables: int | None = None
    turns_ms: int | None = None
    phonation_ms: int | None = None
    rate_error_permille: int | None = None

    @property
    def apart(self) -> bool:
        """Whether the two sides could be told apart: on one channel nothing is said of either."""
        return self.agent_speech_ms is not None and self.customer_speech_ms is not None

    @property
    def rate(self) -> Fraction | None:
        """Syllables a minute of the agent's turns; None where it is not measurable, or he had none."""
        if self.syllables is None or not self.turns_ms:
            return None
        return Fraction(self.syllables * MINUTE_MS, self.turns_ms)

    @property
    def rate_error(self) -> Fraction | None:
        """By so many syllables a minute the rate may be wrong, nineteen times in twenty."""
        rate = self.rate
        return None if rate is None else rate * (self.rate_error_permille or 0) / PERMILLE


class Sounded(NamedTuple):
    """One talk's recordings. A file that was destroyed by order is not lacking."""

    talk_id: str
    playable: bool = False
    apart: bool = False  # agent and customer are each alone on a channel of a playable file
    destroyed: bool = False
    heard: Heard | None = None  # None: not listened to yet, or nothing to listen to
