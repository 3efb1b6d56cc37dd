"""The wiring: settings in, a running service out. The one place that puts all parts together.

    await run(settings, roles, environ=os.environ, stop=event)

Order: the store (which may be down), then the listeners, which depend on nothing, then the analysers, which wait
for the store, then HTTP. No call is placed from the first moment of the end on; then everything ends in the opposite
order within five seconds.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from types import MappingProxyType

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.storage.engine import open_store
from config.policies import Policy
from config.policy_loader import load_policy
from config.settings import Settings, shown_url
from service.acting.acting import Acting
from service.acting.actors import stages_of
from service.api.building import ApiWiring, build_api
from service.api.errors import errors_in_shape
from service.api.limits import MAX_LINE
from service.api.reading import Store
from service.auth.start import asks_for_tokens, tell_way_in
from service.dashboard.application import setup as add_pages
from service.demo.demo import Demo
from service.dialling.placing import Placing
from service.entry_wiring import entry_of
from service.errors import UnreachableError
from service.health import PlacingCollector, RoadsCollector, health
from service.hooks.serving import build_hooks
from service.keepers import Keepers
from service.ledgers import Ledgers
from service.live.callbacks import OwedCallbacks
from service.live.hub import LiveHub
from service.live.pages import StoredPages
from service.live.parts import Teller
from service.live.state import DashboardState
from service.live.warm import facts_of_today
from service.migrations import upgrade
from service.pipeline.gaps import Gap
from service.pipeline.road import Road
from service.recordings.keeper import RecordingKeeper
from service.recordings.places import limits_by
from service.recordings.telling import RecordingsCollector
from service.replaying import line_of
from service.rooms import Centre, rooms_of
from service.settling import device_map_of, newer, settle
from service.wiring import Begin, Roles, told_of
from telephony.calls.facts import CallFact, Fact
from telephony.calls.record import View
from telephony.clock import Clock, SystemClock

STORE_RETRY = 2.0
PEOPLE_SECONDS = 10.0
QUOTA_SECONDS = 30.0
CALLBACK_SECONDS = 4.0
CALLBACK_SHARE = 20
CLOSE_CLIENTS = 1.0
GC_THRESHOLD = (50_000, 20, 20)
"""A read of the socket makes thousands of objects that die at once; looking for cycles among them costs a third."""


async def run(
    settings: Settings,
    roles: Roles,
    *,
    environ: Mapping[str, str],
    stop: asyncio.Event,
    clock: Clock | None = None,
    demo: Demo | None = None,
    on_serving: Callable[[int], None] = lambda port: None,
    begin: Begin | None = None,
) -> None:
    """Serve until `stop` is set; `demo` is what is played, None where a real PBX is heard.

    `begin` lets the pages take the first steps: without it there are none.

    Raises ConfigError, JournalError, UnreachableError for what cannot begin."""
    clock = clock or SystemClock()
    gc.set_threshold(*GC_THRESHOLD)
    log = structlog.get_logger("service.app")
    policy = demo.policy if demo else load_policy(settings.policy)
    log.info("service.starts", roles=roles.title, demo=demo is not None, database=shown_url(settings.database_url))
    roads = [Road(pbx, told_of(pbx, policy), clock) for pbx in settings.pbxs]
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_store(settings.database_url)
    hub = LiveHub(policy, device_map_of(policy))
    placing = Placing(settings, roads, clock, environ)
    keeper = RecordingKeeper(settings, engine, clock.now, limits=limits_by(lambda: hub.policy))
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        if roles.serve:
            made = await make_app(
                settings, roads, hub, policy, clock, stack, demo=demo is not None, environ=environ, placing=placing,
                begin=begin, keeper=keeper,
            )  # fmt: skip
            port = await _listen_http(made, settings, stack)
            log.info("service.serves", url=f"http://{settings.http.host}:{port}/")
            on_serving(port)
        if demo is not None:
            log.info("demo.past", packets=await demo.prepare())
        analysing = None
        if roles.analyse or roles.serve or roles.schedule:
            # A stack of its own, below the listeners': analysers end last, with all that was made durable.
            analysers = await stack.enter_async_context(AsyncExitStack())
            work = _analyse(
                settings, roads, engine, hub, clock.now, analysers, environ, writes=roles.analyse,
                placing=placing if roles.schedule else None, keeper=keeper, demo=demo,
            )  # fmt: skip
            analysing = asyncio.create_task(work)
            stack.push_async_callback(_cancel, analysing)
        if roles.listen:
            for road in roads:
                await road.listen(settings, environ, stack)
        stack.push_async_callback(placing.halt)
        await _until(stop, analysing)
        log.info("service.stops")


async def _until(stop: asyncio.Event, analysing: asyncio.Task[None] | None) -> None:
    """Until we are told to stop; an analyser that cannot begin for good ends the service with its error."""
    stopping = asyncio.create_task(stop.wait())
    waiting = {stopping, *([analysing] if analysing else [])}
    while not stopping.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopping}:
            if (error := task.exception()) is not None:
                stopping.cancel()
                raise error


async def _analyse(
    settings: Settings,
    roads: list[Road],
    engine: Engine,
    hub: LiveHub,
    now: Callable[[], datetime],
    stack: AsyncExitStack,
    environ: Mapping[str, str],
    *,
    writes: bool,
    placing: Placing | None,
    keeper: RecordingKeeper,
    demo: Demo | None,
) -> None:
    await _migrate(engine)
    told = hub.policy
    settled = await asyncio.to_thread(settle, engine, told, writes=writes)
    if demo:
        await asyncio.to_thread(demo.furnish, engine)
    hub.settle(settled.policy, device_map_of(settled.policy))
    hub.warm(await asyncio.to_thread(facts_of_today, engine, hub.policy, now()))
    wake = threading.Event()
    for road in roads:
        await road.analyse(settings, engine, hub.put, stack, writes=writes, on_stored=_waking(wake, keeper))
    if writes:
        Keepers(
            settings=settings, engine=engine, policy_of=lambda: hub.policy, now=now, environ=environ, roads=roads,
            recordings=keeper, wake=wake,
        ).start(stack)  # fmt: skip
        if demo:
            working = asyncio.create_task(demo.work(engine, lambda: hub.policy))
            stack.push_async_callback(_cancel, working)
    if placing is not None:
        await placing.start(engine, hub, Ledgers(settings).within, stack)
    # A writing connection would stand in the way of the facts.
    reading = open_store(settings.database_url, reads_only=True)
    stack.callback(reading.dispose)
    following = asyncio.create_task(_follow_people(reading, hub, told, settled.version, now))
    stack.push_async_callback(_cancel, following)


def _waking(wake: threading.Event, keeper: RecordingKeeper) -> Callable[[list[Fact]], None]:
    """Wakes who takes calls in, once one that we placed is over: its attempt is settled within a second.

    Whoever keeps recordings is told of all.
    """

    def told(facts: list[Fact]) -> None:
        keeper.told(facts)
        if any(isinstance(each, CallFact) and each.attempt_id and each.ended_at for each in facts):
            wake.set()

    return told


async def _migrate(engine: Engine) -> None:
    """Bring the store to our schema, as soon as it can be reached."""
    log = structlog.get_logger("service.app")
    failing = False
    while True:
        try:
            await asyncio.to_thread(upgrade, engine)
        except (SQLAlchemyError, OSError) as error:
            if not failing:
                log.error("database.unreachable", error=type(error).__name__)
            failing = True
            await asyncio.sleep(STORE_RETRY)
        else:
            if failing:
                log.warning("database.reachable")
            return


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def _follow_people(
    engine: Engine, hub: LiveHub, policy: Policy, version: int, now: Callable[[], datetime]
) -> None:
    """Live pages name the persons of the newest correction; facts are stored by it anyway."""
    while True:
        await asyncio.sleep(PEOPLE_SECONDS)
        with suppress(SQLAlchemyError, OSError):
            settled = await asyncio.to_thread(newer, engine, policy, version)
            if settled is not None:
                hub.settle(settled.policy, device_map_of(settled.policy))
                version = settled.version
                hub.warm(await asyncio.to_thread(facts_of_today, engine, hub.policy, now()))


async def _refresh_quotas(pages: StoredPages, clock: Clock) -> None:
    """The month's minutes on the board are those of a minute ago."""
    while True:
        # Without a store the board shows what it knows from the stream.
        with suppress(SQLAlchemyError, OSError):
            await asyncio.to_thread(pages.refresh_quotas, clock.now())
        await asyncio.sleep(QUOTA_SECONDS)


