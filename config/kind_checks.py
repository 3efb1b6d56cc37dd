"""What one kind of follow-up must fulfil in itself: keys that need each other, and keys that exclude each other.

A rule yields key, found and expected; `config.followup_checks` puts them in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time, timedelta

from config.calendars import WEEKDAYS, OpenSpan
from config.followups import ATTRIBUTES, CHAINED, DueKind, FollowUpKind, FulfilledBy, OwnerRule, TriggerKind
from config.policies import Policy, PolicyVersion
from config.showing import one_of, shown
from config.weekly_contact import weekly_gap

Faults = Iterator[tuple[str, str, str]]
Rule = Callable[[FollowUpKind], Faults]

PERIODIC = frozenset({TriggerKind.PERIOD, TriggerKind.TOP})
YEARLY = frozenset({TriggerKind.BIRTHDAY, TriggerKind.FESTIVAL})
REPEATABLE = frozenset({TriggerKind.EVENT, TriggerKind.OUTCOME, TriggerKind.MEMBER})
JOINABLE = frozenset({TriggerKind.MISSED_CALL, TriggerKind.PROMISE, TriggerKind.EVENT, TriggerKind.OUTCOME})
UNSET_DUE = frozenset({DueKind.ELAPSED, DueKind.OPEN, DueKind.DAYS, DueKind.WORKING_DAYS})


def kind_faults(kind: FollowUpKind) -> Faults:
    """All that is wrong with a kind by itself: key, found, expected."""
    for rule in RULES:
        yield from rule(kind)


def window_faults(kind: FollowUpKind, version: PolicyVersion, policy: Policy) -> Faults:
    """Times of day at which nobody may be called, and a weekday without any time."""
    bounds = (version.promises.contact.windows, kind.windows.spans)
    outside = [clock for clock in kind.windows.near if not all(_in_one(clock, spans) for spans in bounds if spans)]
    if outside:
        yield "near", f'"{outside[0]:%H:%M}"', "a time within windows and within contact.windows"
        return
    gap = weekly_gap(kind, version, policy)
    if gap is not None:
        key = "weekdays" if kind.windows.weekdays else "kind"
        yield key, f"no time left on {WEEKDAYS[gap]}", "windows that leave a minute on each weekday of the kind"


def _in_one(clock: time, spans: tuple[OpenSpan, ...]) -> bool:
    return any(span.holds(clock) for span in spans)


def _due(kind: FollowUpKind) -> Faults:
    due, trigger = kind.due.kind, kind.trigger.kind
    by_hand = due is DueKind.BY_HAND
    if by_hand and kind.due_unset is None:
        yield "due_unset", "nothing", "what counts until a date is set by hand"
    if not by_hand and kind.due_unset is not None:
        yield "due_unset", "it beside another due", 'due = "by hand"'
    if by_hand and kind.due_unset is not None and kind.due_unset.kind not in UNSET_DUE:
        yield "due_unset", "a due that people or the calendar set", "minutes, hours, days or working days"
    if not by_hand and kind.approvals:
        yield "approvals", str(kind.approvals), 'none: only a date set "by hand" is approved'
    if due is DueKind.IN_THE_PERIOD and trigger not in PERIODIC:
        yield "due", '"in the period"', "a trigger that has a period: period: or top:"
    if due is DueKind.PROMISED and trigger is not TriggerKind.PROMISE:
        yield "due", '"as promised"', "the trigger promise"


def _recurrence(kind: FollowUpKind) -> Faults:
    recurs = bool(kind.repeat or kind.every)
    if kind.every and kind.repeat:
        yield "every", "repeat beside it", "one of the two"
    elif recurs and kind.trigger.kind not in REPEATABLE:
        key = "every" if kind.every else "repeat"
        yield key, f"the trigger {kind.trigger}", "a trigger event:, outcome: or member"
    if not kind.first and not recurs:
        yield "first", "false without further ones", "repeat or every"
    if kind.open_before and not (recurs or kind.trigger.kind in YEARLY | PERIODIC):
        yield "open_before", "a kind that is foreseen by nothing", "repeat, every, or a trigger of the calendar"


def _trigger(kind: FollowUpKind) -> Faults:
    trigger = kind.trigger.kind
    if trigger is TriggerKind.TOP and not kind.top:
        yield "top", "nothing", "how many of each branch"
    if trigger is not TriggerKind.TOP and kind.top:
        yield "top", str(kind.top), "the trigger top:month or top:quarter"
    if kind.lunar and trigger is not TriggerKind.BIRTHDAY:
        yield "lunar", "true", "the trigger birthday"
    if kind.where and trigger in YEARLY | PERIODIC | {TriggerKind.MEMBER}:
        yield "where", f"the trigger {kind.trigger}", "a trigger with attributes, or who"
    if kind.one_open and trigger not in JOINABLE:
        yield "one_open", f"the trigger {kind.trigger}", "missed_call, promise, event: or outcome:"
    if kind.level_up and trigger not in CHAINED:
        yield "level_up", f"the trigger {kind.trigger}", "done:, closed: or unsatisfied:"


def _customers(kind: FollowUpKind) -> Faults:
    for match in kind.who:
        if match.values and match.key not in ATTRIBUTES:
            yield "who", shown(match.key), f"{one_of(ATTRIBUTES)}, or at_least of a figure"
            return


def _doers(kind: FollowUpKind) -> Faults:
    if kind.owner in (OwnerRule.GROUP, OwnerRule.LEADER) and kind.group is None:
        yield "owner", shown(kind.owner.value), "group beside it"
    if kind.anyone and kind.group is None:
        yield "anyone", "true", "group beside it"


def _fulfilment(kind: FollowUpKind) -> Faults:
    by = kind.fulfilled_by
    silent = by in (FulfilledBy.MARK, FulfilledBy.MESSAGE)
    if kind.inbound and silent:
        yield "inbound", "true", 'fulfilled_by = "talk" or "contact"'
    if kind.in_person and by is not FulfilledBy.CONTACT:
        yield "in_person", "true", 'fulfilled_by = "contact"'
    if kind.survey and by is not FulfilledBy.TALK:
        yield "survey", f"fulfilled_by {by.value}", 'fulfilled_by = "talk": questions are asked'
    if kind.announce and silent:
        yield "announce", f"fulfilled_by {by.value}", "a talk or a contact that can be announced"
    if kind.announce and kind.due.kind is DueKind.ELAPSED and timedelta() < kind.due.span <= kind.announce:
        yield "announce", "as long before as there is time", "less than due"


def _attempts(kind: FollowUpKind) -> Faults:
    tries = kind.attempts
    if tries.least > tries.most:
        yield "attempts.least", str(tries.least), f"at most the greatest number, {tries.most}"
    for key, count in (("days", tries.days), ("windows", tries.windows)):
        if count > tries.most:
            yield f"attempts.{key}", str(count), f"at most the greatest number of attempts, {tries.most}"


RULES: tuple[Rule, ...] = (_due, _recurrence, _trigger, _customers, _doers, _fulfilment, _attempts)
