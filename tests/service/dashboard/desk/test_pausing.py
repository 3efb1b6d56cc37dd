"""An agent pauses himself from his desk, on a PBX that says what it did; nobody pauses another without the right."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from service.auth.rights import Visitor
from service.dashboard.application import Gate, setup
from service.dashboard.desk import DeskPages
from tests.service.acting.floor import LOCAL, Floor, floor
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.desk.conftest import ANYBODY, NANA, PROOF, letting_in
from tests.service.dashboard.desk.played import PlayedCentre

OWN = replace(NANA, agent="1003")
"""An agent whose phone the acted PBX has in its queue."""


@asynccontextmanager
async def desk(
    centre: PlayedCentre, visitor: Visitor, *, may_act: bool = False
) -> AsyncIterator[tuple[Floor, Client]]:
    """A desk beside a PBX that may be acted on."""
    async with floor(centre.engine, agent="1003") as here:
        app = web.Application()
        room = partial(DeskPages, centre.source, acting=here.acting, may_act=may_act)
        setup(app, StandingCentre(), [room], gate=Gate(guard=letting_in(visitor)))
        async with TestClient(TestServer(app)) as client:
            yield here, client


async def post(client: Client, path: str, **form: str) -> tuple[int, str]:
    """Status and page of what is posted."""
    async with client.post(path, data={"proof": PROOF, **form}, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def test_an_agent_pauses_himself_and_comes_back(centre: PlayedCentre) -> None:
    """With a reason; the PBX says so, and the audit who did it."""
    async with desk(centre, OWN) as (here, client):
        members = here.pbx.queues.members
        assert (await post(client, "/desk/pause", agent="1003", reason="lunch"))[0] == 303
        assert (members["support", LOCAL].paused, members["support", LOCAL].reason) == (True, "lunch")
        assert (await post(client, "/desk/resume", agent="1003"))[0] == 303
        assert not members["support", LOCAL].paused
        assert {(row["login"], row["act"]) for row in here.audit()} == {("nana", "acted")}


async def test_what_the_pbx_refuses_is_said_on_the_desk(centre: PlayedCentre) -> None:
    """In its own words, with 409; a reason is needed."""
    async with desk(centre, OWN) as (here, client):
        here.pbx.refusing = "Not today"
        status, page = await post(client, "/desk/pause", agent="1003", reason="lunch")
        assert (status, "Not today" in page) == (409, True)
        assert (await post(client, "/desk/pause", agent="1003"))[0] == 409


async def test_nobody_pauses_another_from_a_desk(centre: PlayedCentre) -> None:
    """Not an agent, and not somebody without an account where that is not let; the PBX is not asked."""
    for visitor, agent in ((OWN, "1004"), (replace(OWN, agent="1004"), "1003"), (ANYBODY, "1003")):
        async with desk(centre, visitor) as (here, client):
            asked = len(here.pbx.asked)
            assert (await post(client, "/desk/pause", agent=agent, reason="lunch"))[0] == 404
            assert len(here.pbx.asked) == asked
    async with desk(centre, ANYBODY, may_act=True) as (here, client):
        assert (await post(client, "/desk/pause", agent="1003", reason="break"))[0] == 303


async def test_the_desk_offers_what_may_be_done(centre: PlayedCentre) -> None:
    """Reasons while he takes calls, the way back while he is paused; nothing where he is in no queue."""
    centre.ring()
    centre.answer()
    async with desk(centre, NANA) as (_, client):
        page = await (await client.get("/desk?lang=en")).text()
        assert 'name="reason" value="lunch"' in page
    async with desk(centre, replace(NANA, agent="1009")) as (_, client):
        assert 'action="/desk/pause"' not in await (await client.get("/desk?lang=en")).text()
