"""Up the dialling: why a device rings, and on whose behalf.

From a Local half to its partner and to who dialled that, until a queue's member, a transferred channel, an
Originate or a plain caller is met.
"""

from __future__ import annotations

from telephony.calls.book import Book
from telephony.calls.facts import OfferingSource
from telephony.calls.legs import Leg

MAX_HOPS = 16


class DialChain:
    """Looks up from a dialled leg. Holds no state of its own."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def why(self, dest: Leg) -> tuple[OfferingSource, Leg | None, Leg | None]:
        """(why it rings, on whose behalf, the queue member it rings for)."""
        current = dest
        for _ in range(MAX_HOPS):
            if current.queue:
                return OfferingSource.QUEUE, self.dialler(current), current
            if current.dialled_by == "":
                return OfferingSource.ORIGINATE, None, None
            if current.dialled_by is None:
                # A Local half that nobody dialled stands in the bridge of an agent who consults by feature code.
                return OfferingSource.DIRECT, current, None
            dialler = self.dialler(current)
            if dialler is None:
                return OfferingSource.DIRECT, None, None
            if dialler.transferred:
                return OfferingSource.TRANSFER, dialler, None
            if dialler.local != "2" or dialler.partner is None:
                return OfferingSource.DIRECT, dialler, None
            current = dialler.partner
        return OfferingSource.DIRECT, None, None

    def member_of(self, dest: Leg) -> Leg | None:
        return self.why(dest)[2]

    def dialler(self, leg: Leg) -> Leg | None:
        return self._book.leg(leg.dialled_by) if leg.dialled_by else None

    def status(self, leg: Leg) -> str:
        """The first DialEnd that counts: a queue or Dial that gives up on a Local member says NOANSWER there, and
        the phone behind it is told CANCEL."""
        current = leg
        for _ in range(MAX_HOPS):
            if current.dial_status != "CANCEL" or current.queue:
                return current.dial_status
            dialler = self.dialler(current)
            if dialler is None or dialler.transferred or dialler.local != "2" or dialler.partner is None:
                break
            if not dialler.partner.dial_status:
                break
            current = dialler.partner
        return leg.dial_status

    def root(self, leg: Leg) -> str | None:
        """The channel at the top of the dialling, '' for an Originate."""
        current = leg
        for _ in range(MAX_HOPS):
            dialler = self.dialler(current)
            if dialler is None:
                return current.dialled_by
            if dialler.local != "2" or dialler.partner is None or dialler.partner.dialled_by is None:
                return dialler.uniqueid
            current = dialler.partner
        return None
