"""What time alone changes: overdue, reminders, owners who are gone, customers who may not be called. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from schedulers.followups.account import Account, Decision
from schedulers.followups.changing import Act, applied, changed
from schedulers.followups.ending import closed
from schedulers.followups.owning import next_owner
from schedulers.followups.planning import is_held_back, waits_for_agreed_time
from schedulers.followups.records import FollowUp, What
from schedulers.followups.rules import Rules
from schedulers.followups.stopping import must_close


def pass_time(account: Account, now: datetime, rules: Rules) -> Decision:
    """What is to be said and done of a customer's open follow-ups at an instant; a second time nothing more."""
    decision = Decision()
    for follow_up in account.open:
        seen = applied(account, decision) if decision.changes else account
        decision += _of_one(seen, follow_up, now, rules)
    return decision


def _of_one(account: Account, follow_up: FollowUp, now: datetime, rules: Rules) -> Decision:
    reason = must_close(follow_up, account.customer, rules, now)
    if reason is not None:
        return closed(account, follow_up, rules, Act(what=What.CLOSED, at=now), reason)
    decision = Decision()
    for step in (_owner, _overdue, _nudge, _escalate):
        current = decision.changes[-1].after if decision.changes else follow_up
        decision += step(account, current, now, rules)
    return decision if decision.changes else _slept_through(account, follow_up, now, rules)


def _slept_through(account: Account, follow_up: FollowUp, now: datetime, rules: Rules) -> Decision:
    """What it was to be woken for is over, as a do-not-call that began and ended meanwhile: it is not woken again."""
    if follow_up.wake_at is None or follow_up.wake_at > now:
        return Decision()
    change = changed(follow_up, account, rules, Act(what=What.PLANNED, at=now))
    return Decision(changes=(change,) if change.after.wake_at != follow_up.wake_at else ())


def _owner(account: Account, follow_up: FollowUp, now: datetime, rules: Rules) -> Decision:
    """Nothing open belongs to a leaver, or to who is off past the due time."""
    to = next_owner(follow_up, now, rules)
    if to is None:
        return Decision()
    act = Act(what=What.HANDED_OVER, at=now)
    return Decision(changes=(changed(follow_up, account, rules, act, owner=to, acknowledged_at=None),))


def _overdue(account: Account, follow_up: FollowUp, now: datetime, rules: Rules) -> Decision:
    if follow_up.overdue_told or not follow_up.is_overdue(now):
        return Decision()
    act = Act(what=What.OVERDUE, at=now)
    return Decision(changes=(changed(follow_up, account, rules, act, overdue_told=True),))


def _nudge(account: Account, follow_up: FollowUp, now: datetime, rules: Rules) -> Decision:
    """Its owner is reminded of an agreed time that is near."""
    if follow_up.nudged_at is not None or not waits_for_agreed_time(follow_up) or follow_up.agreed_at is None:
        return Decision()
    if now < follow_up.agreed_at - rules.contact(follow_up).nudge or follow_up.is_overdue(now):
        return Decision()
    return Decision(changes=(changed(follow_up, account, rules, Act(what=What.NUDGED, at=now), nudged_at=now),))


def _escalate(account: Account, follow_up: FollowUp, now: datetime, rules: Rules) -> Decision:
    """A reminder that nobody acknowledged goes to the leader."""
    if follow_up.nudged_at is None or follow_up.acknowledged_at or follow_up.escalated_at:
        return Decision()
    if not waits_for_agreed_time(follow_up) or now < follow_up.nudged_at + rules.contact(follow_up).nudge_leader:
        return Decision()
    act = Act(what=What.ESCALATED, at=now)
    return Decision(changes=(changed(follow_up, account, rules, act, escalated_at=now),))


def replanned(account: Account, now: datetime, rules: Rules) -> Decision:
    """The account after its customer changed: numbers, hours, zone, do-not-call; only what differs is a change."""
    decision = Decision()
    for follow_up in account.open:
        change = changed(follow_up, account, rules, Act(what=What.PLANNED, at=now))
        if replace(change.after, revision=follow_up.revision) != follow_up:
            decision += Decision(changes=(change,))
    return decision


def let_go(account: Account, now: datetime, rules: Rules) -> Decision:
    """The account after a contact that turned out to be none: what a cap held back for it is planned sooner."""
    act = Act(what=What.PLANNED, at=now)
    changes = ((each.ready_at, changed(each, account, rules, act)) for each in account.open)
    sooner = (change for ready, change in changes if _is_sooner(change.after.ready_at, ready))
    return Decision(changes=tuple(sooner))


def _is_sooner(ready: datetime | None, before: datetime | None) -> bool:
    return ready is not None and (before is None or ready < before)


def held_back(account: Account, now: datetime, rules: Rules) -> Decision:
    """The account after one more contact: what a cap forbids at its planned time is planned anew."""
    act = Act(what=What.PLANNED, at=now)
    held = (each for each in account.open if is_held_back(each, account, rules))
    return Decision(changes=tuple(changed(each, account, rules, act) for each in held))
