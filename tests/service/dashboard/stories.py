"""A `StorySource` of plain values: stories that stand still, and recordings that lie in a folder of the test."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from analytics.recordings import Waveform
from service.auth.audit import Entry
from service.dashboard.figures.call_query import CallQuery
from service.dashboard.periods import CallStory
from service.dashboard.recordings.parts import FileParts
from service.dashboard.story.source import ALONE, NOTHING_AROUND, Around, Beside
from service.listening import Condition, Shelf, Tape
from service.listening.tape import Played, played
from telephony.ami.packet import Packet
from telephony.journal.finding import CallPackets, Heard
from tests.analytics.recordings.tones import pcm16, silence, tone, wave, write
from tests.service.dashboard.a_call import CALL_ID, NUMBER, STORY, at
from tests.service.dashboard.people import NOW

LONG_AFTER = timedelta(hours=1)


def conversation() -> bytes:
    """Eight seconds in stereo: one speaks, both are quiet for four seconds, the other speaks."""
    one = np.concatenate([tone(2, 0.6), silence(6)])
    other = np.concatenate([silence(6), tone(2, 0.3)])
    return wave(pcm16(other, one), channels=2)


def heard(n: int, name: str, **headers: str) -> Heard:
    """An event of the call."""
    pairs = [("Event", name), ("Uniqueid", CALL_ID.partition("/")[2]), *headers.items()]
    return Heard(seq=n, received_at=at(n / 10), packet=Packet.from_pairs(pairs))


EVENTS = (
    heard(1, "Newchannel", Channel="PJSIP/trunk-00000001", CallerIDNum=NUMBER, CallerIDName="郭女士", Exten="400820"),
    heard(2, "VarSet", Variable="CUSTOMER_CARD", Value="6222020200112233"),
    heard(3, "MixMonitorStart", File=f"/monitor/in-{NUMBER}-1795189122.wav", Secret="hunter2"),
    *(heard(n, "RTCPSent", SentPackets=str(n)) for n in range(4, 254)),
    heard(254, "Hangup", **{"Cause": "16", "Cause-txt": "Normal Clearing"}),
)  # fmt: skip


@dataclass(slots=True)
class StandingStories:
    """Stories by id. What is put into the audit is kept in `notes`."""

    folder: Path
    stories: dict[str, CallStory] = field(default_factory=lambda: {CALL_ID: STORY})
    notes: list[Entry] = field(default_factory=list)
    around_it: Around = NOTHING_AROUND
    neighbours: Beside = ALONE
    wanted: list[CallQuery] = field(default_factory=list)
    known: dict[str, FileParts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        write(self.folder / "monitor" / f"{NUMBER}.wav", conversation())

    @property
    def shelf(self) -> Shelf:
        """Over the test's folder."""
        return Shelf({"hq": self.folder / "monitor"}, self.folder / "listening")

    def now(self) -> datetime:
        return NOW

    async def call(self, call_id: str) -> CallStory | None:
        story = self.stories.get(call_id)
        if story is None:
            return None
        tapes = zip(story.record.recordings, await self.tapes(story), strict=True)
        return replace(
            story, lengths={each.id: tape.length_ms for each, tape in tapes if tape.length_ms is not None}
        )

    async def beside(self, story: CallStory, wanted: CallQuery) -> Beside:
        self.wanted.append(wanted)
        return self.neighbours

    async def around(self, story: CallStory) -> Around:
        return self.around_it

    async def packets(self, story: CallStory) -> CallPackets:
        return CallPackets(heard=EVENTS, searched=len(EVENTS))

    async def tapes(self, story: CallStory) -> list[Tape]:
        call, now = story.record.call, datetime.now(UTC) + LONG_AFTER
        over = call.ended_at is not None
        return [self.shelf.look(call.pbx, each.file, now, over=over) for each in story.record.recordings]

    async def parts(self, story: CallStory) -> dict[str, FileParts]:
        return self.known

    async def picture(self, tape: Tape) -> Waveform | None:
        return await asyncio.to_thread(self.shelf.picture, tape)

    async def played(self, tape: Tape) -> Played:
        assert tape.condition in (Condition.READY, Condition.GROWING)
        ready = await asyncio.to_thread(self.shelf.for_browser, tape)
        assert ready.path is not None
        assert ready.sound is not None
        return played(ready.path, ready.sound)

    async def note(self, entry: Entry) -> None:
        self.notes.append(entry)
