"""The actor against managers on loopback: real sockets, and no waiting."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from telephony.acting import orders
from telephony.acting.actor import Actor, Answered
from telephony.acting.channels import Up
from telephony.acting.seats import Seat, Standing
from telephony.ami.address import Address
from telephony.ami.client import Client
from telephony.ami.packet import Packet
from telephony.ami.signals import Login
from telephony.clock import SystemClock
from telephony.errors import ActionFailedError, ConnectionLostError
from telephony.scripted_pbx import ScriptedPbx
from telephony.scripted_queues import ScriptedMember
from tests.telephony.ami.clients import client_for
from tests.telephony.ami.manager import Manager, reply

SEAT = Seat(queue="support", interface="PJSIP/1003", name="Carol")


async def ready(actor: Actor) -> None:
    """Until it is logged in."""
    while not actor.connected:  # noqa: ASYNC110 - the actor tells nobody when it is
        await asyncio.sleep(0)


def scripted() -> ScriptedPbx:
    """A PBX without calls, with one static member in one of two queues."""
    pbx = ScriptedPbx([], user="u", secret="s", clock=SystemClock())
    pbx.queues.seat([ScriptedMember(queue="support", interface="PJSIP/1003", name="Carol")])
    pbx.queues.queues.add("sales")
    return pbx


def actor_of(pbx: ScriptedPbx) -> Actor:
    """An actor of its user."""
    login = Login(user="u", secret="s", events="off")
    return Actor(Client(Address(host=pbx.host, port=pbx.port), login, clock=SystemClock(), random=Random(1)))


async def test_members_are_paused_put_in_and_taken_out() -> None:
    """What is asked is done, and listed so; who is static is not taken out, in the PBX's words."""
    async with scripted() as pbx, actor_of(pbx) as actor:
        await ready(actor)
        assert await actor.seats() == (["sales", "support"], [Seat(**{**_told(SEAT), "standing": Standing.STATIC})])
        assert await actor.send(orders.pause(SEAT, on=True, reason="lunch")) == (Answered.TAKEN, "")
        assert await actor.send(orders.add(Seat(queue="sales", interface="PJSIP/1003", penalty=2))) == (
            Answered.TAKEN,
            "",
        )
        _, (there, new) = await actor.seats()
        assert (there.paused, there.reason, new.queue, new.penalty) == (True, "lunch", "sales", 2)
        assert await actor.send(orders.remove(SEAT)) == (Answered.REFUSED, "Member not dynamic")
        assert await actor.send(orders.remove(new)) == (Answered.TAKEN, "")
        missing = Seat(queue="none", interface="PJSIP/1003")
        assert (await actor.send(orders.pause(missing, on=True)))[1] == "Interface not found"


async def test_without_a_connection_nothing_leaves() -> None:
    """Known for certain; and what cannot be asked is an error, not an empty list."""
    async with scripted() as pbx:
        actor = actor_of(pbx)
        assert await actor.send(orders.pause(SEAT, on=True)) == (Answered.NOT_SENT, "no connection")
        with pytest.raises(ConnectionLostError):
            await actor.seats()


async def test_a_value_that_breaks_out_of_its_line_is_not_sent() -> None:
    """A reason is a person's text."""
    async with scripted() as pbx, actor_of(pbx) as actor:
        await ready(actor)
        answered, words = await actor.send(orders.pause(SEAT, on=True, reason="x\r\nAction: Originate"))
        assert answered is Answered.NOT_SENT
        assert "found CR, LF or NUL" in words


async def test_a_line_that_is_cut_leaves_it_unknown_and_sent_once() -> None:
    """It may have been done: it is not sent again over the next connection."""
    manager = Manager()

    def cut(action: Packet) -> bytes | None:
        if action.get("Action") == "Hangup":
            manager.drop()
            return b""
        return None

    manager.answer = cut
    async with manager, Actor(client_for(manager)) as actor:
        await ready(actor)
        order = orders.hang_up(Up(name="PJSIP/trunk-1", uniqueid="1.1", linkedid="1.1"))
        assert await actor.send(order) == (Answered.UNKNOWN, "no answer came")
        await ready(actor)
        assert [each.get("Action") for each in manager.actions].count("Hangup") == 1


async def test_who_may_not_is_told_so() -> None:
    """In the PBX's words, for an act and for a question."""

    def deny(action: Packet) -> bytes | None:
        return reply(action, "Message: Permission denied", status="Error")

    async with Manager(answer=deny) as manager, Actor(client_for(manager)) as actor:
        await ready(actor)
        assert await actor.send(orders.remove(SEAT)) == (Answered.REFUSED, "Permission denied")
        with pytest.raises(ActionFailedError, match="Permission denied"):
            await actor.channels()


def _told(seat: Seat) -> dict[str, object]:
    return {name: getattr(seat, name) for name in seat.__slots__}


@pytest.mark.parametrize(
    ("seat", "values", "known"),
    [
        (SEAT, {"DEVICE_STATE(PJSIP/1003)": "UNAVAILABLE"}, True),
        (SEAT, {"DEVICE_STATE(PJSIP/1003)": "INVALID"}, False),
        (
            Seat(queue="q", interface="Local/1@q/n", state_interface="hint:1@e"),
            {"EXTENSION_STATE(1@e)": "IDLE"},
            True,
        ),
        (
            Seat(queue="q", interface="Local/1@q/n", state_interface="hint:1@e"),
            {"EXTENSION_STATE(1@e)": "UNKNOWN"},
            False,
        ),
        (Seat(queue="q", interface="Local/1@q/n"), {}, True),
    ],
)
async def test_a_member_is_known_by_his_phone_or_its_hint(seat: Seat, values: dict[str, str], known: bool) -> None:
    """One that is away is known; a Local channel without a hint can be asked nothing."""

    def answer(action: Packet) -> bytes | None:
        if action.get("Action") != "Getvar":
            return None
        return reply(action, f"Value: {values[action.get('Variable')]}")

    async with Manager(answer=answer) as manager, Actor(client_for(manager)) as actor:
        await ready(actor)
        assert await actor.knows(seat) is known
