"""What somebody records of a contact: checked against the kinds' surveys, and said to the book."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from analytics.storage.aliases import resolve
from config.followups import Question, Result, Survey
from schedulers.book import Also
from schedulers.errors import RefusedError
from schedulers.followups.account import Said
from schedulers.followups.records import Attributes, Change, FollowUp
from schedulers.followups.rules import Rules
from schedulers.storage.accounts import load_follow_ups
from service.desk.desk import Desk, noting

KEY_DIGITS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """As it was given. `answers` are texts by question; `key` names the record for good, so that it counts once."""

    follow_ups: tuple[str, ...]
    by: str
    at: datetime
    result: Result = Result.TALKED
    key: str | None = None
    content: bool | None = None
    answers: Mapping[str, str] | None = None
    agreed_at: datetime | None = None
    promise: str | None = None
    promise_at: datetime | None = None
    promise_skill: str | None = None
    close: str | None = None
    elsewhere: str | None = None
    contact_at: datetime | None = None
    call: str | None = None
    note: str = ""


def say(desk: Desk, outcome: Outcome, also: Also | None = None) -> tuple[Change, ...]:
    """Record it; what changed. `also` is done with the changes, in their transaction.

    Raises RefusedError, and then nothing is changed."""
    customer, said = checked(desk, outcome)
    book = desk.book if also is None else noting(desk.book, also)
    return book.say(customer, said)


def checked(desk: Desk, outcome: Outcome) -> tuple[str, Said]:
    """The customer whom it is about, and what is said to the book. Raises RefusedError."""
    rules = desk.rules
    items = _items(desk, outcome.follow_ups)
    outcome = replace(outcome, call=_call(desk, outcome.call))
    customers = sorted({each.customer for each in items})
    if len(customers) > 1:
        raise RefusedError("outcome", f"follow-ups of {len(customers)} customers", "those of one customer")
    _check_promise(outcome)
    _check_contact(outcome, items)
    return customers[0], _said(outcome, _answers(outcome, items, rules))


def _items(desk: Desk, ids: Sequence[str]) -> list[FollowUp]:
    with desk.engine.connect() as connection:
        found = load_follow_ups(connection, ids)
    for each in ids:
        if each not in found:
            raise RefusedError("follow-up", repr(each[:40]), "the id of a follow-up")
    if not ids:
        raise RefusedError("outcome", "no follow-up", "the id of one")
    return [found[each] for each in dict.fromkeys(ids)]


def _call(desk: Desk, call: str | None) -> str | None:
    """The call that is meant: where it was merged into another, that one."""
    if call is None:
        return None
    with desk.engine.connect() as connection:
        return resolve(connection, call)


def _said(outcome: Outcome, answers: Attributes) -> Said:
    return Said(
        key=outcome.key or _key(outcome),
        at=outcome.at,
        by=outcome.by,
        follow_ups=tuple(dict.fromkeys(outcome.follow_ups)),
        result=outcome.result,
        contact_at=outcome.contact_at,
        elsewhere=outcome.elsewhere,
        call=outcome.call,
        content=outcome.content,
        answers=answers,
        agreed_at=outcome.agreed_at,
        promise=outcome.promise,
        promise_at=outcome.promise_at,
        promise_skill=outcome.promise_skill,
        close=outcome.close,
        note=outcome.note,
    )


def _key(outcome: Outcome) -> str:
    """Who recorded it of what and when: the same again is the same record."""
    parts = (outcome.by, outcome.at.isoformat(), *outcome.follow_ups)
    return "outcome:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:KEY_DIGITS]


def _check_promise(outcome: Outcome) -> None:
    if outcome.promise is None and (outcome.promise_at or outcome.promise_skill):
        raise RefusedError("promise", "a time or a skill without one", "the promise itself")
    if outcome.promise_at is not None and outcome.promise_at <= outcome.at:
        raise RefusedError("promise: time", outcome.promise_at.isoformat(), f"after {outcome.at.isoformat()}")
    if outcome.agreed_at is not None and outcome.close is not None:
        raise RefusedError("outcome", "an agreed time and a closing reason", "one of both")


def _check_contact(outcome: Outcome, items: Iterable[FollowUp]) -> None:
    """A contact elsewhere was made since the follow-up arose, and is over."""
    at = outcome.contact_at
    if at is None:
        return
    if at > outcome.at:
        raise RefusedError("contact: time", at.isoformat(), f"not after {outcome.at.isoformat()}")
    for each in items:
        if at < each.born_at:
            expected = f"since it arose, {each.born_at.isoformat()}"
            raise RefusedError(f"follow-up {each.id}: contact", at.isoformat(), expected)


def _answers(outcome: Outcome, items: Iterable[FollowUp], rules: Rules) -> Attributes:
    """The answers as the survey of every item has them: marks as numbers. Raises RefusedError."""
    if not outcome.answers:
        return ()
    surveys = [rules.promises(each).survey(rules.kind(each).survey) for each in items]
    read = [(name, _answer(_question(name, surveys), text)) for name, text in outcome.answers.items()]
    return tuple(sorted(read))


def _question(name: str, surveys: Iterable[Survey | None]) -> Question:
    found: Question | None = None
    for survey in surveys:
        questions = survey.questions if survey else ()
        found = next((each for each in questions if each.id == name), None)
        if found is None:
            expected = ", ".join(each.id for each in questions) or "none: this kind has no survey"
            raise RefusedError(f"answer {name[:40]}", "no such question", f"one of {expected}")
    if found is None:
        raise RefusedError(f"answer {name[:40]}", "no such question", "one of a survey")
    return found


def _answer(question: Question, text: str) -> int | str:
    if question.scale is None:
        return text
    is_mark = text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= question.scale
    if not is_mark:
        raise RefusedError(f"answer {question.id}", repr(text[:40]), f"a mark from 1 to {question.scale}")
    return int(text)
