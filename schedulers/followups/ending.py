"""How a follow-up ends: fulfilled, or closed with a reason; and what its end makes arise. Pure."""

from __future__ import annotations

from datetime import datetime

from config.followups import SYSTEM_REASONS, Attempts
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Decision, Happened
from schedulers.followups.arising import arise
from schedulers.followups.changing import Act, applied, changed
from schedulers.followups.records import CLAIMED_AT, TIMES_REOPENED, Attempt, Change, FollowUp, State, noted
from schedulers.followups.rules import Rules

UNREACHABLE = "unreachable"


def done(
    account: Account,
    follow_up: FollowUp,
    rules: Rules,
    act: Act,
    fulfilled_at: datetime,
    *,
    call: str | None = None,
    elsewhere: str | None = None,
    content: bool | None = None,
) -> Decision:
    """Fulfilled by a contact that began at an instant; where the customer is not content the next one arises."""
    change = changed(
        follow_up,
        account,
        rules,
        act,
        state=State.DONE,
        fulfilled_at=fulfilled_at,
        ended_at=act.at,
        call=call,
        elsewhere=elsewhere,
        content=content,
        reached_call=None,
        claimed_call=None,
    )
    trigger = "unsatisfied" if content is False else "done"
    return _ended(account, change, trigger, fulfilled_at, rules)


def closed(account: Account, follow_up: FollowUp, rules: Rules, act: Act, reason: str) -> Decision:
    """Given up with a reason that the kind permits. Raises RefusedError."""
    require_reason(account, follow_up, rules, reason)
    change = changed(
        follow_up,
        account,
        rules,
        act,
        state=State.CLOSED,
        ended_at=act.at,
        reason=reason,
        reached_call=None,
        claimed_call=None,
    )
    return _ended(account, change, "closed", act.at, rules)


def require_reason(account: Account, follow_up: FollowUp, rules: Rules, reason: str) -> None:
    """Whether it may be closed so. Raises RefusedError for a reason that is not permitted, or not yet."""
    kind = rules.kind(follow_up)
    permitted = (*kind.reasons, *sorted(SYSTEM_REASONS))
    if reason not in permitted:
        raise RefusedError(f"follow-up {follow_up.id}: reason", repr(reason), "one of " + ", ".join(permitted))
    if reason == UNREACHABLE:
        attempts = [each for each in account.attempts if each.follow_up == follow_up.id and each.counts]
        lacking = lacks(attempts, kind.attempts)
        if lacking:
            raise RefusedError(f"follow-up {follow_up.id}: unreachable", *lacking)


def lacks(attempts: list[Attempt], limits: Attempts) -> tuple[str, str] | None:
    """What is missing until a customer counts as unreachable: found and expected; None where nothing is."""
    days = {each.window.split(" ")[0] for each in attempts}
    parts = {each.window.split(" ")[-1] for each in attempts}
    if len(attempts) < limits.least:
        return f"{len(attempts)} attempts that reached the network", f"at least {limits.least}"
    if len(days) < limits.days:
        return f"attempts on {len(days)} day", f"on {limits.days} days"
    if len(parts) < limits.windows:
        return f"attempts in {len(parts)} part of the day", f"in {limits.windows} parts of the day"
    return None


def _key_of_end(after: FollowUp) -> str:
    """What names its end: once it was undone, the next one is another end."""
    times = dict(after.about).get(TIMES_REOPENED)
    return f"{after.id}:{times}" if times else after.id


def _ended(account: Account, change: Change, trigger: str, at: datetime, rules: Rules) -> Decision:
    """The end, and what the policy makes arise of it."""
    ended = Decision(changes=(change,))
    after = change.after
    happened = Happened(
        trigger=f"{trigger}:{after.kind}",
        key=_key_of_end(after),
        at=at,
        about=noted(after.about, **{TIMES_REOPENED: None, CLAIMED_AT: None}),
        by=after.owner,
        number=after.number,
        case=after.case,
        after=after,
    )
    return ended + arise(applied(account, ended), happened, rules)
