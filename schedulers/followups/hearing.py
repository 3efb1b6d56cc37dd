"""What a call does to an account: attempts, talks that fulfil, callers who got through or were missed. Pure.

domain.md §4: an attempt counts once the customer's network was reached, whoever dialled. A talk of `min_talk` with an
agent whom the kind allows makes a follow-up "reached?" until the agent's outcome says so. A talk that the customer
began fulfils only kinds with `inbound`; a missed caller who gets through closes his callback. A call that our own
attempt placed takes the place of what was known of that attempt before.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from config.contact_times import part_of_day
from config.followups import NOT_COUNTED, FollowUpKind, Result, TriggerKind
from schedulers.followups.account import Account, Contact, Decision, Happened, HeardCall, HeardTalk, Uncreated
from schedulers.followups.arising import arise
from schedulers.followups.changing import Act, applied, changed
from schedulers.followups.ending import done
from schedulers.followups.owning import may_do
from schedulers.followups.passing import held_back, let_go
from schedulers.followups.records import CLAIMED_AT, Attempt, FollowUp, What
from schedulers.followups.rules import Rules
from schedulers.followups.tries import HIS_WORD, everything, is_settled_by, key_of, rows_for, tallied, withdrawn

MISSED = "missed_call"


def hear(account: Account, call: HeardCall, rules: Rules) -> Decision:
    """What a call that is over changes. The same call again changes nothing.

    A call that reached the customer counts toward his caps also where what it was for has ended meanwhile.
    """
    rows = rows_for(account, call)
    decision = _contacts(account, call, rows)
    for follow_up in everything(account, rows):
        now, row = applied(account, decision), rows.get(follow_up.id)
        if _is_known(account, follow_up, call):
            decision += _twice(now, follow_up, row, call, rules)
        elif row is not None:
            decision += _settled(now, follow_up, row, call, rules)
        elif follow_up.born_at <= call.began_at:
            decision += _for_one(now, follow_up, call, rules)
    if call.inbound and not call.answered:
        decision += _missed(applied(account, decision), call, rules)
    if decision.withdrawn:
        decision += let_go(applied(account, decision), call.ended_at, rules)
    return decision + held_back(applied(account, decision), call.ended_at, rules)


def _contacts(account: Account, call: HeardCall, rows: dict[str, Attempt]) -> Decision:
    """That he was contacted when the call began, and not when the attempt that placed it was thought to have ended."""
    reached = call.number is not None and not call.inbound and (call.result not in NOT_COUNTED or call.disturbed)
    before = {row.at for row in rows.values() if not is_settled_by(row, call)}
    if call.attempt_at is not None:
        before.add(call.attempt_at)
    gone = withdrawn(account, before - {call.began_at}, {row.key for row in rows.values()})
    contact = Contact(customer=account.customer.id, at=call.began_at)
    return Decision(contacts=(contact,) if reached else (), withdrawn=gone)


def _is_known(account: Account, follow_up: FollowUp, call: HeardCall) -> bool:
    """Whether this call was taken in for this follow-up before."""
    if follow_up.reached_call == call.call:
        return True
    return any(each.follow_up == follow_up.id and is_settled_by(each, call) for each in account.attempts)


def _twice(account: Account, follow_up: FollowUp, row: Attempt | None, call: HeardCall, rules: Rules) -> Decision:
    """The agent spoke of the call before it was known to be that attempt's: one try, and not two."""
    if row is None or row.call is not None:
        return Decision()
    act = Act(what=What.TAKEN_BACK, at=call.ended_at, note=row.key)
    same = replace(row, call=call.call, counts=False, window="")
    return Decision(changes=(changed(follow_up, account, rules, act, same, **tallied(account, same)),))


def _settled(account: Account, follow_up: FollowUp, row: Attempt, call: HeardCall, rules: Rules) -> Decision:
    """What was known of the try is replaced by the call; an outcome that was said of it stays."""
    is_said = row.result in HIS_WORD or (row.result is Result.TALKED and row.call != call.call)
    if not follow_up.is_open or is_said:
        attempt = replace(attempt_of(follow_up, call, account, rules, None), key=row.key)
        if row.result in HIS_WORD:
            attempt = replace(attempt, result=row.result, counts=row.counts)
        act = Act(what=What.ATTEMPTED, at=call.ended_at, by=call.dialled_by or "system", note=row.key)
        return Decision(changes=(changed(follow_up, account, rules, act, attempt, **tallied(account, attempt)),))
    return _tried(account, follow_up, rules.kind(follow_up), call, rules, key=row.key)


def _for_one(account: Account, follow_up: FollowUp, call: HeardCall, rules: Rules) -> Decision:
    kind = rules.kind(follow_up)
    if not kind.is_by_phone:
        return Decision()
    if call.inbound:
        talk = _talk_for(follow_up, kind, call, rules) if kind.inbound else None
        return _fulfilling(account, follow_up, kind, call, talk, rules) if talk else Decision()
    if call.serves and follow_up.id not in call.serves:
        return Decision()
    if not call.serves and call.began_at < follow_up.open_at:
        return Decision()
    return _tried(account, follow_up, kind, call, rules)


