"""Sign-offs in the database: a row for each issue that was signed, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from analytics.closing.exemptions import load_exemptions
from analytics.closing.issues import load_issue, load_issues
from analytics.closing.models import sign_offs
from analytics.closing.month import Month, check_signing, month_of
from analytics.closing.objections import load_objections
from analytics.closing.persons import written
from analytics.closing.records import Issue
from analytics.errors import ClosingError
from analytics.metrics.periods import Period
from analytics.people.store import load_names
from telephony.clock import to_microseconds


def load_month(connection: Connection, period: Period, gaps: Sequence[str], now: datetime) -> Month:
    """All that is on record of a month; `gaps` are its open gaps, each in a sentence."""
    return month_of(
        issues=load_issues(connection, period.start, period.end),
        objections=load_objections(connection, period.start, period.end),
        exemptions=load_exemptions(connection, period.start, period.end),
        gaps=gaps,
        now=now,
    )


def sign(
    connection: Connection,
    period: Period,
    *,
    gaps: Sequence[str],
    by: str,
    at: datetime,
    note: str | None = None,
    in_spite: str | None = None,
) -> tuple[Issue, ...]:
    """Sign the newest issues of a month, those that are not signed yet; what was signed. Raise ClosingError.

    Of two who sign at once the second is refused: an issue is signed once.
    """
    month = load_month(connection, period, gaps, at)
    person = written(by, "signed by")
    reason = None if in_spite is None else written(in_spite, "in spite")
    check_signing(month, person, reason, load_names(connection))
    rows = [
        {
            "period": period.label,
            "start_us": period.start_us,
            "end_us": period.end_us,
            "issue_id": each.id,
            "signed_by": person,
            "signed_us": to_microseconds(at),
            "note": None if note is None else written(note, "note"),
            "in_spite": reason if month.standing else None,
        }
        for each in month.to_sign
    ]
    try:
        connection.execute(insert(sign_offs), rows)
    except IntegrityError:
        raise ClosingError(f"sign: found {period.label} signed meanwhile, expected an issue that is not") from None
    return tuple(load_issue(connection, each.id) for each in month.to_sign)
