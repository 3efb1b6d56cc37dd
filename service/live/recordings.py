"""What the pages of recordings are handed: from the store, and from the shelf where the files lie.

Implements service.dashboard.recordings.source.RecordingSource. Blocking work goes in threads.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, select

from analytics.recordings import Waveform
from analytics.recordings.conditions import FileCondition
from analytics.storage import recording_files
from analytics.storage.models import calls, offerings, queue_visits, talks
from analytics.storage.recording_files import FileFilter, FilePlace, FileRow, OrphanPlace, OrphanRecording
from analytics.storage.rollup_models import call_notes
from analytics.storage.sounds import sounds_of_calls
from config.policies import Policy
from service.auth.audit import Entry
from service.dashboard.recordings.parts import FileParts
from service.dashboard.recordings.source import ListedFile, OfCall, OneFile
from service.destroying.choosing import hold_on
from service.destroying.holds import holding
from service.listening import Condition, Shelf, Tape
from service.listening.tape import Played
from service.live.hub import LiveHub
from service.live.recording_parts import parts_of
from service.live.stories import StoredStories
from telephony.calls.facts import Direction
from telephony.clock import from_microseconds, to_microseconds

Found = TypeVar("Found")


class StoredRecordings:
    """Reads the store and the shelf; `stories` has the calls, and writes the audit."""

    def __init__(
        self,
        reading: Engine,
        hub: LiveHub,
        stories: StoredStories,
        shelf: Shelf,
        country: str,
        queues: Callable[[], Awaitable[list[str]]],
    ) -> None:
        self._reading = reading
        self._hub = hub
        self._stories = stories
        self._shelf = shelf
        self._country = country
        self._queues = queues

    @property
    def policy(self) -> Policy:
        """With the people in force."""
        return self._hub.policy

    def now(self) -> datetime:
        """The clock's."""
        return self._stories.now()

    async def queues(self) -> list[str]:
        """Those of the last month."""
        return await self._queues()

    async def files(self, choice: FileFilter, after: FilePlace | None, limit: int) -> list[ListedFile]:
        """A page of a list."""

        def read(connection: Connection) -> list[ListedFile]:
            rows = recording_files.list_files(connection, choice, after, limit)
            known = calls_of(connection, self.policy, {row.call_id for row in rows if row.call_id})
            return [
                ListedFile(parts=self._parts(connection, row), call=known.get(row.call_id or "")) for row in rows
            ]

        return await self._read(read)

    async def count(self, choice: FileFilter) -> int:
        """How many there are."""
        return await self._read(lambda connection: recording_files.count_files(connection, choice))

    async def orphans(
        self, start_us: int, end_us: int, after: OrphanPlace | None, limit: int
    ) -> list[OrphanRecording]:
        """Recordings without a file."""
        return await self._read(
            lambda connection: recording_files.orphan_recordings(
                connection, start_us=start_us, end_us=end_us, after=after, limit=limit
            )
        )

    async def file(self, file_id: int) -> OneFile | None:
        """A file with its call."""

        def read(connection: Connection) -> OneFile | None:
            row = recording_files.file(connection, file_id)
            if row is None:
                return None
            known = calls_of(connection, self.policy, {row.call_id} if row.call_id else ())
            began_us = to_microseconds(row.started_at)
            hold = hold_on(connection, holding(connection, self._country), row.call_id, began_us)
            return OneFile(
                parts=self._parts(connection, row, marked=True), call=known.get(row.call_id or ""), story=None,
                hold=hold, sounds=tuple(sounds_of_calls(connection, [row.call_id] if row.call_id else [])),
            )  # fmt: skip

        found = await self._read(read)
        if found is None or found.call is None:
            return found
        return replace(found, story=await self._stories.call(found.call.id))

    def _parts(self, connection: Connection, row: FileRow, *, marked: bool = False) -> FileParts:
        return parts_of(connection, row, lambda agent: self._hub.name_of(agent, row.started_at), marked=marked)

    # -- the file itself -------------------------------------------------------------------------

    async def tape(self, parts: FileParts) -> Tape:
        """As it lies on the disk now; one that was destroyed stays so, though somebody may have laid it there again."""
        file = parts.file
        if file.condition is FileCondition.DESTROYED:
            return Tape(condition=Condition.DESTROYED)
        return await asyncio.to_thread(self._shelf.look_at, file.pbx, file.path, self.now())

    async def picture(self, tape: Tape) -> Waveform | None:
        """Drawn at the first look."""
        return await self._stories.picture(tape)

    async def played(self, tape: Tape) -> Played:
        """In a format that browsers play."""
        return await self._stories.played(tape)

    async def note(self, entry: Entry) -> None:
        """Into the audit."""
        await self._stories.note(entry)

    async def _read(self, ask: Callable[[Connection], Found]) -> Found:
        def within() -> Found:
            with self._reading.connect() as connection:
                return ask(connection)

        return await asyncio.to_thread(within)


def calls_of(connection: Connection, policy: Policy, call_ids: Collection[str]) -> dict[str, OfCall]:
    """What a list tells of these calls."""
    asked = sorted(call_ids)
    queues = _by_call(
        connection,
        select(queue_visits.c.call_id, queue_visits.c.queue)
        .where(queue_visits.c.call_id.in_(asked))
        .order_by(queue_visits.c.joined_us),
    )
    rung = _by_call(
        connection, select(offerings.c.call_id, offerings.c.agent).where(offerings.c.call_id.in_(asked))
    )
    talked = _by_call(connection, select(talks.c.call_id, talks.c.agent).where(talks.c.call_id.in_(asked)))
    noted = select(call_notes.c.call_id, call_notes.c.code).where(call_notes.c.call_id.in_(asked))
    codes = {row.call_id: row.code for row in connection.execute(noted)}
    rows = connection.execute(select(calls).where(calls.c.id.in_(asked)))
    return {
        row.id: _of_call(row, policy, queues[row.id], {*rung[row.id], *talked[row.id]}, codes.get(row.id))
        for row in rows
    }


def _of_call(row: Row[Any], policy: Policy, queues: list[str], agents: Iterable[str], noted: str | None) -> OfCall:
    first = queues[0] if queues else None
    version = policy.resolve(from_microseconds(row.started_us))
    return OfCall(
        id=row.id, direction=Direction(row.direction), customer=row.customer or row.caller,
        withheld=row.customer_withheld, queue=first, queues=frozenset(queues), agents=frozenset(agents),
        code=noted or version.code_of(row.did, first),
    )  # fmt: skip


def _by_call(connection: Connection, wanted: Any) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for call_id, value in connection.execute(wanted):
        found[call_id].append(value)
    return found
