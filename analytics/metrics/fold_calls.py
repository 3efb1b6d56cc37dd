"""Calls: their fates, how soon their callers reached a human, and how soon they were done."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING

from analytics.metrics.formulas import Handled, handling_of_call, left_us
from analytics.metrics.in_force import MICROSECOND
from analytics.metrics.measures import DISPOSITIONS, OPEN, caller, fate
from analytics.metrics.rings import CallerResult, alerted, counts, judge_caller
from analytics.metrics.spreads import bucket_open
from analytics.metrics.tallies import Tally
from analytics.values import Called, Offered
from config.policies import PolicyVersion
from telephony.calls.facts import Direction, Disposition, Known

if TYPE_CHECKING:
    from analytics.metrics.folds import Fold

_FATES = {(direction, each): fate(direction, each) for direction, each in product(Direction, DISPOSITIONS)}
_CALLERS = {each: caller(each) for each in CallerResult}
_KNOWN = {Known.REPAIRED: "calls_repaired", Known.INFERRED: "calls_inferred"}
_HANDLED = {Handled.WITHIN: "handled_within", Handled.OVER: "handled_over", Handled.OPEN: "handled_open"}
_REACHED = (CallerResult.WITHIN, CallerResult.LATE)
_LOST = (CallerResult.GAVE_UP_EARLY, CallerResult.NOT_ANSWERED)


def fold_calls(fold: Fold, calls: Iterable[Called], offerings: Iterable[Offered]) -> None:
    """The calls that began in the window; `offerings` are all of them. A call counts in the queue it first came to."""
    alerts = _first_alerts(offerings)
    for called in calls:
        rules = fold.in_force.version(called.start_us)
        queue = fold.first_queue(called.call_id)
        tally = fold.tally(fold.placing.of_call(called, queue, called.start_us))
        _add_fate(fold, tally, called, rules)
        if called.direction is Direction.INBOUND:
            _add_caller(fold, tally, called, alerts.get(called.call_id))
        if called.direction is not Direction.INTERNAL:
            _add_handling(fold, tally, called, rules)


def _add_fate(fold: Fold, tally: Tally, called: Called, rules: PolicyVersion) -> None:
    as_of = fold.window.as_of_us
    ended = called.end_us is not None and called.end_us <= as_of
    disposition = called.disposition.value if called.disposition and ended else OPEN
    tally.sums[_FATES[called.direction, disposition]] += 1
    if called.known in _KNOWN:
        tally.sums[_KNOWN[called.known]] += 1
    tally.sums["calls_silent"] += called.silent
    if disposition == Disposition.ABANDONED and called.direction is Direction.INBOUND:
        stayed = (left_us(called) or called.start_us) - called.start_us
        tally.sums["inbound_abandoned_short"] += stayed < rules.limits.short_abandon // MICROSECOND


def _add_caller(fold: Fold, tally: Tally, called: Called, first: int | None) -> None:
    """How soon he reached a human (domain.md §1, caller view)."""
    as_of = fold.window.as_of_us
    limit = fold.in_force.limit_us(called.start_us, called.trunk)
    result = judge_caller(called, first, limit, as_of)
    tally.sums[_CALLERS[result]] += 1
    if first is not None and result in _REACHED and called.answered_us is not None:
        tally.spread("caller_spread", bucket_open(called.answered_us - first))
    elif first is not None and result in _LOST:
        tally.spread("caller_lost_spread", bucket_open((left_us(called) or first) - first))


def _add_handling(fold: Fold, tally: Tally, called: Called, rules: PolicyVersion) -> None:
    result = handling_of_call(called, fold.talk_ms_of(called.call_id), fold.window.as_of_us, rules.limits)
    if result is None:
        return
    tally.sums["customer_talks"] += 1
    tally.sums["without_outcome"] += called.outcome is None
    tally.sums["recorded"] += called.recorded
    tally.sums["calls_short"] += result is Handled.APART and not called.silent
    if result in _HANDLED:
        tally.sums[_HANDLED[result]] += 1


def _first_alerts(offerings: Iterable[Offered]) -> dict[str, int]:
    """Call to the first instant at which a phone rang for it."""
    alerts: dict[str, int] = {}
    for offered in offerings:
        if counts(offered) and alerted(offered):
            call_id = offered.call.call_id
            alerts[call_id] = min(alerts.get(call_id, offered.ring_us), offered.ring_us)
    return alerts
