"""What the pages of recordings ask of the service, and what they are told: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from analytics.recordings import Waveform
from analytics.recordings.sounded import Sounded
from analytics.storage.recording_files import FileFilter, FilePlace, OrphanPlace, OrphanRecording
from config.policies import Policy
from service.auth.audit import Entry
from service.dashboard.periods import CallStory
from service.dashboard.recordings.parts import FileParts
from service.listening import Tape
from service.listening.tape import Played
from telephony.calls.facts import Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCall:
    """What a list tells of a recording's call."""

    id: str
    direction: Direction
    customer: str | None
    withheld: bool
    queue: str | None
    queues: frozenset[str]
    agents: frozenset[str]  # who talked or was rung
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A file of a list with its call, if it belongs to one."""

    parts: FileParts
    call: OfCall | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneFile:
    """A file of its own page. `hold`: the legal hold that keeps it. `sounds`: what was heard of its call's talks."""

    parts: FileParts
    call: OfCall | None
    story: CallStory | None
    hold: int | None
    sounds: tuple[Sounded, ...] = ()


class RecordingSource(Protocol):
    """The service builds it over store and shelf. All but `now` and `policy` may raise SQLAlchemyError, OSError."""

    @property
    def policy(self) -> Policy:
        """With the people in force."""
        ...

    def now(self) -> datetime:
        """The instant as of which is told."""
        ...

    async def queues(self) -> list[str]:
        """Every queue that is known by its name."""
        ...

    async def files(self, choice: FileFilter, after: FilePlace | None, limit: int) -> list[ListedFile]:
        """A page of a list, the newest first."""
        ...

    async def count(self, choice: FileFilter) -> int:
        """How many there are; more than 10 000 are told as one more than that."""
        ...

    async def orphans(
        self, start_us: int, end_us: int, after: OrphanPlace | None, limit: int
    ) -> list[OrphanRecording]:
        """Recordings that the PBX named and that no file belongs to."""
        ...

    async def file(self, file_id: int) -> OneFile | None:
        """A file by its number here; None where there is none."""
        ...

    async def tape(self, parts: FileParts) -> Tape:
        """The file as it lies on the disk now."""
        ...

    async def picture(self, tape: Tape) -> Waveform | None:
        """How loud it is over time. Raises SoundError."""
        ...

    async def played(self, tape: Tape) -> Played:
        """What a browser gets of it. Raises SoundError."""
        ...

    async def note(self, entry: Entry) -> None:
        """Put into the audit who listened or was refused."""
        ...
