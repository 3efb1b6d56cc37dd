"""The PBX events we understand, as frozen records, and the one place that knows AMI's traps.

    decoder = Decoder()
    for event in decoder.decode(packets, received_at): tracker.handle(event)

Of a full manager stream four events in five say nothing about calls; they are told by their name and
left alone. Of the others only the headers that matter are read.

Traps that are dealt with here and nowhere else:

- An event's time is its `Timestamp` (made when the manager event is made); without one, that of the last
  packet of this connection that had one (answers to actions have none); else the time of receipt.
- Names of people are C-escaped by Asterisk (`\\"`, `\\\\`, `\\n`), numbers are not.
- `<unknown>` and `<none>` are Asterisk's words for an empty value.
- `Uniqueid`/`Linkedid` in channel events are `UniqueID`/`LinkedID` in Cdr.
- Queue results come by a UserEvent of the dialplan's, or by VarSet QUEUESTATUS.
- A recording's name is in no event of its own: channelvars (`ChanVariable`) or VarSet MIXMONITOR_FILENAME.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from telephony.ami.packet import Packet
from telephony.errors import EventError

BUSY, UP, RINGING, RING, DOWN = 7, 6, 5, 4, 0
"""Channel states: refused by the PBX, up, the far end rings, it rings us (an incoming call), idle."""

RECORDING_VARIABLES = (b"RECORDING", b"CALLFILENAME", b"MIXMONITOR_FILENAME")
MONITOR_FOLDER = "/var/spool/asterisk/monitor/"


class NewChannel(NamedTuple):
    """A channel began to exist."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    state: int
    number: str
    name: str
    context: str
    exten: str


class NewState(NamedTuple):
    """A channel rings or is up."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    state: int


class DialBegin(NamedTuple):
    """A channel is being dialled. `uniqueid` is '' where an Originate dials."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    dest_uniqueid: str
    dest_linkedid: str
    dest_channel: str
    dial_string: str


class DialRinging(NamedTuple):
    """The dialled channel reports that it alerts."""

    at: datetime
    dest_uniqueid: str


class DialEnd(NamedTuple):
    """Dialling ended: ANSWER, BUSY, NOANSWER, CANCEL, CONGESTION, CHANUNAVAIL; `forward` names where to."""

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    status: str
    forward: str


class BridgeEnter(NamedTuple):
    """A channel joined a bridge."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    bridge: str
    technology: str
    bridge_type: str


class BridgeLeave(NamedTuple):
    """A channel left a bridge."""

    at: datetime
    uniqueid: str
    bridge: str


class Hangup(NamedTuple):
    """A channel ceased to exist. `cause` is the Q.850 cause."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    cause: int
    number: str


class HangupRequest(NamedTuple):
    """The far end of this channel hung up (or refused)."""

    at: datetime
    uniqueid: str


class Hold(NamedTuple):
    """The far end of this channel pressed hold (`on`) or took the call back."""

    at: datetime
    uniqueid: str
    on: bool


class QueueJoin(NamedTuple):
    """A caller entered a queue."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    queue: str
    position: int


class QueueLeave(NamedTuple):
    """A caller left a queue, for whatever reason."""

    at: datetime
    uniqueid: str
    queue: str


class QueueAbandon(NamedTuple):
    """A caller left without an agent: gave up, timed out or found nobody left."""

    at: datetime
    uniqueid: str
    queue: str


class QueueExit(NamedTuple):
    """The dialplan's word on how a queue ended: TIMEOUT, FULL, JOINEMPTY, LEAVEEMPTY, CONTINUE …"""

    at: datetime
    uniqueid: str
    queue: str
    status: str


class AgentCalled(NamedTuple):
    """A queue dials a member."""

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    queue: str
    interface: str
    member_name: str


class AgentConnect(NamedTuple):
    """A queue joins a caller and a member."""

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    queue: str
    interface: str
    member_name: str


class AgentComplete(NamedTuple):
    """What the queue claims of a talk that ended, in its whole seconds."""

    at: datetime
    uniqueid: str
    dest_uniqueid: str
    queue: str
    interface: str
    member_name: str
    talk_seconds: int
    reason: str


class BlindTransfer(NamedTuple):
    """The transferee is sent to an extension."""

    at: datetime
    transferer: str
    transferee: str
    extension: str
    success: bool


class AttendedTransfer(NamedTuple):
    """Two calls of the transferer become one; transferee and target may be swapped."""

    at: datetime
    first: str
    second: str
    transferee: str
    target: str
    target_channel: str
    success: bool
    dest_type: str


