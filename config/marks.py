"""When a board warns, and when it says that what was promised is not kept: marks of the policy, no figures.

A mark is a pair: from where on a figure is a warning, and from where on it is a breach. Waits, abandonment and
callbacks rise to their marks and reach them by equality; shares of what is good fall below them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

PER_CENT = 100


class Reached(StrEnum):
    """How a figure stands to its mark."""

    NOTHING = "nothing"  # there is no figure, or no mark to hold it against
    GOOD = "good"
    WARN = "warn"
    BREACH = "breach"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a figure is a warning and where a breach; None where it never is. The unit is the figure's own."""

    warn: int | None = None
    breach: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is anything to hold a figure against."""
        return self.warn is not None or self.breach is not None

    @property
    def goal(self) -> int | None:
        """What is told beside the figure: the first edge."""
        return self.breach if self.warn is None else self.warn

    def rising(self, value: int | Fraction | None) -> Reached:
        """For a figure that is better small: an edge itself is reached."""
        if value is None or not self.is_set:
            return Reached.NOTHING
        if self.breach is not None and value >= self.breach:
            return Reached.BREACH
        return Reached.WARN if self.warn is not None and value >= self.warn else Reached.GOOD

    def falling(self, share: Fraction | None) -> Reached:
        """For a share from 0 to 1 that is better great, against per cents: an edge itself is good."""
        if share is None or not self.is_set:
            return Reached.NOTHING
        if self.breach is not None and share * PER_CENT < self.breach:
            return Reached.BREACH
        return Reached.WARN if self.warn is not None and share * PER_CENT < self.warn else Reached.GOOD

    def passing(self, share: Fraction | None) -> Reached:
        """For a share from 0 to 1 that is better small, against per cents."""
        return self.rising(None if share is None else share * PER_CENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of a board. `service_level` is None where it follows the target of staffing."""

    longest_wait: Mark = Mark(warn=30, breach=60)  # seconds that a caller has waited in a queue
    three_rings: Mark = Mark(warn=95, breach=90)  # per cent
    service_level: Mark | None = None  # per cent
    abandonment: Mark = Mark(warn=5, breach=10)  # per cent, short ones left out
    callbacks: Mark = Mark(warn=1, breach=1)  # warn: due within half an hour or overdue; breach: overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueMarks:
    """What a queue has otherwise than the centre; None where it is the centre's."""

    longest_wait: Mark | None = field(default=None)
    three_rings: Mark | None = field(default=None)
    service_level: Mark | None = field(default=None)
    abandonment: Mark | None = field(default=None)


LEVEL_BELOW = 10
"""Without marks of its own, a service level so many per cent below the staffing target is a breach."""


def level_mark(marks: Marks, target: int) -> Mark:
    """The mark of the service level: its own, or the target of staffing."""
    return marks.service_level or Mark(warn=target, breach=max(target - LEVEL_BELOW, 0))


def marks_of(marks: Marks, own: QueueMarks | None, target: int) -> Marks:
    """The marks in force for a queue, key by key: its own, else the centre's."""
    own = own or QueueMarks()
    return Marks(
        longest_wait=own.longest_wait or marks.longest_wait,
        three_rings=own.three_rings or marks.three_rings,
        service_level=own.service_level or level_mark(marks, target),
        abandonment=own.abandonment or marks.abandonment,
        callbacks=marks.callbacks,
    )
