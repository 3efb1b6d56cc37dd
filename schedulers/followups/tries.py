"""The tries at a follow-up: what they sum up to, and what one of our own attempts left there. Pure.

An attempt of ours has one row for each follow-up that it serves, under the key `attempt:ID`, whatever becomes known of
it: first perhaps that nobody knows its end, later what the call was. What is known better replaces what was known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from config.followups import Result
from schedulers.followups.account import Account, Contact, HeardCall
from schedulers.followups.records import Attempt, FollowUp

HIS_WORD = frozenset({Result.VOICEMAIL, Result.THIRD_PERSON, Result.WRONG_NUMBER, Result.SILENT})
"""What only somebody who listened can say of a try: it stands above what telephony makes of the call."""


OURS = "attempt:"


def key_of(attempt: str) -> str:
    """The key of the rows of one of our own attempts."""
    return f"{OURS}{attempt}"


def tallied(account: Account, attempt: Attempt) -> dict[str, Any]:
    """What a follow-up says of its tries once this one is among them, or in the place of what it was before."""
    others = (each for each in account.attempts if each.follow_up == attempt.follow_up and each.key != attempt.key)
    ours = [each for each in (*others, attempt) if each.window]
    last = max(ours, key=lambda each: (each.at, each.key), default=None)
    return {
        "counted": sum(each.counts for each in ours),
        "uncounted": sum(not each.counts for each in ours),
        "tried_at": last.at if last else None,
        "tried": last.result if last else None,
    }


def rows_of(account: Account, attempt: str | None) -> dict[str, Attempt]:
    """By follow-up, what one of our own attempts left there."""
    if attempt is None:
        return {}
    return {each.follow_up: each for each in account.attempts if each.key == key_of(attempt)}


def is_placed(row: Attempt) -> bool:
    """Whether it is a call, or an attempt of ours to make one; else it is what somebody said of a contact."""
    return row.call is not None or row.key.startswith(OURS)


def is_open_ended(row: Attempt) -> bool:
    """Whether nobody knows yet how it ended."""
    return row.result is Result.INDETERMINATE and row.call is None


def rows_for(account: Account, call: HeardCall) -> dict[str, Attempt]:
    """By follow-up, what a call settles: what its attempt left there, or the call while its end was not known."""
    unsettled = (each for each in account.attempts if each.call == call.call and not is_settled_by(each, call))
    return {each.follow_up: each for each in unsettled} | rows_of(account, call.attempt)


def is_settled_by(row: Attempt, call: HeardCall) -> bool:
    """Whether the call was taken in as this try, and says no more than it said then.

    A call that was cut by a gap is told again once the PBX's logs are read: with its end, or with the talk that it had.
    """
    is_better = row.result is Result.INDETERMINATE and call.result is not Result.INDETERMINATE
    return row.call == call.call and not is_better and not _is_longer(row, call)


def _is_longer(row: Attempt, call: HeardCall) -> bool:
    """Whether there was more of a talk. Of a row without any, unless it is of an attempt of ours, a person told."""
    longest = max((each.length for each in call.talks), default=None)
    if longest is None or (row.talk is None and not row.key.startswith(OURS)):
        return False
    return row.talk is None or longest > row.talk


def withdrawn(account: Account, instants: Iterable[datetime], of: Collection[str]) -> tuple[Contact, ...]:
    """Contacts at these instants that were none, unless other tries than those `of` these keys make them contacts."""
    others = {each.at for each in account.attempts if each.counts and each.key not in of}
    return tuple(
        Contact(customer=account.customer.id, at=each) for each in sorted(set(instants)) if each not in others
    )


def everything(account: Account, rows: dict[str, Attempt]) -> tuple[FollowUp, ...]:
    """What is open, and what is over and has a row of the attempt."""
    return (*account.open, *(each for each in account.ended if each.id in rows))
