"""Pages, API and log-in put together over one store, with accounts of every role; its clock is moved by hand."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from analytics.live import Live
from analytics.people.devices import DeviceMap
from analytics.storage.engine import open_store
from config.people import AgentPeriod
from config.policies import Policy
from config.policy_loader import load_policy
from config.settings import HttpSettings, Settings
from service.api.building import ApiWiring, build_api
from service.api.errors import errors_in_shape
from service.api.reading import Store
from service.auth import accounts, passwords
from service.auth.accounts import Account, Wanted
from service.auth.models import audit_log
from service.auth.rights import Role, Sight
from service.dashboard.application import setup
from service.dashboard.story.pages import StoryPages
from service.entry_wiring import entry_of
from service.live.hub import LiveHub
from telephony.calls.record import View
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.people import NAMES, NOW
from tests.service.dashboard.stories import StandingStories

PASSWORD = "korrekt-pferd-92"
LIGHT = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Argon2 with the least parameters: what these tests ask is not how strong a hash is."""

HASH = LIGHT.hash(PASSWORD)
GROUP = ("1001", "1002", "1003")
"""The agents of the group 早班; the others are of none."""

PROOF = re.compile(r'name="proof" value="([^"]+)"')
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed in a moment."""
    monkeypatch.setattr(passwords, "_HASHER", LIGHT)
    passwords.nobody.cache_clear()


@pytest.fixture
def file(migrated_file: Path, tmp_path: Path, light_hashes: None) -> Iterator[Engine]:
    """An empty store of our schema in a file."""
    shutil.copy(migrated_file, tmp_path / "facts.db")
    engine = open_store(f"sqlite:///{tmp_path}/facts.db")
    yield engine
    engine.dispose()


def policy_of_groups() -> Policy:
    """A policy whose agents are those of the standing centre."""
    agents = tuple(
        AgentPeriod(agent=number, name=name, group="早班" if number in GROUP else None)
        for number, name in NAMES.items()
    )
    return replace(load_policy("default"), agents=agents)


def person(engine: Engine, login: str, role: Role, **more: Any) -> Account:
    """An account with the password of all."""
    must_change = more.pop("must_change", False)
    wanted = Wanted(name=more.pop("name", login), role=role, **more)
    with engine.begin() as connection:
        return accounts.create(connection, login, wanted, HASH, NOW, must_change=must_change)


def everybody(engine: Engine) -> None:
    """An account of each role: its login is the role's name."""
    for role in Role:
        person(
            engine, role.value, role,
            agent="1001" if role is Role.AGENT else None,
            sight=Sight(groups=frozenset({"早班"})) if role is Role.LEADER else None,
        )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class House:
    """A service at work."""

    engine: Engine
    client: Client
    app: web.Application
    clock: list[datetime] = field(default_factory=lambda: [NOW])

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and text, redirects not followed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.get(path, headers=named, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, proof: str | None = None, **fields: str) -> tuple[int, str, Any]:
        """Status, text and headers of a post with the proof of the page, or another."""
        if proof is None:
            proof = await self.proof()
        form = {"proof": proof, **fields}
        async with self.client.post(path, data=form, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def proof(self) -> str:
        """The proof of this browser's pages."""
        for path in ("/login", "/me"):
            found = PROOF.search((await self.get(path))[1])
            if found:
                return found[1]
        raise AssertionError("no page had a proof")

    async def log_in(self, login: str, password: str = PASSWORD, **fields: str) -> int:
        """The status of a log-in."""
        return (await self.post("/login", login=login, password=password, **fields))[0]

    async def log_in_anew(self, login: str) -> None:
        """As somebody, in a browser that knew nobody."""
        self.client.session.cookie_jar.clear()
        assert await self.log_in(login) == 303

    def audited(self, *names: str) -> list[tuple[Any, ...]]:
        """Columns of the audit, the oldest first."""
        columns = [audit_log.c[name] for name in names]
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(audit_log.c.id))]


@asynccontextmanager
async def house(
    engine: Engine, http: HttpSettings | None = None, *, demo: bool = False, centre: StandingCentre | None = None
) -> AsyncIterator[House]:
    """A service over a store that has our schema."""
    clock = [NOW]
    url = engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, http=http or HttpSettings())
    policy = policy_of_groups()
    hub = LiveHub(policy, DeviceMap())
    reading = open_store(url, reads_only=True)
    store = Store(reading, lambda: policy)
    live = Live(policy, DeviceMap())
    app = web.Application(middlewares=[errors_in_shape])
    wiring = ApiWiring(
        settings=settings, store=store, view=View(country="CN"), board=lambda: live.snapshot(clock[0]),
        gaps=list, now=lambda: clock[0], asks_for_tokens=False, demo=demo,
    )  # fmt: skip
    app.add_routes(build_api(app, wiring))
    gate, rooms = entry_of(settings, engine, hub, lambda: clock[0], demo=demo)
    folder = Path(tempfile.mkdtemp(dir=Path(engine.url.database or "").parent))
    stories = partial(StoryPages, StandingStories(folder))
    setup(app, centre or StandingCentre(demo=demo), [stories, *rooms], gate)
    async with TestClient(TestServer(app)) as client:
        yield House(engine=engine, client=client, app=app, clock=clock)
    store.close()
    reading.dispose()


@pytest.fixture
async def peopled(file: Engine) -> AsyncIterator[House]:
    """A house in which there is an administrator and a supervisor."""
    person(file, "admin", Role.ADMINISTRATOR)
    person(file, "zhou", Role.SUPERVISOR, name="周敏")
    async with house(file) as found:
        yield found
