"""The endpoints on recordings. Each reads the store in a worker thread; no number of a customer is in any answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, Engine

from analytics.errors import SoundError
from analytics.recordings.conditions import FileCondition
from analytics.recordings.values import Layout, Span, Stretch
from analytics.storage import recording_files
from analytics.storage.recording_files import FileFilter, FileRow
from service.api.asked import Answer, Asked, Operation
from service.api.cursors import cursor_of
from service.api.errors import ApiError
from service.api.schema import COUNT, FLAG, INSTANT, STRING, Schema, array, enum, maybe, obj, ref
from service.auth.audit import Act, Actor
from service.auth.book import AuditBook
from service.destroying.lists import destroyed_of_file
from service.listening import Shelf
from service.listening.sending import send
from service.listening.tape import Played, played
from telephony.calls.record import instant

Sound = Callable[[web.Request, Asked, Actor], Awaitable[web.StreamResponse]]
_STRETCHES = array({"type": "array", "items": COUNT, "minItems": 2, "maxItems": 2})
RECORDING = obj(
    id=COUNT,
    pbx=STRING,
    call_id=maybe(STRING),
    began_at=INSTANT,
    condition=enum(FileCondition),
    bytes=COUNT,
    length_ms=maybe(COUNT),
    channels=maybe(COUNT),
    layout=maybe(enum(Layout)),
    agents=array(STRING),
)
RECORDINGS = obj(period=STRING, recordings=array(ref("Recording")), next_after=maybe(STRING))
_SPAN = obj(
    talk_id=STRING,
    agent=STRING,
    from_ms=COUNT,
    to_ms=COUNT,
    holds=_STRETCHES,
    agent_channel=maybe(COUNT),
    customer_channel=maybe(COUNT),
    begins_talk=FLAG,
)
_MARKS: Schema = {
    "anyOf": [obj(silences=_STRETCHES, overlaps=_STRETCHES, music=_STRETCHES), {"type": "null"}],
}
WHOLE = obj(
    recording=ref("Recording"),
    spans=array(_SPAN),
    marks=_MARKS,
    destroyed_at=maybe(INSTANT),
    certificate=maybe(COUNT),
)
_EXAMPLE = {
    "id": 8841, "pbx": "main", "call_id": "main/1795294482.32", "began_at": "2026-11-21T20:54:42.983+00:00",
    "condition": "ready", "bytes": 3_648_044, "length_ms": 228_000, "channels": 2, "layout": "apart",
    "agents": ["1003"],
}  # fmt: skip
EXAMPLES: dict[str, dict[str, Any]] = {
    "recordings": {"period": "2026-11", "recordings": [_EXAMPLE], "next_after": None},
    "recording": {
        "recording": _EXAMPLE,
        "spans": [
            {
                "talk_id": "main/1795294482.32/talk", "agent": "1003", "from_ms": 0, "to_ms": 228_000,
                "holds": [[118_000, 141_000]], "agent_channel": 1, "customer_channel": 0, "begins_talk": True,
            }
        ],
        "marks": {"silences": [[41_000, 46_200]], "overlaps": [[97_000, 98_600]], "music": [[118_000, 141_000]]},
        "destroyed_at": None,
        "certificate": None,
    },
}  # fmt: skip


class RecordingApi:
    """The endpoints, over the store and the shelf. `book` takes down who took a sound."""

    def __init__(self, reading: Engine, shelf: Shelf, book: AuditBook, now: Callable[[], datetime]) -> None:
        self._reading = reading
        self._shelf = shelf
        self._book = book
        self._now = now

    def operations(self) -> dict[str, Operation]:
        """By the endpoint's name."""
        return {"recordings": self.listed, "recording": self.one}

    def sounds(self) -> dict[str, Sound]:
        """Those that answer with bytes."""
        return {"recording_audio": self.audio}

    async def listed(self, asked: Asked) -> Answer:
        """A page of files."""
        period, limit, agent = asked["period"], asked["limit"], asked["agent"]
        choice = FileFilter(
            start_us=period.start_us, end_us=period.end_us, agents=frozenset({agent}) if agent else None,
            conditions=frozenset({FileCondition(asked["condition"])}) if asked["condition"] else None,
        )  # fmt: skip
        after = _place(asked["after"])

        def read(connection: Connection) -> list[dict[str, Any]]:
            rows = recording_files.list_files(connection, choice, after, limit + 1)
            return [_with_place(connection, row) for row in rows]

        found = await self._read(read)
        following = found[limit - 1]["place"] if len(found) > limit else None
        cursor = None if following is None else cursor_of(following[0], str(following[1]))
        told = [each["recording"] for each in found[:limit]]
        return Answer(body={"period": period.label, "recordings": told, "next_after": cursor}, following=cursor)

    async def one(self, asked: Asked) -> Answer:
        """One recording, whole."""

        def read(connection: Connection) -> dict[str, Any] | None:
            row = recording_files.file(connection, asked["recording"])
            if row is None:
                return None
            spans, marks = (
                recording_files.spans_of_file(connection, row.id),
                recording_files.marks_of_file(connection, row.id),
            )
            destroyed = destroyed_of_file(connection, row.id)
            return {
                "recording": recording_json(row, spans),
                "spans": [span_json(each) for each in spans],
                "marks": None if marks is None else {
                    "silences": _pairs(marks.silences), "overlaps": _pairs(marks.overlaps),
                    "music": _pairs(marks.music),
                },
                "destroyed_at": None if destroyed is None else instant(destroyed[0]),
                "certificate": None if destroyed is None else destroyed[1],
            }  # fmt: skip

        found = await self._read(read)
        if found is None:
            raise _not_found()
        return Answer(body=found)

    async def audio(self, request: web.Request, asked: Asked, who: Actor) -> web.StreamResponse:
        """The sound, by ranges; who begins at its beginning is put in the audit first."""
        row = await self._read(lambda connection: recording_files.file(connection, asked["recording"]))
        if row is None:
            raise _not_found()
        found = await asyncio.to_thread(self._played, row)
        if found is None:
            raise _not_found()
        if request.method == "GET" and request.headers.get("Range", "bytes=0-").startswith("bytes=0-"):
            subject = row.call_id or f"recording {row.id}"
            await self._book.note_by(who, request, Act.LISTENED, subject, file=row.id, opened=True)
        return await send(request, found, row.stamp)

    def _played(self, row: FileRow) -> Played | None:
        if row.condition is FileCondition.DESTROYED:
            return None
        tape = self._shelf.look_at(row.pbx, row.path, self._now())
        if not tape.audible or tape.sound is None or tape.sound.empty:
            return None
        try:
            ready = self._shelf.for_browser(tape)
        except (SoundError, OSError):
            return None
        return None if ready.path is None or ready.sound is None else played(ready.path, ready.sound)

    async def _read(self, ask: Callable[[Connection], Any]) -> Any:
        def within() -> Any:
            with self._reading.connect() as connection:
                return ask(connection)

        return await asyncio.to_thread(within)


