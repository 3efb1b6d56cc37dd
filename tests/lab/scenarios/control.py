"""Registrations, and a supervisor's actions on a call."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import customer_talks_to, handed_over, hang_up, sleep
from tests.lab.world import World


@scenario
def register_unregister(w: World) -> None:
    w.agents["1007"].register()
    sleep(1)
    w.agents["1007"].plan = {"ring": 1.0, "talk": 2.0}
    call = w.dial_in("442079460007")
    call.wait_state("ended", timeout=15)
    w.record(call, "answered")
    w.agents["1007"].register(0)
    sleep(1)


@scenario
def ami_redirect_and_hangup(w: World) -> None:
    """A supervisor moves a call to another agent and then ends it."""
    w.agents["1006"].plan = {"ring": 1.0}
    call, agent = customer_talks_to(w, "442079460001", "1001")
    channel = w.channel_of(call.caller or "")
    w.ami.action("Redirect", Channel=channel, Context=w.flavour.inside, Exten="1006", Priority="1")
    w.agent_call("1006").wait_state("up")
    sleep(2)
    w.ami.action("Hangup", Channel=channel, Cause="16")
    call.wait_state("ended")
    sleep(0.5)
    w.record(call, "redirected", transfers=[handed_over("redirect", agent, "1006") | {"by": None}])


@scenario
def redirect_of_a_called_customer(w: World) -> None:
    """1001 calls a customer; a supervisor moves the customer's own channel, which runs no dialplan, to 1006."""
    w.trunk.plan = {"ring": 1.0}
    w.agents["1006"].plan = {"ring": 1.0}
    call = w.agents["1001"].call("9447700900507")
    call.wait_state("up")
    customer = w.outside_leg()
    sleep(2)
    w.ami.action(
        "Redirect",
        Channel=w.newest_channel("PJSIP/" + w.flavour.trunk),
        Context=w.flavour.inside,
        Exten="1006",
        Priority="1",
    )
    w.agent_call("1006").wait_state("up")
    hang_up(customer, after=2)
    w.record(
        call,
        "answered",
        customer=customer,
        ended_by="customer",
        transfers=[handed_over("redirect", call, "1006") | {"by": None}],
    )
