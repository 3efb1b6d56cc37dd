"""Calls that the service places by its own dialler, user and dialplan lines: both modes, every fate of either leg."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from typing import Any

from telephony.ami.address import Address
from telephony.ami.client import Client
from telephony.ami.signals import Login
from telephony.clock import SystemClock
from telephony.dialler import First, Order, Placed
from telephony.dialling.client import AmiDialler
from telephony.dialling.orders import Lines
from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, sleep
from tests.lab.softphone import Call
from tests.lab.world import World

RING = timedelta(seconds=4)
COMPANY = "442079460100"
NOBODY_THERE = "1007"  # has registered no phone


def dialler(w: World) -> AmiDialler:
    """A dialler as the service has it, of the manager user that may dial and hears nothing."""
    address = Address(host="127.0.0.1", port=w.bench.ami_port)
    login = Login(user="dialler", secret="lab-dialler")
    client = Client(address, login, clock=SystemClock(), random=Random(1))
    dial = {"lab": f"PJSIP/{{number}}@{w.flavour.trunk}", "none": "PJSIP/{number}@nobody"}
    dial["route"] = f"Local/9{{number}}@{w.flavour.inside}/n"
    return AmiDialler(client, Lines(dial=dial, agent_ring=RING, notice="vm-goodbye"))


async def send(w: World, order: Order) -> tuple[Placed, str]:
    """Connect, and place this order."""
    async with dialler(w) as opened:
        while not opened.connected:  # noqa: ASYNC110 - the dialler tells nobody when it is
            await asyncio.sleep(0.01)
        return await opened.place(order)


def place(
    w: World, first: First, number: str, agent: str = "1001", *, trunk: str = "lab", notice: bool = False
) -> str:
    """Place a call; its attempt's channel id."""
    channel_id = f"tr-labnonce-{number[-3:]}"
    order = Order(
        channel_id=channel_id,
        first=first,
        device=f"PJSIP/{agent}",
        number=number,
        trunk=trunk,
        ring=RING,
        notice=notice,
        caller_id=COMPANY,
        account=channel_id,
    )
    placed, words = asyncio.run(send(w, order))
    assert placed is Placed.SENT, f"{placed} {words}"
    return channel_id


def over(*calls: Call) -> None:
    """Until these calls are over."""
    for call in calls:
        call.wait_state("ended", timeout=15)
    sleep(0.5)


def preview(w: World, number: str, result: str, customer: dict[str, Any], **more: Any) -> None:
    """The agent's phone first: he answers, then the customer is dialled."""
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = customer
    channel_id = place(w, First.AGENT, number)
    leg, outside = w.agent_call("1001"), w.outside_leg()
    over(outside, leg)
    w.record(None, result, callee=number, channel_id=channel_id, customer=outside, **more)


def preview_missed(w: World, number: str, result: str, plan: dict[str, Any], agent: str = "1001") -> None:
    """The agent's phone first: he does not answer, so nobody else is dialled."""
    w.agents[agent].plan = plan
    channel_id = place(w, First.AGENT, number, agent)
    if agent != NOBODY_THERE:
        over(w.agent_call(agent))
    sleep(1)
    assert not w.trunk.rung(), "the customer was dialled without his agent"
    w.record(None, result, callee=number, channel_id=channel_id, customer_dialled=False)


@scenario
def preview_answered(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"ring": 1.5}
    channel_id = place(w, First.AGENT, "447700900601")
    outside, leg = w.outside_leg(), w.agent_call("1001")
    outside.wait_state("up")
    hang_up(leg, after=2)
    assert (leg.caller, outside.caller) == ("447700900601", COMPANY), "the phones show the wrong numbers"
    w.record(None, "answered", callee="447700900601", channel_id=channel_id, customer=outside)


@scenario
def preview_busy(w: World) -> None:
    preview(w, "447700900602", "busy", {"reject": 486})


@scenario
def preview_noanswer(w: World) -> None:
    preview(w, "447700900603", "noanswer", {"ring": None})


@scenario
def preview_congestion(w: World) -> None:
    preview(w, "447700900604", "congestion", {"reject": 503})


@scenario
def preview_invalid_number(w: World) -> None:
    preview(w, "447700900605", "invalid", {"reject": 404})


@scenario
def preview_declined(w: World) -> None:
    preview(w, "447700900606", "declined", {"ring": 1.5, "reject": 603})


@scenario
def preview_hung_up_early(w: World) -> None:
    preview(w, "447700900607", "answered", {"ring": 1.0, "talk": 0.5})


@scenario
def preview_agent_gives_up(w: World) -> None:
    """The agent hangs up while the customer's phone rings."""
    w.agents["1001"].plan = {"ring": 1.0, "talk": 1.5}
    w.trunk.plan = {"ring": None}
    channel_id = place(w, First.AGENT, "447700900612")
    outside, leg = w.outside_leg(), w.agent_call("1001")
    over(outside, leg)
    w.record(None, "cancelled", callee="447700900612", channel_id=channel_id, customer=outside, ended_by="agent")


@scenario
def preview_agent_declines(w: World) -> None:
    preview_missed(w, "447700900608", "declined", {"ring": 1.0, "reject": 603})


@scenario
def preview_agent_busy(w: World) -> None:
    preview_missed(w, "447700900609", "busy", {"reject": 486})


