"""A customer calls an agent's own number."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, sleep
from tests.lab.world import World


@scenario
def direct_answered(w: World) -> None:
    w.agents["1001"].plan = {"ring": 2.5}
    call = w.dial_in("442079460001")
    call.wait_state("up")
    hang_up(call, after=4)
    w.record(call, "answered")


@scenario
def direct_noanswer(w: World) -> None:
    call = w.dial_in(w.flavour.noanswer)
    call.wait_state("ended", timeout=30)
    w.record(call, "noanswer")


@scenario
def direct_caller_gives_up(w: World) -> None:
    call = w.dial_in("442079460002")
    hang_up(call, after=5)
    w.record(call, "abandoned")


@scenario
def direct_busy(w: World) -> None:
    w.agents["1003"].plan = {"reject": 486}
    call = w.dial_in("442079460003")
    call.wait_state("ended")
    w.record(call, "busy")


@scenario
def direct_declined_after_ring(w: World) -> None:
    w.agents["1003"].plan = {"ring": 2.0, "reject": 603}
    call = w.dial_in("442079460003")
    call.wait_state("ended")
    w.record(call, "declined")


@scenario
def direct_declined_486_after_ring(w: World) -> None:
    """The decline button of many phones sends 486."""
    w.agents["1003"].plan = {"ring": 2.0, "reject": 486}
    call = w.dial_in("442079460003")
    call.wait_state("ended")
    w.record(call, "declined")


@scenario
def direct_unregistered(w: World) -> None:
    call = w.dial_in("442079460007")
    call.wait_state("ended")
    w.record(call, "unavailable")


@scenario
def direct_to_mailbox(w: World) -> None:
    call = w.dial_in("442079460502")
    call.wait_state("up", timeout=15)
    sleep(7)
    call.hangup()
    w.record(call, "mailbox")


@scenario
def mailbox_message_left(w: World) -> None:
    """1002 declines, so the customer talks to the mailbox and hangs up after the message."""
    w.agents["1002"].plan = {"ring": 1.0, "reject": 486}
    call = w.dial_in("442079460502")
    call.wait_state("up", timeout=15)
    sleep(9)
    call.hangup()
    w.record(call, "mailbox")


@scenario
def mailbox_listened_to(w: World) -> None:
    """An agent dials his mailbox: a lone channel in a feature code, and so no call."""
    call = w.agents["1003"].call("*98")
    call.wait_state("up", timeout=10)
    hang_up(call, after=3)
