"""The audit log: who looked at, listened to, exported or changed what, when and from where; and as a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from aiohttp import web

from analytics.export.csv_file import csv_file
from analytics.export.table import Column, Kind, Table
from service.auth.audit import Act
from service.auth.audit_reading import AuditQuery, AuditRow
from service.auth.office import Office
from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard.frame import Frame
from service.dashboard.query import QueryError, check_keys, choose
from service.dashboard.rendering import Renderer
from service.dashboard.rights.labels import ACTS, role_text
from service.dashboard.rows import Mark
from service.dashboard.words import Words

KEYS = ("who", "did", "about", "from", "to", "after")
NOBODY = "-"
"""Stands for what was done without a login, in the address."""

COLUMNS = ("at", "login", "role", "act", "subject", "address", "details")
MAX_TEXT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One row in words."""

    at: str
    who: str
    role: str
    act: Mark
    subject: str
    address: str
    details: str


class AuditPages:
    """The handlers, over the accounts' office."""

    places = frozenset({"audit"})

    def __init__(self, office: Office, frame: Frame, renderer: Renderer) -> None:
        self._office = office
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [web.get("/audit", self.shown), web.get("/audit.csv", self.file)]

    async def close(self, app: web.Application) -> None:
        """There is nothing to close."""

    async def shown(self, request: web.Request) -> web.Response:
        """GET /audit."""
        need(request, Right.AUDIT)
        reader, words = self._frame.reader(request)
        query = read_query(request.query, words)
        page, total = await self._office.audit(query), await self._office.audit_count(query)
        asked = {key: request.query.get(key, "") for key in KEYS}
        return self._frame.shown(
            "audit.html", request, lines=[line_of(words, each) for each in page.rows], total=total, asked=asked,
            people=await self._office.audit_people(), nobody=NOBODY,
            acts=[(act.value, words.gettext(ACTS[act][0])) for act in Act],
            filtered=any(value for key, value in asked.items() if key != "after"),
            next_page=reader.here(after=str(page.next_after)) if page.next_after else "",
            first_page=reader.here(after="") if query.after else "",
            file="/audit.csv" + reader.here(after="").removeprefix(reader.path),
        )  # fmt: skip

    async def file(self, request: web.Request) -> web.Response:
        """GET /audit.csv: all that match, up to a hundred thousand. That it was taken is in it for the next reader."""
        need(request, Right.AUDIT)
        words = self._frame.words_for(request)
        query = read_query(request.query, words)
        rows = await self._office.audit_all(query)
        asked = " ".join(f"{key}={request.query[key]}" for key in KEYS if request.query.get(key))
        await self._frame.note_first(request, Act.EXPORTED, "audit", rows=len(rows), filter=asked)
        name = f"threerings-audit-{self._frame.today(words)}.csv"
        return web.Response(
            body=await asyncio.to_thread(lambda: csv_file(table_of(rows, words))),
            content_type="text/csv",
            charset="utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )


def read_query(query: Mapping[str, str], words: Words) -> AuditQuery:
    """Which rows the address asks for. Raises QueryError."""
    check_keys(query, KEYS)
    who = query.get("who") or None
    return AuditQuery(
        who="" if who == NOBODY else who,
        act=choose("did", query, Act),
        about=(query.get("about", "").strip() or None),
        start=_begin(words, _day("from", query)),
        end=_begin(words, _day("to", query), days=1),
        after=_number("after", query),
    )


def _day(key: str, query: Mapping[str, str]) -> date | None:
    found = query.get(key, "")
    try:
        return date.fromisoformat(found) if found else None
    except ValueError:
        raise QueryError(key, found, "a day such as 2026-11-20") from None


def _begin(words: Words, day: date | None, days: int = 0) -> datetime | None:
    """When a day begins by the centre's clock, or one so many days later."""
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=days), time(), words.zone).astimezone(UTC)
    except OverflowError:
        raise QueryError("to" if days else "from", str(day), "a day such as 2026-11-20") from None


def _number(key: str, query: Mapping[str, str]) -> int | None:
    found = query.get(key, "")
    if not found:
        return None
    if not (found.isascii() and found.isdigit() and len(found) <= 9):
        raise QueryError(key, found, "the number of a row")
    return int(found)


def line_of(words: Words, row: AuditRow) -> AuditLine:
    """A row in words."""
    text, css, icon = ACTS.get(row.act, (row.act, "", "circle"))
    details = " · ".join(f"{key} {_plain(value)}" for key, value in row.details.items() if value not in ("", None))
    return AuditLine(
        at=f"{words.local(row.at):%Y-%m-%d %H:%M:%S}",
        who=row.login or "—",
        role=role_text(words, row.role),
        act=Mark(text=words.gettext(text), css=css, icon=icon),
        subject=row.subject,
        address=row.address or "—",
        details=details,
    )


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def table_of(rows: list[AuditRow], words: Words) -> Table:
    """The rows as a file has them."""
    kinds = {"at": Kind.INSTANT}
    columns = tuple(Column(name=name, title=name, kind=kinds.get(name, Kind.TEXT)) for name in COLUMNS)
    told = tuple(
        (each.at, each.login, each.role, each.act, each.subject, each.address, _details(each)) for each in rows
    )
    title = words.gettext("Audit log")
    return Table(title=title, columns=columns, rows=told, made_at=None, zone=words.zone)


def _details(row: AuditRow) -> str:
    return " ".join(f"{key}={_plain(value)}" for key, value in row.details.items())
