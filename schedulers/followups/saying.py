"""What an agent records of a contact, and how it closes the loop: done, tried, agreed, given up, asked anew. Pure.

"Reached" fulfils only together with a talk that the PBX saw, or with a contact elsewhere that is logged as such; until
the talk is heard the outcome waits, and where the PBX says otherwise that is shown. What the agent says of a call
(a mailbox, a third person, a wrong number) stands above what telephony made of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from config.contact_times import part_of_day
from config.followups import IN_PERSON, NOT_COUNTED, FollowUpKind, FulfilledBy, Result, Survey, TriggerKind
from schedulers.errors import RefusedError
from schedulers.followups.account import Account, Contact, Decision, Happened, Said
from schedulers.followups.arising import arise
from schedulers.followups.changing import Act, applied, changed
from schedulers.followups.ending import closed, done
from schedulers.followups.owning import may_do
from schedulers.followups.passing import held_back, let_go
from schedulers.followups.records import CLAIMED_AT, Attempt, FollowUp, What, noted
from schedulers.followups.rules import Rules
from schedulers.followups.tries import is_placed, tallied, withdrawn

NEAR_A_CALL = timedelta(hours=1)
"""An outcome that names no call belongs to a talk of its agent that began so long before it."""


def record(account: Account, said: Said, rules: Rules) -> Decision:
    """What an outcome changes. Raises RefusedError for what the rules do not permit; then nothing is changed."""
    items = {each.id: each for each in account.open}
    decision = Decision()
    for identity in said.follow_ups:
        follow_up = items.get(identity)
        if follow_up is None:
            raise RefusedError("outcome", f"follow-up {identity}", "an open one of this customer")
        _require_time(follow_up, said)
        now = applied(account, decision)
        decision += _for_one(now, _current(now, identity) or follow_up, said, rules)
    decision += _further(applied(account, decision), said, rules)
    if decision.withdrawn:
        decision += let_go(applied(account, decision), said.at, rules)
    return decision + held_back(applied(account, decision), said.at, rules)


def _require_time(follow_up: FollowUp, said: Said) -> None:
    """A contact lies between the birth of what it is for and the word of it."""
    at = said.contact_at or said.at
    if not follow_up.born_at <= at <= said.at:
        expected = f"between {follow_up.born_at.isoformat()} and {said.at.isoformat()}"
        raise RefusedError(f"follow-up {follow_up.id}: time of the contact", at.isoformat(), expected)


def _current(account: Account, identity: str) -> FollowUp | None:
    return next((each for each in account.open if each.id == identity), None)


def _for_one(account: Account, follow_up: FollowUp, said: Said, rules: Rules) -> Decision:
    kind = rules.kind(follow_up)
    act = Act(what=What.NOTED, at=said.at, by=said.by, note=said.note)
    decision = _contact(account, follow_up, kind, said, rules, act)
    now = applied(account, decision)
    current = _current(now, follow_up.id)
    if current is None:
        return decision
    if said.agreed_at is not None:
        decision += agree(now, current, said.agreed_at, rules, replace(act, what=What.AGREED))
    elif said.close is not None:
        decision += closed(now, current, rules, replace(act, what=What.CLOSED), said.close)
    return decision


def _contact(
    account: Account, follow_up: FollowUp, kind: FollowUpKind, said: Said, rules: Rules, act: Act
) -> Decision:
    """What the contact itself was: fulfilling, or one more attempt."""
    if said.result is not Result.TALKED:
        return _attempted(account, follow_up, said, rules, act)
    if said.agreed_at is not None or said.close is not None:
        # He was spoken with, and that was not the matter: an attempt unless the call was heard already.
        return _attempted(account, follow_up, said, rules, act)
    return _reached(account, follow_up, kind, said, rules, act)


def _reached(
    account: Account, follow_up: FollowUp, kind: FollowUpKind, said: Said, rules: Rules, act: Act
) -> Decision:
    content = content_of(said, rules.promises(follow_up).survey(kind.survey))
    done_act = replace(act, what=What.DONE)
    at = said.contact_at or said.at
    if kind.fulfilled_by in {FulfilledBy.MARK, FulfilledBy.MESSAGE}:
        return done(account, follow_up, rules, done_act, at, elsewhere=said.elsewhere, content=content)
    if said.elsewhere is not None:
        if not may_do(said.by, follow_up, said.at, rules):
            raise RefusedError(f"follow-up {follow_up.id}", f"agent {said.by}", "its owner, a leader, or its group")
        told = _made_elsewhere(account, said, at)
        now = applied(account, told)
        return told + done(now, follow_up, rules, done_act, at, elsewhere=said.elsewhere, content=content)
    attempt = _proof(account, follow_up, kind, said, rules)
    if attempt is not None:
        return done(account, follow_up, rules, done_act, attempt.at, call=attempt.call, content=content)
    claimed = said.call or ""
    if follow_up.claimed_call == claimed and follow_up.content == content and (claimed or _is_said(follow_up, at)):
        return Decision()
    heard = any(each.call == claimed for each in account.attempts)
    what = What.DIFFERS if heard else What.NOTED
    said_at = None if claimed else at.isoformat()
    change = changed(
        follow_up,
        account,
        rules,
        replace(act, what=what),
        claimed_call=claimed,
        content=content,
        about=noted(follow_up.about, **{CLAIMED_AT: said_at}),
    )
    return Decision(changes=(change,))


def _made_elsewhere(account: Account, said: Said, at: datetime) -> Decision:
    """A call by mobile or a message counts toward the caps as any other; a visit does not."""
    contact = Contact(customer=account.customer.id, at=at)
    return Decision(contacts=() if said.elsewhere in IN_PERSON else (contact,))


def _is_said(follow_up: FollowUp, at: datetime) -> bool:
    return dict(follow_up.about).get(CLAIMED_AT) == at.isoformat()


def _proof(account: Account, follow_up: FollowUp, kind: FollowUpKind, said: Said, rules: Rules) -> Attempt | None:
    """The attempt whose talk the PBX saw and the kind allows: of the call that is named, else the last one near."""
    call = said.call or follow_up.reached_call
    for each in sorted(account.attempts, key=lambda attempt: attempt.at, reverse=True):
        is_it = each.call == call if call else said.at - NEAR_A_CALL <= each.at <= said.at
        is_talk = each.talk is not None and each.talk >= kind.min_talk and each.result is Result.TALKED
        if each.follow_up == follow_up.id and is_it and is_talk and each.agent:
            return each if may_do(each.agent, follow_up, each.at, rules) else None
    return None


def content_of(said: Said, survey: Survey | None) -> bool | None:
    """Whether the customer is satisfied: as recorded, else by the marks that he gave."""
    if said.content is not None or survey is None:
        return said.content
    marks = dict(said.answers)
    told = [
        int(marks[question.id]) >= question.content_from
        for question in survey.questions
        if question.content_from is not None and isinstance(marks.get(question.id), int)
    ]
    return all(told) if told else None


def _attempted(account: Account, follow_up: FollowUp, said: Said, rules: Rules, act: Act) -> Decision:
    """One more attempt; or, of a call that was heard, what the agent says of it in place of what telephony said."""
    known = _spoken_of(account, follow_up, said)
    at = known.at if known else said.contact_at or said.at
    is_ours = known is None or known.counts or bool(known.window)
    attempt = Attempt(
        follow_up=follow_up.id,
        key=known.key if known else said.call or said.key,
        at=at,
        result=said.result,
        counts=is_ours and said.result not in NOT_COUNTED,
        number=known.number if known else follow_up.number,
        agent=said.by,
        call=known.call if known else said.call,
        talk=known.talk if known else None,
        window=part_of_day(at, account.customer.zone or rules.zone) if is_ours else "",
    )
    if known == attempt and follow_up.reached_call is None:
        return Decision()
    to = tallied(account, attempt)
    wrong = said.result is Result.WRONG_NUMBER and attempt.number is not None
    change = changed(follow_up, account, rules, replace(act, what=What.ATTEMPTED), attempt, reached_call=None, **to)
    told = Decision(changes=(change,), wrong_numbers=(attempt.number,) if wrong and attempt.number else ())
    return told + _contacted(account, known, attempt)


def _contacted(account: Account, known: Attempt | None, attempt: Attempt) -> Decision:
    """Whether what the agent says makes it a contact, or none: of a line that was silent, or was never reached."""
    if known is not None and known.counts and attempt.result in _NO_CONTACT and known.result not in _PICKED_UP:
        return Decision(withdrawn=withdrawn(account, (attempt.at,), (attempt.key,)))
    is_silent = known is None and attempt.result is Result.SILENT
    contact = Contact(customer=account.customer.id, at=attempt.at)
    return Decision(contacts=(contact,) if is_silent else ())


_NO_CONTACT = frozenset({Result.FAILED, Result.AGENT_MISSED})
_PICKED_UP = frozenset({Result.TALKED, Result.VOICEMAIL, Result.THIRD_PERSON, Result.WRONG_NUMBER})
"""By telephony his phone was answered: he was disturbed, whatever became of it."""


def _spoken_of(account: Account, follow_up: FollowUp, said: Said) -> Attempt | None:
    """The attempt that an outcome is about: of its call, of the talk that waits, or the last near one heard."""
    mine = [each for each in account.attempts if each.follow_up == follow_up.id]
    call = said.call or (follow_up.reached_call if said.elsewhere is None else None)
    exact = next((each for each in mine if each.key == said.key or (call and each.call == call)), None)
    if exact is not None or call is not None or said.elsewhere is not None:
        return exact
    near = [each for each in mine if is_placed(each) and said.at - NEAR_A_CALL <= each.at <= said.at]
    return max((each for each in near if each.agent == said.by), key=lambda each: each.at, default=None)


def agree(account: Account, follow_up: FollowUp, at: datetime, rules: Rules, act: Act) -> Decision:
    """A time that was agreed with the customer replaces the due time. Raises RefusedError."""
    kind = rules.kind(follow_up)
    if not kind.agreed:
        raise RefusedError(f"follow-up {follow_up.id}: agreed time", "one", "none: this kind's due time is fixed")
    if at == follow_up.agreed_at:
        return Decision()
    if at <= act.at:
        raise RefusedError(f"follow-up {follow_up.id}: agreed time", at.isoformat(), f"after {act.at.isoformat()}")
    change = changed(
        follow_up,
        account,
        rules,
        act,
        agreed_at=at,
        due_at=at + rules.contact(follow_up).punctual,
        overdue_told=False,
        nudged_at=None,
        acknowledged_at=None,
        escalated_at=None,
    )
    return Decision(changes=(change,))


def _further(account: Account, said: Said, rules: Rules) -> Decision:
    """A new question becomes a follow-up of its own until it is solved (D); an outcome may trigger others."""
    decision = Decision()
    if said.promise is not None:
        name = f"{TriggerKind.PROMISE.value}:{said.promise}" if said.promise else TriggerKind.PROMISE.value
        happened = Happened(
            trigger=name,
            key=said.key,
            at=said.at,
            by=said.by,
            promised_at=said.promise_at,
            skill=said.promise_skill,
        )
        made = arise(account, happened, rules)
        if not made.changes:
            raise RefusedError("promise", repr(said.promise), "a promise that the policy has a kind for")
        decision += made
    outcome = Happened(
        trigger=f"{TriggerKind.OUTCOME.value}:{said.close or said.result.value}",
        key=said.key,
        at=said.at,
        by=said.by,
    )
    return decision + arise(applied(account, decision), outcome, rules)
