"""The pages of the desk: the desk itself, what he owes, his calls, his minutes; and what is posted from them.

An agent sees only his own desk. Who may pause agents, or anybody where nobody is asked who he is, chooses one:
/desk?agent=1003.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from analytics.errors import AnalyticsError
from schedulers.errors import RefusedError, StaleError
from service.acting.acting import Acting
from service.auth.forms import own_form, own_json
from service.auth.rights import Right, Visitor
from service.auth.visiting import need, visitor_of
from service.dashboard import rows
from service.dashboard.desk.drawing import Drawing
from service.dashboard.desk.form_view import typed_fields
from service.dashboard.desk.mine_view import ABOUT, calls_view, objection_lines
from service.dashboard.desk.owed_view import OwingView, owing_view, preview_view
from service.dashboard.desk.pausing import Pausing
from service.dashboard.desk.shapes import OwedList
from service.dashboard.desk.source import DeskSource
from service.dashboard.desk.stream import Stream
from service.dashboard.desk.typing_help import time_said
from service.dashboard.frame import Frame
from service.dashboard.query import QueryError, check_keys, choose
from service.dashboard.rendering import Renderer
from service.desk.form_reading import FormError, Mistake

MAX_AGENT, MAX_ID, MAX_FIELDS, MAX_TEXT = 40, 200, 200, 4000
LONG = 200
"""Lines of a list on a page of its own."""
PLAIN = ("proof", "agent", "call")
"""Fields of a post that are not the form's."""


