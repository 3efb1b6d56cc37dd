"""What an agent did of his schedule: pure. Every millisecond that was scheduled is in exactly one class.

Present is who was logged in to a queue, talked or was in wrap-up. A pause is presence up to its limit; what is
over it is not. A shift is prolonged while a call that its end found goes on (C14). Away over ten minutes (C3)
and meals over thirty (C5) are remarked by the policy's limits; equality is within.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from analytics.people.intervals import Interval, Intervals, common, length, less, union
from telephony.calls.facts import State

_US_OF_MS = 1000
PRESENT = frozenset((State.LOGGED_IN, State.AVAILABLE, State.TALKING, State.WRAP_UP, State.PAUSED))

LimitOf = Callable[[str | None, int], int]
"""(reason of a pause, or None for being logged out; when it began) → how many microseconds are within the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSpan:
    """An interval in which the agent was in a state; `reason` is that of a pause."""

    state: State
    start_us: int
    end_us: int
    reason: str | None = None


class Deviation(StrEnum):
    """How work differed from the schedule."""

    ABSENT = "absent"  # a whole span without presence
    LATE = "late"  # not there at the start of a span
    LEFT_EARLY = "left_early"  # not there at its end
    AWAY = "away"  # logged out in between
    BREAK_OVER = "break_over"  # the part of a pause that is over its limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One deviation, [start_us, end_us). Of a pause over its limit it is the part over it.

    `over_limit` is whether the stretch as a whole is longer than the policy lets anybody be away.
    """

    deviation: Deviation
    start_us: int
    end_us: int
    reason: str | None = None
    over_limit: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Sums in whole milliseconds: scheduled = present + late + left early + absent + away + breaks over.

    `prolonged_ms` is the part of `scheduled_ms` that lies after the end of a shift. `outside_ms` is presence that
    nobody had scheduled.
    """

    scheduled_ms: int
    present_ms: int
    prolonged_ms: int
    outside_ms: int
    remarks: tuple[Remark, ...]

    @property
    def adherence(self) -> float | None:
        """Present within the schedule ÷ scheduled; None where nothing was scheduled."""
        return self.present_ms / self.scheduled_ms if self.scheduled_ms else None

    def deviation_ms(self, deviation: Deviation) -> int:
        """How long one kind of deviation was, all together."""
        found = (each for each in self.remarks if each.deviation is deviation)
        return sum(each.end_us - each.start_us for each in found) // _US_OF_MS


def adherence(scheduled: Intervals, states: Iterable[StateSpan], limit_of: LimitOf) -> Adherence:
    """Set what an agent did against his schedule, both up to the instant as of which it is asked."""
    spans = [_in_ms(each) for each in states]
    longer = prolonged(scheduled, spans)
    present = union((each.start_us, each.end_us) for each in spans if each.state in PRESENT)
    over = _breaks_over(spans, longer, present, limit_of)
    there = less(present, [(each.start_us, each.end_us) for each in over])
    remarks = [remark for span in longer for remark in _of_span(span, present, limit_of)]
    return Adherence(
        scheduled_ms=length(longer) // _US_OF_MS,
        present_ms=length(common(longer, there)) // _US_OF_MS,
        prolonged_ms=length(less(longer, scheduled)) // _US_OF_MS,
        outside_ms=length(less(present, longer)) // _US_OF_MS,
        remarks=tuple(sorted([*remarks, *over], key=lambda each: (each.start_us, each.end_us))),
    )


def _in_ms(span: StateSpan) -> StateSpan:
    """Cut to whole milliseconds first, so that the classes add up in them."""
    start, end = (us // _US_OF_MS * _US_OF_MS for us in (span.start_us, span.end_us))
    return StateSpan(state=span.state, start_us=start, end_us=end, reason=span.reason)


def prolonged(scheduled: Intervals, states: Sequence[StateSpan]) -> Intervals:
    """The schedule, each span as long as a talk goes on that its end found, with the wrap-up that follows it."""
    talks = union((each.start_us, each.end_us) for each in states if each.state is State.TALKING)
    served = union([*talks, *((e.start_us, e.end_us) for e in states if e.state is State.WRAP_UP)])
    grown = []
    for start, end in scheduled:
        talking = any(begin < end < stop for begin, stop in talks)
        until = next((stop for begin, stop in served if begin < end < stop), end) if talking else end
        grown.append((start, until))
    return union(grown)


def _of_span(span: Interval, present: Intervals, limit_of: LimitOf) -> list[Remark]:
    """Late, away in between, left early; or absent."""
    start, end = span
    here = common([span], present)
    if not here:
        return [_gone(Deviation.ABSENT, start, end, limit_of)]
    remarks = [_gone(Deviation.AWAY, gone, back, limit_of) for (_, gone), (back, _) in pairwise(here)]
    if here[0][0] > start:
        remarks.insert(0, _gone(Deviation.LATE, start, here[0][0], limit_of))
    if here[-1][1] < end:
        remarks.append(_gone(Deviation.LEFT_EARLY, here[-1][1], end, limit_of))
    return remarks


def _gone(deviation: Deviation, start: int, end: int, limit_of: LimitOf) -> Remark:
    is_over = deviation is not Deviation.AWAY or end - start > limit_of(None, start)
    return Remark(deviation=deviation, start_us=start, end_us=end, over_limit=is_over)


def _breaks_over(
    states: Sequence[StateSpan], scheduled: Intervals, present: Intervals, limit_of: LimitOf
) -> list[Remark]:
    """The parts of pauses that are over their limits, within the schedule; pauses in several queues are one."""
    found: list[Remark] = []
    taken: Intervals = ()
    for reason in sorted(
        {each.reason for each in states if each.state is State.PAUSED}, key=lambda each: each or ""
    ):
        pauses = union((e.start_us, e.end_us) for e in states if e.state is State.PAUSED and e.reason == reason)
        for start, end in common(pauses, scheduled):
            rest = less(common([(start + limit_of(reason, start), end)], present), taken)
            found += [
                Remark(deviation=Deviation.BREAK_OVER, start_us=begin, end_us=stop, reason=reason)
                for begin, stop in rest
            ]
            taken = union([*taken, *rest])
    return found
