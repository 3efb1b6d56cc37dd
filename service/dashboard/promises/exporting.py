"""Coverage and the items behind its figures as spreadsheets: the rows of the page, under the same question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from analytics.export.table import Cell, Column, Kind, Note, Table
from analytics.export.workbook import workbook
from schedulers.storage.seeing import Whom
from service.auth.rights import Right
from service.auth.visiting import need, visitor_of
from service.dashboard.frame import Frame
from service.dashboard.promises.asked import BEHIND, COVERAGE, read_asked, read_standing
from service.dashboard.promises.coverage_view import counts_of, kind_name, on_time_of, period_text, reason_name
from service.dashboard.promises.labels import PARTS, STANDINGS
from service.dashboard.promises.people import Teller
from service.dashboard.promises.source import Behind, PromiseSource, Proof
from service.dashboard.query import check_keys
from service.dashboard.words import Words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Exporting:
    """The handlers of what leaves the house. Each is a row of the audit."""

    def __init__(
        self,
        source: PromiseSource,
        frame: Frame,
        seen: Callable[[web.Request], Whom | None],
        teller: Callable[[web.Request], Teller],
    ) -> None:
        self._source, self._frame = source, frame
        self._seen, self._teller = seen, teller

    def routes(self) -> list[web.RouteDef]:
        """Of the files."""
        return [
            web.get("/followups/coverage.xlsx", self.coverage),
            web.get("/followups/items.xlsx", self.items),
        ]

    async def coverage(self, request: web.Request) -> web.Response:
        """GET /followups/coverage.xlsx, with the keys of /followups."""
        need(request, Right.PROMISES, Right.EXPORT)
        check_keys(request.query, COVERAGE)
        words = self._frame.words_for(request)
        asked = read_asked(request.query, self._frame.now(), words.zone, self._seen(request))
        proof = await self._source.proof(asked.question, asked.month)
        table = coverage_table(words, proof, period_text(words, asked.question))
        return await self._sent(request, table, f"coverage-{asked.period}.xlsx")

    async def items(self, request: web.Request) -> web.Response:
        """GET /followups/items.xlsx, with the keys of /followups/items; all of them, not a page."""
        need(request, Right.PROMISES, Right.EXPORT)
        check_keys(request.query, BEHIND)
        words = self._frame.words_for(request)
        asked = read_asked(request.query, self._frame.now(), words.zone, self._seen(request))
        standings, reason = read_standing(request.query), request.query.get("reason") or None
        found = await self._source.all_behind(asked.question, standings, reason)
        table = items_table(self._teller(request), found, period_text(words, asked.question))
        return await self._sent(request, table, f"followups-{asked.period}.xlsx")

    async def _sent(self, request: web.Request, table: Table, name: str) -> web.Response:
        body = await asyncio.to_thread(workbook, table)
        visitor, rows = visitor_of(request), len(table.rows)
        await self._source.exported(name, rows, visitor, request.remote or "")
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return web.Response(body=body, content_type=XLSX, headers=headers)


def coverage_table(words: Words, proof: Proof, period: str) -> Table:
    """One row a kind and group."""
    parts = [Column(name=each.value, title=words.gettext(PARTS[each].message), kind=Kind.COUNT) for each in PARTS]
    columns = (
        Column(name="kind", title=words.gettext("Kind")),
        Column(name="group", title=words.gettext("Group")),
        Column(name="due", title=words.gettext("Due"), kind=Kind.COUNT),
        *parts,
        Column(name="on_time", title=words.gettext("On-time rate"), kind=Kind.RATE),
    )
    rows = []
    for each in proof.rows:
        counts = counts_of([each])
        share = on_time_of(counts)
        rate = None if share is None else round(float(share), 6)
        rows.append((kind_name(words, proof.rules, each.kind), each.group, each.due, *counts.values(), rate))
    return _table(words, words.gettext("Coverage"), columns, tuple(rows), proof.as_of, period)


def items_table(teller: Teller, found: Behind, period: str) -> Table:
    """One row a follow-up, as it stood."""
    words, instant = teller.words, Kind.INSTANT
    columns = (
        Column(name="id", title=words.gettext("Number")),
        Column(name="kind", title=words.gettext("Kind")),
        Column(name="customer", title=words.gettext("Customer")),
        Column(name="name", title=words.gettext("Name")),
        Column(name="group", title=words.gettext("Group")),
        Column(name="owner", title=words.gettext("Owner")),
        Column(name="due_at", title=words.gettext("Due"), kind=instant),
        Column(name="standing", title=words.gettext("State")),
        Column(name="fulfilled_at", title=words.gettext("Fulfilled"), kind=instant),
        Column(name="reason", title=words.gettext("Closed because")),
        Column(name="attempts", title=words.gettext("Attempts"), kind=Kind.COUNT),
    )
    rows: list[tuple[Cell, ...]] = []
    for each in found.items:
        stood = each.stood
        rows.append(
            (
                stood.id, kind_name(words, found.rules, stood.kind),
                teller.id_of(each.item.customer) if each.item else None, teller.name(each.customer) or None,
                stood.group, teller.agent(stood.owner), stood.due_at,
                words.gettext(STANDINGS[stood.standing].message), stood.fulfilled_at,
                reason_name(words, found.rules, stood.reason) if stood.reason else None, stood.counted,
            )
        )  # fmt: skip
    return _table(words, words.gettext("Follow-ups"), columns, tuple(rows), found.as_of, period)


def _table(
    words: Words,
    title: str,
    columns: tuple[Column, ...],
    rows: tuple[tuple[Cell, ...], ...],
    as_of: datetime,
    period: str,
) -> Table:
    notes = (
        Note(label=words.gettext("Due in"), value=period),
        Note(label=words.gettext("As of"), value=words.moment(as_of)),
        Note(label=words.gettext("Due"), value="due = " + " + ".join(each.value for each in PARTS)),
    )
    return Table(
        title=title, columns=columns, rows=rows, made_at=as_of, zone=words.zone,
        notes_title=words.gettext("Notes"), notes=notes,
    )  # fmt: skip
