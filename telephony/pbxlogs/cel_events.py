"""One call's CEL, with what its CDR and queue_log add, told as the events that AMI would have sent. Pure.

    events = events_of(call)       # in order of time, for a tracker of their own

Not in any log, and so not told: when a device began to ring (its ring time counts from the dialling), hold, DTMF before
Asterisk 22, who listened in, a caller's wish to be withheld, and on a queue's exits only what queue_log says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from telephony.events import (
    DOWN,
    RING,
    UP,
    AgentCalled,
    AgentComplete,
    AgentConnect,
    AgentSession,
    AttendedTransfer,
    BlindTransfer,
    BridgeEnter,
    BridgeLeave,
    Cdr,
    DialBegin,
    DialEnd,
    Digit,
    Hangup,
    HangupRequest,
    Hold,
    NewChannel,
    NewState,
    OriginateResponse,
    Park,
    PbxEvent,
    Pickup,
    QueueExit,
    QueueJoin,
    QueueLeave,
    Recording,
)
from telephony.pbxlogs.dialled import dial_string, ending_of, settle
from telephony.pbxlogs.dossiers import Channel, Span, channels_of, extra_of
from telephony.pbxlogs.queue_words import Words
from telephony.pbxlogs.rows import CallRows, CelRow
from telephony.pbxlogs.told import Told

TELLING = frozenset(
    {
        "CHAN_START",
        "ANSWER",
        "HANGUP",
        "CHAN_END",
        "APP_START",
        "APP_END",
        "BRIDGE_ENTER",
        "BRIDGE_EXIT",
        "BLINDTRANSFER",
        "ATTENDEDTRANSFER",
        "PICKUP",
        "FORWARD",
        "PARK_START",
        "PARK_END",
        "DTMF",
        "LOCAL_OPTIMIZE",
    }
)
"""The CEL events that say something of a call; all others are known and irrelevant."""

PARK_ENDS = {
    "ParkedCallUnparked": "retrieved",
    "ParkedCallSwap": "retrieved",
    "ParkedCallTimeOut": "timeout",
    "ParkedCallGiveUp": "gave_up",
}
TEARDOWN = timedelta(seconds=1)
"""A channel that hung up left its bridge no longer before."""
REFUSALS = frozenset({17, 34})
"""Causes that the PBX gives a caller to whom it plays busy or congestion."""
AT_THE_DOOR = timedelta(milliseconds=100)
FORWARDS = timedelta(seconds=1)


def events_of(call: CallRows, stopped_at: datetime | None = None) -> list[Told]:
    """The events of a call that CEL knows, in order of time.

    stopped_at: when the PBX stopped at once; channels whose end no row tells ended then.
    """
    return _Teller(call, stopped_at).tell()


class _Teller:
    """Goes through one call's rows."""

    def __init__(self, call: CallRows, stopped_at: datetime | None) -> None:
        self._call = call
        self._stopped_at = stopped_at
        rows = in_strict_order(call.cel)
        self._rows = [row for row in rows if row.event in TELLING]
        self._channels = channels_of(rows)
        settle(self._channels, call.cdr)
        self._names = {channel.name: channel for channel in self._channels.values()}
        self._words = Words(call.queue)
        self._requests = _requests(self._rows, self._names)
        self._endings = {
            each.uniqueid: ending_of(each, self._channels, self._requests)
            for each in self._channels.values()
            if each.dialled_as and each.answered_at is None
        }
        self._members: dict[str, str] = {}  # by channel that a queue dialled: the member's name
        self._bridged: dict[str, str] = {}  # by channel: the bridge that it is in
        self._connected: set[str] = set()  # callers whom a queue gave to a member
        self._entered: set[str] = set()  # callers whom a queue let in, by queue_log
        self._ended: set[str] = set()
        self._replaced: dict[str, Channel] = {}  # by who picked up: the channel that rang
        self._told: list[Told] = []
        self._handlers: dict[str, Callable[[CelRow, Channel], None]] = {
            "CHAN_START": self._start,
            "ANSWER": self._answer,
            "HANGUP": self._hangup,
            "CHAN_END": self._hangup,
            "APP_START": self._app_start,
            "APP_END": self._app_end,
            "BRIDGE_ENTER": self._bridge_enter,
            "BRIDGE_EXIT": self._bridge_exit,
            "BLINDTRANSFER": self._blind_transfer,
            "ATTENDEDTRANSFER": self._attended_transfer,
            "PICKUP": self._pickup,
            "FORWARD": self._forward,
            "PARK_START": self._park_start,
            "PARK_END": self._park_end,
            "DTMF": self._digit,
        }

    def tell(self) -> list[Told]:
        self._name_members()
        self._begin_unheard()
        for row in self._rows:
            channel = self._channels[row.uniqueid]
            handler = self._handlers.get(row.event)
            if handler is not None:
                handler(row, channel)
        self._stop()
        self._end_dialling()
        self._request_hangups()
        self._add_claims()
        self._told.sort(key=lambda told: told.at)
        return self._told

    def _say(self, at: datetime, event: PbxEvent) -> None:
        self._told.append(Told(at, event))

    # -- channels -----------------------------------------------------------------------

    def _begin_unheard(self) -> None:
        """Channels whose beginning was not logged (a cut log) begin with their first row."""
        for row in self._rows:
            channel = self._channels[row.uniqueid]
            if not channel.begun and row.at == channel.started_at:
                self._say(row.at, NewState(row.at, row.uniqueid, row.linkedid, row.channel, UP))
                channel.begun = True

    def _start(self, row: CelRow, channel: Channel) -> None:
        state = RING if channel.incoming and channel.exten else DOWN
        self._say(
            row.at,
            NewChannel(
                row.at,
                row.uniqueid,
                row.linkedid,
                row.channel,
                state,
                row.number,
                row.name,
                row.context,
                "" if channel.dialled_as else row.exten,
            ),
        )
        if channel.dialled_as:
            self._dial(row, channel)

    def _dial(self, row: CelRow, channel: Channel) -> None:
        dialler = self._channels.get(channel.dialler or "")
        self._say(
            row.at,
            DialBegin(
                row.at,
                "" if dialler is None else dialler.uniqueid,
                "" if dialler is None else row.linkedid,
                "" if dialler is None else dialler.name,
                row.uniqueid,
                row.linkedid,
                row.channel,
                dial_string(channel, dialler, self._call.cdr),
            ),
        )
        if channel.dialled_as == "Queue" and dialler is not None:
            queue, interface = self._queue_of(channel, dialler), interface_of(channel, self._channels)
            name = self._members.get(channel.uniqueid, "")
            self._say(row.at, AgentCalled(row.at, dialler.uniqueid, row.uniqueid, queue, interface, name))

    def _answer(self, row: CelRow, channel: Channel) -> None:
        if channel.answered_at != row.at:
            return
        if channel.dialled_as:
            self._say(row.at, DialEnd(row.at, channel.dialler or "", row.uniqueid, "ANSWER", ""))
        self._say(row.at, NewState(row.at, row.uniqueid, row.linkedid, row.channel, UP))
        if channel.session:
            self._say(row.at, AgentSession(row.at, row.uniqueid, row.data.partition(",")[0], True))
        if channel.dialled_as == "Originate":
            self._respond(row.at, channel, success=True)

    def _hangup(self, row: CelRow, channel: Channel) -> None:
        if row.uniqueid in self._ended:
            return
        self._ended.add(row.uniqueid)
        self._leave_queue(row.at, channel, None)
        if channel.dialled_as == "Originate" and channel.answered_at is None:
            self._respond(row.at, channel, success=False)
        self._say(row.at, Hangup(row.at, row.uniqueid, row.linkedid, row.channel, channel.cause, row.number))
        self._tell_cdr(row.at, channel)

    def _stop(self) -> None:
        """A PBX that stopped at once wrote no end of its channels."""
        at = self._stopped_at
        if at is None:
            return
        for channel in self._channels.values():
            if channel.ended_at is None and channel.last_at <= at:
                channel.ended_at = at
                self._leave_queue(at, channel, None)
                self._say(at, Hangup(at, channel.uniqueid, channel.linkedid, channel.name, 0, ""))

    def _end_dialling(self) -> None:
        """Before the channel's own end, and before what else happens at that moment."""
        ends = [
            Told(
                ending.at,
                DialEnd(
                    ending.at,
                    self._channels[uniqueid].dialler or "",
                    uniqueid,
                    self._status(uniqueid, ending.status),
                    "",
                    ending.presumed_alerting,
                ),
            )
            for uniqueid, ending in self._endings.items()
            if self._channels[uniqueid].ended_at is not None
        ]
        self._told = ends + self._told  # the sort that follows keeps their place before others of the same instant

    def _status(self, uniqueid: str, status: str) -> str:
        """A queue's own word on a member who did not answer counts more than what CEL lets one guess."""
        return self._words_on.get(uniqueid, status)

    def _request_hangups(self) -> None:
        asked = [Told(at, HangupRequest(at, uniqueid)) for uniqueid, at in self._requests.items()]
        self._told = asked + self._told

    def _respond(self, at: datetime, channel: Channel, *, success: bool) -> None:
        """What an Originate would have been answered: the number shown is in its CDR."""
        row = next((row for row in self._call.cdr if row.channel == channel.name and row.source), None)
        if row is None or not channel.device:
            return
        exten = row.destination if row.destination.isdigit() else ""
        number = row.source
        self._say(at, OriginateResponse(at, channel.uniqueid, channel.name, exten, success, 0, number, ""))

    # -- bridges ------------------------------------------------------------------------

    def _bridge_enter(self, row: CelRow, channel: Channel) -> None:
        extra = extra_of(row)
        bridge = extra.get("bridge_id") or _bridge_of_peers(row)
        technology = extra.get("bridge_technology", "")
        self._bridged[row.uniqueid] = bridge
        self._say(row.at, BridgeEnter(row.at, row.uniqueid, row.linkedid, row.channel, bridge, technology, ""))
        self._connect(row.at, channel)

    def _bridge_exit(self, row: CelRow, channel: Channel) -> None:
        bridge = extra_of(row).get("bridge_id") or self._bridged.get(row.uniqueid, "")
        if self._leaves_to_consult(row, channel):
            self._say(row.at, Hold(row.at, row.uniqueid, True))
        self._bridged.pop(row.uniqueid, None)
        self._say(row.at, BridgeLeave(row.at, row.uniqueid, bridge))

    def _leaves_to_consult(self, row: CelRow, channel: Channel) -> bool:
        """By a feature code the customer is put on hold: the agent's channel joins a Local half that nobody dialled."""
        for other in self._channels.values():
            if other.half != "1" or other.dialled_as or other.uniqueid in self._ended:
                continue
            if self._bridged.get(other.uniqueid) and not timedelta(0) <= row.at - other.started_at <= TEARDOWN:
                continue
            if other.started_at <= row.at <= other.started_at + TEARDOWN and channel.ended_at != row.at:
                return not channel.half
        return False

    # -- queues -------------------------------------------------------------------------

    def _name_members(self) -> None:
        """The names of the members whom queues dialled, and what queue_log says of those who did not answer."""
        self._words_on: dict[str, str] = {}
        for channel in self._channels.values():
            dialler = self._channels.get(channel.dialler or "")
            if channel.dialled_as != "Queue" or dialler is None:
                continue
            row = self._words.connected(channel.uniqueid)
            if row is None and channel.uniqueid in self._endings:
                ending = self._endings[channel.uniqueid]
                queue = self._queue_of(channel, dialler)
                row = self._words.rang(dialler.uniqueid, queue, ending.at, ending.at - channel.started_at)
                if row is not None:
                    self._words_on[channel.uniqueid] = _end_word(row.event, ending.status)
            if row is not None:
                self._members[channel.uniqueid] = row.agent

    def _queue_of(self, channel: Channel, dialler: Channel) -> str:
        for span in reversed(dialler.spans):
            if span.application == "Queue" and span.start <= channel.started_at:
                return _queue_name(span)
        return ""

    def _app_start(self, row: CelRow, channel: Channel) -> None:
        if row.application == "MixMonitor":
            self._say(row.at, Recording(row.at, row.uniqueid, row.data.partition(",")[0]))
        if row.application == "VoiceMail":
            self._say(row.at, Cdr(row.at, row.uniqueid, row.linkedid, row.channel, "", "VoiceMail", 0, False))
        if row.application != "Queue":
            return
        queue = row.data.partition(",")[0]
        entered = self._words.entered(row.uniqueid, queue, row.at)
        if entered is not None:
            self._entered.add(row.uniqueid)
        place = entered.data[2] if entered is not None and len(entered.data) > 2 else ""
        position = int(place) if place.isdigit() else 0
        self._say(row.at, QueueJoin(row.at, row.uniqueid, row.linkedid, row.channel, queue, position))

    def _app_end(self, row: CelRow, channel: Channel) -> None:
        if row.application == "Queue":
            self._leave_queue(row.at, channel, row.data)
        elif row.application == "Dial" and not self._dialled_any(channel, row):
            # It dialled somebody who could not be reached at all.
            self._say(row.at, Cdr(row.at, row.uniqueid, row.linkedid, row.channel, "", "Dial", 0, False))

    def _dialled_any(self, channel: Channel, row: CelRow) -> bool:
        return any(other.dialler == channel.uniqueid for other in self._channels.values())

    def _leave_queue(self, at: datetime, channel: Channel, data: str | None) -> None:
        for span in channel.spans:
            if span.application != "Queue" or span.start > at or span.data is _LEFT:
                continue
            if data is not None and span.data != data:
                continue
            queue = _queue_name(span)
            self._say(at, QueueLeave(at, channel.uniqueid, queue))
            if channel.uniqueid not in self._connected:
                self._exit(at, channel, span, queue)
            self._connected.discard(channel.uniqueid)
            span.data = _LEFT

    def _exit(self, at: datetime, channel: Channel, span: Span, queue: str) -> None:
        status = self._words.exit(channel.uniqueid, queue, at)
        if not status and at - span.start <= AT_THE_DOOR and channel.uniqueid not in self._entered:
            status = "UNKNOWN"  # refused at the door: full or empty
        limit = _time_limit(span)
        if not status and limit is not None and at - span.start >= limit and channel.ended_at != at:
            status = "TIMEOUT"
        if not status and (channel.ended_at or channel.last_at) - at > TEARDOWN:
            status = "UNKNOWN"
        if status:
            self._say(at, QueueExit(at, channel.uniqueid, queue, status))

    def _connect(self, at: datetime, channel: Channel) -> None:
        """A member whom the queue dialled (or who picked up from him) meets the caller."""
        channel = self._replaced.get(channel.uniqueid, channel)
        dialler = self._channels.get(channel.dialler or "")
        if channel.dialled_as != "Queue" or dialler is None or dialler.uniqueid in self._connected:
            return
        self._connected.add(dialler.uniqueid)
        queue, interface = self._queue_of(channel, dialler), interface_of(channel, self._channels)
        name = self._members.get(channel.uniqueid, "")
        self._say(at, AgentConnect(at, dialler.uniqueid, channel.uniqueid, queue, interface, name))

    # -- hand-overs ---------------------------------------------------------------------

    def _blind_transfer(self, row: CelRow, channel: Channel) -> None:
        extra = extra_of(row)
        transferee = extra.get("transferee_channel_uniqueid", "")
        self._say(row.at, BlindTransfer(row.at, row.uniqueid, transferee, extra.get("extension", ""), True))

    def _attended_transfer(self, row: CelRow, channel: Channel) -> None:
        extra = extra_of(row)
        self._say(
            row.at,
            AttendedTransfer(
                row.at,
                row.uniqueid,
                extra.get("channel2_uniqueid") or row.uniqueid,
                extra.get("transferee_channel_uniqueid", ""),
                extra.get("transfer_target_channel_uniqueid", ""),
                extra.get("transfer_target_channel_name", ""),
                True,
                "App" if "app" in extra else "Bridge",
            ),
        )

    def _pickup(self, row: CelRow, channel: Channel) -> None:
        winner = extra_of(row).get("pickup_channel_uniqueid", "")
        self._replaced[winner] = channel
        self._say(row.at, Pickup(row.at, winner, row.uniqueid))

    def _forward(self, row: CelRow, channel: Channel) -> None:
        """The phone that this channel dialled sent the call on; it ends at this moment."""
        forward = extra_of(row).get("forward", "")
        for other in self._channels.values():
            ended = other.ended_at or other.last_at
            if other.dialler == row.uniqueid and not other.answered_at and abs(ended - row.at) <= FORWARDS:
                self._say(row.at, DialEnd(row.at, row.uniqueid, other.uniqueid, "NOANSWER", forward))
                self._endings.pop(other.uniqueid, None)
                return

    def _park_start(self, row: CelRow, channel: Channel) -> None:
        extra = extra_of(row)
        lot = next(
            (cdr.data for cdr in self._call.cdr if cdr.application == "Park" and cdr.uniqueid == row.uniqueid), ""
        )
        parker = extra.get("parker_dial_string", "")
        self._say(row.at, Park(row.at, "parked", row.uniqueid, parker, "", lot.partition(":")[2]))

    def _park_end(self, row: CelRow, channel: Channel) -> None:
        extra = extra_of(row)
        what = PARK_ENDS.get(extra.get("reason", ""))
        if what is None:
            return
        retriever = self._names.get(extra.get("retriever", ""))
        by = "" if retriever is None else retriever.uniqueid
        self._say(row.at, Park(row.at, what, row.uniqueid, "", by, ""))

    # -- what is only noted -------------------------------------------------------------

    def _digit(self, row: CelRow, channel: Channel) -> None:
        digit = extra_of(row).get("digit", "")
        if digit:
            self._say(row.at, Digit(row.at, row.uniqueid, digit, row.context))

    def _tell_cdr(self, at: datetime, channel: Channel) -> None:
        for row in self._call.cdr:
            if row.uniqueid != channel.uniqueid:
                continue
            if row.recording:
                self._say(at, Recording(at, row.uniqueid, row.recording))
            answered = row.disposition == "ANSWERED"
            self._say(
                at,
                Cdr(
                    at,
                    row.uniqueid,
                    channel.linkedid,
                    row.channel,
                    row.dest_channel,
                    row.application,
                    row.billable,
                    answered,
                ),
            )

    def _add_claims(self) -> None:
        """queue_log's own word on each talk, at the end of it."""
        for claim in self._words.claims():
            caller = next((row.call for row in self._call.queue if row.at == claim.at), "")
            channel = self._channels.get(caller)
            if channel is None:
                continue
            at = min(max(claim.at, channel.started_at), channel.ended_at or channel.last_at)
            interface = self._interface_of_member(claim.agent)
            self._say(
                at,
                AgentComplete(
                    at,
                    channel.uniqueid,
                    "",
                    claim.queue,
                    interface,
                    claim.agent,
                    claim.talk_seconds,
                    claim.reason,
                    "queue_log",
                ),
            )

    def _interface_of_member(self, name: str) -> str:
        for uniqueid, member in self._members.items():
            if member == name:
                return interface_of(self._channels[uniqueid], self._channels)
        return name


