"""Calls that the application places: click-to-call and campaigns."""

from __future__ import annotations

import time
from typing import Any

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, sleep
from tests.lab.world import Plan, World


def click(w: World, agent: str, number: str, **fields: Any) -> dict[str, str] | None:
    """The agent's phone first, then the customer."""
    return w.originate(
        f"PJSIP/{agent}",
        Context=w.flavour.inside,
        Exten="9" + number,
        Priority="1",
        CallerID=f'"Click" <{number}>',
        **fields,
    )


@scenario
def click_to_call(w: World) -> None:
    w.agents["1001"].plan = {"ring": 2.0}
    w.trunk.plan = {"ring": 3.0}
    said = click(w, "1001", "447700900511", Variable="CAMPAIGN=c2c")
    customer = w.outside_leg()
    customer.wait_state("up")
    hang_up(w.agent_call("1001"), after=4)
    w.record(None, "answered", callee="447700900511", originate=said, customer=customer)


@scenario
def click_to_call_agent_noanswer(w: World) -> None:
    said = click(w, "1002", "447700900512", Timeout="5000")
    sleep(0.5)
    w.record(None, "agent_noanswer", callee="447700900512", originate=said)


@scenario
def click_to_call_customer_busy(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"reject": 486, "delay": 0.3}
    said = click(w, "1001", "447700900513")
    sleep(3)
    w.record(None, "customer_busy", callee="447700900513", originate=said, customer=w.outside_leg())


@scenario
def click_to_call_customer_noanswer(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"ring": None}
    said = click(w, "1001", "447700900514")
    sleep(6)
    hang_up(w.agent_call("1001"))
    w.record(None, "customer_noanswer", callee="447700900514", originate=said, customer=w.outside_leg())


@scenario
def click_to_call_customer_declines(w: World) -> None:
    """603 after ringing."""
    w.agents["1001"].plan = {"ring": 1.0}
    w.trunk.plan = {"ring": 2.0, "reject": 603}
    said = click(w, "1001", "447700900515", ChannelId="c2c-5")
    sleep(4)
    w.record(None, "declined", callee="447700900515", originate=said, channel_id="c2c-5", customer=w.outside_leg())


def campaign(
    w: World,
    number: str,
    result: str,
    plan: Plan,
    exten: str = "1001",
    timeout: str = "20000",
    talk: float | None = None,
    **more: Any,
) -> None:
    """The customer first, then an agent or a queue."""
    w.trunk.plan = plan
    said = w.originate(
        f"PJSIP/{number}@{w.flavour.trunk}",
        Context=w.flavour.campaign,
        Exten=exten,
        Priority="1",
        CallerID='"Company" <442079460100>',
        Timeout=timeout,
        Variable="CAMPAIGN=spring",
    )
    customer = w.outside_leg()
    if talk:
        w.any_agent("up", 20)
        sleep(talk)
        customer.hangup()
    else:
        sleep(1)
    sleep(0.5)
    w.record(None, result, callee=number, originate=said, customer=customer, **more)


@scenario
def campaign_to_agent(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.5}
    campaign(w, "447700900521", "answered", {"ring": 2.0}, talk=4)


@scenario
def campaign_to_queue(w: World) -> None:
    for name in ("1001", "1002", "1003"):
        w.agents[name].plan = {"ring": 1.5}
    campaign(w, "447700900522", "answered", {"ring": 2.0}, exten=w.flavour.campaign_queue, talk=4, queue="support")


@scenario
def campaign_busy(w: World) -> None:
    campaign(w, "447700900523", "busy", {"reject": 486})


@scenario
def campaign_busy_with_channel_id(w: World) -> None:
    """With a ChannelId a failed attempt can be found again: OriginateResponse has no Uniqueid then."""
    w.trunk.plan = {"reject": 486}
    said = w.originate(
        f"PJSIP/447700900530@{w.flavour.trunk}",
        Context=w.flavour.campaign,
        Exten="1001",
        Priority="1",
        ChannelId="job-43-attempt-1",
    )
    w.record(
        None,
        "busy",
        callee="447700900530",
        originate=said,
        channel_id="job-43-attempt-1",
        customer=w.outside_leg(),
    )


