"""Server-sent events: the board's elements as they change, at most four times a second each.

The board is drawn once a language for all readers, not once a reader. A reader who is slow is behind in
*elements*, never in a queue: what he has not fetched is overwritten by what is newer. Every event's id is the
run's name and a growing number; a reader who comes back with it gets what changed since, or the whole board
where that is not known.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from aiohttp import web

from service.auth.rights import ALL_SEEN, Right, Seen, Visitor
from service.auth.visiting import visitor_of
from service.dashboard import numerals
from service.dashboard.elements import FRAME, agents_body, board_elements, one_line
from service.dashboard.live_view import LiveState
from service.dashboard.rendering import Renderer
from service.dashboard.seen_parts import board_for

INTERVAL = 0.25
"""Seconds between two drawings: four updates a second an element."""

HEARTBEAT = 2.0
"""Seconds between two of the server's times. A page that has heard none for five says so."""

HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(slots=True)
class Drawn:
    """One language's elements: the newest HTML of each, and the number of its last change."""

    html: dict[str, str] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """Readers who are shown the same: one drawing serves them all."""

    language: str
    seen: Seen
    whole_numbers: bool


@dataclass(slots=True, eq=False)
class Client:
    """One open page: what it shows, and up to which number it has been told."""

    sort: Sort
    names: frozenset[str] | None  # the elements that it shows; None for all
    told: int = 0
    wake: asyncio.Event = field(default_factory=asyncio.Event)


def frame(name: str, text: str, identity: str) -> bytes:
    """One event. Line ends, which would end a field, are taken out: an agent's id is what the PBX says."""
    named = "".join(name.splitlines())
    return f"id: {identity}\nevent: {named}\ndata: {one_line(text)}\n\n".encode()


class Broadcaster:
    """Draws the board when it changes, and tells every open page what changed."""

    def __init__(
        self, live: LiveState, renderer: Renderer, seen: Callable[[web.Request], Seen] = lambda request: ALL_SEEN
    ) -> None:
        self._live = live
        self._renderer = renderer
        self._seen = seen
        self._run = secrets.token_hex(4)
        self._seq = 0
        self._drawn: dict[Sort, Drawn] = {}
        self._clients: set[Client] = set()
        self._changed = asyncio.Event()
        self._closing = False

    # -- drawing -------------------------------------------------------------------------

    async def context(self, app: web.Application) -> AsyncIterator[None]:
        """Runs as long as the application does."""
        stop = self._live.watch(self._changed.set)
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
        """Every change, four times a second at most; and every heartbeat, for what time alone changes."""
        while True:
            # Not wait_for: until Python 3.12 it forgets to be cancelled where the change comes at the same moment.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT):
                    await self._changed.wait()
            self._changed.clear()
            if self._clients:
                self.draw()
            await asyncio.sleep(INTERVAL)

    def draw(self) -> None:
        """Draw the board for each sort of readers that there is, and wake whom it concerns."""
        whole = self._live.board()
        sorts = {client.sort for client in self._clients}
        self._drawn = {sort: drawn for sort, drawn in self._drawn.items() if sort in sorts}
        for sort in sorts:
            board = board_for(whole, sort.seen)
            elements = board_elements(board, sort.language, self._renderer, whole_numbers=sort.whole_numbers)
            drawn = self._drawn.setdefault(sort, Drawn())
            if "agents" in drawn.html and _agents(elements) == _agents(drawn.html):
                elements["agents"] = drawn.html["agents"]
            else:
                body = agents_body(board, sort.language, self._renderer, whole_numbers=sort.whole_numbers)
                elements = {"agents": body, **elements}
            self._note(drawn, elements)
        for client in self._clients:
            client.wake.set()

    def _note(self, drawn: Drawn, elements: dict[str, str]) -> None:
        for name in set(drawn.html) - set(elements):
            del drawn.html[name], drawn.changed[name]
        for name, html in elements.items():
            if drawn.html.get(name) != html:
                self._seq += 1
                drawn.html[name], drawn.changed[name] = html, self._seq

    # -- telling -------------------------------------------------------------------------

    def _due(self, client: Client) -> list[tuple[int, str, str]]:
        drawn = self._drawn.get(client.sort, Drawn())
        due = [
            (number, name, drawn.html[name])
            for name, number in drawn.changed.items()
            if number > client.told and (client.names is None or name in client.names)
        ]
        return sorted(due)

    def _resume(self, last: str) -> int:
        """Up to which number a returning page was told; 0, the whole board, where that is not known."""
        run, _, number = last.partition("-")
        if run == self._run and number.isdecimal() and int(number) <= self._seq:
            return int(number)
        return 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET /events: until the page goes or the service stops."""
        language = request.query.get("lang", self._live.language)
        if language not in ("zh", "en"):
            raise web.HTTPBadRequest(text=f"lang: found {language!r}, expected zh or en\n")
        visitor = visitor_of(request)
        sort = Sort(language=language, seen=self._seen(request), whole_numbers=visitor.may(Right.NUMBERS))
        client = Client(
            sort=sort,
            names=_names(visitor, request.query.get("page")),
            told=self._resume(request.headers.get("Last-Event-ID", "")),
        )
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        self._clients.add(client)
        try:
            self._changed.set()
            await response.write(b"retry: 2000\n\n")
            with contextlib.suppress(ConnectionResetError):
                await self._stream(client, response)
        finally:
            self._clients.discard(client)
        return response

    async def _stream(self, client: Client, response: web.StreamResponse) -> None:
        while not self._closing:
            client.wake.clear()
            due = self._due(client)
            told = max((number for number, _, _ in due), default=client.told)
            chunks = [frame(name, html, f"{self._run}-{number}") for number, name, html in due]
            client.told = told
            now = str(numerals.epoch_ms(self._live.now()))
            chunks.append(frame("time", now, f"{self._run}-{told}"))
            await response.write(b"".join(chunks))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT):
                    await client.wake.wait()


def _names(visitor: Visitor, page: str | None) -> frozenset[str] | None:
    """The elements of a page, as far as the visitor may see them; None for all that there are."""
    if Right.BOARD in visitor.rights and page == "shift":
        return None
    counts = Right.RECORDS in visitor.rights or Right.FIGURES in visitor.rights or Right.BOARD in visitor.rights
    return frozenset(FRAME) if counts else frozenset(FRAME) - {"known"}


def _agents(elements: dict[str, str]) -> set[str]:
    """Who is on the board."""
    return {name for name in elements if name.startswith("agent.")}
