"""The desk of a centre that plays a captured stream, served on loopback: to anybody, and to an agent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy import Engine

from service.auth.rights import EVERY_RIGHT, RIGHTS_OF, Role, Sight, Visitor
from service.auth.visiting import let_in, open_door
from service.dashboard.application import Gate, setup
from service.dashboard.desk import DeskPages
from tests.analytics.conftest import fresh_store, migrated, migrated_file, postgres_url
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.desk.played import PlayedCentre, policy_in

__all__ = ["migrated", "migrated_file", "postgres_url"]

PROOF = "a-proof-of-this-page"
ANYBODY = replace(open_door(PROOF), rights=EVERY_RIGHT)
NANA = Visitor(
    account=7,
    login="nana",
    name="王娜娜",
    role=Role.AGENT,
    rights=RIGHTS_OF[Role.AGENT],
    sight=Sight(agents=frozenset({"1001"})),
    agent="1001",
    proof=PROOF,
)
"""An agent with an account: she sees herself, and numbers masked."""


def letting_in(visitor: Visitor) -> Middleware:
    """A door that lets in this visitor."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        let_in(request, visitor)
        return await handler(request)

    return middleware


@pytest.fixture(params=["sqlite"])
def own_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The centre's store; a test that writes much names both databases."""
    with fresh_store(request, tmp_path) as found:
        yield found


@pytest_asyncio.fixture
async def centre(own_store: Engine, tmp_path: Path) -> PlayedCentre:
    """The centre before the first call."""
    return PlayedCentre(own_store, policy_in(tmp_path))


Serve = Callable[[Visitor], Awaitable[Client]]


@pytest_asyncio.fixture
async def serve(centre: PlayedCentre) -> AsyncIterator[Serve]:
    """Serves the desk to a visitor."""
    opened: list[Client] = []

    async def make(visitor: Visitor) -> Client:
        app = web.Application()
        rooms = [partial(DeskPages, centre.source)]
        setup(app, StandingCentre(), rooms, gate=Gate(guard=letting_in(visitor)))
        client = TestClient(TestServer(app))
        await client.start_server()
        opened.append(client)
        return client

    yield make
    for client in opened:
        await client.close()


@pytest_asyncio.fixture
async def nana(serve: Serve) -> Client:
    """王娜娜's own desk."""
    return await serve(NANA)
