"""A conference room with a customer and two agents."""

from typing import Any

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, sleep
from tests.lab.world import World

MEMBER: dict[str, Any] = {"offered": False, "kind": ["conference", "customer"]}


@scenario
def conference_customer_and_two_agents(w: World) -> None:
    """The customer waits in the room; 1001 comes, then 1006; 1001 leaves first."""
    call = w.dial_in("442079460110")
    call.wait_state("up")
    sleep(1)
    first = w.agents["1001"].call("800")
    first.wait_state("up")
    sleep(2)
    second = w.agents["1006"].call("800")
    second.wait_state("up")
    sleep(2)
    first.hangup()
    sleep(2)
    call.hangup()
    sleep(0.5)
    hang_up(second)
    first.plan["truth"] = second.plan["truth"] = MEMBER
    w.record(call, "answered", legs=[first, second], ended_by=None, t_end_of_call=None, transfers=None)
