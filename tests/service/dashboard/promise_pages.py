"""The pages of promises over a store, as a visitor of one's choosing sees them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler, Middleware

from service.auth.rights import EVERY_RIGHT, RIGHTS_OF, Role, Sight, Visitor
from service.auth.visiting import let_in, open_door
from service.dashboard.application import Gate, RoomOf, setup
from service.dashboard.promises.customer_pages import CustomerPages
from service.dashboard.promises.pages import FollowUpPages
from service.dashboard.promises.policy_pages import PolicyPages
from service.desk.desk import Desk
from service.live.customers import StoredCustomers
from service.live.policies import StoredPolicy
from service.live.promises import StoredPromises
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.service.dashboard.people import NAMES, NOW

PROOF = "proof-of-the-test"
ANYBODY = replace(open_door(PROOF), rights=EVERY_RIGHT)
LINK = re.compile(r'href="(/followups/items\?[^"]*)"[^>]*>(?:<[^>]*>)*\s*([\d,]+)')


def leader(agents: set[str], groups: set[str] = frozenset(), branches: set[str] = frozenset()) -> Visitor:  # type: ignore[assignment]
    """A leader who sees these."""
    sight = Sight(agents=frozenset(agents), groups=frozenset(groups), branches=frozenset(branches))
    return replace(
        ANYBODY, account=7, login="zhao", name="赵雅琴", role=Role.LEADER, rights=RIGHTS_OF[Role.LEADER], sight=sight,
        agent="1002",
    )  # fmt: skip


def now() -> datetime:
    return NOW


def named(agent: str, at: datetime) -> str | None:
    return NAMES.get(agent)


def letting_in(visitor: Visitor) -> Middleware:
    """A guard that knows this visitor in every request."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        let_in(request, visitor)
        return await handler(request)

    return guard


@asynccontextmanager
async def pages_for(
    desk: Desk, visitor: Visitor = ANYBODY, now: Callable[[], datetime] = now
) -> AsyncIterator[Client]:
    """A client of the pages over the centre of `desk`, at an instant."""
    data = Path(desk.settings.data_dir)
    rooms: list[RoomOf] = [
        partial(FollowUpPages, StoredPromises(desk, desk, named, now, may_act=True)),
        partial(CustomerPages, StoredCustomers(desk, desk, named, now, data, may_act=True)),
        partial(PolicyPages, StoredPolicy(desk)),
    ]
    app = web.Application()
    setup(app, StandingCentre(), rooms, Gate(guard=letting_in(visitor)))
    async with TestClient(TestServer(app)) as client:
        yield client


async def shown(client: Client, path: str, status: int = 200) -> str:
    """The page at a path."""
    async with client.get(path) as response:
        text = await response.text()
        assert response.status == status, text[-600:]
        return text


async def posted(client: Client, path: str, *pairs: tuple[str, str], status: int = 200) -> str:
    """The page after a post with the proof of the page, redirects followed."""
    async with client.post(path, data=[("proof", PROOF), *pairs]) as response:
        text = await response.text()
        assert response.status == status, text[-600:]
        return text


def figures(page: str) -> list[tuple[str, int]]:
    """Every figure of a page that opens, with where it leads."""
    return [(path.replace("&amp;", "&"), int(number.replace(",", ""))) for path, number in LINK.findall(page)]
