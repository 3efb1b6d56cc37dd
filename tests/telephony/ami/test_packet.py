"""Headers: nothing lost, nothing invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.packet import Packet

names = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True)
values = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))


@given(st.lists(st.tuples(names, values), min_size=1))
def test_pairs_come_back_as_they_were(pairs: list[tuple[str, str]]) -> None:
    """parse∘encode is the identity, repeats and order included."""
    packet = Packet(Packet.from_pairs(pairs).raw)
    assert list(packet.headers) == pairs


@given(st.binary(max_size=120).filter(lambda raw: b"\r\n" not in raw))
def test_bytes_that_are_not_utf8_are_kept(value: bytes) -> None:
    """Latin-1 names, cut characters and control bytes survive reading and writing."""
    raw = b"CallerIDName: " + value
    assert Packet.from_pairs(Packet(raw).headers).raw == raw


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\n", "\r", "\x00"])
def test_only_crlf_ends_a_line(character: str) -> None:
    """What Python calls a line end is an ordinary character of a value here."""
    name = f"a{character}Evil: b"
    packet = Packet.from_pairs([("Event", "Newchannel"), ("CallerIDName", name)])
    assert packet.get("CallerIDName") == name
    assert packet.get("Evil", "absent") == "absent"
    assert len(packet.headers) == 2


def test_repeated_headers_keep_their_order() -> None:
    """ChanVariable, Variable and Output repeat; `get` gives the first."""
    packet = Packet(b"Event: X\r\nChanVariable: A=1\r\nChanVariable: B=2\r\nchanvariable: C=3")
    assert packet.all("ChanVariable") == ["A=1", "B=2", "C=3"]
    assert packet.get("CHANVARIABLE") == "A=1"


@pytest.mark.parametrize(
    ("raw", "event", "response"),
    [
        (b"Event: Hangup\r\nCause: 16", "Hangup", ""),
        (b"Event: Hangup", "Hangup", ""),
        (b"Event:Hangup\r\nCause: 16", "Hangup", ""),
        (b"Event: OriginateResponse\r\nResponse: Failure", "OriginateResponse", ""),
        (b"Response: Success\r\nPing: Pong", "", "Success"),
        (b"Asterisk Call Manager/5.0.4", "", ""),
        (b"", "", ""),
    ],
)
def test_event_and_response_are_told_apart(raw: bytes, event: str, response: str) -> None:
    """A packet is one or the other by its first line; OriginateResponse is an event."""
    assert (Packet(raw).event, Packet(raw).response) == (event, response)


def test_a_line_without_colon_has_no_name() -> None:
    """Old command output has such lines; a header may also have no space or no value."""
    packet = Packet(b"Response: Follows\r\nno header\r\nEmpty:\r\nTight:x: y\r\nDeep:  y")
    assert packet.headers[1:] == (("", "no header"), ("Empty", ""), ("Tight", "x: y"), ("Deep", " y"))


HEADER_LINES = st.sampled_from(
    [
        "Event: X",
        "event:y",
        "EVENT",
        "A: 1",
        "a:2",
        "A:",
        "AA: 3",
        "B: A: 4",
        ":",
        " A: 5",
        "É: 6",
        "",
        "\udcffA: 7",
    ]
)


@given(st.lists(HEADER_LINES, max_size=8), st.sampled_from(["A", "a", "AA", "Event", "B", "É", " A", "C"]))
def test_a_value_found_in_the_bytes_is_that_of_the_headers(lines: list[str], name: str) -> None:
    """`get` searches without splitting; it must say what the first such header says."""
    packet = Packet("\r\n".join(lines).encode("utf-8", "surrogateescape"))
    expected = [value for key, value in packet.headers if key == name or key.lower() == name.lower()]
    if name == "É":  # only ASCII letters have a case in a header's name
        expected = [value for key, value in packet.headers if key == name]
    assert packet.get(name, "absent") == (expected[0] if expected else "absent")
