"""What the pages of a call are handed: from the store, the journal, and the shelf of recordings."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from analytics.recordings import Waveform
from analytics.recordings.conditions import FileCondition
from analytics.storage.call_facts import facts_of_call
from analytics.storage.call_lists import load_page
from analytics.storage.models import calls
from analytics.storage.notes import load_note, load_note_changes
from analytics.storage.recording_files import files_of_call
from analytics.storage.repairs import newest_repairs
from analytics.storage.sounds import sounds_of_calls
from schedulers.followups.records import id_of
from schedulers.storage.followup_models import follow_up_attempts, follow_ups
from service.auth import audit
from service.dashboard.board import CallSummary, Gap
from service.dashboard.figures.call_query import CallQuery
from service.dashboard.periods import CallStory
from service.dashboard.recordings.parts import FileParts
from service.dashboard.story.source import Around, Beside, Owed
from service.listening import Shelf, Tape
from service.listening.tape import Played, played
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.live.recording_parts import parts_of
from telephony.calls.facts import AgentStateFact, Fact, State
from telephony.calls.record import CallRecord, fold
from telephony.clock import from_microseconds, to_microseconds
from telephony.journal.finding import CallPackets, packets_of_call

MOST_OTHERS = 10
FILES_AT_ONCE = 2
"""Long files are drawn or converted by two threads at most: the others read the store."""

MARGINS = (timedelta(minutes=1), timedelta(hours=1))
"""Around a call's own times: the journal has those of receipt, and the PBX's clock may be off."""


class StoredStories:
    """See service.dashboard.story.source.StorySource. `reading` and `writing` are engines over the same store."""

    def __init__(
        self,
        reading: Engine,
        writing: Engine,
        hub: LiveHub,
        teller: Teller,
        shelf: Shelf,
        journal: Path,
        gaps: Callable[[], Iterable[Gap]],
        now: Callable[[], datetime],
    ) -> None:
        self._reading, self._writing = reading, writing
        self._hub, self._teller = hub, teller
        self._shelf, self._journal = shelf, journal
        self._gaps = gaps
        self._reading_files = asyncio.Semaphore(FILES_AT_ONCE)
        self.now = now

    # -- the call --------------------------------------------------------------------------

    async def call(self, call_id: str) -> CallStory | None:
        """A call by its id or an alias."""
        now, gaps = self.now(), tuple(self._gaps())
        return await asyncio.to_thread(self._call, call_id, now, gaps)

    def _call(self, call_id: str, now: datetime, gaps: tuple[Gap, ...]) -> CallStory | None:
        with self._reading.connect() as connection:
            facts = facts_of_call(connection, call_id)
            record = next(iter(fold(facts)), None)
            if record is None:
                return None
            repair = newest_repairs(connection, [record.call.id]).get(record.call.id)
        return CallStory(
            record=record, as_of=now, rule=self._hub.policy.resolve(record.call.started_at).ring,
            agent_of=self._hub.person_of, gaps=tuple(each for each in gaps if _touches(each, record, now)),
            wraps=_wraps(facts), repair=repair, lengths=self._lengths(record, now),
        )  # fmt: skip

    def _lengths(self, record: CallRecord, now: datetime) -> dict[str, int]:
        tapes = zip(record.recordings, self._tapes(record, now), strict=True)
        return {fact.id: tape.length_ms for fact, tape in tapes if tape.length_ms is not None}

    # -- its neighbours --------------------------------------------------------------------

    async def beside(self, story: CallStory, wanted: CallQuery) -> Beside:
        """Its neighbours among the calls of this filter."""
        return await asyncio.to_thread(self._beside, story, wanted)

    def _beside(self, story: CallStory, wanted: CallQuery) -> Beside:
        call, policy = story.record.call, self._hub.policy
        choice, here = wanted.asked(policy, None).choice, (to_microseconds(call.started_at), call.id)
        with self._reading.connect() as connection:
            newer = load_page(connection, choice, limit=1, after=here, oldest_first=True)
            older = load_page(connection, choice, limit=1, after=here)
        return Beside(newer=newer[0][1] if newer else None, older=older[0][1] if older else None)

    # -- what else is known ----------------------------------------------------------------

    async def around(self, story: CallStory) -> Around:
        """What people said of it, what is owed, the customer's other calls."""
        return await asyncio.to_thread(self._around, story)

    def _around(self, story: CallStory) -> Around:
        call_id = story.record.call.id
        rules = self._hub.policy.resolve(story.record.call.started_at)
        with self._reading.connect() as connection:
            note = load_note(connection, call_id)
            return Around(
                said=load_note_changes(connection, call_id), code=note.code, outcome=note.outcome, silent=note.silent,
                owed=self._owed(connection, call_id), others=self._others(connection, story),
                sounds=tuple(sounds_of_calls(connection, [call_id])), rules=rules.recordings,
            )  # fmt: skip

    def _owed(self, connection: Connection, call_id: str) -> tuple[Owed, ...]:
        """Tried by this call, by the attempts' index; arisen from it, by the ids that it would have made."""
        kinds = {each.id: each for each in self._hub.policy.resolve(self.now()).promises.kinds}
        columns = (follow_ups.c.id, follow_ups.c.kind, follow_ups.c.state, follow_ups.c.due_us)
        attempts = follow_up_attempts.c
        tried = select(*columns, attempts.result).join(follow_up_attempts, attempts.follow_up == follow_ups.c.id)
        made = select(*columns).where(follow_ups.c.id.in_([id_of(kind, f"call:{call_id}") for kind in kinds]))
        found: dict[str, Owed] = {}
        for row in (*connection.execute(made), *connection.execute(tried.where(attempts.call_id == call_id))):
            kind = kinds.get(row.kind)
            zh, en = (kind.name_zh, kind.name_en) if kind else (row.kind, row.kind)
            found[row.id] = Owed(
                follow_up=row.id, kind_zh=zh, kind_en=en, state=row.state, due_at=from_microseconds(row.due_us),
                result=row._mapping.get("result"),
            )  # fmt: skip
        return tuple(sorted(found.values(), key=lambda each: each.due_at))

    def _others(self, connection: Connection, story: CallStory) -> tuple[CallSummary, ...]:
        call = story.record.call
        if call.customer is None or call.customer_withheld:
            return ()
        same = select(calls.c.id).where(calls.c.customer == call.customer, calls.c.id != call.id)
        newest = connection.execute(same.order_by(calls.c.started_us.desc()).limit(MOST_OTHERS)).scalars().all()
        records = [next(iter(fold(facts_of_call(connection, each))), None) for each in newest]
        return tuple(self._teller.summary(each, story.as_of) for each in records if each is not None)

    # -- what the PBX said -----------------------------------------------------------------

    async def packets(self, story: CallStory) -> CallPackets:
        """Its packets; looked for further around where the PBX's clock seems to be off."""
        return await asyncio.to_thread(self._packets, story)

    def _packets(self, story: CallStory) -> CallPackets:
        call, found = story.record.call, CallPackets(heard=(), searched=0)
        for margin in MARGINS:
            until = (call.ended_at or story.as_of) + margin
            found = packets_of_call(self._journal, call.pbx, ids_of(story.record), call.started_at - margin, until)
            if found.heard:
                break
        return found

    # -- recordings ------------------------------------------------------------------------

    async def tapes(self, story: CallStory) -> list[Tape]:
        """Its recordings."""
        return await asyncio.to_thread(self._tapes, story.record, self.now())

    def _tapes(self, record: CallRecord, now: datetime) -> list[Tape]:
        call = record.call
        over = call.ended_at is not None
        return [self._shelf.look(call.pbx, each.file, now, over=over) for each in record.recordings]

    async def parts(self, story: CallStory) -> Mapping[str, FileParts]:
        """Of each recording that a file belongs to; of two the one that is there."""
        return await asyncio.to_thread(self._parts, story)

    def _parts(self, story: CallStory) -> dict[str, FileParts]:
        call = story.record.call
        found: dict[str, FileParts] = {}
        with self._reading.connect() as connection:
            for row in files_of_call(connection, call.id):
                there = row.condition not in (FileCondition.MISSING, FileCondition.DESTROYED)
                if row.recording_id and (there or row.recording_id not in found):
                    name_of = partial(self._hub.name_of, at=row.started_at)
                    found[row.recording_id] = parts_of(connection, row, name_of, marked=True)
        return found

    async def picture(self, tape: Tape) -> Waveform | None:
        """Drawn at the first look."""
        async with self._reading_files:
            return await asyncio.to_thread(self._shelf.picture, tape)

    async def played(self, tape: Tape) -> Played:
        """In a format that browsers play."""
        async with self._reading_files:
            return await asyncio.to_thread(self._played, tape)

    def _played(self, tape: Tape) -> Played:
        ready = self._shelf.for_browser(tape)
        if ready.path is None or ready.sound is None:
            raise OSError(f"recording: found {tape.condition}, expected one that can be heard")
        return played(ready.path, ready.sound)

    async def note(self, entry: audit.Entry) -> None:
        """Into the audit, in a transaction of its own."""
        await asyncio.to_thread(self._note, entry)

    def _note(self, entry: audit.Entry) -> None:
        with self._writing.begin() as connection:
            audit.note(connection, entry)


def ids_of(record: CallRecord) -> set[str]:
    """The uniqueids and linkedids that are known of a call: of its facts' ids the second part is a channel's."""
    call = record.call
    named = {_after_pbx(each) for each in (call.id, *call.alias_ids)} | {call.linkedid}
    parts: list[Any] = [*record.visits, *record.offerings, *record.talks, *record.transfers, *record.recordings]
    return named | {_after_pbx(each.id).partition("/")[0] for each in parts}


def _after_pbx(fact_id: str) -> str:
    return fact_id.partition("/")[2]


def _touches(gap: Gap, record: CallRecord, now: datetime) -> bool:
    call = record.call
    return gap.pbx == call.pbx and gap.start <= (call.ended_at or now) and (gap.end or now) >= call.started_at


def _wraps(facts: Iterable[Fact]) -> tuple[AgentStateFact, ...]:
    return tuple(each for each in facts if isinstance(each, AgentStateFact) and each.state is State.WRAP_UP)
