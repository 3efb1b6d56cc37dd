"""The figures of a strip: each with its value, unit, note, level and the metric that defines it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.dashboard import numerals
from service.dashboard.board import Board, Rate
from service.dashboard.definitions import define
from service.dashboard.periods import Definition
from service.dashboard.words import Words


class Level(StrEnum):
    """How a figure stands to its goal; each has a colour, an icon and words."""

    NONE = ""
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


ICONS = {Level.NONE: "", Level.GOOD: "circle-check", Level.WARN: "triangle-alert", Level.BAD: "octagon-alert"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure. `id` names the element that live updates replace; `since` makes the value tick."""

    id: str
    label: str
    value: str
    unit: str = ""
    note: str = ""
    level: Level = Level.NONE
    definition: Definition | None = None
    since: datetime | None = None
    link: str = ""

    @property
    def icon(self) -> str:
        """The shape that goes with the colour."""
        return ICONS[self.level]


def rate_note(words: Words, rate: Rate) -> str:
    """398 / 412: what the share is of."""
    if not rate.counted:
        return words.gettext("nothing to count yet")
    return f"{rate.within:,} / {rate.counted:,}"


def _rate_tile(words: Words, identity: str, label: str, rate: Rate, definition: Definition | None) -> Tile:
    return Tile(
        id=identity,
        label=label,
        value=numerals.percent(rate.value),
        unit="" if rate.value is None else "%",
        note=rate_note(words, rate),
        definition=definition,
    )


def board_tiles(words: Words, board: Board) -> list[Tile]:
    """The six tiles of the shift now."""
    return [
        _waiting(words, board),
        _longest(words, board),
        _three_rings(words, board),
        Tile(
            id="answered",
            label=words.gettext("Answered"),
            value=numerals.count(board.answered),
            note=words.ngettext("%(n)s call today in all", "%(n)s calls today in all", board.calls),
            link="/calls?direction=inbound&disposition=answered",
        ),
        Tile(
            id="abandoned",
            label=words.gettext("Abandoned"),
            value=numerals.count(board.abandoned),
            note=_abandonment_note(words, board),
            definition=define("abandonment_rate", words),
            link="/calls?direction=inbound&disposition=abandoned",
        ),
        Tile(
            id="in_progress",
            label=words.gettext("Calls in progress"),
            value=numerals.count(len(board.active)),
            note=_talking_note(words, board),
        ),
    ]


def _waiting(words: Words, board: Board) -> Tile:
    note = words.gettext("nobody waits")
    if board.waiting:
        note = words.ngettext("%(n)s of them ringing", "%(n)s of them ringing", board.waiting_ringing)
    return Tile(
        id="waiting", label=words.gettext("Waiting callers"), value=numerals.count(board.waiting), note=note
    )


def _longest(words: Words, board: Board) -> Tile:
    since = board.longest_wait_since
    value = numerals.DASH if since is None else numerals.clock(numerals.elapsed_ms(since, board.as_of))
    note = board.longest_wait_queue or ""
    return Tile(id="longest", label=words.gettext("Longest wait"), value=value, note=note, since=since)


def _three_rings(words: Words, board: Board) -> Tile:
    agent, caller = board.three_rings, board.three_rings_caller
    shown = numerals.percent(caller.value) + ("" if caller.value is None else "%")
    return Tile(
        id="three_rings",
        label=words.gettext("Three-ring rate"),
        value=numerals.percent(agent.value),
        unit="" if agent.value is None else "%",
        note=words.gettext("%(share)s · callers %(caller)s", share=rate_note(words, agent), caller=shown)
        if agent.counted
        else words.gettext("no offering that counts yet"),
        definition=define("three_ring_rate", words),
        link="/three-rings",
    )


def _abandonment_note(words: Words, board: Board) -> str:
    value = board.abandonment.value
    if value is not None:
        return words.gettext("abandonment rate %(share)s%%", share=numerals.percent(value))
    return "" if board.abandoned else words.gettext("nothing to count yet")


def _talking_note(words: Words, board: Board) -> str:
    talking = sum(1 for call in board.active if call.agents)
    return words.ngettext("%(n)s with an agent", "%(n)s with an agent", talking)
