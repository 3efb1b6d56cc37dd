"""An agent's own cards on his desk: what was marked and why, his reply, his appeal, and how it was decided.

An agent sees only his own. Who may pause agents reads those of whom he sees: /desk/quality?agent=1003. Who may also
listen to recordings hears the talk beside its card: /desk/quality/3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection

from analytics.errors import QualityError
from analytics.quality.appeals import answer
from analytics.quality.cards import Hand
from analytics.quality.records import Card, CardKind, ReplyKind, final_of
from service.auth.forms import own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import need, visitor_of
from service.dashboard import rows
from service.dashboard.board import PbxLink
from service.dashboard.frame import Frame
from service.dashboard.quality.listening import Listening
from service.dashboard.quality.sample_view import Mode, SampleView, sample_view
from service.dashboard.quality.source import Opened, QualitySource, Who
from service.dashboard.query import check_keys
from service.dashboard.recordings.player import Player
from service.dashboard.rendering import Renderer
from service.dashboard.words import Words

MAX_AGENT = 40


class DeskLinks(Protocol):
    """What the bar of a desk shows."""

    def links(self) -> tuple[PbxLink, ...]:
        """How each PBX is heard."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCard:
    """A card as its agent reads it. `until`: to when he may still reply, and appeal; '' where no more, or done."""

    view: SampleView
    card: int
    reply_until: str
    appeal_until: str


class OwnQuality:
    """The handlers, over one source."""

    places: frozenset[str] = frozenset()

    def __init__(
        self, source: QualitySource, listening: Listening, desk: DeskLinks, frame: Frame, renderer: Renderer
    ) -> None:
        self._source, self._listening, self._desk, self._frame = source, listening, desk, frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get("/desk/quality", self.cards),
            web.get("/desk/quality/{card:[1-9][0-9]{0,8}}", self.card),
            web.post("/desk/quality/{card:[1-9][0-9]{0,8}}", self.answer),
        ]

    async def close(self, app: web.Application) -> None:
        """Nothing is open."""

    async def cards(self, request: web.Request) -> web.Response:
        """GET /desk/quality."""
        check_keys(request.query, ("agent",))
        return await self._page(request, self._agent(request, request.query.get("agent")))

    async def card(self, request: web.Request) -> web.Response:
        """GET /desk/quality/3: one card beside its recording."""
        need(request, Right.LISTEN)
        check_keys(request.query, ("agent",))
        agent, wanted = self._agent(request, request.query.get("agent")), int(request.match_info["card"])
        told = next((each for each in await self._source.own(agent) if _is_of(each, wanted)), None)
        if told is None:
            raise web.HTTPNotFound
        player = await self._listening.player(self._frame.words_for(request), told)
        return await self._page(request, agent, only=wanted, player=player)

    async def _page(
        self, request: web.Request, agent: str, refusal: str = "", status: int = 200, *, only: int | None = None,
        player: Player | None = None,
    ) -> web.Response:  # fmt: skip
        visitor, words = visitor_of(request), self._frame.words_for(request)
        own = visitor.agent == agent and Right.DESK in visitor.rights
        found = [each for each in await self._source.own(agent) if only is None or _is_of(each, only)]
        name = words.person(agent, self._source.name_of(agent))
        cards = [self._card(words, each, card) for each in found if (card := final_of(each.cards))]
        return self._frame.shown(
            "desk_quality.html", request, here="quality", status=status, refusal=refusal, own=own, agent=agent,
            cards=cards, agent_name=name, initial=rows.initial_of(name), stranger=visitor.agent != agent,
            links=self._desk.links(), owed_count=0, to=_to(visitor, agent), only=only, player=player,
            listens=Right.LISTEN in visitor.rights,
        )  # fmt: skip

    def _card(self, words: Words, told: Opened, card: Card) -> OwnCard:
        name = self._source.name_of(told.sample.agent)
        view = sample_view(words, _public(told), self._source.policy, Mode.READ, "", name=name, hears=False)
        return OwnCard(
            view=view, card=card.id, reply_until=self._until(words, told, card, ReplyKind.REPLY),
            appeal_until=self._until(words, told, card, ReplyKind.APPEAL),
        )  # fmt: skip

    def _until(self, words: Words, told: Opened, card: Card, kind: ReplyKind) -> str:
        """To when he may still say something to the card that counts; '' where no more."""
        until: datetime = card.appeal_until if kind is ReplyKind.APPEAL else card.reply_until
        said = any(each.card_id == card.id and each.kind is kind for each in told.replies)
        return "" if said or self._source.now() >= until else words.opening(until, self._source.now())

    async def answer(self, request: web.Request) -> web.Response:
        """POST /desk/quality/3: a reply, or an appeal."""
        visitor = need(request, Right.DESK)
        form = await own_form(request)
        if visitor.agent is None or form.get("kind") not in set(ReplyKind):
            raise web.HTTPNotFound
        agent, kind, text = visitor.agent, ReplyKind(form["kind"]), form.get("text", "")
        card = int(request.match_info["card"])
        if card not in {one.id for each in await self._source.own(agent) for one in each.cards}:
            raise web.HTTPNotFound

        def work(connection: Connection, hand: Hand) -> object:
            return answer(connection, card, kind, text, agent=agent, by=hand.by.login, now=hand.now)

        who = Who(visitor=visitor, address=request.remote or "", login=visitor.login)
        try:
            await self._source.act(who, kind.value, f"quality card {card}", work)
        except QualityError as error:
            return await self._page(request, agent, str(error), 409)
        return web.Response(status=303, headers={"Location": "/desk/quality"})

    def _agent(self, request: web.Request, asked: str | None) -> str:
        """Whose cards they are. No right looks like nothing there."""
        visitor = visitor_of(request)
        chooses = visitor.account is None or Right.AGENTS in visitor.rights
        if not chooses:
            need(request, Right.DESK)
        if asked is None or asked == visitor.agent:
            if visitor.agent is None:
                raise web.HTTPNotFound
            return visitor.agent
        known = len(asked) <= MAX_AGENT and asked.isprintable()
        if not (known and chooses and self._frame.seen(request).agent(asked)):
            raise web.HTTPNotFound
        return asked


def _is_of(told: Opened, card: int) -> bool:
    """Whether it is the card that counts of a sample."""
    final = final_of(told.cards)
    return final is not None and final.id == card


def _public(told: Opened) -> Opened:
    """What an agent reads: cards that count for something; comparisons between inspectors are no business of his."""
    return replace(told, cards=tuple(each for each in told.cards if each.kind is not CardKind.CALIBRATION))


def _to(visitor: Visitor, agent: str) -> Callable[..., str]:
    """A page of this desk: whose it is stands in the address where it is not the visitor's own."""

    def address(path: str, **query: str) -> str:
        named = {} if agent in ("", visitor.agent) else {"agent": agent}
        told = urlencode({**named, **{name: value for name, value in query.items() if value}})
        return f"{path}?{told}" if told else path

    return address
