"""The connection as a state machine: login, stream, answers, keep-alive, end."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.packet import Packet
from telephony.ami.parser import Parser
from telephony.ami.protocol import TABLE, Protocol, Signal, State
from telephony.ami.signals import (
    ActionAnswered,
    LoggedIn,
    Login,
    LoginRefused,
    Lost,
    LostReason,
    PacketsReceived,
    ProtocolEvent,
    Timing,
)
from telephony.errors import MisuseError, UnsafeValueError
from tests.telephony.ami.transcripts import VERSIONS, Conversation, conversations, with_id

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LOGIN = Login(user="callcenter", secret="lab-callcenter")
HANGUP = b"Event: Hangup\r\nCause: 16\r\n\r\n"


def start(login: Login = LOGIN, timing: Timing | None = None, max_packet: int = 1 << 20) -> Protocol:
    """A connection at second 0."""
    return Protocol(login, now=0.0, id_prefix="t", timing=timing, max_packet=max_packet)


def asked(protocol: Protocol) -> Packet:
    """The one action that it wants to send now."""
    (packet,) = Parser(expect_banner=False).feed(protocol.data_to_send())
    return packet


def logged_in(timing: Timing | None = None) -> Protocol:
    """A connection that has just been accepted, by the plain way."""
    protocol = start(Login(user="u", secret="s", plain=True), timing)
    protocol.receive(BANNER, 0.0)
    protocol.receive(b"Response: Success\r\nActionID: t1\r\nMessage: ok\r\n\r\n", 0.0)
    protocol.data_to_send()
    return protocol


def md5_conversation(version: str) -> Conversation:
    """The captured connection that logs in by challenge."""
    return next(c for c in conversations(version) if c.exchanges[0].action == "Challenge")


def converse(protocol: Protocol, conversation: Conversation, chunk: int) -> list[ProtocolEvent]:
    """Let a captured PBX answer what the protocol asks, in chunks of this many bytes."""
    events: list[ProtocolEvent] = []

    def hear(data: bytes) -> None:
        for at in range(0, len(data), chunk):
            if protocol.state is not State.ENDED:
                events.extend(protocol.receive(data[at : at + chunk], 0.0))

    hear(conversation.banner)
    for exchange in conversation.exchanges:
        if protocol.state is State.RUNNING:
            protocol.send(exchange.action)
        elif protocol.state is State.ENDED:
            break
        request = asked(protocol)
        assert request.get("Action") == exchange.action
        hear(with_id(exchange.received, request.get("ActionID")))
    return events


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_captured_session_is_understood(version: str, chunk: int) -> None:
    """Challenge, login, lists, refusals, good-bye of real PBXs, byte by byte and whole."""
    events = converse(start(), md5_conversation(version), chunk)
    logged = [event for event in events if isinstance(event, LoggedIn)]
    answers = [event.result for event in events if isinstance(event, ActionAnswered)]
    assert [re.sub(r"[0-9.]+", "N", event.banner) for event in logged] == ["Asterisk Call Manager/N"]
    by_message = {answer.message: answer for answer in answers}
    status = by_message["Queue status will follow"]
    assert status.success
    assert status.complete is not None
    assert len(status.items) == int(status.complete.get("ListItems"))
    assert not by_message["Permission denied"].success
    assert by_message["Thanks for all the fish."].success
    packets = [p for event in events if isinstance(event, PacketsReceived) for p in event.packets]
    assert packets[0].event == "FullyBooted"
    assert all(item in packets for item in status.items)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_key_is_the_one_that_the_pbx_accepted(version: str) -> None:
    """MD5 of challenge and secret, as in the captured login."""
    conversation = md5_conversation(version)
    challenge, login = conversation.exchanges[:2]
    protocol = start()
    protocol.receive(conversation.banner, 0.0)
    assert asked(protocol).get("AuthType") == "MD5"
    protocol.receive(with_id(challenge.received, "t1"), 0.0)
    request = asked(protocol)
    assert request.get("Key").encode() in login.sent
    assert request.get("Events") == "on"
    assert b"lab-callcenter" not in request.raw


@pytest.mark.parametrize("version", VERSIONS)
def test_a_refused_login_is_told_in_the_pbx_s_words(version: str) -> None:
    """Wrong secret and unknown user look alike."""
    refused = next(c for c in conversations(version) if b"Authentication failed" in c.exchanges[0].received)
    protocol = start(Login(user="nobody", secret="wrong", plain=True))
    assert converse(protocol, refused, 1000) == [
        LoginRefused(message="Authentication failed"),
        Lost(reason=LostReason.LOGIN_REFUSED, detail="Authentication failed"),
    ]


def test_a_pbx_that_is_shutting_down_has_not_refused_us() -> None:
    """It lets nobody in while its last calls go on; to wait for minutes then would be a gap of minutes."""
    protocol = start(Login(user="u", secret="s", plain=True))
    protocol.receive(BANNER, 0.0)
    assert ("Action", "Login") in asked(protocol).headers
    words = b"Response: Error\r\nActionID: t1\r\nMessage: Asterisk is shutting down\r\n\r\n"
    assert protocol.receive(words, 0.0) == [
        Lost(reason=LostReason.CLOSED_BY_PBX, detail="Asterisk is shutting down")
    ]


def test_a_plain_login_sends_mask_and_secret() -> None:
    """For a PBX or proxy that knows no challenge; the event mask is the caller's."""
    protocol = start(Login(user="u", secret="s", events="call,agent", plain=True))
    protocol.receive(BANNER, 0.0)
    assert asked(protocol).headers == (
        ("Action", "Login"),
        ("ActionID", "t1"),
        ("Username", "u"),
        ("Secret", "s"),
        ("Events", "call,agent"),
    )


