"""Queue visits: how they ended, and how long callers waited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from analytics.metrics.in_force import MICROSECOND
from analytics.metrics.measures import visit
from analytics.metrics.spreads import bucket_closed
from analytics.metrics.tallies import Tally
from analytics.metrics.windows import MS
from analytics.values import Waited
from config.policies import PolicyVersion
from telephony.calls.facts import VisitEnd

if TYPE_CHECKING:
    from analytics.metrics.folds import Fold

_NAMES = {each: visit(each) for each in VisitEnd}


def fold_waits(fold: Fold, waits: Iterable[Waited]) -> None:
    """The visits that began in the window. An overflowed visit counts in the queue that it left (domain.md §1)."""
    window = fold.window
    for waited in waits:
        if waited.joined_us > window.as_of_us or fold.in_force.leaves_out(waited.call):
            continue
        rules = fold.in_force.version(waited.joined_us)
        tally = fold.tally(fold.placing.of_call(waited.call, waited.queue, waited.joined_us))
        tally.sums["visits"] += 1
        fold.decided(waited.left_us, waited.joined_us)
        if waited.left_us is None or waited.left_us > window.as_of_us:
            tally.sums["visits_open"] += 1
        else:
            _add(tally, waited.ended or VisitEnd.UNKNOWN, waited.left_us - waited.joined_us, rules)


def _add(tally: Tally, ended: VisitEnd, wait_us: int, rules: PolicyVersion) -> None:
    sums = tally.sums
    sums[_NAMES[ended]] += 1
    tally.reach("longest_wait_ms", wait_us // MS)
    within = wait_us <= rules.service_level.within // MICROSECOND
    if ended is VisitEnd.ANSWERED:
        sums["answered_within"] += within
        sums["answered_wait_ms"] += wait_us // MS
        tally.spread("wait_spread", bucket_closed(wait_us))
    elif ended is VisitEnd.ABANDONED:
        sums["abandoned_within"] += within
        sums["abandoned_short"] += wait_us < rules.limits.short_abandon // MICROSECOND
        sums["abandoned_wait_ms"] += wait_us // MS
        tally.spread("abandoned_spread", bucket_closed(wait_us))
