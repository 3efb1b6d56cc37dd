"""What people do to follow-ups besides contacting the customer: one or many, each in a transaction of its own.

What one of them refuses does not keep the others from being done; each says what became of it, and how it is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from schedulers.book import Also
from schedulers.errors import RefusedError
from schedulers.followups import acting
from schedulers.followups.account import Account, Decision
from schedulers.followups.changing import Act
from schedulers.followups.records import Change, FollowUp, What
from schedulers.followups.rules import Rules
from schedulers.storage.accounts import load_follow_ups
from schedulers.storage.lists import View, case_of, iterate
from service.desk.desk import Desk, moment_of, noting
from service.desk.lists import Wanted, whose_of

Job = Callable[[Account, FollowUp, Rules, Act], Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one. `refused` says in a line why nothing was done."""

    id: str
    before: FollowUp | None
    changes: tuple[Change, ...] = ()
    refused: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The public shape."""
        after = next((each.after for each in reversed(self.changes) if each.after.id == self.id), self.before)
        return {
            "id": self.id,
            "done": self.refused is None,
            "refused": self.refused,
            "state": after.state.value if after else None,
            "owner": after.owner if after else None,
            "due_at": after.due_at.isoformat(timespec="milliseconds") if after else None,
            "arose": [each.after.id for each in self.changes if each.what is What.BORN],
        }


def do(desk: Desk, ids: Iterable[str], job: Job, act: Act, also: Also | None = None) -> list[Done]:
    """Do it to each of them; `also` is done with the changes of each, in their transaction."""
    each_once = list(dict.fromkeys(ids))
    with desk.engine.connect() as connection:
        before = load_follow_ups(connection, each_once)
    book = desk.book if also is None else noting(desk.book, also)
    found: list[Done] = []
    for identity in each_once:
        try:
            changes = book.act(
                identity, act, lambda account, id_: job(account, item_of(account, id_), book.rules, act)
            )
        except RefusedError as error:
            found.append(Done(id=identity, before=before.get(identity), refused=str(error)))
        else:
            found.append(Done(id=identity, before=before.get(identity), changes=changes))
    return found


def item_of(account: Account, identity: str) -> FollowUp:
    """The follow-up of this id, open or not. Raises RefusedError."""
    for each in (*account.open, *account.ended):
        if each.id == identity:
            return each
    raise RefusedError("follow-up", repr(identity), "the id of a follow-up")


def chosen(connection: Connection, rules: Rules, wanted: Wanted, now: datetime) -> list[str]:
    """The open follow-ups of an owner, a kind …, for an act on all of them."""
    whose = whose_of(connection, wanted, rules, now)
    if whose is None:
        return []
    return [each.id for each in iterate(connection, View.OPEN, whose, moment_of(rules, now))]


def arisen_of(connection: Connection, ended: Sequence[FollowUp]) -> list[str]:
    """What arose of the end of some and is still open: undoing the end leaves it for a person to close."""
    found = [each for one in ended for each in case_of(connection, one.case) if each.after == one.id]
    return [each.id for each in found if each.is_open]


# -- the jobs ----------------------------------------------------------------------------------------


def to_reschedule(to: datetime) -> Job:
    """Another due time."""
    return lambda account, item, rules, act: acting.reschedule(account, item, to, rules, act)


def to_hand_over(to: str) -> Job:
    """Another owner."""
    return lambda account, item, rules, act: acting.hand_over(account, item, to, rules, act)


def to_close(reason: str) -> Job:
    """Given up with a reason."""
    return lambda account, item, rules, act: acting.close(account, item, reason, rules, act)


def to_reopen(account: Account, item: FollowUp, rules: Rules, act: Act) -> Decision:
    """Its end is undone."""
    return acting.reopen(account, item, rules, act)


def to_approve(account: Account, item: FollowUp, rules: Rules, act: Act) -> Decision:
    """One more approval of the date that waits."""
    return acting.approve(account, item, rules, act)


def to_acknowledge(account: Account, item: FollowUp, rules: Rules, act: Act) -> Decision:
    """The reminder was seen."""
    return acting.acknowledge(account, item, rules, act)


def to_note(account: Account, item: FollowUp, rules: Rules, act: Act) -> Decision:
    """A sentence on record."""
    return acting.note(account, item, rules, act)
