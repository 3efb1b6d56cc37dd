"""Agents as tiles of the wall: name, state, for how long, and the month's minutes against their pace. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.dashboard import numerals, rows
from service.dashboard.board import AgentActivity, AgentNow, Board
from service.dashboard.words import Words

CSS = {
    AgentActivity.TALKING: "talk",
    AgentActivity.HOLD: "hold",
    AgentActivity.RINGING: "ring",
    AgentActivity.WRAP_UP: "wrap",
    AgentActivity.PAUSED: "pause",
    AgentActivity.READY: "idle",
    AgentActivity.LOGGED_OUT: "off",
}
FULL, MOST = 24, 36
"""So many tiles have their full size; beyond the second number the wall turns its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTile:
    """One agent."""

    agent: str
    name: str
    css: str
    icon: str
    state: str
    since: datetime | None
    held: str
    pace: str  # how far the month's minutes are on their way, as a width; '' without a quota
    behind: bool


def wall_agents(board: Board) -> list[AgentNow]:
    """Whom the wall shows, in number order; where they are many, nobody who was not there today."""
    if len(board.agents) <= MOST:
        return list(board.agents)
    return [each for each in board.agents if each.activity is not AgentActivity.LOGGED_OUT or each.calls]


def agent_tile(words: Words, agent: AgentNow, as_of: datetime) -> AgentTile:
    """One agent as a tile."""
    state, over = rows.agent_state(words, agent, as_of), rows.is_over(agent, as_of)
    away = agent.activity is AgentActivity.LOGGED_OUT or agent.since is None
    held = "" if away or agent.since is None else numerals.brief_clock(numerals.elapsed_ms(agent.since, as_of))
    pace, behind = _pace(agent)
    return AgentTile(
        agent=agent.agent,
        name=short_name(words.person(agent.agent, agent.name)),
        css="late" if over else CSS[agent.activity],
        icon=state.icon,
        state=words.pgettext("tile", "Over") if over else _state(words, agent, state.text),
        since=None if away else agent.since,
        held=held,
        pace=pace,
        behind=behind,
    )


def _state(words: Words, agent: AgentNow, text: str) -> str:
    """A state as a tile has room for it; a pause by its reason."""
    match agent.activity:
        case AgentActivity.TALKING:
            return words.pgettext("tile", "Talk")
        case AgentActivity.RINGING:
            return words.pgettext("tile", "Ring")
        case AgentActivity.WRAP_UP:
            return words.pgettext("tile", "Wrap")
        case AgentActivity.LOGGED_OUT:
            return words.pgettext("tile", "Off")
        case _:
            return text


def short_name(name: str) -> str:
    """Wang Nana -> Wang N: what a tile has room for; other names stay as they are."""
    parts = name.split()
    if len(parts) > 1 and name.isascii():
        return f"{parts[0]} {parts[1][0].upper()}"
    return name


def tile_key(agent: AgentNow, as_of: datetime) -> tuple[object, ...]:
    """What of an agent his tile tells, running times left out."""
    over = rows.is_over(agent, as_of)
    return agent.name, agent.activity, agent.since, agent.reason, rows.quota_key(agent.quota), over


def _pace(agent: AgentNow) -> tuple[str, bool]:
    """The month's minutes in percent of what is due by now; full where it is reached."""
    quota = agent.quota
    if quota is None:
        return "", False
    due = quota.floor_minutes * 60_000 if quota.due_ms is None else quota.due_ms
    if due <= 0:
        return "100%", False
    return rows.percent_of(quota.talk_ms, due), quota.talk_ms < due