def _tried(
    account: Account, follow_up: FollowUp, kind: FollowUpKind, call: HeardCall, rules: Rules, key: str | None = None
) -> Decision:
    """One more try; with `key` in the place of the one that had it."""
    talk = _talk_for(follow_up, kind, call, rules)
    attempt = attempt_of(follow_up, call, account, rules, talk)
    attempt = replace(attempt, key=key or attempt.key)
    note = attempt.key if call.attempt else ""
    act = Act(what=What.ATTEMPTED, at=call.ended_at, by=call.dialled_by or "system", note=note)
    tried = changed(follow_up, account, rules, act, attempt, **tallied(account, attempt))
    after = applied(account, Decision(changes=(tried,)))
    more = (
        _fulfilling(after, tried.after, kind, call, talk, rules)
        if talk
        else _disputed(after, tried.after, call, rules)
    )
    return Decision(changes=(tried,)) + more


def _fulfilling(
    account: Account, follow_up: FollowUp, kind: FollowUpKind, call: HeardCall, talk: HeardTalk, rules: Rules
) -> Decision:
    """A talk that would fulfil it: with the outcome said before it does, else it waits for the outcome."""
    if _got_through(kind, call) or _is_claimed(follow_up, call, talk, rules):
        act = Act(what=What.DONE, at=call.ended_at, by=talk.agent)
        began = talk.began_at if call.inbound else call.began_at
        return done(account, follow_up, rules, act, began, call=call.call, content=follow_up.content)
    if follow_up.reached_call is not None:
        return Decision()
    act = Act(what=What.REACHED, at=call.ended_at, by=talk.agent)
    attempt = _his_own(follow_up, call, talk) if call.inbound else None
    return Decision(changes=(changed(follow_up, account, rules, act, attempt, reached_call=call.call),))


def _is_claimed(follow_up: FollowUp, call: HeardCall, talk: HeardTalk, rules: Rules) -> bool:
    """Whether the outcome "reached" was said already: of this call, or of none and on the day of this talk.

    Ours: agents write down their contacts on the business day on which they had them.
    """
    if follow_up.claimed_call != "":
        return follow_up.claimed_call == call.call
    said_at = dict(follow_up.about).get(CLAIMED_AT)
    return said_at is not None and rules.day_of(datetime.fromisoformat(str(said_at))) == rules.day_of(talk.began_at)


def _got_through(kind: FollowUpKind, call: HeardCall) -> bool:
    """Whether a missed caller reached somebody by himself: that closes his callback without an outcome."""
    return call.inbound and kind.trigger.kind is TriggerKind.MISSED_CALL


def _his_own(follow_up: FollowUp, call: HeardCall, talk: HeardTalk) -> Attempt:
    """A talk that the customer began: no try of ours, kept so that its instant and its agent are known."""
    return Attempt(
        follow_up=follow_up.id,
        key=call.call,
        at=talk.began_at,
        result=call.result,
        counts=False,
        number=call.number,
        agent=talk.agent,
        call=call.call,
        talk=talk.length,
    )


def _disputed(account: Account, follow_up: FollowUp, call: HeardCall, rules: Rules) -> Decision:
    """The outcome said "reached" by this very call, and the PBX shows no such talk: shown, not believed."""
    if follow_up.claimed_call != call.call:
        return Decision()
    act = Act(what=What.DIFFERS, at=call.ended_at, note=call.call)
    return Decision(changes=(changed(follow_up, account, rules, act),))


def _talk_for(follow_up: FollowUp, kind: FollowUpKind, call: HeardCall, rules: Rules) -> HeardTalk | None:
    """The first talk that is long enough, with somebody whom the kind allows, begun after it arose."""
    for talk in call.talks:
        is_enough = talk.length >= kind.min_talk and talk.began_at >= follow_up.born_at
        if is_enough and (_got_through(kind, call) or may_do(talk.agent, follow_up, talk.began_at, rules)):
            return talk
    return None


def attempt_of(
    follow_up: FollowUp, call: HeardCall, account: Account, rules: Rules, talk: HeardTalk | None
) -> Attempt:
    """The attempt that a call was for a follow-up."""
    longest = max((each.length for each in call.talks), default=timedelta())
    return Attempt(
        follow_up=follow_up.id,
        key=key_of(call.attempt) if call.attempt else call.call,
        at=call.began_at,
        result=call.result,
        counts=call.result not in NOT_COUNTED,
        number=call.number,
        agent=talk.agent if talk else call.dialled_by,
        call=call.call,
        talk=longest if call.talks else None,
        window=part_of_day(call.began_at, account.customer.zone or rules.zone),
    )


def _missed(account: Account, call: HeardCall, rules: Rules) -> Decision:
    """A caller whom nobody answered: a callback, or why there is none."""
    version = rules.version_at(call.began_at)
    kinds = [each for each in version.promises.kinds if each.trigger.kind is TriggerKind.MISSED_CALL]
    why = _cannot_be_called_back(account, call, rules)
    if why is not None:
        left = (Uncreated(kind=each.id, key=call.call, at=call.ended_at, why=why) for each in kinds)
        return Decision(uncreated=tuple(left))
    happened = Happened(
        trigger=MISSED,
        key=call.call,
        at=call.ended_at,
        number=call.number,
        about=tuple(sorted((name, value) for name, value in (("did", call.did), ("queue", call.queue)) if value)),
    )
    return arise(account, happened, rules)


def _cannot_be_called_back(account: Account, call: HeardCall, rules: Rules) -> str | None:
    """Why a missed caller is not called back; None where he is."""
    version = rules.version_at(call.began_at)
    if call.withheld or call.number is None:
        return "withheld"
    written = (each.written for each in account.customer.numbers if each.number == call.number)
    forms = (call.number, *written)
    if version.numbers.is_left_out(*forms):
        return "left_out"
    if version.numbers.is_shared(*forms):
        return "shared"
    return "short" if call.waited < version.limits.short_abandon else None
