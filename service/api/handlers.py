"""The endpoints of the API. Each reads the store in a worker thread and answers JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from analytics.board import Board
from analytics.errors import QueryError
from analytics.metrics.cells import Group, parse_groups
from service.api.errors import ApiError
from service.api.openapi import document
from service.api.parameters import after_of, limit_of, period_of, refuse_unknown
from service.api.reading import Store
from service.pipeline.gaps import Gap
from telephony.calls.record import View, as_json, instant

NONE: frozenset[str] = frozenset()


class Api:
    """The endpoints. `gaps` gives the gaps that are known, `board` the live state."""

    def __init__(
        self,
        store: Store,
        view: View,
        *,
        now: Callable[[], datetime],
        board: Callable[[], Board],
        gaps: Callable[[], list[Gap]],
        demo: bool,
    ) -> None:
        self._store = store
        self._view = view
        self._now = now
        self._board = board
        self._gaps = gaps
        self._demo = demo

    def routes(self) -> list[web.RouteDef]:
        """All endpoints; `openapi.py` describes the same."""
        return [
            web.get("/api/v1/openapi.json", self.openapi),
            web.get("/api/v1/calls", self.calls),
            web.get("/api/v1/calls/{call_id:.+}", self.call),
            web.get("/api/v1/agents/live", self.agents_live),
            web.get("/api/v1/summary", self.summary),
            web.get("/api/v1/gaps", self.gaps),
            web.get("/api/v1/reports/{name}", self.report),
        ]

    async def openapi(self, request: web.Request) -> web.Response:
        """What this API is, as OpenAPI 3.1."""
        return web.json_response(document())

    async def calls(self, request: web.Request) -> web.Response:
        """A page of calls by their start, oldest first."""
        refuse_unknown(request, frozenset({"period", "limit", "after"}))
        period = period_of(request, self._store.policy.zone, self._now())
        records, following = await asyncio.to_thread(
            self._store.calls, period, limit_of(request), after_of(request)
        )
        calls = [as_json(record, self._view) for record in records]
        return self._answer({"period": period.label, "calls": calls, "next_after": following})

    async def call(self, request: web.Request) -> web.Response:
        """One call by its id or an alias."""
        refuse_unknown(request, NONE)
        call_id = request.match_info["call_id"]
        record = await asyncio.to_thread(self._store.call, call_id)
        if record is None:
            raise ApiError(404, "call_not_found", "call: found none of this id, expected PBX/uniqueid of a call")
        return self._answer(as_json(record, self._view))

    async def agents_live(self, request: web.Request) -> web.Response:
        """The agents and calls of this moment."""
        refuse_unknown(request, NONE)
        board = self._board()
        return self._answer({"as_of": instant(board.as_of), "agents": _agents(board), "calls": _calls(board)})

    async def summary(self, request: web.Request) -> web.Response:
        """Counts of a period, and each agent's minutes and three-ring rate."""
        refuse_unknown(request, frozenset({"period"}))
        now = self._now()
        period = period_of(request, self._store.policy.zone, now)
        counts, minutes, rings = await asyncio.to_thread(
            lambda: (
                self._store.counts(period),
                self._store.report("minutes", period, now, (Group.AGENT,)),
                self._store.report("three-rings", period, now, (Group.AGENT,)),
            )
        )
        rates = {row["agent"]: row for row in rings.rows}
        agents = [_with_rings(row, rates.get(row["agent"])) for row in minutes.rows]
        agents += [_with_rings({"agent": each}, row) for each, row in rates.items() if each not in _names(agents)]
        found = {"period": period.label, "as_of": instant(now), **counts, "agents": agents}
        return self._answer({**found, "warnings": [*minutes.warnings, *rings.warnings]})

    async def gaps(self, request: web.Request) -> web.Response:
        """The stretches in which a PBX was not heard."""
        refuse_unknown(request, NONE)
        return self._answer({"gaps": await asyncio.to_thread(lambda: self._store.gaps(self._gaps()))})

    async def report(self, request: web.Request) -> web.Response:
        """A report by name."""
        refuse_unknown(request, frozenset({"period", "group"}))
        name = request.match_info["name"]
        if name not in ("minutes", "three-rings"):
            raise ApiError(404, "report_not_found", "report: found no such name, expected minutes or three-rings")
        try:
            groups = parse_groups(request.query.get("group", "agent"))
        except QueryError as error:
            raise ApiError(400, "bad_group", str(error)) from None
        now = self._now()
        period = period_of(request, self._store.policy.zone, now)
        report = await asyncio.to_thread(self._store.report, name, period, now, groups)
        return self._answer(report.as_json())

    def _answer(self, body: dict[str, Any]) -> web.Response:
        return web.json_response(body | {"demo": True} if self._demo else body)


def _agents(board: Board) -> list[dict[str, Any]]:
    return [
        {
            "agent": each.agent,
            "interface": each.interface,
            "state": each.state.value,
            "since": instant(each.since),
            "reason": each.reason,
            "queues": list(each.queues),
        }
        for each in board.agents
    ]


def _calls(board: Board) -> list[dict[str, Any]]:
    return [
        {
            "call_id": each.call_id,
            "direction": each.direction.value,
            "customer": each.customer,
            "did": each.did,
            "started_at": instant(each.started_at),
            "answered_at": instant(each.answered_at),
            "queue": each.queue,
            "waiting_since": instant(each.waiting_since),
            "ringing": list(each.ringing),
            "talking": list(each.talking),
        }
        for each in board.calls
    ]


def _with_rings(row: dict[str, Any], rings: dict[str, Any] | None) -> dict[str, Any]:
    names = ("offered", "within", "rate")
    return {
        "agent": row["agent"],
        "talk_minutes": row.get("talk_minutes", 0),
        **{name: rings[name] if rings else None for name in names},
    }


def _names(rows: list[dict[str, Any]]) -> set[str]:
    return {row["agent"] for row in rows}
