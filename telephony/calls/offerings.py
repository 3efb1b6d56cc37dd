"""Dialling: every offering of a call to an agent's device, and the fate of the legs that lead outside."""

from __future__ import annotations

from datetime import timedelta

from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.dial_chain import DialChain
from telephony.calls.disposition import outcome_of
from telephony.calls.drafts import OfferingDraft
from telephony.calls.facts import (
    Direction,
    OfferingOutcome,
    OfferingSource,
    RingFrom,
)
from telephony.calls.legs import Leg
from telephony.events import BUSY, RINGING, UP, AgentCalled, DialBegin, DialEnd, DialRinging, Hangup, NewState
from telephony.numbers import dialled_number

SAME_ANSWER = timedelta(seconds=2)
"""Devices that cease to ring so near to another's answer lost to it (DialEnd CANCEL comes before or after)."""

NEVER_RANG = frozenset({OfferingOutcome.BUSY, OfferingOutcome.UNREACHABLE, OfferingOutcome.FAILED})

RING_TIMEOUT = timedelta(seconds=2)
"""A silent end sooner than this was no ring time-out."""


class Offerings:
    """Keeps what is dialled."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._chain = DialChain(book)

    def begin(self, event: DialBegin, dest: Leg) -> None:
        """A channel is being dialled."""
        book = self._book
        dest.dialled_by = event.uniqueid
        dest.dialled_at = event.at
        dest.dial_string = event.dial_string
        call = dest.call
        source = book.leg(event.uniqueid)
        if source is not None and source.call is not call and not source.session:
            call = book.merge(source.call, call)
        book.publish(call)
        if dest.local:
            return
        if dest.outside:
            self._lead_outside(dest, call)
        if not dest.outside or self._chain.member_of(dest) is not None:
            self._offer(dest, call)

    def ringing(self, event: DialRinging, dest: Leg) -> None:
        """The device reports that it alerts."""
        dest.alerting_at = dest.alerting_at or event.at
        offering = dest.offering
        if offering is None or offering.ring_from is RingFrom.RINGING or offering.ended_at is not None:
            return
        offering.ring_from = RingFrom.RINGING
        offering.ring_at = event.at
        self._book.touch(offering, dest.call)

    def state(self, event: NewState, leg: Leg) -> None:
        """A channel rings or is up."""
        call = leg.call
        if event.state == RINGING:
            leg.alerting_at = leg.alerting_at or event.at
        elif event.state == BUSY:
            leg.hangup_requested_at = None  # the PBX refused the caller; it said so a moment before its state
        elif event.state == UP and leg.up_at is None:
            leg.up_at = event.at
            if leg.is_party and leg is (call.customer or call.first) and call.picked_up_at is None:
                call.picked_up_at = event.at
                self._book.touch_call(call)

    def end(self, event: DialEnd, dest: Leg) -> None:
        """Dialling ended. Of several ends of one leg the first counts."""
        if dest.dial_status:
            return
        dest.dial_status = event.status or "ENDED"
        dest.presumed_alerting = event.presumed_alerting
        if event.forward:
            dest.dial_status = "FORWARD"
        if event.status == "ANSWER":
            dest.answered_at = event.at
        self._conclude(dest)
        if dest.local:
            self._conclude_behind(dest)
        if event.status == "ANSWER":
            self._release_losers(dest)

    def hung_up(self, event: Hangup, leg: Leg) -> None:
        """The channel ended; its cause tells more than DialEnd did."""
        if leg.dialled_by is None or leg.dial_status == "ANSWER":
            return
        self._conclude(leg)

    def called(self, event: AgentCalled, dest: Leg) -> None:
        """A queue dials a member: what rings behind this channel rings for him. May come after the dialling."""
        dest.interface = event.interface
        dest.member_name = event.member_name
        dest.queue = event.queue
        for leg in dest.call.legs:
            if leg.offering is not None and leg.offering.ended_at is None:
                self._name(leg, leg.offering)

    def picked_up(self, winner: Leg, target: Leg) -> None:
        """A phone took the call that rang at another: the other is not to blame."""
        target.dial_status = "PICKUP"
        self._conclude(target)
        if winner.offering is None:
            self._taken(winner, winner.call, OfferingSource.PICKUP, target)

    def session_answered(self, session: Leg, half: Leg) -> None:
        """The standing line of an Agent/… takes the call of the queue that rang it through this Local half."""
        member = half.partner
        if member is None or not member.queue:
            return
        if member.offering is None:
            self._taken(session, member.call, OfferingSource.QUEUE, member)
            member.offering = session.offering
        session.offering = member.offering

    def _taken(self, leg: Leg, call: Call, source: OfferingSource, rang: Leg) -> None:
        """An offering that is known only by its answer: no channel of the phone was ever dialled."""
        now = self._book.now
        for_member = source is OfferingSource.QUEUE
        alerted = rang.alerting_at if for_member else None
        offering = OfferingDraft(
            id=f"{self._book.pbx}/{rang.uniqueid}/{source}",
            interface=rang.interface if for_member else leg.device,
            device=leg.device,
            member_name=(rang.member_name or None) if for_member else None,
            source=source,
            queue=rang.queue or None,
            root=rang.dialled_by,
            offered_at=alerted or now,
            ring_at=alerted or now,
            ring_from=RingFrom.DIAL if alerted is None else RingFrom.RINGING,
            ended_at=now,
            outcome=OfferingOutcome.ANSWERED,
        )
        leg.offering = offering
        call.offerings.append(offering)
        self._book.touch(offering, call)

    # -- offering -----------------------------------------------------------------------

    def _offer(self, dest: Leg, call: Call) -> None:
        offering = OfferingDraft(
            id=f"{self._book.pbx}/{dest.uniqueid}/offering",
            interface=dest.device,
            device=dest.device,
            member_name=None,
            source=OfferingSource.DIRECT,
            queue=None,
            root=None,
            offered_at=self._book.now,
            ring_at=self._book.now,
        )
        self._name(dest, offering)
        if dest.alerting_at is not None:
            offering.ring_at, offering.ring_from = dest.alerting_at, RingFrom.RINGING
        dest.offering = offering
        call.offerings.append(offering)
        self._book.touch(offering, call)

    def _name(self, dest: Leg, offering: OfferingDraft) -> None:
        source, root, member = self._chain.why(dest)
        before = (offering.source, offering.interface)
        offering.source, offering.root = source, None if root is None else root.uniqueid
        if member is not None:
            offering.interface = member.interface
            offering.member_name = member.member_name or None
            offering.queue = member.queue
        if source is OfferingSource.DIRECT and root is not None and root.local == "1" and root.dialled_by is None:
            offering.consult = not root.call.originated
        if before != (offering.source, offering.interface):
            self._book.touch(offering, dest.call)

    def _lead_outside(self, dest: Leg, call: Call) -> None:
        """A leg to the outside: in a call that did not come from there it is the customer's."""
        dest.number = dialled_number(dest.dial_string, dest.device.partition("/")[0]) or dest.number
        if call.direction is Direction.INBOUND:
            return
        call.direction = Direction.OUTBOUND
        call.customer = dest
        call.customer_number = dest.number or None
        if call.originated:
            call.called = dest.number or None
            first = call.first
            if first is not None and not first.outside and call.caller is None:
                call.caller = first.peer
        self._book.touch_call(call)

    # -- ends ---------------------------------------------------------------------------

    def fate(self, leg: Leg) -> OfferingOutcome:
        """How the dialling of this leg ended, as far as is known."""
        began = leg.dialled_at or leg.started_at
        return outcome_of(
            self._chain.status(leg),
            alerted=leg.alerting_at is not None or leg.presumed_alerting,
            cause=leg.cause,
            sibling_answered=self._sibling_answered(leg),
            refused=leg.hangup_requested_at is not None,
            timed_out=self._book.now - began >= RING_TIMEOUT,
        )

    def _conclude_behind(self, member: Leg) -> None:
        """The end of a Local member's dialling says more of the phones behind it."""
        for leg in member.call.legs:
            offering = leg.offering
            if offering is not None and offering.outcome is OfferingOutcome.CALLER_GAVE_UP:
                self._conclude(leg)

    def _conclude(self, leg: Leg) -> None:
        offering = leg.offering
        if offering is None:
            return
        outcome = self.fate(leg)
        if offering.outcome is OfferingOutcome.ANSWERED_ELSEWHERE and outcome is OfferingOutcome.CALLER_GAVE_UP:
            return
        if offering.ended_at is None:
            offering.ended_at = self._book.now
        if offering.ring_from is RingFrom.DIAL:
            if leg.alerting_at is not None:
                offering.ring_at, offering.ring_from = leg.alerting_at, RingFrom.RINGING
            elif outcome in NEVER_RANG and not leg.presumed_alerting:
                offering.ring_at = offering.ended_at  # it never rang
        offering.outcome = outcome
        self._book.touch(offering, leg.call)

    def _sibling_answered(self, leg: Leg) -> bool:
        ended = self._book.now if leg.offering is None else leg.offering.ended_at or self._book.now
        root = self._chain.root(leg)  # and it rang at the same time
        return any(
            other is not leg
            and other.answered_at is not None
            and abs(ended - other.answered_at) <= SAME_ANSWER
            and (other.dialled_at or other.started_at) <= ended
            and self._chain.root(other) == root
            for other in leg.call.legs
            if other.is_party
        )

    def _release_losers(self, winner: Leg) -> None:
        """Who ceased to ring a moment before this answer lost to it."""
        if winner.local:
            return
        for leg in winner.call.legs:
            offering = leg.offering
            if (
                offering is not None
                and leg is not winner
                and offering.outcome is OfferingOutcome.CALLER_GAVE_UP
                and offering.ended_at is not None
                and self._book.now - offering.ended_at <= SAME_ANSWER
                and (winner.dialled_at or winner.started_at) <= offering.ended_at
                and self._chain.root(leg) == self._chain.root(winner)
            ):
                offering.outcome = OfferingOutcome.ANSWERED_ELSEWHERE
                self._book.touch(offering, leg.call)
