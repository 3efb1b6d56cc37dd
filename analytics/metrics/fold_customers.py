"""What became of customers after their calls: solved at the first contact, called again, missed and served since.

Everything is judged within the policy's `limits.first_contact` hours: then it is settled, and old days stay as they
are. A call counts in the cell where it began.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analytics.metrics.formulas import is_short_call, left_us
from analytics.metrics.in_force import MICROSECOND
from analytics.metrics.tallies import Tally
from analytics.values import Called
from config.policies import PolicyVersion
from telephony.calls.facts import Direction, Disposition

if TYPE_CHECKING:
    from analytics.metrics.folds import Fold

MISSED = frozenset(
    {
        Disposition.ABANDONED,
        Disposition.NO_ANSWER,
        Disposition.BUSY,
        Disposition.FAILED,
        Disposition.VOICEMAIL,
    }
)
"""How an inbound call ends that reached no human and wanted one (domain.md §4 *Missed call*)."""


def horizon_us(rules: PolicyVersion) -> int:
    """How long a customer is looked at before and after his call, in microseconds."""
    return rules.limits.first_contact // MICROSECOND


def fold_customers(fold: Fold, calls: Iterable[Called]) -> None:
    """The inbound calls that began in the window, looked at with what came before and after."""
    told = list(calls)
    known = _Known(fold, max((left_us(each) or 0 for each in told), default=0))
    for called in told:
        if called.direction is Direction.INBOUND:
            rules = fold.in_force.version(called.start_us)
            cell = fold.placing.of_call(called, fold.first_queue(called.call_id), called.start_us)
            _add(fold, known, called, rules, fold.tally(cell))


def _add(fold: Fold, known: _Known, called: Called, rules: PolicyVersion, tally: Tally) -> None:
    as_of = fold.window.as_of_us
    usable = can_be_called_back(called, rules)
    if is_answered(called, as_of):
        if usable and not _is_apart(fold, called, rules):
            _add_contact(known, called, rules, tally, as_of)
    elif is_missed(called, rules, as_of):
        if usable:
            _add_missed(fold, known, called, rules, tally)
        else:
            tally.sums["missed_withheld"] += 1
    if usable and known.answered_before(called, horizon_us(rules)):
        tally.sums["repeat_calls"] += 1


def _add_contact(known: _Known, called: Called, rules: PolicyVersion, tally: Tally, as_of_us: int) -> None:
    end = left_us(called)
    if end is None or end > as_of_us:
        tally.sums["contacts_open"] += 1
        return
    until = end + horizon_us(rules)
    called_again = known.called_between(called, end, until)
    if called_again or until <= as_of_us:
        tally.sums["contacts"] += 1
        tally.sums["contacts_final"] += not called_again
    else:
        tally.sums["contacts_open"] += 1


def _add_missed(fold: Fold, known: _Known, called: Called, rules: PolicyVersion, tally: Tally) -> None:
    """Once a number and centre's day, at its first missed call."""
    day_us = fold.in_force.clock.start_of(fold.in_force.clock.day_of(called.start_us))
    if known.missed_between(called, day_us):
        return
    tally.sums["missed_numbers"] += 1
    tally.sums["missed_uncalled"] += not known.spoken_between(called, called.start_us + horizon_us(rules))


def is_missed(called: Called, rules: PolicyVersion, as_of_us: int) -> bool:
    """Whether an inbound call is over and owes its caller a callback; a short abandon does not."""
    if called.end_us is None or called.end_us > as_of_us or called.disposition not in MISSED:
        return False
    stayed = (left_us(called) or called.end_us) - called.start_us
    is_short = stayed < rules.limits.short_abandon // MICROSECOND
    return not (is_short and called.disposition is Disposition.ABANDONED)


def can_be_called_back(called: Called, rules: PolicyVersion) -> bool:
    """Whether the caller's number is known, and one person's."""
    return called.customer is not None and not rules.numbers.is_shared(called.customer)


def is_answered(called: Called, as_of_us: int) -> bool:
    """Whether somebody of the centre spoke with the customer, either way, as far as is known at an instant."""
    return (
        called.disposition in (Disposition.ANSWERED, None)
        and called.answered_us is not None
        and called.answered_us <= as_of_us
    )


def _is_apart(fold: Fold, called: Called, rules: PolicyVersion) -> bool:
    """Silent and short calls leave first-contact resolution (domain.md §1); one that goes on is not short yet."""
    end = left_us(called)
    is_over = end is not None and end <= fold.window.as_of_us
    is_short = is_over and is_short_call(called, fold.talk_ms_of(called.call_id), rules.limits)
    return called.silent or is_short


class _Known:
    """The calls of each number around the window, by their start; `last_us` is when the last of its customers left."""

    def __init__(self, fold: Fold, last_us: int) -> None:
        window = fold.window
        around = max(horizon_us(version) for version in fold.in_force.policy.versions)
        self._as_of = window.as_of_us
        self._calls: dict[str, list[Called]] = defaultdict(list)
        self._missed: dict[str, list[int]] = defaultdict(list)
        until = max(window.end_us, min(last_us, window.as_of_us)) + around + 1
        for called in fold.source.calls(window.start_us - max(around, _DAY_US), until):
            if called.customer is None or called.start_us > window.as_of_us:
                continue
            self._calls[called.customer].append(called)
            rules = fold.in_force.version(called.start_us)
            if called.direction is Direction.INBOUND and is_missed(called, rules, window.as_of_us):
                self._missed[called.customer].append(called.start_us)

    def _between(self, called: Called, start_us: int, end_us: int) -> list[Called]:
        """The number's other calls that began in (start, end]."""
        calls = self._calls[called.customer or ""]
        first = bisect_right(calls, start_us, key=_start)
        last = bisect_right(calls, end_us, key=_start)
        return [each for each in calls[first:last] if each.call_id != called.call_id]

    def called_between(self, called: Called, end_us: int, until_us: int) -> bool:
        """Whether the number called again after this call's end, up to an instant."""
        later = self._between(called, end_us, until_us)
        return any(each.direction is Direction.INBOUND for each in later)

    def spoken_between(self, called: Called, until_us: int) -> bool:
        """Whether somebody spoke with the number after this call began, up to an instant."""
        known_us = min(until_us, self._as_of)
        return any(is_answered(each, known_us) for each in self._between(called, called.start_us, until_us))

    def answered_before(self, called: Called, within_us: int) -> bool:
        """Whether an answered call of the number ended within a time before this one began."""
        since = called.start_us - within_us
        earlier = self._between(called, since - within_us, called.start_us)
        return any(
            each.direction is Direction.INBOUND
            and is_answered(each, self._as_of)
            and since <= (left_us(each) or 0) <= called.start_us
            for each in earlier
        )

    def missed_between(self, called: Called, since_us: int) -> bool:
        """Whether a call of the number was missed from an instant on, before this one."""
        missed = self._missed[called.customer or ""]
        return bisect_left(missed, since_us) < bisect_left(missed, called.start_us)


_DAY_US = 26 * 3_600 * 1_000_000
"""A centre's day is at most 25 hours long."""


def _start(called: Called) -> int:
    return called.start_us
