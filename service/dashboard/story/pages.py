"""The pages of one call: its story, live while it goes on, what the PBX said of it, and its recordings.

Who does not see the call gets the 404 of what is not there. Listening, and being refused it, is put in the audit.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from service.auth.audit import Act, Entry
from service.auth.forms import own_form
from service.auth.rights import Right, Visitor
from service.auth.visiting import NoRightError, need, visitor_of
from service.dashboard.elements import one_line
from service.dashboard.events import HEADERS, frame
from service.dashboard.frame import Frame
from service.dashboard.periods import CallStory
from service.dashboard.query import QueryError, check_keys
from service.dashboard.rendering import Renderer
from service.dashboard.seen_parts import sees_call
from service.dashboard.story.player import players
from service.dashboard.story.raw import raw_page, shown_headers
from service.dashboard.story.recordings import Recordings
from service.dashboard.story.source import Around, StorySource
from service.dashboard.story.surroundings import nearby, read_list, steps
from service.dashboard.story.telling import Story, tell
from service.dashboard.story.watching import whole_number
from telephony.calls.record import instant
from telephony.errors import JournalError

EVERY = 1.0
"""Seconds between two drawings of a call that goes on: its right edge is now."""

REVEALED_SECONDS = 30
LIVE = ("head", "banner", "picture", "lines", "credits", "facts")
CALL = "/calls/{pbx}/{id}"


class StoryPages:
    """The handlers, over one source."""

    places: frozenset[str] = frozenset()

    def __init__(self, source: StorySource, frame: Frame, renderer: Renderer) -> None:
        self._source = source
        self._frame = frame
        self._renderer = renderer
        self._recordings = Recordings(source, frame)
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get(CALL, self.call),
            web.post(CALL + "/number", self.reveal),
            web.get(CALL + "/live", self.live),
            web.get(CALL + "/events", self.events),
            web.get(CALL + "/events.json", self.download),
            *self._recordings.routes(),
        ]

    async def close(self, app: web.Application) -> None:
        """Ends the open streams, so that the server can stop."""
        self._closing.set()

    async def found(self, request: web.Request) -> CallStory:
        """The call of this address, where the visitor sees it. Raises HTTPNotFound."""
        story = await self._source.call(f"{request.match_info['pbx']}/{request.match_info['id']}")
        if story is None:
            raise web.HTTPNotFound
        if not sees_call(self._frame.seen(request), story):
            raise NoRightError
        return story

    # -- the story -------------------------------------------------------------------------

    async def call(self, request: web.Request) -> web.Response:
        """GET /calls/PBX/ID: a call's story."""
        need(request, Right.RECORDS)
        check_keys(request.query, ("list",))
        return await self._told(request, await self.found(request))

    async def reveal(self, request: web.Request) -> web.Response:
        """POST /calls/PBX/ID/number: the customer's number, for half a minute; first it is noted that it is shown."""
        need(request, Right.RECORDS, Right.REVEAL)
        await own_form(request)
        story = await self.found(request)
        call = story.record.call
        if call.customer_withheld or not (number := call.customer or call.caller):
            raise web.HTTPNotFound
        await self._frame.note_first(request, Act.REVEALED, f"call {call.id}")
        return await self._told(request, story, revealed=number)

    async def _told(self, request: web.Request, story: CallStory, revealed: str = "") -> web.Response:
        visitor, words = visitor_of(request), self._frame.words_for(request)
        call = story.record.call
        today, day = self._frame.today(words), words.local(call.started_at).date()
        wanted, told = read_list(
            request.query, request.headers.get("Referer", ""), today, day, self._frame.seen(request)
        )
        shown = tell(story, words, words.number)
        facts = story.record.recordings if Right.LISTEN in visitor.rights else ()
        hidden = bool(call.customer or call.caller) and not call.customer_withheld
        return self._frame.shown(
            "story.html", request, story=shown, nearby=nearby(words, await self._around(request, story)),
            steps=steps(await self._source.beside(story, wanted), told),
            players=await players(self._source, words, shown.link, story, facts),
            revealed=revealed, shown_for=REVEALED_SECONDS,
            reveals=hidden and visitor.may(Right.REVEAL) and not words.whole_numbers,
        )  # fmt: skip

    async def _around(self, request: web.Request, story: CallStory) -> Around:
        """What else is known; of the customer's other calls those that the visitor sees."""
        around, seen = await self._source.around(story), self._frame.seen(request)
        others = [
            each
            for each in around.others
            if seen.call([agent for agent, _ in each.agents], [each.queue] if each.queue else [])
        ]
        return replace(around, others=tuple(others))

    async def live(self, request: web.Request) -> web.StreamResponse:
        """GET /calls/PBX/ID/live: the story as it goes on. Of a call that is over 204: a browser does not come back."""
        need(request, Right.RECORDS)
        story = await self.found(request)
        language = request.query.get("lang", "zh")
        if language not in ("zh", "en"):
            raise web.HTTPBadRequest(text=f"lang: found {language!r}, expected zh or en\n")
        if story.record.call.ended_at is not None:
            return web.Response(status=204)
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            await self._stream(request, response, language)
        return response

    async def _stream(self, request: web.Request, response: web.StreamResponse, language: str) -> None:
        sent: dict[str, str] = {}
        over = False
        while not (over or self._closing.is_set()):
            try:
                story = await self.found(request)
            except web.HTTPNotFound:
                break  # no longer his to see
            except (SQLAlchemyError, OSError):
                fresh: dict[str, str] = {}  # what was shown stays; the next look may find the store again
            else:
                over = story.record.call.ended_at is not None
                words = self._renderer.words(language, whole_numbers=whole_to(visitor_of(request)))
                fresh = self._drawn(tell(story, words, words.number), language)
            changed = {name: html for name, html in fresh.items() if sent.get(name) != html}
            sent |= changed
            chunks = [frame(f"story.{name}", html, "0") for name, html in changed.items()]
            await response.write(b"".join(chunks) or b": still here\n\n")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if over else EVERY):
                    await self._closing.wait()

    def _drawn(self, story: Story, language: str) -> dict[str, str]:
        fragment = self._renderer.fragment
        return {name: one_line(fragment("story_parts.html", name, language)(story)) for name in LIVE}

    # -- what the PBX said -----------------------------------------------------------------

    async def events(self, request: web.Request) -> web.Response:
        """GET /calls/PBX/ID/events: two hundred a page, by name."""
        visitor = need(request, Right.RECORDS)
        check_keys(request.query, ("name", "page"))
        number = whole_number("page", request.query.get("page", "1"))
        story, words, refusal = await self.found(request), self._frame.words_for(request), ""
        whole = whole_to(visitor)
        try:
            packets = await self._source.packets(story)
        except JournalError:
            packets, refusal = None, words.gettext("The journal cannot be read now.")
        heard = packets.heard if packets else ()
        page = raw_page(words, heard, request.query.get("name", ""), number, whole=whole)
        if number > page.pages:
            raise QueryError("page", str(number), f"a whole number from 1 to {page.pages}")
        if whole and heard:
            await self._note(request, Act.LOOKED, story, {"what": "raw events"})
        return self._frame.shown(
            "story_events.html", request, story=tell(story, words), page=page, name=request.query.get("name", ""),
            refusal=refusal, whole=whole, cut=bool(packets and packets.cut),
        )  # fmt: skip

    async def download(self, request: web.Request) -> web.Response:
        """GET /calls/PBX/ID/events.json: all of them, hidden as on the page."""
        check_keys(request.query, ())
        story = await self._may_export(request)
        whole = whole_to(visitor_of(request))
        packets = await self._source.packets(story)
        told = [
            {
                "seq": each.seq,
                "received_at": instant(each.received_at),
                "headers": shown_headers(each.packet, whole=whole),
            }
            for each in packets.heard
        ]
        await self._note(request, Act.EXPORTED, story, {"what": "raw events", "events": len(told)})
        body = json.dumps({"call_id": story.record.call.id, "events": told}, ensure_ascii=False)
        name = story.record.call.id.replace("/", "-")
        headers = {"Content-Disposition": f'attachment; filename="{name}-events.json"', "Cache-Control": "no-store"}
        return web.Response(text=body, content_type="application/json", headers=headers)

    async def _may_export(self, request: web.Request) -> CallStory:
        visitor = need(request, Right.RECORDS)
        story = await self.found(request)
        if Right.EXPORT not in visitor.rights:
            await self._note(request, Act.REFUSED, story, {"what": "raw events"})
            raise web.HTTPNotFound
        return story

    async def _note(self, request: web.Request, act: Act, story: CallStory, details: dict[str, str | int]) -> None:
        visitor, subject = visitor_of(request), story.record.call.id
        at, address = self._source.now(), request.remote or ""
        await self._source.note(
            Entry(at=at, visitor=visitor, act=act, subject=subject, address=address, details=dict(details))
        )


def whole_to(visitor: Visitor) -> bool:
    """Whether numbers and names are shown whole."""
    return Right.NUMBERS in visitor.rights
