"""The pages of campaigns: the list, one campaign with its live stream, and the buttons that turn it.

Who has no account acts only on loopback, where no token is asked for, and says who he is. Who sees some of the agents
sees the campaigns that one of them calls in: contacts are nobody's, of the calls in progress he sees his agents'.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy.exc import SQLAlchemyError

from schedulers.errors import RefusedError, StaleError
from service.auth.audit import Act
from service.auth.forms import ForeignPostError, own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import NoRightError, need, visitor_of
from service.dashboard.campaign_view import Dialler, View, line_of, view_of
from service.dashboard.elements import one_line
from service.dashboard.events import HEADERS, frame
from service.dashboard.frame import YEAR, Frame
from service.dashboard.query import check_keys
from service.dashboard.rendering import Renderer
from service.dashboard.seen_parts import sees_campaign
from service.dashboard.words import Words

if TYPE_CHECKING:
    from schedulers.campaigns.records import Campaign
    from schedulers.storage.campaign_progress import Progress
    from service.desk.campaigns import Standing

TURNS = ("start", "pause", "resume", "stop")
EVERY, AT_MOST = 1.0, 10
"""Seconds between two looks at a campaign that somebody watches, and how much longer than a look itself they are apart:
a large one is looked at less often, so that watching costs a tenth of a core at most."""
LIVE = ("state", "dialler", "equation", "figures", "live_rows", "results", "whys", "forecast")
NAMES = {"live_rows": "live"}
MAX_BY, MAX_NOTE = 40, 200


class CampaignSource(Protocol):
    """What the pages ask of the service. All but `name_of` may raise SQLAlchemyError."""

    may_act: bool  # whether the pages' buttons do anything
    dials: bool  # whether the settings let any PBX place calls

    async def listed(self) -> list[tuple[Campaign, Progress]]:
        """The campaigns, the higher priority first, each with how far it is."""
        ...

    async def standing(self, campaign_id: int) -> Standing | None:
        """How one stands; None where there is none."""
        ...

    async def turn(self, campaign_id: int, what: str, by: str, note: str) -> None:
        """Start, pause, resume or stop one. Raises RefusedError, StaleError."""
        ...

    def dialler(self, pbx: str) -> Dialler:
        """What is known here of a PBX's dialler."""
        ...

    def name_of(self, agent: str) -> str | None:
        """An agent's name."""
        ...

    def crew(self, campaign: Campaign) -> Collection[str] | None:
        """Who calls in it: its agents and those of its groups; None where neither is named."""
        ...


