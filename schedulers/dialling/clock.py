"""When to look again: APScheduler as a clock and nothing more.

Its jobs are in memory and made anew from the database at each start and every minute: what is to be done is in the
database alone, so a job that is lost or runs twice loses and doubles nothing. A tick comes often while a campaign runs
or a call is live, and once a second otherwise; at the instant at which a campaign starts or ends there is one more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.exc import SQLAlchemyError

from schedulers.dialling.runner import Runner
from schedulers.errors import SchedulersError
from schedulers.storage.campaigns import next_turn_at

OFTEN, SELDOM = timedelta(milliseconds=100), timedelta(seconds=1)
ANEW = timedelta(minutes=1)
TICK, TURN, REBUILD = "tick", "turn", "rebuild"


class DialClock:
    """Ticks one runner within a running event loop. `failing` is why nothing can be dialled, while that is so."""

    def __init__(self, runner: Runner, now: Callable[[], datetime]) -> None:
        self.failing: str | None = None
        self._runner = runner
        self._now = now
        self._ticking = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(jobstores={"default": MemoryJobStore()}, timezone=UTC)
        self._log = structlog.get_logger("schedulers.dialling")

    async def start(self) -> None:
        """Begin to tick."""
        alone = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self.tick, _every(SELDOM), id=TICK, **alone)
        self._scheduler.add_job(self.rebuild, _every(ANEW), id=REBUILD, **alone)
        self._scheduler.start()
        await self.rebuild()

    async def stop(self) -> None:
        """No new call; then the tick that goes on comes to its end, and every answer is taken in."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        self._runner.halt()
        async with self._ticking:
            await self._runner.idle()

    async def tick(self) -> None:
        """Tick once; two at the same time are one after the other. What fails is told once, and tried again."""
        async with self._ticking:
            try:
                ticked = await self._runner.tick()
            except (SQLAlchemyError, OSError, SchedulersError) as error:
                self._fails(type(error).__name__)
                return
        if self.failing is not None:
            self._log.warning("dialling.goes_on")
            self.failing = None
        self._pace(OFTEN if ticked.is_busy else SELDOM)

    async def rebuild(self) -> None:
        """Make the job of the next start or deadline anew from what the database says."""
        try:
            at = await asyncio.to_thread(self._next_turn)
        except (SQLAlchemyError, OSError) as error:
            self._fails(type(error).__name__)
            return
        if at is not None and self._scheduler.running:
            wait = max(at - self._now(), timedelta())
            trigger = DateTrigger(datetime.now(UTC) + wait)
            self._scheduler.add_job(self._turn, trigger, id=TURN, replace_existing=True, misfire_grace_time=None)

    def jobs(self) -> dict[str, datetime | None]:
        """When each job comes next, by its name."""
        return {each.id: each.next_run_time for each in self._scheduler.get_jobs()}

    async def _turn(self) -> None:
        await self.tick()
        await self.rebuild()

    def _next_turn(self) -> datetime | None:
        with self._runner.book.engine.connect() as connection:
            return next_turn_at(connection, self._now())

    def _pace(self, every: timedelta) -> None:
        if not self._scheduler.running:
            return
        job = self._scheduler.get_job(TICK)
        if job is not None and job.trigger.interval != every:
            job.reschedule(_every(every))

    def _fails(self, error: str) -> None:
        # The driver's own words may hold a customer's number: the kind of error is enough.
        if self.failing is None:
            self._log.error("dialling.failing", error=error)
        self.failing = error


def _every(span: timedelta) -> IntervalTrigger:
    return IntervalTrigger(seconds=span.total_seconds(), timezone=UTC)
