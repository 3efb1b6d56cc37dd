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
from service.dashboard.board import AgentActivity
from service.dashboard.desk.caller_view import Reading
from service.dashboard.desk.drawing import Drawing
from service.dashboard.desk.shapes import OwedList
from service.dashboard.desk.source import DeskSource
from service.dashboard.events import HEADERS, HEARTBEAT, frame

REST_SECONDS = 30.0
"""Seconds between two looks at what he owes and at his figures: what is due now changes with time alone."""
IN_CALL = frozenset({AgentActivity.TALKING, AgentActivity.HOLD})
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
        self._seen: tuple[object, ...] = ()
        self._call: str | None = None
        self._rest_at = -REST_SECONDS
        self._was_in_call = False

    async def told(self) -> bytes:
        """What changed since the last time, and the server's time."""
        chunks: list[bytes] = []
        with contextlib.suppress(
            SQLAlchemyError, OSError
        ):  # what was shown stays; the next look may find the store
            reading = await self._drawing.reading(self._drawing.words(self._language), self._visitor)
            chunks += self._state(reading)
            chunks += await self._hand(reading)
            chunks += await self._rest(reading)
        chunks.append(frame("time", str(numerals.epoch_ms(self._source.now())), "0"))
        return b"".join(chunks)

    def _state(self, reading: Reading) -> list[bytes]:
        """Drawn anew where what he does, or the line to a PBX, is another; or where he is over his time now."""
        situation, links = self._source.situation(self._agent), self._source.links()
        over = situation.since and situation.allowed and reading.now > situation.since + situation.allowed
        seen = (situation, tuple((each.pbx, each.connected) for each in links), over)
        if seen == self._seen:
            return []
        self._seen = seen
        state, link = self._drawing.state_html(reading, situation, self._agent), self._drawing.link_html(reading)
        return [*self._changed("desk.state", state), *self._changed("desk.link", link)]

    async def _hand(self, reading: Reading) -> list[bytes]:
        call = self._source.situation(self._agent).call_id
        if call is None or call == self._call:
            return []
        self._call = call
        hand = await self._source.hand(self._agent, None)
        if hand is None or hand.call.id != call:
            return []
        shown, script = self._drawing.hand_html(reading, hand, self._agent)
        return [*self._changed("desk.hand", shown), *self._changed("desk.script", script)]

    async def _rest(self, reading: Reading) -> list[bytes]:
        """What he owes and his own figures: once in a while, and when a call of his has ended."""
        clock, activity = asyncio.get_running_loop().time(), self._source.situation(self._agent).activity
        has_ended = self._was_in_call and activity not in IN_CALL
        self._was_in_call = activity in IN_CALL
        if not has_ended and clock - self._rest_at < REST_SECONDS:
            return []
        self._rest_at = clock
        owing = await self._source.owing(self._agent, OwedList.TODAY, SHOWN)
        drawn = {"desk.owing": self._drawing.owing_html(reading, owing, self._agent)}
        drawn |= self._drawing.mine_html(reading, await self._source.mine(self._agent), self._agent)
        return [chunk for name, html in drawn.items() for chunk in self._changed(name, html)]

    def _changed(self, name: str, html: str) -> list[bytes]:
        if self._shown.get(name) == html:
            return []
        self._shown[name] = html
        return [frame(name, html, "0")]
