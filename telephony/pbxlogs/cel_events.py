"""One call's CEL, with what its CDR and queue_log add, told as the events that AMI would have sent. Pure.

    events = events_of(call)       # in order of time, for a tracker of their own

Not in any log, and so not told: when a device began to ring (its ring time counts from the dialling), hold, DTMF before
Asterisk 22, who listened in, a caller's wish to be withheld, and on a queue's exits only what queue_log says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from telephony.events import (
    DOWN,
    RING,
    UP,
    AgentSession,
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
    Recording,
    RecordingStopped,
)
from telephony.events.dialplan import mix_monitor
from telephony.pbxlogs.cel_handovers import HandOverTeller
from telephony.pbxlogs.cel_queues import QueueTeller
from telephony.pbxlogs.cel_state import TEARDOWN, CallState
from telephony.pbxlogs.dialled import dial_string
from telephony.pbxlogs.dossiers import Channel, extra_of
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


def events_of(call: CallRows, stopped_at: datetime | None = None) -> list[Told]:
    """The events of a call that CEL knows, in order of time.

    stopped_at: when the PBX stopped at once; channels whose end no row tells ended then.
    """
    return _Teller(call, stopped_at).tell()


class _Teller:
    """Goes through one call's rows."""

    def __init__(self, call: CallRows, stopped_at: datetime | None) -> None:
        self._stopped_at = stopped_at
        state = self._state = CallState(call)
        self._queues = QueueTeller(state)
        hand_overs = HandOverTeller(state)
        self._bridged: dict[str, str] = {}  # by channel: the bridge that it is in
        self._handlers: dict[str, Callable[[CelRow, Channel], None]] = {
            "CHAN_START": self._start,
            "ANSWER": self._answer,
            "HANGUP": self._hangup,
            "CHAN_END": self._hangup,
            "APP_START": self._app_start,
            "APP_END": self._app_end,
            "BRIDGE_ENTER": self._bridge_enter,
            "BRIDGE_EXIT": self._bridge_exit,
            "BLINDTRANSFER": hand_overs.blind_transfer,
            "ATTENDEDTRANSFER": hand_overs.attended_transfer,
            "PICKUP": hand_overs.pickup,
            "FORWARD": hand_overs.forward,
            "PARK_START": hand_overs.park_start,
            "PARK_END": hand_overs.park_end,
            "DTMF": self._digit,
        }

    def tell(self) -> list[Told]:
        """Everything, in order of time."""
        state = self._state
        rows = [row for row in state.rows if row.event in TELLING]
        self._begin_unheard(rows)
        for row in rows:
            handler = self._handlers.get(row.event)
            if handler is not None:
                handler(row, state.channels[row.uniqueid])
        self._stop()
        self._queues.claims()
        # Of the same instant these come first: the sort keeps their place.
        told = [*self._hangup_requests(), *self._dial_ends(), *state.told]
        told.sort(key=lambda each: each.at)
        return told

    # -- channels -----------------------------------------------------------------------

    def _begin_unheard(self, rows: list[CelRow]) -> None:
        """Channels whose beginning was not logged (a cut log) begin with their first row."""
        for row in rows:
            channel = self._state.channels[row.uniqueid]
            if not channel.begun and row.at == channel.started_at:
                self._state.say(row.at, NewState(row.at, row.uniqueid, row.linkedid, row.channel, UP))
                channel.begun = True

    def _start(self, row: CelRow, channel: Channel) -> None:
        state = RING if channel.incoming and channel.exten else DOWN
        self._state.say(
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
        dialler = self._state.dialler_of(channel)
        self._state.say(
            row.at,
            DialBegin(
                row.at,
                "" if dialler is None else dialler.uniqueid,
                "" if dialler is None else row.linkedid,
                "" if dialler is None else dialler.name,
                row.uniqueid,
                row.linkedid,
                row.channel,
                dial_string(channel, dialler, self._state.call.cdr),
            ),
        )
        self._queues.called(row, channel)

    def _answer(self, row: CelRow, channel: Channel) -> None:
        if channel.answered_at != row.at:
            return
        if channel.dialled_as:
            self._state.say(row.at, DialEnd(row.at, channel.dialler or "", row.uniqueid, "ANSWER", ""))
        self._state.say(row.at, NewState(row.at, row.uniqueid, row.linkedid, row.channel, UP))
        if channel.session:
            self._state.say(row.at, AgentSession(row.at, row.uniqueid, row.data.partition(",")[0], True))
        if channel.dialled_as == "Originate":
            self._respond(row.at, channel, success=True)

    def _hangup(self, row: CelRow, channel: Channel) -> None:
        if row.uniqueid in self._state.ended:
            return
        self._state.ended.add(row.uniqueid)
        self._queues.leave(row.at, channel)
        if channel.dialled_as == "Originate" and channel.answered_at is None:
            self._respond(row.at, channel, success=False)
        self._state.say(row.at, Hangup(row.at, row.uniqueid, row.linkedid, row.channel, channel.cause, row.number))
        self._tell_cdr(row.at, channel)

    def _stop(self) -> None:
        """A PBX that stopped at once wrote no end of its channels."""
        at = self._stopped_at
        if at is None:
            return
        for channel in self._state.channels.values():
            if channel.ended_at is None and channel.last_at <= at:
                channel.ended_at = at
                self._queues.leave(at, channel)
                self._state.say(at, Hangup(at, channel.uniqueid, channel.linkedid, channel.name, 0, ""))

    def _dial_ends(self) -> list[Told]:
        """The ends of dialling that nobody answered. A queue's own word on a member counts more than CEL's."""
        found = []
        for uniqueid, (at, status, presumed) in self._state.endings.items():
            channel = self._state.channels[uniqueid]
            if channel.ended_at is not None:
                word = self._queues.words_on.get(uniqueid, status)
                found.append(Told(at, DialEnd(at, channel.dialler or "", uniqueid, word, "", presumed)))
        return found

    def _hangup_requests(self) -> list[Told]:
        return [Told(at, HangupRequest(at, uniqueid)) for uniqueid, at in self._state.requests.items()]

    def _respond(self, at: datetime, channel: Channel, *, success: bool) -> None:
        """What an Originate would have been answered: the number shown is in its CDR, the number aimed at in ours."""
        row = next((row for row in self._state.call.cdr if row.channel == channel.name and row.source), None)
        if (row is None and not channel.dnid) or not channel.device:
            return
        exten = row.destination if row is not None and row.destination.isdigit() else channel.dnid
        number = "" if row is None else row.source
        self._state.say(at, OriginateResponse(at, channel.uniqueid, channel.name, exten, success, 0, number, ""))

    # -- applications and bridges -------------------------------------------------------

    def _app_start(self, row: CelRow, channel: Channel) -> None:
        match row.application:
            case "MixMonitor":
                file, options = mix_monitor(row.data)
                self._state.say(row.at, Recording(row.at, row.uniqueid, file, begins=True, options=options))
            case "StopMixMonitor":
                self._state.say(row.at, RecordingStopped(row.at, row.uniqueid))
            case "VoiceMail":
                self._say_application(row, "VoiceMail")
            case "Queue":
                self._queues.join(row)

    def _app_end(self, row: CelRow, channel: Channel) -> None:
        if row.application == "Queue":
            self._queues.leave(row.at, channel, row.data)
        elif row.application == "Dial" and not self._dialled_any(channel):
            self._say_application(row, "Dial")  # it dialled somebody who could not be reached at all

    def _say_application(self, row: CelRow, application: str) -> None:
        event = Cdr(row.at, row.uniqueid, row.linkedid, row.channel, "", application, 0, False)
        self._state.say(row.at, event)

    def _dialled_any(self, channel: Channel) -> bool:
        return any(other.dialler == channel.uniqueid for other in self._state.channels.values())

    def _bridge_enter(self, row: CelRow, channel: Channel) -> None:
        extra = extra_of(row)
        bridge = extra.get("bridge_id") or _bridge_of_peers(row)
        technology = extra.get("bridge_technology", "")
        self._bridged[row.uniqueid] = bridge
        self._state.say(
            row.at, BridgeEnter(row.at, row.uniqueid, row.linkedid, row.channel, bridge, technology, "")
        )
        self._queues.connect(row.at, channel)

    def _bridge_exit(self, row: CelRow, channel: Channel) -> None:
        bridge = extra_of(row).get("bridge_id") or self._bridged.get(row.uniqueid, "")
        if self._leaves_to_consult(row, channel):
            self._state.say(row.at, Hold(row.at, row.uniqueid, True))
        self._bridged.pop(row.uniqueid, None)
        self._state.say(row.at, BridgeLeave(row.at, row.uniqueid, bridge))

    def _leaves_to_consult(self, row: CelRow, channel: Channel) -> bool:
        """By a feature code the customer is put on hold: the agent's channel joins a Local half that nobody dialled."""
        for other in self._state.channels.values():
            if other.half != "1" or other.dialled_as or other.uniqueid in self._state.ended:
                continue
            if self._bridged.get(other.uniqueid) and not timedelta(0) <= row.at - other.started_at <= TEARDOWN:
                continue
            if other.started_at <= row.at <= other.started_at + TEARDOWN and channel.ended_at != row.at:
                return not channel.half
        return False

    # -- what is only noted -------------------------------------------------------------

    def _digit(self, row: CelRow, channel: Channel) -> None:
        digit = extra_of(row).get("digit", "")
        if digit:
            self._state.say(row.at, Digit(row.at, row.uniqueid, digit, row.context))

    def _tell_cdr(self, at: datetime, channel: Channel) -> None:
        for row in self._state.call.cdr:
            if row.uniqueid != channel.uniqueid:
                continue
            if row.recording:
                self._state.say(at, Recording(at, row.uniqueid, row.recording))
            answered = row.disposition == "ANSWERED"
            self._state.say(
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


def _bridge_of_peers(row: CelRow) -> str:
    """A stand-in for the bridge's id in logs that do not tell it: the names of who is in it."""
    return "peers:" + ",".join(sorted([row.channel, *filter(None, row.peer.split(","))]))
