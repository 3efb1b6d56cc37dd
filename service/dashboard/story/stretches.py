"""Stretches of a call's picture, and how those that lie over each other are painted. Pure.

What ranks higher covers what ranks lower: a consultation lies over the hold in which it takes place, hold over talk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise


class Look(StrEnum):
    """What a stretch is, and so what it looks like."""

    STAY = "stay"  # on the line, and nobody yet
    MENU = "menu"
    WAIT = "wait"  # in a queue
    PARK = "park"
    RING = "ring"
    TALK = "talk"
    HOLD = "hold"
    CONSULT = "consult"
    COLLEAGUE = "colleague"
    MONITOR = "monitor"
    FILE = "file"  # a recording


RANKS = {
    Look.STAY: 0, Look.MENU: 1, Look.RING: 2, Look.WAIT: 2, Look.PARK: 2, Look.MONITOR: 3, Look.TALK: 4,
    Look.HOLD: 5, Look.COLLEAGUE: 6, Look.CONSULT: 6, Look.FILE: 7,
}  # fmt: skip
LOOKS = {
    Look.STAY: "f-track", Look.MENU: "f-track", Look.WAIT: "f-track", Look.PARK: "f-track", Look.RING: "f-warnsoft",
    Look.TALK: "f-acc", Look.CONSULT: "f-line", Look.COLLEAGUE: "f-line", Look.MONITOR: "f-track", Look.FILE: "f-ink3",
}  # fmt: skip
"""Classes of the style sheet; hold is a pattern."""

HATCHED = {Look.HOLD: "h-acc", Look.PARK: "h-mute"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What somebody did from `start` to `end`, in one lane.

    what: its name in a tooltip or table. inside, beside: words within the bar or next to it, the longest first; the
    first that fits is written. firm: words beside it are a reproach, and a line marks its end.
    """

    lane: str
    start: datetime
    end: datetime
    look: Look
    what: str
    inside: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    after: bool = True  # words beside it stand after it; else before it
    firm: bool = False
    dot: bool = False  # a queue was left for an agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a stretch that nothing covers."""

    start: datetime
    end: datetime
    of: Stretch


def paint(stretches: Iterable[Stretch]) -> list[Piece]:
    """The visible pieces of one lane, in the order of time; of equal ranks the later stretch lies above."""
    ranked = sorted(stretches, key=lambda each: (RANKS[each.look], each.start))
    cuts = sorted({at for each in ranked for at in (each.start, each.end)})
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        over = [each for each in ranked if each.start <= start and end <= each.end]
        if not over:
            continue
        if pieces and pieces[-1].of is over[-1] and pieces[-1].end == start:
            start = pieces.pop().start
        pieces.append(Piece(start=start, end=end, of=over[-1]))
    return pieces + [Piece(start=each.start, end=each.end, of=each) for each in ranked if each.start == each.end]
