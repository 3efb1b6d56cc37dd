"""What our own attempts do to an account where no call tells: nobody knows their end, or it is certain. Pure.

architecture: at most once. An attempt whose end nobody knows counts toward the caps and the tries, fulfils nothing and
is never sent again by itself. It is settled by a call that is heard of later (`hearing.hear`), by the PBX's own logs,
or by a person. In whatever order and however often these are told, what is known best stands: a call, then what a
person or the logs say (whichever of the two came first), then that nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.contact_times import part_of_day
from config.followups import NOT_COUNTED, Result
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Contact, Decision
from schedulers.followups.changing import Act, applied, changed
from schedulers.followups.passing import held_back, let_go
from schedulers.followups.records import SYSTEM, Attempt, FollowUp, What
from schedulers.followups.rules import Rules
from schedulers.followups.tries import everything, is_open_ended, key_of, rows_of, tallied, withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One of our own attempts. `at` is when it was committed to be dialled, `known_at` when we know this of it."""

    attempt: str  # what the PBX was told to call its first channel: no two are the same
    follow_ups: tuple[str, ...]  # that it serves; () of a call to a number that nothing is owed to
    number: str
    agent: str
    at: datetime
    known_at: datetime


def lost(account: Account, tried: Tried, rules: Rules) -> Decision:
    """Nobody knows its end: it counts for what it serves and is still open, and toward the caps in any case."""
    rows = rows_of(account, tried.attempt)
    if rows:
        return Decision()
    act = Act(what=What.ATTEMPTED, at=tried.known_at, note=key_of(tried.attempt))
    contact = Contact(customer=account.customer.id, at=tried.at)
    decision = Decision(contacts=(contact,))
    for follow_up in account.open:
        if follow_up.id in tried.follow_ups:
            decision += _put(applied(account, decision), follow_up, tried, Result.INDETERMINATE, rules, act)
    return decision + held_back(applied(account, decision), tried.known_at, rules)


def refused(account: Account, tried: Tried, rules: Rules) -> Decision:
    """It is certain that he was not dialled: the PBX refused, or the order never left. A try that does not count."""
    return _known(account, tried, Result.FAILED, rules, SYSTEM)


def taken_back(account: Account, tried: Tried, rules: Rules) -> Decision:
    """The PBX's own logs go on beyond it and know no such call: what counted does not any more, nor as a contact."""
    return _known(account, tried, Result.FAILED, rules, SYSTEM)


def settled(account: Account, tried: Tried, result: Result, rules: Rules, by: str) -> Decision:
    """A person says how it ended; it fulfils nothing. Raises RefusedError: a talk is recorded as an outcome."""
    if result in {Result.TALKED, Result.INDETERMINATE}:
        expected = "a result without a talk: a talk is recorded as the follow-up's outcome"
        raise RefusedError(f"attempt {tried.attempt}: result", result.value, expected)
    return _known(account, tried, result, rules, by)


def _known(account: Account, tried: Tried, result: Result, rules: Rules, by: str) -> Decision:
    """Its end in the place of not knowing it; what a call or a person has said of it stays."""
    rows = rows_of(account, tried.attempt)
    if any(not is_open_ended(row) for row in rows.values()):
        return Decision()
    gone = withdrawn(account, (tried.at,), (key_of(tried.attempt),)) if result is Result.FAILED else ()
    decision = Decision(withdrawn=gone)
    if result is not Result.FAILED:
        decision = Decision(contacts=(Contact(customer=account.customer.id, at=tried.at),))
    for follow_up in everything(account, rows):
        if follow_up.id in tried.follow_ups:
            counted_until_now = follow_up.id in rows and result is Result.FAILED
            what = What.TAKEN_BACK if counted_until_now else What.ATTEMPTED
            act = Act(what=what, at=tried.known_at, by=by, note=key_of(tried.attempt))
            decision += _put(applied(account, decision), follow_up, tried, result, rules, act)
    if gone:
        decision += let_go(applied(account, decision), tried.known_at, rules)
    return decision + held_back(applied(account, decision), tried.known_at, rules)


def _put(account: Account, follow_up: FollowUp, tried: Tried, result: Result, rules: Rules, act: Act) -> Decision:
    attempt = Attempt(
        follow_up=follow_up.id,
        key=key_of(tried.attempt),
        at=tried.at,
        result=result,
        counts=result not in NOT_COUNTED,
        number=tried.number,
        agent=tried.agent,
        window=part_of_day(tried.at, account.customer.zone or rules.zone),
    )
    return Decision(changes=(changed(follow_up, account, rules, act, attempt, **tallied(account, attempt)),))