class Pickup(NamedTuple):
    """A phone takes a call that rings at another."""

    at: datetime
    uniqueid: str
    target: str


class Park(NamedTuple):
    """A call is parked (`parked`), taken back (`retrieved`), came back (`timeout`), or gave up (`gave_up`)."""

    at: datetime
    what: str
    parkee: str
    parker: str
    retriever: str
    space: str


class Spy(NamedTuple):
    """A supervisor begins or ceases to listen to a channel."""

    at: datetime
    spyer: str
    spyee: str
    on: bool


class AgentSession(NamedTuple):
    """A channel became (or ceased to be) the standing line of a logged-in Agent/…"""

    at: datetime
    uniqueid: str
    agent: str
    on: bool


class OriginateResponse(NamedTuple):
    """What came of an Originate's first leg. `uniqueid` is '' where Asterisk does not know it."""

    at: datetime
    uniqueid: str
    channel: str
    exten: str
    success: bool
    reason: int
    number: str
    action_id: str


class Cdr(NamedTuple):
    """One row that the PBX writes about a leg; only the application and the claim are used."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str
    dest_channel: str
    application: str
    billable_seconds: int
    answered: bool


class Digit(NamedTuple):
    """A digit came in on a channel."""

    at: datetime
    uniqueid: str
    digit: str
    context: str


class Recording(NamedTuple):
    """A recording of this channel goes to this file."""

    at: datetime
    uniqueid: str
    file: str


class Member(NamedTuple):
    """A queue's member was added (`added`), removed, paused, unpaused, or is reported (`status`)."""

    at: datetime
    what: str
    queue: str
    interface: str
    member_name: str
    paused: bool
    reason: str


class Listed(NamedTuple):
    """A channel that exists now, from a list of all; `uniqueid` is '' at the end of the list."""

    at: datetime
    uniqueid: str
    linkedid: str
    channel: str


class Lost(NamedTuple):
    """From here on nothing was heard: the connection ended, or the listener stopped or died."""

    at: datetime


class Connected(NamedTuple):
    """The PBX is heard again."""

    at: datetime


PbxEvent = (
    NewChannel
    | NewState
    | DialBegin
    | DialRinging
    | DialEnd
    | BridgeEnter
    | BridgeLeave
    | Hangup
    | HangupRequest
    | Hold
    | QueueJoin
    | QueueLeave
    | QueueAbandon
    | QueueExit
    | AgentCalled
    | AgentConnect
    | AgentComplete
    | BlindTransfer
    | AttendedTransfer
    | Pickup
    | Park
    | Spy
    | AgentSession
    | OriginateResponse
    | Cdr
    | Digit
    | Recording
    | Member
    | Listed
    | Lost
    | Connected
)

_TIMESTAMP = b"\r\nTimestamp: "
_ESCAPES = re.compile(r"\\(.)", re.S)
_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def _key(name: str) -> bytes:
    return f"\r\n{name}: ".encode()


def _value(raw: bytes, key: bytes) -> str:
    """The first value of a header, '' if it is absent or one of Asterisk's words for nothing."""
    start = raw.find(key)
    if start < 0:
        return ""
    start += len(key)
    end = raw.find(b"\r\n", start)
    value = raw[start:end] if end >= 0 else raw[start:]
    if value[:1] == b"<" and value in (b"<unknown>", b"<none>"):
        return ""
    return value.decode("utf-8", "surrogateescape")


def _must(raw: bytes, key: bytes) -> str:
    """A value that this event cannot be without."""
    value = _value(raw, key)
    if not value:
        name = raw[7 : raw.find(b"\r\n")].decode("ascii", "replace")
        raise EventError(f"{name}: found no {key[2:-2].decode()}, expected one", raw)
    return value


def _number(raw: bytes, key: bytes) -> int:
    """A whole number, 0 if absent; anything else is an error."""
    value = _value(raw, key)
    if not value:
        return 0
    try:
        return int(value)
    except ValueError:
        name = raw[7 : raw.find(b"\r\n")].decode("ascii", "replace")
        raise EventError(f"{name}: {key[2:-2].decode()} is no whole number", raw) from None


def _unescaped(text: str) -> str:
    """A person's name as it was before Asterisk C-escaped it."""
    if "\\" not in text:
        return text
    return _ESCAPES.sub(lambda found: _UNESCAPED.get(found[1], found[1]), text)


