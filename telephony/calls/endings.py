"""The end of a call: what telephony did with it, and who ended it."""

from __future__ import annotations

from datetime import datetime, timedelta

from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.disposition import disposition_of
from telephony.calls.facts import Direction, EndedBy, OfferingOutcome, TalkKind
from telephony.calls.legs import Leg
from telephony.calls.offerings import Offerings

AFTER_TALK = timedelta(seconds=5)
"""A call that ends so soon after its last talk ended with it; later, the dialplan or the customer went on."""


class Endings:
    """Closes calls."""

    def __init__(self, book: Book, offerings: Offerings) -> None:
        self._book = book
        self._offerings = offerings

    def conclude(self, call: Call) -> None:
        """State how the call ended. May be repeated when something late is learned."""
        call.ended_at = max((over_at(leg) for leg in call.legs if leg.is_party), default=self._book.now)
        caller = call.first
        customer = call.customer
        first_leg = customer if call.direction is Direction.INBOUND else caller
        call.disposition = disposition_of(
            call.direction,
            answered=call.answered_at is not None,
            voicemail=call.voicemail,
            caller_left=first_leg is not None and first_leg.hangup_requested_at is not None,
            customer_up=customer is not None and customer.up_at is not None,
            last_fate=self._last_fate(call),
        )
        call.ended_by = self._ended_by(call)
        main = customer or caller
        if main is not None:
            call.cause = main.cause
        self._book.touch_call(call)

    def _last_fate(self, call: Call) -> OfferingOutcome | None:
        dialled = [leg for leg in call.legs if leg.is_party and leg.dialled_by is not None]
        if not dialled:
            return None
        customer = call.customer
        if call.direction is Direction.OUTBOUND and customer in dialled and customer is not None:
            return self._offerings.fate(customer)
        last = max(dialled, key=lambda leg: leg.dialled_at or leg.started_at)
        return self._offerings.fate(last)

    def _ended_by(self, call: Call) -> EndedBy:
        talks = [talk for talk in call.talks if talk.kind is not TalkKind.MONITOR]
        customer = call.customer
        asked = None if customer is None else customer.hangup_requested_at
        if not talks:
            return self._ended_unanswered(call)
        ended = max(talk.ended_at or self._book.now for talk in talks)
        last = [talk for talk in talks if (talk.ended_at or self._book.now) >= ended - timedelta(seconds=1)]
        legs = [
            leg for leg in (self._book.leg(talk.leg) for talk in last) if leg is not None and leg is not customer
        ]
        agents = [leg.hangup_requested_at for leg in legs if leg.hangup_requested_at is not None]
        agent = min(agents) if agents else None
        if asked is not None and (agent is None or asked <= agent or asked - ended > AFTER_TALK):
            return EndedBy.CUSTOMER
        over = call.ended_at or self._book.now
        if agent is not None and over - ended <= AFTER_TALK:
            return EndedBy.AGENT
        return EndedBy.PBX

    def _ended_unanswered(self, call: Call) -> EndedBy:
        customer, first = call.customer, call.first
        if (
            customer is not None
            and customer.hangup_requested_at is not None
            and (customer.incoming or customer.up_at is not None)
        ):
            return EndedBy.CUSTOMER
        if first is None or first is customer or first.hangup_requested_at is None:
            return EndedBy.PBX
        return EndedBy.AGENT if first.incoming or first.up_at is not None else EndedBy.PBX


def over_at(leg: Leg) -> datetime:
    """When the far end was gone; the PBX may keep its channel for a while (a mailbox stores its message)."""
    ended = leg.ended_at or leg.started_at
    return ended if leg.hangup_requested_at is None else min(leg.hangup_requested_at, ended)


def lone(call: Call) -> Leg | None:
    """The only party of a call that nobody else joined."""
    parties = [leg for leg in call.legs if leg.is_party]
    return parties[0] if len(parties) == 1 else None
