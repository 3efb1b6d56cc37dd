"""What is known of a recording: whose talk lies where in its file, and what can be heard in it. Frozen values, pure.

All times are whole milliseconds of the file's own axis, which is not the call's: waiting, hold and consultation may be
cut out of it. A stretch is (from, to), closed below and open above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Stretch = tuple[int, int]


class Axis(StrEnum):
    """When the PBX wrote into a file."""

    WHOLE = "whole"  # from its beginning to its end without a break
    JOINED = "joined"  # only while the recorded channel was joined with another (MixMonitor's option b)
    UNKNOWN = "unknown"  # its length fits neither: nothing is said of what lies where


class Layout(StrEnum):
    """Who is on which channel of a file."""

    MIXED = "mixed"  # all parties on one
    APART = "apart"  # two channels: the recorded channel's party, and all others (option D)
    HEARD = "heard"  # one direction: what the recorded channel's party said (option r)
    SAID = "said"  # one direction: what that party was told (option t)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One agent's talk in a file. `holds` lie within it, and are no talk."""

    talk_id: str
    agent: str
    start_ms: int
    end_ms: int
    holds: tuple[Stretch, ...] = ()
    agent_channel: int | None = None  # None where the agent is not alone on a channel
    customer_channel: int | None = None
    begins_talk: bool = True  # False: an earlier file has the talk's beginning, its first words are not here


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From what length on something is told, and how speech is counted. The policy's `[recordings]` sets them."""

    silence_ms: int = 3000  # longer mutual silence is told
    overlap_ms: int = 1000  # longer speaking at once is told
    turn_pause_ms: int = 1000  # a pause up to this long lies within a turn (domain: speech rate)
    first_words_ms: int = 2000
    rate_factor_permille: int = 1000  # calibration: what the estimate of syllables is multiplied by
    rate_error_permille: int = 100  # what is not known of the centre's own voices; less once it has calibrated


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRate:
    """Syllables of the agent, an estimate. A rate a minute is syllables × 60 000 ÷ milliseconds."""

    syllables: int  # after the calibration factor
    turns_ms: int  # of the agent's turns, pauses within them included
    phonation_ms: int  # of the agent's speech alone
    error_permille: int  # of the rate: half the width of the interval that holds the truth nineteen times in twenty


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What is heard in one span. None: not measurable on this file (one channel, or music over it), never zero."""

    length_ms: int  # of the span without its holds
    stereo: bool
    speech_ms: int  # anybody's
    silence_ms: int  # nobody's, music not counted as speech
    music_ms: int
    agent_speech_ms: int | None = None
    customer_speech_ms: int | None = None
    silences: tuple[Stretch, ...] = ()  # of mutual silence longer than the limit
    overlaps: tuple[Stretch, ...] | None = None  # longer than the limit
    overlap_ms: int | None = None  # of any length
    responses: int | None = None  # how often the agent spoke after the customer
    response_ms: int | None = None  # the delays of these, added up
    longest_response_ms: int | None = None
    first_words_ms: int | None = None  # from the answer to the agent's first words
    silent_customer: bool | None = None  # nothing was said on the customer's channel
    agent_level_cdb: int | None = None  # loudness of speech, hundredths of a decibel of full scale
    customer_level_cdb: int | None = None
    rate: SpeechRate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Where to jump to in a whole file, for the player: who speaks when."""

    speech: tuple[tuple[Stretch, ...], ...]  # by channel
    silences: tuple[Stretch, ...] = ()
    overlaps: tuple[Stretch, ...] = ()
    music: tuple[Stretch, ...] = field(default=())