@scenario
def preview_agent_unreachable(w: World) -> None:
    preview_missed(w, "447700900610", "unavailable", {"ring": None}, NOBODY_THERE)


@scenario
def preview_agent_noanswer(w: World) -> None:
    preview_missed(w, "447700900611", "agent_noanswer", {"ring": None})


def progressive(w: World, number: str, result: str, customer: dict[str, Any]) -> None:
    """The customer's phone first: he does not answer."""
    w.trunk.plan = customer
    channel_id = place(w, First.CUSTOMER, number)
    outside = w.outside_leg()
    over(outside)
    sleep(0.5)
    w.record(None, result, callee=number, channel_id=channel_id, customer=outside)


def progressive_missed(
    w: World, number: str, plan: dict[str, Any], customer: dict[str, Any], agent: str = "1001"
) -> None:
    """The customer answers, and his agent does not."""
    w.trunk.plan = customer
    w.agents[agent].plan = plan
    channel_id = place(w, First.CUSTOMER, number, agent)
    outside = w.outside_leg()
    over(outside)
    w.record(None, "picked_up", callee=number, channel_id=channel_id, customer=outside)


@scenario
def progressive_answered(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"ring": 1.5}
    channel_id = place(w, First.CUSTOMER, "447700900621")
    outside, leg = w.outside_leg(), w.agent_call("1001")
    leg.wait_state("up")
    hang_up(outside, after=2)
    assert (leg.caller, outside.caller) == ("447700900621", COMPANY), "the phones show the wrong numbers"
    w.record(None, "answered", callee="447700900621", channel_id=channel_id, customer=outside)


@scenario
def progressive_busy(w: World) -> None:
    progressive(w, "447700900622", "busy", {"reject": 486})


@scenario
def progressive_noanswer(w: World) -> None:
    progressive(w, "447700900623", "noanswer", {"ring": None})


@scenario
def progressive_congestion(w: World) -> None:
    progressive(w, "447700900624", "congestion", {"reject": 503})


@scenario
def progressive_invalid_number(w: World) -> None:
    progressive(w, "447700900625", "invalid", {"reject": 404})


@scenario
def progressive_declined(w: World) -> None:
    progressive(w, "447700900626", "declined", {"ring": 1.5, "reject": 603})


@scenario
def progressive_hung_up_early(w: World) -> None:
    progressive_missed(w, "447700900627", {"ring": 3.0}, {"ring": 1.0, "talk": 1.0})


@scenario
def progressive_agent_declines(w: World) -> None:
    progressive_missed(w, "447700900628", {"ring": 1.0, "reject": 603}, {"ring": 1.0})


@scenario
def progressive_agent_busy(w: World) -> None:
    progressive_missed(w, "447700900629", {"reject": 486}, {"ring": 1.0})


@scenario
def progressive_agent_unreachable(w: World) -> None:
    progressive_missed(w, "447700900630", {"ring": None}, {"ring": 1.0}, NOBODY_THERE)


@scenario
def progressive_agent_noanswer(w: World) -> None:
    progressive_missed(w, "447700900631", {"ring": None}, {"ring": 1.0})


@scenario
def progressive_no_trunk(w: World) -> None:
    """The trunk is not there: no channel is made, and nobody is dialled."""
    channel_id = place(w, First.CUSTOMER, "447700900633", trunk="none")
    sleep(3)
    assert not w.trunk.rung()
    w.record(None, "no_endpoint", callee="447700900633", channel_id=channel_id)


@scenario
def progressive_with_notice(w: World) -> None:
    """The customer hears the notice, then the agent's phone rings."""
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"ring": 1.0}
    channel_id = place(w, First.CUSTOMER, "447700900632", notice=True)
    outside, leg = w.outside_leg(), w.agent_call("1001")
    leg.wait_state("up")
    assert leg.times["invite"] - outside.times["answer"] > 0.5, "the agent's phone rang during the notice"
    hang_up(leg, after=2)
    w.record(None, "answered", callee="447700900632", channel_id=channel_id, customer=outside)


@scenario(only="freepbx")
def preview_by_route(w: World) -> None:
    """Out by FreePBX's own route, so that its caller id and recording rules apply."""
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"ring": 1.5}
    channel_id = place(w, First.AGENT, "447700900641", trunk="route")
    outside = w.outside_leg()
    outside.wait_state("up")
    hang_up(w.agent_call("1001"), after=2)
    w.record(None, "answered", callee="447700900641", channel_id=channel_id, customer=outside)


@scenario(only="freepbx")
def progressive_by_route(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"ring": 1.5}
    channel_id = place(w, First.CUSTOMER, "447700900642", trunk="route")
    outside = w.outside_leg()
    w.agent_call("1001").wait_state("up")
    hang_up(outside, after=2)
    w.record(None, "answered", callee="447700900642", channel_id=channel_id, customer=outside)


@scenario(only="freepbx")
def progressive_by_route_busy(w: World) -> None:
    w.trunk.plan = {"ring": 1.0, "reject": 486}
    channel_id = place(w, First.CUSTOMER, "447700900643", trunk="route")
    outside = w.outside_leg()
    over(outside)
    sleep(2)
    w.record(None, "busy", callee="447700900643", channel_id=channel_id, customer=outside)
