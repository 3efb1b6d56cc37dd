"""The call of a file: by the recording that names it, else by the channel in its name; never by nearness in time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import Connection

from analytics.recordings.naming import channel_of_file_name, recording_of
from analytics.storage.aliases import resolve
from analytics.storage.call_facts import facts_of_calls
from analytics.storage.recording_links import agents_of_talks, calls_of_channels, calls_of_recordings
from telephony.calls.facts import CallFact, Fact, RecordingFact, TalkFact

NAMED, BY_CHANNEL = "named", "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file whose call is asked for, and what was known of it before."""

    pbx: str
    path: str
    call_id: str | None = None
    recording_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A file's call with its talks and who had them (by talk), and the recording that is this file, if the PBX told."""

    call: CallFact
    talks: tuple[TalkFact, ...]
    agents: Mapping[str, str]
    recording: RecordingFact | None
    by: str
    mark: str  # another one once any of these facts changed

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.call.ended_at is not None or self.call.disposition is not None


@dataclass(slots=True)
class _Told:
    """The facts of one call."""

    call: CallFact | None = None
    talks: list[TalkFact] = field(default_factory=list)
    recordings: list[RecordingFact] = field(default_factory=list)


def partners(connection: Connection, wanted: Sequence[Wanted]) -> list[Partner | None]:
    """The partner of each of these files; None for an orphan. A few questions for all of them."""
    ways = _ways(connection, wanted)
    named = sorted({each.call_id for each in ways if each.call_id is not None})
    told = _told(facts_of_calls(connection, named))
    agents = agents_of_talks(connection, named)
    return [
        None if way.call_id is None else _partner(told.get(way.call_id), each, way, agents)
        for each, way in zip(wanted, ways, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """Which call is asked, and whether a channel of it is in the file's name."""

    call_id: str | None
    by_channel: bool = False


def _ways(connection: Connection, wanted: Sequence[Wanted]) -> list[_Way]:
    """By the recording, by the channel, else what the call that it belonged to has become."""
    recorded = calls_of_recordings(connection, _there(each.recording_id for each in wanted))
    rest = [each for each in wanted if each.recording_id not in recorded]
    channels = {f"{each.pbx}/{channel}" for each in rest for channel in _channels(each)}
    found = calls_of_channels(connection, channels)
    return [_way(connection, each, recorded, found) for each in wanted]


def _way(connection: Connection, wanted: Wanted, recorded: Mapping[str, str], found: Mapping[str, str]) -> _Way:
    if wanted.recording_id is not None and wanted.recording_id in recorded:
        return _Way(call_id=recorded[wanted.recording_id])
    for channel in _channels(wanted):
        call_id = found.get(f"{wanted.pbx}/{channel}")
        if call_id is not None:
            return _Way(call_id=call_id, by_channel=True)
    return _Way(call_id=None if wanted.call_id is None else resolve(connection, wanted.call_id))


def _channels(wanted: Wanted) -> tuple[str, ...]:
    return channel_of_file_name(wanted.path).channels


def _there(ids: Iterable[str | None]) -> set[str]:
    return {each for each in ids if each is not None}


def _told(facts: Iterable[Fact]) -> dict[str, _Told]:
    found: dict[str, _Told] = {}
    for fact in facts:
        told = found.setdefault(fact.call_id, _Told())
        match fact:
            case CallFact():
                told.call = fact
            case TalkFact():
                told.talks.append(fact)
            case RecordingFact():
                told.recordings.append(fact)
            case _:
                pass
    return found


def _partner(told: _Told | None, wanted: Wanted, way: _Way, agents: Mapping[str, str]) -> Partner | None:
    if told is None or told.call is None:
        return None
    recording = _recording(told.recordings, wanted)
    if recording is None and not way.by_channel:
        return None  # the call that it belonged to says nothing of it any more
    mine = {each.id: agents[each.id] for each in told.talks if each.id in agents}
    return Partner(
        call=told.call,
        talks=tuple(told.talks),
        agents=mine,
        recording=recording,
        by=NAMED if recording is not None and recording.file else BY_CHANNEL,
        mark=_mark((told.call, *told.talks, *told.recordings), mine.values()),
    )


def _recording(recordings: Sequence[RecordingFact], wanted: Wanted) -> RecordingFact | None:
    """The one that the names tell, else the one that it was linked by before."""
    before = (each for each in recordings if each.id == wanted.recording_id)
    return recording_of(wanted.path, recordings) or next(before, None)


def _mark(facts: Sequence[Fact], agents: Collection[str]) -> str:
    ids = ";".join(f"{each.id} {each.revision} {each.at.timestamp():.6f}" for each in facts)
    return sha256(f"{ids}|{';'.join(agents)}".encode()).hexdigest()[:20]
