"""The one object through which supervisors act: finds who is meant, checks who asks, does it, proves it, records it.

    report = await acting.pause(who, "1003", "lunch")

Raises HiddenError for whom he does not see or what he may not, ImpossibleError for what cannot be done as things
stand; then nothing was sent. Whatever was sent is in a Report, and in the audit before it is sent and after.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from analytics.people.devices import extension_of
from service.acting import finding
from service.acting.actors import Stage
from service.acting.finding import Place
from service.acting.noting import Notes
from service.acting.records import (
    RIGHT_OF,
    UNDO,
    WELL,
    Deed,
    HiddenError,
    ImpossibleError,
    Outcome,
    Report,
    Who,
    Why,
)
from service.acting.rooms import Queue, Room
from service.acting.sending import asked, change
from service.acting.witness import Witness
from service.auth.rights import Right
from service.live.hub import LiveHub
from telephony.acting import changes
from telephony.acting.changes import Change
from telephony.acting.seats import Seat, Standing, seat_in
from telephony.dialling.held import REASON

MAX_REASON = 60
OWN = frozenset({Deed.PAUSE, Deed.UNPAUSE})
"""What an agent does to himself, from his desk."""

GRACE = UNDO * 2
"""What was shown for six seconds may come back a little later: a press of the button travels."""

Planned = Sequence[tuple[Stage, Sequence[Change]]]


class Acting:
    """Acts on the PBXs that the settings let us act on. Belongs to the event loop.

    engine: a store that may be written, for the audit.
    """

    def __init__(self, stages: Iterable[Stage], hub: LiveHub, engine: Engine, now: Callable[[], datetime]) -> None:
        self.stages = {each.pbx: each for each in stages}
        self.hub, self.now = hub, now
        self.witness = Witness(hub)
        self.notes = Notes(engine, now)
        self._locks: dict[str, asyncio.Lock] = {}
        self._back: dict[str, tuple[Who, Report, Planned]] = {}

    async def open(self, stack: AsyncExitStack) -> None:
        """Connect, and stay connected until the stack ends."""
        for each in self.stages.values():
            await stack.enter_async_context(each.actor)
        stack.push_async_callback(self.notes.close)

    @property
    def connected(self) -> dict[str, bool]:
        """By PBX that is acted on, whether an order could be sent now."""
        return {each.pbx: each.actor.connected for each in self.stages.values()}

    # -- queues ---------------------------------------------------------------------------

    async def pause(self, who: Who, agent: str, reason: str) -> Report:
        """Out of all queues that he is in."""
        why = self.checked(reason, MAX_REASON)

        async def plan(room: Room) -> list[Change]:
            return changes.pausing(room.own, why)

        return await self._plan(who, Deed.PAUSE, agent, "", plan, reason=why)

    async def unpause(self, who: Who, agent: str) -> Report:
        """Back into them; where a call is on its way to him, that pause stays."""

        async def plan(room: Room) -> list[Change]:
            return changes.releasing(room.own, REASON)

        return await self._plan(who, Deed.UNPAUSE, agent, "", plan)

    async def add(self, who: Who, agent: str, queue: str, penalty: int = 0) -> Report:
        """Into one queue, as he is in the others."""
        if not queue:
            raise ImpossibleError(Why.NO_SUCH_QUEUE)
        name = self.hub.name_of(agent, self.now()) or ""

        async def plan(room: Room) -> list[Change]:
            if any(each.queue == queue for each in room.own):
                return []
            device = finding.device_of_agent(agent, self.place(room.stage))
            seat = seat_in(queue, device, room.own, room.seats, name)
            if not room.own and not await asked(room.stage, lambda: room.stage.actor.knows(seat)):
                raise ImpossibleError(Why.NO_DEVICE, extension_of(device))
            return [changes.adding(replace(seat, penalty=penalty))]

        return await self._plan(who, Deed.ADD, agent, queue, plan, anywhere=True)

    async def remove(self, who: Who, agent: str, queue: str) -> Report:
        """Out of one queue that he is a dynamic member of."""

        async def plan(room: Room) -> list[Change]:
            mine = [each for each in room.own if each.queue == queue]
            if not mine:
                raise ImpossibleError(Why.NOT_MEMBER, queue)
            if any(each.standing is not Standing.DYNAMIC for each in mine):
                raise ImpossibleError(Why.STATIC, queue)
            return [changes.removing(each) for each in mine]

        return await self._plan(who, Deed.REMOVE, agent, queue, plan)

    async def undo(self, who: Who, act: str) -> Report:
        """Take back what this person did a moment ago."""
        before = self._back.pop(act, None)
        if before is None or not _same(before[0], who) or self.now() - before[1].at > GRACE:
            raise ImpossibleError(Why.TOO_LATE)
        self._need(who, Deed.UNDO, before[1].agent)
        back = [(stage, [each.back for each in reversed(told)]) for stage, told in before[2]]
        return await self._do(who, Deed.UNDO, before[1].agent, before[1].subject, back, undoes=act)

    async def queues(self, who: Who, agent: str) -> list[Queue]:
        """The queues that he may be put into or taken out of, by this person. Raises ImpossibleError."""
        self._need(who, Deed.ADD, agent)
        return [
            each.queue(name)
            for each in await self._rooms(agent)
            for name in each.queues
            if self._sees(who, name, each)
        ]

    # -- what all acts share --------------------------------------------------------------

    def place(self, stage: Stage) -> Place:
        """What is known of where people sit now."""
        current = self.hub.current
        return Place(
            phones=current.phones,
            assignments=self.hub.devices.assignments,
            agent_of=self.hub.agent_of,
            trunks=stage.trunks,
            now=self.now(),
        )

    def sits_at(self, pbx: str, interface: str) -> str:
        """Who is the member with this interface."""
        stage = self.stages.get(pbx)
        if stage is None:
            return self.hub.agent_of(interface, interface, self.now())
        return finding.agent_at(Seat(queue="", interface=interface), self.place(stage))

    def checked(self, reason: str, at_most: int) -> str:
        """A reason that can be sent and kept. Raises ImpossibleError."""
        told = reason.strip()
        if not told:
            raise ImpossibleError(Why.NO_REASON)
        if len(told) > at_most or not told.isprintable():
            raise ImpossibleError(Why.BAD_TEXT)
        return told

    def need(self, who: Who, deed: Deed, agent: str) -> None:
        """Raise HiddenError where he may not, or does not see this agent; ImpossibleError where nobody may."""
        self._need(who, deed, agent)

    async def one_at_a_time(self, agent: str, work: Callable[[], Awaitable[Report]]) -> Report:
        """Two acts on one agent follow each other."""
        async with self._locks.setdefault(agent, asyncio.Lock()):
            return await work()

    def _need(self, who: Who, deed: Deed, agent: str) -> None:
        is_own = deed in OWN and Right.DESK in who.visitor.rights and who.visitor.agent == agent
        if not is_own and (RIGHT_OF[deed] not in who.visitor.rights or not who.seen.agent(agent)):
            raise HiddenError
        if not self.stages:
            raise ImpossibleError(Why.NO_PBX)

    def _sees(self, who: Who, queue: str, room: Room) -> bool:
        """A queue that he sees, or in which somebody is whom he sees."""
        if who.seen.queue(queue):
            return True
        there = [each for each in room.seats if each.queue == queue]
        return any(finding.seats_of_agent(there, each, self.place(room.stage)) for each in who.seen.agents)

    async def _rooms(self, agent: str) -> list[Room]:
        """The PBXs in whose queues the agent is; all of them, where he is in none. Raises ImpossibleError."""
        found = []
        for stage in self.stages.values():
            queues, seats = await asked(stage, stage.actor.seats)
            own = finding.seats_of_agent(seats, agent, self.place(stage))
            found.append(Room(stage=stage, queues=queues, seats=seats, own=own))
        return [each for each in found if each.own] or found

    async def _plan(
        self,
        who: Who,
        deed: Deed,
        agent: str,
        queue: str,
        plan: Callable[[Room], Awaitable[list[Change]]],
        *,
        anywhere: bool = False,
        **details: str,
    ) -> Report:
        """Ask the PBXs who sits where, decide, and do it; `anywhere`: an agent in no queue is no reason not to."""
        self._need(who, deed, agent)

        async def work() -> Report:
            planned = [
                (each.stage, await plan(each))
                for each in await self._rooms(agent)
                if (each.own or anywhere) and (not queue or (queue in each.queues and self._sees(who, queue, each)))
            ]
            if not planned:
                raise ImpossibleError(Why.NO_SUCH_QUEUE if queue else Why.NO_QUEUE, queue)
            return await self._do(who, deed, agent, queue, planned, **details)

        return await self.one_at_a_time(agent, work)

    async def _do(self, who: Who, deed: Deed, agent: str, queue: str, planned: Planned, **details: str) -> Report:
        report = Report(
            id=secrets.token_hex(8), at=self.now(), deed=deed, agent=agent, subject=queue, outcome=Outcome.NOTHING
        )
        await self.notes.before(who, report, **details)
        taken: list[tuple[Stage, Sequence[Change]]] = []
        for stage, told in planned:
            outcome, words, made = await change(stage, told, self.hub, self.witness)
            taken.append((stage, made))
            report = replace(report, outcome=_worse(report.outcome, outcome), words=report.words or words)
            if outcome not in WELL:
                break
        report = self._kept(who, replace(report, at=self.now()), taken)
        await self.notes.after(who, report, **details)
        return report

    def _kept(self, who: Who, report: Report, taken: Planned) -> Report:
        """Remember how to take it back, for a moment."""
        now = self.now()
        self._back = {key: each for key, each in self._back.items() if now - each[1].at <= GRACE}
        if report.deed is Deed.UNDO or not any(made for _, made in taken):
            return report
        report = replace(report, undo_until=now + UNDO)
        self._back[report.id] = (who, report, taken)
        return report


def _worse(one: Outcome, other: Outcome) -> Outcome:
    """Of several PBXs the worst counts; what was so already only where nothing was done."""
    return one if other is Outcome.NOTHING else other


def _same(one: Who, other: Who) -> bool:
    return (one.visitor.account, one.visitor.login) == (other.visitor.account, other.visitor.login)
