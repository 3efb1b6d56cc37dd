"""Calls that agents place at their phones: to each other and to customers."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up
from tests.lab.world import Plan, World


@scenario
def agent_to_agent(w: World) -> None:
    w.agents["1002"].plan = {"ring": 1.5}
    call = w.agents["1001"].call("1002")
    call.wait_state("up")
    hang_up(call, after=3)
    w.record(call, "answered", direction="internal")


def outbound(
    w: World, number: str, plan: Plan, result: str, talk: float | None = None, patience: float | None = None
) -> None:
    """1001 calls a customer; patience: he gives up so long after ringing began."""
    w.trunk.plan = plan
    call = w.agents["1001"].call("9" + number)
    if talk is not None:
        call.wait_state("up")
        hang_up(call, after=talk)
    elif patience is not None:
        w.outside_leg().wait_state("ringing")
        hang_up(call, after=patience)
    else:
        call.wait_state("ended", timeout=40)
    w.record(call, result, customer=w.outside_leg())


@scenario
def agent_outbound_manual(w: World) -> None:
    outbound(w, "447700900501", {"ring": 2.0}, "answered", talk=4)


@scenario
def agent_outbound_busy(w: World) -> None:
    outbound(w, "447700900502", {"reject": 486}, "busy")


@scenario
def agent_outbound_given_up(w: World) -> None:
    """The customer's phone rings until the agent gives up."""
    outbound(w, "447700900503", {"ring": None}, "cancelled", patience=4)


@scenario
def agent_outbound_no_answer(w: World) -> None:
    """The network gives up: 480 after ringing."""
    outbound(w, "447700900506", {"ring": 3.0, "reject": 480}, "noanswer")


@scenario
def agent_outbound_no_such_number(w: World) -> None:
    outbound(w, "447700900504", {"reject": 404}, "unavailable")


@scenario
def agent_outbound_declined(w: World) -> None:
    """The customer presses decline: 603 after ringing."""
    outbound(w, "447700900507", {"ring": 2.0, "reject": 603}, "declined")
