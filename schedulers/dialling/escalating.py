"""A promised time that finds nobody who can take it goes to the leader, not to silence: once, with a notice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from schedulers.book import Book
from schedulers.campaigns.records import Why
from schedulers.followups.account import Account, Decision
from schedulers.followups.changing import Act, changed
from schedulers.followups.records import FollowUp, What


def escalate(book: Book, late: Iterable[FollowUp], now: datetime) -> None:
    """Bring promised times before the leader. Raises StaleError, SQLAlchemyError."""
    act = Act(what=What.ESCALATED, at=now, note=Why.NO_AGENT.value)

    def job(account: Account, follow_up: str) -> Decision:
        found = next((each for each in account.open if each.id == follow_up), None)
        if found is None or found.escalated_at is not None:
            return Decision()
        return Decision(changes=(changed(found, account, book.rules, act, escalated_at=now),))

    for each in late:
        book.act(each.id, act, job)
