"""The parts of the three-rings page: which figures, the queues with the lowest rate first, the worst rings. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from analytics.metrics.definitions import Value
from analytics.metrics.query import Result
from analytics.metrics.rings import RingResult
from analytics.storage.lost_rings import LostRing
from service.dashboard import numerals
from service.dashboard.catalogues import marked
from service.dashboard.figures.asking import About
from service.dashboard.figures.cells import TAKEN_OVER, Fig
from service.dashboard.rows import call_link
from service.dashboard.tiles import Level
from service.dashboard.words import Words
from telephony.clock import from_microseconds

AGENT_TILES = (
    "three_ring_rate", "ring_offered", "ring_within", "ring_late", "ring_losses", "ring_answered_elsewhere",
)  # fmt: skip
NOTED = ("longest_ring", "ring_no_answer", "ring_declined", "ring_caller_gave_up_late", "ring_caller_gave_up_early")
CALLER_TILES = (
    "caller_three_ring_rate", "callers_rung", "caller_within", "caller_late", "caller_not_answered",
    "caller_never_rang",
)  # fmt: skip
CALLER_COLUMNS = (
    "callers_rung", "caller_within", "caller_three_ring_rate", "caller_late", "caller_not_answered",
    "caller_gave_up_early", "caller_never_rang",
)  # fmt: skip
_TENTH_MS = 100
_RESULTS = {
    RingResult.LATE: marked("Picked up late"),
    RingResult.NO_ANSWER: marked("Not answered"),
    RingResult.DECLINED: marked("Declined"),
    RingResult.CALLER_GAVE_UP_LATE: marked("Caller gave up late"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRate:
    """A queue's rate as a bar from nothing to all."""

    queue: str
    link: str
    rate: Fig
    offered: Fig
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """One of the longest rings."""

    at: str
    agent: str
    queue: str
    ring: int  # which one sounded last
    seconds: str
    result: str
    known: str
    link: str


def agent_notes(
    words: Words, values: Mapping[str, Value], median: int | None, p95: int | None
) -> dict[str, tuple[str, Level]]:
    """What stands below the tiles. Median and 95th: the tenths of a second by which so many were answered."""
    plain = {name: f"{int(values[name] or 0):,}" for name in NOTED if name != "longest_ring"}
    notes = {
        "ring_losses": words.gettext(
            "timed out %(t)s · declined %(d)s", t=plain["ring_no_answer"], d=plain["ring_declined"]
        ),
        "ring_answered_elsewhere": words.gettext(
            "not blamed · gave up %(n)s", n=plain["ring_caller_gave_up_early"]
        ),
        "ring_offered": words.gettext("each time a phone rang"),
    }
    if median is not None and p95 is not None:
        told = (numerals.seconds(each * _TENTH_MS) for each in (median, p95))
        notes["ring_within"] = words.gettext("median %(m)s s · p95 %(p)s s", **dict(zip("mp", told, strict=True)))
    if values["ring_late"] and values["longest_ring"] is not None:
        longest = numerals.seconds(int(values["longest_ring"]))
        notes["ring_late"] = words.gettext("longest %(s)s s", s=longest)
    return {name: (note, Level.NONE) for name, note in notes.items()}


def by_queue(words: Words, found: Result, about: About, metric: str) -> list[QueueRate]:
    """The lowest rate first; queues without one are not there."""
    told = [row for row in found.rows if row.key[0] and row.values[metric] is not None]
    told.sort(key=lambda row: (Fraction(row.values[metric] or 0), row.key))
    opener = about.opener()
    return [
        QueueRate(
            queue=about.rules.queue_name(row.key[0]),
            link=f"/three-rings?queue={row.key[0]}&period={about.spell.key}",
            rate=opener.fig(words, metric, row.values, queue=row.key[0]),
            offered=opener.fig(words, TAKEN_OVER[metric], row.values, queue=row.key[0]),
            width=f"{float(Fraction(row.values[metric] or 0) * 100):.2f}%",
        )
        for row in told
    ]


def worst(
    words: Words, lost: Iterable[LostRing], about: About, name_of: Callable[[str, datetime], str | None]
) -> list[Worst]:
    """The longest rings that were not answered in time."""
    cycle_ms = int(about.policy.resolve(about.as_of).ring.cadence.cycle.total_seconds() * 1000)
    one_day = about.spell.days == 1
    found = []
    for each in lost:
        at = from_microseconds(each.at_us)
        found.append(
            Worst(
                at=words.time(at) if one_day else words.stamp(at),
                agent=words.person(each.agent, name_of(each.agent, at)),
                queue=about.rules.queue_name(each.queue) if each.queue else "",
                ring=each.ring_ms // cycle_ms + 1,
                seconds=numerals.seconds(each.ring_ms),
                result=words.gettext(_RESULTS[each.result]),
                known=each.known or "inferred",
                link=call_link(each.call_id),
            )
        )
    return found


def spread_out(spread: Mapping[int, int]) -> Iterable[int]:
    """The times of a spread of tenths of a second, one for each that was counted."""
    for bucket, count in spread.items():
        yield from ((bucket - 1) * _TENTH_MS for _ in range(count))
