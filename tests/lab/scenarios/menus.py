"""Digit menus."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import sleep
from tests.lab.world import World


@scenario
def menu_to_queue(w: World) -> None:
    w.pause_others(["1002"])
    w.agents["1002"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460200")
    call.wait_state("up")
    sleep(2)
    call.dtmf("1")
    call.wait_state("ended", timeout=30)
    w.record(call, "answered", queue="support", menu="1")
    w.pause_others(["1002"], paused=False)


@scenario
def menu_invalid_then_direct(w: World) -> None:
    w.agents["1001"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460200")
    call.wait_state("up")
    sleep(1)
    call.dtmf("9")
    sleep(7)  # digits during the "invalid" prompt are lost
    call.dtmf("3")
    call.wait_state("ended", timeout=30)
    w.record(call, "answered", menu="9,3")


@scenario
def menu_hangup(w: World) -> None:
    call = w.dial_in("442079460200")
    call.wait_state("up")
    sleep(2)
    call.hangup()
    w.record(call, "hangup_in_menu")


@scenario
def menu_two_levels(w: World) -> None:
    """Language, then department, then the queue."""
    w.agents["1005"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460201")
    call.wait_state("up")
    sleep(2)
    call.dtmf("1")
    sleep(2)
    call.dtmf("2")
    call.wait_state("ended", timeout=30)
    w.record(call, "answered", queue="sales", menu="1,2")
