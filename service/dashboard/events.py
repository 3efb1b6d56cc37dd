"""Server-sent events: the elements of the pages as they change, to every open page.

What is to be seen is drawn once for all readers of the same subject, not once a reader. A change is told at once; an
element that goes on changing is told four times a second. A reader who is slow is behind in *elements*, never in a
queue: what he has not fetched is overwritten by what is newer. Every event's id is the run's name and a growing
number; a reader who comes back with it gets what changed since, or the whole board where that is not known.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from aiohttp import web

from service.auth.rights import Right, Seen
from service.auth.visiting import need, visitor_of
from service.dashboard import numerals
from service.dashboard.board import Board
from service.dashboard.canvas import INTERVAL, Canvas
from service.dashboard.elements import Order, Subject, elements_of, one_line
from service.dashboard.live_view import LiveState
from service.dashboard.look import Look
from service.dashboard.looking import read_look, read_order
from service.dashboard.query import QueryError
from service.dashboard.rendering import Renderer

HEARTBEAT = 2.0
"""Seconds between two of the server's times. A page that has heard none for five says so."""

PACE = 0.04
"""Seconds between two looks at the board, however much goes on."""

STILL = 1.0
"""Seconds after which the board is looked at though nothing was told: time alone changes what is over its mark."""

LONGEST = 600.0
"""Seconds after which a stream ends and its page comes back: whoever may not look any more finds the door closed."""

HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}

__all__ = ["HEADERS", "HEARTBEAT", "INTERVAL", "Broadcaster", "frame"]


@dataclass(slots=True, eq=False)
class Client:
    """One open page: what it shows, and up to which number it has been told."""

    subject: Subject
    told: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)


def frame(name: str, text: str, identity: str) -> bytes:
    """One event. Line ends, which would end a field, are taken out: an agent's id is what the PBX says."""
    named = "".join(name.splitlines())
    return f"id: {identity}\nevent: {named}\ndata: {one_line(text)}\n\n".encode()


