"""A small centre that is acted on: a PBX with queues and a call that goes on, its listener, and the one that acts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Engine, select

from analytics.people.devices import Assignment, DeviceMap
from config.policy_loader import load_policy
from service.acting.acting import Acting
from service.acting.actors import Stage
from service.acting.calls import Calls
from service.acting.records import Who
from service.auth.models import audit_log
from service.auth.rights import ALL_SEEN, EVERY_RIGHT, EVERYBODY, Right, Role, Seen, Visitor
from service.live.hub import LiveHub
from telephony.acting.actor import Actor
from telephony.ami.address import Address
from telephony.ami.client import Client
from telephony.ami.inbox import Batch
from telephony.ami.packet import Packet
from telephony.ami.signals import Login
from telephony.calls.tracker import DEFAULT_TRUNKS, Tracker
from telephony.clock import SystemClock
from telephony.events.decoder import Decoder
from telephony.scripted_pbx import ScriptedPbx, _Session
from telephony.scripted_queues import ScriptedMember

PBX = "hq"
CUSTOMER, AGENT, SPY = "1795786784.0", "1795786784.1", "1795786790.5"
LOCAL = "Local/1003@from-queue/n"
TRUNK, PHONE, LISTENER = "PJSIP/trunk-00000000", "PJSIP/1003-00000001", "PJSIP/1006-00000005"
_FIRST = f"ChannelState: 4|Uniqueid: {CUSTOMER}|Linkedid: {CUSTOMER}"
_DEST = f"DestChannel: {PHONE}|DestUniqueid: {AGENT}"
_SPY = f"Uniqueid: {SPY}|Linkedid: {SPY}"
_SPIES = f"DestChannel: {LISTENER}|DestUniqueid: {SPY}|DestLinkedid: {SPY}"
_BRIDGE = "BridgeUniqueid: b1|BridgeTechnology: simple_bridge"
CALL = (
    f"Newchannel|Channel: {TRUNK}|CallerIDNum: 13800138000|Context: from-trunk|Exten: 95588|{_FIRST}",
    f"Newchannel|Channel: {PHONE}|ChannelState: 0|Context: agents|Exten: s|Uniqueid: {AGENT}|Linkedid: {CUSTOMER}",
    f"DialBegin|Channel: {TRUNK}|Uniqueid: {CUSTOMER}|{_DEST}|DestLinkedid: {CUSTOMER}|DialString: 1003",
    f"DialEnd|Uniqueid: {CUSTOMER}|{_DEST}|DialStatus: ANSWER",
    f"BridgeEnter|{_BRIDGE}|Channel: {TRUNK}|Uniqueid: {CUSTOMER}",
    f"BridgeEnter|{_BRIDGE}|Channel: {PHONE}|Uniqueid: {AGENT}",
)


class ActedPbx(ScriptedPbx):
    """It rings whoever listens, lets him hear, and hangs up; `mute`: it takes everything and tells nothing."""

    def __init__(self) -> None:
        super().__init__([], user="u", secret="s", clock=SystemClock())
        self.mute = False
        self.refusing = ""  # what it says to every act
        self.state = "NOT_INUSE"
        self.asked: list[Packet] = []
        self.queues.queues.update(("support", "sales"))
        members = [ScriptedMember(queue="support", interface=LOCAL, name="Carol")]
        members += [ScriptedMember(queue=each, interface="PJSIP/1004") for each in ("support", "sales")]
        self.queues.seat(members)

    def tell(self, event: str) -> None:
        """Send an event to all: its name and headers, with strokes between."""
        self._say(f"Event: {event}".replace("|", "\r\n").encode())

    def begin(self) -> None:
        """A customer and 1003 hear each other."""
        for event in CALL:
            self.tell(event)

    def end(self, *channels: str) -> None:
        """These hang up."""
        for each in channels:
            self.tell(f"Hangup|Channel: x|Uniqueid: {each}|Linkedid: {CUSTOMER}|Cause: 16")

    def _say(self, frame: bytes) -> None:
        if not self.mute or frame.startswith((b"Event: Newchannel", b"Event: Dial", b"Event: Bridge")):
            super()._say(frame)

    def _answer(self, session: _Session, action: Packet) -> None:
        self.asked.append(action)
        name = action.get("Action")
        if self.refusing and name in ("QueuePause", "QueueAdd", "QueueRemove", "Originate", "Hangup"):
            session.reply(action, "Error", f"Message: {self.refusing}")
        elif name == "Getvar":
            session.reply(action, "Success", f"Value: {self.state}")
        elif name == "Originate":
            session.reply(action, "Success", "Message: Originate successfully queued")
            self._ring()
        elif name == "Hangup":
            session.reply(action, "Success", "Message: Channel Hungup")
            self.end(CUSTOMER, AGENT)
        else:
            super()._answer(session, action)

    def _ring(self) -> None:
        self.tell(f"Newchannel|Channel: {LISTENER}|ChannelState: 0|Context: agents|Exten: s|{_SPY}")
        self.tell(f"DialBegin|{_SPIES}|DialString: 1006")
        self.tell(f"DialState|{_SPIES}|DialStatus: RINGING")

    def hears(self) -> None:
        """The supervisor answers and listens."""
        self.tell(f"DialEnd|{_SPIES}|DialStatus: ANSWER")
        self.tell(f"ChanSpyStart|SpyerUniqueid: {SPY}|SpyeeUniqueid: {AGENT}|SpyeeChannel: {PHONE}")


@dataclass
class Floor:
    """What a test works with."""

    pbx: ActedPbx
    acting: Acting
    calls: Calls
    hub: LiveHub
    engine: Engine

    def audit(self) -> list[dict[str, Any]]:
        """The rows, oldest first."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(audit_log).order_by(audit_log.c.id)).mappings()]

    async def talking(self) -> None:
        """Until 1003's talk is known."""
        self.pbx.begin()
        assert await self.acting.witness.sees(lambda: any(each.talks for each in self.hub.current.open_records()))


