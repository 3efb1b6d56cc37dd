"""Reads PBX events out of AMI packets: the one place that knows AMI's traps.

    decoder = Decoder()                                  # one a connection
    for event in decoder.decode(frames, received_at): tracker.handle(event)

Of a full manager stream four packets in five say nothing about calls; they are told by their name and left alone.
Of the others only the headers that matter are read. The traps:

- An event's time is its `Timestamp` (made when the manager event is made); without one, that of the last packet of
  this connection that had one (answers to actions have none); else the time of receipt.
- Names of people are C-escaped by Asterisk (`\\\\"`, `\\\\\\\\`, `\\\\n`), numbers are not.
- `<unknown>` and `<none>` are Asterisk's words for an empty value.
- `Uniqueid`/`Linkedid` in channel events are `UniqueID`/`LinkedID` in Cdr.
- QueueMemberStatus comes for each change of a device and queue: it is told once, and when the pause changes.
- A caller's wish to be withheld is told by NewCallerid only (CID-CallingPres); the number is there all the same.
- HangupRequest in channel state Busy is the PBX's own refusal, not the caller's hanging up.
- Queue results come by a UserEvent of the dialplan's, or by VarSet QUEUESTATUS.
- A recording's name is in no event of its own: channelvars (`ChanVariable`) or VarSet MIXMONITOR_FILENAME.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from telephony.errors import EventError
from telephony.events import (
    BUSY,
    AgentCalled,
    AgentComplete,
    AgentConnect,
    AgentSession,
    AttendedTransfer,
    BlindTransfer,
    BridgeEnter,
    BridgeLeave,
    CallerHidden,
    Cdr,
    DialBegin,
    DialEnd,
    DialRinging,
    Digit,
    Hangup,
    HangupRequest,
    Hold,
    Listed,
    Member,
    NewChannel,
    NewState,
    OriginateResponse,
    Park,
    PbxEvent,
    Pickup,
    QueueAbandon,
    QueueExit,
    QueueJoin,
    QueueLeave,
    Recording,
    Spy,
)

RECORDING_VARIABLES = ("RECORDING", "CALLFILENAME", "MIXMONITOR_FILENAME")
MONITOR_FOLDER = "/var/spool/asterisk/monitor/"

Decode = Callable[[str, datetime], PbxEvent | None]

_TIMESTAMP = b"\r\nTimestamp: "
_EMPTY = frozenset({"<unknown>", "<none>"})
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


# -- reading headers ------------------------------------------------------------------------


def _keys(*names: str) -> tuple[str, ...]:
    """Search strings for headers, best in the order in which Asterisk sends them."""
    return tuple(f"\r\n{name}: " for name in names)


def _fields(text: str, keys: tuple[str, ...]) -> list[str]:
    """The first value of each header, '' where it is absent or one of Asterisk's words for nothing."""
    values = []
    at = 0
    for key in keys:
        start = text.find(key, at)
        if start < 0:
            start = text.find(key)
            if start < 0:
                values.append("")
                continue
        start += len(key)
        at = text.find("\r\n", start)
        if at < 0:
            at = len(text)
        value = text[start:at]
        values.append("" if value in _EMPTY else value)
    return values


def _demand(text: str, **values: str) -> None:
    """Raise for the first of these headers that is empty."""
    for name, value in values.items():
        if not value:
            raise _error(text, f"found no {name}, expected one")


def _whole(text: str, name: str, value: str) -> int:
    """A whole number, 0 if absent."""
    if not value:
        return 0
    try:
        return int(value)
    except ValueError:
        raise _error(text, f"{name} is no whole number") from None


def _error(text: str, what: str) -> EventError:
    name = text[7:].partition("\r\n")[0]
    return EventError(f"{name}: {what}", text.encode("utf-8", "surrogateescape"))


def _unescaped(name: str) -> str:
    """A person's name as it was before Asterisk C-escaped it."""
    if "\\" not in name:
        return name
    return _ESCAPE.sub(lambda found: _UNESCAPED.get(found[1], found[1]), name)


