"""Who is a member of what, how somebody becomes one, and what an act is in the manager's words."""

from __future__ import annotations

import pytest

from telephony.acting import changes, orders
from telephony.acting.changes import Change, Members, is_proved, members_of, order_of
from telephony.acting.channels import Up, leg_up, to_hang_up
from telephony.acting.orders import Ear
from telephony.acting.seats import Seat, Standing, queues_of, seat_in, seats_of
from telephony.ami.packet import Packet
from telephony.calls.facts import AgentStateFact, State
from telephony.clock import from_microseconds
from telephony.dialling.held import REASON
from telephony.errors import MisuseError

FREEPBX = Seat(queue="600", interface="Local/1001@from-queue/n", state_interface="hint:1001@ext-local", name="Ann")
PLAIN = Seat(queue="support", interface="PJSIP/1003", name="Carol Clark", standing=Standing.STATIC)
HEARD = Up(name="PJSIP/1003-0000001a", uniqueid="1.2", linkedid="1.1")
AT = from_microseconds(1_795_786_784_000_000)


def packet(*lines: str) -> Packet:
    """A packet of these headers."""
    return Packet("\r\n".join(lines).encode())


def state(kind: State, *, reason: str | None = None, interface: str = "PJSIP/1003") -> AgentStateFact:
    """A state of 1003 in the queue support that goes on."""
    return AgentStateFact(
        id="s",
        revision=1,
        call_id="",
        at=AT,
        pbx="hq",
        interface=interface,
        member_name=None,
        state=kind,
        reason=reason,
        queue="support",
        started_at=AT,
    )


def test_a_list_names_queues_and_members() -> None:
    """Empty queues are there too; Asterisk's own empty one is not; a state interface is told where it is another."""
    listed = [
        packet("Event: QueueParams", "Queue: sales"),
        packet("Event: QueueParams", "Queue: default"),
        packet(
            "Event: QueueMember", "Queue: 600", "Name: Ann", "Location: Local/1001@from-queue/n", "Penalty: 3",
            "StateInterface: hint:1001@ext-local", "Membership: static", "Paused: 1", "PausedReason: lunch",
        ),
        packet("Event: QueueMember", "Queue: 601", "Location: PJSIP/1", "StateInterface: PJSIP/1"),
    ]  # fmt: skip
    assert queues_of(listed) == ["600", "601", "sales"]
    first, second = seats_of(listed)
    assert (first.state_interface, first.penalty, first.standing) == ("hint:1001@ext-local", 3, Standing.STATIC)
    assert (first.paused, first.reason, second.state_interface) == (True, "lunch", "")


@pytest.mark.parametrize(
    ("own", "others", "interface", "state_interface"),
    [
        ([FREEPBX], [PLAIN], "Local/1001@from-queue/n", "hint:1001@ext-local"),
        ([], [FREEPBX], "Local/1007@from-queue/n", "hint:1007@ext-local"),
        ([], [PLAIN], "PJSIP/1007", ""),
        ([], [], "PJSIP/1007", ""),
    ],
)
def test_somebody_becomes_a_member_as_he_is_elsewhere(
    own: list[Seat], others: list[Seat], interface: str, state_interface: str
) -> None:
    """As in his other queues, else as the queue's other members, be they behind Local channels; else by his phone."""
    seat = seat_in("601", "PJSIP/1007", own, others, "Grace")
    assert (seat.queue, seat.interface, seat.state_interface) == ("601", interface, state_interface)


def test_a_pause_is_asked_queue_by_queue_with_its_reason() -> None:
    """So that one that a placed call has set can be left alone."""
    held, away = Seat(queue="a", interface="x", paused=True, reason=REASON), Seat(queue="b", interface="x")
    (made, other) = changes.pausing([held, away], "lunch")
    assert dict(order_of(other).pairs) == {"Queue": "b", "Interface": "x", "Paused": "true", "Reason": "lunch"}
    assert made.after is not None
    assert made.after.reason == "lunch"
    assert changes.releasing([held, away], REASON) == []
    (back,) = changes.releasing([Seat(queue="b", interface="x", paused=True, reason="lunch")], REASON)
    assert dict(order_of(back).pairs)["Paused"] == "false"


