"""The live elements of the pages, each under its name: what it is told by, and how it is drawn. Pure but for templates.

An element is drawn again only when its `key` changes, and only where somebody is to be told. A fragment for a live
update leaves running times empty: the browser writes them, from the instant that the element carries and the server's
time. So an element changes only when what it says does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from service.dashboard import rows
from service.dashboard.board import AgentActivity, AgentNow, Board
from service.dashboard.board_tiles import board_tiles
from service.dashboard.curve import curve
from service.dashboard.look import WHOLE, Look
from service.dashboard.queue_rows import queue_rows
from service.dashboard.rendering import Renderer
from service.dashboard.tiles import Tile
from service.dashboard.wall_tiles import agent_tile, tile_key, wall_agents
from service.dashboard.words import Words

RECENT, RINGING, TALKING = 8, 12, 8
"""How many rows the shift now shows of calls that ended, that ring and wait, and that are talked in."""
WALL_ROWS, WALL_QUEUES = 10, 6
"""So many rows the left half of the wall has, and so many queues a page of them."""


class Order(StrEnum):
    """In which order the shift now lists agents."""

    NUMBER = "number"  # fixed: people look for their place
    STATE = "state"  # who talks, holds, rings …, the longest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a page shows alive, and to whom. Two readers with the same are told the same bytes."""

    page: str  # shift, wall, or any other: the frame alone
    language: str
    look: Look = WHOLE
    order: Order = Order.NUMBER
    numbers: bool = False  # whether customers' numbers are shown whole; never on a wall, which everybody sees


class Element(NamedTuple):
    """One element: drawn by `draw` where its key is another one than before."""

    name: str
    key: object
    draw: Callable[[], str]


def elements_of(board: Board, subject: Subject, renderer: Renderer) -> Iterator[Element]:
    """Every element of a page."""
    if subject.page == "wall":
        yield from _wall(board, subject, renderer)
        return
    yield from _frame(board, subject, renderer)
    if subject.page == "shift":
        yield from _shift(board, subject, renderer)


def _words(subject: Subject, renderer: Renderer) -> Words:
    return renderer.words(subject.language, whole_numbers=subject.numbers)


def ordered(agents: Iterable[AgentNow], order: Order) -> list[AgentNow]:
    """Agents as a page lists them."""
    found = list(agents)
    if order is Order.NUMBER:
        return found
    rank = {activity: place for place, activity in enumerate(AgentActivity)}
    return sorted(found, key=lambda each: (rank[each.activity], each.since.timestamp() if each.since else 0.0))


def _frame(board: Board, subject: Subject, renderer: Renderer) -> Iterator[Element]:
    draw = _drawing("live.html", subject, renderer)
    seconds = tuple(replace(link, last_event_at=None) for link in board.links)
    last = tuple(link.last_event_at and link.last_event_at.replace(microsecond=0) for link in board.links)
    yield Element("link", (seconds, last), draw("link_state", board))


def _shift(board: Board, subject: Subject, renderer: Renderer) -> Iterator[Element]:
    words, draw = _words(subject, renderer), _drawing("live.html", subject, renderer)
    yield Element("gaps", board.gaps, draw("gap_banners", board.gaps))
    yield Element("known", board.known, draw("known_bar", board.known))
    yield Element("agents.count", *_counted(board, draw))
    for tile in board_tiles(words, board):
        yield Element(f"kpi.{tile.id}", _tile_key(tile), draw("tile_figures", tile))
    yield from _lists(board, subject, renderer)
    yield Element(
        "curve", (board.hours, board.marks.three_rings), lambda: draw("curve", curve(words, board, sparse=True))()
    )
    agents = ordered(board.agents, subject.order)
    names = " ".join(each.agent for each in agents)
    yield Element("agents", names, lambda: names)
    for agent in agents:
        row = partial(rows.agent_row, words, agent, board.as_of)
        yield Element(f"agent.{agent.agent}", rows.agent_key(agent, board.as_of), _late(draw, "agent_row", row))


