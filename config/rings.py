"""Ring cadences, and what "within three rings" means in seconds.

Ring n begins at (n − 1) × cycle after the phone began to ring. By the rulebooks, 三声之内接听 is: answered
before the fourth ring starts. With the Chinese cadence (1 s on, 4 s off) that is less than 15.000 s of ring
time; an answer at exactly 15.000 s is late. A policy may set the edge to the end of the third tone
(11.000 s) or to plain seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase


def _spans(*milliseconds: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(milliseconds=ms) for ms in milliseconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """One cycle of the ringing tone: on, off, on, off … An even number of spans, each above zero."""

    pattern: tuple[timedelta, ...]

    @property
    def cycle(self) -> timedelta:
        """From the start of one ring to the start of the next."""
        return sum(self.pattern, timedelta())

    @property
    def tone_end(self) -> timedelta:
        """From the start of a ring to the end of its (last) tone."""
        return sum(self.pattern[:-1], timedelta())


CADENCES: dict[str, Cadence] = {
    "cn": Cadence(pattern=_spans(1000, 4000)),
    "us": Cadence(pattern=_spans(2000, 4000)),
    "uk": Cadence(pattern=_spans(400, 200, 400, 2000)),
    "de": Cadence(pattern=_spans(1000, 4000)),
    "jp": Cadence(pattern=_spans(1000, 2000)),
}


class Boundary(StrEnum):
    """Where "within N rings" ends."""

    NEXT_RING = "next_ring"  # when ring N + 1 starts
    TONE_END = "tone_end"  # when the tone of ring N ends
    SECONDS = "seconds"  # after a plain number of seconds, whatever the cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkCadence:
    """Calls that came by a trunk whose peer matches `match` (fnmatch, case kept) ring in this cadence."""

    match: str
    cadence: Cadence


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRule:
    """How soon a phone must be answered."""

    cadence: Cadence = CADENCES["cn"]
    rings: int = 3
    boundary: Boundary = Boundary.NEXT_RING
    seconds: timedelta | None = None  # only with Boundary.SECONDS
    trunks: tuple[TrunkCadence, ...] = ()  # the first that matches wins

    def with_rings(self, rings: int) -> RingRule:
        """The same rule for another number of rings; one in plain seconds becomes one of whole rings."""
        boundary = Boundary.NEXT_RING if self.boundary is Boundary.SECONDS else self.boundary
        return replace(self, rings=rings, boundary=boundary, seconds=None)

    def cadence_of(self, trunk: str | None) -> Cadence:
        """The cadence for this trunk's peer; the policy's own where the trunk is unknown."""
        if trunk is None:
            return self.cadence
        found = (each.cadence for each in self.trunks if fnmatchcase(trunk, each.match))
        return next(found, self.cadence)

    def limit(self, trunk: str | None = None) -> timedelta:
        """The ring time that is already late."""
        if self.boundary is Boundary.SECONDS and self.seconds is not None:
            return self.seconds
        cadence = self.cadence_of(trunk)
        if self.boundary is Boundary.TONE_END:
            return cadence.cycle * (self.rings - 1) + cadence.tone_end
        return cadence.cycle * self.rings

    def within(self, ring: timedelta, trunk: str | None = None) -> bool:
        """Whether a ring time is in time. Equality is late."""
        return ring < self.limit(trunk)

    def ring_number(self, ring: timedelta, trunk: str | None = None) -> int:
        """Which ring (1, 2, 3 …) is or was sounding after so much ring time."""
        return max(ring, timedelta()) // self.cadence_of(trunk).cycle + 1
