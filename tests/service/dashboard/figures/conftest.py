"""The pages of records and figures over a store of captured calls; the business day begins in the midst of them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cache, partial
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler
from sqlalchemy import Engine

from analytics.people.devices import DeviceMap
from analytics.sources import figures_of
from analytics.storage.engine import open_store
from analytics.storage.rolling import roll_up
from config.people import AgentPeriod, Line, Tier
from config.policies import Policy, PolicyVersion
from service.auth.rights import EVERY_RIGHT, EVERYBODY, Role, Sight, Visitor
from service.auth.visiting import let_in
from service.dashboard.application import Gate, RoomOf, setup
from service.dashboard.board import Board
from service.dashboard.figures.agent_pages import AgentPages
from service.dashboard.figures.call_pages import CallPages
from service.dashboard.figures.figure_pages import FigurePages
from service.dashboard.figures.file_pages import FilePages
from service.dashboard.figures.queue_pages import QueuePages
from service.live.figures import StoredFigures
from service.live.files import StoredFiles
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.migrations import upgrade
from telephony.calls.facts import CallFact, Fact, Known, QueueVisitFact
from tests.analytics.metrics.asking import SHANGHAI
from tests.analytics.stored import store_facts
from tests.service.dashboard.centre import StandingCentre
from tests.service.dashboard.conftest import Client
from tests.telephony.calls.streams import captures, events_of, track

NOW = datetime(2026, 11, 22, 7, 42, 18, tzinfo=UTC)
DAYS = ("2026-11-21", "2026-11-22")
"""The business days that the calls lie in: the second begins at 07:35, while calls go on."""

LONG_QUEUE = "华东区企业客户售后服务与投诉受理专席第二组"
AGENTS = {"1001": "欧阳晓峰", "1002": "Leung Ka-ho", "1003": "王娜娜", "1004": "", "1005": "孙丽", "1006": "周建国"}
OPEN = Visitor(
    account=7, login="zhou", name="周", role=Role.SUPERVISOR, rights=EVERY_RIGHT, sight=EVERYBODY, proof="proof"
)


@cache
def facts() -> tuple[Fact, ...]:
    """A capture of a real PBX; one queue has a long name, a few calls are known otherwise."""
    folder = next(each for each in captures() if each.name == "plain-22")
    return tuple(_told(n, fact) for n, fact in enumerate(track(events_of(folder / "ami.jsonl.xz"), wrap_up=10)))


def _told(n: int, fact: Fact) -> Fact:
    if isinstance(fact, QueueVisitFact) and fact.queue == "priority":
        return replace(fact, queue=LONG_QUEUE)
    if isinstance(fact, CallFact) and n % 40 == 0:
        return replace(fact, known=Known.REPAIRED if n % 80 else Known.INFERRED)
    return fact


@cache
def policy() -> Policy:
    """Two tiers with a quota, two groups, a service code for one number, a day that begins at 07:35."""
    tiers = (
        Tier(id="L3", name_zh="三级客服主任", name_en="Director, level 3", floor_minutes=20, target_minutes=40),
        Tier(id="L1", name_zh="一级客服主任", name_en="Director, level 1", floor_minutes=2, target_minutes=5),
    )
    people = tuple(
        AgentPeriod(
            agent=agent, name=name or None, group="咨询一组" if n < 3 else "咨询二组", tier="L3" if n % 2 else "L1"
        )
        for n, (agent, name) in enumerate(AGENTS.items())
    )
    dids = sorted({each.did for each in facts() if isinstance(each, CallFact) and each.did})
    lines = tuple(Line(did=did, name=f"line {did}", code="520" if n % 2 else "510") for n, did in enumerate(dids))
    version = PolicyVersion(tiers=tiers, lines=lines, service_codes=("510", "520"))
    return Policy(
        name="test", zone=SHANGHAI, country="CN", versions=(version,), agents=people, day_start=time(7, 35)
    )


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the calls, the first of their days rolled up."""
    path = tmp_path_factory.mktemp("figures") / "facts.db"
    engine = open_store(f"sqlite:///{path}")
    upgrade(engine)
    store_facts(engine, facts())
    roll_up(engine, engine, policy(), NOW, source_of=lambda connection: figures_of(connection, policy()))
    engine.dispose()
    return path


@pytest.fixture
def engine(stored: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy that a test may write into."""
    shutil.copy(stored, tmp_path / "facts.db")
    found = open_store(f"sqlite:///{tmp_path / 'facts.db'}")
    yield found
    found.dispose()


def application(engine: Engine, visitor: Visitor = OPEN) -> web.Application:
    """The dashboard, where this visitor is always who asks."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        let_in(request, visitor)
        return await handler(request)

    app = web.Application()
    hub = LiveHub(policy(), DeviceMap())
    teller = Teller(policy=policy(), person_of=hub.person_of)
    source = StoredFigures(engine, engine, hub, teller, lambda: Board(as_of=NOW), lambda: NOW)
    files = StoredFiles(engine, engine, hub, country="CN", demo=False)
    rooms: list[RoomOf] = [partial(each, source) for each in (AgentPages, QueuePages, CallPages, FigurePages)]
    centre = StandingCentre(demo=False, zone=SHANGHAI)
    setup(app, centre, [*rooms, partial(FilePages, source, files)], Gate(guard=guard))
    return app


@asynccontextmanager
async def serving(engine: Engine, visitor: Visitor = OPEN) -> AsyncIterator[Client]:
    """A client of these pages."""
    async with TestClient(TestServer(application(engine, visitor))) as found:
        yield found


@pytest.fixture
async def client(engine: Engine) -> AsyncIterator[Client]:
    """A client who may do and see everything."""
    async with serving(engine) as found:
        yield found


def leader(*, agents: frozenset[str] = frozenset(), queues: frozenset[str] = frozenset()) -> Visitor:
    """Somebody who sees these agents and queues, and no number."""
    rights = EVERY_RIGHT - {each for each in EVERY_RIGHT if each.value in ("numbers", "export")}
    return replace(OPEN, role=Role.LEADER, rights=rights, sight=Sight(agents=agents, queues=queues))