# -- channels -------------------------------------------------------------------------------

_NEW_CHANNEL = _keys(
    "Channel", "ChannelState", "CallerIDNum", "CallerIDName", "Context", "Exten", "Uniqueid", "Linkedid"
)
_NEW_STATE = _keys("Channel", "ChannelState", "Uniqueid", "Linkedid")
_HANGUP = _keys("Channel", "CallerIDNum", "Uniqueid", "Linkedid", "Cause")
_UNIQUEID = _keys("Uniqueid")
_STATE_UNIQUEID = _keys("ChannelState", "Uniqueid")


def _new_channel(text: str, at: datetime) -> PbxEvent:
    channel, state, number, name, context, exten, uniqueid, linkedid = _fields(text, _NEW_CHANNEL)
    if not uniqueid or not channel:
        _demand(text, Uniqueid=uniqueid, Channel=channel)
    return NewChannel(
        at,
        uniqueid,
        linkedid,
        channel,
        _whole(text, "ChannelState", state),
        number,
        _unescaped(name),
        context,
        exten,
    )


def _caller_hidden(text: str, at: datetime) -> PbxEvent:
    (uniqueid,) = _fields(text, _UNIQUEID)
    _demand(text, Uniqueid=uniqueid)
    return CallerHidden(at, uniqueid)


def _new_state(text: str, at: datetime) -> PbxEvent:
    channel, state, uniqueid, linkedid = _fields(text, _NEW_STATE)
    if not uniqueid or not channel:
        _demand(text, Uniqueid=uniqueid, Channel=channel)
    return NewState(at, uniqueid, linkedid, channel, _whole(text, "ChannelState", state))


def _hangup(text: str, at: datetime) -> PbxEvent:
    channel, number, uniqueid, linkedid, cause = _fields(text, _HANGUP)
    if not uniqueid or not channel:
        _demand(text, Uniqueid=uniqueid, Channel=channel)
    return Hangup(at, uniqueid, linkedid, channel, _whole(text, "Cause", cause), number)


def _hangup_request(text: str, at: datetime) -> PbxEvent | None:
    state, uniqueid = _fields(text, _STATE_UNIQUEID)
    if state and _whole(text, "ChannelState", state) == BUSY:
        return None
    if not uniqueid:
        _demand(text, Uniqueid=uniqueid)
    return HangupRequest(at, uniqueid)


def _hold(*, on: bool) -> Decode:
    def decode(text: str, at: datetime) -> PbxEvent:
        (uniqueid,) = _fields(text, _UNIQUEID)
        _demand(text, Uniqueid=uniqueid)
        return Hold(at, uniqueid, on)

    return decode


_DIGIT = _keys("Context", "Uniqueid", "Digit", "Direction")


def _digit(text: str, at: datetime) -> PbxEvent | None:
    context, uniqueid, digit, direction = _fields(text, _DIGIT)
    if direction != "Received":
        return None
    _demand(text, Uniqueid=uniqueid)
    return Digit(at, uniqueid, digit, context)


_LISTED = _keys("Channel", "Uniqueid", "Linkedid")


def _listed(text: str, at: datetime) -> PbxEvent:
    channel, uniqueid, linkedid = _fields(text, _LISTED)
    _demand(text, Uniqueid=uniqueid, Channel=channel)
    return Listed(at, uniqueid, linkedid, channel)


def _list_complete(text: str, at: datetime) -> PbxEvent:
    return Listed(at, "", "", "")


# -- dialling and bridges -------------------------------------------------------------------

_DIAL_BEGIN = _keys("Channel", "Uniqueid", "Linkedid", "DestChannel", "DestUniqueid", "DestLinkedid", "DialString")
_DIAL_STATE = _keys("DestUniqueid", "DialStatus")
_DIAL_END = _keys("Uniqueid", "DestUniqueid", "DialStatus", "Forward")
_BRIDGE_ENTER = _keys("BridgeUniqueid", "BridgeType", "BridgeTechnology", "Channel", "Uniqueid", "Linkedid")
_BRIDGE_LEAVE = _keys("BridgeUniqueid", "Uniqueid")
_ORIGINATE = _keys("ActionID", "Response", "Channel", "Exten", "Reason", "Uniqueid", "CallerIDNum")


