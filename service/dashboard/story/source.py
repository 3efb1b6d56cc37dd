"""What the pages of a call ask of the service, and what they are told: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from analytics.recordings import Waveform
from analytics.recordings.sounded import Sounded
from analytics.storage.notes import NoteChange
from config.recordings import RecordingRules
from service.auth.audit import Entry
from service.dashboard.board import CallSummary
from service.dashboard.figures.call_query import CallQuery
from service.dashboard.periods import CallStory
from service.dashboard.recordings.parts import FileParts
from service.listening import Tape
from service.listening.tape import Played
from telephony.journal.finding import CallPackets


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A follow-up that this call made or tried. `result` is of the try by this call; None: it arose from it."""

    follow_up: str
    kind_zh: str
    kind_en: str
    state: str
    due_at: datetime
    result: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What else is known of a call: what people said of it, what is owed, the customer's other calls (newest first).

    sounds: what is known of its talks' recordings. rules: of recordings, in force when it began.
    """

    said: tuple[NoteChange, ...] = ()
    code: str | None = None
    outcome: str | None = None
    silent: bool | None = None
    owed: tuple[Owed, ...] = ()
    others: tuple[CallSummary, ...] = ()
    sounds: tuple[Sounded, ...] = ()
    rules: RecordingRules = field(default_factory=RecordingRules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The neighbours of a call in a list, newest first: `newer` stands above it, `older` below."""

    newer: str | None = None
    older: str | None = None


NOTHING_AROUND, ALONE = Around(), Beside()


class StorySource(Protocol):
    """The service builds it over store, journal and recordings. All but `now` may raise SQLAlchemyError, OSError."""

    def now(self) -> datetime:
        """The instant as of which is told."""
        ...

    async def call(self, call_id: str) -> CallStory | None:
        """A call by its id or an alias; None if there is none."""
        ...

    async def beside(self, story: CallStory, wanted: CallQuery) -> Beside:
        """Its neighbours among the calls of this filter."""
        ...

    async def around(self, story: CallStory) -> Around:
        """What else is known of it."""
        ...

    async def packets(self, story: CallStory) -> CallPackets:
        """What the PBX said of it, as the journal has it. Raises JournalError."""
        ...

    async def tapes(self, story: CallStory) -> list[Tape]:
        """Its recordings, in the order of the record."""
        ...

    async def parts(self, story: CallStory) -> Mapping[str, FileParts]:
        """What is known of the files of its recordings, by the recordings' ids."""
        ...

    async def picture(self, tape: Tape) -> Waveform | None:
        """How loud a recording is over time. Raises SoundError."""
        ...

    async def played(self, tape: Tape) -> Played:
        """What a browser gets of a recording that can be heard. Raises SoundError."""
        ...

    async def note(self, entry: Entry) -> None:
        """Put into the audit who looked, listened or was refused."""
        ...
