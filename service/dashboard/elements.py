"""The live elements of the pages, each a rendered fragment under its name. Pure but for the templates.

A fragment for a live update leaves running times empty: the browser writes them, from the instant that the
element carries and the server's time. So an element changes only when what it says does.
"""

from __future__ import annotations

from service.dashboard import rows, tiles
from service.dashboard.board import Board
from service.dashboard.rendering import Renderer

FRAME = ("link",)
"""What every page shows of this moment. The rest is on the shift now: other pages have the gaps of their own days, and
say how the calls of these are known."""

RECENT = 12
"""How many of the calls that ended last the shift now shows."""


def board_elements(board: Board, language: str, renderer: Renderer) -> dict[str, str]:
    """Every element of the frame and of the shift now."""
    words = renderer.words(language)

    def draw(macro: str, *values: object) -> str:
        return one_line(renderer.fragment("live.html", macro, language)(*values, False))

    found = {
        "link": draw("link_state", board),
        "gaps": draw("gap_banners", board.gaps),
        "known": draw("known_bar", board.known),
        "agents.count": draw("agents_count", board),
    }
    for tile in tiles.board_tiles(words, board):
        found[f"kpi.{tile.id}"] = draw("tile_figures", tile)
    for agent in board.agents:
        found[f"agent.{agent.agent}"] = draw("agent_row", rows.agent_row(words, agent, board.as_of))
    found["ringing"] = draw("ringing_rows", rows.ring_rows(words, board.active, board.as_of))
    found["talking"] = draw("talking_rows", rows.talk_rows(words, board.active, board.as_of))
    found["recent"] = draw("recent_rows", [rows.call_row(words, call) for call in board.recent[:RECENT]])
    return found


def agents_body(board: Board, language: str, renderer: Renderer) -> str:
    """All rows of the agents' table: sent when somebody was added or removed."""
    words = renderer.words(language)
    drawn = [rows.agent_row(words, agent, board.as_of) for agent in board.agents]
    return one_line(renderer.fragment("live.html", "agent_rows", language)(drawn, False))


def one_line(html: str) -> str:
    """HTML without line ends: what one event carries."""
    return " ".join(str(html).splitlines()).strip()
