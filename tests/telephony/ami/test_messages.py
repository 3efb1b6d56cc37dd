"""The bridge to the types of the package asterisk-ami, and where its own readers differ."""

from __future__ import annotations

import lzma

import pytest
from asterisk.ami import Action, Event, LoginAction, Response, SimpleAction
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.actions import encode
from telephony.ami.messages import from_action, to_event, to_response
from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.errors import UnsafeValueError
from tests.telephony.ami.transcripts import CAPTURES, VERSIONS, conversations

PLAIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=30)
NAME = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True).filter(
    lambda name: name.lower() not in ("event", "response") and not name.endswith("ChanVariable")
)


def well_formed(packet: Packet) -> bool:
    """What the package's reader can hold: no repeats but ChanVariable, no empty `Key:`."""
    names = [key for key, _ in packet.headers if not key.endswith("ChanVariable")]
    return len(names) == len(set(names)) and all(names)


@pytest.mark.parametrize("version", VERSIONS)
def test_captured_events_are_what_the_package_reads(version: str) -> None:
    """On well-formed packets of a real PBX our parser and `Event.read` agree."""
    stream = lzma.decompress((CAPTURES / version / "ami.raw.xz").read_bytes())[:400_000]
    packets = [p for p in Parser().feed(stream) if p.event and well_formed(p)]
    assert len(packets) > 500
    for packet in packets:
        theirs, ours = Event.read(packet.raw.decode()), to_event(packet)
        known = {k: v for k, v in ours.keys.items() if k in theirs.keys}
        assert (ours.name, known) == (theirs.name, theirs.keys)


@given(PLAIN, st.dictionaries(NAME, PLAIN, max_size=8))
def test_well_formed_events_are_what_the_package_reads(name: str, keys: dict[str, str]) -> None:
    """Printable ASCII, each header once: the same name and keys."""
    packet = Packet.from_pairs([("Event", name), *keys.items()])
    theirs, ours = Event.read(packet.raw.decode()), to_event(packet)
    assert (ours.name, ours.keys) == (theirs.name, theirs.keys)


@pytest.mark.parametrize("version", VERSIONS)
def test_captured_responses_are_what_the_package_reads(version: str) -> None:
    """Answers of real PBXs; the package strips values, so compare them stripped."""
    for conversation in conversations(version):
        for exchange in conversation.exchanges:
            for packet in Parser(expect_banner=False).feed(exchange.received):
                if packet.response:
                    theirs, ours = Response.read(packet.raw.decode()), to_response(packet)
                    assert ours.status == theirs.status
                    assert {k: v.strip() for k, v in ours.keys.items()} == theirs.keys
                    assert ours.is_error() == theirs.is_error()


def test_the_package_lets_a_caller_s_name_make_a_header_and_we_do_not() -> None:
    """The fault for which its reader is not used, reproduced."""
    raw = "Event: Newchannel\r\nCallerIDName: a\u2028Evil: b".encode()
    assert Event.read(raw.decode()).keys["Evil"] == "b"
    assert to_event(Packet(raw)).keys == {"CallerIDName": "a\u2028Evil: b"}


def test_the_package_loses_repeats_and_we_do_not() -> None:
    """A list for repeated headers, a dict for channel variables, also of second channels."""
    raw = (
        b"Event: X\r\nMember: a\r\nMember: b\r\nChanVariable: A=1\r\nChanVariable: B=\r\n"
        b"LocalOneChanVariable: C=2\r\nLocalOneChanVariable: D=3"
    )
    assert Event.read(raw.decode()).keys["Member"] == "b"
    assert to_event(Packet(raw)).keys == {
        "Member": ["a", "b"],
        "ChanVariable": {"A": "1", "B": ""},
        "LocalOneChanVariable": {"C": "2", "D": "3"},
    }


def test_no_two_events_share_their_keys() -> None:
    """The package's default dict is one for all; ours is always a new one."""
    first, second = to_event(Packet(b"Event: A")), to_event(Packet(b"Event: B"))
    first["X"] = "1"
    assert second.keys == {}


def test_an_action_is_sent_with_lists_and_variables_expanded() -> None:
    """What the package would send as `['a', 'b']` becomes two headers; its ActionID is not taken."""
    action = Action("Originate", {"Channel": "PJSIP/1001", "Codecs": ["alaw", "ulaw"], "ActionID": "9"})
    action["CALL"] = "a,b=1"
    name, pairs = from_action(action)
    assert (name, pairs) == (
        "Originate",
        [("Channel", "PJSIP/1001"), ("Codecs", "alaw"), ("Codecs", "ulaw"), ("Variable", r"CALL=a\,b=1")],
    )
    assert from_action(SimpleAction("QueuePause", Paused=True)) == ("QueuePause", [("Paused", "True")])
    assert from_action(LoginAction("u", "s"))[1] == [("Username", "u"), ("Secret", "s")]


def test_an_action_cannot_be_broken_out_of() -> None:
    """The package would send these headers; our encoder refuses."""
    action = Action("Originate", {"CallerID": "x\r\nApplication: System\r\nData: id"})
    assert "\r\nApplication: System\r\n" in str(action)
    name, pairs = from_action(action)
    with pytest.raises(UnsafeValueError):
        encode(name, pairs, action_id="1")
