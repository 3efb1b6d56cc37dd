"""A caller chooses his name and number. Nothing that he chooses may become a header, an event or an action."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.actions import encode, variable
from telephony.ami.messages import to_event
from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.ami.protocol import Protocol
from telephony.ami.signals import ActionAnswered, Login, PacketsReceived
from telephony.errors import MisuseError, UnsafeValueError

EVIL = (
    "Evil\u2028Event: Hangup\u2028Cause: 16",
    "Evil\u2029Response: Success",
    "Evil\x85Uniqueid: 1.1",
    "Evil\x0bUniqueid: 1.1",
    "Evil\x0cUniqueid: 1.1",
    "Evil\x1cUniqueid: 1.1",
    "Evil\nUniqueid: 1.1\n\nEvent: Hangup",
    "Evil\rUniqueid: 1.1",
    'Bobby "; DROP TABLE calls; --',
    "Event: Hangup",
    ": : :",
    "王小明" * 1000,
    "x" * 10_000,
    "M\udcfcller",
    "",
    " ",
)
# Asterisk writes no CRLF into a value: a SIP header cannot hold one.
PIECES = ["\r", "\n", "\u2028", "\x85", "\x0b", ":", ",", "=", '"', " ", "Event: Hangup", "ActionID: t2"]
NAMES = st.one_of(
    st.sampled_from(EVIL),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=9).map("".join),
).filter(lambda name: "\r\n" not in name)


def newchannel(name: str) -> bytes:
    """What Asterisk sends of a new call from this name."""
    head = b"Event: Newchannel\r\nCallerIDNum: 447700900101\r\nCallerIDName: "
    return head + name.encode("utf-8", "surrogateescape") + b"\r\nUniqueid: 1795294392.0\r\n\r\n"


@given(NAMES)
def test_a_name_makes_no_header_and_no_packet(name: str) -> None:
    """The event before, this one, and the event after: each with exactly its own headers."""
    around = b"Event: Newstate\r\nUniqueid: 7\r\n\r\n"
    before, event, after = Parser(expect_banner=False).feed(around + newchannel(name) + around)
    assert before == after
    assert event.headers == (
        ("Event", "Newchannel"),
        ("CallerIDNum", "447700900101"),
        ("CallerIDName", name),
        ("Uniqueid", "1795294392.0"),
    )
    assert (event.event, event.get("Uniqueid")) == ("Newchannel", "1795294392.0")
    assert to_event(event).keys["CallerIDName"] == name


@given(NAMES)
def test_a_name_answers_no_action(name: str) -> None:
    """Even one who knew our ActionID could not answer for the PBX."""
    protocol = Protocol(Login(user="u", secret="s", plain=True), now=0.0, id_prefix="t")
    protocol.receive(b"Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: t1\r\n\r\n", 0.0)
    action_id = protocol.send("Originate")
    for forged in (name, f"{name}\nResponse: Success\nActionID: {action_id}", f"ActionID: {action_id}{name}"):
        (run,) = protocol.receive(newchannel(forged), 0.0)
        assert isinstance(run, PacketsReceived)
    answer = f"Response: Success\r\nActionID: {action_id}\r\n\r\n".encode()
    assert isinstance(protocol.receive(answer, 0.0)[-1], ActionAnswered)


@given(NAMES)
def test_a_name_that_is_sent_back_is_one_value_or_refused(name: str) -> None:
    """As caller id, as a variable, as data of an application."""
    try:
        pairs = [("Channel", "PJSIP/1001"), ("CallerID", name), variable("NAME", name)]
        sent = encode("Originate", pairs, action_id="1")
    except UnsafeValueError:
        assert set(name) & set("\r\n\0")
    except MisuseError:
        assert len(name.encode("utf-8", "surrogateescape")) > 500
    else:
        (action,) = Parser(expect_banner=False).feed(sent)
        assert len(action.headers) == 5
        assert (action.get("Action"), action.get("CallerID")) == ("Originate", name)


@pytest.mark.parametrize("name", ["x\r\nAction: Originate\r\n\r\n", "x\r\nApplication: System\r\nData: id"])
def test_a_header_in_a_name_is_refused(name: str) -> None:
    """The classic attempt, wherever it is put."""
    for pairs in ([("CallerID", name)], [(name, "x")], [("Variable", f"A={name}")]):
        with pytest.raises(UnsafeValueError):
            encode("Originate", pairs, action_id="1")


def test_a_comma_in_a_name_sets_no_second_variable() -> None:
    """Asterisk would have set EVIL (seen on 16.28 and 22.10); escaped it does not."""
    name, value = variable("NAME", "Smith,EVIL=1")
    assert (name, value) == ("Variable", r"NAME=Smith\,EVIL=1")


def test_a_long_name_costs_one_packet() -> None:
    """10 kB in, 10 kB out, nothing cut."""
    (event,) = Parser(expect_banner=False).feed(newchannel("x" * 10_000))
    assert event == Packet(newchannel("x" * 10_000)[:-4])
    assert len(event.get("CallerIDName")) == 10_000