def recording_json(row: FileRow, spans: list[Span]) -> dict[str, Any]:
    """A file; its name is not told, which may hold a number."""
    return {
        "id": row.id,
        "pbx": row.pbx,
        "call_id": row.call_id,
        "began_at": instant(row.started_at),
        "condition": row.condition.value,
        "bytes": row.size,
        "length_ms": row.length_ms,
        "channels": row.channels,
        "layout": row.layout.value if row.layout else None,
        "agents": list(dict.fromkeys(each.agent for each in spans)),
    }


def span_json(span: Span) -> dict[str, Any]:
    """Whose talk lies where."""
    return {
        "talk_id": span.talk_id,
        "agent": span.agent,
        "from_ms": span.start_ms,
        "to_ms": span.end_ms,
        "holds": _pairs(span.holds),
        "agent_channel": span.agent_channel,
        "customer_channel": span.customer_channel,
        "begins_talk": span.begins_talk,
    }


def _with_place(connection: Connection, row: FileRow) -> dict[str, Any]:
    return {"recording": recording_json(row, recording_files.spans_of_file(connection, row.id)), "place": row.place}


def _pairs(stretches: tuple[Stretch, ...]) -> list[list[int]]:
    return [list(each) for each in stretches]


def _place(after: tuple[int, str] | None) -> tuple[int, int] | None:
    if after is None:
        return None
    began_us, number = after
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise ApiError(400, "bad_cursor", "after: found no cursor, expected next_after of the page before")
    return began_us, int(number)


def _not_found() -> ApiError:
    return ApiError(
        404, "recording_not_found", "recording: found none of this number to be had, expected one that is there"
    )
