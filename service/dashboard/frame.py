"""What all pages have in common: who reads in which language, the frame around a page, and refusals in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog
from aiohttp import web

from service.auth.rights import Seen
from service.auth.visiting import visitor_of
from service.dashboard.board import Board, Gap, KnownCounts
from service.dashboard.live_view import LiveState
from service.dashboard.places import groups_for
from service.dashboard.query import THEMES, QueryError
from service.dashboard.rendering import Reader, Renderer, page
from service.dashboard.words import LANGUAGES, Words

YEAR = 365 * 86_400


class Frame:
    """Renders pages for whoever reads them. Every room of the dashboard is handed one."""

    def __init__(self, live: LiveState, renderer: Renderer) -> None:
        self._live = live
        self._renderer = renderer

    # -- who reads -------------------------------------------------------------------------

    def reader(self, request: web.Request, *, strict: bool = True) -> tuple[Reader, Words]:
        """Language and theme: the query's, else the cookie's, else the service's."""
        language = _chosen(request, "lang", LANGUAGES, self._live.language, strict=strict)
        theme = _chosen(request, "theme", THEMES, "auto", strict=strict)
        reader = Reader(
            language=language, theme=theme, path=request.rel_url.raw_path, query=tuple(request.query.items()),
            visitor=visitor_of(request),
        )  # fmt: skip
        return reader, self._renderer.words(language)

    def words_for(self, request: web.Request) -> Words:
        """The words of who reads; a choice that is none is told when the page is made."""
        return self.reader(request, strict=False)[1]

    def seen(self, request: web.Request) -> Seen:
        """Whom who reads sees now."""
        sight = visitor_of(request).sight
        return Seen(everything=sight.everything, agents=sight.agents, queues=sight.queues)

    def today(self, words: Words) -> date:
        """The centre's day."""
        return words.local(self._live.now()).date()

    # -- pages -----------------------------------------------------------------------------

    def shown(self, template: str, request: web.Request, *, status: int = 200, **values: Any) -> web.Response:
        """A page. Of the board it has the frame: links, gaps; `board`, `known`, `gaps` may be given."""
        reader, words = self.reader(request)
        return self._page(template, request, reader, words, status=status, **values)

    def _page(
        self,
        template: str,
        request: web.Request,
        reader: Reader,
        words: Words,
        *,
        board: Board | None = None,
        status: int = 200,
        known: KnownCounts | None = None,
        gaps: tuple[Gap, ...] = (),
        **values: object,
    ) -> web.Response:
        text = self._renderer.render(
            template, reader.language, reader=reader, visitor=reader.visitor, demo=self._live.demo,
            nav=groups_for(reader.visitor, self._renderer.places, words), board=board or self._live.board(),
            acts_on=self._renderer.acts, known=known, gaps=gaps, **values,
        )  # fmt: skip
        response = page(text, status=status)
        for key, value in (("lang", reader.language), ("theme", reader.theme)):
            if request.query.get(key) == value:
                response.set_cookie(key, value, max_age=YEAR, samesite="Lax", path="/")
        return response

    # -- refusals ------------------------------------------------------------------------

    def missing(self, request: web.Request) -> web.Response:
        """404 with one sentence: no right and not there look the same."""
        reader, words = self.reader(request, strict=False)
        sentence = words.gettext("There is nothing here, or you have no right to see it.")
        return self._refusal(request, reader, words, 404, words.gettext("Not found"), sentence)

    def refused(self, request: web.Request, error: QueryError) -> web.Response:
        """400: which key, what was found, what was expected."""
        reader, words = self.reader(request, strict=False)
        sentence = words.gettext(
            "%(key)s: found “%(found)s”, expected %(expected)s.",
            key=error.key, found=error.found, expected=error.expected,
        )  # fmt: skip
        title = words.gettext("This address is not understood")
        return self._refusal(request, reader, words, 400, title, sentence)

    def unavailable(self, request: web.Request, error: Exception) -> web.Response:
        """503: the store cannot be read; what is live goes on."""
        structlog.get_logger("service.dashboard").error("dashboard.store_failing", error=type(error).__name__)
        reader, words = self.reader(request, strict=False)
        sentence = words.gettext("The store cannot be read now. The shift now goes on; try again in a moment.")
        return self._refusal(request, reader, words, 503, words.gettext("Not available now"), sentence)

    def _refusal(
        self, request: web.Request, reader: Reader, words: Words, status: int, title: str, sentence: str
    ) -> web.Response:
        return self._page("refusal.html", request, reader, words, status=status, heading=title, sentence=sentence)

    def foreign(self, request: web.Request) -> web.Response:
        """403: a post that no page of ours sent."""
        reader, words = self.reader(request, strict=False)
        sentence = words.gettext("This did not come from our own page.")
        return self._refusal(request, reader, words, 403, words.gettext("Not done"), sentence)


def _chosen(request: web.Request, key: str, allowed: tuple[str, ...], default: str, *, strict: bool) -> str:
    asked = request.query.get(key)
    if asked in allowed:
        return str(asked)
    if asked is not None and strict:
        raise QueryError(key, asked, "one of " + ", ".join(allowed))
    kept = request.cookies.get(key)
    return kept if kept in allowed else default
