"""Placing calls in this process: the diallers, the floor, the runner and its clock, from start to an end in order.

Policy and people are asked anew when they changed; where the store cannot be reached it says so once and goes on
trying. Nothing is placed while nobody can write it down.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.people.store import version_of
from analytics.storage.queries import Gaps
from config.policies import Policy
from config.settings import Settings
from schedulers.dialling.clock import DialClock
from schedulers.dialling.runner import Runner
from schedulers.errors import SchedulersError
from schedulers.followups.account import Staff
from schedulers.storage.campaigns import answered_for
from service.books import book_of
from service.dialling.behind import behind_of
from service.dialling.counting import Counted, count_attempts
from service.dialling.deafness import Hearing
from service.dialling.diallers import diallers_of, trunks_of
from service.dialling.floor import LiveFloor
from service.live.hub import LiveHub
from service.pipeline.road import Road
from telephony.clock import Clock
from telephony.dialling.client import AmiDialler

RENEW_SECONDS = 0.5
RULES_SECONDS, WAIVED_SECONDS, BEHIND_SECONDS, COUNT_SECONDS = 2.0, 1.0, 30.0, 5.0
SEE_SECONDS = 0.1
HALT_SECONDS = 1.0


class Placing:
    """What this process does about placing calls. Until `start` nothing; parts that are not its own are None.

    counted: the attempts of the last day, by trunk and phase.
    """

    def __init__(self, settings: Settings, roads: list[Road], clock: Clock, environ: Mapping[str, str]) -> None:
        self.diallers: Mapping[str, AmiDialler] = {}
        self.floor: LiveFloor | None = None
        self.runner: Runner | None = None
        self.counted = Counted()
        self._settings, self._roads, self._clock, self._environ = settings, roads, clock, environ
        self._staff: Staff | None = None
        self._behind: Mapping[str, float] = {}
        self._waived: Mapping[str, datetime] = {}
        self._due: dict[str, float] = {}
        self._by: tuple[Policy, int] | None = None
        self._clock_of_runner: DialClock | None = None
        self._failing: str | None = None
        self._halted = False
        self._log = structlog.get_logger("service.placing")

    @property
    def failing(self) -> str | None:
        """Why no call can be placed, while the store is in the way."""
        ticking = self._clock_of_runner
        return self._failing or (ticking.failing if ticking is not None else None)

    async def start(self, engine: Engine, hub: LiveHub, gaps: Gaps, stack: AsyncExitStack) -> None:
        """Begin, if the settings let us dial at all. Raises SettingsError for a secret that cannot be read."""
        diallers = diallers_of(self._settings, self._environ, self._clock)
        if not diallers:
            return
        for dialler in diallers.values():
            await stack.enter_async_context(dialler)
        self.diallers = diallers
        hearings = {each.pbx.name: Hearing(each, self._settings.data_dir, self._clock.now) for each in self._roads}
        self.floor = LiveFloor(
            hub,
            hearings,
            staff_of=lambda: self._staff,
            behind=lambda: self._behind,
            waived=lambda: self._waived,
        )
        stack.callback(self.floor.stop_watching)
        for work in (self._see(self.floor), self._work(engine, hub, gaps, self.floor)):
            stack.push_async_callback(_cancel, asyncio.create_task(work))
        self._log.info("placing.starts", pbxs=sorted(diallers))

    async def halt(self) -> None:
        """No new call from now on; what was sent has a moment to be answered."""
        self._halted = True
        if self._clock_of_runner is not None:
            try:
                async with asyncio.timeout(HALT_SECONDS):
                    await self._clock_of_runner.stop()
            except TimeoutError:
                self._log.warning("placing.orders_unanswered")

    async def _see(self, floor: LiveFloor) -> None:
        while True:
            floor.see(self._clock.now())
            await asyncio.sleep(SEE_SECONDS)

    async def _work(self, engine: Engine, hub: LiveHub, gaps: Gaps, floor: LiveFloor) -> None:
        while not self._halted:
            try:
                await self._renew(engine, hub, gaps, floor)
            except (SQLAlchemyError, OSError, SchedulersError) as error:
                self._alarm(error)
            else:
                self._clear()
            await asyncio.sleep(RENEW_SECONDS)

    async def _renew(self, engine: Engine, hub: LiveHub, gaps: Gaps, floor: LiveFloor) -> None:
        """What changes rarely, each at its own pace."""
        now = self._clock.now()
        if self._is_due("rules", RULES_SECONDS):
            await self._renew_rules(engine, hub, floor)
        if self._is_due("waived", WAIVED_SECONDS):
            self._waived = await asyncio.to_thread(_answered_for, engine)
        if self._is_due("counted", COUNT_SECONDS):
            trunks = trunks_of(self._settings)
            self.counted = await asyncio.to_thread(count_attempts, engine, tuple(trunks), now)
        if self._is_due("behind", BEHIND_SECONDS):
            self._behind = await asyncio.to_thread(behind_of, engine, hub.policy, gaps, now)

    async def _renew_rules(self, engine: Engine, hub: LiveHub, floor: LiveFloor) -> None:
        policy = hub.policy
        by = (policy, await asyncio.to_thread(_version_of, engine))
        if self._by is not None and by[0] is self._by[0] and by[1] == self._by[1]:
            return
        book = await asyncio.to_thread(book_of, engine, policy, self._settings)
        if self.runner is None:
            trunks, country = trunks_of(self._settings), self._settings.country
            self.runner = Runner(book, floor, self.diallers, trunks, self._clock.now, runner_name(), country)
        self.runner.book = book
        self._staff, self._by = book.rules.staff, by
        if self._clock_of_runner is None and not self._halted:
            self._clock_of_runner = DialClock(self.runner, self._clock.now)
            await self._clock_of_runner.start()

    def _is_due(self, what: str, every: float) -> bool:
        now = self._clock.monotonic()
        if now < self._due.get(what, now):
            return False
        self._due[what] = now + every
        return True

    def _alarm(self, error: Exception) -> None:
        # The driver's own words may hold a customer's number: the kind of error is enough.
        if self._failing is None:
            self._log.error("placing.failing", error=type(error).__name__)
        self._failing = type(error).__name__

    def _clear(self) -> None:
        if self._failing is not None:
            self._log.warning("placing.goes_on")
        self._failing = None


def runner_name() -> str:
    """A name that no other process has, nor this one after a restart: leases are told apart by it."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"


def _version_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return version_of(connection)


def _answered_for(engine: Engine) -> Mapping[str, datetime]:
    with engine.connect() as connection:
        return answered_for(connection)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
