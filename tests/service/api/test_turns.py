"""Answers are made two at a time, whoever asks: the pages and the analysers keep their worker threads."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from analytics.storage.engine import open_store
from config.policy_loader import load_policy
from config.settings import Language
from service.api.asked import Answer, Asked
from service.api.endpoints import ENDPOINTS
from service.api.errors import Handler
from service.api.reading import Store
from service.api.serving import AT_ONCE, Centre, Serving
from service.auth.audit import Actor
from service.auth.book import AuditBook
from service.auth.guard import Guard
from tests.service.api.conftest import NOW


async def test_two_answers_are_made_at_a_time_and_the_rest_wait_for_their_turn(tmp_path: Path) -> None:
    """Of five that ask at once two are at work; all are answered in the end. What has not changed need not wait."""
    gate, busy = asyncio.Event(), asyncio.Event()
    at_work: list[Asked] = []

    async def slow(asked: Asked) -> Answer:
        at_work.append(asked)
        if len(at_work) == AT_ONCE:
            busy.set()
        await gate.wait()
        return Answer(body={})

    async def unheard(request: web.Request, asked: Asked, who: Actor) -> web.StreamResponse:
        raise web.HTTPNotFound

    async def page(request: web.Request) -> web.StreamResponse:
        return web.Response()

    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    store = Store(engine, lambda: load_policy("default"))
    centre = Centre(
        store=store,
        guard=Guard(engine, lambda: NOW, required=False),
        now=lambda: NOW,
        language=Language.EN,
        gaps=list,
        demo=False,
        book=AuditBook(engine, lambda: NOW),
    )
    pages: dict[str, Handler] = {"docs": page}
    app = web.Application()
    sounds = {each.name: unheard for each in ENDPOINTS if each.is_sound}
    app.add_routes(Serving(centre, {each.name: slow for each in ENDPOINTS}, pages, sounds).routes())
    async with TestClient(TestServer(app)) as client:
        asking = [asyncio.create_task(client.get("/api/v1/metrics")) for _ in range(5)]
        await asyncio.wait_for(busy.wait(), 10)
        # A whole request goes to and fro meanwhile: had another begun, it would be at work now.
        assert (await client.get("/api/v1/docs")).status == 200
        assert (await client.get("/api/v1/metrics", headers={"If-None-Match": "*"})).status == 304
        assert len(at_work) == AT_ONCE
        gate.set()
        assert [(await each).status for each in asking] == [200] * 5
    store.close()
    engine.dispose()
