"""What forbids to work on a follow-up any more: do-not-call, consent withdrawn, a customer who left. Pure.

Each can begin by itself: a customer leaves on a day that was said before, and a follow-up may be born, of a call that
was heard of late, as of an instant before its customer asked not to be called. So a planned follow-up knows when it is
to be looked at for it.
"""

from __future__ import annotations

from datetime import datetime, time

from config.followups import Basis, FollowUpKind, FulfilledBy
from schedulers.customers.records import Customer
from schedulers.followups.occurrences import ENROLLED
from schedulers.followups.records import FollowUp
from schedulers.followups.rules import Rules

DISTURBS = frozenset({FulfilledBy.TALK, FulfilledBy.CONTACT, FulfilledBy.MESSAGE})
"""What reaches the customer, and so keeps to his times."""
_ASKED_NOT_TO = DISTURBS - {FulfilledBy.CONTACT}
"""What do-not-call forbids: a contact may also be a visit, for which nobody rings."""


def not_wanted(kind: FollowUpKind, customer: Customer, at: datetime) -> str | None:
    """The reason why the customer does not want this kind of thing at an instant; None where he may be asked."""
    blocked = customer.do_not_call
    if kind.fulfilled_by in _ASKED_NOT_TO and blocked is not None and blocked.holds(at):
        return "do_not_call"
    return "no_consent" if kind.basis is Basis.CONSENT and customer.consent is not True else None


def must_close(follow_up: FollowUp, customer: Customer, rules: Rules, now: datetime) -> str | None:
    """The reason why it may not be worked on any more; None where it may."""
    kind = rules.kind(follow_up)
    reason = not_wanted(kind, customer, now)
    if reason is not None:
        return reason
    left = _left_at(kind, customer, rules)
    return "customer_left" if left is not None and left <= now else None


def stops_at(follow_up: FollowUp, customer: Customer, rules: Rules, now: datetime) -> datetime | None:
    """When time alone will forbid it, or has done so since `now`, the instant of its plan; None: never."""
    kind, blocked = rules.kind(follow_up), customer.do_not_call
    instants = [_left_at(kind, customer, rules)]
    if kind.fulfilled_by in _ASKED_NOT_TO and blocked is not None and not blocked.is_over(now):
        instants.append(blocked.since)
    return min((each for each in instants if each is not None), default=None)


def _left_at(kind: FollowUpKind, customer: Customer, rules: Rules) -> datetime | None:
    """The midnight from which a promise to a member is owed no more."""
    if customer.until is None or kind.trigger.kind not in ENROLLED:
        return None
    return datetime.combine(customer.until, time(), tzinfo=rules.zone)