@scenario
def campaign_local_busy(w: World) -> None:
    """Through the dialplan (Local channel): dialled and recorded as an agent's call would be."""
    w.trunk.plan = {"ring": 1.0, "reject": 486}
    said = w.originate(
        f"Local/9447700900531@{w.flavour.inside}/n", Context=w.flavour.campaign, Exten="1001", Priority="1"
    )
    w.record(None, "busy", callee="447700900531", originate=said, customer=w.outside_leg())


@scenario
def campaign_local_answered(w: World) -> None:
    w.trunk.plan = {"ring": 2.0}
    w.agents["1001"].plan = {"ring": 1.0}
    said = w.originate(
        f"Local/9447700900532@{w.flavour.inside}/n",
        Context=w.flavour.campaign,
        Exten="1001",
        Priority="1",
        ChannelId="job-44-attempt-1",
        OtherChannelId="job-44-attempt-1-b",
    )
    customer = w.outside_leg()
    w.any_agent("up", 20)
    hang_up(customer, after=3)
    w.record(
        None,
        "answered",
        callee="447700900532",
        originate=said,
        channel_id="job-44-attempt-1",
        customer=customer,
    )


@scenario
def campaign_noanswer(w: World) -> None:
    campaign(w, "447700900524", "noanswer", {"ring": None}, timeout="6000")


@scenario
def campaign_congestion(w: World) -> None:
    campaign(w, "447700900525", "congestion", {"reject": 503})


@scenario
def campaign_invalid_number(w: World) -> None:
    campaign(w, "447700900526", "invalid", {"reject": 404})


@scenario
def campaign_declined(w: World) -> None:
    campaign(w, "447700900527", "declined", {"ring": 2.0, "reject": 603})


@scenario
def campaign_agent_noanswer(w: World) -> None:
    """The customer answers, nobody takes him, and he hangs up after 4 s of ringing."""
    w.trunk.plan = {"ring": 1.0, "talk": 5.0}
    said = w.originate(
        f"PJSIP/447700900533@{w.flavour.trunk}",
        Context=w.flavour.campaign,
        Exten="1003",
        Priority="1",
        CallerID='"Company" <442079460100>',
        ChannelId="job-45-attempt-1",
    )
    w.outside_leg().wait_state("ended", timeout=15)
    sleep(0.5)
    w.record(
        None,
        "picked_up",
        callee="447700900533",
        originate=said,
        channel_id="job-45-attempt-1",
        customer=w.outside_leg(),
    )


@scenario
def campaign_no_such_endpoint(w: World) -> None:
    said = w.originate("PJSIP/nobody", Context=w.flavour.campaign, Exten="1001", Priority="1", wait=5)
    w.record(None, "no_endpoint", callee="nobody", originate=said)


@scenario
def campaign_synchronous(w: World) -> None:
    """Without Async the response waits for the answer, and so does the connection."""
    w.trunk.plan = {"ring": 2.0, "talk": 4.0}
    began = time.time()
    response = w.ami.action(
        "Originate",
        Channel=f"PJSIP/447700900528@{w.flavour.trunk}",
        Context=w.flavour.campaign,
        Exten="message",
        Priority="1",
        Timeout="15000",
        timeout=20,
    )
    after = round(time.time() - began, 3)
    sleep(6)
    w.record(
        None,
        "message_played",
        callee="447700900528",
        response=dict(response or []),
        response_after=after,
        customer=w.outside_leg(),
    )


@scenario
def originate_ids(w: World) -> None:
    """ChannelId and OtherChannelId let the application choose the uniqueid."""
    w.trunk.plan = {"ring": 1.0, "talk": 3.0}
    said = w.originate(
        f"PJSIP/447700900529@{w.flavour.trunk}",
        Context=w.flavour.campaign,
        Exten="message",
        Priority="1",
        ChannelId="job-42-attempt-1",
    )
    sleep(4)
    w.record(
        None,
        "message_played",
        callee="447700900529",
        originate=said,
        channel_id="job-42-attempt-1",
        customer=w.outside_leg(),
    )
