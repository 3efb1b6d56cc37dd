"""The decoder: what is read out of AMI packets, and the traps on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.ami.packet import Packet
from telephony.calls.tracker import Tracker
from telephony.clock import EPOCH
from telephony.events import HangupRequest, Member, NewChannel, QueueExit, Recording
from telephony.events.decoder import DECODERS, Decoder

RECEIVED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STAMPED = datetime(2026, 11, 21, 11, 59, 59, 250_000, tzinfo=UTC)


def packet(event: str, *headers: tuple[str, str], stamp: str = "1795262399.250000") -> bytes:
    """The bytes of an event, with a Timestamp unless told otherwise."""
    times = (("Timestamp", stamp),) if stamp else ()
    return Packet.from_pairs([("Event", event), ("Privilege", "call,all"), *times, *headers]).raw


def channel(
    name: str = "Zhang", number: str = "13800138000", uniqueid: str = "1.1", stamp: str = "1795262399.250000"
) -> bytes:
    """A Newchannel of an incoming call."""
    return packet(
        "Newchannel",
        ("Channel", "PJSIP/trunk-00000001"),
        ("ChannelState", "4"),
        ("CallerIDNum", number),
        ("CallerIDName", name),
        ("Context", "from-trunk"),
        ("Exten", "100"),
        ("Uniqueid", uniqueid),
        ("Linkedid", "1.1"),
        stamp=stamp,
    )


def test_an_event_has_the_time_of_its_timestamp() -> None:
    """Not that of its receipt; to the microsecond."""
    (event,) = Decoder().decode([channel()], RECEIVED)
    assert event.at == STAMPED


def test_without_any_timestamp_the_time_of_receipt_counts() -> None:
    """As on a PBX whose manager.conf lacks timestampevents."""
    (event,) = Decoder().decode([channel(stamp="")], RECEIVED)
    assert event.at == RECEIVED


def test_a_packet_without_a_timestamp_has_that_of_the_packet_before() -> None:
    """Also where the one before says nothing of calls."""
    skipped = packet("RTCPSent", ("SSRC", "1"))
    (event,) = Decoder().decode([skipped, channel(stamp="")], RECEIVED)
    assert event.at == STAMPED


def test_an_unreadable_timestamp_is_quarantined_and_the_event_told_by_its_receipt() -> None:
    """A strange clock must not lose a call."""
    decoder = Decoder()
    (event,) = decoder.decode([channel(stamp="soon")], RECEIVED)
    assert (event.at, decoder.unreadable_count) == (RECEIVED, 1)


def test_unknown_is_nothing() -> None:
    """`<unknown>` is Asterisk's word for an empty value."""
    (event,) = Decoder().decode([channel(number="<unknown>", name="<unknown>")], RECEIVED)
    assert isinstance(event, NewChannel)
    assert (event.number, event.name) == ("", "")


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ('Zhang \\"San\\"', 'Zhang "San"'),
        ("a\\\\b", "a\\b"),
        ("a\\nb", "a\nb"),
        ("王小明", "王小明"),
        ("a\u2028Uniqueid: 9", "a\u2028Uniqueid: 9"),
    ],
)
def test_names_are_read_as_they_were_before_asterisk_escaped_them(sent: str, name: str) -> None:
    """Quotes, backslashes and line ends come escaped; other characters never end a line."""
    (event,) = Decoder().decode([channel(name=sent)], RECEIVED)
    assert isinstance(event, NewChannel)
    assert (event.name, event.uniqueid) == (name, "1.1")


def test_a_known_event_without_what_it_must_have_is_quarantined_with_its_packet() -> None:
    """Counted, kept, and never fatal."""
    decoder = Decoder()
    assert decoder.decode([packet("Newchannel", ("Channel", "PJSIP/1-00000001"))], RECEIVED) == []
    (error,) = decoder.unreadable
    assert "Uniqueid" in str(error)
    assert error.raw.startswith(b"Event: Newchannel")


def test_unknown_events_are_counted_and_left_alone() -> None:
    """A newer Asterisk may say anything."""
    decoder = Decoder()
    assert decoder.decode([packet("BrandNew"), b"Response: Success", b""], RECEIVED) == []
    assert decoder.skipped == 3


def test_a_hangup_request_of_a_refused_caller_is_no_hanging_up() -> None:
    """Busy() and Congestion() put the caller's channel into state 7."""
    refused = packet("HangupRequest", ("Channel", "x-1"), ("ChannelState", "7"), ("Uniqueid", "1.1"))
    real = packet("HangupRequest", ("Channel", "x-1"), ("ChannelState", "6"), ("Uniqueid", "1.1"))
    events = Decoder().decode([refused, real], RECEIVED)
    assert events == [HangupRequest(STAMPED, "1.1")]


def status(paused: str) -> bytes:
    """A report of a queue's member."""
    return packet(
        "QueueMemberStatus",
        ("Queue", "sales"),
        ("MemberName", "Ann"),
        ("Interface", "PJSIP/1001"),
        ("StateInterface", "PJSIP/1001"),
        ("Membership", "static"),
        ("Status", "6"),
        ("Paused", paused),
    )


