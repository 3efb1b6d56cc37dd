"""Live updates: named elements, coalesced, resumed by id, and none for what did not change."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from aiohttp import ClientResponse, web

from service.auth.rights import ALL_SEEN
from service.dashboard.assets import Assets
from service.dashboard.events import HEARTBEAT, INTERVAL, Broadcaster, frame
from service.dashboard.rendering import Renderer
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.people import AGENTS, BOARD, NOW


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the stream."""

    name: str
    data: str
    identity: str


async def read_event(answer: ClientResponse) -> Event:
    """The next event; comments and the retry line are passed over."""
    fields: dict[str, str] = {}
    while True:
        line = (await asyncio.wait_for(answer.content.readline(), 5)).decode().rstrip("\n")
        if not line and "event" in fields:
            return Event(fields["event"], fields["data"], fields["id"])
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value


@asynccontextmanager
async def stream(client: Client, page: str = "shift", last: str = "") -> AsyncIterator[ClientResponse]:
    """An open event stream."""
    headers = {"Last-Event-ID": last} if last else {}
    async with client.get(f"/events?lang=zh&page={page}", headers=headers) as answer:
        assert answer.content_type == "text/event-stream"
        yield answer


async def until(answer: ClientResponse, name: str) -> Event:
    """The next event of this name."""
    async with asyncio.timeout(10):
        while (event := await read_event(answer)).name != name:
            pass
    return event


async def whole_board(answer: ClientResponse) -> dict[str, Event]:
    """All that comes up to the end of the first drawing."""
    found: dict[str, Event] = {}
    async with asyncio.timeout(10):
        while f"agent.{AGENTS[-1].agent}" not in found:
            event = await read_event(answer)
            found[event.name] = event
    return found


async def test_a_new_page_gets_the_whole_board_and_the_time(client: Client) -> None:
    """Every element that the page has, by the name that it has there."""
    html = await (await client.get("/")).text()
    named = set(re.findall(r'data-live="([^"]+)"', html))
    async with stream(client) as answer:
        found = await whole_board(answer)
        assert named <= set(found)
        assert (await until(answer, "time")).data == str(int(NOW.timestamp() * 1000))


async def test_an_element_is_drawn_as_on_the_page(client: Client) -> None:
    """An update replaces an element by one of the same name; only running times are left to the browser."""
    async with stream(client) as answer:
        found = await whole_board(answer)
    for name, event in found.items():
        if name not in ("time", "version", "agents"):
            assert f'data-live="{name}"' in event.data
            assert "\n" not in event.data
    row = found["agent.1001"].data
    assert '<time data-since="' in row
    assert "3:34" not in row


async def test_a_change_is_told_and_what_stayed_is_not(client: Client, centre: StandingCentre) -> None:
    """One more caller waits: one tile changes."""
    async with stream(client) as answer:
        await whole_board(answer)
        await until(answer, "time")
        centre.show(replace(BOARD, waiting=9))
        event = await read_event(answer)
        assert event.name == "kpi.waiting"
        assert ">9<" in event.data
        assert (await read_event(answer)).name == "time"


async def test_an_element_at_rest_is_told_at_once(client: Client, centre: StandingCentre) -> None:
    """It does not wait for the next of four updates a second, nor for another that goes on changing."""
    loop = asyncio.get_running_loop()
    async with stream(client) as answer:
        await whole_board(answer)
        await until(answer, "time")
        centre.show(replace(BOARD, waiting=9))
        await until(answer, "kpi.waiting")
        began = loop.time()
        centre.show(replace(BOARD, waiting=10))
        await until(answer, "kpi.waiting")
        assert loop.time() - began < INTERVAL / 2  # a second word is let through
        centre.show(replace(BOARD, waiting=11, agents=(replace(AGENTS[0], calls=99), *AGENTS[1:])))
        await until(answer, "agent.1001")
        assert loop.time() - began < INTERVAL * 3 / 4
        await until(answer, "kpi.waiting")
        assert loop.time() - began > INTERVAL * 3 / 4


async def test_changes_are_coalesced(client: Client, centre: StandingCentre) -> None:
    """A thousand changes at once are one event of the newest, and a second within four updates a second."""
    loop = asyncio.get_running_loop()
    async with stream(client) as answer:
        await whole_board(answer)
        await until(answer, "time")
        began, told = loop.time(), []
        for n in range(1000):
            centre.show(replace(BOARD, waiting=n))
            if n % 100 == 0:
                await asyncio.sleep(0)
        while not told or "999" not in told[-1].data:
            told.append(await until(answer, "kpi.waiting"))
        assert len(told) <= (loop.time() - began) / INTERVAL + 3


