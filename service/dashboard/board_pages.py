"""The shift now and the wall: the same figures for a desk and for a room. No figure is computed here."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from service.auth.rights import Right
from service.auth.visiting import need, visitor_of
from service.dashboard import rows
from service.dashboard.board import Board
from service.dashboard.board_tiles import board_tiles
from service.dashboard.curve import curve
from service.dashboard.elements import RECENT, RINGING, TALKING, ordered, wall_ringing
from service.dashboard.frame import Frame
from service.dashboard.live_view import LiveState
from service.dashboard.look import Look
from service.dashboard.looking import KEYS, WALL_KEYS, read_look, read_order
from service.dashboard.query import check_keys
from service.dashboard.queue_rows import queue_rows
from service.dashboard.wall_tiles import FULL, MOST, agent_tile, wall_agents
from service.dashboard.words import Words


class BoardPages:
    """The handlers, over the live state."""

    def __init__(self, live: LiveState, frame: Frame) -> None:
        self._live = live
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [web.get("/", self.shift), web.get("/wall", self.wall)]

    async def shift(self, request: web.Request) -> web.Response:
        """GET /: the shift now."""
        if Right.BOARD not in visitor_of(request).rights:
            return web.Response(status=303, headers={"Location": self._frame.landing(request)})
        words = self._frame.words_for(request)
        check_keys(request.query, KEYS)
        look, order = read_look(request.query, self._frame.seen(request)), read_order(request.query)
        board = self._live.board(look)
        at = board.as_of
        return self._frame.shown(
            "shift.html", request, board=board, known=board.known, gaps=board.gaps,
            tiles=board_tiles(words, board), order=order.value,
            agents=[rows.agent_row(words, each, at) for each in ordered(board.agents, order)],
            ringing=rows.ring_rows(words, board.active, at), most_ringing=RINGING,
            talking=rows.talk_rows(words, board.active, at), most_talking=TALKING,
            recent=[rows.call_row(words, each) for each in board.recent[:RECENT]],
            curve=curve(words, board, sparse=True), today=words.day(words.local(at).date()), clock=words.time(at),
            events=_events("shift", words, look, order=order.value), wall=_with("/wall", look),
            chosen_queue=",".join(sorted(look.queues)), queue_options=_options(board.queue_choices, look.queues),
            chosen_group=",".join(sorted(look.groups)),
            group_options=_options(tuple((each, each) for each in board.group_choices), look.groups),
        )  # fmt: skip

    async def wall(self, request: web.Request) -> web.Response:
        """GET /wall: the wallboard, without the frame."""
        need(request, Right.BOARD)
        words = self._frame.words_for(request).masked()  # everybody sees a wall
        check_keys(request.query, WALL_KEYS)
        look = read_look(request.query, self._frame.seen(request))
        board = self._live.board(look)
        at = board.as_of
        return self._frame.bare(
            "wall.html", request, board=board, tiles=board_tiles(words, board), queues=queue_rows(words, board),
            ringing=rows.ring_rows(words, board.active, at), most_ringing=wall_ringing(board),
            agents=[agent_tile(words, each, at) for each in wall_agents(board)], full=FULL, most=MOST,
            curve=curve(words, board), today=words.day(words.local(at).date()), clock=words.time(at),
            centre=board.title_zh if words.chinese else board.title_en, chosen=_chosen(words, board, look),
            rule=words.gettext("answer before the fourth ring"), events=_events("wall", words, look),
        )  # fmt: skip


def _chosen(words: Words, board: Board, look: Look) -> str:
    """What was chosen, as a wall says it."""
    titles = dict(board.queue_choices)
    names = [titles.get(each, each) for each in sorted(look.queues)] + sorted(look.groups)
    return ("、" if words.chinese else ", ").join(names)


def _pairs(look: Look) -> list[tuple[str, str]]:
    chosen = (("queue", look.queues), ("group", look.groups))
    return [(key, ",".join(sorted(names))) for key, names in chosen if names]


def _with(path: str, look: Look) -> str:
    pairs = _pairs(look)
    return path + ("?" + urlencode(pairs) if pairs else "")


def _events(page: str, words: Words, look: Look, *, order: str = "") -> str:
    """Where a page hears what changes of what it shows."""
    more = [("order", order)] if order == "state" else []
    return "/events?" + urlencode([("lang", words.language), ("page", page), *_pairs(look), *more])


def _options(choices: tuple[tuple[str, str], ...], chosen: frozenset[str]) -> list[tuple[str, str]]:
    """What may be chosen, and what is, though several or none of them are known."""
    found = list(choices)
    value = ",".join(sorted(chosen))
    if value and value not in dict(found):
        found.append((value, value))
    return found