def test_a_members_status_is_told_once_and_when_the_pause_changes() -> None:
    """It comes for each change of the device, in each of its queues."""
    events = Decoder().decode([status("0"), status("0"), status("1"), status("1"), status("0")], RECEIVED)
    assert [event.paused for event in events if isinstance(event, Member)] == [False, True, False]


def test_a_recordings_name_comes_by_channelvars_or_by_varset() -> None:
    """Without the monitor folder, so that both name the same file."""
    by_event = packet(
        "MixMonitorStart", ("Uniqueid", "1.1"), ("ChanVariable", "A=1"), ("ChanVariable", "RECORDING=2026/x.wav")
    )
    by_varset = packet(
        "VarSet",
        ("Uniqueid", "1.1"),
        ("Variable", "MIXMONITOR_FILENAME"),
        ("Value", "/var/spool/asterisk/monitor/2026/x.wav"),
    )
    events = Decoder().decode([by_event, by_varset], RECEIVED)
    assert [event.file for event in events if isinstance(event, Recording)] == ["2026/x.wav"] * 2


def test_a_recordings_beginning_is_told_though_nothing_names_it() -> None:
    """FreePBX exports no variable; the file may be found by its name."""
    events = Decoder().decode([packet("MixMonitorStart", ("Uniqueid", "1.1"))], RECEIVED)
    assert [event[1:] for event in events] == [("1.1", "", True, None)]


@pytest.mark.parametrize(
    ("data", "file", "options"),
    [
        ("2026/x.wav,b", "2026/x.wav", "b"),
        ("/var/spool/asterisk/monitor/x.wav", "x.wav", ""),
        ("x.wav,abi(LOCAL_MIXMON_ID),", "x.wav", "abi(LOCAL_MIXMON_ID)"),
        ("x.wav,br(x-in.wav)t(x,out.wav),echo ^{X}", "x.wav", "br(x-in.wav)t(x,out.wav)"),
    ],
)
def test_a_recordings_options_come_by_its_application(data: str, file: str, options: str) -> None:
    """They are in no other event; other applications are skipped."""
    decoder = Decoder()
    packets = [
        packet("Newexten", ("Uniqueid", "1.1"), ("Application", name), ("AppData", data))
        for name in ("Set", "StopMixMonitor", "MixMonitor")
    ]
    events = decoder.decode(packets, RECEIVED)
    assert [event[1:] for event in events] == [("1.1", file, False, options)]
    assert decoder.skipped == 2


def test_a_recordings_stop_and_its_silence_are_told() -> None:
    """By a manager's action or the dialplan's."""
    packets = [
        packet("MixMonitorMute", ("Uniqueid", "1.1"), ("Direction", "both"), ("State", "1")),
        packet("MixMonitorMute", ("Uniqueid", "1.1"), ("Direction", "read"), ("State", "0")),
        packet("MixMonitorStop", ("Uniqueid", "1.1")),
    ]
    events = Decoder().decode(packets, RECEIVED)
    assert [event[1:] for event in events] == [("1.1", "both", True), ("1.1", "read", False), ("1.1",)]


def test_other_variables_are_skipped_by_a_look_at_their_bytes() -> None:
    """Nearly half of a full stream is VarSet."""
    decoder = Decoder()
    assert (
        decoder.decode([packet("VarSet", ("Uniqueid", "1.1"), ("Variable", "X"), ("Value", "1"))], RECEIVED) == []
    )
    assert decoder.skipped == 1


def test_a_queues_result_comes_by_the_dialplans_user_event() -> None:
    """As `pbx config` offers it."""
    said = packet(
        "UserEvent", ("Uniqueid", "1.1"), ("UserEvent", "QueueExit"), ("Queue", "sales"), ("Status", "TIMEOUT")
    )
    assert Decoder().decode([said], RECEIVED) == [QueueExit(STAMPED, "1.1", "sales", "TIMEOUT")]


@given(
    st.sampled_from(sorted(DECODERS)),
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "Uniqueid",
                    "Linkedid",
                    "Channel",
                    "Queue",
                    "Interface",
                    "Cause",
                    "ChannelState",
                    "DestUniqueid",
                    "DestChannel",
                    "BridgeUniqueid",
                    "Timestamp",
                    "TalkTime",
                    "UniqueID",
                    "TransfererUniqueid",
                    "Variable",
                ]
            ),
            st.text(max_size=30),
        ),
        max_size=12,
    ),
)
def test_no_packet_of_a_known_name_breaks_decoder_or_tracker(name: bytes, headers: list[tuple[str, str]]) -> None:
    """Whatever its headers hold, it is told or quarantined."""
    decoder, tracker = Decoder(), Tracker("pbx")
    body = "\r\n".join(f"{key}: {value}" for key, value in headers).encode("utf-8", "replace")
    for event in decoder.decode([b"Event: " + name + b"\r\n" + body, channel()], EPOCH + timedelta(days=1)):
        tracker.handle(event)
    assert decoder.skipped + decoder.unreadable_count <= 4


def test_bytes_that_are_no_utf_8_are_kept() -> None:
    """As lone surrogates, so that the same bytes can be written again."""
    raw = channel().replace(b"Zhang", b"Zh\xe4ng")
    (event,) = Decoder().decode([raw], RECEIVED)
    assert isinstance(event, NewChannel)
    assert event.name.encode("utf-8", "surrogateescape") == b"Zh\xe4ng"
