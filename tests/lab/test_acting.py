"""Supervisors on a real Asterisk: pause, queues, whispering and hanging up, by the object that pages and API use."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from analytics.people.devices import DeviceMap
from analytics.storage.engine import open_store
from config.policy_loader import load_policy
from service.acting.acting import Acting
from service.acting.actors import Stage
from service.acting.calls import Calls
from service.acting.records import Deed, ImpossibleError, Outcome, Report, Why
from service.auth.models import audit_log
from service.live.hub import LiveHub
from service.migrations import upgrade
from telephony.acting.actor import Actor
from telephony.ami.client import Client
from telephony.calls.facts import CallFact, Direction, EndedBy, TalkKind
from telephony.calls.record import CallRecord
from telephony.clock import SystemClock
from telephony.doctor_dialling import ask_dialling, dialling_findings
from telephony.doctor_findings import Expectations
from telephony.doctor_lines import Hookup
from tests.lab.audio import tone
from tests.lab.flavours import FLAVOURS
from tests.lab.scenarios.steps import customer_talks_to
from tests.lab.softphone import Call
from tests.lab.test_dialler import client_of
from tests.lab.test_live import need_lab
from tests.lab.world import Bench, World
from tests.service.acting.floor import hearing, who

SLOT = 0
CUSTOMER, AGENT, SUPERVISOR = 440, 880, 1300
"""Hertz of what each of them says."""
LOUD, SILENT = 1000.0, 100.0
QUEUE_DID = "442079460100"
KINDS = [("forky", "plain"), ("forky", "freepbx"), ("bullseye", "plain")]


@dataclass
class Supervised:
    """A real Asterisk with phones, and what acts on it."""

    world: World
    acting: Acting
    calls: Calls
    hub: LiveHub
    engine: Engine
    client: Client

    def record(self, call_id: str) -> CallRecord:
        """A call of a moment ago."""
        current = self.hub.current
        return next(
            each for each in (*current.open_records(), *current.recent_records()) if each.call.id == call_id
        )

    def others(self, call_id: str) -> list[CallRecord]:
        """The calls beside this one that ended."""
        return [each for each in self.hub.current.recent_records() if each.call.id != call_id]

    async def talk(self) -> tuple[Call, Call]:
        """A customer and 1003 talk; the call is known."""
        self.world.pause_others(["1003"])
        started = await asyncio.to_thread(customer_talks_to, self.world, QUEUE_DID, "1003", 0.3, 0.3)
        assert await self.acting.witness.sees(lambda: any(each.talks for each in self.hub.current.open_records()))
        return started

    def outcomes(self, deed: Deed) -> list[str]:
        """What the audit says of these acts, in order."""
        with self.engine.connect() as connection:
            rows = [json.loads(each) for each in connection.execute(select(audit_log.c.details)).scalars()]
        return [each["outcome"] for each in rows if each["deed"] == deed.value]


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A started Asterisk and its phones."""
    need_lab()
    suite, flavour = request.param
    bench = Bench(suite, SLOT, FLAVOURS[flavour].conf)
    try:
        made = World(bench, flavour, tmp_path_factory.mktemp("acting"))
        made.begin("acting")
        yield made
        made.close()
    finally:
        bench.lab("stop")


@asynccontextmanager
async def supervised(world: World, folder: Path) -> AsyncIterator[Supervised]:
    """The listener, the live state and the actor over it."""
    clock = SystemClock()
    engine = open_store(f"sqlite:///{folder}/facts.db")
    upgrade(engine)
    hub = LiveHub(load_policy("default"), DeviceMap())
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        listener = await stack.enter_async_context(client_of(world.bench, "callcenter"))
        client = client_of(world.bench, "supervisor")
        trunks = (world.flavour.trunk,)
        acting = Acting(
            [Stage(pbx="hq", actor=Actor(client), trunks=trunks, hangs_up=True)], hub, engine, clock.now
        )
        await acting.open(stack)
        await stack.enter_async_context(hearing(listener, hub, trunks))
        await client.wait_logged_in()
        yield Supervised(world, acting, Calls(acting), hub, engine, client)


async def seats(here: Supervised, agent: str) -> dict[str, str | None]:
    """By queue, why this agent is paused there; None where he is not."""
    _, listed = await here.acting.stages["hq"].actor.seats()
    mine = [each for each in listed if each.interface == here.world.member(agent)]
    return {each.queue: each.reason if each.paused else None for each in mine}


async def act(work: Any) -> Report:
    """What came of it, which is done."""
    report: Report = await work
    assert report.outcome is Outcome.DONE, report
    return report


