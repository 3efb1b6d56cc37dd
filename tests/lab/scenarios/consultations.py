"""Attended transfers and consultations: completed, cancelled, never joined, three-way."""

from typing import Any

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import customer_talks_to, handed_over, hang_up, recognised, sleep, spoken
from tests.lab.softphone import Call
from tests.lab.world import World


def consult(w: World, agent: Call, number: str = "1006") -> Call:
    """Put the customer on hold and call a colleague on a second line."""
    agent.hold()
    sleep(0.5)
    return w.agents[agent.phone.user].call(number)


def attended_refer(w: World, did: str, name: str, reverse: bool = False, **more: Any) -> None:
    """Hold, consult 1006, then REFER with Replaces.

    Phones send the REFER in the customer's dialog (Refer-To the consulted party); reverse: in
    the consultation's dialog (Refer-To the customer), as some do.
    """
    w.agents["1006"].plan = {"ring": 1.5}
    call, agent = customer_talks_to(w, did, name)
    second = consult(w, agent)
    second.wait_state("up")
    sleep(2)
    used, other = (second, agent) if reverse else (agent, second)
    used.refer_replaces(other)
    used.referred()
    second.hangup()
    agent.hangup()
    hang_up(call, after=3)
    w.record(
        call,
        "transferred",
        transfer_status=used.transfer_status,
        method="REFER Replaces" + (", in the consultation's dialog" if reverse else ""),
        transfers=[handed_over("attended", agent, "1006", consulted=w.agent_call("1006"))],
        **more,
    )


@scenario
def transfer_attended_refer(w: World) -> None:
    w.pause_others(["1001"])
    attended_refer(w, "442079460100", "1001", queue="support")
    w.pause_others(["1001"], paused=False)


@scenario
def transfer_attended_refer_reversed(w: World) -> None:
    w.pause_others(["1001"])
    attended_refer(w, "442079460100", "1001", reverse=True, queue="support")
    w.pause_others(["1001"], paused=False)


@scenario
def transfer_attended_local_member(w: World) -> None:
    """The agent who transfers is a queue member behind a Local channel."""
    attended_refer(w, "442079460101", "1004", queue="sales")


@scenario
def transfer_attended_feature_code(w: World) -> None:
    w.pause_others(["1001"])
    w.agents["1006"].plan = {"ring": 1.5}
    call, agent = customer_talks_to(w, "442079460100", "1001")
    dial_by_code(agent)
    w.agent_call("1006").wait_state("up")
    sleep(2)
    agent.hangup()  # hanging up completes it
    hang_up(call, after=3)
    w.record(
        call,
        "transferred",
        queue="support",
        method="dtmf *2",
        transfers=[handed_over("attended", agent, "1006", consulted=w.agent_call("1006"), code=True)],
    )
    w.pause_others(["1001"], paused=False)


def dial_by_code(agent: Call) -> None:
    agent.dtmf("*2")
    sleep(2)
    agent.dtmf("1006")


@scenario
def transfer_attended_direct_call(w: World) -> None:
    attended_refer(w, "442079460002", "1002")


@scenario
def transfer_attended_abandoned(w: World) -> None:
    """The customer gives up on hold while the agent still consults."""
    w.agents["1006"].plan = {"ring": 1.5}
    call, agent = customer_talks_to(w, "442079460001", "1001", seconds=1)
    agent.hold()
    second = w.agents["1001"].call("1006")
    second.wait_state("up")
    sleep(1)
    call.hangup()
    sleep(2)
    hang_up(second)
    w.record(call, "answered", abandoned_on_hold=True)


@scenario
def transfer_attended_while_ringing_refer(w: World) -> None:
    """REFER with Replaces while the colleague still rings, who then answers."""
    w.agents["1006"].plan = {"ring": 3.0}
    call, agent = customer_talks_to(w, "442079460003", "1003")
    second = consult(w, agent)
    second.wait_state("ringing")
    sleep(1)
    agent.refer_replaces(second)
    agent.referred()
    second.hangup()
    agent.hangup()
    third = w.agent_call("1006")
    third.wait_state("up", timeout=6)
    hang_up(call, after=2)
    w.record(
        call,
        "transferred",
        method="REFER Replaces, early",
        transfer_status=agent.transfer_status,
        transfers=[
            handed_over(
                ["attended", "blind"],
                agent,
                "1006",
                completed="answer" in third.times,
                at=agent.times.get("refer_accepted"),
            )
        ],
    )


