"""Print the AMI events of each scenario of a capture, abridged.

    python -m tests.lab.summarize CAPTURE_DIR [--all | --short] [SCENARIO ...]

By default the bulk (VarSet, Newexten, RTCP*, CEL, TestEvent, ...) is left out and the fields
that matter for call accounting are shown.  --short shows the events of the call itself in one
short line each, with ids cut to their counter and channels to their name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.lab.claims import packets

Fields = dict[str, str]
BULK = {
    "VarSet",
    "Newexten",
    "RTCPSent",
    "RTCPReceived",
    "CEL",
    "TestEvent",
    "SuccessfulAuth",
    "RequestBadFormat",
    "ChallengeSent",
    "MusicOnHoldStart",
    "MusicOnHoldStop",
}
FIELDS = (
    "Uniqueid",
    "Linkedid",
    "DestUniqueid",
    "DestLinkedid",
    "Channel",
    "DestChannel",
    "ChannelStateDesc",
    "ChannelState",
    "DestChannelStateDesc",
    "CallerIDNum",
    "CallerIDName",
    "ConnectedLineNum",
    "ConnectedLineName",
    "AccountCode",
    "Context",
    "Exten",
    "DialString",
    "DialStatus",
    "Queue",
    "Interface",
    "MemberName",
    "HoldTime",
    "RingTime",
    "TalkTime",
    "Reason",
    "PausedReason",
    "Position",
    "OriginalPosition",
    "Count",
    "Cause",
    "Cause-txt",
    "BridgeUniqueid",
    "BridgeType",
    "BridgeNumChannels",
    "BridgeTechnology",
    "Paused",
    "Status",
    "InCall",
    "CallsTaken",
    "Wrapuptime",
    "LoginTime",
    "LastCall",
    "LastPause",
    "State",
    "Device",
    "Response",
    "TechCause",
    "Result",
    "TransfererUniqueid",
    "TransfereeUniqueid",
    "OrigTransfererUniqueid",
    "SecondTransfererUniqueid",
    "TransferTargetUniqueid",
    "Extension",
    "DestType",
    "DestBridgeUniqueid",
    "DestApp",
    "IsExternal",
    "LocalOneChannel",
    "LocalTwoChannel",
    "LocalOneUniqueid",
    "LocalTwoUniqueid",
    "Digit",
    "Direction",
    "UniqueID",
    "LinkedID",
    "Source",
    "Destination",
    "DestinationChannel",
    "Duration",
    "BillableSeconds",
    "Disposition",
    "StartTime",
    "AnswerTime",
    "EndTime",
    "LastApplication",
    "UserEvent",
    "Name",
    "PeerStatus",
    "Peer",
    "URI",
    "ContactStatus",
    "Hint",
    "StatusText",
)
HIDE_EMPTY = {"", "<unknown>", "<none>"}

ID = ("id", "Uniqueid")
LINK = ("link", "Linkedid")
TO = ("to", "DestUniqueid")
QUEUE = ("queue", "Queue")
MEMBER = ("member", "MemberName")
SHORT = {
    "Newchannel": (
        ID,
        LINK,
        ("", "Channel"),
        ("state", "ChannelStateDesc"),
        ("cid", "CallerIDNum"),
        ("exten", "Exten"),
    ),
    "Newstate": (ID, ("state", "ChannelStateDesc")),
    "DialBegin": (ID, TO, ("dial", "DialString")),
    "DialState": (ID, TO, ("status", "DialStatus")),
    "DialEnd": (ID, TO, ("status", "DialStatus"), ("forward", "Forward")),
    "BridgeEnter": (ID, LINK, ("bridge", "BridgeUniqueid"), ("n", "BridgeNumChannels")),
    "BridgeLeave": (ID, ("bridge", "BridgeUniqueid"), ("n", "BridgeNumChannels")),
    "BridgeMerge": (("to", "ToBridgeUniqueid"), ("from", "FromBridgeUniqueid")),
    "Hold": (ID,),
    "Unhold": (ID,),
    "Hangup": (ID, LINK, ("", "Channel"), ("cause", "Cause"), ("", "Cause-txt"), ("tech", "TechCause")),
    "QueueCallerJoin": (ID, QUEUE, ("position", "Position")),
    "QueueCallerLeave": (ID, QUEUE, ("count", "Count")),
    "QueueCallerAbandon": (ID, QUEUE, ("hold", "HoldTime"), ("position", "Position")),
    "AgentCalled": (ID, TO, QUEUE, MEMBER, ("interface", "Interface")),
    "AgentConnect": (ID, TO, QUEUE, MEMBER, ("hold", "HoldTime"), ("ring", "RingTime")),
    "AgentComplete": (
        ID,
        TO,
        QUEUE,
        MEMBER,
        ("hold", "HoldTime"),
        ("talk", "TalkTime"),
        ("reason", "Reason"),
    ),
    "AgentRingNoAnswer": (ID, TO, QUEUE, MEMBER, ("ring", "RingTime")),
    "QueueMemberPause": (QUEUE, MEMBER, ("paused", "Paused"), ("reason", "PausedReason")),
    "QueueMemberAdded": (QUEUE, MEMBER, ("interface", "Interface")),
    "QueueMemberRemoved": (QUEUE, MEMBER),
    "BlindTransfer": (
        ("transferer", "TransfererUniqueid"),
        ("transferee", "TransfereeUniqueid"),
        ("extension", "Extension"),
        ("result", "Result"),
        ("external", "IsExternal"),
    ),
    "AttendedTransfer": (
        ("orig", "OrigTransfererUniqueid"),
        ("second", "SecondTransfererUniqueid"),
        ("transferee", "TransfereeUniqueid"),
        ("target", "TransferTargetUniqueid"),
        ("dest", "DestType"),
        ("bridge", "DestBridgeUniqueid"),
        ("app", "DestApp"),
        ("result", "Result"),
    ),
    "OriginateResponse": (
        ("", "Response"),
        ("reason", "Reason"),
        ("id", "Uniqueid"),
        ("", "Channel"),
        ("exten", "Exten"),
    ),
    "Cdr": (
        ("id", "UniqueID"),
        ("link", "LinkedID"),
        ("src", "Source"),
        ("dst", "Destination"),
        ("dstchannel", "DestinationChannel"),
        ("app", "LastApplication"),
        ("duration", "Duration"),
        ("billsec", "BillableSeconds"),
        ("", "Disposition"),
    ),
    "LocalBridge": (("one", "LocalOneUniqueid"), ("two", "LocalTwoUniqueid"), ("exten", "Exten")),
    "MixMonitorStart": (ID,),
    "MixMonitorStop": (ID,),
    "DTMFEnd": (ID, ("digit", "Digit"), ("direction", "Direction")),
    "UserEvent": (("", "UserEvent"), QUEUE, ("status", "Status")),
    "PeerStatus": (("", "Peer"), ("", "PeerStatus")),
    "ContactStatus": (("", "AOR"), ("", "ContactStatus"), ("uri", "URI")),
    "Reload": (("module", "Module"), ("status", "Status")),
    "Pickup": (ID, ("target", "TargetUniqueid"), ("", "TargetChannel")),
    "ParkedCall": (
        ("parkee", "ParkeeUniqueid"),
        ("space", "ParkingSpace"),
        ("lot", "Parkinglot"),
        ("parker", "ParkerDialString"),
    ),
    "UnParkedCall": (
        ("parkee", "ParkeeUniqueid"),
        ("space", "ParkingSpace"),
        ("retriever", "RetrieverUniqueid"),
        ("parker", "ParkerDialString"),
    ),
    "ParkedCallTimeOut": (
        ("parkee", "ParkeeUniqueid"),
        ("space", "ParkingSpace"),
        ("parker", "ParkerDialString"),
    ),
    "ParkedCallGiveUp": (("parkee", "ParkeeUniqueid"), ("space", "ParkingSpace")),
    "ParkedCallSwap": (("parkee", "ParkeeUniqueid"), ("parker", "ParkerUniqueid")),
    "ChanSpyStart": (("spyer", "SpyerUniqueid"), ("spyee", "SpyeeUniqueid"), ("", "SpyeeChannel")),
    "ChanSpyStop": (("spyer", "SpyerUniqueid"), ("spyee", "SpyeeUniqueid")),
    "ConfbridgeStart": (("room", "Conference"), ("bridge", "BridgeUniqueid")),
    "ConfbridgeEnd": (("room", "Conference"), ("bridge", "BridgeUniqueid")),
    "ConfbridgeJoin": (ID, LINK, ("room", "Conference"), ("bridge", "BridgeUniqueid")),
    "ConfbridgeLeave": (ID, ("room", "Conference")),
    "AgentLogin": (ID, ("agent", "Agent")),
    "AgentLogoff": (ID, ("agent", "Agent"), ("seconds", "Logintime")),
    "BridgeCreate": (("bridge", "BridgeUniqueid"), ("type", "BridgeType"), ("tech", "BridgeTechnology")),
}


def sequences(folder: Path, mode: str, wanted: set[str]) -> Iterator[str]:
    """The lines of a capture's summary."""
    began: float | None = None
    show = True
    counts: dict[str, int] = {}
    bridges: dict[str, str] = {}
    for t, fields in packets(folder):
        event, mark = fields.get("Event"), fields.get("UserEvent")
        if event == "UserEvent" and mark == "ScenarioBegin":
            began, counts, bridges = t, {}, {}
            show = not wanted or fields["Name"] in wanted
            if show:
                yield f"\n== {fields['Name']}"
        elif event == "UserEvent" and mark == "ScenarioEnd":
            if show:
                yield total(counts)
            began = None
        elif began is not None:
            if event:
                counts[event] = counts.get(event, 0) + 1
            text = line_of(fields, mode, bridges) if show else None
            if text:
                yield f"  {t - began:7.3f} {text}"


