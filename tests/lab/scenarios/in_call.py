"""What happens within a call: hold, reload."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import customer_talks_to, hang_up, sleep
from tests.lab.world import World


@scenario
def hold_unhold(w: World) -> None:
    call, agent = customer_talks_to(w, "442079460001", "1001")
    agent.hold()
    sleep(3)
    agent.unhold()
    hang_up(call, after=2)
    w.record(call, "answered")


@scenario
def hold_twice(w: World) -> None:
    """Two holds of different length; the talk is what is left."""
    call, agent = customer_talks_to(w, "442079460003", "1003", seconds=1.5)
    for held, talked in ((1.0, 1.5), (2.0, 1.0)):
        agent.hold()
        sleep(held)
        agent.unhold()
        sleep(talked)
    hang_up(call)
    w.record(call, "answered")


@scenario
def hold_until_customer_leaves(w: World) -> None:
    """The customer hangs up while on hold."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    agent.hold()
    hang_up(call, after=2)
    w.record(call, "answered")


@scenario
def reload_in_call(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.0, "talk": 4.0}
    call = w.dial_in("442079460001")
    w.agent_call("1001").wait_state("up")
    w.ami.action("Reload")
    call.wait_state("ended", timeout=15)
    w.record(call, "answered")


@scenario
def reload_while_queue_rings(w: World) -> None:
    """Everything is reloaded while one customer waits and an agent's phone rings."""
    w.pause_others(["1002"])
    w.agents["1002"].plan = {"ring": 2.5, "talk": 3.0}
    call = w.dial_in("442079460100")
    w.agent_call("1002").wait_state("ringing")
    sleep(0.5)
    w.ami.action("Reload")
    call.wait_state("ended", timeout=25)
    w.record(call, "answered", queue="support")
    w.pause_others(["1002"], paused=False)
