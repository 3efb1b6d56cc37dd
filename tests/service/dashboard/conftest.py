"""The dashboard over a centre that stands still, served for a test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from service.dashboard import setup
from tests.service.dashboard.centre import StandingCentre

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def centre() -> StandingCentre:
    """A centre in the middle of an afternoon."""
    return StandingCentre()


@pytest.fixture
async def client(centre: StandingCentre) -> AsyncIterator[Client]:
    """A client of the dashboard on loopback."""
    app = web.Application()
    setup(app, centre)
    async with TestClient(TestServer(app)) as found:
        yield found