def _lists(board: Board, subject: Subject, renderer: Renderer) -> Iterator[Element]:
    words, draw, at = _words(subject, renderer), _drawing("live.html", subject, renderer), board.as_of
    ringing = rows.ring_rows(words, board.active, at)
    talking = rows.talk_rows(words, board.active, at)
    recent = board.recent[:RECENT]
    yield Element("ringing.count", len(ringing), draw("count", "ringing.count", len(ringing)))
    yield Element("ringing", _ring_keys(ringing[:RINGING]), draw("ringing_rows", ringing[:RINGING]))
    yield Element("talking.count", len(talking), draw("count", "talking.count", len(talking)))
    yield Element("talking", _talk_keys(talking[:TALKING]), draw("talking_rows", talking[:TALKING]))
    shown = partial(lambda: [rows.call_row(words, call) for call in recent])
    yield Element("recent", recent, _late(draw, "recent_rows", shown))


def _wall(board: Board, subject: Subject, renderer: Renderer) -> Iterator[Element]:
    words, draw, at = _words(subject, renderer), _drawing("wall_live.html", subject, renderer), board.as_of
    day = words.day(words.local(at).date())
    links = tuple((link.pbx, link.connected, link.since) for link in board.links)
    yield Element("wall.state", (links, board.gaps, board.opening, day), draw("state", board, day))
    for tile in board_tiles(words, board):
        yield Element(f"wall.{tile.id}", _tile_key(tile), draw("tile", tile))
    queues = queue_rows(words, board)
    yield Element("wall.queues", tuple(each.said() for each in queues), draw("queues", queues))
    ringing = rows.ring_rows(words, board.active, at)
    shown = ringing[: wall_ringing(board)]
    yield Element("wall.ringing.count", len(ringing), draw("count", len(ringing)))
    yield Element("wall.ringing", _ring_keys(shown), draw("ringing", shown))
    yield Element("wall.counts", *_counted(board, draw))
    yield Element(
        "wall.curve", (board.hours, board.marks.three_rings), lambda: draw("curve", curve(words, board))()
    )
    agents = wall_agents(board)
    names = " ".join(each.agent for each in agents)
    yield Element("tiles", names, lambda: names)
    for agent in agents:
        tile_of = partial(agent_tile, words, agent, at)
        yield Element(f"tile.{agent.agent}", tile_key(agent, at), _late(draw, "agent", tile_of))


def wall_ringing(board: Board) -> int:
    """How many rows of ringing and waiting have room on the wall."""
    return WALL_ROWS - min(max(len(board.queues), 1), WALL_QUEUES)


Draw = Callable[..., Callable[[], str]]


def _drawing(template: str, subject: Subject, renderer: Renderer) -> Draw:
    """A macro with its values, to be called where its text is wanted."""

    def draw(macro: str, *values: object) -> Callable[[], str]:
        return lambda: one_line(renderer.fragment(template, macro, subject.language)(*values, False))

    return draw


def _late(draw: Draw, macro: str, value: Callable[[], object]) -> Callable[[], str]:
    """The same, of a value that is only made where the text is wanted."""
    return lambda: draw(macro, value())()


def _counted(board: Board, draw: Draw) -> tuple[object, Callable[[], str]]:
    """How many agents do what."""
    counts: dict[AgentActivity, int] = {}
    for agent in board.agents:
        counts[agent.activity] = counts.get(agent.activity, 0) + 1
    return tuple(sorted(counts.items())), draw("agents_count", board)


def _tile_key(tile: Tile) -> tuple[object, ...]:
    return "" if tile.since else tile.value, tile.unit, tile.note, tile.level, tile.since, tile.label


def _ring_keys(shown: Iterable[rows.RingRow]) -> tuple[object, ...]:
    return tuple((row.call_id, row.party, row.queue, row.who, row.ring, row.since) for row in shown)


def _talk_keys(shown: Iterable[rows.TalkRow]) -> tuple[object, ...]:
    return tuple((row.call_id, row.party, row.queue, row.who, row.stage, row.since) for row in shown)


def one_line(html: str) -> str:
    """HTML without line ends: what one event carries."""
    return " ".join(str(html).splitlines()).strip()