CHANNEL, UNIQUEID, LINKEDID = _key("Channel"), _key("Uniqueid"), _key("Linkedid")
STATE, CONTEXT, EXTEN = _key("ChannelState"), _key("Context"), _key("Exten")
CALLER_NUM, CALLER_NAME = _key("CallerIDNum"), _key("CallerIDName")
DEST_UNIQUEID, DEST_LINKEDID, DEST_CHANNEL = _key("DestUniqueid"), _key("DestLinkedid"), _key("DestChannel")
DIAL_STRING, DIAL_STATUS, FORWARD = _key("DialString"), _key("DialStatus"), _key("Forward")
BRIDGE, TECHNOLOGY, BRIDGE_TYPE = _key("BridgeUniqueid"), _key("BridgeTechnology"), _key("BridgeType")
CAUSE, QUEUE, POSITION = _key("Cause"), _key("Queue"), _key("Position")
INTERFACE, MEMBER_NAME, LOCATION, NAME = _key("Interface"), _key("MemberName"), _key("Location"), _key("Name")
TALK_TIME, REASON, PAUSED, PAUSED_REASON = (
    _key("TalkTime"),
    _key("Reason"),
    _key("Paused"),
    _key("PausedReason"),
)
RESULT, RESPONSE, ACTION_ID = _key("Result"), _key("Response"), _key("ActionID")
TRANSFERER, TRANSFEREE = _key("TransfererUniqueid"), _key("TransfereeUniqueid")
EXTENSION, DEST_TYPE = _key("Extension"), _key("DestType")
ORIG_TRANSFERER, SECOND_TRANSFERER = _key("OrigTransfererUniqueid"), _key("SecondTransfererUniqueid")
TARGET, TARGET_CHANNEL = _key("TransferTargetUniqueid"), _key("TransferTargetChannel")
PICKUP_TARGET = _key("TargetUniqueid")
PARKEE, PARKER, RETRIEVER = _key("ParkeeUniqueid"), _key("ParkerUniqueid"), _key("RetrieverUniqueid")
PARKER_DIAL, SPACE = _key("ParkerDialString"), _key("ParkingSpace")
SPYER, SPYEE, AGENT = _key("SpyerUniqueid"), _key("SpyeeUniqueid"), _key("Agent")
CDR_UNIQUEID, CDR_LINKEDID = _key("UniqueID"), _key("LinkedID")
DESTINATION_CHANNEL, LAST_APPLICATION = _key("DestinationChannel"), _key("LastApplication")
BILLABLE, DISPOSITION = _key("BillableSeconds"), _key("Disposition")
DIGIT, DIRECTION = _key("Digit"), _key("Direction")
USER_EVENT, STATUS, VALUE, CALL_UNIQUEID = (
    _key("UserEvent"),
    _key("Status"),
    _key("Value"),
    _key("CallUniqueid"),
)


def _new_channel(raw: bytes, at: datetime) -> PbxEvent:
    return NewChannel(
        at,
        _must(raw, UNIQUEID),
        _value(raw, LINKEDID),
        _must(raw, CHANNEL),
        _number(raw, STATE),
        _value(raw, CALLER_NUM),
        _unescaped(_value(raw, CALLER_NAME)),
        _value(raw, CONTEXT),
        _value(raw, EXTEN),
    )


def _new_state(raw: bytes, at: datetime) -> PbxEvent:
    return NewState(at, _must(raw, UNIQUEID), _value(raw, LINKEDID), _must(raw, CHANNEL), _number(raw, STATE))


def _dial_begin(raw: bytes, at: datetime) -> PbxEvent:
    return DialBegin(
        at,
        _value(raw, UNIQUEID),
        _value(raw, LINKEDID),
        _value(raw, CHANNEL),
        _must(raw, DEST_UNIQUEID),
        _value(raw, DEST_LINKEDID),
        _must(raw, DEST_CHANNEL),
        _value(raw, DIAL_STRING),
    )


def _dial_state(raw: bytes, at: datetime) -> PbxEvent | None:
    if _value(raw, DIAL_STATUS) != "RINGING":
        return None
    return DialRinging(at, _must(raw, DEST_UNIQUEID))


def _dial_end(raw: bytes, at: datetime) -> PbxEvent:
    return DialEnd(
        at, _value(raw, UNIQUEID), _must(raw, DEST_UNIQUEID), _value(raw, DIAL_STATUS), _value(raw, FORWARD)
    )


