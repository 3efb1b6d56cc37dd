"""The page of the policy: its rules in sentences by version, a calendar, and what it would come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from aiohttp import web

from config.policies import Policy
from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard.frame import Frame
from service.dashboard.promises.asked import one_of
from service.dashboard.promises.calendar_view import weekdays
from service.dashboard.promises.policy_view import group_rows, in_force, outlook_rows, policy_view
from service.dashboard.query import QueryError, check_keys, next_month, previous_month, read_month
from service.dashboard.rendering import Renderer

COUNTS = ("100", "300", "1000")
"""So many made-up customers a month may be lived with; a thousand take some seconds."""
FIRST, LAST = date(2005, 1, 1), date(2044, 12, 1)
"""The months for which national closings are known."""


class PolicySource(Protocol):
    """What the page asks. May raise SQLAlchemyError."""

    async def policy(self) -> Policy:
        """The policy in force."""
        ...

    async def outlook(self, month: date, count: int) -> Mapping[str, Any] | None:
        """A month lived with so many made-up customers; None where the rules could not be kept."""
        ...


class PolicyPages:
    """The handler, over one source."""

    places = frozenset({"policy"})

    def __init__(self, source: PolicySource, frame: Frame, renderer: Renderer) -> None:
        self._source, self._frame = source, frame

    def routes(self) -> list[web.RouteDef]:
        """Of this page."""
        return [web.get("/policy", self.shown)]

    async def close(self, app: web.Application) -> None:
        """There is no stream to end."""

    async def shown(self, request: web.Request) -> web.Response:
        """GET /policy."""
        need(request, Right.POLICY)
        reader, words = self._frame.reader(request)
        check_keys(request.query, ("version", "month", "customers"))
        policy, now = await self._source.policy(), self._frame.now()
        known = [str(each) for each in range(1, len(policy.versions) + 1)]
        number = int(one_of("version", request.query, known) or in_force(policy, now))
        month = read_month(request.query.get("month", ""), self._frame.today(words))
        if not FIRST <= month <= LAST:
            raise QueryError("month", f"{month:%Y-%m}", "a month from 2005-01 to 2044-12")
        count = one_of("customers", request.query, COUNTS)
        told = await self._source.outlook(month, int(count)) if count else None
        return self._frame.shown(
            "promises_policy.html", request, v=policy_view(words, policy, number, month, now),
            weekdays=weekdays(words), month=words.month(month), count=count or COUNTS[0], counts=COUNTS,
            month_key=f"{month:%Y-%m}", number=number, asked=count is not None, told=told,
            outlook=outlook_rows(words, policy, told) if told else [], costs=group_rows(told) if told else [],
            previous=reader.here(month=f"{previous_month(month):%Y-%m}", customers=""),
            following=reader.here(month=f"{next_month(month):%Y-%m}", customers=""),
        )  # fmt: skip
