"""The runner: one of the schedulers that place calls. A tick does what is to be done now, and is simply done again.

Every order goes one road: planned, committed in a transaction of its own, sent once. A runner that dies between any two
steps leaves a row that says how far it came: what was only planned is dropped when its lease runs out, what was
committed is settled by whoever is alive, and nothing is ever sent a second time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedulers.book import Book
from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt, DialMode, FreeAgent, Phase, Why
from schedulers.dialling.choosing import Found, Look, look
from schedulers.dialling.escalating import escalate
from schedulers.dialling.floor import Floor
from schedulers.dialling.housekeeping import keep
from schedulers.dialling.noting import Noter
from schedulers.dialling.orders import Trunks
from schedulers.dialling.permitting import Moment, permit, waits
from schedulers.dialling.sending import Sender
from schedulers.dialling.settling import Settler
from schedulers.storage.campaigns import load_all
from schedulers.storage.dial_attempts import Lease, drop, given_back
from schedulers.storage.dial_committing import Committed, Limits, commit, durable
from schedulers.storage.dial_reading import Hold, load_holds, load_live
from schedulers.storage.dial_refusals import Refusal, note_refusals
from telephony.dialler import Dialler

LEASE = timedelta(seconds=20)
"""Longer than a tick ever takes; what a killed scheduler planned is soon planned anew."""

WIDE = timedelta(seconds=5)
"""Between two looks at everybody who is ready: so soon a promised time that nobody can take is known."""

SWEEP = timedelta(seconds=1)
TAKE_BACK = timedelta(minutes=1)
LEARNED = timedelta(hours=26)
"""So far back the PBX's logs are read after a gap."""
BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What a tick did. is_busy: another one is wanted soon."""

    planned: int = 0
    committed: int = 0
    is_busy: bool = False


class Runner:
    """Places the calls of one store's campaigns.

    `name` is this process's alone: it tells whose leases are whose. `now` is asked anew at each step. `book` and
    `trunks` may be replaced between two ticks, when the policy, the people or the settings have changed.
    """

    def __init__(
        self,
        book: Book,
        floor: Floor,
        diallers: Mapping[str, Dialler],
        trunks: Trunks,
        now: Callable[[], datetime],
        name: str,
        country: str,
    ) -> None:
        self.book, self.floor, self.diallers, self.trunks = book, floor, diallers, trunks
        self.settler = Settler(book=book, floor=floor, diallers=diallers, trunks=trunks)
        self._now, self._name, self._country = now, name, country
        self._noter = Noter()
        self._sender = Sender(book, diallers, trunks, now, country)
        self._next: dict[str, datetime] = {}
        self._last_served: dict[int, datetime] = {}
        self._heard: frozenset[str] = frozenset()  # the PBXs of whose doings all that is known was taken in

    async def tick(self) -> Ticked:
        """Do what is to be done now. Raises SQLAlchemyError, StaleError; the next tick begins anew."""
        now = self._now()
        self._sender.book, self._sender.trunks = self.book, self.trunks
        kept = await asyncio.to_thread(keep, self.book.engine, self._lease(now), now)
        await self._give_back()
        if self._is_time("sweep", SWEEP, now):
            self.settler.book = self.book
            self.settler.trunks = self.trunks
            await self.settler.sweep(now)
        if self._is_time("take back", TAKE_BACK, now):
            await asyncio.to_thread(self.settler.take_back, now)
        if self._sender.is_stopping:
            return Ticked()
        await self._take_in(now)
        now = self._now()
        found = await asyncio.to_thread(self._look, now)
        await asyncio.to_thread(escalate, self.book, found.late, now)
        ready = await self._held([*kept.asked, *(each for each in found.planned if each.dial_at is not None)])
        committed = await asyncio.to_thread(self._commit, [each.id for each in ready]) if ready else Committed()
        await self._sender.send(committed.attempts)
        return Ticked(
            planned=len(found.planned),
            committed=len(committed.attempts),
            is_busy=kept.is_busy or bool(found.planned),
        )

    def halt(self) -> None:
        """No new call from now on, be it committed already."""
        self._sender.is_stopping = True

    async def idle(self) -> None:
        """Wait until every order that was sent has its answer, or will have none."""
        await self._sender.idle()

    # -- choosing ------------------------------------------------------------------------------

    def _look(self, now: datetime) -> Found:
        is_wide = self._is_time("wide", WIDE, now)
        with self.book.engine.begin() as connection:
            campaigns = load_all(connection, (CampaignState.RUNNING,))
            campaigns = tuple(each for each in campaigns if each.deadline_at is None or each.deadline_at > now)
            if not campaigns:
                return Found()
            taken = {each.agent for each in load_live(connection)} | {each.agent for each in load_holds(connection)}
            free = [each for each in self.floor.free(now) if each.agent not in taken]
            if not free and not is_wide:
                return Found()
            found = look(connection, self._what(now, campaigns, free, is_wide))
            note_refusals(connection, self._noter.news(found.refusals, now))
        self._last_served |= {each.campaign: now for each in found.planned if each.campaign is not None}
        return found

    def _what(self, now: datetime, campaigns: Sequence[Campaign], free: Sequence[FreeAgent], is_wide: bool) -> Look:
        return Look(
            now=now,
            rules=self.book.rules,
            campaigns=campaigns,
            free=free,
            limits=self._limits(),
            deaf=self._deaf({each.pbx for each in campaigns}),
            lease=self._lease(now),
            last_served=self._last_served,
            is_wide=is_wide,
        )

    def _limits(self) -> dict[tuple[str, str], Limits]:
        return {
            place: Limits(channels=each.channels, per_second=each.per_second) for place, each in self.trunks.items()
        }

    def _deaf(self, pbxs: Collection[str]) -> frozenset[str]:
        """The PBXs to which nothing may be sent: whose doings are not known, or which cannot be asked."""
        return frozenset(pbx for pbx in pbxs if not self._is_known(pbx) or not self._is_reached(pbx))

    def _is_known(self, pbx: str) -> bool:
        return pbx in self._heard and not self.floor.deaf(pbx)

    async def _take_in(self, now: datetime) -> None:
        """What was learned of a PBX while it was deaf is in the accounts before anything is dialled there again."""
        heard = frozenset(each for each in self.diallers if not self.floor.deaf(each))
        if heard - self._heard:
            await asyncio.to_thread(self._hear, now - LEARNED)
        self._heard = heard

    def _hear(self, since: datetime) -> None:
        count = BATCH
        while count == BATCH:
            _, count = self.book.hear(since, self._country, BATCH)

    def _is_reached(self, pbx: str) -> bool:
        dialler = self.diallers.get(pbx)
        return dialler is not None and dialler.connected

    # -- committing ----------------------------------------------------------------------------

    def _commit(self, ids: Sequence[int]) -> Committed:
        now = self._now()
        free = {each.agent for each in self.floor.free(now)}
        deaf = self._deaf(self.diallers.keys() | {pbx for pbx, _ in self.trunks})
        moment = Moment(now=now, rules=self.book.rules, free=free, deaf=deaf)
        with durable(self.book.engine) as connection:
            done = commit(
                connection,
                ids,
                self._name,
                now,
                lambda fresh: permit(fresh, moment),
                self._limits(),
                lambda attempt, why: waits(attempt, why, now),
            )
            note_refusals(connection, self._noter.news(_refusals(done, self._name, now), now))
        return done

    async def _held(self, attempts: Sequence[DialAttempt]) -> list[DialAttempt]:
        """Those whose agent is out of his queues now, or need not be; the others are given up."""
        held = await asyncio.gather(*(self._hold(each) for each in attempts))
        gone = [each.id for each, is_held in zip(attempts, held, strict=True) if not is_held]
        if gone:
            await asyncio.to_thread(self._drop, gone, Why.AGENT_GONE)
        return [each for each, is_held in zip(attempts, held, strict=True) if is_held]

    async def _hold(self, attempt: DialAttempt) -> bool:
        dialler = self.diallers.get(attempt.pbx)
        if attempt.mode is not DialMode.PROGRESSIVE or dialler is None:
            return True
        return await dialler.hold(attempt.device, on=True)

    def _drop(self, ids: Sequence[int], why: Why) -> None:
        with self.book.engine.begin() as connection:
            drop(connection, ids, why, self._now())

    # -- giving agents back --------------------------------------------------------------------

    async def _give_back(self) -> None:
        """Agents whose attempt is over are in their queues again; where that fails it is tried again."""
        over = [each for each in await asyncio.to_thread(self._holds) if each.is_over]
        await asyncio.gather(*(self._release(each) for each in over))

    async def _release(self, hold: Hold) -> None:
        dialler = self.diallers.get(hold.pbx)
        if dialler is not None and await dialler.hold(hold.device, on=False):
            await asyncio.to_thread(self._given_back, hold)

    def _holds(self) -> tuple[Hold, ...]:
        with self.book.engine.connect() as connection:
            return load_holds(connection)

    def _given_back(self, hold: Hold) -> None:
        with self.book.engine.begin() as connection:
            given_back(connection, hold.agent, hold.attempt)

    # ------------------------------------------------------------------------------------------

    def _lease(self, now: datetime) -> Lease:
        return Lease(runner=self._name, until=now + LEASE)

    def _is_time(self, what: str, every: timedelta, now: datetime) -> bool:
        """Whether something that is done so often is due; then it is not for as long."""
        if now < self._next.get(what, now):
            return False
        self._next[what] = now + every
        return True


def _refusals(done: Committed, name: str, now: datetime) -> list[Refusal]:
    """The reasons of our own attempts that were not permitted, for those for whom they were made."""
    return [
        Refusal(campaign=attempt.campaign, follow_up=follow_up, why=why, at=now)
        for attempt, why in done.dropped
        if attempt.campaign is not None and attempt.phase is Phase.PLANNED and attempt.runner in {name, ""}
        for follow_up in attempt.follow_ups[:1]
    ]
