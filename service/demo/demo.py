"""The demo: two scripted PBXs on loopback that play captured streams, with a past that was played before.

async with AsyncExitStack() as stack:
    demo = await start_demo(folder, HttpSettings(), SystemClock(), stack)
    await app.run(demo.settings, ALL_ROLES, environ=demo.environ, stop=stop, demo=demo)
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path
from random import Random

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config.policies import Policy
from config.secrets import SecretSource
from config.settings import (
    HttpSettings,
    JournalSettings,
    LogSource,
    ManagerLogin,
    PbxLogs,
    PbxSettings,
    RecordingSettings,
    Settings,
    Supervise,
)
from schedulers.errors import SchedulersError
from service.demo.campaign import put_draft
from service.demo.centre import DEMO_PBXS, demo_policy
from service.demo.past import CONNECTION, Past, write_past
from service.demo.promises import Hands, put_customers
from service.demo.sampling import Sampling
from service.demo.stretching import stretched
from service.demo.taping import Taper
from service.desk.desk import Desk
from service.pipeline.analysis import journal_folder
from telephony.clock import Clock
from telephony.journal.entries import EntryKind
from telephony.journal.writer import JournalWriter
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_streams import Part, load_script

DEMO_SECRET = "THREERINGS_DEMO_SECRET"  # noqa: S105 - the name of a variable, not a secret
DEMO_USER = "demo"
DEMO_TRUNKS = ("*trunk*", "*provider*")
DAYS_BACK = 26
RECORDINGS = "recordings"
SEED = 3
WORK_SECONDS = 15.0
TAPED = timedelta(days=1)
"""Calls of so long ago have recordings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the service is told of its demo."""

    settings: Settings
    environ: Mapping[str, str]
    policy: Policy
    parts: Mapping[str, tuple[Part, ...]]  # what each PBX plays
    clock: Clock

    async def prepare(self) -> int:
        """Write the past into the journals; how many packets. Before anything listens."""
        return await asyncio.to_thread(self._write)

    def furnish(self, engine: Engine) -> None:
        """Store the register of customers and the draft of a campaign."""
        now = self.clock.now()
        put_customers(engine, self.policy, now)
        put_draft(engine, self.policy, self.settings.pbxs[0].name, now)

    async def work(self, engine: Engine, policy_of: Callable[[], Policy]) -> None:
        """What the centre's people do beside their calls, for as long as the demo plays."""
        hands = Hands(desk=Desk(engine, policy_of, self.settings))
        taper = Taper(engine=engine, folders=recording_folders(self.settings))
        log = structlog.get_logger("service.demo")
        await asyncio.to_thread(hands.quote, self.clock.now())
        sampling = Sampling(engine=engine, settings=self.settings, policy_of=policy_of, taper=taper)
        is_begun = False
        while True:
            await asyncio.sleep(WORK_SECONDS)
            with suppress(SQLAlchemyError):
                if not is_begun and (taped := await asyncio.to_thread(sampling.begin, self.clock.now())):
                    is_begun = True
                    log.info("demo.sampled", recordings=taped)
                if taped := await asyncio.to_thread(taper.tape, self.clock.now() - TAPED):
                    log.info("demo.taped", recordings=taped)
            with suppress(SQLAlchemyError, SchedulersError):
                if noted := await asyncio.to_thread(hands.note, self.clock.now()):
                    log.info("demo.noted", outcomes=noted)

    def _write(self) -> int:
        zone = self.policy.zone
        now = self.clock.now()
        today = now.astimezone(zone).date()
        before = (today - timedelta(days=days) for days in range(DAYS_BACK, 0, -1))
        past = Past(now=now, zone=zone, days=tuple(day for day in before if day.weekday() < 5), seed=SEED)
        with ExitStack() as stack:
            journals = {
                name: stack.enter_context(JournalWriter(journal_folder(self.settings.data_dir), name))
                for name in self.parts
            }
            written = sum(write_past(journals[name], parts, past) for name, parts in self.parts.items())
            for journal in journals.values():
                # Nothing was played meanwhile: from here until it is listened to, nothing goes unheard.
                journal.append(CONNECTION, EntryKind.STOPPED, self.clock.now())
        return written


async def start_demo(folder: Path, http: HttpSettings, clock: Clock, stack: AsyncExitStack) -> Demo:
    """Scripted PBXs on loopback, and what leads to them."""
    secret = secrets.token_hex(16)
    parts = await asyncio.to_thread(_parts)
    pbxs = []
    for number, (name, played) in enumerate(parts.items()):
        pbx = ScriptedPbx(
            played, user=DEMO_USER, secret=secret, clock=clock, first_play=1 + 7 * number, wait_for_listener=True
        )
        await stack.enter_async_context(pbx)
        (folder / RECORDINGS / name).mkdir(mode=0o700, parents=True)
        login = ManagerLogin(user=DEMO_USER, secret=SecretSource(key="demo", env=DEMO_SECRET))
        pbxs.append(
            PbxSettings(
                name=name,
                host=pbx.host,
                port=pbx.port,
                login=login,
                trunks=DEMO_TRUNKS,
                actions=login,
                supervise=Supervise(on=True, hang_up=True),
                logs=PbxLogs(recordings=LogSource(path=folder / RECORDINGS / name)),
            )
        )
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder}/threerings.db",
        http=http,
        journal=JournalSettings(),
        recordings=RecordingSettings(scan_seconds=int(WORK_SECONDS)),
        pbxs=tuple(pbxs),
    )
    return Demo(settings=settings, environ={DEMO_SECRET: secret}, policy=demo_policy(), parts=parts, clock=clock)


def recording_folders(settings: Settings) -> dict[str, Path]:
    """Where each PBX's recordings lie."""
    told = {pbx.name: pbx.logs.recordings for pbx in settings.pbxs}
    return {name: source.path for name, source in told.items() if source is not None and source.path is not None}


def _parts() -> dict[str, tuple[Part, ...]]:
    """What each PBX plays: copies with talks and phases of their own."""
    random, found = Random(SEED), {}  # noqa: S311 - phases of a demo
    for name, file, count, first in DEMO_PBXS:
        with resources.as_file(resources.files("service.demo").joinpath(file)) as path:
            script = load_script(path)
        found[name] = tuple(
            Part(
                script=stretched(script, first + each),
                copy=first + each,
                phase=(each + random.random() / 2) / count,
                turns=True,
            )
            for each in range(count)
        )
    return found
