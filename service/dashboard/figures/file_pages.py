"""Figures and lists as files, for who may take them away: each is of the very filters of its page, and audited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from analytics.metrics.cells import Group
from service.auth.audit import Act, Entry
from service.auth.rights import Right
from service.auth.visiting import NoRightError, need, visitor_of
from service.dashboard.figures import people, ring_rows
from service.dashboard.figures.asking import About
from service.dashboard.figures.call_query import KEYS, read_calls
from service.dashboard.figures.file_source import FileSource, Format, ReportAsked, TooManyRowsError, Wanted
from service.dashboard.figures.page import FigurePage
from service.dashboard.figures.source import FigureSource
from service.dashboard.frame import Frame
from service.dashboard.query import QueryError, check_keys
from service.dashboard.rendering import Renderer

MOST = 10_000
TYPES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MORE_KEYS = ("view", "tab")

Question = Callable[[About, web.Request], Wanted]


def _query(metrics: tuple[str, ...], *groups: Group) -> Question:
    return lambda about, request: about.query(metrics, *groups)


def _three_rings(about: About, request: web.Request) -> Wanted:
    if request.query.get("view") == "caller":
        return about.query(ring_rows.CALLER_COLUMNS, Group.QUEUE)
    return about.query(people.RING_COLUMNS, Group.AGENT)


def _report(name: str) -> Question:
    def asked(about: About, request: web.Request) -> Wanted:
        period = about.spell.period(about.policy)
        return ReportAsked(name=name, period=period, as_of=about.as_of, seen=about.scope.seen)

    return asked


PAGES: dict[str, tuple[tuple[Right, ...], Question]] = {
    "agents": ((Right.RECORDS,), _query(people.AGENT_COLUMNS, Group.AGENT)),
    "agent": ((Right.RECORDS,), _query(people.DAY_COLUMNS, Group.DAY)),
    "queues": ((Right.RECORDS,), _query(people.QUEUE_COLUMNS, Group.QUEUE)),
    "queue": ((Right.RECORDS,), _query(people.QUEUE_COLUMNS, Group.DAY)),
    "three-rings": ((Right.FIGURES,), _three_rings),
    "minutes": ((Right.FIGURES,), _report("minutes")),
    "load": ((Right.FIGURES,), _report("load")),
    "missed": ((Right.FIGURES, Right.NUMBERS), _report("missed")),
}
"""By the name in the address: the rights that it asks for beside that to take files away, and what is asked."""


OF_THE_CENTRE = frozenset({"load", "missed"})
"""Told of all calls together: not for who sees a part of them."""


class FilePages(FigurePage):
    """The handlers, over the source of the pages and that of the files."""

    places: frozenset[str] = frozenset()

    def __init__(self, source: FigureSource, files: FileSource, frame: Frame, renderer: Renderer) -> None:
        super().__init__(source, frame, renderer)
        self._files = files

    def routes(self) -> list[web.RouteDef]:
        """Of these files."""
        return [web.get("/files/{page}.{form:csv|xlsx}", self.file)]

    async def file(self, request: web.Request) -> web.Response:
        """GET /files/minutes.xlsx: a page's figures or its list, whole."""
        need(request, Right.EXPORT)
        page = request.match_info["page"]
        about, wanted = self._wanted(request, page)
        if not about.scope.may_see():
            return self._frame.missing(request)
        return await self._written(request, page, about, wanted)

    def _wanted(self, request: web.Request, page: str) -> tuple[About, Wanted]:
        check_keys(request.query, (*KEYS, *_MORE_KEYS))
        if page == "calls":
            return self._calls(request)
        if page not in PAGES:
            raise web.HTTPNotFound
        rights, question = PAGES[page]
        need(request, *rights)
        if page in OF_THE_CENTRE and not self._frame.seen(request).everything:
            raise NoRightError
        filters = {key: request.query.get(key, "") for key in ("agent", "queue", "group")}
        about = self._about(request, "month", **filters)
        return about, question(about, request)

    def _calls(self, request: web.Request) -> tuple[About, Wanted]:
        need(request, Right.RECORDS)
        about = self._about(request, "today")
        asked = read_calls(request.query, [], about.spell.today, about.scope.seen)
        about = About(spell=asked.spell, scope=asked.scope, policy=about.policy, as_of=about.as_of)
        if asked.customer:
            raise QueryError("customer", asked.customer, "a file of days, without a customer")
        if asked.figure:
            return about, replace(asked.behind(about.policy, about.as_of), limit=MOST)
        return about, replace(asked.asked(about.policy, None), limit=MOST)

    async def _written(self, request: web.Request, page: str, about: About, wanted: Wanted) -> web.Response:
        form, visitor = Format(request.match_info["form"]), visitor_of(request)
        language = self._frame.words_for(request).language
        async with self._turns:
            try:
                made = await self._files.write(wanted, form, language, masked=not visitor.may("numbers"))
            except TooManyRowsError as error:
                found = f"{error.found:,} calls"
                raise QueryError("period", found, f"at most {error.most:,} in one file") from None
        name = f"threerings-{page}-{about.spell.key}.{form}"
        entry = Entry(
            at=about.as_of, visitor=visitor, act=Act.EXPORTED, subject=name, address=request.remote or "",
            details={"rows": made.rows},
        )  # fmt: skip
        await self._files.note(entry)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        charset = "utf-8" if form is Format.CSV else None
        return web.Response(body=made.body, content_type=TYPES[form], charset=charset, headers=headers)
