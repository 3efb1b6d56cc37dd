"""Objections: what agents say against an issued month's minutes, rings or one call, and the answer.

Each issue of a report opens a window in which its figures may be objected to; what is raised later is refused. Nobody
answers his own objection. One that is upheld may lead to an exemption or to a restatement, which it then names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update

from analytics.closing.exemptions import find_target, load_exemption
from analytics.closing.issues import load_issue, load_issues
from analytics.closing.models import objections
from analytics.closing.persons import must_differ, written
from analytics.closing.records import REPORTS, About, Issue, Kind, Objection
from analytics.closing.states import OBJECTIONS, ObjectionState, ObjectionStep, follow
from analytics.errors import ClosingError
from analytics.metrics.periods import Period, start_of_day
from analytics.people.store import load_names
from telephony.clock import from_microseconds, to_microseconds

WINDOW_DAYS = 7
"""The appeal week of a rulebook with points (dealer support)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said to an objection. Both ids are None where nothing follows from it."""

    uphold: bool
    by: str
    text: str
    exemption_id: int | None = None
    restatement_id: int | None = None


def window_end(issued_at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The instant before which objections may be raised: the end of the last of so many days after the day of issue."""
    issued_on: date = issued_at.astimezone(zone).date()
    return from_microseconds(start_of_day(issued_on + timedelta(days=days + 1), zone))


def check_window(issues: Sequence[Issue], about: About, period: str, at: datetime) -> None:
    """Raise ClosingError unless a report that this is about was issued, and its window is open."""
    named = REPORTS[about]
    windows = [each for each in issues if named is None or each.report == named]
    if not windows:
        what = "a report" if named is None else f"the report {named}"
        raise ClosingError(f"objection: found none issued of {period}, expected {what} to object to")
    until = max(each.objections_until for each in windows)
    if at >= until:
        raise ClosingError(
            f"objection: found {at.isoformat(timespec='seconds')}, "
            f"expected it before {until.isoformat(timespec='seconds')}: until then {period} was open"
        )


def raise_objection(
    connection: Connection,
    *,
    agent: str,
    period: Period,
    about: About,
    target_id: str | None,
    text: str,
    at: datetime,
) -> Objection:
    """Put an objection on record. Raise ClosingError where the window is closed, or the target is not stored."""
    check_window(load_issues(connection, period.start, period.end), about, period.label, at)
    row = {
        "agent": written(agent, "agent"),
        "period": period.label,
        "start_us": period.start_us,
        "end_us": period.end_us,
        "about": about.value,
        "target_id": None if target_id is None else _target(connection, about, target_id),
        "text": written(text, "text"),
        "raised_us": to_microseconds(at),
        "state": ObjectionState.OPEN.value,
    }
    key = connection.execute(insert(objections).values(row)).inserted_primary_key
    return load_objection(connection, int(key[0]) if key else 0)


def _target(connection: Connection, about: About, target_id: str) -> str:
    """Rings are of an offering, all else of a call."""
    kind = Kind.OFFERING if about is About.RINGS else Kind.CALL
    return find_target(connection, kind, target_id)[0]


def decide(connection: Connection, objection_id: int, answer: Answer, at: datetime) -> Objection:
    """Uphold or reject. Raise ClosingError where it is not open, or who decides is the agent himself."""
    step = ObjectionStep.UPHOLD if answer.uphold else ObjectionStep.REJECT
    found = load_objection(connection, objection_id)
    after = follow(OBJECTIONS, found.title, found.state, step)
    person = written(answer.by, "decided by")
    must_differ(f"{found.title} decided by", person, found.agent, load_names(connection))
    _check_outcome(connection, found, answer)
    changed = {
        "state": after.value,
        "decided_by": person,
        "decided_us": to_microseconds(at),
        "answer": written(answer.text, "answer"),
        "exemption_id": answer.exemption_id,
        "restatement_id": answer.restatement_id,
    }
    return _change(connection, found, step, changed)


def withdraw(connection: Connection, objection_id: int, *, by: str, at: datetime) -> Objection:
    """The agent takes it back. Raise ClosingError where it is not open."""
    found = load_objection(connection, objection_id)
    after = follow(OBJECTIONS, found.title, found.state, ObjectionStep.WITHDRAW)
    person = written(by, "withdrawn by")
    changed = {"state": after.value, "decided_by": person, "decided_us": to_microseconds(at)}
    return _change(connection, found, ObjectionStep.WITHDRAW, changed)


def _check_outcome(connection: Connection, found: Objection, answer: Answer) -> None:
    """What an answer names exists, and a restatement is one of this period."""
    if not answer.uphold and (answer.exemption_id or answer.restatement_id):
        raise ClosingError(
            f"{found.title}: found a rejection with an outcome, expected one only where it is upheld"
        )
    if answer.exemption_id is not None:
        load_exemption(connection, answer.exemption_id)
    if answer.restatement_id is not None:
        issue = load_issue(connection, answer.restatement_id)
        if issue.supersedes is None or (issue.start, issue.end) != (found.start, found.end):
            raise ClosingError(f"{found.title}: found {issue.title}, expected a restatement of {found.period}")


def _change(connection: Connection, found: Objection, step: ObjectionStep, changed: dict[str, Any]) -> Objection:
    """Change the row as it was found; whoever was faster has changed its state, which is judged anew."""
    wanted = update(objections).where(objections.c.id == found.id, objections.c.state == found.state.value)
    if connection.execute(wanted.values(changed)).rowcount == 0:
        now = load_objection(connection, found.id)
        follow(OBJECTIONS, now.title, now.state, step)
    return load_objection(connection, found.id)


def load_objection(connection: Connection, objection_id: int) -> Objection:
    """One objection. Raise ClosingError where there is none of this id."""
    row = connection.execute(select(objections).where(objections.c.id == objection_id)).first()
    if row is None:
        raise ClosingError(f"objection: found none of the id {objection_id}, expected one of `objection list`")
    return _objection(row)


def load_objections(
    connection: Connection, start: datetime | None = None, end: datetime | None = None
) -> tuple[Objection, ...]:
    """Those to exactly this period's figures, or all; in the order in which they were raised."""
    wanted = select(objections)
    if start is not None and end is not None:
        table = objections.c
        wanted = wanted.where(table.start_us == to_microseconds(start), table.end_us == to_microseconds(end))
    return tuple(map(_objection, connection.execute(wanted.order_by(objections.c.id))))


def _objection(row: Row[Any]) -> Objection:
    return Objection(
        id=row.id,
        agent=row.agent,
        period=row.period,
        start=from_microseconds(row.start_us),
        end=from_microseconds(row.end_us),
        about=About(row.about),
        target_id=row.target_id,
        text=row.text,
        raised_at=from_microseconds(row.raised_us),
        state=ObjectionState(row.state),
        decided_by=row.decided_by,
        decided_at=None if row.decided_us is None else from_microseconds(row.decided_us),
        answer=row.answer,
        exemption_id=row.exemption_id,
        restatement_id=row.restatement_id,
    )
