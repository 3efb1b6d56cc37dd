"""Queue members who are not simply a phone: hot desks, agents who wait on the line."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, sleep, spoken
from tests.lab.world import World


@scenario
def hot_desk_same_person_two_phones(w: World) -> None:
    """Grace Green serves the queue from 1004's phone, then from 1006's."""
    for name in ("1004", "1006"):
        w.ami.action(
            "QueueAdd",
            Queue=w.queue("dynamic"),
            Interface=w.member(name),
            MemberName="Grace Green",
            StateInterface=w.flavour.state % name,
        )
        w.agents[name].plan = {"ring": 1.0, "talk": 3.0}
        call = w.dial_in("442079460103")
        call.wait_state("ended", timeout=20)
        w.record(call, "answered", queue="dynamic", person="Grace Green")
        w.ami.action("QueueRemove", Queue=w.queue("dynamic"), Interface=w.member(name))
        sleep(1)


@scenario(only="plain")
def agent_pool(w: World) -> None:
    """1005 logs in and waits on the line (AgentLogin); a customer is put through to him (AgentRequest)."""
    line = w.agents["1005"].call("*61")
    line.wait_state("up", timeout=5)
    sleep(2)
    call = w.dial_in("442079460108")
    call.wait_state("up")
    hang_up(call, after=6)
    end = call.times["end"]
    hang_up(line, after=1)
    offered = {
        "agent": "1005",
        "device": "PJSIP/1005",
        "source": "queue",
        "at": "",
        "ring_seconds": None,
        "outcome": "answered",
    }
    w.record(
        call,
        "answered",
        legs=[],
        offerings=[offered],
        talks=[spoken("1005", "customer", None, end)],
        ended_by="customer",
        t_end_of_call=None,
        queue_visits=[{"queue": "pool", "ended": "answered"}],
    )
