"""A recording's sound to the browser, by parts; and what of it was heard, to the audit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from analytics.errors import SoundError
from service.auth.audit import Act, Entry
from service.auth.forms import own_json
from service.auth.rights import Right
from service.auth.visiting import visitor_of
from service.dashboard.periods import CallStory
from service.dashboard.story.source import StorySource
from service.dashboard.story.watching import Firsts
from service.listening import Tape
from service.listening.heard import heard_ms, read_spans
from service.listening.sending import send

RECORDING = "/recordings/{pbx}/{id}/{number:[1-9][0-9]{0,2}}"


class Recordings:
    """The handlers. `found` gives the call of an address, where its visitor sees it."""

    def __init__(self, source: StorySource, found: Callable[[web.Request], Awaitable[CallStory]]) -> None:
        self._source = source
        self._found = found
        self._firsts = Firsts()

    def routes(self) -> list[web.RouteDef]:
        """Of recordings."""
        return [web.get(RECORDING + "/audio", self.audio), web.post(RECORDING + "/heard", self.heard)]

    async def audio(self, request: web.Request) -> web.StreamResponse:
        """GET /recordings/PBX/ID/N/audio: the sound, whole or a part."""
        story, tape = await self._may_listen(request)
        if not tape.audible:
            raise web.HTTPNotFound
        try:
            played = await self._source.played(tape)
        except SoundError as error:
            return web.Response(status=422, text=f"recording {request.match_info['number']}: {error}\n")
        visitor, now = visitor_of(request), self._source.now()
        who = (str(visitor.account), visitor.proof, story.record.call.id, request.match_info["number"])
        if request.method == "GET" and self._firsts.of(who, now):
            await self._note(request, Act.LISTENED, story, {"opened": True})
        return await send(request, played, tape.stamp)

    async def heard(self, request: web.Request) -> web.Response:
        """POST /recordings/PBX/ID/N/heard {"spans": [[0, 4200]]}: which milliseconds of the file were played."""
        told = await _told(request)
        story, tape = await self._may_listen(request)
        try:
            spans = read_spans(told.get("spans"))
        except ValueError as error:
            return web.Response(status=400, text=f"{error}\n")
        heard = heard_ms(spans, tape.length_ms)
        if heard:
            await self._note(request, Act.LISTENED, story, {"heard_ms": heard, "length_ms": tape.length_ms})
        return web.Response(status=204)

    async def _may_listen(self, request: web.Request) -> tuple[CallStory, Tape]:
        """The call and the recording, where the visitor may hear it; else 404, and a row that he was refused."""
        number = int(request.match_info["number"])
        try:
            if Right.LISTEN not in visitor_of(request).rights:
                raise web.HTTPNotFound
            story = await self._found(request)
        except web.HTTPNotFound:
            await self._refused(request)
            raise
        tapes = await self._source.tapes(story)
        if number > len(tapes):
            raise web.HTTPNotFound
        return story, tapes[number - 1]

    async def _refused(self, request: web.Request) -> None:
        """Only for a call that there is: guesses at others are no audit's business."""
        call_id = f"{request.match_info['pbx']}/{request.match_info['id']}"
        story = await self._source.call(call_id)
        if story is not None:
            await self._note(request, Act.REFUSED, story, {})

    async def _note(
        self, request: web.Request, act: Act, story: CallStory, details: dict[str, str | int | bool | None]
    ) -> None:
        entry = Entry(
            at=self._source.now(), visitor=visitor_of(request), act=act, subject=story.record.call.id,
            address=request.remote or "", details={"recording": int(request.match_info["number"]), **details},
        )  # fmt: skip
        await self._source.note(entry)


async def _told(request: web.Request) -> dict[str, object]:
    """The object that the page's script sent. Raises ForeignPostError, HTTPBadRequest."""
    try:
        told = await own_json(request)
    except ValueError:
        raise web.HTTPBadRequest(text="body: found no JSON, expected an object\n") from None
    if not isinstance(told, dict):
        raise web.HTTPBadRequest(text=f"body: found {type(told).__name__}, expected an object\n")
    return told
