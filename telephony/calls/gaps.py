"""What was not heard: calls that a gap touched, and those of which the PBX knows nothing any more."""

from __future__ import annotations

from telephony.calls.book import Book
from telephony.calls.facts import Known
from telephony.calls.legs import Leg
from telephony.events import Listed


class Gaps:
    """Keeps which calls a gap touched, and compares with the PBX's own list afterwards."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._listed: dict[str, None] = {}
        self._doubtful: dict[str, Leg] = {}

    def lost(self) -> None:
        """From here on nothing is heard: every open call is heard in part only."""
        for call in self._book.open_calls():
            if call.known is Known.OBSERVED:
                call.known = Known.INFERRED
                self._book.touch_call(call)
            for leg in call.legs:
                if leg.ended_at is None:
                    self._doubtful[leg.uniqueid] = leg

    def listed(self, event: Listed) -> list[Leg]:
        """One channel of the PBX's list; at its end, the legs that ended unheard."""
        if event.uniqueid:
            self._listed[event.uniqueid] = None
            return []
        gone = [leg for key, leg in self._doubtful.items() if key not in self._listed and leg.ended_at is None]
        self._doubtful.clear()
        self._listed.clear()
        return gone
