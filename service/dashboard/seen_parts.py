"""What of a page its reader sees: values cut down to his agents, queues and calls. Pure.

Who sees the whole centre is shown all of it, unchanged. Anybody else is shown the rows of his own agents, queues and
calls, and sums over these rows; what cannot be told of them alone, such as how many callers gave up, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from service.auth.rights import Seen
from service.dashboard.board import NO_RATE, Board, CallNow, CallSummary, Rate
from service.dashboard.gaps_view import GapLine
from service.dashboard.periods import (
    CallStory,
    MinutesMonth,
    MinutesRow,
    OfferingCounts,
    RingBin,
    ThreeRingsPeriod,
    ThreeRingsRow,
)

# -- now ---------------------------------------------------------------------------------------------


def board_for(board: Board, seen: Seen) -> Board:
    """The board of whom he sees."""
    if seen.everything:
        return board
    agents = tuple(each for each in board.agents if seen.agent(each.agent))
    active = tuple(each for each in board.active if _goes_on_for(each, seen))
    waiting = [each for each in active if each.waiting_since is not None]
    longest = min(waiting, key=lambda each: each.waiting_since or each.started_at, default=None)
    return replace(
        board,
        partial=True,
        agents=agents,
        active=active,
        recent=tuple(each for each in board.recent if _ended_for(each, seen)),
        waiting=len(waiting),
        waiting_ringing=sum(bool(each.ringing) for each in waiting),
        longest_wait_since=longest.waiting_since if longest else None,
        longest_wait_queue=longest.queue if longest else None,
        three_rings=rate_over(each.three_rings for each in agents),
        three_rings_caller=NO_RATE,
        abandonment=NO_RATE,
        calls=sum(each.calls for each in agents),
        answered=0,
        abandoned=0,
    )


def _goes_on_for(call: CallNow, seen: Seen) -> bool:
    agents = {agent for agent, _ in call.agents} | {each.agent for each in call.ringing}
    return seen.call(agents, _queues(call.queue))


def _ended_for(call: CallSummary, seen: Seen) -> bool:
    return seen.call((agent for agent, _ in call.agents), _queues(call.queue))


def _queues(queue: str | None) -> tuple[str, ...]:
    return () if queue is None else (queue,)


def rate_over(rates: Iterable[Rate]) -> Rate:
    """The share of several rows together: what is within ÷ what counts."""
    told = list(rates)
    counted = sum(each.counted for each in told)
    if not counted:
        return NO_RATE
    within = sum(each.within for each in told)
    return Rate(within=within, counted=counted, value=Fraction(within, counted))


# -- a call ------------------------------------------------------------------------------------------


def sees_call(seen: Seen, story: CallStory) -> bool:
    """Whether he sees a call: one of its agents, or a queue that it was in, is his to see."""
    if seen.everything:
        return True
    record = story.record
    talked = (story.agent_of(each.interface, each.device, each.started_at)[0] for each in record.talks)
    rang = (story.agent_of(each.interface, each.device, each.offered_at)[0] for each in record.offerings)
    return seen.call({*talked, *rang}, {visit.queue for visit in record.visits})


def gaps_for(lines: Iterable[GapLine], seen: Seen) -> tuple[GapLine, ...]:
    """The ledger: when a PBX was not heard concerns everybody, the calls within only who sees all of them."""
    return tuple(lines) if seen.everything else tuple(replace(each, calls=None) for each in lines)


# -- figures -----------------------------------------------------------------------------------------


def minutes_for(month: MinutesMonth, seen: Seen) -> MinutesMonth:
    """The month of whom he sees, with sums over them."""
    if seen.everything:
        return month
    rows = tuple(each for each in month.rows if seen.agent(each.agent))
    talks = sum(each.talks for each in rows)
    claims = [each.claimed_ms for each in rows if each.claimed_ms is not None]
    return replace(
        month,
        rows=rows,
        total_ms=sum(each.counted_ms for each in rows),
        talks=talks,
        mean_ms=_mean(rows, talks),
        claimed_ms=sum(claims) if claims else None,
    )


def _mean(rows: Iterable[MinutesRow], talks: int) -> int | None:
    return sum(each.talk_ms for each in rows) // talks if talks else None


def rings_for(period: ThreeRingsPeriod, seen: Seen) -> ThreeRingsPeriod:
    """The period of whom he sees. Medians are of a whole and are not made of parts: they are left out."""
    if seen.everything:
        return period
    rows = tuple(each for each in period.rows if seen.agent(each.agent))
    return replace(
        period, partial=True, rows=rows, total=_total(rows), bins=_bins(rows), caller=NO_RATE, never_rang=0
    )


def _total(rows: tuple[ThreeRingsRow, ...]) -> OfferingCounts:
    counts = [each.counts for each in rows]
    longest = [each.longest_late_ms for each in counts if each.longest_late_ms is not None]
    return OfferingCounts(
        rate=rate_over(each.rate for each in counts),
        late=sum(each.late for each in counts),
        no_answer=sum(each.no_answer for each in counts),
        declined=sum(each.declined for each in counts),
        gave_up_late=sum(each.gave_up_late for each in counts),
        answered_elsewhere=sum(each.answered_elsewhere for each in counts),
        gave_up=sum(each.gave_up for each in counts),
        busy=sum(each.busy for each in counts),
        unreachable=sum(each.unreachable for each in counts),
        failed=sum(each.failed for each in counts),
        apart=sum(each.apart for each in counts),
        longest_late_ms=max(longest, default=None),
    )


def _bins(rows: Iterable[ThreeRingsRow]) -> tuple[RingBin, ...]:
    found: dict[int, tuple[int, int]] = {}
    for each in (one for row in rows for one in row.bins):
        answered, missed = found.get(each.start_ms, (0, 0))
        found[each.start_ms] = (answered + each.answered, missed + each.not_answered)
    return tuple(
        RingBin(start_ms=start, answered=answered, not_answered=missed)
        for start, (answered, missed) in sorted(found.items())
    )