class DeskPages:
    """The handlers, over one source."""

    places = frozenset({"desk"})

    def __init__(
        self,
        source: DeskSource,
        frame: Frame,
        renderer: Renderer,
        *,
        acting: Acting | None = None,
        may_act: bool = False,
    ) -> None:
        self._source = source
        self._frame = frame
        self._pausing = Pausing(acting, may_act=may_act)
        self._drawing = Drawing(source, renderer, self._pausing)
        self._stream = Stream(source, self._drawing)

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/desk", self.desk),
            web.get("/desk/owed", self.owed),
            web.get("/desk/calls", self.calls),
            web.get("/desk/minutes", self.minutes),
            web.get("/desk/events/{agent}", self.events),
            *(web.get(f"/desk/{name}", self.back) for name in ("record", "dial", "objection", "pause", "resume")),
            web.post("/desk/draft", self.draft),
            web.post("/desk/time", self.time),
            web.post("/desk/record", self.record),
            web.post("/desk/dial", self.dial),
            web.post("/desk/objection", self.objection),
            web.post("/desk/pause", self.pause),
            web.post("/desk/resume", self.resume),
        ]

    async def close(self, app: web.Application) -> None:
        """Ends the open streams, so that the server can stop."""
        self._stream.close()

    # -- pages -----------------------------------------------------------------------------

    async def desk(self, request: web.Request) -> web.Response:
        """GET /desk."""
        check_keys(request.query, ("agent", "call", "customer", "record", "owed", "saved", "dialled"))
        agent = self._agent(request)
        return self._chooser(request) if agent is None else await self._desk(request, agent)

    async def _desk(
        self,
        request: web.Request,
        agent: str,
        *,
        call: str | None = None,
        fields: Mapping[str, str] | None = None,
        mistakes: tuple[Mistake, ...] = (),
        refusal: str = "",
        status: int = 200,
    ) -> web.Response:
        named = call or request.query.get("call") or None
        customer = (fields or request.query).get("customer") or None
        which = choose("owed", request.query, OwedList) or OwedList.TODAY
        looked = await self._source.look(agent, named, customer, which)
        if named is not None and looked.hand is None:
            return self._frame.missing(request)
        reading = await self._drawing.reading(self._frame.words_for(request), visitor_of(request))
        hand = looked.hand
        typed = fields if fields is not None else typed_fields(hand) if hand else {}
        return self._shown(
            "desk.html",
            request,
            agent,
            here="desk",
            status=status,
            state=self._drawing.state(reading, looked.situation),
            pause=self._drawing.pause(reading, looked.situation, agent),
            hand=self._drawing.hand(reading, hand, typed, mistakes, customer or "") if hand else None,
            record=await self._preview(request, reading, agent)
            if hand is None or "record" in request.query
            else None,
            owing=owing_view(reading, looked.owing, self._source.dials_not),
            mine=self._drawing.mine(reading, looked.mine),
            refusal=refusal,
            saved=request.query.get("saved", ""),
            dialled="dialled" in request.query,
        )

    async def _preview(self, request: web.Request, reading: Any, agent: str) -> Any:
        """The record that is asked for, else the next one that he owes."""
        wanted = request.query.get("record")
        if wanted is None:
            owing = await self._source.owing(agent, OwedList.DUE, 1)
            wanted = owing.items[0].id if owing.items else None
        found = await self._source.preview(agent, wanted) if wanted else None
        if found is None and "record" in request.query:
            raise web.HTTPNotFound
        return preview_view(reading, found, self._source.dials_not) if found else None

    async def owed(self, request: web.Request) -> web.Response:
        """GET /desk/owed."""
        check_keys(request.query, ("agent", "owed"))
        agent = self._needed(request)
        which = choose("owed", request.query, OwedList) or OwedList.TODAY
        owing = await self._source.owing(agent, which, LONG)
        reading = await self._drawing.reading(self._frame.words_for(request), visitor_of(request))
        view = owing_view(reading, owing, self._source.dials_not)
        return self._shown("desk_owed.html", request, agent, here="owed", owing=view)

    async def calls(self, request: web.Request) -> web.Response:
        """GET /desk/calls."""
        check_keys(request.query, ("agent",))
        agent = self._needed(request)
        found = await self._source.calls(agent)
        reading = await self._drawing.reading(self._frame.words_for(request), visitor_of(request))
        return self._shown("desk_calls.html", request, agent, here="calls", calls=calls_view(reading, found))

    async def minutes(self, request: web.Request) -> web.Response:
        """GET /desk/minutes."""
        check_keys(request.query, ("agent", "call"))
        return await self._minutes(request, self._needed(request))

    async def _minutes(
        self,
        request: web.Request,
        agent: str,
        told: Mapping[str, str] | None = None,
        refusal: str = "",
        status: int = 200,
    ) -> web.Response:
        mine = await self._source.mine(agent)
        objections = await self._source.objections(agent)
        words = self._frame.words_for(request)
        reading = await self._drawing.reading(words, visitor_of(request))
        target = request.query.get("call", "")
        return self._shown(
            "desk_minutes.html",
            request,
            agent,
            here="minutes",
            status=status,
            mine=self._drawing.mine(reading, mine),
            objections=objection_lines(reading, objections),
            open_months=objections.open_months,
            abouts=[(each.value, words.gettext(text)) for each, text in ABOUT.items()],
            told=told or {"target": target, "about": "call" if target else "minutes"},
            refusal=refusal,
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /desk/events/1003: what changed on his desk, until the page goes or the service stops."""
        agent = self._of(request, request.match_info["agent"])
        language = request.query.get("lang", "zh")
        if language not in ("zh", "en"):
            raise web.HTTPBadRequest(text=f"lang: found {language!r}, expected zh or en\n")
        return await self._stream.serve(request, agent, language)

    async def back(self, request: web.Request) -> web.Response:
        """GET of what is only posted: a page with a mistake was loaded anew, or read in the other language."""
        visitor = self._visitor(request)
        kept = {name: request.query[name] for name in ("lang", "theme") if name in request.query}
        raise web.HTTPSeeOther(self._to(visitor, visitor.agent or "", "/desk", **kept))

    # -- what is posted --------------------------------------------------------------------

    async def draft(self, request: web.Request) -> web.Response:
        """POST /desk/draft: what is typed, kept."""
        need(request, Right.OUTCOMES)
        told = await own_json(request)
        agent, call = self._of(request, _text(told, "agent")), _text(told, "call")
        kept = await self._source.keep_draft(agent, call, _fields(told.get("fields")))
        if kept is None:
            raise web.HTTPNotFound
        return web.json_response({"saved_at": self._frame.words_for(request).time(kept)})

    async def time(self, request: web.Request) -> web.Response:
        """POST /desk/time: a time as it was said, understood, and whether he may be called then."""
        told = await own_json(request)
        agent = self._of(request, _text(told, "agent"))
        hand = await self._source.hand(agent, _text(told, "call"), _text(told, "customer") or None)
        if hand is None:
            raise web.HTTPNotFound
        words = self._frame.words_for(request)
        return web.json_response(time_said(words, _text(told, "text"), _text(told, "next"), hand.around))

    async def record(self, request: web.Request) -> web.Response:
        """POST /desk/record: the form."""
        visitor = need(request, Right.OUTCOMES)
        form = await own_form(request)
        agent, call = self._of(request, form.get("agent", "")), form.get("call", "")
        fields = _fields({name: value for name, value in form.items() if name not in PLAIN})
        try:
            await self._source.record(agent, call, fields, visitor, request.remote or "")
        except LookupError:
            raise web.HTTPNotFound from None
        except FormError as error:
            return await self._desk(request, agent, call=call, fields=fields, mistakes=error.mistakes, status=400)
        except (RefusedError, StaleError) as error:
            return await self._desk(request, agent, call=call, fields=fields, refusal=str(error), status=409)
        raise web.HTTPSeeOther(self._to(visitor, agent, "/desk", saved=call))

    async def dial(self, request: web.Request) -> web.Response:
        """POST /desk/dial: a call to what is owed, his own phone first."""
        visitor = need(request, Right.DIAL)
        form = await own_form(request)
        agent, follow_up = self._of(request, form.get("agent", "")), form.get("follow_up", "")[:MAX_ID]
        try:
            await self._source.dial(agent, follow_up, visitor, request.remote or "")
        except RefusedError as error:
            return await self._desk(request, agent, refusal=str(error), status=409)
        raise web.HTTPSeeOther(self._to(visitor, agent, "/desk", record=follow_up, dialled="1"))

    async def objection(self, request: web.Request) -> web.Response:
        """POST /desk/objection: against a figure of a month that was issued."""
        visitor = need(request, Right.DESK)
        form = await own_form(request)
        agent = self._of(request, form.get("agent", ""))
        try:
            await self._source.object(agent, form, visitor, request.remote or "")
        except (AnalyticsError, QueryError) as error:
            return await self._minutes(request, agent, told=form, refusal=str(error), status=400)
        raise web.HTTPSeeOther(self._to(visitor, agent, "/desk/minutes"))

    async def pause(self, request: web.Request) -> web.Response:
        """POST /desk/pause: out of his queues, with a reason."""
        form = await own_form(request)
        agent, reason = self._of(request, form.get("agent", "")), form.get("reason", "")
        return await self._paused(request, agent, self._pausing.pause(request, self._frame, agent, reason))

    async def resume(self, request: web.Request) -> web.Response:
        """POST /desk/resume: back into them."""
        agent = self._of(request, (await own_form(request)).get("agent", ""))
        return await self._paused(request, agent, self._pausing.resume(request, self._frame, agent))

    async def _paused(self, request: web.Request, agent: str, work: Awaitable[str]) -> web.Response:
        if refusal := await work:
            return await self._desk(request, agent, refusal=refusal, status=409)
        raise web.HTTPSeeOther(self._to(visitor_of(request), agent, "/desk"))

    # -- whose desk ------------------------------------------------------------------------

    def _agent(self, request: web.Request) -> str | None:
        """The agent whose desk it is; None where one is to be chosen. No right looks like nothing there."""
        asked = request.query.get("agent")
        if asked is not None:
            return self._of(request, asked)
        visitor = self._visitor(request)
        if visitor.agent is None and not self._chooses(visitor):
            raise web.HTTPNotFound
        return visitor.agent

    def _needed(self, request: web.Request) -> str:
        agent = self._agent(request)
        if agent is None:
            raise QueryError("agent", "", "the number of an agent")
        return agent

    def _of(self, request: web.Request, asked: str) -> str:
        visitor = self._visitor(request)
        if asked and asked == visitor.agent:
            return asked
        seen = self._frame.seen(request)
        if not asked or len(asked) > MAX_AGENT or not asked.isprintable() or not self._chooses(visitor):
            raise web.HTTPNotFound
        if not seen.agent(asked):
            raise web.HTTPNotFound
        return asked

    def _visitor(self, request: web.Request) -> Visitor:
        visitor = visitor_of(request)
        return visitor if Right.AGENTS in visitor.rights else need(request, Right.DESK)

    @staticmethod
    def _chooses(visitor: Visitor) -> bool:
        return visitor.account is None or Right.AGENTS in visitor.rights

    def _chooser(self, request: web.Request) -> web.Response:
        words, seen = self._frame.words_for(request), self._frame.seen(request)
        agents = [
            (each, words.person(each, name), rows.initial_of(words.person(each, name)), bool(name))
            for each, name in self._source.agents()
            if seen.agent(each)
        ]
        return self._frame.shown("desk_choose.html", request, agents=agents)

    # -- parts -----------------------------------------------------------------------------

    def _shown(self, template: str, request: web.Request, agent: str, *, here: str, **values: Any) -> web.Response:
        visitor, words = visitor_of(request), self._frame.words_for(request)
        name = self._source.name_of(agent)
        return self._frame.shown(
            template,
            request,
            here=here,
            agent=agent,
            agent_name=words.person(agent, name),
            initial=rows.initial_of(words.person(agent, name)),
            stranger=visitor.agent != agent,
            links=self._source.links(),
            owed_count=_today(values.get("owing")),
            may_record=Right.OUTCOMES in visitor.rights,
            may_dial=Right.DIAL in visitor.rights,
            to=lambda path, **query: self._to(visitor, agent, path, **query),
            **values,
        )

    @staticmethod
    def _to(visitor: Visitor, agent: str, path: str, **query: str) -> str:
        """A page of this desk: whose it is stands in the address where it is not the visitor's own."""
        named = {} if agent in ("", visitor.agent) else {"agent": agent}
        told = urlencode({**named, **{name: value for name, value in query.items() if value}})
        return f"{path}?{told}" if told else path


def _today(owing: OwingView | None) -> int:
    """How many are due today, where the page knows it: shown beside the place where they are."""
    tabs = owing.tabs if owing else ()
    return next((count for key, _, count, _ in tabs if key == OwedList.TODAY.value), 0)


def _text(told: Mapping[str, Any], name: str) -> str:
    found = told.get(name)
    return found[:MAX_ID] if isinstance(found, str) else ""


def _fields(told: Any) -> dict[str, str]:
    """The texts of a form: so many, and so long, as a form of ours may have."""
    if not isinstance(told, dict) or len(told) > MAX_FIELDS:
        return {}
    return {
        name[:MAX_ID]: value[:MAX_TEXT]
        for name, value in told.items()
        if isinstance(name, str) and isinstance(value, str) and name not in PLAIN
    }