_LEFT = "\0left"
"""Marks a stay in a queue that was told already."""


def interface_of(channel: Channel, channels: dict[str, Channel]) -> str:
    """The member's interface as the queue calls it: a Local channel that stays was dialled with /n."""
    if not channel.half:
        return channel.device
    optimised = any(each.optimised for each in channels.values() if each.name[:-2] == channel.name[:-2])
    return channel.device if optimised else f"{channel.device}/n"


def _requests(rows: Iterable[CelRow], names: dict[str, Channel]) -> dict[str, datetime]:
    """When the far end of each channel hung up: the first HANGUP row that names it as the source."""
    found: dict[str, datetime] = {}
    left: dict[str, datetime] = {}
    for row in rows:
        if row.event == "BRIDGE_EXIT":
            left[row.channel] = row.at
        if row.event != "HANGUP":
            continue
        extra = extra_of(row)
        channel = names.get(extra.get("hangupsource", ""))
        if channel is None or channel.uniqueid in found or _was_refused(channel, row):
            continue
        exits = [at for at in (left.get(row.channel), left.get(channel.name)) if at is not None]
        found[channel.uniqueid] = min((at for at in exits if row.at - at <= TEARDOWN), default=row.at)
    return found


def _was_refused(channel: Channel, row: CelRow) -> bool:
    """The PBX played busy or congestion to a caller: he only took his leave."""
    return (
        channel.name == row.channel
        and channel.incoming
        and channel.answered_at is None
        and channel.cause in REFUSALS
    )


