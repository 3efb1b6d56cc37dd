"""An order as the Originate that places it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.actions import encode
from telephony.ami.parser import Parser
from telephony.dialler import First, Order
from telephony.dialling.orders import Lines, originate
from telephony.errors import MisuseError

LINES = Lines(
    dial={"telecom": "PJSIP/{number}@telecom", "route": "Local/9{number}@from-internal/n"},
    agent_ring=timedelta(seconds=15),
    notice="custom/recorded",
)
ORDER = Order(
    channel_id="tr-abcdefgh-7",
    first=First.AGENT,
    device="PJSIP/1001",
    number="13800138000",
    trunk="telecom",
    ring=timedelta(seconds=30),
    caller_id="075512345678",
    account="tr-abcdefgh-7",
)


def test_preview_rings_the_agent_and_hands_the_dialplan_the_customer() -> None:
    """The agent's own time-out on his leg, the trunk's in the variable; his phone shows the customer."""
    assert originate(ORDER, LINES) == [
        ("Channel", "PJSIP/1001"),
        ("Context", "threerings-customer"),
        ("Exten", "13800138000"),
        ("Timeout", "15000"),
        ("CallerID", "13800138000"),
        ("Priority", "1"),
        ("Async", "true"),
        ("Account", "tr-abcdefgh-7"),
        ("ChannelId", "tr-abcdefgh-7"),
        ("Variable", "THREERINGS_DIAL=PJSIP/13800138000@telecom"),
        ("Variable", "THREERINGS_CALLER=075512345678"),
        ("Variable", "CALLERID(dnid)=13800138000"),
        ("Variable", "THREERINGS_RING=30"),
    ]


def test_progressive_rings_the_customer_and_hands_the_dialplan_the_agent() -> None:
    """The other way round; the notice is named where the campaign wants it."""
    order = replace(
        ORDER, first=First.CUSTOMER, notice=True, ring=timedelta(seconds=2.5), variables=(("X", "a,b"),)
    )
    assert originate(order, LINES) == [
        ("Channel", "PJSIP/13800138000@telecom"),
        ("Context", "threerings-agent"),
        ("Exten", "13800138000"),
        ("Timeout", "2500"),
        ("CallerID", "075512345678"),
        ("Priority", "1"),
        ("Async", "true"),
        ("Account", "tr-abcdefgh-7"),
        ("ChannelId", "tr-abcdefgh-7"),
        ("Variable", "THREERINGS_DEVICE=PJSIP/1001"),
        ("Variable", "CALLERID(dnid)=13800138000"),
        ("Variable", "THREERINGS_RING=15"),
        ("Variable", "THREERINGS_NOTICE=custom/recorded"),
        ("Variable", "X=a\\,b"),
    ]


def test_a_local_channel_has_an_id_for_its_other_half() -> None:
    """Else Asterisk would make one up, and the attempt's name would be lost on half of its rows."""
    pairs = dict(originate(replace(ORDER, first=First.CUSTOMER, trunk="route"), LINES))
    assert (pairs["Channel"], pairs["OtherChannelId"]) == ("Local/913800138000@from-internal/n", "tr-abcdefgh-7-2")


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"trunk": "nowhere"}, "trunk nowhere: found no dial string, expected one of route, telecom"),
        ({"number": "1,20,U(x)"}, "order tr-abcdefgh-7: found a number that cannot be dialled, expected digits"),
        ({"device": "PJSIP/1&PJSIP/2"}, "order tr-abcdefgh-7: found the device 'PJSIP/1&PJSIP/2', expected one"),
        ({"device": "1001"}, "order tr-abcdefgh-7: found the device '1001', expected one such as PJSIP/1001"),
        ({"caller_id": '1"=""'}, 'order tr-abcdefgh-7: found \'1"=""\' as caller id, expected digits'),
    ],
)
def test_what_the_dialplan_could_take_for_more_is_refused(wrong: dict[str, str], found: str) -> None:
    """Numbers and devices come from files: a comma would be an option of Dial, an ampersand a second phone."""
    with pytest.raises(MisuseError) as error:
        originate(replace(ORDER, **wrong), LINES)  # type: ignore[arg-type]
    assert str(error.value).startswith(found)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_becomes_a_header_of_its_own(number: str, device: str) -> None:
    """Whatever an order holds, it is refused or sent as one action with the headers that are meant."""
    order = replace(ORDER, number=number, device=device)
    try:
        sent = encode("Originate", originate(order, LINES), action_id="1")
    except MisuseError:
        return
    (packet,) = Parser(expect_banner=False).feed(sent)
    names = [name for name, _ in packet.headers]
    assert names.count("Channel") == names.count("Exten") == names.count("ChannelId") == names.count("Action") == 1
    assert (packet.get("Channel"), packet.get("Exten")) == (device, number)
