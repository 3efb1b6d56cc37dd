"""Journal entries in, facts out: the one reading of a stream, for live work and for replay alike. Pure.

    interpreter = Interpreter("pbx")
    for entry in entries:
        facts = interpreter.handle(entry)

What becomes of the connection is told to the tracker as it tells everything else: by events. A gap begins at
the last instant that was heard, by the PBX's own clock where its events have times: how far that clock goes before
ours is known from the last of them, and it serves for the lists after the next login too, which have none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from service.pipeline.gaps import Gap, GapFinder, jump_of
from telephony.calls.facts import Fact
from telephony.calls.tracker import DEFAULT_TRUNKS, Tracker
from telephony.events import Connected, Lost, PbxEvent, Restarted
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
        self.heard_at: datetime | None = None  # receipt of the newest entry
        self.packets = 0
        self.skipped = 0
        self.unreadable = 0
        self.failed = 0
        self.failures: deque[str] = deque(maxlen=KEEP_FAILURES)
        self._tracker = Tracker(pbx, trunks=trunks, wrap_up=wrap_up)
        self._decoder = Decoder()
        self._connection = 0
        self._greet = False  # the connection is new: the tracker hears of it with its first event
        self._ahead: timedelta | None = None  # see `ahead`; None where the PBX tells no time
        self._gaps = GapFinder(pbx)
        self._ended: list[Gap] = []

    def handle(self, entry: Entry) -> list[Fact]:
        """What this entry makes known."""
        listening = self._gaps.listening
        gap = self._gaps.handle(entry)
        facts = self._packets(entry) if entry.kind is EntryKind.PACKETS else self._mark(entry, listening)
        self.seq = entry.last_seq
        self.heard_at = entry.received_at
        if gap is not None:
            self._ended.append(replace(gap, ahead=self.ahead))
        return facts

    def take_gaps(self) -> list[Gap]:
        """The gaps that ended, or of which more is known, since this was asked last; and jumps of our clock."""
        ended, self._ended = self._ended, []
        return ended

    @property
    def open_gap(self) -> Gap | None:
        """The gap that goes on now."""
        gap = self._gaps.open
        return replace(gap, ahead=self.ahead) if gap else None

    @property
    def listening(self) -> bool:
        """Whether something was heard, and no end of it since."""
        return self._gaps.listening

    @property
    def connection(self) -> int:
        """The number of the newest connection that was read of."""
        return self._connection

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
        if self._gaps.restarted:
            events.insert(0, Restarted(events[0].at if events else entry.received_at + self.ahead))
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
        facts: list[Fact] = []
        if entry.kind is EntryKind.CLOCK:
            if self._ahead is not None:
                self._ahead -= jump_of(entry)
        elif listening:
            if (ahead := self._decoder.ahead) is not None:
                self._ahead = ahead
            lost_at = self._gaps.lost_at or entry.received_at
            lost = Lost(lost_at + self.ahead)
            facts = self._tracker.handle(lost)
            if self.hearing is not None:
                self.hearing.note(lost)
        if entry.kind is EntryKind.CONNECTED:
            self._renew(entry.connection)
        return facts

    @property
    def ahead(self) -> timedelta:
        """How far the PBX's clock goes before ours, as far as is known."""
        return self._ahead or timedelta(0)

    def _renew(self, connection: int) -> None:
        self._decoder = Decoder(self.ahead)
        self._connection = connection
        self._greet = True