@pytest.mark.lab
def test_agents_are_paused_and_moved_and_it_is_taken_back(world: World, tmp_path: Path) -> None:
    """PJSIP members and those behind Local channels: proved by events, listed so, and as before afterwards."""

    async def acting() -> None:
        async with supervised(world, tmp_path) as here:
            before = await seats(here, "1003")
            assert before
            assert set(before.values()) == {None}
            paused = await act(here.acting.pause(who(), "1003", "午餐 lunch"))
            assert set((await seats(here, "1003")).values()) == {"午餐 lunch"}
            assert set((await seats(here, "1001")).values()) == {None}
            await act(here.acting.undo(who(), paused.id))
            assert await seats(here, "1003") == before
            queue = world.queue("dynamic")
            added = await act(here.acting.add(who(), "1003", queue, penalty=2))
            assert queue in await seats(here, "1003")
            await act(here.acting.remove(who(), "1003", queue))
            assert await seats(here, "1003") == before
            await act(here.acting.add(who(), "1006", queue))
            assert list(await seats(here, "1006")) == [queue]
            await act(here.acting.remove(who(), "1006", queue))
            with pytest.raises(ImpossibleError) as static:
                await here.acting.remove(who(), "1003", next(iter(before)))
            assert static.value.why is Why.STATIC
            assert here.outcomes(Deed.ADD) == ["asked", "done"] * 2
            assert added.undo_until is not None

    asyncio.run(acting())


@pytest.mark.lab
def test_a_supervisor_whispers_and_ends_the_call(world: World, tmp_path: Path) -> None:
    """The agent hears him, the customer does not; his stretch is a monitor's, nobody's minutes; the call is theirs."""

    async def acting() -> None:
        async with supervised(world, tmp_path) as here:
            world.agents["1006"].plan = {"ring": 0.2}
            world.agents["1006"].audio = tone(SUPERVISOR)
            customer, agent = await here.talk()
            report = await here.calls.listen(who(agent="1006"), Deed.WHISPER, "1003")
            assert report.outcome is Outcome.RINGS
            assert await here.acting.witness.sees(lambda: bool(here.acting.witness.heard("hq", "PJSIP/1006")))
            spy = world.agents["1006"].last()
            assert spy is not None
            await asyncio.to_thread(world.wait_until, lambda: hears(agent, SUPERVISOR, CUSTOMER), 4, "no whisper")
            await asyncio.to_thread(world.wait_until, lambda: hears(spy, AGENT, CUSTOMER), 4, "he hears nothing")
            assert hears(customer, AGENT)
            assert customer.rtp.hears(SUPERVISOR) < SILENT
            with pytest.raises(ImpossibleError) as busy:
                await here.calls.listen(who(agent="1006"), Deed.LISTEN, "1003")
            assert busy.value.why in (Why.PHONE_BUSY, Why.OWN_CALL)
            ended = await act(here.calls.hang_up(who(), report.subject, "crank call"))
            await asyncio.to_thread(
                world.wait_until,
                lambda: {customer.state, agent.state, spy.state} == {"ended"},
                4,
                "somebody did not hang up",
            )
            record = here.record(ended.subject)
            assert record.call.direction is Direction.INBOUND
            assert record.call.ended_by is EndedBy.PBX
            by_kind = {each.kind: each.device for each in record.talks}
            assert by_kind == {TalkKind.CUSTOMER: "PJSIP/1003", TalkKind.MONITOR: "PJSIP/1006"}
            assert {each.device for each in record.offerings} == {"PJSIP/1003"}
            assert await here.acting.witness.sees(lambda: bool(here.others(ended.subject)))
            (own,) = here.others(ended.subject)
            assert is_nobodys(own.call)
            assert not own.talks
            while len(here.outcomes(Deed.WHISPER)) < 3:
                await here.acting.witness.sees(lambda: False, 0.02)
            assert here.outcomes(Deed.WHISPER) == ["asked", "rings", "done"]

    asyncio.run(acting())


def hears(call: Call, *tones: int) -> bool:
    """Whether all of these are loud at this phone."""
    return all(call.rtp.hears(each) > LOUD for each in tones)


def is_nobodys(call: CallFact) -> bool:
    """An internal call without customer, attempt or talk."""
    return (
        call.direction is Direction.INTERNAL and not call.customer and not call.attempt_id and not call.answered_at
    )


@pytest.mark.lab
def test_the_printed_classes_are_enough_and_less_is_found_out(world: World) -> None:
    """Who may hang up is well; who may only dial lacks class call, by `pbx check` and by the PBX itself."""

    async def checking(user: str) -> str:
        client = client_of(world.bench, user)
        async with client:
            await client.wait_logged_in()
            answers = await ask_dialling(client.action, {})
        expected = Expectations(hookup=Hookup(hang_up=True))
        return next(iter(dialling_findings(answers, {}, expected))).severity.value

    assert asyncio.run(checking("supervisor")) == "ok"
    assert asyncio.run(checking("dialler")) == "error"
