"""The live stream of one agent's desk: his state, the call that comes to hand, what he owes, and the server's time.

A phone that rings is told within a quarter of a second. The call at hand is sent once, when it comes, and once to a
page that comes back; a page that shows it already lets it be: what is typed is never replaced under his hands.
"""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from service.auth.rights import Visitor
from service.auth.visiting import visitor_of
from service.dashboard import numerals
from service.dashboard.desk.drawing import Drawing
from service.dashboard.desk.shapes import OwedList
from service.dashboard.desk.source import DeskSource
from service.dashboard.events import HEADERS, HEARTBEAT, frame

OWED_SECONDS = 30.0
"""Seconds between two looks at what he owes: what is due now changes with time alone."""
SHOWN = 8


class Stream:
    """Streams of all open desks, over one source."""

    def __init__(self, source: DeskSource, drawing: Drawing) -> None:
        self._source = source
        self._drawing = drawing
        self._open: set[asyncio.Event] = set()
        self._closing = False

    def close(self) -> None:
        """End all streams."""
        self._closing = True
        for event in self._open:
            event.set()

    async def serve(self, request: web.Request, agent: str, language: str) -> web.StreamResponse:
        """Until the page goes or the service stops."""
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        wake = asyncio.Event()
        self._open.add(wake)
        stop = self._source.watch(agent, wake)
        one = _One(self._source, self._drawing, visitor_of(request), agent, language)
        try:
            with contextlib.suppress(ConnectionResetError):
                await response.write(b"retry: 2000\n\n")
                while not self._closing:
                    wake.clear()
                    await response.write(await one.told())
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(HEARTBEAT):
                            await wake.wait()
        finally:
            stop()
            self._open.discard(wake)
        return response


class _One:
    """One open desk, and what it was told last."""

    def __init__(self, source: DeskSource, drawing: Drawing, visitor: Visitor, agent: str, language: str) -> None:
        self._source, self._drawing = source, drawing
        self._visitor, self._agent, self._language = visitor, agent, language
        self._shown: dict[str, str] = {}
        self._call: str | None = None
        self._owed_at = 0.0

    async def told(self) -> bytes:
        """What changed since the last time, and the server's time."""
        clock = asyncio.get_running_loop().time()
        chunks: list[bytes] = []
        with contextlib.suppress(
            SQLAlchemyError, OSError
        ):  # what was shown stays; the next look may find the store
            reading = await self._drawing.reading(self._drawing.words(self._language), self._visitor)
            situation = self._source.situation(self._agent)
            chunks += self._changed("desk.state", self._drawing.state_html(reading, situation))
            chunks += self._changed("desk.link", self._drawing.link_html(reading))
            if situation.call_id is not None and situation.call_id != self._call:
                hand = await self._source.hand(self._agent, None)
                if hand is not None and hand.call.id == situation.call_id:
                    shown, script = self._drawing.hand_html(reading, hand, self._agent)
                    chunks += [*self._changed("desk.hand", shown), *self._changed("desk.script", script)]
                self._call = situation.call_id
            if clock - self._owed_at >= OWED_SECONDS:
                owing = await self._source.owing(self._agent, OwedList.TODAY, SHOWN)
                chunks += self._changed("desk.owing", self._drawing.owing_html(reading, owing, self._agent))
                self._owed_at = clock
        chunks.append(frame("time", str(numerals.epoch_ms(self._source.now())), "0"))
        return b"".join(chunks)

    def _changed(self, name: str, html: str) -> list[bytes]:
        if self._shown.get(name) == html:
            return []
        self._shown[name] = html
        return [frame(name, html, "0")]
