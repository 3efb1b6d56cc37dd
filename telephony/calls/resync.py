"""After a gap: what the PBX's lists say is told as the events that were not heard.

`telephony.calls.gaps` finds what differs from what was believed; here it is applied, each with the time from which it
counts. Calls of which nothing is left end as far as is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.facts import Disposition, EndedBy, Known, VisitEnd
from telephony.calls.gaps import Gaps, began, calls_in, dialled_exten
from telephony.calls.offerings import Offerings
from telephony.calls.queues import Queues
from telephony.events import (
    RING,
    Connected,
    Hangup,
    Listed,
    Lost,
    NewState,
    PbxEvent,
    QueueEntry,
    Restarted,
    Shutdown,
)


class Resync:
    """Settles what a gap left in doubt. `apply`: handles an event as if it were heard now."""

    def __init__(
        self, book: Book, gaps: Gaps, offerings: Offerings, queues: Queues, apply: Callable[[PbxEvent], None]
    ) -> None:
        self._book = book
        self._gaps = gaps
        self._offerings = offerings
        self._queues = queues
        self._apply = apply

    def lost(self, event: Lost) -> None:
        """From here on nothing is heard."""
        self._gaps.lost()

    def connected(self, event: Connected) -> None:
        """Nothing is known yet: the list of channels that follows says what is still there."""

    def shutdown(self, event: Shutdown) -> None:
        """The PBX says that it ends."""
        self._gaps.shutdown_told = True

    def restarted(self, event: Restarted) -> None:
        """The PBX began anew: whatever was up has ended."""
        self._end_unheard(self._gaps.gone())

    def listed(self, event: Listed) -> None:
        """One channel of the PBX's list; at its end, all that was not heard."""
        gaps = self._gaps
        if event.uniqueid:
            gaps.channel(event)
            return
        for leave in gaps.left():
            with self._back_at(leave.at):
                self._apply(leave)
        for answer in gaps.answered():
            with self._back_at(answer.at):
                self._apply(answer)
        self._end_unheard(gaps.ended())
        gaps.shutdown_told = False
        begun = gaps.begun()
        for listed in begun:
            self._begin_unheard(listed)
        for enter in gaps.joined():
            self._apply(enter)
        for listed in begun:
            self._publish_unheard(listed.uniqueid)

    def queue_entry(self, event: QueueEntry) -> None:
        """One caller of the queues' list; at its end, all that was not heard of callers and members."""
        gaps = self._gaps
        if event.uniqueid:
            gaps.caller(event)
            return
        for doubt in gaps.gave_up():
            with self._back_at(doubt.heard_at):
                self._queues.moved(doubt.leg, VisitEnd.UNKNOWN)
        for join in gaps.entered():
            self._apply(join)
        for member in gaps.removed():
            self._apply(member)

    @contextmanager
    def _back_at(self, at: datetime) -> Iterator[None]:
        """What is told within counts from this time, though it is known only now."""
        book = self._book
        now, book.now = book.now, min(at, book.now)
        yield
        book.now = now

    def _begin_unheard(self, listed: Listed) -> None:
        """A channel whose beginning was not heard. What it did until now is not guessed."""
        with self._back_at(began(listed)):
            leg = self._book.begin_leg(
                listed.uniqueid,
                listed.linkedid,
                listed.channel,
                state=RING if calls_in(listed) else listed.state,
                number=listed.number,
                caller_name=listed.name,
                context=listed.context,
                exten=dialled_exten(listed),
                heard=False,
            )
        if leg is None:
            return
        if leg.incoming and not leg.outside and leg is leg.call.first:
            leg.call.caller = leg.peer  # the dialplan has put the centre's number in the place of his own
        dialled = self._gaps.dialled(listed) if leg.outside else None
        if dialled is not None:
            self._apply(dialled)
        state = NewState(self._book.now, leg.uniqueid, leg.linkedid, leg.name, listed.state)
        self._offerings.state(state, leg)

    def _publish_unheard(self, uniqueid: str) -> None:
        """A lone channel in a feature code is no call; one with somebody outside, or with two parties, is."""
        leg = self._book.leg(uniqueid)
        if leg is not None and sum(each.is_party for each in leg.call.legs) > (0 if leg.outside else 1):
            self._book.publish(leg.call)

    def _end_unheard(self, hangups: list[Hangup]) -> None:
        """These channels ended when they were last heard of, and so did calls that have no other."""
        for hangup in hangups:
            with self._back_at(hangup.at):
                self._end_ringing_unheard(hangup)
                self._apply(hangup)
        self._book.take_ended()
        ends: dict[Call, datetime] = {}
        for hangup in hangups:
            leg = self._book.leg(hangup.uniqueid)
            if leg is not None and leg.call.live == 0 and leg.call.published:
                ends[leg.call] = max(hangup.at, ends.get(leg.call, hangup.at))
        for call, at in ends.items():
            self._conclude_unheard(call, at)

    def _end_ringing_unheard(self, event: Hangup) -> None:
        """A phone that rang when it was last heard of: nobody knows how that ended, and nobody is blamed."""
        leg = self._book.leg(event.uniqueid)
        if leg is not None and leg.offering is not None and leg.offering.outcome is None:
            leg.offering.ended_at = self._book.now
            self._book.touch(leg.offering, leg.call)
            leg.offering = None

    def _conclude_unheard(self, call: Call, at: datetime) -> None:
        """The end was not heard: what is known stands, the rest is not guessed."""
        if call.known is self._book.whole:
            call.known = Known.INFERRED
        call.ended_at = at
        call.ended_by = EndedBy.PBX if self._gaps.shutdown_told else EndedBy.UNKNOWN
        call.disposition = Disposition.ANSWERED if call.answered_at is not None else Disposition.INDETERMINATE
        for visit in call.visits:
            if visit.ended is None:
                visit.ended = VisitEnd.UNKNOWN
        self._book.touch_call(call)
