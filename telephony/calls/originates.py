"""Calls that an application placed: what OriginateResponse adds to what the channels told.

Success means that the first leg answered and no more. On failure Asterisk may know no unique id: then the
answer is matched with the newest attempt that dialled the same string.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from telephony.calls.book import ASTERISK_ID, Book
from telephony.calls.call import Call
from telephony.calls.facts import Direction, Disposition, EndedBy
from telephony.calls.legs import Leg
from telephony.events import DialBegin, NewChannel, OriginateResponse
from telephony.numbers import dialled_number

WINDOW = timedelta(seconds=2)
OUTSIDE_DIGITS = 7
"""An extension of so many digits leads outside: inside numbers are shorter."""
PENDING_LIMIT = timedelta(minutes=10)


class Originates:
    """Keeps attempts until their answer comes."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._dialled: dict[str, tuple[datetime, str]] = {}  # by uniqueid: when, and the string
        self._early: dict[str, tuple[datetime, OriginateResponse, str]] = {}
        self._spool: tuple[datetime, str] | None = None

    def dialled(self, event: DialBegin, dest: Leg) -> None:
        """An Originate dials."""
        string = f"{dest.device.partition('/')[0]}/{event.dial_string}"
        early = self._early.pop(string, None)
        if early is not None:
            self._caller(dest.call, early[1])
            return
        self._dialled[dest.uniqueid] = (event.at, string)
        while event.at - next(iter(self._dialled.values()))[0] > PENDING_LIMIT:
            del self._dialled[next(iter(self._dialled))]

    def spooled(self, event: NewChannel) -> None:
        """Asterisk invented a channel for a failed attempt."""
        self._spool = (event.at, event.uniqueid)

    def answered(self, event: OriginateResponse) -> None:
        """What came of it."""
        leg = self._book.leg(event.uniqueid) if event.uniqueid else None
        self._dialled.pop(event.uniqueid, None)
        call = leg.call if leg is not None else self._waiting(event)
        spool, self._spool = self._spool, None
        if call is not None:
            self._caller(call, event)
        elif not event.success:
            recent = spool is not None and event.at - spool[0] <= WINDOW
            key = event.uniqueid or (spool[1] if recent and spool else f"originate-{event.action_id}")
            # The dialling itself may be told a moment after its failure.
            self._early[event.channel] = (event.at + WINDOW, event, key)

    @property
    def waiting(self) -> bool:
        """Whether a failure waits for what may still come."""
        return bool(self._early)

    def deadline(self) -> datetime | None:
        """When the oldest failure without any channel is taken for a call of its own."""
        return min((due for due, _, _ in self._early.values()), default=None)

    def tick(self, at: datetime) -> None:
        """State the attempts that made no channel at all."""
        for string, (due, event, key) in list(self._early.items()):
            if due <= at:
                del self._early[string]
                self._never_began(event, key)

    def _caller(self, call: Call, event: OriginateResponse) -> None:
        """Who the customer was told is calling; and where an agent's call was to go that never got there."""
        first = call.first
        if first is not None and first.outside and call.caller is None:
            call.caller = event.number or None
        if first is not None and not first.outside and call.customer is None:
            call.caller = call.caller or first.peer
            call.called = event.exten or None
            if _leads_outside(event.exten):
                call.direction = Direction.OUTBOUND
        self._book.touch_call(call)

    def _waiting(self, event: OriginateResponse) -> Call | None:
        """The oldest attempt without an answer that dialled this string."""
        if event.success:
            return None
        for uniqueid, (_, string) in self._dialled.items():
            leg = self._book.leg(uniqueid)
            if string == event.channel and leg is not None:
                del self._dialled[uniqueid]
                return leg.call
        return None

    def _never_began(self, event: OriginateResponse, key: str) -> None:
        """No channel at all: a call nevertheless, failed."""
        number = dialled_number(event.channel)
        call = Call(
            pbx=self._book.pbx,
            key=key,
            linkedid=key,
            started_at=event.at,
            originated=True,
            known=self._book.whole,
        )
        call.direction = Direction.OUTBOUND
        if _leads_outside(event.exten) and not _leads_outside(number):
            call.caller, call.called = number, event.exten  # an agent's phone; his customer was never dialled
        else:
            call.caller = event.number or None
            call.called = call.customer_number = number
        call.ended_at = event.at
        call.disposition = Disposition.FAILED
        call.ended_by = EndedBy.PBX
        if not ASTERISK_ID.match(key):
            call.attempt_id = event.uniqueid or None
        self._book.publish(call)


def _leads_outside(number: str | None) -> bool:
    """Whether this is a number of the outside rather than an extension."""
    digits = (number or "").lstrip("+")
    return len(digits) >= OUTSIDE_DIGITS and digits.isdigit()
