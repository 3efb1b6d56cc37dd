"""Recordings of the demo's calls: made-up voices in the files that the played PBX names, in its own axis.

Each newest call that has ended and whose recording the PBX named gets a file of two channels, as option D writes it.
Who speaks when is drawn by the call's id; what lies where is as the events tell it, and is found anew by the service.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from zlib import crc32

import numpy as np
from sqlalchemy import Connection, Engine, desc, select

from analytics.recordings.axis import expected, length_of
from analytics.recordings.linking import place
from analytics.recordings.sound import Coding, Sound, playable_header
from analytics.recordings.values import Layout, Span
from analytics.storage.call_facts import facts_of_calls
from analytics.storage.models import calls, recordings
from service.demo.voices import RATE, Samples, Speaker, Voice, play_music, to_ulaw
from telephony.calls.facts import CallFact, RecordingFact, RecordingPart, TalkFact
from telephony.clock import to_microseconds

MOST = 24
"""So many newest calls have a recording; what is older has none any more."""
LONGEST_MS = 180_000
CUSTOMER, AGENT = 0, 1
"""The channels of a file."""
HUM = 0.0008


@dataclass(frozen=True, slots=True, kw_only=True)
class Taper:
    """Over one store. `folders`: where each PBX's recordings lie."""

    engine: Engine
    folders: Mapping[str, Path]

    def tape(self, since: datetime, until: datetime | None = None, *, most: int = MOST) -> int:
        """Make the files that are missing of the newest calls of a stretch of time; how many. Blocking."""
        with self.engine.connect() as connection:
            wanted = self._wanted(connection, since, until, most)
            facts = facts_of_calls(connection, wanted) if wanted else []
        whole = {fact.id: fact for fact in facts if isinstance(fact, CallFact)}
        talks = [fact for fact in facts if isinstance(fact, TalkFact)]
        named = [fact for fact in facts if isinstance(fact, RecordingFact) and fact.part is RecordingPart.WHOLE]
        return sum(self._one(whole[each.call_id], each, talks) for each in named if each.call_id in whole)

    def _wanted(self, connection: Connection, since: datetime, until: datetime | None, most: int) -> list[str]:
        newest = (
            select(calls.c.id)
            .join(recordings, recordings.c.call_id == calls.c.id)
            .where(calls.c.ended_us.is_not(None), calls.c.answered_us.is_not(None), recordings.c.file != "")
            .where(calls.c.started_us >= to_microseconds(since), calls.c.pbx.in_(list(self.folders)))
            .distinct()
            .order_by(desc(calls.c.started_us))
            .limit(most)
        )
        if until is not None:
            newest = newest.where(calls.c.started_us < to_microseconds(until))
        return [row.id for row in connection.execute(newest.add_columns(calls.c.started_us))]

    def _one(self, call: CallFact, recording: RecordingFact, talks: Sequence[TalkFact]) -> bool:
        path = self.folders[call.pbx] / PurePosixPath(recording.file.lstrip("/"))
        length_ms = length_of(expected(recording, call.ended_at))
        if path.suffix != ".wav" or path.exists() or not 0 < length_ms <= LONGEST_MS:
            return False
        own = [each for each in talks if each.call_id == call.id]
        placed = place(recording, own, call, length_ms, Layout.APART, {})
        if not placed.spans:
            return False
        _write(path, _spoken(placed.spans, length_ms, crc32(call.id.encode())), recording.ended_at or call.ended_at)
        return True


def _spoken(spans: Sequence[Span], length_ms: int, seed: int) -> Samples:
    """(frames, 2): what is heard in a file."""
    random = np.random.default_rng(seed)
    out = (random.standard_normal((length_ms * RATE // 1000, 2)) * HUM).astype(np.float32)
    customer = Speaker(Voice(pitch=random.uniform(95, 230), pace=random.uniform(110, 190)), random)
    music_to = 0
    for span in spans:
        agent = Speaker(Voice(pitch=random.uniform(110, 240), pace=random.uniform(112, 152)), random)
        _music(out, music_to, span.start_ms)
        for hold in span.holds:
            _music(out, *hold)
        for channel, start, end in _turns(span, random):
            (agent if channel == AGENT else customer).say(out[:, channel], start, end)
        music_to = span.end_ms
    return out


def _turns(span: Span, random: np.random.Generator) -> Iterator[tuple[int, int, int]]:
    """Channel, from, to, in frames: the agent greets, then they take turns; sometimes nobody speaks, or both do."""
    at = span.start_ms + min(int(random.choice((500, 800, 1200, 2600))), (span.end_ms - span.start_ms) // 4)
    channel = AGENT
    while at < span.end_ms - 800:
        end = min(at + int(random.uniform(1800, 8000)), span.end_ms - 150)
        if not any(start < end and at < until for start, until in span.holds):
            yield channel, at * RATE // 1000, end * RATE // 1000
        at = end + int(random.choice((250, 400, 700, 1200, 4500, -1400), p=(0.25, 0.3, 0.25, 0.1, 0.05, 0.05)))
        channel = CUSTOMER if channel == AGENT else AGENT


def _music(out: Samples, start_ms: int, end_ms: int) -> None:
    """What the customer is played goes out to him: it is on the others' channel."""
    if end_ms - start_ms > 300:
        play_music(out[:, AGENT], start_ms * RATE // 1000, end_ms * RATE // 1000)


def _write(path: Path, spoken: Samples, closed_at: datetime | None) -> None:
    """The file, as if the PBX had closed it then."""
    sound = Sound(coding=Coding.ULAW, channels=2, rate=RATE, start=0, size=spoken.size, frames=len(spoken))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(playable_header(sound) + to_ulaw(spoken.reshape(-1)))
    if closed_at is not None:
        os.utime(fresh, ns=(to_microseconds(closed_at) * 1000,) * 2)
    fresh.rename(path)
