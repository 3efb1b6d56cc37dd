"""When an open follow-up can be worked on next, and whether it can be met at all. Pure.

A due time is never moved here. The plan is the next permitted instant after the rest that the last attempt asks for,
and the last permitted stretch before it is due; where there is none the item says so at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from config.followups import FollowUpKind, FulfilledBy
from schedulers.customers.records import Customer, NumberUse
from schedulers.followups.account import Account
from schedulers.followups.records import FollowUp, Obstacle, altered
from schedulers.followups.rules import Rules
from schedulers.followups.stopping import DISTURBS, stops_at


def planned(follow_up: FollowUp, account: Account, rules: Rules, now: datetime) -> FollowUp:
    """The follow-up with its next permitted time, its last chance and what stands in its way."""
    if not follow_up.is_open:
        return altered(follow_up, ready_at=None, last_chance_at=None, obstacle=None, wake_at=None)
    kind = rules.kind(follow_up)
    wake = _wake(follow_up, account.customer, rules, now)
    if follow_up.reached_call is not None:
        # Spoken with: it waits for the agent's word, not for another call.
        return altered(follow_up, ready_at=None, obstacle=None, wake_at=wake)
    ready = _ready(follow_up, kind, account, rules, now)
    last = _last_chance(follow_up, kind, account, rules, now)
    obstacle = _obstacle(follow_up, kind, account, rules, _Seen(now=now, ready=ready, last=last))
    return altered(
        follow_up,
        ready_at=None if obstacle in _STOPPED else ready,
        last_chance_at=last or follow_up.last_chance_at,
        obstacle=obstacle,
        wake_at=wake,
    )


_STOPPED = frozenset({Obstacle.NO_NUMBER, Obstacle.MUST_DECIDE})
_FORESEEN = frozenset({Obstacle.NO_WINDOW, Obstacle.CAP})
"""Said before it was due; an overdue follow-up keeps it as the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What was found of a follow-up at an instant."""

    now: datetime
    ready: datetime | None
    last: datetime | None


def must_decide(follow_up: FollowUp, kind: FollowUpKind) -> bool:
    """Whether it was tried as often as permitted."""
    limits = kind.attempts
    return follow_up.counted >= limits.most or follow_up.uncounted >= limits.uncounted


def cap_ends(contacts: Iterable[datetime], follow_up: FollowUp, rules: Rules, at: datetime) -> datetime:
    """The first instant from `at` on at which the customer may be contacted once more by every cap."""
    told = sorted(contacts)
    ends = at
    for cap in rules.contact(follow_up).caps:
        if len(told) >= cap.count:
            ends = max(ends, told[-cap.count] + cap.span)
    return ends


def _ready(
    follow_up: FollowUp, kind: FollowUpKind, account: Account, rules: Rules, now: datetime
) -> datetime | None:
    if kind.fulfilled_by not in DISTURBS:
        return max(follow_up.open_at, now)
    if waits_for_agreed_time(follow_up):
        return follow_up.agreed_at  # the customer's own wish: it goes before his quiet times and the cap
    earliest = max(follow_up.open_at, now, rested(follow_up, kind))
    if kind.is_by_phone:
        earliest = cap_ends(account.contacts, follow_up, rules, earliest)
    customer = account.customer
    return rules.times(follow_up).next(earliest, customer.zone, customer.hours)


def rested(follow_up: FollowUp, kind: FollowUpKind) -> datetime:
    """When the rest after the last attempt is over."""
    if follow_up.tried_at is None or follow_up.tried is None:
        return follow_up.born_at
    return follow_up.tried_at + kind.attempts.space(follow_up.tried)


def _last_chance(
    follow_up: FollowUp, kind: FollowUpKind, account: Account, rules: Rules, now: datetime
) -> datetime | None:
    start = max(follow_up.open_at, min(now, follow_up.due_at))
    if kind.fulfilled_by not in DISTURBS or follow_up.agreed_at is not None:
        return follow_up.due_at
    customer = account.customer
    stretch = rules.times(follow_up).last(start, follow_up.due_at, customer.zone, customer.hours)
    return stretch[1] if stretch else None


def _obstacle(
    follow_up: FollowUp, kind: FollowUpKind, account: Account, rules: Rules, seen: _Seen
) -> Obstacle | None:
    if must_decide(follow_up, kind) and not waits_for_agreed_time(follow_up):
        return Obstacle.MUST_DECIDE
    if kind.fulfilled_by is FulfilledBy.TALK and not _has_number(follow_up, account.customer):
        return Obstacle.NO_NUMBER
    if seen.now > follow_up.due_at:
        return follow_up.obstacle if follow_up.obstacle in _FORESEEN else None
    if seen.last is not None and seen.ready is not None and seen.ready <= follow_up.due_at:
        return None
    free = cap_ends(account.contacts, follow_up, rules, follow_up.open_at)
    is_capped = kind.is_by_phone and seen.last is not None and free >= seen.last
    return Obstacle.CAP if is_capped else Obstacle.NO_WINDOW


def _has_number(follow_up: FollowUp, customer: Customer) -> bool:
    """Whether there is a number to call: one of his own, or the one that it is about, unless others answer there."""
    uses = {each.number: each.use for each in customer.numbers}
    about = follow_up.number is not None and uses.get(follow_up.number, NumberUse.OWN) is NumberUse.OWN
    return about or bool(customer.callable_numbers())


def is_held_back(follow_up: FollowUp, account: Account, rules: Rules) -> bool:
    """Whether a cap forbids the time that is planned: he was contacted once more since."""
    ready = follow_up.ready_at
    if ready is None or not rules.kind(follow_up).is_by_phone or waits_for_agreed_time(follow_up):
        return False
    return cap_ends(account.contacts, follow_up, rules, ready) > ready


def waits_for_agreed_time(follow_up: FollowUp) -> bool:
    """Whether a time was agreed with the customer and nothing was tried since."""
    return follow_up.agreed_at is not None and (
        follow_up.tried_at is None or follow_up.tried_at < follow_up.agreed_at
    )


def _wake(follow_up: FollowUp, customer: Customer, rules: Rules, now: datetime) -> datetime | None:
    """The next instant at which time alone changes something: a reminder, word to its leader, the due time, its end."""
    contact, stops = rules.contact(follow_up), stops_at(follow_up, customer, rules, now)
    instants = [] if follow_up.overdue_told else [follow_up.due_at]
    if stops is not None:
        instants.append(stops)
    if waits_for_agreed_time(follow_up) and follow_up.agreed_at is not None:
        if follow_up.nudged_at is None:
            instants.append(follow_up.agreed_at - contact.nudge)
        elif follow_up.acknowledged_at is None and follow_up.escalated_at is None:
            instants.append(follow_up.nudged_at + contact.nudge_leader)
    return min(instants, default=None)
