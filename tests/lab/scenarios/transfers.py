"""Blind transfers: by REFER, by code, into a queue, to nobody."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import customer_talks_to, handed_over, hang_up, sleep
from tests.lab.softphone import Call
from tests.lab.world import World


def refer(agent: Call, number: str) -> None:
    """Transfer blindly, and hang up when the PBX says that it went."""
    agent.refer(number)
    agent.referred()
    agent.hangup()


@scenario
def transfer_blind_refer(w: World) -> None:
    w.pause_others(["1001"])
    w.agents["1006"].plan = {"ring": 1.5}
    call, agent = customer_talks_to(w, "442079460100", "1001", seconds=3)
    refer(agent, "1006")
    w.agent_call("1006").wait_state("up")
    hang_up(call, after=3)
    w.record(call, "transferred", queue="support", method="REFER", transfers=[handed_over("blind", agent, "1006")])
    w.pause_others(["1001"], paused=False)


@scenario
def transfer_blind_feature_code(w: World) -> None:
    w.pause_others(["1001"])
    w.agents["1006"].plan = {"ring": 1.5}
    call, agent = customer_talks_to(w, "442079460100", "1001")
    agent.dtmf("##")
    sleep(2)
    agent.dtmf("1006")
    w.agent_call("1006").wait_state("up")
    hang_up(call, after=3)
    w.record(
        call,
        "transferred",
        queue="support",
        method="dtmf ##",
        transfers=[handed_over("blind", agent, "1006", code=True)],
    )
    w.pause_others(["1001"], paused=False)


@scenario
def transfer_blind_to_noanswer(w: World) -> None:
    """The customer hangs up while the target rings."""
    call, agent = customer_talks_to(w, "442079460001", "1001")
    refer(agent, "1006")
    hang_up(call, after=6)
    w.record(call, "transferred", method="REFER", transfers=[handed_over("blind", agent, "1006", completed=False)])


@scenario
def transfer_blind_target_declines(w: World) -> None:
    """The target rings and declines: the customer falls."""
    w.agents["1006"].plan = {"ring": 1.5, "reject": 486}
    call, agent = customer_talks_to(w, "442079460003", "1003")
    refer(agent, "1006")
    call.wait_state("ended", timeout=10)
    hang_up(call)
    w.record(
        call,
        "transferred",
        method="REFER",
        transfers=[handed_over("blind", agent, "1006", completed=False)],
    )


@scenario
def transfer_blind_into_queue(w: World) -> None:
    """1002, who was called directly, sends the customer into the queue."""
    w.agents["1004"].plan = {"ring": 1.5}
    target = w.flavour.queue_extensions["sales"]
    call, agent = customer_talks_to(w, "442079460002", "1002")
    refer(agent, target)
    w.agent_call("1004").wait_state("up")
    hang_up(call, after=3)
    moved = handed_over("blind", agent, target)
    w.record(
        call,
        "transferred",
        method="REFER",
        transfers=[moved],
        queue_visits=[{"queue": "sales", "joined": moved["at"], "ended": "answered"}],
    )


@scenario
def transfer_blind_to_unregistered(w: World) -> None:
    """The target's phone is not there: the customer falls."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    refer(agent, "1007")
    call.wait_state("ended", timeout=15)
    hang_up(call)
    w.record(
        call,
        "transferred",
        method="REFER",
        transfers=[handed_over("blind", agent, "1007", completed=False)],
    )


@scenario
def transfer_blind_to_dead_number(w: World) -> None:
    """No such number: the PBX refuses the REFER (404), and the agent keeps the customer."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    agent.refer("1999")
    agent.referred(3)
    hang_up(call, after=2)
    w.record(call, "answered", method="REFER", refused=agent.times.get("refer_refused") is not None)


@scenario
def internal_call_transferred(w: World) -> None:
    """1001 calls 1002, who sends him on to 1003."""
    w.agents["1002"].plan = {"ring": 1.0}
    w.agents["1003"].plan = {"ring": 1.0}
    call = w.agents["1001"].call("1002")
    second = w.agent_call("1002")
    second.wait_state("up")
    sleep(2)
    refer(second, "1003")
    third = w.agent_call("1003")
    third.wait_state("up")
    hang_up(call, after=2)
    moved = handed_over("blind", second, "1003")
    met, parted, again, end = second.times["answer"], moved["at"], third.times["answer"], call.times["end"]
    w.record(
        call,
        "answered",
        direction="internal",
        transfers=[moved],
        talks=[
            {"agent": "1001", "kind": "internal", "from": met, "to": parted},
            {"agent": "1002", "kind": "internal", "from": met, "to": parted},
            {"agent": "1001", "kind": "internal", "from": again, "to": end},
            {"agent": "1003", "kind": "internal", "from": again, "to": end},
        ],
    )


@scenario
def outbound_call_transferred(w: World) -> None:
    """1001 calls a customer and sends him on to 1006."""
    w.trunk.plan = {"ring": 1.5}
    w.agents["1006"].plan = {"ring": 1.0}
    call = w.agents["1001"].call("9447700900505")
    call.wait_state("up")
    customer = w.outside_leg()
    sleep(2)
    refer(call, "1006")
    w.agent_call("1006").wait_state("up")
    hang_up(customer, after=2)
    w.record(
        call,
        "answered",
        customer=customer,
        ended_by="customer",
        transfers=[handed_over("blind", call, "1006")],
    )
