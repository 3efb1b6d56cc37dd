"""Journal entries in, facts out: the one reading of a stream, for live work and for replay alike. Pure.

    interpreter = Interpreter("pbx")
    for entry in entries:
        facts = interpreter.handle(entry)

What becomes of the connection is told to the tracker as it tells everything else: by events. A gap begins at
the last instant that was heard, which is the PBX's own where its events have times; so a clock of ours that is
wrong moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from telephony.calls.facts import Fact
from telephony.calls.tracker import DEFAULT_TRUNKS, Tracker
from telephony.decoder import Decoder
from telephony.events import Connected, Lost
from telephony.journal.entries import Entry, EntryKind


class Interpreter:
    """Decoder and tracker of one PBX, moved on by entries in their order.

    trunks, wrap_up: as Tracker's. Its whole state can be pickled and taken up again.
    """

    def __init__(
        self, pbx: str, *, trunks: tuple[str, ...] = DEFAULT_TRUNKS, wrap_up: timedelta = timedelta(0)
    ) -> None:
        self.pbx = pbx
        self.seq = 0
        self.packets = 0
        self.skipped = 0
        self.unreadable = 0
        self._tracker = Tracker(pbx, trunks=trunks, wrap_up=wrap_up)
        self._decoder = Decoder()
        self._connection = 0
        self._listening = False  # heard something, and no gap since
        self._greet = False  # the connection is new: the tracker hears of it with its first event
        self._heard_at: datetime | None = None  # receipt of the newest entry

    def handle(self, entry: Entry) -> list[Fact]:
        """What this entry makes known."""
        facts = self._packets(entry) if entry.kind is EntryKind.PACKETS else self._mark(entry)
        self.seq = entry.last_seq
        self._heard_at = entry.received_at
        return facts

    def handle_all(self, entries: Iterable[Entry]) -> list[Fact]:
        """What these entries make known, in order."""
        facts: list[Fact] = []
        for entry in entries:
            facts += self.handle(entry)
        return facts

    @property
    def oldest_open_at(self) -> datetime | None:
        """When the oldest call that still goes on began."""
        return self._tracker.oldest_open_at()

    def _packets(self, entry: Entry) -> list[Fact]:
        if entry.connection != self._connection:
            self._renew(entry.connection)
        decoder, handle = self._decoder, self._tracker.handle
        skipped, unreadable = decoder.skipped, decoder.unreadable_count
        events = decoder.decode(entry.frames, entry.received_at)
        self._listening = True
        self.packets += len(entry.frames)
        self.skipped += decoder.skipped - skipped
        self.unreadable += decoder.unreadable_count - unreadable
        facts: list[Fact] = []
        if self._greet and events:
            self._greet = False
            facts += handle(Connected(events[0].at))
        for event in events:
            facts += handle(event)
        return facts

    def _mark(self, entry: Entry) -> list[Fact]:
        match entry.kind:
            case EntryKind.CONNECTED:
                # Heard before and not told of a loss: the connection before it ended without a word.
                facts = self._lose(entry.received_at)
                self._renew(entry.connection)
                return facts
            case EntryKind.STARTED:
                # Without a STOPPED before it the listener was killed: deaf since the entry before.
                return self._lose(self._heard_at or entry.received_at)
            case _:
                return self._lose(entry.received_at)

    def _renew(self, connection: int) -> None:
        self._decoder = Decoder()
        self._connection = connection
        self._greet = True

    def _lose(self, received_at: datetime) -> list[Fact]:
        if not self._listening:
            return []
        self._listening = False
        return self._tracker.handle(Lost(self._decoder.now(received_at)))