def in_strict_order(rows: Sequence[CelRow]) -> list[CelRow]:
    """The rows with instants that grow: of a log in whole seconds the order within one is all that is known."""
    found: list[CelRow] = []
    last: datetime | None = None
    for row in rows:
        at = row.at if last is None or row.at > last else last + timedelta(microseconds=1)
        found.append(row if at == row.at else row._replace(at=at))
        last = at
    return found


def _end_word(event: str, status: str) -> str:
    if event == "RINGCANCELED":
        return "CANCEL"
    return "NOANSWER" if status == "CANCEL" else status


def _queue_name(span: Span) -> str:
    return span.data.partition(",")[0]


def _time_limit(span: Span) -> timedelta | None:
    """How long Queue() was told to wait: its fifth argument."""
    parts = span.data.split(",")
    return timedelta(seconds=int(parts[4])) if len(parts) > 4 and parts[4].isdigit() else None


def _bridge_of_peers(row: CelRow) -> str:
    """A stand-in for the bridge's id in logs that do not tell it: the names of who is in it."""
    return "peers:" + ",".join(sorted([row.channel, *filter(None, row.peer.split(","))]))


def count_irrelevant(rows: Sequence[CelRow]) -> int:
    """How many rows say nothing of a call."""
    return sum(row.event not in TELLING for row in rows)