def total(counts: dict[str, int]) -> str:
    listed = ", ".join(f"{name} {n}" for name, n in sorted(counts.items(), key=lambda c: -c[1]))
    return f"  -- {sum(counts.values())} events: {listed}"


def line_of(fields: Fields, mode: str, bridges: dict[str, str]) -> str | None:
    event = fields.get("Event")
    if not event:
        telling = fields.get("Response") and fields.get("Message") not in (None, "Event Sent")
        return f"<{fields['Response']}> {fields['Message']}" if telling else None
    if event in BULK and mode != "--all":
        return None
    if mode == "--short":
        return f"{event:18} {short(fields, bridges)}" if event in SHORT else None
    shown = [f"{k}={fields[k]}" for k in FIELDS if fields.get(k, "") not in HIDE_EMPTY]
    return f"{event:18} {' '.join(shown)}"


def short(fields: Fields, bridges: dict[str, str]) -> str:
    shown = []
    for label, key in SHORT[fields["Event"]]:
        value = fields.get(key, "")
        if value not in HIDE_EMPTY:
            value = shorten(value, bridges)
            shown.append(f"{label}={value}" if label else value)
    return " ".join(shown)


def shorten(value: str, bridges: dict[str, str]) -> str:
    value = re.sub(r"^\d{9,11}\.(\d+)$", r".\1", value)
    if re.match(r"^[0-9a-f]{8}-[0-9a-f]{4}-", value):
        return bridges.setdefault(value, f"b{len(bridges) + 1}")
    return value


def main(arguments: Sequence[str]) -> None:
    mode = next((a for a in arguments if a.startswith("--")), "")
    names = [a for a in arguments if not a.startswith("--")]
    for line in sequences(Path(names[0]), mode, set(names[1:])):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
