"""A supervisor listens to a call (ChanSpy)."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import customer_talks_to, hang_up
from tests.lab.world import World


def spied_on(w: World, code: str) -> None:
    """1006 spies on 1003's call from its second to its fifth second."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    spy = w.agents["1006"].call(code + "1003")
    spy.wait_state("up", timeout=5)
    hang_up(spy, after=3)
    hang_up(call, after=1)
    spy.plan["truth"] = {"offered": False, "kind": "monitor"}
    w.record(call, "answered", legs=[agent, spy])


@scenario
def supervisor_listens(w: World) -> None:
    spied_on(w, "555")


@scenario
def supervisor_whispers(w: World) -> None:
    spied_on(w, "556")
