"""A colleague answers a ringing phone from his own."""

from typing import Any

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, sleep
from tests.lab.softphone import Call
from tests.lab.world import World


def picked_up(w: World, did: str, ringing: str, code: str, **more: Any) -> None:
    """The phone rings for 2 s, then 1006 dials the code and has the customer."""
    call = w.dial_in(did)
    w.agent_call(ringing).wait_state("ringing")
    sleep(2)
    taker = w.agents["1006"].call(code)
    taker.wait_state("up", timeout=5)
    hang_up(call, after=3)
    taker.plan["truth"] = {"source": "pickup"}
    w.record(
        call,
        "answered",
        legs=[*rung(w), taker],
        **more,
        transfers=[{"kind": "pickup", "by": ["1006", ringing], "to": None, "completed": True}],
    )


def rung(w: World) -> list[Call]:
    return [call for agent in w.agents.values() for call in agent.rung()]


@scenario
def pickup_group(w: World) -> None:
    """``*8``: any ringing phone of the group."""
    picked_up(w, "442079460003", "1003", "*8")


@scenario
def pickup_directed(w: World) -> None:
    picked_up(w, "442079460003", "1003", w.flavour.directed_pickup + "1003")


@scenario
def pickup_of_queue_call(w: World) -> None:
    """``*8`` takes a customer from the queue."""
    w.pause_others(["1003"])
    picked_up(w, "442079460100", "1003", "*8", queue="support")
    w.pause_others(["1003"], paused=False)
