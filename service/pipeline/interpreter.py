"""Journal entries in, facts out: the one reading of a stream, for live work and for replay alike. Pure.

    interpreter = Interpreter("pbx")
    for entry in entries:
        facts = interpreter.handle(entry)

What becomes of the connection is told to the tracker as it tells everything else: by events. A gap begins at
the last instant that was heard, which is the PBX's own where its events have times; so a clock of ours that is
wrong moves nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from service.pipeline.gaps import Gap, GapFinder
from telephony.calls.facts import Fact
from telephony.calls.tracker import DEFAULT_TRUNKS, Tracker
from telephony.events import Connected, Lost, PbxEvent
from telephony.events.decoder import Decoder
from telephony.journal.entries import Entry, EntryKind
from telephony.reconcile.hearing import Hearing

KEEP_FAILURES = 100


class Interpreter:
    """Decoder and tracker of one PBX, moved on by entries in their order.

    trunks, wrap_up: as Tracker's. hearing: is told every event, where the stream is compared with logs.
    Its whole state can be pickled and taken up again.
    seq: number of the newest packet that was handled. unreadable: packets that lack what they must have.
    failed: events that the tracker could not take; `failures` names the newest of them.
    """

    def __init__(
        self,
        pbx: str,
        *,
        trunks: tuple[str, ...] = DEFAULT_TRUNKS,
        wrap_up: timedelta = timedelta(0),
        hearing: Hearing | None = None,
    ) -> None:
        self.pbx = pbx
        self.hearing = hearing
        self.seq = 0
        self.packets = 0
        self.skipped = 0
        self.unreadable = 0
        self.failed = 0
        self.failures: deque[str] = deque(maxlen=KEEP_FAILURES)
        self._tracker = Tracker(pbx, trunks=trunks, wrap_up=wrap_up)
        self._decoder = Decoder()
        self._connection = 0
        self._greet = False  # the connection is new: the tracker hears of it with its first event
        self._heard_at: datetime | None = None  # receipt of the newest entry
        self._gaps = GapFinder(pbx)
        self._ended: list[Gap] = []

    def handle(self, entry: Entry) -> list[Fact]:
        """What this entry makes known."""
        listening = self._gaps.listening
        if gap := self._gaps.handle(entry):
            self._ended.append(gap)
        facts = self._packets(entry) if entry.kind is EntryKind.PACKETS else self._mark(entry, listening)
        self.seq = entry.last_seq
        self._heard_at = entry.received_at
        return facts

    def take_gaps(self) -> list[Gap]:
        """The gaps that ended since this was asked last."""
        ended, self._ended = self._ended, []
        return ended

    @property
    def open_gap(self) -> Gap | None:
        """The gap that goes on now."""
        return self._gaps.open

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
        self.packets += len(entry.frames)
        self.skipped += decoder.skipped - skipped
        self.unreadable += decoder.unreadable_count - unreadable
        if self._greet and events:
            self._greet = False
            events.insert(0, Connected(events[0].at))
        facts: list[Fact] = []
        hearing = self.hearing
        for event in events:
            if hearing is not None:
                hearing.note(event)
            try:
                facts += handle(event)
            except Exception as error:
                self._quarantine(event, error)
        return facts

    def _quarantine(self, event: PbxEvent, error: Exception) -> None:
        """An event that the tracker fails on is a mistake of ours: counted and shown, and the rest goes on."""
        self.failed += 1
        self.failures.append(f"{type(event).__name__} at {event.at.isoformat()}: {error!r}")

    def _mark(self, entry: Entry, listening: bool) -> list[Fact]:
        """What became of the connection; a loss is told once, however many entries tell of it."""
        last = entry.received_at
        if entry.kind is EntryKind.STARTED:
            # Without a STOPPED before it the listener was killed: deaf since the entry before.
            last = self._heard_at or last
        lost = Lost(self._decoder.now(last))
        facts = self._tracker.handle(lost) if listening else []
        if listening and self.hearing is not None:
            self.hearing.note(lost)
        if entry.kind is EntryKind.CONNECTED:
            self._renew(entry.connection)
        return facts

    def _renew(self, connection: int) -> None:
        self._decoder = Decoder()
        self._connection = connection
        self._greet = True