def _dial_begin(text: str, at: datetime) -> PbxEvent:
    channel, uniqueid, linkedid, dest_channel, dest_uniqueid, dest_linkedid, string = _fields(text, _DIAL_BEGIN)
    if not dest_uniqueid or not dest_channel:
        _demand(text, DestUniqueid=dest_uniqueid, DestChannel=dest_channel)
    return DialBegin(at, uniqueid, linkedid, channel, dest_uniqueid, dest_linkedid, dest_channel, string)


def _dial_state(text: str, at: datetime) -> PbxEvent | None:
    dest_uniqueid, status = _fields(text, _DIAL_STATE)
    if status != "RINGING":
        return None
    _demand(text, DestUniqueid=dest_uniqueid)
    return DialRinging(at, dest_uniqueid)


def _dial_end(text: str, at: datetime) -> PbxEvent:
    uniqueid, dest_uniqueid, status, forward = _fields(text, _DIAL_END)
    if not dest_uniqueid:
        _demand(text, DestUniqueid=dest_uniqueid)
    return DialEnd(at, uniqueid, dest_uniqueid, status, forward)


def _bridge_enter(text: str, at: datetime) -> PbxEvent:
    bridge, kind, technology, channel, uniqueid, linkedid = _fields(text, _BRIDGE_ENTER)
    if not uniqueid or not channel or not bridge:
        _demand(text, Uniqueid=uniqueid, Channel=channel, BridgeUniqueid=bridge)
    return BridgeEnter(at, uniqueid, linkedid, channel, bridge, technology, kind)


def _bridge_leave(text: str, at: datetime) -> PbxEvent:
    bridge, uniqueid = _fields(text, _BRIDGE_LEAVE)
    if not uniqueid or not bridge:
        _demand(text, Uniqueid=uniqueid, BridgeUniqueid=bridge)
    return BridgeLeave(at, uniqueid, bridge)


def _originate_response(text: str, at: datetime) -> PbxEvent:
    action_id, response, channel, exten, reason, uniqueid, number = _fields(text, _ORIGINATE)
    return OriginateResponse(
        at,
        uniqueid,
        channel,
        exten,
        response == "Success",
        _whole(text, "Reason", reason),
        number,
        action_id,
    )


# -- queues and agents ----------------------------------------------------------------------

_QUEUE_JOIN = _keys("Channel", "Uniqueid", "Linkedid", "Queue", "Position")
_QUEUE_LEAVE = _keys("Uniqueid", "Queue")
_AGENT = _keys("Uniqueid", "DestUniqueid", "Queue", "Interface", "MemberName")
_AGENT_COMPLETE = _keys("Uniqueid", "DestUniqueid", "Queue", "Interface", "MemberName", "TalkTime", "Reason")
_MEMBER = _keys("Queue", "MemberName", "Interface", "Paused", "PausedReason")
_MEMBER_LISTED = _keys("Queue", "Name", "Location", "Paused", "PausedReason")
_REASON = _keys("Reason")
_SESSION = _keys("Uniqueid", "Agent")


def _queue_join(text: str, at: datetime) -> PbxEvent:
    channel, uniqueid, linkedid, queue, position = _fields(text, _QUEUE_JOIN)
    _demand(text, Uniqueid=uniqueid, Channel=channel, Queue=queue)
    return QueueJoin(at, uniqueid, linkedid, channel, queue, _whole(text, "Position", position))


def _queue_leave(text: str, at: datetime) -> PbxEvent:
    uniqueid, queue = _fields(text, _QUEUE_LEAVE)
    _demand(text, Uniqueid=uniqueid, Queue=queue)
    return QueueLeave(at, uniqueid, queue)


def _queue_abandon(text: str, at: datetime) -> PbxEvent:
    uniqueid, queue = _fields(text, _QUEUE_LEAVE)
    _demand(text, Uniqueid=uniqueid, Queue=queue)
    return QueueAbandon(at, uniqueid, queue)