class Broadcaster:
    """Draws the board when it changes, and tells every open page what changed."""

    def __init__(
        self, live: LiveState, renderer: Renderer, seen_by: Callable[[web.Request], Seen], version: str
    ) -> None:
        self._live = live
        self._renderer = renderer
        self._seen_by = seen_by
        self._version = version
        self._run = secrets.token_hex(4)
        self._seq = 0
        self._canvases: dict[Subject, Canvas] = {}
        self._clients: set[Client] = set()
        self._changed = asyncio.Event()
        self._closing = False
        self._behind = False  # what was drawn last had figures of an earlier moment
        self._news = False  # something was told since figures were made
        self._figured_at = float("-inf")

    # -- drawing -------------------------------------------------------------------------

    async def context(self, app: web.Application) -> AsyncIterator[None]:
        """Runs as long as the application does."""
        stop = self._live.watch(self._note)
        drawing = asyncio.create_task(self._draw_for_ever(), name="dashboard-draw")
        yield
        stop()
        drawing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await drawing

    async def close(self, app: web.Application) -> None:
        """Ends the open streams, so that the server can stop."""
        self._closing = True
        for client in self._clients:
            client.wake.set()

    async def _draw_for_ever(self) -> None:
        """Every change at once, unless one was drawn just before; and now and then what time alone changes."""
        wait: float | None = None
        while True:
            # Not wait_for: until Python 3.12 it forgets to be cancelled where the change comes at the same moment.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STILL if wait is None else min(wait, STILL)):
                    await self._changed.wait()
            self._changed.clear()
            wait = self.draw() if self._clients else None
            await asyncio.sleep(PACE)
            if self._clients and self._figures_due():
                wait = self.draw(hurried=False)
                await asyncio.sleep(PACE)

    def _figures_due(self) -> bool:
        """Whether it is time for figures; what goes on was told before them."""
        now = asyncio.get_running_loop().time()
        if not self._behind or now - self._figured_at < (INTERVAL if self._news else STILL):
            return False
        self._figured_at, self._news = now, False
        return True

    def _note(self) -> None:
        """Something was told of the PBX."""
        self._news = True
        self._changed.set()

    def draw(self, *, hurried: bool = True) -> float | None:
        """Draw what somebody looks at, and wake whom it concerns. Returns after how long to draw again.

        Hurried, with the figures that were made last; else they are made anew first.
        """
        at = asyncio.get_running_loop().time()
        waits = []
        self._behind = False
        subjects = {client.subject for client in self._clients}
        boards: dict[Look, Board] = {}
        for subject in sorted(subjects, key=lambda each: not each.page):
            if self._rests(subject, at):
                continue
            if subject.look not in boards:
                # The first look makes the figures of all.
                boards[subject.look] = self._live.board(subject.look, hurried=hurried or bool(boards))
            wait = self._draw_subject(subject, boards[subject.look], at)
            if wait is not None:
                waits.append(wait)
        for forgotten in self._canvases.keys() - subjects:
            del self._canvases[forgotten]
        for client in self._clients:
            if client.told < self._canvases[client.subject].seq:
                client.wake.set()
        return min(waits, default=None)

    def _rests(self, subject: Subject, at: float) -> bool:
        """The frame alone is looked at once a second."""
        canvas = self._canvases.get(subject)
        return not subject.page and canvas is not None and at - canvas.drawn_at < STILL

    def _draw_subject(self, subject: Subject, board: Board, at: float) -> float | None:
        canvas = self._canvases.get(subject)
        if canvas is None:
            canvas = self._canvases[subject] = Canvas(self._event_of)
        wait = canvas.draw(elements_of(board, subject, self._renderer), at, self._next)
        if board.is_behind and subject.page:
            self._behind = True
            if self._news:
                return INTERVAL if wait is None else min(wait, INTERVAL)
        return wait

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _event_of(self, name: str, text: str, number: int) -> bytes:
        return frame(name, text, f"{self._run}-{number}")

    # -- telling -------------------------------------------------------------------------

    def _resume(self, last: str) -> int:
        """Up to which number a returning page was told; 0, the whole board, where that is not known."""
        run, _, number = last.partition("-")
        if run == self._run and number.isdecimal() and int(number) <= self._seq:
            return int(number)
        return 0

    def _subject(self, request: web.Request) -> Subject:
        """What the page that asks shows. Raises HTTPBadRequest for a key's value, HTTPNotFound without right."""
        language = request.query.get("lang", self._live.language)
        if language not in ("zh", "en"):
            raise web.HTTPBadRequest(text=f"lang: found {language!r}, expected zh or en\n")
        page = request.query.get("page", "")
        if page not in ("shift", "wall"):
            return Subject(page="", language=language)
        need(request, Right.BOARD)
        try:
            look, order = read_look(request.query, self._seen_by(request)), read_order(request.query)
        except QueryError as error:
            raise web.HTTPBadRequest(text=f"{error}\n") from None
        numbers = page == "shift" and visitor_of(request).may(Right.NUMBERS)
        return Subject(
            page=page, language=language, look=look, numbers=numbers,
            order=order if page == "shift" else Order.NUMBER,
        )  # fmt: skip

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET /events: until the page goes or the service stops, or for ten minutes."""
        client = Client(self._subject(request), self._resume(request.headers.get("Last-Event-ID", "")))
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        self._clients.add(client)
        try:
            self._changed.set()
            await response.write(b"retry: 2000\n\n" + frame("version", self._version, f"{self._run}-{client.told}"))
            with contextlib.suppress(ConnectionResetError):
                await self._stream(client, response)
        finally:
            self._clients.discard(client)
        return response

    async def _stream(self, client: Client, response: web.StreamResponse) -> None:
        loop = asyncio.get_running_loop()
        ends, timed = loop.time() + LONGEST, 0.0
        while not self._closing and loop.time() < ends:
            client.wake.clear()
            canvas = self._canvases.get(client.subject)
            chunk, told = canvas.since(client.told) if canvas else (b"", client.told)
            client.told = told
            if loop.time() - timed >= HEARTBEAT / 2:
                timed = loop.time()
                chunk += frame("time", str(numerals.epoch_ms(self._live.now())), f"{self._run}-{told}")
            if chunk:
                await response.write(chunk)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT):
                    await client.wake.wait()
