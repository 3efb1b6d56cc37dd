"""Calls that are parked: fetched by a colleague, or back after a while."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import customer_talks_to, handed_over, hang_up, sleep
from tests.lab.scenarios.transfers import refer
from tests.lab.world import World


@scenario
def park_and_retrieve(w: World) -> None:
    """1003 parks the customer; 1006 dials the place."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    refer(agent, w.flavour.park)
    sleep(3)
    taker = w.agents["1006"].call(w.flavour.park_slot)
    taker.wait_state("up", timeout=5)
    hang_up(call, after=3)
    taker.plan["truth"] = {"offered": False}
    moved = handed_over("park", agent, None, at=agent.times.get("refer_accepted"))
    w.record(call, "answered", legs=[agent, taker], transfers=[moved])


@scenario
def park_time_out_comes_back(w: World) -> None:
    """Nobody fetches the customer, so the phone that parked him rings again and answers."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    refer(agent, w.flavour.park_short)
    again = w.agent_call("1003", nth=1)
    again.wait_state("up", timeout=10)
    hang_up(call, after=2)
    again.plan["truth"] = {"source": ["direct", "transfer"]}
    moved = handed_over("park", agent, None, at=agent.times.get("refer_accepted"), completed=[True, False])
    w.record(call, "answered", legs=[agent, again], transfers=[moved])


@scenario
def park_abandoned(w: World) -> None:
    """The customer hangs up while parked."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    refer(agent, w.flavour.park)
    hang_up(call, after=3)
    moved = handed_over("park", agent, None, at=agent.times.get("refer_accepted"), completed=[True, False])
    w.record(call, "answered", transfers=[moved])
