"""The figures of a strip: each with its value, unit, note, level and the metric that defines it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.dashboard import numerals
from service.dashboard.board import Rate
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
