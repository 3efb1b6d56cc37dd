"""What the PBX adds to its events about channels: its own claims, digits, standing lines.

Of a Cdr only the last application (a mailbox, a vain Dial) and the claim are used, never its times.
"""

from __future__ import annotations

from telephony.calls.book import Book
from telephony.calls.call import Call
from telephony.calls.drafts import ClaimDraft, DigitDraft
from telephony.calls.endings import Endings, lone
from telephony.calls.legs import Leg
from telephony.events import AgentComplete, AgentSession, Cdr, Digit


class Additions:
    """Keeps what is only noted."""

    def __init__(self, book: Book, endings: Endings) -> None:
        self._book = book
        self._endings = endings

    def claimed(self, event: AgentComplete, leg: Leg) -> None:
        """A queue's own word on a talk."""
        self._claim(leg, event.interface, event.source, event.talk_seconds, event.reason or None)

    def cdr(self, event: Cdr) -> None:
        """A row about a leg. It may come before or after the channel's end."""
        leg = self._book.leg(event.uniqueid)
        if leg is None:
            return
        call = leg.call
        if event.application == "VoiceMail":
            call.voicemail = True
            if call.ended_at is not None and call.published:
                self._endings.conclude(call)
        if event.application == "Dial" and not call.published and lone(call) is leg:
            self._book.publish(call)  # it dialled somebody who could not be reached at all
            if call.live == 0:
                self._endings.conclude(call)
        if event.answered and event.dest_channel:
            self._claim_of_cdr(event, call)

    def _claim_of_cdr(self, event: Cdr, call: Call) -> None:
        """A Cdr claims for the phone that it names: the one that was dialled, else the one that dialled."""
        named = {leg.name: leg for leg in call.legs}
        for name in (event.dest_channel, event.channel):
            leg = named.get(name)
            if leg is not None and leg.is_party and not leg.outside:
                self._claim(leg, leg.device, "cdr", event.billable_seconds, None)
                return

    def _claim(self, leg: Leg, interface: str, source: str, seconds: int, reason: str | None) -> None:
        claim = ClaimDraft(
            id=f"{self._book.pbx}/{leg.uniqueid}/claim/{leg.next_number()}",
            claimed_at=self._book.now,
            interface=interface,
            source=source,
            talk_seconds=seconds,
            reason=reason,
        )
        leg.call.others.append(claim)
        self._book.touch(claim, leg.call)

    def session(self, event: AgentSession) -> None:
        """A leg is, or was until now, the standing line of a logged-in Agent/…."""
        leg = self._book.leg(event.uniqueid)
        if leg is not None:
            leg.session = event.on

    def digit(self, event: Digit) -> None:
        """A key that the caller pressed before he talked."""
        leg = self._book.leg(event.uniqueid)
        if leg is None or leg.bridge is not None or not leg.outside or not leg.incoming:
            return
        digit = DigitDraft(
            id=f"{self._book.pbx}/{leg.uniqueid}/digit/{leg.next_number()}",
            pressed_at=event.at,
            menu=event.context,
            digit=event.digit,
        )
        leg.call.digits.append(digit)
        self._book.touch(digit, leg.call)
