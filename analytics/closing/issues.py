"""Issued reports in the database: numbered, frozen, never changed. What is said later is said by the next number.

Whoever issues the same report, period and grouping at the same time gets another number: the database lets each number
be taken once, and who comes second tries the next.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select
from sqlalchemy.exc import IntegrityError

from analytics.closing.canonical import digest, policy_rules
from analytics.closing.figures import Figures, figures_of, freeze, text_of
from analytics.closing.models import issued_reports, sign_offs
from analytics.closing.persons import written
from analytics.closing.records import Issue
from analytics.errors import ClosingError
from analytics.metrics.periods import Period
from analytics.reports.report import Report
from config.policies import Policy
from telephony.clock import from_microseconds, to_microseconds

TRIES = 20
_LONG = ("figures", "policy_rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A report that is about to be issued. `reason` is needed where it was issued before."""

    figures: Figures
    policy_rules: str
    issued_by: str
    issued_at: datetime
    objections_until: datetime
    program: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """An issued report with the very texts that are stored."""

    issue: Issue
    text: str
    policy_rules: str

    @property
    def figures(self) -> Figures:
        """The figures. Raise ClosingError where the text is not as it was issued."""
        return figures_of(self.text)


def draft_of(
    report: Report,
    period: Period,
    groups: tuple[str, ...],
    policy: Policy,
    **issued: Any,
) -> Draft:
    """A draft of a report; `issued` are the other fields of Draft. Raise ClosingError."""
    return Draft(figures=freeze(report, period, groups, policy), policy_rules=policy_rules(policy), **issued)


def issue(engine: Engine, draft: Draft) -> Issue:
    """Issue a report under the next number, in a transaction of its own.

    Raise ClosingError where it was issued before and the draft gives no reason.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with engine.begin() as connection:
                return load_issue(connection, _insert(connection, draft))
        except IntegrityError:
            # Somebody else took the number between our look and our insert.
            if attempt == TRIES:
                raise
    raise AssertionError


def _insert(connection: Connection, draft: Draft) -> int:
    before = _newest(connection, draft.figures)
    reason = None if draft.reason is None else written(draft.reason, "reason")
    if before is not None and reason is None:
        raise ClosingError(
            f"issue: found no reason, expected one: {before.title} was issued "
            f"at {before.issued_at.isoformat(timespec='seconds')}"
        )
    row = _row(draft, before) | {"reason": reason}
    done = connection.execute(insert(issued_reports).values(row))
    key = done.inserted_primary_key
    return int(key[0]) if key else 0


def _row(draft: Draft, before: Issue | None) -> dict[str, Any]:
    figures = draft.figures
    text = text_of(figures)
    return {
        "name": figures.report,
        "period": figures.period,
        "start_us": to_microseconds(figures.start),
        "end_us": to_microseconds(figures.end),
        "zone": figures.zone,
        "grouped_by": "+".join(figures.groups),
        "number": 1 if before is None else before.number + 1,
        "issued_us": to_microseconds(draft.issued_at),
        "issued_by": written(draft.issued_by, "issued by"),
        "as_of_us": to_microseconds(figures.as_of),
        "objections_until_us": to_microseconds(draft.objections_until),
        "policy": figures.policy,
        "policy_digest": figures.policy_digest,
        "policy_rules": draft.policy_rules,
        "program": draft.program,
        "figures": text,
        "sha256": digest(text),
        "warnings": json.dumps(figures.warnings, ensure_ascii=False),
        "supersedes": None if before is None else before.id,
    }


def _newest(connection: Connection, figures: Figures) -> Issue | None:
    table = issued_reports.c
    wanted = _issues().where(
        table.name == figures.report,
        table.start_us == to_microseconds(figures.start),
        table.end_us == to_microseconds(figures.end),
        table.grouped_by == "+".join(figures.groups),
    )
    row = connection.execute(wanted.order_by(table.number.desc()).limit(1)).first()
    return None if row is None else _issue(row)


def load_issue(connection: Connection, issue_id: int) -> Issue:
    """One issued report. Raise ClosingError where there is none of this id."""
    row = connection.execute(_issues().where(issued_reports.c.id == issue_id)).first()
    if row is None:
        raise ClosingError(f"issued report: found none of the id {issue_id}, expected one of `report issued`")
    return _issue(row)


def load_issues(
    connection: Connection, start: datetime | None = None, end: datetime | None = None
) -> tuple[Issue, ...]:
    """Those of exactly this period, or all; in the order in which they were issued."""
    wanted = _issues()
    if start is not None and end is not None:
        table = issued_reports.c
        wanted = wanted.where(table.start_us == to_microseconds(start), table.end_us == to_microseconds(end))
    return tuple(map(_issue, connection.execute(wanted.order_by(issued_reports.c.id))))


def load_frozen(connection: Connection, issue_id: int) -> Frozen:
    """An issued report with its figures. Raise ClosingError where there is none of this id."""
    issue = load_issue(connection, issue_id)
    wanted = select(issued_reports.c.figures, issued_reports.c.policy_rules)
    text, rules = connection.execute(wanted.where(issued_reports.c.id == issue_id)).one()
    return Frozen(issue=issue, text=text, policy_rules=rules)


def faults(frozen: Frozen) -> tuple[str, ...]:
    """What is not as it was issued: each with what was found and what was expected. Empty if all is sound."""
    issue = frozen.issue
    found = [
        _fault("figures sha256", digest(frozen.text), issue.sha256),
        _fault("policy_rules sha256", digest(frozen.policy_rules), issue.policy_digest),
    ]
    try:
        figures = frozen.figures
    except ClosingError as error:
        return (*filter(None, found), str(error))
    names = ("report", "period", "start", "end", "zone", "groups", "as_of", "policy", "policy_digest", "warnings")
    # The columns beside the figures say the same as the figures themselves, which the digest covers.
    found += [_fault(name, getattr(issue, name), getattr(figures, name)) for name in names]
    return tuple(filter(None, found))


def _fault(what: str, found: object, expected: object) -> str | None:
    return None if found == expected else f"{what}: found {found}, expected {expected}"


def _issues() -> Select[Any]:
    columns = [column for column in issued_reports.columns if column.name not in _LONG]
    signed = sign_offs.c.issue_id == issued_reports.c.id
    said = (sign_offs.c.signed_by, sign_offs.c.signed_us, sign_offs.c.note, sign_offs.c.in_spite)
    return select(*columns, *said).join(sign_offs, signed, isouter=True)


def _issue(row: Any) -> Issue:
    return Issue(
        id=row.id,
        report=row.name,
        period=row.period,
        start=from_microseconds(row.start_us),
        end=from_microseconds(row.end_us),
        zone=row.zone,
        groups=tuple(row.grouped_by.split("+")) if row.grouped_by else (),
        number=row.number,
        issued_at=from_microseconds(row.issued_us),
        issued_by=row.issued_by,
        as_of=from_microseconds(row.as_of_us),
        objections_until=from_microseconds(row.objections_until_us),
        policy=row.policy,
        policy_digest=row.policy_digest,
        program=row.program,
        sha256=row.sha256,
        warnings=tuple(json.loads(row.warnings)),
        reason=row.reason,
        supersedes=row.supersedes,
        signed_by=row.signed_by,
        signed_at=None if row.signed_us is None else from_microseconds(row.signed_us),
        sign_note=row.note,
        in_spite=row.in_spite,
    )
