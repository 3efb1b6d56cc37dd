"""Queue visits, and how they really ended.

QueueCallerAbandon does not say that the caller hung up: it comes on time-out and when nobody is left, too. So
the truth is taken from the dialplan's own word (UserEvent QueueExit, VarSet QUEUESTATUS), else from whether the
caller's channel is hanging up, else from what happened to the queue's members just before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from telephony.calls.book import Book
from telephony.calls.drafts import VisitDraft
from telephony.calls.facts import VisitEnd
from telephony.calls.legs import Leg
from telephony.events import (
    AgentConnect,
    Digit,
    Hangup,
    Member,
    QueueAbandon,
    QueueExit,
    QueueJoin,
    QueueLeave,
)

STATUS_ENDS = {
    "TIMEOUT": VisitEnd.TIMEOUT,
    "FULL": VisitEnd.FULL,
    "JOINEMPTY": VisitEnd.JOIN_EMPTY,
    "JOINUNAVAIL": VisitEnd.JOIN_EMPTY,
    "LEAVEEMPTY": VisitEnd.EXIT_EMPTY,
    "LEAVEUNAVAIL": VisitEnd.EXIT_EMPTY,
    "WITHDRAW": VisitEnd.REMOVED,
    "ABANDON": VisitEnd.ABANDONED,  # this and the next are queue_log's
    "KEY": VisitEnd.EXIT_KEY,
    "UNKNOWN": VisitEnd.UNKNOWN,  # he did not give up, but no log says why he left
}
KEY_WINDOW = timedelta(seconds=2)
MEMBER_WINDOW = timedelta(seconds=12)
"""A member who went away makes the queue empty when it next looks: after its ring time-out at the latest."""


class Queues:
    """Keeps the visits."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._members: dict[str, dict[str, bool]] = {}
        self._emptied_at: dict[str, datetime] = {}
        self._digit_at: dict[str, datetime] = {}

    def join(self, event: QueueJoin, leg: Leg) -> None:
        """A caller entered."""
        leg.visit_count += 1
        visit = VisitDraft(
            id=f"{self._book.pbx}/{leg.uniqueid}/queue/{leg.visit_count}",
            leg=leg.uniqueid,
            queue=event.queue,
            position=event.position or None,
            joined_at=event.at,
        )
        leg.visit = visit
        leg.call.visits.append(visit)
        self._book.publish(leg.call)
        self._book.touch(visit, leg.call)

    def connect(self, event: AgentConnect, leg: Leg) -> None:
        """An agent was found."""
        visit = self._newest(leg, event.queue)
        if visit is not None:
            self._close(leg, visit, VisitEnd.ANSWERED)

    def leave(self, event: QueueLeave, leg: Leg) -> None:
        """The caller is out of the queue; why may be known only after this."""
        visit = leg.visit
        if visit is None or visit.queue != event.queue:
            return
        if visit.left_at is None:
            visit.left_at = event.at
        if visit.ended is None:
            pressed = self._digit_at.get(leg.uniqueid)
            if pressed is not None and event.at - pressed <= KEY_WINDOW:
                visit.ended = VisitEnd.EXIT_KEY
        leg.visit = None
        self._book.touch(visit, leg.call)

    def abandon(self, event: QueueAbandon, leg: Leg) -> None:
        """The caller left without an agent."""
        visit = leg.visit
        if visit is None or visit.queue != event.queue:
            return
        visit.left_at = event.at
        if leg.hangup_requested_at is not None:
            visit.ended = VisitEnd.ABANDONED
        elif self._is_empty(event):
            visit.ended = VisitEnd.EXIT_EMPTY
        else:
            visit.ended = VisitEnd.TIMEOUT
        self._book.touch(visit, leg.call)

    def exit(self, event: QueueExit, leg: Leg) -> None:
        """The dialplan's own word."""
        ended = STATUS_ENDS.get(event.status)
        if ended is None:
            return
        if ended in (VisitEnd.FULL, VisitEnd.JOIN_EMPTY):
            self._refused(event, leg, ended)
            return
        for visit in reversed(leg.call.visits):
            if visit.leg == leg.uniqueid:
                if visit.ended not in (ended, VisitEnd.ANSWERED, VisitEnd.ABANDONED):
                    visit.ended = ended
                    self._book.touch(visit, leg.call)
                return

    def digit(self, event: Digit) -> None:
        """A key in the queue may lead out of it."""
        leg = self._book.leg(event.uniqueid)
        if leg is not None and leg.visit is not None:
            self._digit_at[event.uniqueid] = event.at

    def hung_up(self, event: Hangup, leg: Leg) -> None:
        """A caller that ends within a queue, or just after leaving it for no reason that was told."""
        self._digit_at.pop(leg.uniqueid, None)
        for visit in leg.call.visits:
            if visit.leg != leg.uniqueid or visit.ended is not None:
                continue
            visit.left_at = visit.left_at or event.at
            visit.ended = VisitEnd.ABANDONED if leg.hangup_requested_at is not None else VisitEnd.UNKNOWN
            self._book.touch(visit, leg.call)
        leg.visit = None

    def member(self, event: Member) -> None:
        """Who can answer in this queue."""
        members = self._members.setdefault(event.queue, {})
        if event.what == "removed":
            members.pop(event.interface, None)
        else:
            members[event.interface] = event.paused
        if event.what in ("removed", "pause") and not any(not paused for paused in members.values()):
            self._emptied_at[event.queue] = event.at
        elif any(not paused for paused in members.values()):
            self._emptied_at.pop(event.queue, None)

    def moved(self, leg: Leg, ended: VisitEnd) -> None:
        """The caller was taken out of the queue (a pickup, a redirect)."""
        if leg.visit is not None:
            self._close(leg, leg.visit, ended)

    def _is_empty(self, event: QueueAbandon) -> bool:
        emptied = self._emptied_at.get(event.queue)
        return emptied is not None and event.at - emptied <= MEMBER_WINDOW

    def _refused(self, event: QueueExit, leg: Leg, ended: VisitEnd) -> None:
        """Refused at the door: no queue event at all, a visit of no length."""
        if leg.visit is not None:
            return
        for visit in leg.call.visits:
            if visit.leg == leg.uniqueid and visit.left_at == visit.joined_at:
                if not visit.queue:  # VarSet does not name the queue, the UserEvent after it does
                    visit.queue = event.queue
                    self._book.touch(visit, leg.call)
                return
        leg.visit_count += 1
        visit = VisitDraft(
            id=f"{self._book.pbx}/{leg.uniqueid}/queue/{leg.visit_count}",
            leg=leg.uniqueid,
            queue=event.queue,
            position=None,
            joined_at=event.at,
            left_at=event.at,
            ended=ended,
        )
        leg.call.visits.append(visit)
        self._book.touch(visit, leg.call)

    def _newest(self, leg: Leg, queue: str) -> VisitDraft | None:
        if leg.visit is not None and leg.visit.queue == queue:
            return leg.visit
        for visit in reversed(leg.call.visits):
            if visit.leg == leg.uniqueid and visit.queue == queue:
                return visit
        return None

    def _close(self, leg: Leg, visit: VisitDraft, ended: VisitEnd) -> None:
        visit.left_at = visit.left_at or self._book.now
        visit.ended = ended
        leg.visit = None
        self._book.touch(visit, leg.call)
