"""Reading the audit: the newest first, page by page, by who, what, about what and when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from service.auth.audit import Act
from service.auth.models import audit_log
from telephony.clock import from_microseconds, to_microseconds

PAGE = 50
MOST = 100_000
"""Rows that one file holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which rows: from start up to and without end; after: older than this row."""

    who: str | None = None  # a login; '' for what was done without one
    act: Act | None = None
    about: str | None = None  # a part of the subject
    start: datetime | None = None
    end: datetime | None = None
    after: int | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One row as it was written."""

    id: int
    at: datetime
    login: str
    role: str
    act: str
    subject: str
    address: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Rows, and where the next page begins; None on the last."""

    rows: tuple[AuditRow, ...]
    next_after: int | None = None


def page_of(connection: Connection, query: AuditQuery) -> AuditPage:
    """A page."""
    found = [_row(each) for each in connection.execute(_wanted(query).limit(query.limit + 1))]
    more = len(found) > query.limit
    shown = tuple(found[: query.limit])
    return AuditPage(rows=shown, next_after=shown[-1].id if more else None)


def all_of(connection: Connection, query: AuditQuery) -> Iterator[AuditRow]:
    """All rows that match, a page at a time, up to as many as one file holds."""
    told, at = 0, query
    while told < MOST:
        page = page_of(connection, at)
        yield from page.rows
        told += len(page.rows)
        if page.next_after is None:
            return
        at = replace(at, after=page.next_after)


def count_of(connection: Connection, query: AuditQuery) -> int:
    """How many match, whatever the page."""
    whole = replace(query, after=None)
    return connection.execute(select(func.count()).select_from(audit_log).where(*_conditions(whole))).scalar_one()


def people_of(connection: Connection) -> list[str]:
    """The logins that did anything."""
    return sorted(connection.execute(select(audit_log.c.login).distinct()).scalars())


def _wanted(query: AuditQuery) -> Select[Any]:
    return select(audit_log).where(*_conditions(query)).order_by(audit_log.c.id.desc())


def _conditions(query: AuditQuery) -> list[ColumnElement[bool]]:
    column = audit_log.c
    told: list[tuple[object, ColumnElement[bool]]] = [
        (query.who, column.login == query.who),
        (query.act, column.act == query.act),
        (query.about, column.subject.contains(query.about or "", autoescape=True)),
        (query.start, column.at_us >= _us(query.start)),
        (query.end, column.at_us < _us(query.end)),
        (query.after, column.id < (query.after or 0)),
    ]
    return [condition for value, condition in told if value is not None]


def _us(at: datetime | None) -> int:
    return 0 if at is None else to_microseconds(at)


def _row(row: Row[Any]) -> AuditRow:
    return AuditRow(
        id=row.id,
        at=from_microseconds(row.at_us),
        login=row.login,
        role=row.role,
        act=row.act,
        subject=row.subject,
        address=row.address,
        details=json.loads(row.details),
    )
