"""Customers in queues: answered, abandoned, timed out, refused, leaving by a key."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import hang_up, recognised, sleep
from tests.lab.world import World


@scenario
def queue_first_agent(w: World) -> None:
    for name in ("1001", "1002", "1003"):
        w.agents[name].plan = {"ring": 2.0, "talk": 5.0}
    call = w.dial_in("442079460100")
    call.wait_state("ended", timeout=30)
    w.record(call, "answered", queue="support")


@scenario
def queue_ring_no_answer_then_second(w: World) -> None:
    w.agents["1002"].plan = {"ring": 1.5}
    call = w.dial_in("442079460102")
    w.any_agent("up", 20)
    hang_up(call, after=4)
    w.record(call, "answered", queue="priority")


@scenario
def queue_ringall_local_members(w: World) -> None:
    w.agents["1004"].plan = {"ring": 3.0}
    call = w.dial_in("442079460101")
    w.any_agent("up", 20)
    hang_up(call, after=4)
    w.record(call, "answered", queue="sales")


@scenario
def queue_ringall_one_declines_other_answers(w: World) -> None:
    """1004 presses decline while both ring; 1005 answers later."""
    w.agents["1004"].plan = {"ring": 2.0, "reject": 486}
    w.agents["1005"].plan = {"ring": 3.5}
    call = w.dial_in("442079460101")
    w.any_agent("up", 20)
    hang_up(call, after=3)
    w.record(call, "answered", queue="sales")


@scenario
def queue_member_busy_then_other(w: World) -> None:
    w.agents["1001"].plan = {"reject": 486}
    w.agents["1002"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460102")
    call.wait_state("ended", timeout=30)
    w.record(call, "answered", queue="priority")


@scenario
def queue_abandoned_ringing(w: World) -> None:
    call = w.dial_in("442079460100")
    call.wait_state("up")
    hang_up(call, after=6)
    w.record(call, "abandoned", queue="support")


@scenario
def queue_abandoned_no_agent(w: World) -> None:
    w.pause_others([])
    call = w.dial_in("442079460100")
    call.wait_state("up")
    hang_up(call, after=4)
    w.record(call, "abandoned", queue="support")
    w.pause_others([], paused=False)


@scenario
def queue_timeout_to_mailbox(w: World) -> None:
    call = w.dial_in("442079460300")
    call.wait_state("up")
    sleep(16)
    call.hangup()
    w.record(call, "queue_timeout", queue="short")


@scenario
def queue_overlapping_one_agent(w: World) -> None:
    w.pause_others(["1001"])
    w.agents["1001"].plan = {"ring": 1.0, "talk": 6.0}
    first = w.dial_in("442079460100")
    sleep(2)
    second = w.dial_in("442079460100")
    first.wait_state("ended", timeout=30)
    second.wait_state("ended", timeout=40)
    legs = w.agents["1001"].rung()
    w.record(first, "answered", queue="support", legs=legs[:1])
    w.record(second, "answered", queue="support", legs=legs[1:])
    w.pause_others(["1001"], paused=False)


@scenario
def queue_two_customers_same_second(w: World) -> None:
    """Two customers dial in the same instant; two agents take them."""
    w.pause_others(["1001", "1002"])
    w.agents["1001"].plan = w.agents["1002"].plan = {"ring": 1.5, "talk": 3.0}
    first, second = w.dial_in("442079460100"), w.dial_in("442079460100")
    first.wait_state("ended", timeout=20)
    second.wait_state("ended", timeout=20)
    legs = [*w.agents["1001"].rung(), *w.agents["1002"].rung()]
    mine = [leg for leg in legs if leg.caller == first.caller]
    w.record(first, "answered", queue="support", legs=mine)
    w.record(second, "answered", queue="support", legs=[leg for leg in legs if leg not in mine])
    w.pause_others(["1001", "1002"], paused=False)


@scenario
def queue_left_by_key(w: World) -> None:
    """The customer presses 0 while 1003 rings, and gets the operator (1006)."""
    w.agents["1006"].plan = {"ring": 1.0}
    call = w.dial_in("442079460106")
    w.agent_call("1003").wait_state("ringing")
    sleep(3)
    call.dtmf("0")
    w.agent_call("1006").wait_state("up")
    hang_up(call, after=3)
    w.agent_call("1003").plan["truth"] = {"outcome": "caller_gave_up"}
    left = recognised(call)
    w.record(call, "answered", queue_visits=[{"queue": "keys", "ended": "exit_key", "left": left}])


@scenario
def queue_full(w: World) -> None:
    """One customer waits; the second finds the queue full."""
    first = w.dial_in("442079460107")
    w.agent_call("1003").wait_state("ringing")
    second = w.dial_in("442079460107")
    second.wait_state("ended", timeout=3)
    hang_up(second)
    hang_up(first, after=1)
    w.record(first, "abandoned", queue_visits=[{"queue": "small", "ended": "abandoned"}])
    w.record(
        second,
        "mailbox" if w.flavour.name == "plain" else "picked_up",
        legs=[],
        queue_visits=[{"queue": "small", "ended": "full"}],
    )


@scenario
def queue_pause_with_reason(w: World) -> None:
    queue, member = w.queue("priority"), w.member("1001")
    w.ami.action("QueuePause", Queue=queue, Interface=member, Paused="true", Reason="Lunch")
    w.agents["1001"].plan = w.agents["1002"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460102")
    call.wait_state("ended", timeout=20)
    w.record(call, "answered", queue="priority", paused=["1001"])
    w.ami.action("QueuePause", Queue=queue, Interface=member, Paused="false", Reason="Back")
    # Every queue of the member at once.
    w.ami.action("QueuePause", Interface=member, Paused="true", Reason="Training")
    sleep(1)
    w.ami.action("QueuePause", Interface=member, Paused="false")


@scenario
def queue_dynamic_login_logout(w: World) -> None:
    """The queue has no member: the first caller cannot join; then 1006 comes and goes."""
    queue, member = w.queue("dynamic"), w.member("1006")
    call = w.dial_in("442079460103")
    call.wait_state("up")
    sleep(3)
    call.hangup()
    w.record(call, "joinempty", queue="dynamic")
    w.ami.action(
        "QueueAdd",
        Queue=queue,
        Interface=member,
        Penalty="0",
        Paused="false",
        MemberName="Frank Ford",
        StateInterface=w.flavour.state % "1006",
    )
    w.agents["1006"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460103")
    call.wait_state("ended", timeout=20)
    w.record(call, "answered", queue="dynamic")
    w.ami.action("QueuePenalty", Queue=queue, Interface=member, Penalty="3")
    w.ami.action("QueueRemove", Queue=queue, Interface=member)
    w.ami.action("QueueRemove", Queue=queue, Interface=member)  # an error
    # The same by dialling a code.
    for code in w.flavour.toggle_codes:
        call = w.agents["1005"].call(code)
        call.wait_state("ended", timeout=10)
        call.hangup()


@scenario
def queue_member_removed_while_caller_waits(w: World) -> None:
    queue, member = w.queue("dynamic"), w.member("1006")
    w.ami.action(
        "QueueAdd",
        Queue=queue,
        Interface=member,
        MemberName="Frank Ford",
        StateInterface=w.flavour.state % "1006",
    )
    call = w.dial_in("442079460103")
    call.wait_state("up")
    sleep(2)
    w.ami.action("QueuePause", Queue=queue, Interface=member, Paused="true", Reason="Away")
    sleep(9)
    call.hangup()
    w.record(call, "leaveempty", queue="dynamic")
    w.ami.action("QueueRemove", Queue=queue, Interface=member)


@scenario(only="plain")
def recording_stereo(w: World) -> None:
    w.pause_others(["1001"])
    w.agents["1001"].plan = {"ring": 1.0, "talk": 5.0}
    for did in ("442079460104", "442079460105"):
        call = w.dial_in(did)
        call.wait_state("ended", timeout=20)
        w.record(call, "answered", queue="support")
        sleep(2.5)
    w.pause_others(["1001"], paused=False)
