"""What all pages have in common: who reads in which language, the frame around a page, and refusals in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import structlog
from aiohttp import web

from service.auth.audit import Act
from service.auth.book import AuditBook, Detail
from service.auth.rights import Right, Seen
from service.auth.sight import Sees, plain
from service.auth.visiting import is_stranger, visitor_of
from service.dashboard.board import Board, Gap, KnownCounts
from service.dashboard.live_view import LiveState
from service.dashboard.places import groups_for, landing_of
from service.dashboard.query import THEMES, QueryError
from service.dashboard.rendering import Reader, Renderer, page
from service.dashboard.words import LANGUAGES, Words

YEAR = 365 * 86_400


class Frame:
    """Renders pages for whoever reads them. Every room of the dashboard is handed one."""

    def __init__(
        self, live: LiveState, renderer: Renderer, sees: Sees = plain, book: AuditBook | None = None
    ) -> None:
        self.live = live
        self._renderer = renderer
        self._sees = sees
        self._book = book

    # -- who reads -------------------------------------------------------------------------

    def reader(self, request: web.Request, *, strict: bool = True) -> tuple[Reader, Words]:
        """Language and theme: the query's, else the cookie's, else the service's."""
        visitor = visitor_of(request)
        otherwise = visitor.language or self.live.language
        language = _chosen(request, "lang", LANGUAGES, otherwise, strict=strict)
        theme = _chosen(request, "theme", THEMES, "auto", strict=strict)
        reader = Reader(
            language=language, theme=theme, path=request.rel_url.raw_path, query=tuple(request.query.items()),
            visitor=visitor,
        )  # fmt: skip
        return reader, self._renderer.words(language, whole_numbers=visitor.may(Right.NUMBERS))

    def words_for(self, request: web.Request) -> Words:
        """The words of who reads; a choice that is none is told when the page is made."""
        return self.reader(request, strict=False)[1]

    def seen(self, request: web.Request) -> Seen:
        """Whom who reads sees now."""
        return self._sees(visitor_of(request).sight)

    async def note(self, request: web.Request, act: Act, subject: str, **details: Detail) -> None:
        """Note in the audit what was refused, or is done already; nothing where there is no store."""
        if self._book is not None:
            await self._book.note_if_can(request, act, subject, **details)

    async def note_first(self, request: web.Request, act: Act, subject: str, **details: Detail) -> None:
        """Note what is about to be shown: where that cannot be written down it is not shown. Raises SQLAlchemyError."""
        if self._book is not None:
            await self._book.note(request, act, subject, **details)

    def landing(self, request: web.Request) -> str:
        """Where somebody begins, by his role and rights."""
        return landing_of(visitor_of(request), self._renderer.places)

    def outside(
        self, template: str, request: web.Request, *, status: int = 200, strict: bool = True, **values: Any
    ) -> web.Response:
        """A page for who has not said who he is: without navigation, and without anything that is live."""
        reader, _ = self.reader(request, strict=strict)
        text = self._renderer.render(
            template, reader.language, reader=reader, visitor=reader.visitor, demo=self.live.demo, **values
        )
        response = page(text, status=status)
        _keep_choices(request, reader, response)
        return response

    def now(self) -> datetime:
        """The instant up to which figures are counted."""
        return self.live.now()

    def today(self, words: Words) -> date:
        """The centre's day."""
        return words.local(self.live.now()).date()

    # -- pages -----------------------------------------------------------------------------

    def shown(self, template: str, request: web.Request, *, status: int = 200, **values: Any) -> web.Response:
        """A page. Of the board it has the frame: links, gaps; `board`, `known`, `gaps` may be given."""
        reader, words = self.reader(request)
        return self._page(template, request, reader, words, status=status, **values)

    def bare(self, template: str, request: web.Request, **values: Any) -> web.Response:
        """A page that is whole by itself, without the frame."""
        reader, _ = self.reader(request)
        text = self._renderer.render(
            template, reader.language, reader=reader, visitor=reader.visitor, demo=self.live.demo, **values
        )
        response = page(text)
        _keep_choices(request, reader, response)
        return response

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
            template, reader.language, reader=reader, visitor=reader.visitor, demo=self.live.demo,
            nav=groups_for(reader.visitor, self._renderer.places, words), board=board or self.live.board(hurried=True),
            acts_on=self._renderer.acts, known=known, gaps=gaps, connects=self._connects(reader), **values,
        )  # fmt: skip
        response = page(text, status=status)
        _keep_choices(request, reader, response)
        return response

    def _connects(self, reader: Reader) -> bool:
        """Whether a page leads to the first start."""
        return "setup" in self._renderer.places and Right.SETTINGS in reader.visitor.rights

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
        values: dict[str, Any] = {"heading": title, "sentence": sentence}
        if is_stranger(reader.visitor):
            return self.outside("outside_refusal.html", request, status=status, strict=False, **values)
        return self._page("refusal.html", request, reader, words, status=status, **values)

    def closed(self, request: web.Request) -> web.Response:
        """403: nobody has an account yet, and others than this machine reach the service."""
        reader, words = self.reader(request, strict=False)
        sentence = words.gettext(
            "This service can be reached from elsewhere, so it shows nothing until somebody has an account. "
            "On the machine itself, create the administrator: threerings user create NAME --role administrator"
        )
        return self._refusal(request, reader, words, 403, words.gettext("Nobody has an account yet"), sentence)

    def foreign(self, request: web.Request) -> web.Response:
        """403: a post that no page of ours sent."""
        reader, words = self.reader(request, strict=False)
        sentence = words.gettext("This did not come from our own page.")
        return self._refusal(request, reader, words, 403, words.gettext("Not done"), sentence)


def _keep_choices(request: web.Request, reader: Reader, response: web.Response) -> None:
    for key, value in (("lang", reader.language), ("theme", reader.theme)):
        if request.query.get(key) == value:
            response.set_cookie(key, value, max_age=YEAR, samesite="Lax", path="/")


def _chosen(request: web.Request, key: str, allowed: tuple[str, ...], default: str, *, strict: bool) -> str:
    asked = request.query.get(key)
    if asked in allowed:
        return str(asked)
    if asked is not None and strict:
        raise QueryError(key, asked, "one of " + ", ".join(allowed))
    kept = request.cookies.get(key)
    return kept if kept in allowed else default
