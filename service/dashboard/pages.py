"""The pages: read the URL, ask the live state, make the view, render. No figure is computed here."""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog
from aiohttp import web

from service.dashboard import labels, rows, tiles
from service.dashboard.board import Board, Gap, KnownCounts
from service.dashboard.elements import RECENT
from service.dashboard.gaps_view import shown_gaps
from service.dashboard.live_view import LiveState
from service.dashboard.minutes_view import minutes_groups
from service.dashboard.periods import CallFilter
from service.dashboard.query import (
    THEMES,
    QueryError,
    check_keys,
    next_month,
    previous_month,
    read_filter,
    read_month,
    read_period,
)
from service.dashboard.rendering import Reader, Renderer, page
from service.dashboard.rings_view import days_of, histogram, rings_lines, rule_text
from service.dashboard.story import tell
from service.dashboard.words import LANGUAGES, Words
from telephony.calls.facts import Direction, Disposition

YEAR = 365 * 86_400


class Pages:
    """The handlers, over one live state."""

    def __init__(self, live: LiveState, renderer: Renderer) -> None:
        self._live = live
        self._renderer = renderer

    # -- the pages -----------------------------------------------------------------------

    async def shift(self, request: web.Request) -> web.Response:
        """GET /: the shift now."""
        reader, words = self._reader(request)
        check_keys(request.query, ())
        board = self._live.board()
        return self._page(
            "shift.html", request, reader, words, board=board, known=board.known, gaps=board.gaps,
            tiles=tiles.board_tiles(words, board),
            agents=[rows.agent_row(words, each, board.as_of) for each in board.agents],
            ringing=rows.ring_rows(words, board.active, board.as_of),
            talking=rows.talk_rows(words, board.active, board.as_of),
            recent=[rows.call_row(words, each) for each in board.recent[:RECENT]],
            today=words.day(words.local(board.as_of).date()), clock=words.time(board.as_of),
        )  # fmt: skip

    async def calls(self, request: web.Request) -> web.Response:
        """GET /calls: the calls of a day."""
        reader, words = self._reader(request)
        wanted = read_filter(request.query, self._today(words))
        found = await self._live.calls(wanted)
        return self._page(
            "calls.html", request, reader, words, board=self._live.board(), known=found.known,
            day=words.day(wanted.day), wanted=wanted, filtered=_filtered(wanted), total=found.total,
            calls=[rows.call_row(words, each) for each in found.calls],
            next_page=reader.here(after=found.next_after) if found.next_after else "",
            first_page=reader.here(after="") if wanted.after else "",
            filter_agents=[(agent, words.person(agent, name)) for agent, name in found.agents],
            directions=[(each.value, rows.mark(words, labels.DIRECTIONS[each]).text) for each in Direction],
            dispositions=[(e.value, rows.mark(words, labels.DISPOSITIONS[e]).text) for e in Disposition],
        )  # fmt: skip

    async def call(self, request: web.Request) -> web.Response:
        """GET /calls/PBX/ID: a call's story."""
        reader, words = self._reader(request)
        check_keys(request.query, ())
        found = await self._live.call(f"{request.match_info['pbx']}/{request.match_info['id']}")
        if found is None:
            return self.missing(request)
        told = tell(found, words)
        return self._page("call.html", request, reader, words, board=self._live.board(), story=told)

    async def gaps(self, request: web.Request) -> web.Response:
        """GET /gaps: when a PBX was not heard."""
        reader, words = self._reader(request)
        check_keys(request.query, ())
        lines = shown_gaps(words, await self._live.gap_ledger())
        return self._page("gaps.html", request, reader, words, board=self._live.board(), lines=lines)

    async def minutes(self, request: web.Request) -> web.Response:
        """GET /minutes: a month's minutes."""
        reader, words = self._reader(request)
        check_keys(request.query, ("period",))
        this = self._today(words).replace(day=1)
        wanted = read_month(request.query.get("period", ""), this)
        month = await self._live.minutes(wanted)
        following = next_month(wanted)
        return self._page(
            "minutes.html", request, reader, words, board=self._live.board(), known=month.known,
            gaps=month.gaps, month=words.month(wanted), as_of_text=words.moment(month.as_of),
            tiles=tiles.minutes_tiles(words, month), groups=minutes_groups(words, month),
            previous=reader.here(period=f"{previous_month(wanted):%Y-%m}"),
            following=reader.here(period=f"{following:%Y-%m}") if following <= this else "",
            is_current=wanted == this,
        )  # fmt: skip

    async def three_rings(self, request: web.Request) -> web.Response:
        """GET /three-rings: how soon phones were answered."""
        reader, words = self._reader(request)
        check_keys(request.query, ("period",))
        asked = request.query.get("period", "today")
        start, end = read_period(asked, self._today(words))
        period = await self._live.three_rings(start, end)
        return self._page(
            "three_rings.html", request, reader, words, board=self._live.board(), known=period.known,
            gaps=period.gaps, days=days_of(period, words), asked=asked, rule_text=rule_text(period, words),
            never_rang=period.never_rang, tiles=tiles.ring_tiles(words, period),
            lines=rings_lines(words, period), picture=histogram(words, period),
        )  # fmt: skip

    # -- refusals ------------------------------------------------------------------------

    def missing(self, request: web.Request) -> web.Response:
        """404 with one sentence: no right and not there look the same."""
        reader, words = self._reader(request, strict=False)
        sentence = words.gettext("There is nothing here, or you have no right to see it.")
        return self._refusal(request, reader, words, 404, words.gettext("Not found"), sentence)

    def refused(self, request: web.Request, error: QueryError) -> web.Response:
        """400: which key, what was found, what was expected."""
        reader, words = self._reader(request, strict=False)
        sentence = words.gettext(
            "%(key)s: found “%(found)s”, expected %(expected)s.",
            key=error.key, found=error.found, expected=error.expected,
        )  # fmt: skip
        title = words.gettext("This address is not understood")
        return self._refusal(request, reader, words, 400, title, sentence)

    def unavailable(self, request: web.Request, error: Exception) -> web.Response:
        """503: the store cannot be read; what is live goes on."""
        structlog.get_logger("service.dashboard").error("dashboard.store_failing", error=type(error).__name__)
        reader, words = self._reader(request, strict=False)
        sentence = words.gettext("The store cannot be read now. The shift now goes on; try again in a moment.")
        return self._refusal(request, reader, words, 503, words.gettext("Not available now"), sentence)

    def _refusal(
        self, request: web.Request, reader: Reader, words: Words, status: int, title: str, sentence: str
    ) -> web.Response:
        board = self._live.board()
        return self._page(
            "refusal.html", request, reader, words, status=status, board=board, heading=title, sentence=sentence
        )

    # -- common to all -------------------------------------------------------------------

    def _reader(self, request: web.Request, *, strict: bool = True) -> tuple[Reader, Words]:
        """Language and theme: the query's, else the cookie's, else the service's."""
        language = _chosen(request, "lang", LANGUAGES, self._live.language, strict=strict)
        theme = _chosen(request, "theme", THEMES, "auto", strict=strict)
        reader = Reader(
            language=language, theme=theme, path=request.rel_url.raw_path, query=tuple(request.query.items())
        )
        return reader, self._renderer.words(language)

    def words_for(self, request: web.Request) -> Words:
        """The words of who reads; a choice that is none is told when the page is made."""
        return self._reader(request, strict=False)[1]

    def shown(self, template: str, request: web.Request, *, status: int = 200, **values: Any) -> web.Response:
        """A page that has nothing of the board but its frame."""
        reader, words = self._reader(request)
        return self._page(template, request, reader, words, status=status, board=self._live.board(), **values)

    def _today(self, words: Words) -> date:
        return words.local(self._live.now()).date()

    def _page(
        self,
        template: str,
        request: web.Request,
        reader: Reader,
        words: Words,
        *,
        board: Board,
        status: int = 200,
        known: KnownCounts | None = None,
        gaps: tuple[Gap, ...] = (),
        **values: object,
    ) -> web.Response:
        text = self._renderer.render(
            template, reader.language, reader=reader, demo=self._live.demo, board=board, known=known, gaps=gaps,
            **values,
        )  # fmt: skip
        response = page(text, status=status)
        for key, value in (("lang", reader.language), ("theme", reader.theme)):
            if request.query.get(key) == value:
                response.set_cookie(key, value, max_age=YEAR, samesite="Lax", path="/")
        return response


def _chosen(request: web.Request, key: str, allowed: tuple[str, ...], default: str, *, strict: bool) -> str:
    asked = request.query.get(key)
    if asked in allowed:
        return str(asked)
    if asked is not None and strict:
        raise QueryError(key, asked, "one of " + ", ".join(allowed))
    kept = request.cookies.get(key)
    return kept if kept in allowed else default


def _filtered(wanted: CallFilter) -> bool:
    return any((wanted.direction, wanted.disposition, wanted.agent))
