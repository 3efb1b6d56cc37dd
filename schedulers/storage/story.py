"""The story of one follow-up: every change with who made it and why, every try, every answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from schedulers.followups.records import Attempt, FollowUp, State, What
from schedulers.storage.followup_models import (
    follow_up_answers,
    follow_up_attempts,
    follow_up_changes,
    follow_ups,
)
from schedulers.storage.followup_rows import attempt_of, follow_up_of
from telephony.clock import from_microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A change, and how things stood from `at` until `until` (None: still)."""

    revision: int
    at: datetime
    until: datetime | None
    what: What
    by: str
    note: str
    owner: str
    before_owner: str | None
    group: str | None
    state: State
    due_at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a customer answered: a mark, or words. `key` is that of the record in which it was given."""

    question: str
    answer: int | str
    key: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A follow-up as it stands, and all that led there, the oldest first."""

    follow_up: FollowUp
    lines: tuple[Line, ...]
    attempts: tuple[Attempt, ...]
    answers: tuple[Answer, ...]


def load_story(connection: Connection, follow_up: str) -> Story | None:
    """The story of a follow-up by its id; None where there is none."""
    found = connection.execute(select(follow_ups).where(follow_ups.c.id == follow_up)).first()
    if found is None:
        return None
    changes, tries, answers = follow_up_changes.c, follow_up_attempts.c, follow_up_answers.c
    lines = select(follow_up_changes).where(changes.follow_up == follow_up).order_by(changes.revision)
    tried = select(follow_up_attempts).where(tries.follow_up == follow_up).order_by(tries.at_us, tries.key)
    answered = select(follow_up_answers).where(answers.follow_up == follow_up)
    return Story(
        follow_up=follow_up_of(found),
        lines=tuple(map(_line, connection.execute(lines))),
        attempts=tuple(map(attempt_of, connection.execute(tried))),
        answers=tuple(map(_answer, connection.execute(answered.order_by(answers.at_us, answers.question)))),
    )


def _line(row: Row[Any]) -> Line:
    return Line(
        revision=row.revision,
        at=from_microseconds(row.at_us),
        until=None if row.until_us is None else from_microseconds(row.until_us),
        what=What(row.what),
        by=row.by_whom,
        note=row.note,
        owner=row.owner,
        before_owner=row.before_owner,
        group=row.group_name,
        state=State(row.state),
        due_at=from_microseconds(row.due_us),
        reason=row.reason,
    )


def _answer(row: Row[Any]) -> Answer:
    return Answer(
        question=row.question,
        answer=row.words if row.mark is None else row.mark,
        key=row.key,
        at=from_microseconds(row.at_us),
        by=row.by_whom,
    )
