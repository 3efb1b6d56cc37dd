"""Makes changes: the next revision of a follow-up, planned anew, with the line that its story gets. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from schedulers.followups.account import Account, Decision, Uncreated
from schedulers.followups.planning import planned
from schedulers.followups.records import SYSTEM, Attempt, Change, FollowUp, What, altered
from schedulers.followups.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """That something was done: what, when, by whom."""

    what: What
    at: datetime
    by: str = SYSTEM
    note: str = ""


def changed(
    follow_up: FollowUp, account: Account, rules: Rules, act: Act, attempt: Attempt | None = None, **to: Any
) -> Change:
    """The follow-up with these fields, as a change: one revision on, planned anew from the act's instant."""
    owner = follow_up.owner
    after = altered(follow_up, revision=follow_up.revision + 1, **to)
    return Change(
        at=act.at,
        what=act.what,
        by=act.by,
        note=act.note,
        after=planned(after, account, rules, act.at),
        before_owner=owner if after.owner != owner else None,
        attempt=attempt,
    )


def born(follow_up: FollowUp, account: Account, rules: Rules, act: Act) -> Change:
    """The first line of a follow-up's story."""
    return Change(
        at=act.at, what=act.what, by=act.by, note=act.note, after=planned(follow_up, account, rules, act.at)
    )


def applied(account: Account, decision: Decision) -> Account:
    """The account after a decision: what is open and ended now, with the new attempts and contacts.

    A birth whose follow-up is known changes nothing: the same trigger makes one.
    """
    items = {each.id: each for each in (*account.ended, *account.open)}
    for change in decision.changes:
        if change.what is not What.BORN or change.after.id not in items:
            items[change.after.id] = change.after
    attempts = _attempts(account, decision)
    contacts = set(account.contacts) - {each.at for each in decision.withdrawn}
    contacts |= {each.at for each in decision.contacts} | {each.at for each in attempts if each.counts}
    return replace(
        account,
        open=tuple(each for each in items.values() if each.is_open),
        ended=tuple(each for each in items.values() if not each.is_open),
        attempts=attempts,
        contacts=tuple(sorted(contacts)),
    )


def _attempts(account: Account, decision: Decision) -> tuple[Attempt, ...]:
    known = {(each.follow_up, each.key): each for each in account.attempts}
    told = (change.attempt for change in decision.changes if change.attempt is not None)
    return tuple((known | {(each.follow_up, each.key): each for each in told}).values())


def nothing(kind: str, key: str, at: datetime, why: str) -> Decision:
    """The decision that a trigger makes no follow-up of a kind."""
    return Decision(uncreated=(Uncreated(kind=kind, key=key, at=at, why=why),))
