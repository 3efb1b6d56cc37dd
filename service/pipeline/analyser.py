"""Follows one PBX's journal and makes facts of it: the only interpreter of what was heard.

Works in a thread of its own. It takes only what is durable, so it cannot be ahead of the journal, and the journal
is the queue between it and the listener. A listener in the same process may hand over what it has just made
durable, which saves reading it back; what is not handed over, or does not follow on what was read, is read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import structlog

from service.pipeline.gaps import GapLedger
from service.pipeline.interpreter import Interpreter
from service.pipeline.snapshots import Snapshot, Snapshots
from telephony.calls.facts import Fact
from telephony.errors import JournalError
from telephony.journal.entries import Entry
from telephony.journal.reader import Follower

POLL_SECONDS = 0.02
MAX_HANDED = 32 * 1024 * 1024
SNAPSHOT_SECONDS = 15.0
RETRY_SECONDS = 1.0


class Sink(Protocol):
    """Where facts go (FactsWriter)."""

    def put(self, facts: list[Fact], stored_up_to: int, snapshot: Snapshot | None = None) -> None:
        """Facts, the number of the last packet that they come from, and now and then the state there."""
        ...


class Handed:
    """Entries that are durable already, from the listener of this process; let go of when there are too many."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._size = 0
        self._lock = threading.Lock()

    def give(self, entries: list[Entry], size: int) -> None:
        """Entries in their order, and about how many bytes they hold."""
        with self._lock:
            self._size += size
            if self._size > MAX_HANDED:
                self._entries, self._size = [], 0
                return
            self._entries += entries

    def take(self, after_seq: int) -> list[Entry]:
        """The entries beyond this number; [] if they do not follow on it without a hole."""
        with self._lock:
            entries, self._entries, self._size = self._entries, [], 0
        while entries and entries[0].seq <= after_seq:
            entries.pop(0)
        return entries if entries and entries[0].seq == after_seq + 1 and _has_no_hole(entries) else []


def _has_no_hole(entries: list[Entry]) -> bool:
    return all(other.seq == one.last_seq + 1 for one, other in pairwise(entries))


class Analyser:
    """Entries of the journal to facts.

    on_facts: called in the analyser's thread with the facts of each batch; it must be quick and may drop.
    """

    def __init__(
        self,
        folder: Path,
        interpreter: Interpreter,
        writer: Sink,
        snapshots: Snapshots,
        ledger: GapLedger,
        *,
        on_facts: Callable[[list[Fact]], None] = lambda facts: None,
        snapshot_every: float = SNAPSHOT_SECONDS,
    ) -> None:
        self.failing: str | None = None  # why the journal cannot be read, while that is so
        self.interpreter = interpreter
        self._writer = writer
        self._snapshots = snapshots
        self._ledger = ledger
        self._on_facts = on_facts
        self._every = snapshot_every
        self._snapshot_due = time.monotonic() + snapshot_every
        self._folder = folder
        self._follower: Follower | None = None
        self._handed = Handed()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._stop_by = float("inf")
        self._thread = threading.Thread(target=self._work, name=f"analyser-{interpreter.pbx}", daemon=True)
        self._log = structlog.get_logger("service.analyser").bind(pbx=interpreter.pbx)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def hand_over(self, entries: list[Entry], size: int) -> None:
        """What is durable since the last time, from the listener; from any thread."""
        self._handed.give(entries, size)
        self._wake.set()

    def stop(self, within: float) -> None:
        """Read what is durable now, if that can be done in so many seconds, and end."""
        self._stop_by = time.monotonic() + 0.8 * within
        self._stopping.set()
        self._wake.set()
        self._thread.join(within)

    def _work(self) -> None:
        while True:
            self._wake.clear()
            entries = self._next()
            if entries and time.monotonic() < self._stop_by:
                self._handle(entries)
            elif self._stopping.is_set():
                break
            else:
                self._wake.wait(POLL_SECONDS)
        self._let_go()
        self._writer.put([], self.interpreter.seq, self._snapshots.take(self.interpreter))

    def _next(self) -> list[Entry]:
        entries = self._handed.take(self.interpreter.seq)
        if entries:
            # The follower's place is behind now; where it is wanted again, a new one begins at the right one.
            self._let_go()
            return entries
        return self._poll()

    def _let_go(self) -> None:
        if self._follower is not None:
            self._follower.close()
            self._follower = None

    def _poll(self) -> list[Entry]:
        if self._follower is None:
            self._follower = Follower(self._folder, self.interpreter.pbx, self.interpreter.seq)
        try:
            entries = self._follower.poll()
        except JournalError as error:
            if self.failing is None:
                self._log.error("analyser.journal_unreadable", detail=str(error))
            self.failing = str(error)
            self._stopping.wait(RETRY_SECONDS)
            return []
        if self.failing is not None:
            self._log.warning("analyser.reads_again")
            self.failing = None
        return entries

    def _handle(self, entries: list[Entry]) -> None:
        interpreter = self.interpreter
        failed = interpreter.failed
        facts = interpreter.handle_all(entries)
        self._keep_gaps()
        if interpreter.failed != failed:
            self._log.error("analyser.event_failed", events=interpreter.failed - failed)
        self._writer.put(facts, interpreter.seq, self._due_snapshot())
        if facts:
            self._on_facts(facts)

    def _keep_gaps(self) -> None:
        for gap in self.interpreter.take_gaps():
            try:
                self._ledger.add(gap)
            except OSError as error:
                # It can be read from the journal again.
                self._log.error("analyser.gap_not_kept", detail=str(error))

    def _due_snapshot(self) -> Snapshot | None:
        now = time.monotonic()
        if now < self._snapshot_due:
            return None
        self._snapshot_due = now + self._every
        return self._snapshots.take(self.interpreter)
