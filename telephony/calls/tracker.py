"""Tells calls from PBX events.

    tracker = Tracker("pbx")
    for event in events:
        facts = tracker.handle(event)

Pure and deterministic: the same events give the same facts, byte for byte. Time comes with the events; where
something ends by time alone (wrap-up) `deadline()` says when a tick is wanted, and before an event at t every
deadline up to t has fired, so that live and replay agree.

This module only directs: legs and calls are in `book`, who hears whom in `talks`, dialling in `offerings`,
queues in `queues`, hand-overs in `transfers`, recordings in `recordings`, the end in `endings`, agents' own states in
`agents`, gaps in `gaps` and `resync`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from telephony.calls.additions import Additions
from telephony.calls.agents import Agents
from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.endings import Endings
from telephony.calls.facts import Fact, Known
from telephony.calls.gaps import Gaps
from telephony.calls.legs import SPOOL_FAILED, Leg
from telephony.calls.offerings import Offerings
from telephony.calls.originates import Originates
from telephony.calls.queues import Queues
from telephony.calls.recordings import Recordings
from telephony.calls.resync import Resync
from telephony.calls.talks import Talks
from telephony.calls.transfers import Transfers
from telephony.events import (
    DOWN,
    UP,
    AgentCalled,
    AgentComplete,
    AgentConnect,
    AgentSession,
    AttendedTransfer,
    BlindTransfer,
    BridgeEnter,
    BridgeLeave,
    BridgeListed,
    CallerHidden,
    Cdr,
    Connected,
    DialBegin,
    DialEnd,
    DialRinging,
    Digit,
    Hangup,
    HangupRequest,
    Hold,
    Listed,
    Lost,
    Member,
    NewChannel,
    NewState,
    OriginateResponse,
    Park,
    PbxEvent,
    Pickup,
    QueueAbandon,
    QueueEntry,
    QueueExit,
    QueueJoin,
    QueueLeave,
    Recording,
    RecordingMuted,
    RecordingStopped,
    Restarted,
    Shutdown,
    Spy,
)

DEFAULT_TRUNKS = ("*trunk*",)


class Tracker:
    """Events in, facts out. One tracker a PBX.

    trunks: patterns (fnmatch) of peers that lead outside; wrap_up: how long agents have after a customer's call;
    whole: how a call is known of which nothing was missed (the PBX's logs say less than its events).
    """

    def __init__(
        self,
        pbx: str,
        *,
        trunks: tuple[str, ...] = DEFAULT_TRUNKS,
        wrap_up: timedelta = timedelta(0),
        whole: Known = Known.OBSERVED,
    ) -> None:
        book = Book(pbx, trunks, whole)
        self._book = book
        self._talks = Talks(book)
        self._offerings = Offerings(book)
        self._queues = Queues(book)
        self._transfers = Transfers(book)
        self._originates = Originates(book)
        self._endings = Endings(book, self._offerings)
        self._agents = Agents(book, wrap_up)
        self._additions = Additions(book, self._endings)
        self._recordings = Recordings(book, self._talks)
        self._gaps = Gaps(book)
        self._resync = Resync(book, self._gaps, self._offerings, self._queues, self._apply)
        self._handlers: dict[type, Callable[[Any], None]] = {
            NewChannel: self._new_channel,
            CallerHidden: self._caller_hidden,
            NewState: self._new_state,
            DialBegin: self._dial_begin,
            DialRinging: self._dial_ringing,
            DialEnd: self._dial_end,
            BridgeEnter: self._bridge_enter,
            BridgeLeave: self._bridge_leave,
            Hangup: self._hangup,
            HangupRequest: self._hangup_request,
            Hold: self._hold,
            QueueJoin: self._queue_join,
            QueueLeave: self._queue_leave,
            QueueAbandon: self._queue_abandon,
            QueueExit: self._queue_exit,
            AgentCalled: self._agent_called,
            AgentConnect: self._agent_connect,
            AgentComplete: self._agent_complete,
            BlindTransfer: self._blind_transfer,
            AttendedTransfer: self._attended_transfer,
            Pickup: self._pickup,
            Park: self._park,
            Spy: self._talks.spy,
            AgentSession: self._additions.session,
            OriginateResponse: self._originates.answered,
            Cdr: self._additions.cdr,
            Digit: self._digit,
            Recording: self._recordings.recording,
            RecordingStopped: self._recordings.stopped,
            RecordingMuted: self._recordings.muted,
            Member: self._member,
            Listed: self._resync.listed,
            BridgeListed: self._gaps.bridge,
            QueueEntry: self._resync.queue_entry,
            Shutdown: self._resync.shutdown,
            Restarted: self._resync.restarted,
            Lost: self._resync.lost,
            Connected: self._resync.connected,
        }

    def handle(self, event: PbxEvent) -> list[Fact]:
        """What this event makes known. Events come in the order in which they were received."""
        book = self._book
        facts = self.tick(event.at)
        if event.at > book.now:
            book.now = event.at
        self._gaps.heard(event)
        self._handlers[type(event)](event)
        for call in book.take_ended():
            self._conclude(call)
        facts += book.flush()
        facts += self._agents.flush()
        return facts

    def _apply(self, event: PbxEvent) -> None:
        self._handlers[type(event)](event)

    def deadline(self) -> datetime | None:
        """When a tick is wanted, if nothing happens before."""
        due = [at for at in (self._agents.deadline(), self._originates.deadline()) if at is not None]
        return min(due, default=None)

    def tick(self, at: datetime) -> list[Fact]:
        """Let everything happen that is due by this time."""
        facts: list[Fact] = []
        self._book.forget(at)
        if not self._agents.waiting and not self._originates.waiting:
            return facts
        while (due := self.deadline()) is not None and due <= at:
            self._book.now = max(self._book.now, due)
            self._agents.tick(due)
            self._originates.tick(due)
            facts += self._book.flush() + self._agents.flush()
        return facts

    def oldest_open_at(self) -> datetime | None:
        """When the oldest call that still goes on began: from there the journal must be read again."""
        return min((call.started_at for call in self._book.open_calls()), default=None)

    # -- channels -----------------------------------------------------------------------

    def _new_channel(self, event: NewChannel) -> None:
        if event.channel == SPOOL_FAILED:
            self._originates.spooled(event)
            return
        leg = self._book.begin_leg(
            event.uniqueid,
            event.linkedid,
            event.channel,
            state=event.state,
            number=event.number,
            caller_name=event.name,
            context=event.context,
            exten=event.exten,
        )
        if leg is not None and leg.incoming and not leg.outside:
            self._transfers.beside(leg)

    def _caller_hidden(self, event: CallerHidden) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is None or not leg.incoming or leg is not leg.call.customer:
            return
        call = leg.call
        call.withheld = True
        call.caller = call.caller_name = call.customer_number = None
        self._book.touch_call(call)

    def _leg(self, uniqueid: str, linkedid: str, channel: str, state: int = DOWN) -> Leg | None:
        """The leg of an event; one whose beginning was not heard is begun here."""
        leg = self._book.leg(uniqueid)
        if leg is None:
            leg = self._book.begin_leg(uniqueid, linkedid, channel, state=state, heard=False)
            if leg is not None and not leg.local:
                self._book.publish(leg.call)
        else:
            if channel and channel != leg.name and "<" not in channel:
                self._book.rename(leg, channel)
            if linkedid:
                self._book.link(leg, linkedid)
        return leg

    def _new_state(self, event: NewState) -> None:
        leg = self._leg(event.uniqueid, event.linkedid, event.channel, event.state)
        if leg is not None:
            self._offerings.state(event, leg)

    def _hangup(self, event: Hangup) -> None:
        leg = self._leg(event.uniqueid, event.linkedid, event.channel)
        if leg is None or leg.ended_at is not None:
            return
        self._end_leg(leg, event)

    def _end_leg(self, leg: Leg, event: Hangup) -> None:
        leg.cause = event.cause
        self._recordings.gone(leg)
        self._talks.gone(leg)
        self._recordings.moved(leg)
        self._offerings.hung_up(event, leg)
        self._queues.hung_up(event, leg)
        if not leg.outside and leg.is_party:
            self._agents.hung_up(leg)
        call = leg.call
        if leg is call.customer and call.customer_left_at is None:
            call.customer_left_at = leg.hangup_requested_at or event.at
            self._book.touch_call(call)
        self._book.end_leg(leg)

    def _hangup_request(self, event: HangupRequest) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None and leg.hangup_requested_at is None:
            leg.hangup_requested_at = event.at

    def _conclude(self, call: Call) -> None:
        if call.published:
            self._endings.conclude(call)
            self._transfers.consulted(call)

    # -- dialling -----------------------------------------------------------------------

    def _dial_begin(self, event: DialBegin) -> None:
        if event.uniqueid:
            self._leg(event.uniqueid, event.linkedid, event.channel)
        dest = self._leg(event.dest_uniqueid, event.dest_linkedid, event.dest_channel)
        if dest is None:
            return
        self._offerings.begin(event, dest)
        self._transfers.redirected(self._book.leg(event.uniqueid), dest)
        if dest.offering is not None:
            self._agents.offered(dest.device)
        if not event.uniqueid:
            self._originates.dialled(event, dest)

    def _dial_ringing(self, event: DialRinging) -> None:
        dest = self._book.leg(event.dest_uniqueid)
        if dest is not None:
            self._offerings.ringing(event, dest)

    def _dial_end(self, event: DialEnd) -> None:
        dest = self._book.leg(event.dest_uniqueid)
        if dest is None:
            return
        if event.forward and not dest.dial_status:
            self._transfers.forwarded(dest, event.forward)
        self._offerings.end(event, dest)

    # -- bridges ------------------------------------------------------------------------

    def _bridge_enter(self, event: BridgeEnter) -> None:
        leg = self._leg(event.uniqueid, event.linkedid, event.channel, UP)
        if leg is not None and leg.ended_at is None:
            if leg.session or leg.local:
                self._meet_session(event, leg)
            self._talks.enter(event, leg)
            self._recordings.moved(leg)

    def _meet_session(self, event: BridgeEnter, leg: Leg) -> None:
        """The standing line of an Agent/… and the Local half that rings it meet in a bridge."""
        for other in self._talks.members(event.bridge):
            if leg.session and other.local:
                self._offerings.session_answered(leg, other)
            elif leg.local and other.session:
                self._offerings.session_answered(other, leg)

    def _bridge_leave(self, event: BridgeLeave) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            self._talks.leave(event, leg)
            self._recordings.moved(leg)

    def _hold(self, event: Hold) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            self._talks.hold(event, leg)

    # -- queues -------------------------------------------------------------------------

    def _queue_join(self, event: QueueJoin) -> None:
        leg = self._leg(event.uniqueid, event.linkedid, event.channel, UP)
        if leg is not None:
            self._queues.join(event, leg)

    def _queue_leave(self, event: QueueLeave) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            self._queues.leave(event, leg)

    def _queue_abandon(self, event: QueueAbandon) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            self._queues.abandon(event, leg)

    def _queue_exit(self, event: QueueExit) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            self._queues.exit(event, leg)

    def _agent_called(self, event: AgentCalled) -> None:
        dest = self._book.leg(event.dest_uniqueid)
        if dest is not None:
            self._offerings.called(event, dest)

    def _agent_connect(self, event: AgentConnect) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            self._queues.connect(event, leg)

    def _agent_complete(self, event: AgentComplete) -> None:
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            self._additions.claimed(event, leg)

    def _member(self, event: Member) -> None:
        self._gaps.member(event)
        self._queues.member(event)
        self._agents.member(event)

    # -- hand-overs ---------------------------------------------------------------------

    def _blind_transfer(self, event: BlindTransfer) -> None:
        leg = self._book.leg(event.transferer)
        if leg is not None:
            self._talks.take_back(leg)
            self._transfers.blind(event, leg)

    def _attended_transfer(self, event: AttendedTransfer) -> None:
        leg = self._book.leg(event.first)
        if leg is not None:
            self._talks.take_back(leg)
            self._transfers.attended(event, leg)

    def _pickup(self, event: Pickup) -> None:
        winner, target = self._book.leg(event.uniqueid), self._book.leg(event.target)
        if winner is None or target is None:
            return
        self._offerings.picked_up(winner, target)
        self._transfers.picked_up(winner, target)

    def _park(self, event: Park) -> None:
        leg = self._book.leg(event.parkee)
        if leg is not None:
            self._transfers.park(event, leg)

    def _digit(self, event: Digit) -> None:
        self._queues.digit(event)
        self._additions.digit(event)
