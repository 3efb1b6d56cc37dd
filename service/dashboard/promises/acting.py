"""What people do to one or many follow-ups: asked for, confirmed with its count, done one by one, and undone.

A work list posts ids to /followups/ask, which shows what would be done to how many; /followups/do does it and leads to
a page that tells what became of each, with its undo. Nothing is done before the second post.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from schedulers.errors import RefusedError, StaleError
from schedulers.said_times import read_time
from schedulers.storage.seeing import Whom
from service.auth.forms import ForeignPostError, own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import need, visitor_of
from service.dashboard.frame import YEAR, Frame
from service.dashboard.promises import deeds
from service.dashboard.promises.asked import typed
from service.dashboard.promises.asking_view import ask_view, done_view
from service.dashboard.promises.done import Done, Kept
from service.dashboard.promises.people import Teller
from service.dashboard.promises.permitted import Barred, barred
from service.dashboard.promises.source import Became, Deed, Listed, PromiseSource
from service.dashboard.query import check_keys

MAX_BY, MAX_NOTE, MAX_IDS = 40, 200, 200
LIST = "/followups/list"
ID = re.compile("[0-9a-f]{20}")


class Acting:
    """The handlers of what is done."""

    def __init__(
        self,
        source: PromiseSource,
        frame: Frame,
        seen: Callable[[web.Request], Whom | None],
        teller: Callable[[web.Request], Teller],
    ) -> None:
        self._source, self._frame = source, frame
        self._seen, self._teller = seen, teller
        self._kept = Kept()

    def routes(self) -> list[web.RouteDef]:
        """Of what is done."""
        return [
            web.post("/followups/ask", self.ask),
            web.post("/followups/do", self.do),
            web.get("/followups/done/{key}", self.done),
            web.post("/followups/undo/{key}", self.undo),
            *(web.get(path, self.again) for path in ("/followups/ask", "/followups/do")),
        ]

    def may_act(self, visitor: Visitor) -> bool:
        """Whether the buttons do anything for this visitor."""
        return Right.HAND_OVER in visitor.rights and (visitor.account is not None or self._source.may_act)

    async def again(self, request: web.Request) -> web.Response:
        """GET of what is posted, as a link to the other language is: back to the list."""
        need(request, Right.PROMISES)
        raise web.HTTPSeeOther(LIST)

    async def ask(self, request: web.Request) -> web.Response:
        """POST /followups/ask: what would be done to how many. Changes nothing."""
        form = await self._form(request)
        return await self._asked(request, form)

    async def _asked(
        self, request: web.Request, form: Mapping[str, str], refusal: str = "", status: int = 200
    ) -> web.Response:
        found = await self._found(request)
        view = ask_view(self._teller(request), found, form, self._barred(form, found))
        return self._frame.shown(
            "promises_ask.html", request, status=status, v=view, refusal=refusal, back=_back(form),
            by=request.cookies.get("by", "")[:MAX_BY],
        )  # fmt: skip

    async def do(self, request: web.Request) -> web.Response:
        """POST /followups/do: done to each by itself, or asked again where something is missing."""
        form = await self._form(request)
        visitor, words = visitor_of(request), self._frame.words_for(request)
        found = await self._found(request)
        by = visitor.agent or visitor.name or typed(form, "by", MAX_BY)
        try:
            deed = self._deed(form, found, by)
        except RefusedError as error:
            return await self._asked(request, form, str(error), 400)
        if not by or not deed.ids or _lacks_reason(deed):
            needed = words.gettext("Who does it, to what, and the reason are needed.")
            return await self._asked(request, form, needed, 400)
        if self._barred(form, found) is not None and not form.get("sure"):
            return await self._asked(request, form)
        return await self._carried_out(request, deed)

    async def _carried_out(self, request: web.Request, *all_of_it: Deed, undoes: bool = False) -> web.Response:
        visitor, address = visitor_of(request), request.remote or ""
        became: list[Became] = []
        for deed in all_of_it:
            try:
                became += await self._source.do(deed, self._seen(request), visitor, address)
            except StaleError as error:
                became += [Became(id=each, before=None, refused=str(error)) for each in deed.ids]
        first = all_of_it[0]
        undo = () if undoes else deeds.undoing(first, became, first.by)
        done = Done(deed=first, became=tuple(became), undo=undo, undone=undoes)
        answer = web.Response(status=303, headers={"Location": f"/followups/done/{self._kept.put(visitor, done)}"})
        if visitor.account is None:
            answer.set_cookie("by", first.by, max_age=YEAR, samesite="Strict", httponly=True, path="/")
        return answer

    async def done(self, request: web.Request) -> web.Response:
        """GET /followups/done/WORD: what became of each."""
        visitor = need(request, Right.PROMISES)
        check_keys(request.query, ())
        done = self._kept.get(visitor, request.match_info["key"])
        if done is None:
            return self._frame.missing(request)
        found = await self._source.found([each.id for each in done.became], self._seen(request))
        view = done_view(self._teller(request), done, found)
        key = request.match_info["key"]
        return self._frame.shown("promises_done.html", request, v=view, key=key, may_act=self.may_act(visitor))

    async def undo(self, request: web.Request) -> web.Response:
        """POST /followups/undo/WORD: each as it was before, as far as the rules permit it."""
        await self._form(request)
        undo = self._kept.take_undo(visitor_of(request), request.match_info["key"])
        if not undo:
            return self._frame.missing(request)
        return await self._carried_out(request, *undo, undoes=True)

    # -- forms -----------------------------------------------------------------------------

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        """A form of our own page, of somebody who may act."""
        if not self.may_act(need(request, Right.PROMISES, Right.HAND_OVER)):
            raise ForeignPostError
        return await own_form(request)

    async def _found(self, request: web.Request) -> Listed:
        form = await request.post()
        ids = [each for each in form.getall("id", []) if isinstance(each, str) and ID.fullmatch(each)]
        return await self._source.found(ids[:MAX_IDS], self._seen(request))

    def _deed(self, form: Mapping[str, str], found: Listed, by: str) -> Deed:
        """What is asked for. Raises RefusedError for what is no deed, or no time."""
        what = form.get("what", "")
        if what not in deeds.DEEDS:
            raise RefusedError("what", repr(what[:MAX_BY]), f"one of {', '.join(deeds.DEEDS)}")
        deed = Deed(
            what=what, ids=tuple(each.id for each, _ in found.items), by=by, to=typed(form, "to", MAX_BY),
            reason=typed(form, "reason", MAX_BY), note=typed(form, "note", MAX_NOTE),
        )  # fmt: skip
        return replace(deed, at=_time(form, found)) if what in deeds.TIMED else deed

    def _barred(self, form: Mapping[str, str], found: Listed) -> Barred | None:
        if form.get("what") not in deeds.TIMED or not form.get("when"):
            return None
        try:
            return barred(found.rules, found.items, _time(form, found))
        except RefusedError:
            return None


def _time(form: Mapping[str, str], found: Listed) -> datetime:
    return read_time(form.get("when", ""), found.now, found.rules.zone)


def _lacks_reason(deed: Deed) -> bool:
    """Closing, opening again and noting say why."""
    asks = deed.what in (deeds.CLOSE, deeds.REOPEN, deeds.NOTE)
    return (asks and not deed.note) or (deed.what == deeds.CLOSE and not deed.reason)


def _back(form: Mapping[str, str]) -> str:
    """Where the question came from: a page of ours, else the work list."""
    back = form.get("back", "")
    return back if back.startswith("/followups") and "//" not in back and "\\" not in back else LIST