async def test_a_returning_page_gets_what_changed_since(client: Client, centre: StandingCentre) -> None:
    """By Last-Event-ID; an id of another run, or none at all, gets the whole board."""
    async with stream(client) as answer:
        await whole_board(answer)
        last = (await until(answer, "time")).identity
        async with stream(client, last=last) as again:
            names = [(await read_event(again)).name, (await read_event(again)).name]
            assert names == ["version", "time"]  # nothing was drawn in between
            centre.show(replace(BOARD, waiting=15))
            assert (await read_event(again)).name == "kpi.waiting"
    async with stream(client, last="00000000-3") as answer:
        assert "agent.1001" in await whole_board(answer)


async def test_who_is_new_on_the_board_has_a_place_and_a_row(client: Client, centre: StandingCentre) -> None:
    """The order of the rows is told before the new one, so that a page makes room for it; others stay untouched."""
    async with stream(client) as answer:
        await whole_board(answer)
        await until(answer, "time")
        new = replace(AGENTS[0], agent="1000", name="新人")
        centre.show(replace(BOARD, agents=(new, *AGENTS)))
        order = await until(answer, "agents")
        assert order.data.split()[:3] == ["1000", "1001", "1002"]
        assert (await read_event(answer)).name == "agent.1000"


async def test_other_pages_get_the_frame_only(client: Client) -> None:
    """The link's state: gaps and knowledge of a page are those of its own period."""
    async with stream(client, page="minutes") as answer:
        names = {(await read_event(answer)).name for _ in range(3)}
    assert names == {"version", "time", "link"}


async def test_the_server_says_its_time_while_nothing_happens(client: Client) -> None:
    """Well within the five seconds after which a page calls itself stale."""
    loop = asyncio.get_running_loop()
    async with stream(client) as answer:
        await whole_board(answer)
        await until(answer, "time")
        began = loop.time()
        await until(answer, "time")
        assert loop.time() - began <= HEARTBEAT + 1


async def test_a_language_that_is_none_is_refused(client: Client) -> None:
    """400, and what was expected."""
    answer = await client.get("/events?lang=fr")
    assert answer.status == 400
    assert "expected zh or en" in await answer.text()


async def test_the_server_stops_though_pages_are_open(client: Client) -> None:
    """Closing takes less than a heartbeat: open streams are ended, not waited for."""
    loop = asyncio.get_running_loop()
    async with stream(client) as answer:
        await whole_board(answer)
        began = loop.time()
        await client.server.close()
        assert loop.time() - began < HEARTBEAT


async def test_nobody_watches_after_the_service_ended(client: Client, centre: StandingCentre) -> None:
    """The live state is let go of."""
    assert len(centre.watchers) == 1
    await client.close()
    assert centre.watchers == []


async def test_it_ends_though_the_board_changes_at_that_very_moment(centre: StandingCentre) -> None:
    """A service that is told to stop while facts come in stops."""
    drawing = Broadcaster(centre, Renderer(centre.zone, Assets()), lambda _: ALL_SEEN, "v").context(
        web.Application()
    )
    await anext(drawing)
    await asyncio.sleep(0)
    centre.show(BOARD)
    async with asyncio.timeout(HEARTBEAT / 2):
        assert [each async for each in drawing] == []
    assert centre.watchers == []


@pytest.mark.parametrize("text", ["", "x", "-", "abc-99999999", "0-0"])
async def test_any_last_event_id_is_survived(client: Client, text: str) -> None:
    """What a proxy or a hand wrote there is no error."""
    async with stream(client, last=text) as answer:
        assert await whole_board(answer)


def test_a_name_or_text_cannot_forge_a_field() -> None:
    """Whatever line ends a PBX's names hold, an event is four lines."""
    for end in ("\n", "\r", "\r\n", "\n\nevent: time\ndata: 0"):
        lines = frame(f"agent.1{end}2", f"<b>{end}</b>", "run-1").decode().split("\n")
        assert [line.partition(":")[0] for line in lines] == ["id", "event", "data", "", ""]
        assert "\r" not in "".join(lines)