def _bridge_enter(raw: bytes, at: datetime) -> PbxEvent:
    return BridgeEnter(
        at,
        _must(raw, UNIQUEID),
        _value(raw, LINKEDID),
        _must(raw, CHANNEL),
        _must(raw, BRIDGE),
        _value(raw, TECHNOLOGY),
        _value(raw, BRIDGE_TYPE),
    )


def _bridge_leave(raw: bytes, at: datetime) -> PbxEvent:
    return BridgeLeave(at, _must(raw, UNIQUEID), _must(raw, BRIDGE))


def _hangup(raw: bytes, at: datetime) -> PbxEvent:
    return Hangup(
        at,
        _must(raw, UNIQUEID),
        _value(raw, LINKEDID),
        _must(raw, CHANNEL),
        _number(raw, CAUSE),
        _value(raw, CALLER_NUM),
    )


def _hangup_request(raw: bytes, at: datetime) -> PbxEvent | None:
    if _number(raw, STATE) == BUSY:
        return None  # Busy() or Congestion() of the dialplan refused the caller: he did not hang up
    return HangupRequest(at, _must(raw, UNIQUEID))


def _hold(raw: bytes, at: datetime) -> PbxEvent:
    return Hold(at, _must(raw, UNIQUEID), True)


def _unhold(raw: bytes, at: datetime) -> PbxEvent:
    return Hold(at, _must(raw, UNIQUEID), False)


def _queue_join(raw: bytes, at: datetime) -> PbxEvent:
    return QueueJoin(
        at,
        _must(raw, UNIQUEID),
        _value(raw, LINKEDID),
        _must(raw, CHANNEL),
        _must(raw, QUEUE),
        _number(raw, POSITION),
    )


def _queue_leave(raw: bytes, at: datetime) -> PbxEvent:
    return QueueLeave(at, _must(raw, UNIQUEID), _must(raw, QUEUE))


def _queue_abandon(raw: bytes, at: datetime) -> PbxEvent:
    return QueueAbandon(at, _must(raw, UNIQUEID), _must(raw, QUEUE))


def _agent_called(raw: bytes, at: datetime) -> PbxEvent | None:
    dest = _value(raw, DEST_UNIQUEID)
    if not dest:
        return None
    return AgentCalled(
        at,
        _value(raw, UNIQUEID),
        dest,
        _must(raw, QUEUE),
        _must(raw, INTERFACE),
        _unescaped(_value(raw, MEMBER_NAME)),
    )


def _agent_connect(raw: bytes, at: datetime) -> PbxEvent:
    return AgentConnect(
        at,
        _must(raw, UNIQUEID),
        _value(raw, DEST_UNIQUEID),
        _must(raw, QUEUE),
        _must(raw, INTERFACE),
        _unescaped(_value(raw, MEMBER_NAME)),
    )


def _agent_complete(raw: bytes, at: datetime) -> PbxEvent:
    return AgentComplete(
        at,
        _must(raw, UNIQUEID),
        _value(raw, DEST_UNIQUEID),
        _must(raw, QUEUE),
        _must(raw, INTERFACE),
        _unescaped(_value(raw, MEMBER_NAME)),
        _number(raw, TALK_TIME),
        _value(raw, REASON),
    )


def _blind_transfer(raw: bytes, at: datetime) -> PbxEvent:
    return BlindTransfer(
        at,
        _must(raw, TRANSFERER),
        _value(raw, TRANSFEREE),
        _value(raw, EXTENSION),
        _value(raw, RESULT) == "Success",
    )


def _attended_transfer(raw: bytes, at: datetime) -> PbxEvent:
    return AttendedTransfer(
        at,
        _must(raw, ORIG_TRANSFERER),
        _must(raw, SECOND_TRANSFERER),
        _value(raw, TRANSFEREE),
        _value(raw, TARGET),
        _value(raw, TARGET_CHANNEL),
        _value(raw, RESULT) == "Success",
        _value(raw, DEST_TYPE),
    )


def _pickup(raw: bytes, at: datetime) -> PbxEvent:
    return Pickup(at, _must(raw, UNIQUEID), _must(raw, PICKUP_TARGET))


def _park(what: str) -> Callable[[bytes, datetime], PbxEvent]:
    def decode(raw: bytes, at: datetime) -> PbxEvent:
        return Park(
            at,
            what,
            _must(raw, PARKEE),
            _value(raw, PARKER) or _value(raw, PARKER_DIAL),
            _value(raw, RETRIEVER),
            _value(raw, SPACE),
        )

    return decode


