"""What the commands of campaigns share: the desk with their words, options, and how figures are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

import typer

from config.settings import Language, Settings
from schedulers.storage.campaigns import By
from service.cli.campaign_words import campaign_words
from service.cli.followup_desk import Room
from service.cli.followup_desk import room as followup_room
from service.desk.desk import kinds_of
from service.desk.shapes import View

CampaignArgument = Annotated[int, typer.Argument(metavar="CAMPAIGN", help="A number of `campaign list`.")]
AttemptArgument = Annotated[
    int, typer.Argument(metavar="ATTEMPT", help="A number of `campaign next` or `attempts`.")
]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it; kept on record.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="A sentence for its story.")]
AgentOption = Annotated[str, typer.Option("--agent", metavar="AGENT", help="Whose record it is.")]
NumbersOption = Annotated[bool, typer.Option("--numbers", help="Show numbers whole; without it they are masked.")]

MINUTE = timedelta(minutes=1)


@contextmanager
def room(settings: Settings, language: Language | None) -> Iterator[Room]:
    """The desk over the store, with the words of campaigns."""
    with followup_room(settings, language) as here:
        yield replace(here, word=campaign_words(here.language))


def by(here: Room, who: str, note: str = "") -> By:
    """Who does it, now."""
    return By(at=here.now, by=who, note=note)


def view(here: Room, *, masked: bool) -> View:
    """How things are shown here; `--json` shows numbers whole, as the other commands do."""
    return View(rules=here.desk.rules, now=here.now, masked=masked)


def percent(value: float | None) -> str | None:
    """A rate for people; None over nothing."""
    return None if value is None else f"{value * 100:.1f}%"


def counted(counts: dict[str, int], here: Room) -> str:
    """Counts on one line, the largest first."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return " · ".join(f"{here.word.get(name)} {count}" for name, count in ordered)


def kinds(campaign: dict[str, Any], here: Room) -> str:
    """The names of its kinds."""
    known = kinds_of(here.desk.rules)
    is_chinese = here.language is Language.ZH
    names = (
        (known[each].name_zh if is_chinese else known[each].name_en) for each in campaign["kinds"] if each in known
    )
    return ", ".join(names) or ", ".join(campaign["kinds"])