def who(*rights: Right, seen: Seen = ALL_SEEN, agent: str | None = None) -> Who:
    """Somebody who may this; everything where nothing is named."""
    visitor = Visitor(
        account=7,
        login="zhou",
        name="周建国",
        role=Role.SUPERVISOR,
        rights=frozenset(rights) or EVERY_RIGHT,
        sight=EVERYBODY,
        agent=agent,
        proof="p",
    )
    return Who(visitor=visitor, seen=seen, address="127.0.0.1")


@asynccontextmanager
async def floor(engine: Engine, *, hangs_up: bool = True, agent: str = "A03") -> AsyncIterator[Floor]:
    """All of it, connected and heard."""
    clock = SystemClock()
    policy = load_policy("default")
    hub = LiveHub(policy, DeviceMap([Assignment(interface="PJSIP/1003", agent=agent, name="王娜娜")]))
    async with AsyncExitStack() as stack:
        pbx = await stack.enter_async_context(ActedPbx())
        login = Login(user="u", secret="s")
        address = Address(host=pbx.host, port=pbx.port)
        listener = Client(address, login, clock=clock, random=Random(1))
        await stack.enter_async_context(listener)
        actor = Actor(Client(address, login, clock=clock, random=Random(2)))
        stage = Stage(pbx=PBX, actor=actor, trunks=("*trunk*",), hangs_up=hangs_up)
        acting = Acting([stage], hub, engine, clock.now)
        acting.witness.within = 0.5
        await acting.open(stack)
        await stack.enter_async_context(hearing(listener, hub))
        while not actor.connected:  # noqa: ASYNC110 - the actor tells nobody when it is
            await asyncio.sleep(0)
        yield Floor(pbx, acting, Calls(acting), hub, engine)


@asynccontextmanager
async def hearing(listener: Client, hub: LiveHub, trunks: tuple[str, ...] = DEFAULT_TRUNKS) -> AsyncIterator[None]:
    """What the listener hears is in the live state, queues' members first, as after each login."""
    task = asyncio.create_task(_hear(listener, hub, Tracker(PBX, trunks=trunks)))
    await listener.wait_logged_in()
    await listener.action("QueueStatus")
    while not hub.current.states():  # noqa: ASYNC110 - the test's own listener is told of nothing
        await asyncio.sleep(0)
    yield
    await _end(task)


async def _hear(listener: Client, hub: LiveHub, tracker: Tracker) -> None:
    decoder = Decoder()
    async for item in listener.batches():
        if isinstance(item, Batch):
            facts = [
                fact for event in decoder.decode(item.frames, item.received_at) for fact in tracker.handle(event)
            ]
            if facts:
                hub.put(PBX, facts)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