def _spy_start(raw: bytes, at: datetime) -> PbxEvent:
    return Spy(at, _must(raw, SPYER), _value(raw, SPYEE), True)


def _spy_stop(raw: bytes, at: datetime) -> PbxEvent:
    return Spy(at, _must(raw, SPYER), _value(raw, SPYEE), False)


def _agent_login(raw: bytes, at: datetime) -> PbxEvent:
    return AgentSession(at, _must(raw, UNIQUEID), _value(raw, AGENT), True)


def _agent_logoff(raw: bytes, at: datetime) -> PbxEvent:
    return AgentSession(at, _value(raw, UNIQUEID), _value(raw, AGENT), False)


def _originate_response(raw: bytes, at: datetime) -> PbxEvent:
    return OriginateResponse(
        at,
        _value(raw, UNIQUEID),
        _value(raw, CHANNEL),
        _value(raw, EXTEN),
        _value(raw, RESPONSE) == "Success",
        _number(raw, REASON),
        _value(raw, CALLER_NUM),
        _value(raw, ACTION_ID),
    )


def _cdr(raw: bytes, at: datetime) -> PbxEvent:
    return Cdr(
        at,
        _must(raw, CDR_UNIQUEID),
        _value(raw, CDR_LINKEDID),
        _value(raw, CHANNEL),
        _value(raw, DESTINATION_CHANNEL),
        _value(raw, LAST_APPLICATION),
        _number(raw, BILLABLE),
        _value(raw, DISPOSITION) == "ANSWERED",
    )


def _digit(raw: bytes, at: datetime) -> PbxEvent | None:
    if _value(raw, DIRECTION) != "Received":
        return None
    return Digit(at, _must(raw, UNIQUEID), _value(raw, DIGIT), _value(raw, CONTEXT))


def _recording(raw: bytes, at: datetime) -> PbxEvent | None:
    for name in RECORDING_VARIABLES:
        start = raw.find(b"\r\nChanVariable: " + name + b"=")
        if start >= 0:
            file = raw[start + 17 + len(name) :].split(b"\r\n", 1)[0].decode("utf-8", "surrogateescape")
            if file:
                return Recording(at, _must(raw, UNIQUEID), file.removeprefix(MONITOR_FOLDER))
    return None


def _var_set(raw: bytes, at: datetime) -> PbxEvent | None:
    # Nearly half of a full stream: look at two variables only.
    if b"\r\nVariable: MIXMONITOR_FILENAME\r\n" in raw:
        file = _value(raw, VALUE)
        return Recording(at, _must(raw, UNIQUEID), file.removeprefix(MONITOR_FOLDER)) if file else None
    if b"\r\nVariable: QUEUESTATUS\r\n" in raw:
        status = _value(raw, VALUE)
        if not status:
            return None
        queue = _value(raw, EXTEN) if b"\r\nContext: ext-queues\r\n" in raw else ""
        return QueueExit(at, _must(raw, UNIQUEID), queue, status)
    return None


def _user_event(raw: bytes, at: datetime) -> PbxEvent | None:
    if b"\r\nUserEvent: QueueExit\r\n" not in raw:
        return None
    return QueueExit(
        at,
        _value(raw, UNIQUEID) or _must(raw, CALL_UNIQUEID),
        _value(raw, QUEUE),
        _value(raw, STATUS),
    )


def _member(what: str) -> Callable[[bytes, datetime], PbxEvent]:
    def decode(raw: bytes, at: datetime) -> PbxEvent:
        return Member(
            at,
            what,
            _must(raw, QUEUE),
            _value(raw, INTERFACE) or _must(raw, LOCATION),
            _unescaped(_value(raw, MEMBER_NAME) or _value(raw, NAME)),
            _value(raw, PAUSED) == "1",
            _value(raw, PAUSED_REASON) or _value(raw, REASON),
        )

    return decode


def _listed(raw: bytes, at: datetime) -> PbxEvent:
    return Listed(at, _must(raw, UNIQUEID), _value(raw, LINKEDID), _must(raw, CHANNEL))


def _list_complete(raw: bytes, at: datetime) -> PbxEvent:
    return Listed(at, "", "", "")


Decode = Callable[[bytes, datetime], PbxEvent | None]