class CampaignPages:
    """The handlers, over one source."""

    places = frozenset({"campaigns"})

    def __init__(self, source: CampaignSource, frame: Frame, renderer: Renderer) -> None:
        self._source = source
        self._frame = frame
        self._renderer = renderer
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/campaigns", self.listed),
            web.get("/campaigns/{campaign:[0-9]{1,9}}", self.campaign),
            web.get("/campaigns/{campaign:[0-9]{1,9}}/events", self.events),
            *(web.post(f"/campaigns/{{campaign:[0-9]{{1,9}}}}/{turn}", self._turning(turn)) for turn in TURNS),
        ]

    async def close(self, app: web.Application) -> None:
        """Ends the open streams, so that the server can stop."""
        self._closing.set()

    async def listed(self, request: web.Request) -> web.Response:
        """GET /campaigns."""
        need(request, Right.PROMISES)
        check_keys(request.query, ())
        seen = self._frame.seen(request)
        found = [each for each in await self._source.listed() if sees_campaign(seen, self._source.crew(each[0]))]
        words = self._frame.words_for(request)
        lines = [line_of(words, campaign, progress) for campaign, progress in found]
        return self._frame.shown("campaigns.html", request, lines=lines, dials=self._source.dials)

    async def campaign(self, request: web.Request) -> web.Response:
        """GET /campaigns/7."""
        need(request, Right.PROMISES)
        check_keys(request.query, ())
        return await self._page(request)

    async def _page(self, request: web.Request, refusal: str = "", status: int = 200) -> web.Response:
        view = await self._view(request, self._frame.words_for(request))
        if view is None:
            return self._frame.missing(request)
        return self._frame.shown(
            "campaign.html",
            request,
            status=status,
            v=view,
            may_act=self._may_act(visitor_of(request)),
            by=request.cookies.get("by", "")[:MAX_BY],
            refusal=refusal,
        )

    async def _view(self, request: web.Request, words: Words) -> View | None:
        found = await self._source.standing(int(request.match_info["campaign"]))
        if found is None:
            return None
        seen = self._frame.seen(request)
        if not sees_campaign(seen, self._source.crew(found.campaign)):
            raise NoRightError
        his = replace(found, live=tuple(each for each in found.live if seen.agent(each.agent)))
        return view_of(words, his, self._source.dialler(found.campaign.pbx), self._source.name_of)

    # -- what is done ----------------------------------------------------------------------

    def _turning(self, turn: str) -> Handler:
        async def handler(request: web.Request) -> web.Response:
            visitor = need(request, Right.CAMPAIGNS)
            if not self._may_act(visitor):
                raise ForeignPostError
            form = await own_form(request)
            words = self._frame.words_for(request)
            if await self._view(request, words) is None:
                return self._frame.missing(request)
            by, note = (visitor.name or form.get("by", "").strip()), form.get("note", "").strip()
            if not by or len(by) > MAX_BY or len(note) > MAX_NOTE or (turn == "stop" and not note):
                needed = words.gettext("Who does it, and for a stop the reason, is needed.")
                return await self._page(request, needed, 400)
            try:
                await self._source.turn(int(request.match_info["campaign"]), turn, by, note)
            except (RefusedError, StaleError) as error:
                return await self._page(request, str(error), 409)
            await self._frame.note(request, Act.CHANGED, f"campaign {request.match_info['campaign']}", what=turn)
            answer = web.Response(status=303, headers={"Location": f"/campaigns/{request.match_info['campaign']}"})
            answer.set_cookie("by", by, max_age=YEAR, samesite="Strict", httponly=True, path="/campaigns")
            return answer

        return handler

    def _may_act(self, visitor: Visitor) -> bool:
        """Whether the buttons do anything for this visitor."""
        return Right.CAMPAIGNS in visitor.rights and (visitor.account is not None or self._source.may_act)

    # -- live --------------------------------------------------------------------------------

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /campaigns/7/events: what changed, until the page goes or the service stops."""
        need(request, Right.PROMISES)
        language = request.query.get("lang", "zh")
        if language not in ("zh", "en"):
            raise web.HTTPBadRequest(text=f"lang: found {language!r}, expected zh or en\n")
        words = self._renderer.words(language, whole_numbers=visitor_of(request).may(Right.NUMBERS))
        if await self._view(request, words) is None:
            return self._frame.missing(request)
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            await self._stream(request, response, words)
        return response

    async def _stream(self, request: web.Request, response: web.StreamResponse, words: Words) -> None:
        shown: dict[str, str] = {}
        clock = asyncio.get_running_loop().time
        while not self._closing.is_set():
            began = clock()
            try:
                view = await self._view(request, words)
            except NoRightError:
                return  # he sees nobody of it any more
            except (SQLAlchemyError, OSError):
                view = None  # what was shown stays; the next look may find the store again
            fresh = {} if view is None else self._drawn(view, words.language)
            changed = {name: html for name, html in fresh.items() if shown.get(name) != html}
            shown |= changed
            chunks = [frame(f"campaign.{name}", html, "0") for name, html in changed.items()]
            await response.write(b"".join(chunks) or b": still here\n\n")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(EVERY, AT_MOST * (clock() - began))):
                    await self._closing.wait()

    def _drawn(self, view: View, language: str) -> dict[str, str]:
        return {
            NAMES.get(name, name): one_line(
                self._renderer.fragment("campaign_live.html", name, language)(view, False)
            )
            for name in LIVE
        }
