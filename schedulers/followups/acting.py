"""What people do to a follow-up besides contacting the customer: move, hand over, close, reopen, approve. Pure.

Each act is on record with who did it, and what was done can be undone. Raises RefusedError where it is not permitted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Decision
from schedulers.followups.changing import Act, changed
from schedulers.followups.ending import closed
from schedulers.followups.records import TIMES_REOPENED, Change, FollowUp, State, What, noted
from schedulers.followups.rules import Rules


def reschedule(account: Account, follow_up: FollowUp, to: datetime, rules: Rules, act: Act) -> Decision:
    """Another due time, set by a person; a date that needs approvals waits for them."""
    _require_open(follow_up)
    if to <= act.at:
        raise RefusedError(f"follow-up {follow_up.id}: time", to.isoformat(), f"after {act.at.isoformat()}")
    if rules.kind(follow_up).approvals:
        asked = replace(act, what=What.NOTED)
        return _one(changed(follow_up, account, rules, asked, wanted_at=to, approvals=(act.by,)))
    return _one(_moved(account, follow_up, to, rules, replace(act, what=What.RESCHEDULED)))


def approve(account: Account, follow_up: FollowUp, rules: Rules, act: Act) -> Decision:
    """One more person approves the date that waits; with the last of them it counts."""
    _require_open(follow_up)
    if follow_up.wanted_at is None:
        raise RefusedError(f"follow-up {follow_up.id}: approval", "no date that waits", "one that was set by hand")
    if act.by in follow_up.approvals:
        raise RefusedError(f"follow-up {follow_up.id}: approval", f"{act.by} a second time", "another person")
    approvals = (*follow_up.approvals, act.by)
    approved = replace(act, what=What.APPROVED)
    if len(approvals) <= rules.kind(follow_up).approvals:
        return _one(changed(follow_up, account, rules, approved, approvals=approvals))
    ready = replace(follow_up, approvals=approvals)
    return _one(_moved(account, ready, follow_up.wanted_at, rules, approved))


def hand_over(account: Account, follow_up: FollowUp, to: str, rules: Rules, act: Act) -> Decision:
    """To another agent, who works here."""
    _require_open(follow_up)
    if not rules.staff.works_here(to, act.at):
        raise RefusedError(f"follow-up {follow_up.id}: owner", repr(to), "an agent who works here")
    group = rules.staff.group_of(to, act.at) or follow_up.group
    act = replace(act, what=What.HANDED_OVER)
    return _one(changed(follow_up, account, rules, act, owner=to, group=group, acknowledged_at=None))


def close(account: Account, follow_up: FollowUp, reason: str, rules: Rules, act: Act) -> Decision:
    """Give it up with a reason that the kind permits."""
    _require_open(follow_up)
    return closed(account, follow_up, rules, replace(act, what=What.CLOSED), reason)


def reopen(account: Account, follow_up: FollowUp, rules: Rules, act: Act) -> Decision:
    """Undo its end. What arose of the end stays, and is closed as withdrawn by whoever undoes it."""
    if follow_up.is_open:
        raise RefusedError(f"follow-up {follow_up.id}", "an open one", "one that is done or closed")
    act = replace(act, what=What.REOPENED)
    times = dict(follow_up.about).get(TIMES_REOPENED)
    times = times + 1 if isinstance(times, int) else 1
    change = changed(
        follow_up,
        account,
        rules,
        act,
        state=State.OPEN,
        fulfilled_at=None,
        ended_at=None,
        reason=None,
        call=None,
        elsewhere=None,
        content=None,
        about=noted(follow_up.about, **{TIMES_REOPENED: times}),
    )
    return _one(change)


def acknowledge(account: Account, follow_up: FollowUp, rules: Rules, act: Act) -> Decision:
    """Its owner has seen the reminder."""
    _require_open(follow_up)
    act = replace(act, what=What.ACKNOWLEDGED)
    return _one(changed(follow_up, account, rules, act, acknowledged_at=act.at))


def note(account: Account, follow_up: FollowUp, rules: Rules, act: Act) -> Decision:
    """A sentence on record."""
    return _one(changed(follow_up, account, rules, replace(act, what=What.NOTED)))


def _moved(account: Account, follow_up: FollowUp, to: datetime, rules: Rules, act: Act) -> Change:
    return changed(
        follow_up,
        account,
        rules,
        act,
        due_at=to,
        agreed_at=None,
        wanted_at=None,
        overdue_told=False,
        nudged_at=None,
        acknowledged_at=None,
        escalated_at=None,
        approvals=follow_up.approvals,
    )


def _require_open(follow_up: FollowUp) -> None:
    if not follow_up.is_open:
        raise RefusedError(f"follow-up {follow_up.id}", f"one that is {follow_up.state.value}", "an open one")


def _one(change: Change) -> Decision:
    return Decision(changes=(change,))