def _agent_called(text: str, at: datetime) -> PbxEvent | None:
    uniqueid, dest, queue, interface, name = _fields(text, _AGENT)
    if not dest:
        return None
    _demand(text, Queue=queue, Interface=interface)
    return AgentCalled(at, uniqueid, dest, queue, interface, _unescaped(name))


def _agent_connect(text: str, at: datetime) -> PbxEvent:
    uniqueid, dest, queue, interface, name = _fields(text, _AGENT)
    _demand(text, Uniqueid=uniqueid, Queue=queue, Interface=interface)
    return AgentConnect(at, uniqueid, dest, queue, interface, _unescaped(name))


def _agent_complete(text: str, at: datetime) -> PbxEvent:
    uniqueid, dest, queue, interface, name, talk, reason = _fields(text, _AGENT_COMPLETE)
    _demand(text, Uniqueid=uniqueid, Queue=queue, Interface=interface)
    seconds = _whole(text, "TalkTime", talk)
    return AgentComplete(at, uniqueid, dest, queue, interface, _unescaped(name), seconds, reason)


def _member(what: str, keys: tuple[str, ...] = _MEMBER) -> Decode:
    def decode(text: str, at: datetime) -> PbxEvent:
        queue, name, interface, paused, reason = _fields(text, keys)
        _demand(text, Queue=queue, Interface=interface)
        if not reason and what == "pause":
            (reason,) = _fields(text, _REASON)
        return Member(at, what, queue, interface, _unescaped(name), paused == "1", reason)

    return decode


def _session(*, on: bool) -> Decode:
    def decode(text: str, at: datetime) -> PbxEvent:
        uniqueid, agent = _fields(text, _SESSION)
        _demand(text, Uniqueid=uniqueid)
        return AgentSession(at, uniqueid, agent, on)

    return decode


# -- hand-overs -----------------------------------------------------------------------------

_BLIND = _keys("Result", "TransfererUniqueid", "TransfereeUniqueid", "Extension")
_ATTENDED = _keys(
    "Result",
    "OrigTransfererUniqueid",
    "SecondTransfererUniqueid",
    "TransfereeUniqueid",
    "TransferTargetChannel",
    "TransferTargetUniqueid",
    "DestType",
)
_PICKUP = _keys("Uniqueid", "TargetUniqueid")
_PARK = _keys("ParkeeUniqueid", "ParkerDialString", "ParkingSpace", "RetrieverUniqueid")
_SPY = _keys("SpyerUniqueid", "SpyeeUniqueid")


def _blind_transfer(text: str, at: datetime) -> PbxEvent:
    result, transferer, transferee, extension = _fields(text, _BLIND)
    _demand(text, TransfererUniqueid=transferer)
    return BlindTransfer(at, transferer, transferee, extension, result == "Success")


def _attended_transfer(text: str, at: datetime) -> PbxEvent:
    result, first, second, transferee, channel, target, dest = _fields(text, _ATTENDED)
    _demand(text, OrigTransfererUniqueid=first, SecondTransfererUniqueid=second)
    return AttendedTransfer(at, first, second, transferee, target, channel, result == "Success", dest)


def _pickup(text: str, at: datetime) -> PbxEvent:
    uniqueid, target = _fields(text, _PICKUP)
    _demand(text, Uniqueid=uniqueid, TargetUniqueid=target)
    return Pickup(at, uniqueid, target)


def _park(what: str) -> Decode:
    def decode(text: str, at: datetime) -> PbxEvent:
        parkee, parker, space, retriever = _fields(text, _PARK)
        _demand(text, ParkeeUniqueid=parkee)
        return Park(at, what, parkee, parker, retriever, space)

    return decode


def _spy(*, on: bool) -> Decode:
    def decode(text: str, at: datetime) -> PbxEvent:
        spyer, spyee = _fields(text, _SPY)
        _demand(text, SpyerUniqueid=spyer)
        return Spy(at, spyer, spyee, on)

    return decode


# -- what the PBX and its dialplan add --------------------------------------------------------

