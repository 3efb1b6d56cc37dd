"""Sends what is committed: each order once, at once or not at all, and writes what the PBX said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from schedulers.book import Book
from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt, Evidence, Why
from schedulers.dialling.orders import Trunks, order_of
from schedulers.dialling.settling import refuse
from schedulers.storage.campaigns import load_all
from schedulers.storage.dial_attempts import sent
from telephony.dialler import Dialler, Order, Placed

AT_ONCE = timedelta(seconds=1)
"""What is not sent so soon after its commit is not sent at all: a stop holds within a second, and so does a cap."""

PATIENCE = 0.05
"""Seconds for which a tick waits for the PBX's answers; those that come later are taken in when they come."""

UNDIALLABLE = "found a number that cannot be dialled, expected digits"


class Sender:
    """Sends orders. `is_stopping`: no order leaves any more. `book` and `trunks` may be replaced meanwhile."""

    def __init__(
        self,
        book: Book,
        diallers: Mapping[str, Dialler],
        trunks: Trunks,
        now: Callable[[], datetime],
        country: str,
    ) -> None:
        self.book, self.trunks, self.is_stopping = book, trunks, False
        self._diallers, self._now, self._country = diallers, now, country
        self._tasks: set[asyncio.Task[None]] = set()
        self._unwritten: dict[int, datetime] = {}
        self._writing = asyncio.Lock()
        self._log = structlog.get_logger("schedulers.dialling")

    async def send(self, attempts: Sequence[DialAttempt]) -> None:
        """Send the orders of attempts that were committed just now, all at the same time.

        Whether their campaigns still run is asked once for all of them: the calls begin together, not one by one.
        """
        if not attempts:
            return
        running = await asyncio.to_thread(self._running)
        tasks = {asyncio.create_task(self._send(each, running)) for each in attempts}
        self._tasks |= tasks
        for each in tasks:
            each.add_done_callback(self._ended)
        await asyncio.wait(tasks, timeout=PATIENCE)

    async def idle(self) -> None:
        """Wait until every order that was sent has its answer, or will have none."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """What was not written down is learned from the call, or nobody ever knows it."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._log.error("attempt.unwritten", error=type(error).__name__)

    async def _send(self, attempt: DialAttempt, running: Mapping[int, Campaign]) -> None:
        campaign = running.get(attempt.campaign or 0)
        why = self._why_not(attempt, campaign)
        if why is not None:
            await asyncio.to_thread(self._keep_back, attempt, why, self._now())
            return
        placed, words = await self._place(attempt, campaign)
        if placed is Placed.SENT:
            await self._taken(attempt)
        else:
            await asyncio.to_thread(self._write, attempt, placed, words, self._now())

    async def _place(self, attempt: DialAttempt, campaign: Campaign | None) -> tuple[Placed, str]:
        dialler, order = self._diallers.get(attempt.pbx), self._order(attempt, campaign)
        if dialler is None or order is None:
            return Placed.NOT_SENT, UNDIALLABLE
        try:
            return await dialler.place(order)
        except Exception as error:
            # Whatever a dialler fails with, the order may have left.
            self._log.error("dialler.failed", attempt=attempt.id, error=type(error).__name__)
            return Placed.UNKNOWN, ""

    async def _taken(self, attempt: DialAttempt) -> None:
        """The PBX took the order; those that were taken while others were being written are written together."""
        self._unwritten[attempt.id] = self._now()
        async with self._writing:
            told, self._unwritten = self._unwritten, {}
            if told:
                await asyncio.to_thread(self._write_taken, told)

    def _write_taken(self, told: Mapping[int, datetime]) -> None:
        with self.book.engine.begin() as connection:
            for attempt, at in told.items():
                sent(connection, attempt, at)

    def _order(self, attempt: DialAttempt, campaign: Campaign | None) -> Order | None:
        trunk = self.trunks.get((attempt.pbx, attempt.trunk))
        return None if trunk is None else order_of(attempt, campaign, trunk, self._country)

    def _why_not(self, attempt: DialAttempt, campaign: Campaign | None) -> Why | None:
        """Why a committed one does not leave: it was stopped meanwhile, or the commit is no longer news."""
        if self.is_stopping or (attempt.campaign is not None and campaign is None):
            return Why.STOPPED
        at = attempt.committed_at
        return Why.NOT_SENT if at is None or self._now() - at >= AT_ONCE else None

    def _keep_back(self, attempt: DialAttempt, why: Why, now: datetime) -> None:
        refuse(self.book, attempt, Evidence.UNSENT, now, note="", why=why, counts=False)

    def _write(self, attempt: DialAttempt, placed: Placed, words: str, now: datetime) -> None:
        """Write what came of it; where nothing came, its call will tell."""
        match placed:
            case Placed.REFUSED:
                refuse(self.book, attempt, Evidence.ANSWER, now, note=words)
            case Placed.NOT_SENT:
                # What cannot be sent though there is a connection is wrong in itself: a try, or it went on for ever.
                is_wrong = self._is_reached(attempt.pbx)
                why = Why.NO_NUMBER if is_wrong else Why.DEAF
                refuse(self.book, attempt, Evidence.UNSENT, now, note=words, why=why, counts=is_wrong)
            case Placed.UNKNOWN:
                self._log.warning("attempt.unanswered", attempt=attempt.id, pbx=attempt.pbx)

    def _is_reached(self, pbx: str) -> bool:
        dialler = self._diallers.get(pbx)
        return dialler is not None and dialler.connected

    def _running(self) -> dict[int, Campaign]:
        with self.book.engine.connect() as connection:
            return {each.id: each for each in load_all(connection, (CampaignState.RUNNING,))}
