"""Acting on agents and calls: a menu for each, as a page and as a part of other pages, its posts and their results.

Each act is a form post that works without script; with it, acts.js posts the same form and shows the answer on the row.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable
from dataclasses import dataclass

from aiohttp import web

from service.acting import finding
from service.acting.acting import Acting
from service.acting.calls import Calls
from service.acting.records import RIGHT_OF, WELL, Deed, HiddenError, ImpossibleError, Report, Who, Why
from service.acting.rooms import Queue
from service.auth.forms import ForeignPostError, own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import need, visitor_of
from service.dashboard import numerals
from service.dashboard.acting_view import Menu, Subject, menu_of
from service.dashboard.acting_words import told, why_not
from service.dashboard.frame import YEAR, Frame
from service.dashboard.query import QueryError, check_keys
from service.dashboard.rendering import Renderer, page
from service.live.parts import open_talks, party_of
from telephony.calls.facts import State
from telephony.calls.record import CallRecord
from telephony.dialling.held import REASON

AGENT = "/acts/agents/{agent}"
CALL = "/acts/calls/{call:[^/]+/[^/]+}"
DEEDS = (Deed.PAUSE, Deed.UNPAUSE, Deed.ADD, Deed.REMOVE, Deed.LISTEN, Deed.WHISPER, Deed.BARGE)
ANY = frozenset({Right.AGENTS, Right.SPY, Right.HANG_UP})
PARTS = ("quick", "menu", "ask")
KEPT = 200
PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is shown of an act."""

    who: Visitor
    is_well: bool
    text: str
    agent: str
    undo: str  # where it is taken back, '' where it cannot be
    why: str = ""