def test_what_is_taken_back_is_as_it_was() -> None:
    """Whoever was taken out comes back with name, state and penalty, and paused if he was."""
    seat = Seat(queue="600", interface="Local/1@q/n", state_interface="hint:1@e", name="N", penalty=2, paused=True)
    order = order_of(changes.removing(seat).back)
    assert order.action == "QueueAdd"
    assert dict(order.pairs) == {
        "Queue": "600",
        "Interface": "Local/1@q/n",
        "Penalty": "2",
        "Paused": "true",
        "MemberName": "N",
        "StateInterface": "hint:1@e",
    }
    assert order_of(changes.adding(seat).back).action == "QueueRemove"


def test_events_prove_and_answers_do_not() -> None:
    """Paused with this very reason; let go in this queue; there; gone."""
    nobody, there = Members(), members_of([state(State.LOGGED_IN)], "hq")
    lunch = members_of([state(State.LOGGED_IN), state(State.PAUSED, reason="lunch")], "hq")
    (pause,) = changes.pausing([PLAIN], "lunch")
    (release,) = changes.releasing([pause.seat], REASON)
    told: list[tuple[Change, Members, bool]] = [
        (pause, there, False),
        (pause, lunch, True),
        (changes.pausing([PLAIN], "meal")[0], lunch, False),
        (release, lunch, False),
        (release, there, True),
        (changes.adding(PLAIN), nobody, False),
        (changes.adding(PLAIN), there, True),
        (changes.removing(PLAIN), there, False),
        (changes.removing(PLAIN), nobody, True),
    ]
    assert [is_proved(change, members) for change, members, _ in told] == [each for _, _, each in told]
    assert members_of([state(State.LOGGED_IN)], "other") == Members(present=set(), paused=set())


def test_listening_hears_one_channel_and_no_other() -> None:
    """By its whole name (u), until it ends (E), without a tone (q), and no key leads elsewhere (d)."""
    order = orders.listen("PJSIP/1006", HEARD, Ear.WHISPER, shown='"Whisper 1003" <1003>')
    assert order.action == "Originate"
    assert dict(order.pairs) == {
        "Channel": "PJSIP/1006",
        "Application": "ChanSpy",
        "Data": "PJSIP/1003-0000001a,qduEw",
        "Timeout": "20000",
        "CallerID": '"Whisper 1003" <1003>',
        "Async": "true",
    }


@pytest.mark.parametrize("phone", ["PJSIP/0138@trunk", "Local/1@x", "1006", "PJSIP/1&PJSIP/2", "PJSIP/1,x", ""])
def test_only_a_phone_can_be_rung(phone: str) -> None:
    """A call is never let out of the house by a number that looks like a phone."""
    with pytest.raises(MisuseError, match="phone: found"):
        orders.listen(phone, HEARD, Ear.LISTEN)


def test_a_channel_name_cannot_bring_options() -> None:
    """ChanSpy would read what follows a comma."""
    with pytest.raises(MisuseError, match="channel: found"):
        orders.listen("PJSIP/1006", Up(name="PJSIP/1,B", uniqueid="1", linkedid="1"), Ear.LISTEN)


def test_a_call_ends_by_its_first_channel_then_its_others() -> None:
    """Local halves and who listens in are left alone; a channel of another call is none of it."""
    up = [
        Up(name="Local/1003@q-1;1", uniqueid="1.3", linkedid="1.1"),
        HEARD,
        Up(name="PJSIP/trunk-1", uniqueid="1.1", linkedid="1.1"),
        Up(name="PJSIP/1006-1", uniqueid="9.1", linkedid="1.1", application="ChanSpy"),
        Up(name="PJSIP/1004-1", uniqueid="7.1", linkedid="7.1"),
    ]
    assert [each.name for each in to_hang_up(up, "1.1")] == ["PJSIP/trunk-1", "PJSIP/1003-0000001a"]
    assert leg_up(up, "1.2") == HEARD
    assert leg_up(up, "1.9") is None
    assert HEARD.device == "PJSIP/1003"
    assert dict(orders.hang_up(HEARD).pairs) == {"Channel": "PJSIP/1003-0000001a", "Cause": "16"}
