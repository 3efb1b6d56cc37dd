"""What one call's CEL and queue_log say of queues, told as events. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from telephony.events import AgentCalled, AgentComplete, AgentConnect, QueueExit, QueueJoin, QueueLeave
from telephony.pbxlogs.cel_state import TEARDOWN, CallState, interface_of
from telephony.pbxlogs.dossiers import Channel, Span
from telephony.pbxlogs.rows import CelRow

AT_THE_DOOR = timedelta(milliseconds=100)


class QueueTeller:
    """Stays in queues, the members whom they dialled, and what they claim."""

    def __init__(self, state: CallState) -> None:
        self._state = state
        self.words_on: dict[str, str] = {}  # by channel that a queue dialled in vain: how its dialling ended
        self._members: dict[str, str] = {}  # by channel that a queue dialled: the member's name
        self._connected: set[str] = set()  # callers whom a queue gave to a member
        self._entered: set[str] = set()  # callers whom a queue let in, by queue_log
        self._name_members()

    def _name_members(self) -> None:
        """The names of the members whom queues dialled, and what queue_log says of those who did not answer."""
        for channel in self._state.channels.values():
            dialler = self._state.channels.get(channel.dialler or "")
            if channel.dialled_as != "Queue" or dialler is None:
                continue
            row = self._state.words.connected(channel.uniqueid)
            if row is None and channel.uniqueid in self._state.endings:
                ending = self._state.endings[channel.uniqueid]
                queue = self._queue_of(channel, dialler)
                row = self._state.words.rang(dialler.uniqueid, queue, ending.at, ending.at - channel.started_at)
                if row is not None:
                    self.words_on[channel.uniqueid] = _end_word(row.event, ending.status)
            if row is not None:
                self._members[channel.uniqueid] = row.agent

    def _queue_of(self, channel: Channel, dialler: Channel) -> str:
        for span in reversed(dialler.spans):
            if span.application == "Queue" and span.start <= channel.started_at:
                return _queue_name(span)
        return ""

    def called(self, row: CelRow, channel: Channel) -> None:
        """A queue dials a member."""
        dialler = self._state.dialler_of(channel)
        if channel.dialled_as != "Queue" or dialler is None:
            return
        queue, interface = self._queue_of(channel, dialler), interface_of(channel, self._state.channels)
        name = self._members.get(channel.uniqueid, "")
        self._state.say(row.at, AgentCalled(row.at, dialler.uniqueid, row.uniqueid, queue, interface, name))

    def join(self, row: CelRow) -> None:
        """A channel goes into Queue."""
        queue = row.data.partition(",")[0]
        entered = self._state.words.entered(row.uniqueid, queue, row.at)
        if entered is not None:
            self._entered.add(row.uniqueid)
        place = entered.data[2] if entered is not None and len(entered.data) > 2 else ""
        position = int(place) if place.isdigit() else 0
        self._state.say(row.at, QueueJoin(row.at, row.uniqueid, row.linkedid, row.channel, queue, position))

    def leave(self, at: datetime, channel: Channel, data: str | None = None) -> None:
        """A channel leaves the Queue that it was told this of, or all of them."""
        for span in channel.spans:
            if span.application != "Queue" or span.start > at or span.left:
                continue
            if data is not None and span.data != data:
                continue
            queue = _queue_name(span)
            self._state.say(at, QueueLeave(at, channel.uniqueid, queue))
            if channel.uniqueid not in self._connected:
                self._exit(at, channel, span, queue)
            self._connected.discard(channel.uniqueid)
            span.left = True

    def _exit(self, at: datetime, channel: Channel, span: Span, queue: str) -> None:
        status = self._state.words.exit(channel.uniqueid, queue, at)
        if not status and at - span.start <= AT_THE_DOOR and channel.uniqueid not in self._entered:
            status = "UNKNOWN"  # refused at the door: full or empty
        limit = _time_limit(span)
        if not status and limit is not None and at - span.start >= limit and channel.ended_at != at:
            status = "TIMEOUT"
        if not status and (channel.ended_at or channel.last_at) - at > TEARDOWN:
            status = "UNKNOWN"
        if status:
            self._state.say(at, QueueExit(at, channel.uniqueid, queue, status))

    def connect(self, at: datetime, channel: Channel) -> None:
        """A member whom the queue dialled (or who picked up from him) meets the caller."""
        channel = self._state.replaced.get(channel.uniqueid, channel)
        dialler = self._state.dialler_of(channel)
        if channel.dialled_as != "Queue" or dialler is None or dialler.uniqueid in self._connected:
            return
        self._connected.add(dialler.uniqueid)
        queue, interface = self._queue_of(channel, dialler), interface_of(channel, self._state.channels)
        name = self._members.get(channel.uniqueid, "")
        self._state.say(at, AgentConnect(at, dialler.uniqueid, channel.uniqueid, queue, interface, name))

    def claims(self) -> None:
        """queue_log's own word on each talk, at the end of it."""
        for claim in self._state.words.claims():
            channel = self._state.channels.get(claim.call)
            if channel is None:
                continue
            at = min(max(claim.at, channel.started_at), channel.ended_at or channel.last_at)
            interface = self._interface_of_member(claim.agent)
            self._state.say(
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
                return interface_of(self._state.channels[uniqueid], self._state.channels)
        return name


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
