"""Offerings to agents: within three rings, the agent's view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analytics.metrics.measures import ring
from analytics.metrics.rings import IN_RATE, RingResult, counts, judge_offering
from analytics.metrics.spreads import bucket_open
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import MS
from analytics.values import Offered

if TYPE_CHECKING:
    from analytics.metrics.folds import Fold

_NAMES = {each: ring(each) for each in RingResult}
_ANSWERED = (RingResult.WITHIN, RingResult.LATE)
_GAVE_UP = (RingResult.CALLER_GAVE_UP_EARLY, RingResult.CALLER_GAVE_UP_LATE)


def fold_rings(fold: Fold, offerings: Iterable[Offered]) -> None:
    """The offerings that began in the window."""
    window, in_force = fold.window, fold.in_force
    for offered in offerings:
        began = offered.offered_us
        if began > window.as_of_us or not counts(offered) or in_force.leaves_out(offered.call):
            continue
        result = judge_offering(offered, in_force.limit_us(began, offered.call.trunk), window.as_of_us)
        tally = fold.tally(fold.placing.of_agent(offered.agent, offered.call, offered.queue, began))
        tally.sums[_NAMES[result]] += 1
        fold.decided(None if result is RingResult.RINGING else offered.end_us, began)
        if result in IN_RATE and _is_exempted(fold, offered):
            tally.sums["ring_exempted_within" if result is RingResult.WITHIN else "ring_exempted_lost"] += 1
        if offered.end_us is not None and result is not RingResult.RINGING:
            _add_ring(tally, result, offered.end_us - offered.ring_us)


def _add_ring(tally: Tally, result: RingResult, ring_us: int) -> None:
    if result in _ANSWERED:
        tally.sums["ring_answered_ms"] += ring_us // MS
        tally.reach("longest_ring_ms", ring_us // MS)
        tally.spread("ring_spread", bucket_open(ring_us))
    elif result in _GAVE_UP:
        tally.spread("ring_gave_up_spread", bucket_open(ring_us))


def _is_exempted(fold: Fold, offered: Offered) -> bool:
    exempted = fold.exempted
    return offered.id in exempted.offerings or offered.call.call_id in exempted.calls
