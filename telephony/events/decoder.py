"""Reads PBX events out of AMI packets: the one place that knows AMI's traps.

    decoder = Decoder()                                  # one a connection
    for event in decoder.decode(frames, received_at): tracker.handle(event)

Of a full manager stream four packets in five say nothing about calls; they are told by their name and left alone.
Of the others only the headers that matter are read. The traps:

- An event's time is its `Timestamp` (made when the manager event is made). Lists have none, and a PBX without
  `timestampevents` has one in the answer to a Ping only: then the time of receipt by the PBX's clock, as far as it is
  known from the newest packet that had one, on this connection or before.
- Names of people are C-escaped by Asterisk (`\\\\"`, `\\\\\\\\`, `\\\\n`), numbers are not.
- `<unknown>` and `<none>` are Asterisk's words for an empty value.
- `Uniqueid`/`Linkedid` in channel events are `UniqueID`/`LinkedID` in Cdr.
- QueueMemberStatus comes for each change of a device and queue: it is told once, and when the pause changes.
- A caller's wish to be withheld is told by NewCallerid only (CID-CallingPres); the number is there all the same.
- HangupRequest in channel state Busy is the PBX's own refusal, not the caller's hanging up.
- Queue results come by a UserEvent of the dialplan's, or by VarSet QUEUESTATUS.
- A recording's name is in no event of its own: channelvars (`ChanVariable`) or VarSet MIXMONITOR_FILENAME. Its options
  are in Newexten alone. Its end is told (MixMonitorStop) only where the dialplan or a manager ends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from telephony.clock import EPOCH
from telephony.errors import EventError
from telephony.events import channels, dialling, dialplan, handovers, queues
from telephony.events.headers import Decode
from telephony.events.records import PbxEvent

_TIMESTAMP = b"\r\nTimestamp: "
_VARIABLE = b"\r\nVariable: "
_APPLICATION = b"\r\nApplication: "
_MIX_MONITOR = b"\r\nApplication: MixMonitor\r\n"
_VARIABLES = (b"\r\nVariable: MIXMONITOR_FILENAME\r\n", b"\r\nVariable: QUEUESTATUS\r\n")

DECODERS: dict[bytes, Decode] = {
    b"Newchannel": channels.new_channel,
    b"NewCallerid": channels.caller_hidden,
    b"Newstate": channels.new_state,
    b"Hangup": channels.hangup,
    b"HangupRequest": channels.hangup_request,
    b"Hold": channels.hold(on=True),
    b"Unhold": channels.hold(on=False),
    b"DTMFEnd": channels.digit,
    b"CoreShowChannel": channels.listed,
    b"CoreShowChannelsComplete": channels.list_complete,
    b"Shutdown": channels.shutdown,
    b"DialBegin": dialling.dial_begin,
    b"DialState": dialling.dial_state,
    b"DialEnd": dialling.dial_end,
    b"BridgeEnter": dialling.bridge_enter,
    b"BridgeLeave": dialling.bridge_leave,
    b"BridgeListItem": dialling.bridge_listed,
    b"OriginateResponse": dialling.originate_response,
    b"QueueCallerJoin": queues.queue_join,
    b"QueueCallerLeave": queues.queue_leave,
    b"QueueCallerAbandon": queues.queue_abandon,
    b"QueueEntry": queues.queue_entry,
    b"QueueStatusComplete": queues.queues_complete,
    b"AgentCalled": queues.agent_called,
    b"AgentConnect": queues.agent_connect,
    b"AgentComplete": queues.agent_complete,
    b"AgentLogin": queues.session(on=True),
    b"AgentLogoff": queues.session(on=False),
    b"QueueMemberAdded": queues.member("added"),
    b"QueueMemberRemoved": queues.member("removed"),
    b"QueueMemberPause": queues.member("pause"),
    b"QueueMemberStatus": queues.member("status"),
    b"QueueMember": queues.member("listed", queues.MEMBER_LISTED),
    b"BlindTransfer": handovers.blind_transfer,
    b"AttendedTransfer": handovers.attended_transfer,
    b"Pickup": handovers.pickup,
    b"ParkedCall": handovers.park("parked"),
    b"UnParkedCall": handovers.park("retrieved"),
    b"ParkedCallTimeOut": handovers.park("timeout"),
    b"ParkedCallGiveUp": handovers.park("gave_up"),
    b"ChanSpyStart": handovers.spy(on=True),
    b"ChanSpyStop": handovers.spy(on=False),
    b"Cdr": dialplan.cdr,
    b"MixMonitorStart": dialplan.recording,
    b"MixMonitorStop": dialplan.recording_stopped,
    b"MixMonitorMute": dialplan.recording_muted,
    b"Newexten": dialplan.recording_application,
    b"VarSet": dialplan.var_set,
    b"UserEvent": dialplan.user_event,
}
"""The events that say something of calls or agents, by name. All others are counted as skipped."""


class Decoder:
    """Reads the PBX events of one connection's packets, in order.

    skipped: how many packets said nothing of calls; unreadable: the newest packets that lack what they must have,
    unreadable_count: how many there were in all. ahead: how far the PBX's clock goes before that of the receiver.
    """

    KEEP_UNREADABLE = 100

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.skipped = 0
        self.unreadable: list[EventError] = []
        self.unreadable_count = 0
        self._ahead = ahead
        self._last: datetime | None = None
        self._receiving = self._last_received = EPOCH
        self._last_skipped = b""
        self._second = b""
        self._second_at = EPOCH
        self._members: dict[bytes, bytes] = {}

    def decode(self, frames: Iterable[bytes], received_at: datetime) -> list[PbxEvent]:
        """The events of packets (their bytes, without the blank line) that were received together."""
        events: list[PbxEvent] = []
        self._receiving = received_at
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
        self._read_last_skipped()
        return events

    def _now(self, received_at: datetime) -> datetime:
        """The time of something without a time of its own."""
        self._read_last_skipped()
        ahead = self.ahead
        return received_at + (self._ahead if ahead is None else ahead)

    @property
    def ahead(self) -> timedelta | None:
        """How far the PBX's clock goes before the receiver's, by the newest packet with a time; None without one."""
        return None if self._last is None else self._last - self._last_received

    def _is_idle(self, raw: bytes, decode: Decode) -> bool:
        """Packets of these names seldom say anything new; told by a look at their bytes."""
        if decode is _VAR_SET:
            # The variable is named near the end.
            return not raw.startswith(_VARIABLES, raw.rfind(_VARIABLE))
        if decode is _NEW_CALLER_ID:
            return b"(Presentation Prohibited" not in raw
        if decode is _NEW_EXTEN:
            return not raw.startswith(_MIX_MONITOR, raw.rfind(_APPLICATION))
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
            return self._now(received_at)
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
            self._last_received = self._receiving
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
_NEW_EXTEN = DECODERS[b"Newexten"]
_OFTEN_IDLE = frozenset({_VAR_SET, _NEW_CALLER_ID, _NEW_EXTEN, DECODERS[b"QueueMemberStatus"]})
