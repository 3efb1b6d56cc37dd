"""What only a dialplan of FreePBX's shape has: ring groups, follow-me, codes, inbound routes."""

from tests.lab.registry import scenario
from tests.lab.scenarios.steps import customer_talks_to, handed_over, hang_up, outside, sleep
from tests.lab.scenarios.transfers import refer
from tests.lab.world import World


@scenario(only="freepbx")
def fpbx_ring_group_one_of_three(w: World) -> None:
    w.agents["1002"].plan = {"ring": 2.0}
    call = w.dial_in("442079460700")
    w.agent_call("1002").wait_state("up")
    hang_up(call, after=4)
    w.record(call, "answered", group="700")


@scenario(only="freepbx")
def fpbx_ring_group_unanswered(w: World) -> None:
    """Nobody of three answers: the mailbox of the group's destination."""
    call = w.dial_in("442079460700")
    call.wait_state("up", timeout=20)
    hang_up(call, after=6)
    w.record(call, "mailbox", group="700")


@scenario(only="freepbx")
def fpbx_ring_group_given_up(w: World) -> None:
    call = w.dial_in("442079460700")
    sleep(5)
    call.hangup()
    call.wait_state("ended")
    w.record(call, "abandoned", group="700")


@scenario(only="freepbx")
def fpbx_ring_group_hunt(w: World) -> None:
    """One after the other: 1001 does not answer, 1002 does."""
    w.agents["1002"].plan = {"ring": 1.5, "talk": 3.0}
    call = w.dial_in("442079460701")
    call.wait_state("ended", timeout=30)
    w.record(call, "answered", group="701")


@scenario(only="freepbx")
def fpbx_ring_group_outside(w: World) -> None:
    """A group of a phone and a mobile; the mobile answers."""
    w.trunk.plan = {"ring": 2.0}
    call = w.dial_in("442079460702")
    mobile = w.outside_leg()
    mobile.wait_state("up")
    hang_up(call, after=4)
    w.record(call, "answered_outside", group="702", outside=outside(mobile))


@scenario(only="freepbx")
def fpbx_follow_me_outside(w: World) -> None:
    """1005's phone rings for 5 s, then the mobile too, which answers."""
    w.trunk.plan = {"ring": 2.0}
    call = w.dial_in("442079460005")
    mobile = w.outside_leg()
    mobile.wait_state("up")
    hang_up(call, after=4)
    w.record(call, "answered_outside", extension="1005", outside=outside(mobile))


@scenario(only="freepbx")
def fpbx_follow_me_own_phone(w: World) -> None:
    w.agents["1005"].plan = {"ring": 2.0}
    call = w.dial_in("442079460005")
    w.agent_call("1005").wait_state("up")
    hang_up(call, after=4)
    w.record(call, "answered", extension="1005")


