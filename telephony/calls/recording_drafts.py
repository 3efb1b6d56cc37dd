"""Recordings in the making: when one wrote, who was on its channel then, and under which names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from telephony.calls.facts import Interval, Joined, Muted, RecordingFact, RecordingPart

BOTH = ("read", "write")


@dataclass(slots=True, eq=False, kw_only=True)
class RecordingDraft:
    """One run of MixMonitor on a channel, or several under one name."""

    id: str
    named_at: datetime
    file: str
    channel: str
    options: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    stopped: list[Interval] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    now_joined: Joined | None = None
    muted: list[Muted] = field(default_factory=list)
    muted_since: dict[str, datetime] = field(default_factory=dict)
    parts: list[PartDraft] = field(default_factory=list)
    again: bool = False  # it was stopped, and its name was given anew
    overwritten: bool = False  # another recording of its channel began under its name: both write into one file
    revision: int = 0

    @property
    def runs(self) -> bool:
        """Whether it writes, or would while its channel is joined."""
        return self.started_at is not None and self.ended_at is None

    def begin(self, at: datetime) -> None:
        """It runs from now on; again, if it was stopped before."""
        self.again = False
        if self.started_at is None:
            self.started_at = at
        elif self.ended_at is not None:
            self.stopped.append(Interval(start=self.ended_at, end=at))
            self.ended_at = None

    def join(self, at: datetime, heard: tuple[str, ...], said: tuple[str, ...]) -> bool:
        """These parties are on its channel now; says whether that changed anything."""
        now = self.now_joined
        if now is not None and (now.heard, now.said) == (heard, said):
            return False
        self.part(at)
        self.now_joined = Joined(start=at, heard=heard, said=said)
        return True

    def part(self, at: datetime) -> bool:
        """Its channel is in no bridge now; says whether that changed anything."""
        now, self.now_joined = self.now_joined, None
        if now is not None and at > now.start:
            self.joined.append(Joined(start=now.start, end=at, heard=now.heard, said=now.said))
        return now is not None

    def mute(self, at: datetime, direction: str, *, on: bool) -> None:
        """Silence is written from now on in place of one direction or both, or no more."""
        for each in BOTH if direction == "both" else (direction,):
            if on:
                self.muted_since.setdefault(each, at)
            elif (since := self.muted_since.pop(each, None)) is not None:
                self.muted.append(Muted(start=since, end=at, direction=each))

    def end(self, at: datetime) -> None:
        """It was stopped, or its channel ended."""
        self.part(at)
        self.mute(at, "both", on=False)
        self.ended_at = at

    def fact(self, call_id: str, at: datetime) -> RecordingFact:
        return self.told(call_id, self.id, self.revision, self.file, RecordingPart.WHOLE)

    def told(self, call_id: str, fact_id: str, revision: int, file: str, part: RecordingPart) -> RecordingFact:
        """The fact of one of its files."""
        joined = self.joined if self.now_joined is None else [*self.joined, self.now_joined]
        muted = [Muted(start=at, direction=each) for each, at in self.muted_since.items()]
        return RecordingFact(
            id=fact_id,
            revision=revision,
            call_id=call_id,
            at=self.named_at,
            file=file,
            channel=self.channel,
            part=part,
            options=self.options,
            started_at=self.started_at,
            ended_at=self.ended_at,
            stopped=tuple(self.stopped),
            joined=None if self.started_at is None or self.overwritten else tuple(joined),
            muted=(*self.muted, *muted),
        )


@dataclass(slots=True, eq=False, kw_only=True)
class PartDraft:
    """A second file of a recording, of one direction."""

    whole: RecordingDraft
    part: RecordingPart
    file: str
    revision: int = 0

    @property
    def id(self) -> str:
        """That of the recording, and the direction."""
        return f"{self.whole.id}/{self.part.value}"

    @property
    def channel(self) -> str:
        """That of the recording."""
        return self.whole.channel

    def fact(self, call_id: str, at: datetime) -> RecordingFact:
        return self.whole.told(call_id, self.id, self.revision, self.file, self.part)
