"""A recording's sound to the browser, by parts, or as a file; and what of it was heard, to the audit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from aiohttp import web

from analytics.errors import SoundError
from service.auth.audit import Act, Entry
from service.auth.forms import check_own, own_json
from service.auth.rights import Right
from service.auth.visiting import visitor_of
from service.dashboard.story.watching import Firsts
from service.listening import Tape
from service.listening.heard import heard_ms, read_spans
from service.listening.sending import send
from service.listening.tape import Played

Detail = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearable:
    """A recording that somebody asks for. `subject` and `details` name it in the audit, `name` in a file's name."""

    subject: str
    name: str
    tape: Tape
    details: Mapping[str, Detail] = field(default_factory=lambda: MappingProxyType({}))


class SoundSource(Protocol):
    """What is asked of the service. All but `now` may raise SQLAlchemyError, OSError."""

    def now(self) -> datetime:
        """The instant at which is noted."""
        ...

    async def played(self, tape: Tape) -> Played:
        """What a browser gets of a recording that can be heard. Raises SoundError."""
        ...

    async def note(self, entry: Entry) -> None:
        """Put into the audit who listened or was refused."""
        ...


class Sounds:
    """The handlers. `found` gives the recording of an address, and whether its visitor sees it; else HTTPNotFound."""

    def __init__(
        self, source: SoundSource, found: Callable[[web.Request], Awaitable[tuple[Hearable, bool]]]
    ) -> None:
        self._source = source
        self._found = found
        self._firsts = Firsts()

    def routes(self, path: str) -> list[web.RouteDef]:
        """Below the address of a recording."""
        return [
            web.get(f"{path}/audio", self.audio),
            web.get(f"{path}/download", self.download),
            web.post(f"{path}/heard", self.heard),
        ]

    async def audio(self, request: web.Request) -> web.StreamResponse:
        """GET …/audio: the sound, whole or a part."""
        asked = await self._may(request, Right.LISTEN)
        played = await self._played(asked)
        visitor, now = visitor_of(request), self._source.now()
        who = (str(visitor.account), visitor.proof, asked.subject, str(dict(asked.details)))
        if request.method == "GET" and self._firsts.of(who, now):
            await self._note(request, Act.LISTENED, asked, opened=True)
        return await send(request, played, asked.tape.stamp)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """GET …/download: the same as a file, whose name tells nothing of anybody."""
        asked = await self._may(request, Right.LISTEN, Right.EXPORT)
        played = await self._played(asked)
        if request.method == "GET" and "Range" not in request.headers:
            await self._note(request, Act.EXPORTED, asked, what="recording")
        name = f"{asked.name}{ENDINGS.get(played.kind, '')}"
        return await send(request, played, asked.tape.stamp, disposition=f'attachment; filename="{name}"')

    async def heard(self, request: web.Request) -> web.Response:
        """POST …/heard {"spans": [[0, 4200]]}: which milliseconds of the file were played."""
        check_own(request)
        asked = await self._may(request, Right.LISTEN)
        told = await own_json(request)
        try:
            spans = read_spans(told.get("spans"))
        except ValueError as error:
            return web.Response(status=400, text=f"{error}\n")
        heard = heard_ms(spans, asked.tape.length_ms)
        if heard:
            await self._note(request, Act.LISTENED, asked, heard_ms=heard, length_ms=asked.tape.length_ms)
        return web.Response(status=204)

    async def _played(self, asked: Hearable) -> Played:
        if not asked.tape.audible:
            raise web.HTTPNotFound
        try:
            return await self._source.played(asked.tape)
        except SoundError as error:
            raise web.HTTPUnprocessableEntity(text=f"{asked.name}: {error}\n") from None

    async def _may(self, request: web.Request, *rights: Right) -> Hearable:
        """The recording, where the visitor may hear it; else 404, and a row that he was refused.

        Only of a recording that there is: guesses at others are no audit's business.
        """
        asked, seen = await self._found(request)
        if not seen or not visitor_of(request).rights.issuperset(rights):
            await self._note(request, Act.REFUSED, asked)
            raise web.HTTPNotFound
        return asked

    async def _note(self, request: web.Request, act: Act, asked: Hearable, **details: Detail) -> None:
        entry = Entry(
            at=self._source.now(), visitor=visitor_of(request), act=act, subject=asked.subject,
            address=request.remote or "", details={**asked.details, **details},
        )  # fmt: skip
        await self._source.note(entry)


ENDINGS = {"audio/wav": ".wav", "audio/mpeg": ".mp3", "audio/ogg": ".ogg"}
