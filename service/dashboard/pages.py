"""The ledger of gaps: read the URL, ask the live state, make the view, render. No figure is computed here."""

from __future__ import annotations

from aiohttp import web

from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard.frame import Frame
from service.dashboard.gaps_view import shown_gaps
from service.dashboard.live_view import LiveState
from service.dashboard.query import check_keys
from service.dashboard.seen_parts import gaps_for


class Pages:
    """The handlers, over one live state."""

    def __init__(self, live: LiveState, frame: Frame) -> None:
        self._live = live
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [web.get("/gaps", self.gaps)]

    async def gaps(self, request: web.Request) -> web.Response:
        """GET /gaps: when a PBX was not heard."""
        need(request, Right.RECORDS)
        words = self._frame.words_for(request)
        check_keys(request.query, ())
        ledger = gaps_for(await self._live.gap_ledger(), self._frame.seen(request))
        return self._frame.shown("gaps.html", request, lines=shown_gaps(words, ledger))
