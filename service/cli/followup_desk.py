"""What the commands of follow-ups share: the desk over the store, options, and how times are read and shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from config.settings import Language, Settings
from service.cli import context
from service.cli.closing_store import reading, writing
from service.cli.followup_words import followup_words
from service.cli.words import Words
from service.desk.desk import Desk
from service.errors import UsageError
from telephony.clock import SystemClock

IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="ID…", help="Follow-ups of `followups list`.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A follow-up of `followups list`.")]
ByOption = Annotated[str, typer.Option("--by", metavar="AGENT", help="Who does it; kept on record.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="A sentence for its story.")]
OwnerOption = Annotated[
    str | None, typer.Option("--owner", metavar="AGENT", help="Instead of ids: all that he owns and is open.")
]
KindOption = Annotated[str | None, typer.Option("--kind", metavar="KIND", help="Only of this kind of the policy.")]
GroupOption = Annotated[str | None, typer.Option("--group", metavar="GROUP", help="Only of this group.")]

__all__ = ["reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What a command works with."""

    settings: Settings
    desk: Desk
    language: Language
    word: Words
    now: datetime

    def clock(self, at: datetime | str | None) -> str | None:
        """An instant by the centre's clocks, for people."""
        if at is None:
            return None
        read = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{read.astimezone(self.desk.rules.zone):%Y-%m-%d %H:%M}"

    def instant(self, option: str, text: str | None) -> datetime | None:
        """A time that was given, by the centre's clocks where it names no offset. Raises UsageError."""
        if text is None:
            return None
        zone = str(self.desk.rules.zone)
        return context.instant_of(self.settings, option, text, zone, self.now)

    def kind(self, item: dict[str, object]) -> str:
        """A kind's name in the language."""
        named = item["kind_zh"] if self.language is Language.ZH else item["kind_en"]
        return str(named or item["kind"])


@contextmanager
def room(settings: Settings, language: Language | None) -> Iterator[Room]:
    """The desk over the store with all its tables."""
    policy = context.policy_of(settings, None)
    spoken = context.language_of(settings, language)
    with writing(settings) as engine:
        yield Room(
            settings=settings,
            desk=Desk(engine, lambda: policy, settings),
            language=spoken,
            word=followup_words(spoken),
            now=SystemClock().now(),
        )


def one_of(option: str, found: str, expected: tuple[str, ...]) -> str:
    """A word of several. Raises UsageError."""
    if found not in expected:
        raise UsageError(f"{option}: found {found!r}, expected one of {', '.join(expected)}")
    return found