DECODERS: dict[bytes, Decode] = {
    b"Newchannel": _new_channel,
    b"Newstate": _new_state,
    b"DialBegin": _dial_begin,
    b"DialState": _dial_state,
    b"DialEnd": _dial_end,
    b"BridgeEnter": _bridge_enter,
    b"BridgeLeave": _bridge_leave,
    b"Hangup": _hangup,
    b"HangupRequest": _hangup_request,
    b"Hold": _hold,
    b"Unhold": _unhold,
    b"QueueCallerJoin": _queue_join,
    b"QueueCallerLeave": _queue_leave,
    b"QueueCallerAbandon": _queue_abandon,
    b"AgentCalled": _agent_called,
    b"AgentConnect": _agent_connect,
    b"AgentComplete": _agent_complete,
    b"BlindTransfer": _blind_transfer,
    b"AttendedTransfer": _attended_transfer,
    b"Pickup": _pickup,
    b"ParkedCall": _park("parked"),
    b"UnParkedCall": _park("retrieved"),
    b"ParkedCallTimeOut": _park("timeout"),
    b"ParkedCallGiveUp": _park("gave_up"),
    b"ChanSpyStart": _spy_start,
    b"ChanSpyStop": _spy_stop,
    b"AgentLogin": _agent_login,
    b"AgentLogoff": _agent_logoff,
    b"OriginateResponse": _originate_response,
    b"Cdr": _cdr,
    b"DTMFEnd": _digit,
    b"MixMonitorStart": _recording,
    b"VarSet": _var_set,
    b"UserEvent": _user_event,
    b"QueueMemberAdded": _member("added"),
    b"QueueMemberRemoved": _member("removed"),
    b"QueueMemberPause": _member("pause"),
    b"QueueMemberStatus": _member("status"),
    b"QueueMember": _member("status"),
    b"CoreShowChannel": _listed,
    b"CoreShowChannelsComplete": _list_complete,
}
"""The events that say something of calls or agents, by name. All others are counted as skipped."""


class Decoder:
    """Tells the PBX events of one connection's packets, in order.

    skipped: packets that say nothing of calls; unreadable: (message, raw) of the newest packets that lack what
    they must have, `unreadable_count` of all.
    """

    KEEP_UNREADABLE = 100

    def __init__(self) -> None:
        self.skipped = 0
        self.unreadable: list[EventError] = []
        self.unreadable_count = 0
        self._last: datetime | None = None
        self._last_raw = b""
        self._second = -1
        self._second_at = datetime(1970, 1, 1, tzinfo=UTC)

    def decode(self, packets: Iterable[Packet], received_at: datetime) -> list[PbxEvent]:
        """The events of packets that were received together."""
        events: list[PbxEvent] = []
        decoders = DECODERS
        for packet in packets:
            raw = packet.raw
            name = raw[7 : raw.find(b"\r\n")] if raw[:7] == b"Event: " else b""
            decode = decoders.get(name)
            if decode is None:
                self.skipped += 1
                self._note(raw)
                continue
            try:
                event = decode(raw, self._time(raw, received_at))
            except EventError as error:
                self._quarantine(error)
                continue
            if event is None:
                self.skipped += 1
            else:
                events.append(event)
        return events

    def now(self, received_at: datetime) -> datetime:
        """The time of something without a time of its own: the last packet's, else that of receipt."""
        if self._last_raw:
            self._stamp(self._last_raw)
            self._last_raw = b""
        return self._last or received_at

    def _note(self, raw: bytes) -> None:
        # The time of a skipped packet matters only if one without a time follows: read it then.
        if raw.find(_TIMESTAMP, 0, 120) >= 0:
            self._last_raw = raw

    def _time(self, raw: bytes, received_at: datetime) -> datetime:
        at = self._stamp(raw)
        if at is None:
            return self.now(received_at)
        self._last_raw = b""
        return at

    def _stamp(self, raw: bytes) -> datetime | None:
        start = raw.find(_TIMESTAMP, 0, 120)
        if start < 0:
            return None
        start += len(_TIMESTAMP)
        end = raw.find(b"\r\n", start)
        second, _, fraction = raw[start : end if end >= 0 else len(raw)].partition(b".")
        try:
            whole = int(second)
            if whole != self._second:
                self._second_at = datetime.fromtimestamp(whole, UTC)
                self._second = whole
            self._last = self._second_at.replace(microsecond=int(fraction[:6].ljust(6, b"0")))
        except (ValueError, OverflowError, OSError):
            self._quarantine(EventError("Timestamp: found no seconds.microseconds", raw))
            return None
        return self._last

    def _quarantine(self, error: EventError) -> None:
        self.unreadable_count += 1
        self.unreadable.append(error)
        del self.unreadable[: -self.KEEP_UNREADABLE]
