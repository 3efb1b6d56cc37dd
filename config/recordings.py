"""What is listened for in recordings, how a talk is to sound, and how many talks must have a recording.

Durations, whole per cents and syllables a minute. How these are measured is a matter of sound and lies above this
package; here is only what the centre has said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from config.digests import UNDIGESTED

NO_ERROR = Fraction(0)


class Within(StrEnum):
    """How a figure that is known up to an error stands to a band."""

    IN = "in"  # with all of its error; both edges are inside
    BELOW = "below"
    ABOVE = "above"
    UNDECIDED = "undecided"  # an edge lies within the error


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From where to where a figure is as it should be, both edges included. The unit is the figure's own."""

    low: int
    high: int

    def holds(self, value: Fraction, error: Fraction = NO_ERROR) -> Within:
        """How a value that is true up to an error stands to the band."""
        least, most = value - error, value + error
        if self.low <= least and most <= self.high:
            return Within.IN
        if most < self.low:
            return Within.BELOW
        return Within.ABOVE if least > self.high else Within.UNDECIDED


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundTargets:
    """How a talk is to sound; None where nothing is asked. To miss a target is no fault: it colours a figure."""

    speech_rate: Band | None = Band(low=120, high=140)  # syllables a minute of the agent's turns (domain.md §1, C1)
    first_words: timedelta = timedelta(seconds=2)  # from the answer to the agent's first words; equality is in time
    talk_share: Band | None = field(default=None, metadata=UNDIGESTED)  # per cent: the agent's of all speech
    mutual_silence: int | None = field(default=None, metadata=UNDIGESTED)  # per cent of the talk, at most
    overlaps: int | None = field(default=None, metadata=UNDIGESTED)  # in ten talks, at most
    response: timedelta | None = field(
        default=None, metadata=UNDIGESTED
    )  # from customer to agent, at most on average


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRules:
    """All of `[version.recordings]`. Of what has no digest nothing is counted anew: it holds when a file is heard.

    rate_factor: thousandths by which the estimate of syllables is multiplied. rate_error: per cent by which it may be
    wrong of the voices of this centre, beside the estimate's own error. coverage, stereo_coverage: per cent of a
    day's talks below which an alarm is given; 0 gives none.
    """

    silence: timedelta = field(default=timedelta(seconds=3), metadata=UNDIGESTED)  # longer mutual silence is told
    overlap: timedelta = field(default=timedelta(seconds=1), metadata=UNDIGESTED)  # longer speaking at once is told
    turn_pause: timedelta = field(
        default=timedelta(seconds=1), metadata=UNDIGESTED
    )  # up to this it is within a turn
    rate_factor: int = field(default=1000, metadata=UNDIGESTED)
    rate_error: int = field(default=10, metadata=UNDIGESTED)
    coverage: int = field(default=95, metadata=UNDIGESTED)
    stereo_coverage: int = field(default=0, metadata=UNDIGESTED)
    targets: SoundTargets = SoundTargets()