class ActPages:
    """The handlers, over the one object that everybody acts through.

    may_act: whether a visitor without an account acts: on loopback, where nobody is asked who he is.
    """

    places: frozenset[str] = frozenset()

    def __init__(self, acting: Acting, frame: Frame, renderer: Renderer, *, may_act: bool) -> None:
        self._acting, self._calls = acting, Calls(acting)
        self._frame, self._renderer = frame, renderer
        self._may_act = may_act
        renderer.acts = bool(acting.stages)
        self._results: OrderedDict[str, Result] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get(AGENT, self.agent),
            web.post(AGENT + "/{deed}", self.act),
            web.get(CALL, self.call),
            web.post(CALL + "/hang-up", self.hang_up),
            web.get("/acts/done/{act}", self.done),
            web.post("/acts/done/{act}/undo", self.undo),
        ]

    async def close(self, app: web.Application) -> None:
        """Nothing is open."""

    # -- what may be done --------------------------------------------------------------------

    async def agent(self, request: web.Request) -> web.Response:
        """GET /acts/agents/1003: everything that may be done; `part=quick` for a row, `part=menu` for a popover."""
        part = _part(request)
        agent = self._seen_agent(request)
        if part == "quick":
            return self._fragment(request, "quick", self._menu(request, agent, (), ""))
        queues, note = await self._queues(request, agent)
        menu = self._menu(request, agent, queues, note)
        if part == "menu":
            return self._fragment(request, "menu", menu, visitor_of(request), self._phone(request))
        return self._frame.shown("acts_agent.html", request, v=menu, phone=self._phone(request))

    async def call(self, request: web.Request) -> web.Response:
        """GET /acts/calls/hq/17.1: asks whether a call is to be ended; `part=ask` for a dialog."""
        part = _part(request)
        need(request, Right.HANG_UP)
        try:
            record = self._calls.call_of(self._who(request), request.match_info["call"])
        except (ImpossibleError, HiddenError):
            raise web.HTTPNotFound from None
        asked = self._asked(request, record)
        if part == "ask":
            return self._fragment(request, "ask", asked, visitor_of(request))
        return self._frame.shown("acts_call.html", request, v=asked)

    def _seen_agent(self, request: web.Request) -> str:
        """Raises HTTPNotFound for whom he does not see, and where he may do nothing."""
        agent = request.match_info["agent"]
        if not visitor_of(request).rights & ANY or not self._frame.seen(request).agent(agent):
            raise web.HTTPNotFound
        return agent

    async def _queues(self, request: web.Request, agent: str) -> tuple[list[Queue], str]:
        if Right.AGENTS not in visitor_of(request).rights:
            return [], ""
        try:
            found = await self._acting.queues(self._who(request), agent)
        except ImpossibleError as error:
            return [], why_not(self._frame.words_for(request), error)
        return found, ""

    def _menu(self, request: web.Request, agent: str, queues: list[Queue] | tuple[()], note: str) -> Menu:
        words, path = self._frame.words_for(request), f"/acts/agents/{agent}"
        subject, now = self._subject(agent), self._acting.now()
        return menu_of(words, subject, visitor_of(request), path, queues, note, now)

    def _subject(self, agent: str) -> Subject:
        hub, now = self._acting.hub, self._acting.now()
        talk = finding.talk_of(hub.current.open_records(), agent, hub.agent_of)
        paused = (each for each in hub.current.states() if each.state is State.PAUSED and each.reason != REASON)
        return Subject(
            agent=agent,
            name=hub.name_of(agent, now) or agent,
            is_paused=any(self._acting.sits_at(each.pbx, each.interface) == agent for each in paused),
            call=talk[0].call.id if talk else "",
            since=talk[1].started_at if talk else None,
        )

    def _asked(self, request: web.Request, record: CallRecord) -> dict[str, object]:
        words, hub, call = self._frame.words_for(request), self._acting.hub, record.call
        people = [hub.person_of(each.interface, each.device, each.started_at) for each in open_talks(record)]
        lasts = numerals.elapsed_ms(call.answered_at or call.started_at, self._acting.now())
        return {
            "call": call.id,
            "agents": [agent for agent, _ in people],
            "who": "、".join(words.person(*each) for each in people),
            "party": words.gettext("withheld") if call.customer_withheld else numerals.mask(party_of(record)),
            "lasts": words.length(lasts),
        }

    # -- what is done --------------------------------------------------------------------------

    async def act(self, request: web.Request) -> web.Response:
        """POST /acts/agents/1003/pause and the like."""
        deed = next((each for each in DEEDS if each.value == request.match_info["deed"]), None)
        if deed is None:
            raise web.HTTPNotFound
        need(request, RIGHT_OF[deed])
        agent = self._seen_agent(request)
        form = await self._form(request)
        who = self._who(request)
        reason = form.get("reason", "") or form.get("other", "")
        queue, phone = form.get("queue", ""), form.get(PHONE, "").strip() or self._phone(request)
        match deed:
            case Deed.PAUSE:
                work = self._acting.pause(who, agent, reason)
            case Deed.UNPAUSE:
                work = self._acting.unpause(who, agent)
            case Deed.ADD:
                work = self._acting.add(who, agent, queue)
            case Deed.REMOVE:
                work = self._acting.remove(who, agent, queue)
            case _:
                work = self._calls.listen(who, deed, agent, phone)
        response = await self._answer(request, agent, work)
        if deed in (Deed.LISTEN, Deed.WHISPER, Deed.BARGE) and form.get(PHONE, "").strip():
            response.set_cookie(PHONE, phone[:6], max_age=YEAR, samesite="Strict", httponly=True, path="/acts")
        return response

    async def hang_up(self, request: web.Request) -> web.Response:
        """POST /acts/calls/hq/17.1/hang-up."""
        need(request, Right.HANG_UP)
        form = await self._form(request)
        work = self._calls.hang_up(self._who(request), request.match_info["call"], form.get("reason", ""))
        return await self._answer(request, "", work)

    async def undo(self, request: web.Request) -> web.Response:
        """POST /acts/done/5f1c/undo."""
        need(request, Right.AGENTS)
        await self._form(request)
        act = request.match_info["act"]
        before = self._results.get(act)
        return await self._answer(
            request, before.agent if before else "", self._acting.undo(self._who(request), act)
        )

    async def done(self, request: web.Request) -> web.Response:
        """GET /acts/done/5f1c: what came of it, for who has no script."""
        check_keys(request.query, ())
        found = self._results.get(request.match_info["act"])
        visitor = visitor_of(request)
        if found is None or (found.who.account, found.who.login) != (visitor.account, visitor.login):
            raise web.HTTPNotFound
        return self._frame.shown("acts_done.html", request, v=found, status=200 if found.is_well else 409)

    async def _form(self, request: web.Request) -> dict[str, str]:
        """The form of our own page. Raises ForeignPostError."""
        if visitor_of(request).account is None and not self._may_act:
            raise ForeignPostError
        return dict(await own_form(request))

    async def _answer(self, request: web.Request, agent: str, work: Awaitable[Report]) -> web.Response:
        """What came of it: as JSON for the script, else on a page of its own."""
        words = self._frame.words_for(request)
        try:
            report = await work
        except HiddenError:
            raise web.HTTPNotFound from None
        except ImpossibleError as error:
            text = why_not(words, error)
            return self._shown(request, "", self._result(request, False, text, agent, why=error.why))
        agent = report.agent or agent
        name = self._acting.hub.name_of(agent, report.at) or agent
        undo = f"/acts/done/{report.id}/undo" if report.undo_until else ""
        result = self._result(request, report.outcome in WELL, told(words, report, name), agent, undo=undo)
        return self._shown(request, report.id, result)

    def _result(
        self, request: web.Request, is_well: bool, text: str, agent: str, undo: str = "", why: Why | None = None
    ) -> Result:
        return Result(
            who=visitor_of(request),
            is_well=is_well,
            text=text,
            agent=agent,
            undo=undo,
            why="" if why is None else why.value,
        )

    def _shown(self, request: web.Request, act: str, result: Result) -> web.Response:
        if request.headers.get("Accept", "").startswith("application/json"):
            body = {
                "ok": result.is_well,
                "text": result.text,
                "agent": result.agent,
                "undo": result.undo,
                "why": result.why,
            }
            return web.json_response(body, headers={"Cache-Control": "no-store"})
        if not act:
            return self._frame.shown("acts_done.html", request, v=result, status=409)
        self._results[act] = result
        while len(self._results) > KEPT:
            self._results.popitem(last=False)
        return web.Response(status=303, headers={"Location": f"/acts/done/{act}"})

    # -- who asks ------------------------------------------------------------------------------

    def _who(self, request: web.Request) -> Who:
        visitor = visitor_of(request)
        by = "" if visitor.account is not None else request.cookies.get("by", "")[:40]
        return Who(visitor=visitor, seen=self._frame.seen(request), address=request.remote or "", by=by)

    def _phone(self, request: web.Request) -> str:
        """The extension that he named last; '' where he is an agent himself, whose phone is known."""
        return "" if visitor_of(request).agent else request.cookies.get(PHONE, "")[:6]

    def _fragment(self, request: web.Request, macro: str, *values: object) -> web.Response:
        reader, _ = self._frame.reader(request, strict=False)
        return page(self._renderer.fragment("acts.html", macro, reader.language)(*values))


def _part(request: web.Request) -> str:
    """Which part of a page is asked for; '' for the whole. Raises QueryError."""
    check_keys(request.query, ("part",))
    part = request.query.get("part", "")
    if part and part not in PARTS:
        raise QueryError("part", part, "one of " + ", ".join(PARTS))
    return part
