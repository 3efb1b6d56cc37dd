"""What is sent: never more headers than were asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.actions import MAX_LINE, encode, variable
from telephony.ami.parser import Parser
from telephony.errors import MisuseError, UnsafeValueError

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True).filter(
    lambda name: name.lower() not in ("action", "actionid")
)
values = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=80)


@given(st.lists(st.tuples(names, values), max_size=20))
def test_what_is_encoded_reads_back(pairs: list[tuple[str, str]]) -> None:
    """The PBX gets exactly these headers in this order, and one action."""
    packets = Parser(expect_banner=False).feed(encode("Originate", pairs, action_id="7"))
    assert [list(packet.headers) for packet in packets] == [[("Action", "Originate"), ("ActionID", "7"), *pairs]]


def test_an_action_is_these_bytes() -> None:
    """The form on the wire, Variables repeated in order."""
    pairs = [("Channel", "PJSIP/1001"), ("Variable", "A=1"), ("Variable", "B=2"), ("Data", "")]
    assert encode("Originate", pairs, action_id="x-1") == (
        b"Action: Originate\r\nActionID: x-1\r\nChannel: PJSIP/1001\r\n"
        b"Variable: A=1\r\nVariable: B=2\r\nData: \r\n\r\n"
    )


@given(values, st.sampled_from("\r\n\0"), values)
def test_a_value_with_a_line_end_is_refused(before: str, breaker: str, after: str) -> None:
    """In values, in names, in the action's name and id."""
    text = before + breaker + after
    for call in (
        lambda: encode("Originate", [("CallerID", text)], action_id="1"),
        lambda: encode("Originate", [(text, "x")], action_id="1"),
        lambda: encode(text, action_id="1"),
        lambda: encode("Ping", action_id=text),
        lambda: encode("Originate", [variable("NAME", text)], action_id="1"),
    ):
        with pytest.raises(UnsafeValueError):
            call()


@pytest.mark.parametrize("name", ["", "A:B", "A B", " A", "A\t", "é", "A=1", "1A"])
def test_a_name_that_is_no_header_name_is_refused(name: str) -> None:
    """A colon or a space in a name would move the value's beginning."""
    with pytest.raises(UnsafeValueError, match="header name"):
        encode("Originate", [(name, "x")], action_id="1")


@pytest.mark.parametrize("name", ["Action", "ACTION", "ActionID", "actionid"])
def test_a_second_action_in_an_action_is_refused(name: str) -> None:
    """Action and ActionID are arguments; as pairs they would be ambiguous."""
    with pytest.raises(MisuseError, match="expected it as an argument"):
        encode("Ping", [(name, "x")], action_id="1")


def test_half_a_surrogate_pair_is_refused() -> None:
    """Text that no encoding has, as an editor on Windows can produce."""
    with pytest.raises(UnsafeValueError, match="surrogate"):
        encode("UserEvent", [("Name", "\ud83d")], action_id="1")


def test_bytes_of_the_pbx_go_back_as_they_came() -> None:
    """A name that was not UTF-8 when it came is the same bytes when it is sent."""
    name = b"M\xfcller".decode("utf-8", "surrogateescape")
    assert b"CallerID: M\xfcller\r\n" in encode("Originate", [("CallerID", name)], action_id="1")


def test_a_line_longer_than_asterisk_reads_is_refused() -> None:
    """1024 bytes with its CRLF pass, one more does not: a caller's name of 10 kB is an error of ours."""
    longest = "x" * (MAX_LINE - len("Data: \r\n"))
    assert longest.encode() in encode("Originate", [("Data", longest)], action_id="1")
    for data in (longest + "x", "x" * 10_000, "王" * 400):
        with pytest.raises(MisuseError, match="expected at most 1024"):
            encode("Originate", [("Data", data)], action_id="1")


def test_more_lines_than_asterisk_reads_are_refused() -> None:
    """128 lines with Action and ActionID pass, one more does not."""
    assert encode("Ping", [("X", "1")] * 126, action_id="1").count(b"\r\n") == 129
    with pytest.raises(MisuseError, match="found 129 lines"):
        encode("Ping", [("X", "1")] * 127, action_id="1")


def test_no_message_shows_a_secret() -> None:
    """The value that was refused may be a secret, so no message holds a value."""
    with pytest.raises(UnsafeValueError) as caught:
        encode("Login", [("Secret", "hunter2\r\n")], action_id="1")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("plain", "NAME=plain"),
        ("a,EVIL=1", r"NAME=a\,EVIL=1"),
        ('say "hi"', r"NAME=say \"hi\""),
        ("a\\b", r"NAME=a\\b"),
        ("(a)[b]", r"NAME=\(a\)\[b\]"),
        ("王小明\u2028", "NAME=王小明\u2028"),
    ],
)
def test_a_variable_is_set_to_exactly_its_value(value: str, sent: str) -> None:
    """Asterisk cuts at commas and drops quotes: tried on 16.28 and 22.10 with these very values."""
    assert variable("NAME", value) == ("Variable", sent)


@pytest.mark.parametrize("name", ["", "A=B", "A,B", "A B", "A\r\nB", "A-B"])
def test_a_variable_name_that_is_none_is_refused(name: str) -> None:
    """A name is never made safe by escaping."""
    with pytest.raises(UnsafeValueError, match="variable name"):
        variable(name, "x")