@scenario
def transfer_attended_while_ringing_code(w: World) -> None:
    """``*2``, and the agent hangs up while the colleague still rings, who then answers."""
    w.agents["1006"].plan = {"ring": 3.0}
    call, agent = customer_talks_to(w, "442079460003", "1003")
    dial_by_code(agent)
    w.agent_call("1006").wait_state("ringing")
    sleep(1)
    agent.hangup()
    w.agent_call("1006").wait_state("up")
    hang_up(call, after=2)
    w.record(
        call,
        "transferred",
        method="dtmf *2, early",
        transfers=[handed_over("attended", agent, "1006", code=True)],
    )


@scenario
def transfer_attended_cancelled_refer(w: World) -> None:
    """The agent asks a colleague, hangs up there and takes the customer back."""
    w.agents["1006"].plan = {"ring": 1.0}
    call, agent = customer_talks_to(w, "442079460003", "1003")
    second = consult(w, agent)
    second.wait_state("up")
    hang_up(second, after=1.5)
    agent.unhold()
    hang_up(call, after=2)
    w.record(call, "answered", unjoined=["1006"])


@scenario
def transfer_attended_cancelled_code(w: World) -> None:
    """``*2``, a talk with the colleague, and the abort code: the agent has the customer back."""
    w.agents["1006"].plan = {"ring": 1.0}
    call, agent = customer_talks_to(w, "442079460003", "1003")
    dial_by_code(agent)
    third = w.agent_call("1006")
    third.wait_state("up")
    sleep(1.5)
    agent.dtmf(w.flavour.abort_transfer)
    third.wait_state("ended", timeout=5)
    back = recognised(agent)
    hang_up(call, after=2)
    start, gone, asked = agent.times["answer"], recognised(agent, 0), third.times["answer"]
    away = round(back - gone, 3)
    w.record(
        call,
        "answered",
        transfers=None,
        talks=[
            spoken("1003", "customer", start, gone),
            spoken("1003", "customer", back, call.times["end"], hold=None),
            {**spoken("1003", "consult", asked, back, hold=None)},
            {**spoken("1006", "consult", asked, back, hold=None)},
        ],
        away_seconds=away,
        method="dtmf *2, aborted",
    )


@scenario
def consultation_unanswered(w: World) -> None:
    """The colleague does not answer, so the agent goes back to the customer."""
    call, agent = customer_talks_to(w, "442079460003", "1003")
    second = consult(w, agent)
    second.wait_state("ringing")
    hang_up(second, after=2)
    agent.unhold()
    hang_up(call, after=2)
    w.record(call, "answered", unjoined=["1006"])


@scenario
def three_way_by_code(w: World) -> None:
    """``*2`` and the three-way code: customer and two agents; then the first agent leaves."""
    w.agents["1006"].plan = {"ring": 1.0}
    call, agent = customer_talks_to(w, "442079460003", "1003")
    dial_by_code(agent)
    third = w.agent_call("1006")
    third.wait_state("up")
    sleep(1.5)
    agent.dtmf(w.flavour.three_way)
    together = recognised(agent)
    sleep(2.5)
    agent.hangup()
    hang_up(call, after=2)
    start, gone, asked, end = (
        agent.times["answer"],
        recognised(agent, 0),
        third.times["answer"],
        call.times["end"],
    )
    both: Any = ["customer", "conference"]
    w.record(
        call,
        "answered",
        transfers=None,
        method="dtmf *2, three-way",
        talks=[
            spoken("1003", both, start, agent.times["end"], hold=None)
            | {"talk_seconds": round(gone - start + agent.times["end"] - together, 3)},
            spoken("1003", "consult", asked, together, hold=None),
            spoken("1006", "consult", asked, together, hold=None),
            spoken("1006", both, together, end),
        ],
    )
