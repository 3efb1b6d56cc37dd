"""Closing a month: what is open, objections and exemptions with their answers, issuing, and the sign-off.

Who has no account acts only on loopback, where no token is asked for, and says who he is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Protocol

from aiohttp import web

from analytics.closing.records import Issue, Kind, Reason
from analytics.errors import ClosingError
from service.auth.forms import ForeignPostError, own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import need, visitor_of
from service.dashboard.closing_view import closing_view
from service.dashboard.frame import YEAR, Frame
from service.dashboard.query import check_keys, next_month, previous_month, read_month
from service.dashboard.rendering import Renderer
from service.live.closing import REPORTS, Closer, Closing

MONTH = "/closing/{month:20[0-9]{2}-[0-9]{2}}"
NUMBER = "[0-9]{1,9}"
MAX_BY, MAX_TEXT = 40, 500
Form = Mapping[str, str]


class ClosingSource(Protocol):
    """What the pages ask of the service. All may raise SQLAlchemyError, and what is done ClosingError."""

    async def month(self, month: date) -> Closing:
        """How a month stands."""
        ...

    async def issue(self, month: date, who: Closer, report: str, reason: str | None) -> Issue:
        """Freeze a report."""
        ...

    async def sign(self, month: date, who: Closer, words: str | None, in_spite: str | None) -> None:
        """Sign the newest issues."""
        ...

    async def answer(self, objection: int, who: Closer, *, uphold: bool, text: str) -> None:
        """Answer an objection."""
        ...

    async def ask(self, who: Closer, kind: Kind, target: str, reason: Reason, text: str) -> None:
        """Ask for an exemption."""
        ...

    async def decide(self, exemption: int, who: Closer, *, approve: bool) -> None:
        """Decide an exemption."""
        ...

    async def withdraw(self, exemption: int, who: Closer) -> None:
        """Take one back."""
        ...


class ClosingPages:
    """The handlers, over one source. `name_of`: an agent's name now."""

    places = frozenset({"closing"})

    def __init__(
        self,
        source: ClosingSource,
        name_of: Callable[[str], str | None],
        frame: Frame,
        renderer: Renderer,
        *,
        may_act: bool,
    ) -> None:
        self._source, self._name_of = source, name_of
        self._frame = frame
        self._may_act = may_act

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/closing", self.last),
            web.get(MONTH, self.month),
            web.post(f"{MONTH}/issue", self.issue),
            web.post(f"{MONTH}/sign", self.sign),
            web.post(f"{MONTH}/objections/{{id:{NUMBER}}}", self.answer),
            web.post(f"{MONTH}/exemptions", self.ask),
            web.post(f"{MONTH}/exemptions/{{id:{NUMBER}}}", self.step),
        ]

    async def close(self, app: web.Application) -> None:
        """Nothing is open."""

    async def last(self, request: web.Request) -> web.Response:
        """GET /closing: the month that is over."""
        need(request, Right.CLOSE)
        check_keys(request.query, ())
        today = self._frame.today(self._frame.words_for(request))
        where = f"/closing/{previous_month(today.replace(day=1)):%Y-%m}"
        return web.Response(status=302, headers={"Location": where})

    async def month(self, request: web.Request) -> web.Response:
        """GET /closing/2026-11."""
        need(request, Right.CLOSE)
        check_keys(request.query, ())
        return await self._page(request)

    async def _page(self, request: web.Request, refusal: str = "", status: int = 200) -> web.Response:
        words = self._frame.words_for(request)
        this = self._frame.today(words).replace(day=1)
        month = read_month(request.match_info["month"], this)
        found = await self._source.month(month)
        visitor = visitor_of(request)
        names = {each.agent: self._name_of(each.agent) or "" for each in found.objections}
        view = closing_view(words, found, name_of=names, whole=Right.NUMBERS in visitor.rights)
        return self._frame.shown(
            "closing.html",
            request,
            status=status,
            v=view,
            may_act=self._acts(visitor),
            by=request.cookies.get("by", "")[:MAX_BY],
            refusal=refusal,
            previous=f"/closing/{previous_month(month):%Y-%m}",
            following=f"/closing/{next_month(month):%Y-%m}" if next_month(month) <= this else "",
        )

    # -- what is done --------------------------------------------------------------------------

    async def issue(self, request: web.Request) -> web.Response:
        """POST …/issue."""

        def work(form: Form, who: Closer, month: date) -> Awaitable[object] | None:
            reason = form.get("reason", "").strip() or None
            report = form.get("report", "")
            return self._source.issue(month, who, report, reason) if report in REPORTS else None

        return await self._done(request, work)

    async def sign(self, request: web.Request) -> web.Response:
        """POST …/sign."""

        def work(form: Form, who: Closer, month: date) -> Awaitable[object] | None:
            words, in_spite = (form.get(name, "").strip() or None for name in ("note", "in_spite"))
            return self._source.sign(month, who, words, in_spite)

        return await self._done(request, work)

    async def answer(self, request: web.Request) -> web.Response:
        """POST …/objections/7."""

        def work(form: Form, who: Closer, month: date) -> Awaitable[object] | None:
            step, text = form.get("step"), form.get("answer", "").strip()
            if step not in ("uphold", "reject") or not text:
                return None
            return self._source.answer(int(request.match_info["id"]), who, uphold=step == "uphold", text=text)

        return await self._done(request, work)

    async def ask(self, request: web.Request) -> web.Response:
        """POST …/exemptions."""

        def work(form: Form, who: Closer, month: date) -> Awaitable[object] | None:
            kind, reason, target, text = (
                form.get(each, "").strip() for each in ("kind", "reason", "target", "text")
            )
            if kind not in set(Kind) or reason not in set(Reason) or not target or not text:
                return None
            return self._source.ask(who, Kind(kind), target, Reason(reason), text)

        return await self._done(request, work)

    async def step(self, request: web.Request) -> web.Response:
        """POST …/exemptions/3."""

        def work(form: Form, who: Closer, month: date) -> Awaitable[object] | None:
            step, exemption = form.get("step"), int(request.match_info["id"])
            if step == "withdraw":
                return self._source.withdraw(exemption, who)
            return self._source.decide(exemption, who, approve=step == "approve") if step in STEPS else None

        return await self._done(request, work)

    async def _done(
        self, request: web.Request, work: Callable[[Form, Closer, date], Awaitable[object] | None]
    ) -> web.Response:
        visitor = need(request, Right.CLOSE)
        if not self._acts(visitor):
            raise ForeignPostError
        form = await own_form(request)
        words = self._frame.words_for(request)
        month = read_month(request.match_info["month"], self._frame.today(words).replace(day=1))
        by = visitor.name or form.get("by", "").strip()
        todo = None
        if by and len(by) <= MAX_BY and all(len(each) <= MAX_TEXT for each in form.values()):
            todo = work(form, Closer(visitor=visitor, address=request.remote or "", name=by), month)
        if todo is None:
            return await self._page(request, words.gettext("Something is missing, or longer than it may be."), 400)
        try:
            await todo
        except ClosingError as error:
            return await self._page(request, str(error), 409)
        answer = web.Response(status=303, headers={"Location": f"/closing/{request.match_info['month']}"})
        answer.set_cookie("by", by, max_age=YEAR, samesite="Strict", httponly=True, path="/closing")
        return answer

    def _acts(self, visitor: Visitor) -> bool:
        return visitor.account is not None or self._may_act


STEPS = ("approve", "refuse")