_CDR = _keys(
    "Channel",
    "DestinationChannel",
    "LastApplication",
    "BillableSeconds",
    "Disposition",
    "UniqueID",
    "LinkedID",
)
_VARIABLE = _keys("Context", "Exten", "Uniqueid", "Value")
_QUEUE_EXIT = _keys("Uniqueid", "Queue", "Status", "CallUniqueid")


def _cdr(text: str, at: datetime) -> PbxEvent:
    channel, dest, application, seconds, disposition, uniqueid, linkedid = _fields(text, _CDR)
    _demand(text, UniqueID=uniqueid)
    billable = _whole(text, "BillableSeconds", seconds)
    return Cdr(at, uniqueid, linkedid, channel, dest, application, billable, disposition == "ANSWERED")


def _recording(text: str, at: datetime) -> PbxEvent | None:
    (uniqueid,) = _fields(text, _UNIQUEID)
    for name in RECORDING_VARIABLES:
        _, found, rest = text.partition(f"\r\nChanVariable: {name}=")
        file = rest.partition("\r\n")[0] if found else ""
        if file:
            _demand(text, Uniqueid=uniqueid)
            return Recording(at, uniqueid, file.removeprefix(MONITOR_FOLDER))
    return None


def _var_set(text: str, at: datetime) -> PbxEvent | None:
    context, exten, uniqueid, value = _fields(text, _VARIABLE)
    if not value:
        return None
    _demand(text, Uniqueid=uniqueid)
    if "\r\nVariable: QUEUESTATUS\r\n" in text:
        return QueueExit(at, uniqueid, exten if context == "ext-queues" else "", value)
    return Recording(at, uniqueid, value.removeprefix(MONITOR_FOLDER))


def _user_event(text: str, at: datetime) -> PbxEvent | None:
    if "\r\nUserEvent: QueueExit\r\n" not in text:
        return None
    uniqueid, queue, status, call = _fields(text, _QUEUE_EXIT)
    _demand(text, Uniqueid=uniqueid or call)
    return QueueExit(at, uniqueid or call, queue, status)


DECODERS: dict[bytes, Decode] = {
    b"Newchannel": _new_channel,
    b"NewCallerid": _caller_hidden,
    b"Newstate": _new_state,
    b"Hangup": _hangup,
    b"HangupRequest": _hangup_request,
    b"Hold": _hold(on=True),
    b"Unhold": _hold(on=False),
    b"DTMFEnd": _digit,
    b"CoreShowChannel": _listed,
    b"CoreShowChannelsComplete": _list_complete,
    b"DialBegin": _dial_begin,
    b"DialState": _dial_state,
    b"DialEnd": _dial_end,
    b"BridgeEnter": _bridge_enter,
    b"BridgeLeave": _bridge_leave,
    b"OriginateResponse": _originate_response,
    b"QueueCallerJoin": _queue_join,
    b"QueueCallerLeave": _queue_leave,
    b"QueueCallerAbandon": _queue_abandon,
    b"AgentCalled": _agent_called,
    b"AgentConnect": _agent_connect,
    b"AgentComplete": _agent_complete,
    b"AgentLogin": _session(on=True),
    b"AgentLogoff": _session(on=False),
    b"QueueMemberAdded": _member("added"),
    b"QueueMemberRemoved": _member("removed"),
    b"QueueMemberPause": _member("pause"),
    b"QueueMemberStatus": _member("status"),
    b"QueueMember": _member("status", _MEMBER_LISTED),
    b"BlindTransfer": _blind_transfer,
    b"AttendedTransfer": _attended_transfer,
    b"Pickup": _pickup,
    b"ParkedCall": _park("parked"),
    b"UnParkedCall": _park("retrieved"),
    b"ParkedCallTimeOut": _park("timeout"),
    b"ParkedCallGiveUp": _park("gave_up"),
    b"ChanSpyStart": _spy(on=True),
    b"ChanSpyStop": _spy(on=False),
    b"Cdr": _cdr,
    b"MixMonitorStart": _recording,
    b"VarSet": _var_set,
    b"UserEvent": _user_event,
}
"""The events that say something of calls or agents, by name. All others are counted as skipped."""