async def _refresh_callbacks(callbacks: OwedCallbacks, clock: Clock) -> None:
    """What is owed on the board is that of some seconds ago; where the store takes long, it is asked less often."""
    while True:
        began = time.monotonic()
        with suppress(SQLAlchemyError, OSError):
            await asyncio.to_thread(callbacks.refresh, clock.now())
        await asyncio.sleep(max(CALLBACK_SECONDS, CALLBACK_SHARE * (time.monotonic() - began)))


async def make_app(
    settings: Settings,
    roads: list[Road],
    hub: LiveHub,
    policy: Policy,
    clock: Clock,
    stack: AsyncExitStack,
    *,
    demo: bool,
    environ: Mapping[str, str],
    placing: Placing,
    begin: Begin | None = None,
    keeper: RecordingKeeper | None = None,
) -> web.Application:
    """All that is served: API, webhooks and every room of the dashboard. What it holds open is given to the stack."""
    reading = open_store(settings.database_url, reads_only=True)
    stack.callback(reading.dispose)
    if not demo:
        await asyncio.to_thread(tell_way_in, reading, settings, clock.now())
    teller = Teller(policy=policy, person_of=hub.person_of)
    ledgers = Ledgers(settings)
    pages = StoredPages(reading, teller, hub.name_of, lambda: hub.policy, ledgers.within)
    callbacks = OwedCallbacks(reading, lambda: hub.policy)
    state = DashboardState(hub, teller, pages, roads, clock, settings.language, demo=demo, callbacks=callbacks)
    store = Store(reading, lambda: hub.policy, ledgers.within)
    stack.callback(store.close)
    writing = open_store(settings.database_url)
    stack.callback(writing.dispose)
    acting = Acting(stages_of(settings, environ, clock), hub, writing, clock.now)
    await acting.open(stack)
    app = build_http(
        settings, roads, hub, store, clock.now, demo=demo, environ=environ, placing=placing, acting=acting,
        keeper=keeper,
    )  # fmt: skip
    gate, people = entry_of(settings, writing, hub, clock.now, demo=demo)
    centre = Centre(
        settings=settings, roads=roads, hub=hub, state=state, teller=teller, placing=placing, acting=acting,
        reading=reading, writing=writing, clock=clock, within=ledgers.within,
        may_act=demo or not asks_for_tokens(settings.http), is_demo=demo, environ=environ, begin=begin,
    )  # fmt: skip
    add_pages(app, state, rooms=[*rooms_of(centre), *people], gate=gate)
    for refreshing in (_refresh_quotas(pages, clock), _refresh_callbacks(callbacks, clock)):
        stack.push_async_callback(_cancel, asyncio.create_task(refreshing))
    return app