@scenario(only="freepbx")
def fpbx_queue_toggle_45(w: World) -> None:
    """1006 logs into the queue by a code, takes a call, and logs out by the code for all queues."""
    code = w.agents["1006"].call("*45603")
    code.wait_state("ended", timeout=10)
    sleep(0.5)
    w.agents["1006"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460103")
    call.wait_state("ended", timeout=20)
    w.record(call, "answered", queue="dynamic")
    sleep(2.5)
    code = w.agents["1006"].call("*45")
    code.wait_state("ended", timeout=10)
    sleep(0.5)


@scenario(only="freepbx")
def fpbx_queue_pause_46(w: World) -> None:
    """1001 pauses in one queue, so 1002 gets the call; then pauses and comes back in all."""
    code = w.agents["1001"].call("*46602")
    code.wait_state("ended", timeout=10)
    w.agents["1001"].plan = w.agents["1002"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460102")
    call.wait_state("ended", timeout=20)
    w.record(call, "answered", queue="priority", paused=["1001"])
    for number in ("*46602", "*46", "*46"):
        code = w.agents["1001"].call(number)
        code.wait_state("ended", timeout=10)
        sleep(0.3)


@scenario(only="freepbx")
def fpbx_opening_hours_to_queue(w: World) -> None:
    w.pause_others(["1003"])
    w.agents["1003"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.dial_in("442079460400")
    call.wait_state("ended", timeout=20)
    w.record(call, "answered", queue="support", timecondition="1")
    w.pause_others(["1003"], paused=False)


@scenario(only="freepbx")
def fpbx_inbound_route_recorded(w: World) -> None:
    """The inbound route records, so the file is called in-..."""
    w.agents["1003"].plan = {"ring": 1.0}
    call = w.dial_in("442079460603")
    w.agent_call("1003").wait_state("up")
    hang_up(call, after=3)
    w.record(call, "answered")


@scenario(only="freepbx")
def fpbx_internal_to_voicemail(w: World) -> None:
    call = w.agents["1003"].call("1002")
    call.wait_state("up", timeout=15)
    hang_up(call, after=6)
    w.record(call, "mailbox", direction="internal")


@scenario(only="freepbx")
def fpbx_internal_no_answer(w: World) -> None:
    call = w.agents["1003"].call("1006")
    sleep(5)
    call.hangup()
    call.wait_state("ended")
    w.record(call, "noanswer", direction="internal")


@scenario(only="freepbx")
def fpbx_internal_to_queue(w: World) -> None:
    """An agent calls the queue: no DID."""
    w.agents["1004"].plan = {"ring": 1.0, "talk": 3.0}
    call = w.agents["1006"].call("601")
    call.wait_state("ended", timeout=20)
    w.record(call, "answered", direction="internal", queue="sales")


@scenario(only="freepbx")
def fpbx_queue_to_queue(w: World) -> None:
    """An agent of 600 transfers the customer (REFER) to queue 601."""
    w.pause_others(["1001"])
    w.agents["1004"].plan = {"ring": 1.5}
    call, agent = customer_talks_to(w, "442079460100", "1001", seconds=3)
    refer(agent, "601")
    w.agent_call("1004").wait_state("up")
    hang_up(call, after=3)
    moved = handed_over("blind", agent, "601")
    w.record(
        call,
        "transferred",
        method="REFER",
        transfers=[moved],
        queue_visits=[
            {"queue": "support", "ended": "answered"},
            {"queue": "sales", "joined": moved["at"], "ended": "answered"},
        ],
    )
    w.pause_others(["1001"], paused=False)


@scenario(only="freepbx")
def fpbx_queue_to_outside(w: World) -> None:
    """An agent transfers the customer (##) to an outside number."""
    w.pause_others(["1001"])
    w.trunk.plan = {"ring": 1.5}
    call, agent = customer_talks_to(w, "442079460100", "1001")
    agent.dtmf("##")
    sleep(2)
    agent.dtmf("9447700900801")
    mobile = w.outside_leg()
    mobile.wait_state("up")
    hang_up(call, after=3)
    w.record(
        call,
        "transferred",
        queue="support",
        method="dtmf ##",
        outside=outside(mobile),
        transfers=[handed_over("blind", agent, ["447700900801", "9447700900801"], code=True)],
    )
    w.pause_others(["1001"], paused=False)


@scenario(only="freepbx")
def fpbx_click_to_call_local(w: World) -> None:
    """As FreePBX's own pages place a call: the extension through its Local channel, then the number."""
    w.agents["1001"].plan = {"ring": 2.0}
    w.trunk.plan = {"ring": 2.0}
    said = w.originate(
        "Local/1001@from-internal/n",
        Context="from-internal",
        Exten="9447700900541",
        Priority="1",
        CallerID='"Click" <1001>',
        ChannelId="c2c-1",
        OtherChannelId="c2c-1-b",
    )
    customer = w.outside_leg()
    customer.wait_state("up")
    hang_up(w.agent_call("1001"), after=4)
    w.record(None, "answered", callee="447700900541", originate=said, channel_id="c2c-1", customer=customer)
