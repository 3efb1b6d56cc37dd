"""The dashboard over a centre that stands still, served for a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from service.dashboard.application import setup
from service.dashboard.story.pages import StoryPages
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.stories import StandingStories

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def centre() -> StandingCentre:
    """A centre in the middle of an afternoon."""
    return StandingCentre()


@pytest.fixture
def stories(tmp_path: Path) -> StandingStories:
    """A call with everything, and its recording."""
    return StandingStories(tmp_path)


@pytest.fixture
async def client(centre: StandingCentre, stories: StandingStories) -> AsyncIterator[Client]:
    """A client of the dashboard on loopback."""
    app = web.Application()
    setup(app, centre, rooms=[partial(StoryPages, stories)])
    async with TestClient(TestServer(app)) as found:
        yield found
