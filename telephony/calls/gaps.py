"""What was not heard: calls that a gap touched, and what the PBX's own lists say of them afterwards.

After each login the PBX lists its bridges, channels, queues, members and callers. What differs from what was believed
is told as the events that were not heard, each with the time from which it is to count:

- What ended unheard ended when it was last heard of. Nobody knows how long it went on, so no minute is made of a gap.
- What began unheard counts from now: a talk from the list on. Channels and callers in queues tell how long they have
  existed, in whole seconds.

An event that overtakes its own channel's line of a list is the truth; the line is not. Pure and deterministic.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from telephony.calls.book import ASTERISK_ID, Book
from telephony.calls.drafts import VisitDraft
from telephony.calls.facts import Known
from telephony.calls.legs import OUTSIDE_CONTEXTS, Leg
from telephony.events import (
    UP,
    BridgeEnter,
    BridgeLeave,
    BridgeListed,
    DialBegin,
    DialEnd,
    Hangup,
    Listed,
    Member,
    PbxEvent,
    QueueAbandon,
    QueueEntry,
    QueueJoin,
    QueueLeave,
)

DIALLED = frozenset({"AppDial", "AppDial2", "AppQueue"})
"""What a channel runs that was dialled: by Dial, by an Originate, by a queue."""


class Doubt(NamedTuple):
    """A leg of which a gap hid what became of it."""

    leg: Leg
    visit: VisitDraft | None
    heard_at: datetime  # when it was last heard of


class Gaps:
    """Keeps what a gap made doubtful, and settles it by the lists that follow."""

    def __init__(self, book: Book) -> None:
        self.shutdown_told = False
        self._book = book
        self._legs: dict[str, Doubt] = {}
        self._visits: dict[str, Doubt] = {}
        self._members: dict[tuple[str, str], Member] = {}
        self._named: dict[tuple[str, str], None] = {}  # members that were told of since the connection is there
        self._channels: dict[str, Listed] = {}
        self._bridges: dict[str, BridgeListed] = {}
        self._waiting: dict[str, QueueEntry] = {}
        self._overtaken: dict[str, None] = {}

    def lost(self) -> None:
        """From here on nothing is heard: every open call is heard in part only, and a list may be cut."""
        for unfinished in (self._channels, self._bridges, self._waiting, self._overtaken, self._named):
            unfinished.clear()
        now = self._book.now
        for call in self._book.open_calls():
            if call.known is self._book.whole:
                call.known = Known.INFERRED
                self._book.touch_call(call)
            for leg in call.legs:
                if leg.ended_at is None:
                    doubt = Doubt(leg, leg.visit, now)
                    self._legs.setdefault(leg.uniqueid, doubt)
                    if leg.visit is not None:
                        self._visits.setdefault(leg.uniqueid, doubt)

    def heard(self, event: PbxEvent) -> None:
        """Anything that is heard: it may overtake what a list says of the same channel."""
        if self._channels or self._waiting:
            match event:
                case Hangup():
                    self._channels.pop(event.uniqueid, None)
                    self._waiting.pop(event.uniqueid, None)
                case BridgeEnter() | BridgeLeave():
                    self._overtaken[event.uniqueid] = None
                case QueueLeave() | QueueAbandon():
                    self._waiting.pop(event.uniqueid, None)

    # -- channels and bridges -----------------------------------------------------------

    def bridge(self, event: BridgeListed) -> None:
        """One bridge of the PBX's list, which comes before that of the channels."""
        self._bridges[event.bridge] = event

    def channel(self, event: Listed) -> None:
        """One channel of the PBX's list."""
        self._channels[event.uniqueid] = event

    def gone(self) -> list[Hangup]:
        """All channels of before are gone: the PBX began anew."""
        doubts = list(self._legs.values())
        self._legs.clear()
        return [_hangup(doubt) for doubt in doubts if doubt.leg.ended_at is None]

    def left(self) -> list[BridgeLeave]:
        """At the end of the channels' list: who left a bridge."""
        return [
            BridgeLeave(doubt.heard_at, doubt.leg.uniqueid, doubt.leg.bridge)
            for doubt in self._legs.values()
            if doubt.leg.bridge and self._bridge_of(doubt.leg) != doubt.leg.bridge
        ]

    def answered(self) -> list[DialEnd]:
        """Then: whose ringing ended with an answer. It rang no longer than it was heard to."""
        return [
            DialEnd(doubt.heard_at, doubt.leg.dialled_by or "", doubt.leg.uniqueid, "ANSWER", "")
            for doubt in self._legs.values()
            if doubt.leg.dialled_by is not None
            and not doubt.leg.dial_status
            and (listed := self._channels.get(doubt.leg.uniqueid)) is not None
            and listed.state == UP
        ]

    def ended(self) -> list[Hangup]:
        """Then: who is no more."""
        doubts = [doubt for doubt in self._legs.values() if doubt.leg.uniqueid not in self._channels]
        self._legs.clear()
        return [_hangup(doubt) for doubt in doubts if doubt.leg.ended_at is None]

    def begun(self) -> list[Listed]:
        """Then: the channels whose beginning was not heard, the oldest first."""
        unheard = [each for each in self._channels.values() if self._book.leg(each.uniqueid) is None]
        return sorted(unheard, key=_by_age)

    def dialled(self, listed: Listed) -> DialBegin | None:
        """The dialling that made such a channel, where another channel's Dial tells it."""
        dialler = self._channels.get(listed.linkedid)
        if listed.application not in DIALLED or dialler is None or dialler.application != "Dial":
            return None
        string = dialler.arguments.partition(",")[0].partition("/")[2]
        if not string or "&" in string:
            return None
        return DialBegin(
            began(listed), dialler.uniqueid, dialler.linkedid, dialler.channel,
            listed.uniqueid, listed.linkedid, listed.channel, string,
        )  # fmt: skip

    def joined(self) -> list[BridgeEnter]:
        """Then: who is in which bridge now. The list is done with."""
        found = [
            self._enter(each)
            for each in self._channels.values()
            if each.bridge and each.uniqueid not in self._overtaken
        ]
        for done in (self._channels, self._bridges, self._overtaken):
            done.clear()
        return found

    def _enter(self, listed: Listed) -> BridgeEnter:
        bridge = self._bridges.get(listed.bridge)
        technology, kind = (bridge.technology, bridge.bridge_type) if bridge else ("", "")
        return BridgeEnter(
            self._book.now, listed.uniqueid, listed.linkedid, listed.channel, listed.bridge, technology, kind
        )

    def _bridge_of(self, leg: Leg) -> str | None:
        """The bridge that a leg is in by now; its own where an event told of it after the list."""
        if leg.uniqueid in self._overtaken:
            return leg.bridge
        listed = self._channels.get(leg.uniqueid)
        return listed.bridge if listed else None

    # -- queues -------------------------------------------------------------------------

    def member(self, event: Member) -> None:
        """What is believed of a queue's members."""
        key = (event.queue, event.interface)
        if event.what == "removed":
            self._members.pop(key, None)
            self._named.pop(key, None)
        else:
            self._members[key] = event
            self._named[key] = None

    def caller(self, event: QueueEntry) -> None:
        """One caller of the queues' list."""
        self._waiting[event.uniqueid] = event

    def gave_up(self) -> list[Doubt]:
        """At the end of the queues' list: the visits that ended unheard."""
        doubts = list(self._visits.values())
        self._visits.clear()
        return [doubt for doubt in doubts if doubt.leg.visit is doubt.visit and not self._waits(doubt.leg)]

    def entered(self) -> list[QueueJoin]:
        """Then: who joined a queue. The list of callers is done with."""
        entries = list(self._waiting.values())
        self._waiting.clear()
        return [self._join(each) for each in entries if not self._has_visit(each)]

    def removed(self) -> list[Member]:
        """Then: who is no member of a queue any more."""
        now = self._book.now
        return [
            Member(now, "removed", member.queue, member.interface, member.member_name, False, "")
            for key, member in self._members.items()
            if key not in self._named
        ]

    def _has_visit(self, entry: QueueEntry) -> bool:
        leg = self._book.leg(entry.uniqueid)
        return leg is not None and leg.visit is not None

    def _join(self, entry: QueueEntry) -> QueueJoin:
        leg = self._book.leg(entry.uniqueid)
        linkedid = entry.uniqueid if leg is None else leg.linkedid
        at = entry.at - timedelta(seconds=entry.seconds)
        return QueueJoin(at, entry.uniqueid, linkedid, entry.channel, entry.queue, entry.position)

    def _waits(self, leg: Leg) -> bool:
        entry = self._waiting.get(leg.uniqueid)
        return entry is not None and leg.visit is not None and entry.queue == leg.visit.queue


def _hangup(doubt: Doubt) -> Hangup:
    leg = doubt.leg
    return Hangup(doubt.heard_at, leg.uniqueid, leg.linkedid, leg.name, 0, "")


def began(listed: Listed) -> datetime:
    """When a listed channel began, to a second."""
    return listed.at - timedelta(seconds=listed.seconds)


def calls_in(listed: Listed) -> bool:
    """Whether a listed channel rang us: it runs the dialplan and was neither dialled nor placed by an application."""
    return (
        listed.application not in DIALLED
        and listed.uniqueid == listed.linkedid
        and ASTERISK_ID.match(listed.uniqueid) is not None
    )


def dialled_exten(listed: Listed) -> str:
    """What a listed channel dialled, where its dialplan still stands in the context that it came in by."""
    return listed.exten if listed.exten.isdigit() and listed.context.startswith(OUTSIDE_CONTEXTS) else ""


def _by_age(listed: Listed) -> tuple[datetime, bool, int, str]:
    """The oldest first; of one second the one that its call is named by."""
    return began(listed), listed.uniqueid != listed.linkedid, len(listed.uniqueid), listed.uniqueid
