"""The pages: read the URL, ask the live state, make the view, render. No figure is computed here."""

from __future__ import annotations

from aiohttp import web

from service.auth.rights import Right
from service.auth.visiting import need
from service.dashboard import rows, tiles
from service.dashboard.elements import RECENT
from service.dashboard.frame import Frame
from service.dashboard.gaps_view import shown_gaps
from service.dashboard.live_view import LiveState
from service.dashboard.query import check_keys
from service.dashboard.story import tell


class Pages:
    """The handlers, over one live state."""

    def __init__(self, live: LiveState, frame: Frame) -> None:
        self._live = live
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/", self.shift),
            web.get("/calls/{pbx}/{id}", self.call),
            web.get("/gaps", self.gaps),
        ]

    # -- the pages -----------------------------------------------------------------------

    async def shift(self, request: web.Request) -> web.Response:
        """GET /: the shift now."""
        need(request, Right.BOARD)
        words = self._frame.words_for(request)
        check_keys(request.query, ())
        board = self._live.board()
        return self._frame.shown(
            "shift.html", request, board=board, known=board.known, gaps=board.gaps,
            tiles=tiles.board_tiles(words, board),
            agents=[rows.agent_row(words, each, board.as_of) for each in board.agents],
            ringing=rows.ring_rows(words, board.active, board.as_of),
            talking=rows.talk_rows(words, board.active, board.as_of),
            recent=[rows.call_row(words, each) for each in board.recent[:RECENT]],
            today=words.day(words.local(board.as_of).date()), clock=words.time(board.as_of),
        )  # fmt: skip

    async def call(self, request: web.Request) -> web.Response:
        """GET /calls/PBX/ID: a call's story."""
        need(request, Right.RECORDS)
        words = self._frame.words_for(request)
        check_keys(request.query, ())
        found = await self._live.call(f"{request.match_info['pbx']}/{request.match_info['id']}")
        if found is None:
            return self._frame.missing(request)
        told = tell(found, words)
        return self._frame.shown("call.html", request, story=told)

    async def gaps(self, request: web.Request) -> web.Response:
        """GET /gaps: when a PBX was not heard."""
        need(request, Right.RECORDS)
        words = self._frame.words_for(request)
        check_keys(request.query, ())
        lines = shown_gaps(words, await self._live.gap_ledger())
        return self._frame.shown("gaps.html", request, lines=lines)
