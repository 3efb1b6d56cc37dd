"""What raw events show of customers to who may not see them: by header, by variable, by what a value looks like."""

from __future__ import annotations

import pytest

from service.dashboard.story.raw import HIDDEN, shown_headers
from telephony.ami.packet import Packet
from telephony.journal.raw_source import read_capture
from tests.telephony.calls.streams import CAPTURES

NUMBER = "13955552214"


def hidden(**headers: str) -> dict[str, str]:
    """The headers as somebody without the right sees them."""
    return dict(shown_headers(Packet.from_pairs(list(headers.items())), whole=False))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("CallerIDNum", NUMBER, "139****2214"),
        ("ConnectedLineNum", "<unknown>", "<unknown>"),
        ("CallerIDNum", "1004", "1004"),
        ("CallerIDName", "郭女士", "郭***"),
        ("CallerIDName", "<unknown>", "<unknown>"),
        ("Channel", f"Local/{NUMBER}@from-internal-0000012a;1", "Local/139****2214@from-internal-0000012a;1"),
        ("Channel", "PJSIP/trunk-00000042", "PJSIP/trunk-00000042"),
        ("Uniqueid", "1795189122.4471", "1795189122.4471"),
        ("Exten", "4008200110", "400****110"),
        ("File", f"/monitor/2026/in-{NUMBER}-20261120.wav", "****.wav"),
        ("ChannelStateDesc", "Ring", "Ring"),
        ("X-Company-Note", "card 6222", HIDDEN),
        ("X-Company-Level", "3", "3"),
        ("AuthSecret", "hunter2", HIDDEN),
    ],
)
def test_a_header_is_shown_by_what_it_may_hold(name: str, value: str, shown: str) -> None:
    """Ids, counters and Asterisk's words stay; numbers, names and files are hidden; the unknown is hidden whole."""
    assert hidden(**{name: value})[name] == shown


@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("CARD", "6222020200112233", HIDDEN),
        ("DIALSTATUS", "ANSWER", "ANSWER"),
        ("FROM_DID", "4008200110", "400****110"),
        ("CALLFILENAME", f"in-{NUMBER}-1", "in-139****2214-1"),
    ],
)
def test_a_variable_is_shown_by_its_name(variable: str, value: str, shown: str) -> None:
    """Those that tell calls with their numbers hidden; a dialplan's own may hold anything."""
    assert hidden(Event="VarSet", Variable=variable, Value=value)["Value"] == shown


def test_arguments_are_shown_by_their_application() -> None:
    """Dial's with the number hidden; what is no application of Asterisk's may hold anything."""
    dial = hidden(Event="Newexten", Application="Dial", AppData=f"PJSIP/{NUMBER}@trunk,30")
    assert dial["AppData"] == "PJSIP/139****2214@trunk,30"
    assert hidden(Event="Newexten", Application="CustomCrm", AppData="guo")["AppData"] == HIDDEN


def test_no_captured_event_shows_a_customers_number() -> None:
    """Every packet of a run on a FreePBX-shaped PBX, whose callers are 44770090xxxx."""
    entries = read_capture(CAPTURES / "freepbx-22" / "ami.jsonl.xz")
    packets = [Packet(frame) for entry in entries for frame in entry.frames][::7]
    assert any("447700900" in value for packet in packets for _, value in packet.headers)
    shown = [value for packet in packets for _, value in shown_headers(packet, whole=False)]
    assert not [value for value in shown if "447700900" in value][:5]