class Decoder:
    """Reads the PBX events of one connection's packets, in order.

    skipped: how many packets said nothing of calls; unreadable: the newest packets that lack what they must have,
    unreadable_count: how many there were in all.
    """

    KEEP_UNREADABLE = 100

    def __init__(self) -> None:
        self.skipped = 0
        self.unreadable: list[EventError] = []
        self.unreadable_count = 0
        self._last: datetime | None = None
        self._last_skipped = b""
        self._second = b""
        self._second_at = datetime(1970, 1, 1, tzinfo=UTC)
        self._members: dict[bytes, bytes] = {}

    def decode(self, frames: Iterable[bytes], received_at: datetime) -> list[PbxEvent]:
        """The events of packets (their bytes, without the blank line) that were received together."""
        events: list[PbxEvent] = []
        find_decoder = DECODERS.get
        skipped = 0
        for raw in frames:
            decode = find_decoder(raw[7 : raw.find(b"\r\n")])
            if decode is None or (decode in _OFTEN_IDLE and self._is_idle(raw, decode)):
                skipped += 1
                self._last_skipped = raw
                continue
            try:
                event = decode(raw.decode("utf-8", "surrogateescape"), self._time(raw, received_at))
            except EventError as error:
                self._quarantine(error)
                continue
            if event is None:
                skipped += 1
            else:
                events.append(event)
        self.skipped += skipped
        return events

    def now(self, received_at: datetime) -> datetime:
        """The time of something without a time of its own: that of the packet before, else of its receipt."""
        self._read_last_skipped()
        return self._last or received_at

    def _is_idle(self, raw: bytes, decode: Decode) -> bool:
        """Packets of these names seldom say anything new; told by a look at their bytes."""
        if decode is _VAR_SET:
            return b"\r\nVariable: MIXMONITOR_FILENAME\r\n" not in raw and (
                b"\r\nVariable: QUEUESTATUS\r\n" not in raw
            )
        if decode is _NEW_CALLER_ID:
            return b"(Presentation Prohibited" not in raw
        start = raw.find(b"\r\nQueue: ")
        member = raw[start : raw.find(b"\r\nMembership: ", start)]
        paused = raw[raw.find(b"\r\nPaused: ") :][10:11]
        if self._members.get(member) == paused:
            return True
        self._members[member] = paused
        return False

    def _time(self, raw: bytes, received_at: datetime) -> datetime:
        at = self._stamp(raw)
        if at is None:
            return self.now(received_at)
        self._last_skipped = b""
        return at

    def _read_last_skipped(self) -> None:
        # The time of a skipped packet matters only if one without a time follows: it is read then.
        if self._last_skipped:
            self._stamp(self._last_skipped)
            self._last_skipped = b""

    def _stamp(self, raw: bytes) -> datetime | None:
        start = raw.find(_TIMESTAMP, 0, 120)
        if start < 0:
            return None
        start += len(_TIMESTAMP)
        end = raw.find(b"\r\n", start)
        second, _, fraction = raw[start : end if end >= 0 else len(raw)].partition(b".")
        try:
            if second != self._second:
                self._second_at = datetime.fromtimestamp(int(second), UTC)
                self._second = second
            self._last = self._second_at.replace(microsecond=int(fraction[:6].ljust(6, b"0")))
        except (ValueError, OverflowError, OSError):
            self._quarantine(EventError("Timestamp: found no seconds.microseconds", raw))
            return None
        return self._last

    def _quarantine(self, error: EventError) -> None:
        self.unreadable_count += 1
        self.unreadable.append(error)
        del self.unreadable[: -self.KEEP_UNREADABLE]


_VAR_SET = DECODERS[b"VarSet"]
_NEW_CALLER_ID = DECODERS[b"NewCallerid"]
_OFTEN_IDLE = frozenset({_VAR_SET, _NEW_CALLER_ID, DECODERS[b"QueueMemberStatus"]})