def test_a_secret_that_would_break_out_is_refused_without_being_shown() -> None:
    """It comes from a file that may end in a line feed."""
    with pytest.raises(UnsafeValueError) as caught:
        Login(user="u", secret="hunter2\n")
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Login(user="u", secret="hunter2"))


def test_events_in_the_chunk_of_the_login_belong_to_the_stream() -> None:
    """What comes before the login's answer does not: a PBX has nothing to tell strangers."""
    protocol = start(Login(user="u", secret="s", plain=True))
    protocol.receive(BANNER, 0.0)
    events = protocol.receive(HANGUP + b"Response: Success\r\nActionID: t1\r\n\r\n" + HANGUP, 0.0)
    assert events == [
        LoggedIn(banner="Asterisk Call Manager/11.0.0"),
        PacketsReceived(frames=[b"Event: Hangup\r\nCause: 16"]),
    ]


def test_a_chunk_is_handed_on_as_one_run() -> None:
    """Packets are not looked at one by one while nobody waits; half a packet gives no event."""
    protocol = logged_in()
    (run,) = protocol.receive(HANGUP * 1000 + b"Event: Ne", 1.0)
    assert isinstance(run, PacketsReceived)
    assert len(run.packets) == 1000
    assert protocol.receive(b"wchannel\r\n", 1.0) == []


def test_answers_are_in_the_run_too() -> None:
    """The journal keeps what the PBX said, whoever asked."""
    protocol = logged_in()
    action_id = protocol.send("QueuePause", [("Interface", "PJSIP/1001"), ("Paused", "true")])
    assert asked(protocol).get("Interface") == "PJSIP/1001"
    answer = f"Response: Success\r\nActionID: {action_id}\r\n\r\n".encode()
    run, answered = protocol.receive(HANGUP + answer + HANGUP, 1.0)
    assert isinstance(run, PacketsReceived)
    assert [p.response for p in run.packets] == ["", "Success", ""]
    assert isinstance(answered, ActionAnswered)
    assert (answered.action_id, answered.result.response) == (action_id, run.packets[1])


def test_a_silent_pbx_is_pinged_and_then_given_up() -> None:
    """Ping after `ping` seconds, lost when `lost` seconds brought not a byte."""
    protocol = logged_in(Timing(ping=15.0, lost=45.0))
    assert protocol.deadline() == 15.0
    assert protocol.tick(14.9) == []
    assert protocol.data_to_send() == b""
    assert protocol.tick(15.0) == []
    assert asked(protocol).get("Action") == "Ping"
    assert protocol.deadline() == 45.0
    assert protocol.tick(44.9) == []
    assert protocol.data_to_send() == b""
    assert protocol.tick(45.0) == [Lost(reason=LostReason.SILENT, detail="not a byte for 45.000 s")]
    assert protocol.deadline() is None


def test_any_byte_is_a_sign_of_life() -> None:
    """Also half a packet; the answer to the ping itself is nobody's answer."""
    protocol = logged_in(Timing(ping=15.0, lost=45.0))
    protocol.tick(15.0)
    ping = asked(protocol)
    pong = f"Response: Success\r\nActionID: {ping.get('ActionID')}\r\nPing: Pong\r\n\r\n"
    (run,) = protocol.receive(pong.encode(), 16.0)
    assert isinstance(run, PacketsReceived)
    assert protocol.deadline() == 31.0
    protocol.receive(b"E", 30.0)
    assert protocol.deadline() == 45.0


