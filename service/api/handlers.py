"""The endpoints on calls, gaps, reports and the moment. Each reads the store in a worker thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from analytics.board import Board
from analytics.errors import QueryError
from service.api.asked import Answer, Asked, Operation
from service.api.errors import ApiError
from service.api.figures import REPORTS
from service.api.limits import MAX_EXPORTED
from service.api.masking import masked_call, masked_live
from service.api.openapi import document
from service.api.reading import Store
from service.pipeline.gaps import Gap
from telephony.calls.record import CallRecord, View, as_json, instant


class Api:
    """The endpoints. `gaps` gives the gaps that are known, `board` the live state."""

    def __init__(
        self,
        store: Store,
        view: View,
        *,
        board: Callable[[], Board],
        gaps: Callable[[], list[Gap]],
    ) -> None:
        self._store = store
        self._view = view
        self._board = board
        self._gaps = gaps

    def operations(self) -> dict[str, Operation]:
        """By the endpoint's name."""
        return {
            "openapi": self.openapi,
            "calls": self.calls,
            "call": self.call,
            "agents_live": self.agents_live,
            "summary": self.summary,
            "gaps": self.gaps,
            "report": self.report,
        }

    async def openapi(self, asked: Asked) -> Answer:
        """What this API is, as OpenAPI 3.1."""
        return Answer(body=document())

    async def calls(self, asked: Asked) -> Answer:
        """A page of calls by their start, oldest first; in one file all of the period."""
        period, limit = asked["period"], asked["limit"]
        if asked.whole:
            check_exported(await asyncio.to_thread(self._store.count, period))
            limit = MAX_EXPORTED
        records, following = await asyncio.to_thread(self._store.calls, period, limit, asked["after"])
        shown = [self.shown(record, asked) for record in records]
        return Answer(body={"period": period.label, "calls": shown, "next_after": following}, following=following)

    async def call(self, asked: Asked) -> Answer:
        """One call by its id or an alias."""
        record = await asyncio.to_thread(self._store.call, asked["call_id"])
        if record is None:
            raise ApiError(404, "call_not_found", "call: found none of this id, expected PBX/uniqueid of a call")
        return Answer(body=self.shown(record, asked))

    def shown(self, record: CallRecord, asked: Asked) -> dict[str, Any]:
        """A call in the public shape, as far as the asker may see it."""
        told = as_json(record, self._view)
        return masked_call(told) if asked.masked else told

    async def agents_live(self, asked: Asked) -> Answer:
        """The agents and calls of this moment."""
        board = self._board()
        calls = [masked_live(each) if asked.masked else each for each in _calls(board)]
        return Answer(body={"as_of": instant(board.as_of), "agents": _agents(board), "calls": calls})

    async def summary(self, asked: Asked) -> Answer:
        """Counts of a period, and each agent's minutes and three-ring rate."""
        period, as_of = asked["period"], asked.as_of
        counts, minutes, rings = await asyncio.to_thread(
            lambda: (
                self._store.counts(period),
                self._store.report("minutes", period, as_of, ("agent",)),
                self._store.report("three-rings", period, as_of, ("agent",)),
            )
        )
        rates = {row["agent"]: row for row in rings.rows}
        agents = [_with_rings(row, rates.get(row["agent"])) for row in minutes.rows]
        named = {row["agent"] for row in agents}
        agents += [_with_rings({"agent": each}, row) for each, row in rates.items() if each not in named]
        found = {"period": period.label, "as_of": instant(as_of), **counts, "agents": agents}
        return Answer(body={**found, "warnings": [*dict.fromkeys((*minutes.warnings, *rings.warnings))]})

    async def gaps(self, asked: Asked) -> Answer:
        """The stretches in which a PBX was not heard."""
        return Answer(body={"gaps": await asyncio.to_thread(lambda: self._store.gaps(self._gaps()))})

    async def report(self, asked: Asked) -> Answer:
        """A report by name."""
        name = asked["name"]
        if name not in REPORTS:
            raise ApiError(404, "report_not_found", f"report: found no such name, expected {' or '.join(REPORTS)}")
        groups = tuple(each for each in asked["group"] or ("agent",) if each != "none")
        try:
            report = await asyncio.to_thread(self._store.report, name, asked["period"], asked.as_of, groups)
        except QueryError as error:
            raise ApiError(400, "bad_group", str(error)) from None
        return Answer(body=report.as_json())


def check_exported(found: int) -> None:
    """Raise ApiError 422 for more calls than one file holds."""
    if found > MAX_EXPORTED:
        advice = "ask for a shorter period, or for pages: limit and after"
        raise ApiError(422, "too_many_rows", f"calls: found {found}, expected at most {MAX_EXPORTED}: {advice}")


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