async def _listen_http(app: web.Application, settings: Settings, stack: AsyncExitStack) -> int:
    """Serve it; the port. Raises UnreachableError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_CLIENTS, max_line_size=MAX_LINE)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, settings.http.host, settings.http.port)
    try:
        await site.start()
    except OSError as error:
        where = f"http {settings.http.host}:{settings.http.port}"
        raise UnreachableError(f"{where}: found {error.strerror}, expected to listen there") from None
    port: int = runner.addresses[0][1]
    return port


def build_http(
    settings: Settings,
    roads: list[Road],
    hub: LiveHub,
    store: Store,
    now: Callable[[], datetime],
    *,
    demo: bool,
    environ: Mapping[str, str] = MappingProxyType({}),
    placing: Placing | None = None,
    acting: Acting | None = None,
    keeper: RecordingKeeper | None = None,
) -> web.Application:
    """The aiohttp application: health, metrics, API, webhooks and dashboard. Raises SettingsError for their secrets."""
    app = web.Application(middlewares=[errors_in_shape])
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RoadsCollector(roads))
    if placing is not None:
        registry.register(PlacingCollector(placing))
    if keeper is not None:
        registry.register(RecordingsCollector(keeper, now))

    async def healthz(request: web.Request) -> web.Response:
        acts = acting.connected if acting is not None else None
        return web.json_response(health(roads, placing, acts, keeper, demo=demo))

    async def metrics(request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def gaps() -> list[Gap]:
        return [gap for road in roads for gap in road.gaps]

    wiring = ApiWiring(
        settings=settings,
        store=store,
        view=View(country=settings.country, agent_of=hub.agent_of, line_of=line_of(hub.policy)),
        board=lambda: hub.figures.snapshot(now()),
        gaps=gaps,
        now=now,
        asks_for_tokens=asks_for_tokens(settings.http) and not demo,
        demo=demo,
        acting=acting,
    )
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics), *build_api(app, wiring)])
    if settings.hooks:
        app.add_routes(build_hooks(app, settings, lambda: store.policy, now, environ))
    return app