def test_a_machine_that_slept_does_not_blame_the_pbx() -> None:
    """After a long pause of ours the PBX gets a ping and its time, since its bytes may lie unread."""
    protocol = logged_in(Timing(ping=15.0, lost=45.0))
    assert protocol.tick(1000.0) == []
    assert asked(protocol).get("Action") == "Ping"
    assert protocol.deadline() == 1030.0


@pytest.mark.parametrize("heard", [b"", b"Aster", BANNER])
def test_a_login_that_takes_too_long_is_given_up(heard: bytes) -> None:
    """No banner, half a banner, no answer: one deadline for the whole login."""
    protocol = start(timing=Timing(login=10.0))
    protocol.receive(heard, 9.0)
    assert protocol.tick(9.9) == []
    (lost,) = protocol.tick(10.0)
    assert isinstance(lost, Lost)
    assert lost.reason is LostReason.LOGIN_TIMEOUT


def test_the_end_names_those_who_still_wait() -> None:
    """Their outcome is not known; nothing is sent again, and half a packet is named."""
    protocol = logged_in()
    first = protocol.send("Originate", [("Channel", "PJSIP/1001")])
    second = protocol.send("CoreShowChannels")
    protocol.receive(b"Event: Half", 1.0)
    assert protocol.end(LostReason.CLOSED_BY_PBX) == [
        Lost(
            reason=LostReason.CLOSED_BY_PBX,
            detail="11 bytes of an unfinished packet",
            unanswered=(first, second),
        )
    ]
    assert protocol.data_to_send() == b""
    assert protocol.end(LostReason.CLOSED_BY_US) == []


def test_what_is_not_ami_ends_the_connection() -> None:
    """A wrong port, an endless packet, an empty challenge: an end with a reason, no traceback."""
    (wrong_port,) = start().receive(b"SSH-2.0-OpenSSH_9.2\r\n", 0.0)
    protocol = start(max_packet=100)
    protocol.receive(BANNER, 0.0)
    (endless,) = protocol.receive(b"x" * 200, 0.0)
    protocol = start()
    protocol.receive(BANNER, 0.0)
    (no_challenge,) = protocol.receive(b"Response: Success\r\nActionID: t1\r\n\r\n", 0.0)
    for lost in (wrong_port, endless, no_challenge):
        assert isinstance(lost, Lost)
        assert lost.reason is LostReason.PROTOCOL_ERROR
        assert "expected" in lost.detail


def test_misuse_is_named() -> None:
    """Actions before the login and bytes after the end are mistakes of ours."""
    protocol = start()
    with pytest.raises(MisuseError, match="found state BANNER"):
        protocol.send("Ping")
    protocol.end(LostReason.CLOSED_BY_US)
    with pytest.raises(MisuseError, match="connection that is over"):
        protocol.receive(b"x", 0.0)


def test_the_table_is_whole() -> None:
    """Every state can end, every state is reached, and only the end is final."""
    reached = {State.BANNER, *TABLE.values()}
    assert reached == set(State)
    for state in State:
        onward = {signal for signal in Signal if (state, signal) in TABLE}
        assert (Signal.END in onward) is (state is not State.ENDED)


PIECES = st.sampled_from(
    [
        BANNER,
        HANGUP,
        b"Response: Success\r\nActionID: t1\r\nChallenge: 1\r\n\r\n",
        b"Response: Success\r\nActionID: t2\r\n\r\n",
        b"Response: Error\r\nActionID: t1\r\n\r\n",
        b"\r\n",
        b"x",
    ]
)
STEPS = st.lists(st.one_of(PIECES, st.sampled_from(["tick", "end", "send"])), max_size=20)


@given(STEPS)
def test_in_every_state_everything_is_legal_or_a_named_error(steps: list[bytes | str]) -> None:
    """No sequence of bytes, ticks, ends and actions raises anything but MisuseError."""
    protocol = start(timing=Timing(login=3.0, ping=2.0, lost=4.0))
    now = itertools.count(1)
    lost = 0
    for step in steps:
        ended = protocol.state is State.ENDED
        events: list[ProtocolEvent] = []
        try:
            if isinstance(step, bytes):
                events = protocol.receive(step, float(next(now)))
            elif step == "tick":
                events = protocol.tick(float(next(now)))
            elif step == "end":
                events = protocol.end(LostReason.NETWORK_ERROR)
            else:
                protocol.send("Ping")
        except MisuseError:
            assert ended or step == "send"
        lost += sum(isinstance(event, Lost) for event in events)
    assert lost == (protocol.state is State.ENDED)
