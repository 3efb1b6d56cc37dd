"""The API over stored facts of a captured stream, served on loopback; its clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import Engine

from analytics.live import Live
from analytics.people.devices import DeviceMap
from analytics.storage.engine import open_store
from analytics.storage.ingest import ingest
from config.policies import Policy
from config.policy_loader import load_policy
from config.settings import HttpSettings, Language, PbxSettings, Settings, TokenRule
from service import app as service_app
from service.acting.acting import Acting
from service.api.building import ApiWiring, build_api
from service.api.errors import errors_in_shape
from service.api.limits import MAX_LINE
from service.api.reading import Store
from service.dashboard.assets import PREFIX, Assets
from service.demo.demo import DEMO_TRUNKS
from service.migrations import upgrade
from service.pipeline.gaps import Gap
from service.replaying import hear
from telephony.calls.facts import Fact
from telephony.calls.record import View
from tests.analytics.conftest import empty_store, migrated, migrated_file, postgres_url, store

__all__ = ["empty_store", "migrated", "migrated_file", "postgres_url", "store"]

CAPTURE = Path(service_app.__file__).parent / "demo" / "plain.jsonl.xz"
DAY = "2026-11-21"
NOW = datetime(2026, 11, 27, 2, 30, 15, 250_000, tzinfo=UTC)


@cache
def captured() -> tuple[Fact, ...]:
    """The facts of a captured stream of a real PBX."""
    return tuple(hear([CAPTURE], "main", trunks=DEMO_TRUNKS))


@dataclass(slots=True, kw_only=True)
class Served:
    """An API at work. `now` may be moved, `gaps` changed."""

    engine: Engine
    settings: Settings
    url: str = ""
    now: datetime = NOW
    gaps: list[Gap]
    session: ClientSession

    async def get(self, path: str, **headers: str) -> tuple[int, Any, Any]:
        """Status, headers, and the body: JSON as such, else bytes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.get(self.url + path, headers=named) as response:
            is_json = response.content_type == "application/json"
            return response.status, response.headers, await (response.json() if is_json else response.read())

    async def body(self, path: str, **headers: str) -> Any:
        """The body of what is answered well."""
        status, _, body = await self.get(path, **headers)
        assert status == 200, body
        return body


@asynccontextmanager
async def serving(
    engine: Engine,
    *,
    tokens: TokenRule = TokenRule.OFF,
    policy: Policy | None = None,
    demo: bool = False,
    pbxs: tuple[PbxSettings, ...] = (),
    acting: Acting | None = None,
) -> AsyncIterator[Served]:
    """The API over a store."""
    url = engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, language=Language.EN, http=HttpSettings(tokens=tokens), pbxs=pbxs)
    rules = policy or load_policy("default")
    reading = open_store(url, reads_only=True)
    read = Store(reading, lambda: rules)
    async with ClientSession() as session:
        served = Served(engine=engine, settings=settings, gaps=[], session=session)
        live = Live(rules, DeviceMap())
        live.handle(captured())
        wiring = ApiWiring(
            settings=settings,
            store=read,
            view=View(country="CN"),
            board=lambda: live.snapshot(served.now),
            gaps=lambda: served.gaps,
            now=lambda: served.now,
            asks_for_tokens=tokens is TokenRule.REQUIRED,
            demo=demo,
            acting=acting,
        )
        made = web.Application(middlewares=[errors_in_shape])
        made.add_routes([*build_api(made, wiring), web.get(PREFIX + "{name}", Assets().serve)])
        runner = web.AppRunner(made, access_log=None, shutdown_timeout=0.1, max_line_size=MAX_LINE)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield served
        await runner.cleanup()
    read.close()
    reading.dispose()


@pytest.fixture(scope="session")
def stored_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A SQLite store with the captured facts, for tests that only read."""
    url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'facts.db'}"
    engine = open_store(url)
    fill(engine)
    engine.dispose()
    return url


def fill(engine: Engine) -> None:
    """Store the captured facts."""
    upgrade(engine)
    with engine.begin() as connection:
        ingest(connection, captured())


@pytest.fixture
async def served(stored_url: str) -> AsyncIterator[Served]:
    """The API over captured facts, without tokens."""
    engine = open_store(stored_url)
    async with serving(engine) as found:
        yield found
    engine.dispose()
