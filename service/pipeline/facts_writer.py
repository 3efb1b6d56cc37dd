"""Stores facts with their position, in a thread of its own, so that a slow database holds up nothing but itself.

What was not stored yet waits here, collapsed to the newest revision of each fact, up to a bound; then `put` waits,
and the rest waits in the journal. A database that is down is an alarm raised once and cleared once. A fact that the
database refuses for good must not hold up the others: it is found by halving, and put aside.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from analytics.storage.dialects import dialect_of
from analytics.storage.ingest import Ingester, Position
from service.pipeline.quarantine import OF_VALUES, Quarantine, Refused, is_refusal
from service.pipeline.snapshots import Snapshot, Snapshots
from telephony.calls.facts import Fact
from telephony.calls.record import newest

MAX_WAITING = 200_000
FIRST_RETRY, LAST_RETRY = 0.2, 5.0
GATHER_SECONDS, GATHER_BUSY_SECONDS, BUSY_FACTS = 0.02, 0.2, 300
"""Between two transactions: many facts in one cost far less than few in many. Beyond BUSY_FACTS in one, wait longer."""
IDLE_POSITION = 2.0
"""Seconds after which a position without facts is stored too."""


@dataclass(slots=True)
class Waiting:
    """What is to be stored next."""

    facts: list[Fact]
    stored_up_to: int = 0
    snapshot: Snapshot | None = None


class FactsWriter:
    """The only writer of one PBX's facts.

    quarantine: where facts go that the database refuses; without one they are only counted.
    on_stored: called in the writer's thread after each transaction, with its facts.
    """

    def __init__(
        self,
        engine: Engine,
        pbx: str,
        snapshots: Snapshots,
        *,
        quarantine: Quarantine | None = None,
        reread_from: int = 0,
        stored_up_to: int = 0,
        on_stored: Callable[[list[Fact]], None] = lambda facts: None,
    ) -> None:
        self.stored_up_to = stored_up_to
        self.stored_facts = 0
        self.refused_facts = 0
        self.failing: str | None = None  # why the database cannot be written, while that is so
        self._engine = engine
        self._pbx = pbx
        self._snapshots = snapshots
        self._quarantine = quarantine
        self._reread_from = reread_from
        self._on_stored = on_stored
        self._ingester = Ingester(dialect_of(engine.dialect.name))
        self._waiting = Waiting([])
        self._changed = threading.Condition()
        self._stopping = False
        self._bound = MAX_WAITING
        self._thread = threading.Thread(target=self._work, name=f"facts-{pbx}", daemon=True)
        self._log = structlog.get_logger("service.facts_writer").bind(pbx=pbx)

    def start(self) -> None:
        """Begin to store."""
        self._thread.start()

    def put(self, facts: list[Fact], stored_up_to: int, snapshot: Snapshot | None = None) -> None:
        """Facts that are to be stored, and the number of the last packet that they come from.

        Waits while too many wait already.
        """
        with self._changed:
            waiting = self._waiting
            waiting.facts += facts
            waiting.stored_up_to = stored_up_to
            waiting.snapshot = snapshot or waiting.snapshot
            if facts:
                self._changed.notify_all()
            while self._is_full() and not self._stopping:
                self._changed.wait(1.0)

    def stop(self, within: float) -> bool:
        """Store what waits, if that can be done in so many seconds; whether it was."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join(within)
        return not self._thread.is_alive() and not self._waiting.facts

    def wait_stored(self, seq: int, within: float) -> bool:
        """Until the facts reach this number; False if they do not in so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.stored_up_to >= seq, within)

    def _is_full(self) -> bool:
        facts = self._waiting.facts
        if len(facts) <= self._bound:
            return False
        facts[:] = newest(facts).values()
        # Collapsing again is worth it only when there are half as many more.
        self._bound = max(MAX_WAITING, len(facts) + MAX_WAITING // 2)
        return len(facts) > MAX_WAITING

    def _work(self) -> None:
        delay = FIRST_RETRY
        while (taken := self._take()) is not None:
            if self._store(taken):
                delay = FIRST_RETRY
                self._gather(len(taken.facts))
                continue
            self._give_back(taken)
            with self._changed:
                if self._stopping:
                    return
                self._changed.wait(delay)
            delay = min(delay * 2, LAST_RETRY)

    def _take(self) -> Waiting | None:
        """What waits, once something does; None when all is done and we are to stop."""
        with self._changed:
            self._changed.wait_for(self._is_urgent, IDLE_POSITION)
            while not self._is_worth_it():
                if self._stopping:
                    return None
                self._changed.wait_for(self._is_urgent, IDLE_POSITION)
            taken, self._waiting = self._waiting, Waiting([])
            self._changed.notify_all()
            return taken

    def _gather(self, stored: int) -> None:
        if not self._stopping:
            time.sleep(GATHER_SECONDS if stored < BUSY_FACTS else GATHER_BUSY_SECONDS)

    def _is_urgent(self) -> bool:
        return bool(self._waiting.facts) or self._stopping

    def _is_worth_it(self) -> bool:
        """A position alone is stored too, only not as often."""
        waiting = self._waiting
        return bool(waiting.facts) or waiting.stored_up_to > self.stored_up_to or waiting.snapshot is not None

    def _give_back(self, taken: Waiting) -> None:
        with self._changed:
            later = self._waiting
            later.facts[:0] = taken.facts
            later.stored_up_to = max(later.stored_up_to, taken.stored_up_to)
            later.snapshot = later.snapshot or taken.snapshot

    def _store(self, taken: Waiting) -> bool:
        position = Position(pbx=self._pbx, stored_up_to=taken.stored_up_to, reread_from=self._reread_from)
        try:
            refused = self._ingest(taken.facts, position)
            if refused:
                self._put_aside(refused)
        except (SQLAlchemyError, OSError, *OF_VALUES) as error:
            self._alarm(error)
            return False
        self._clear()
        self.stored_facts += len(taken.facts) - len(refused)
        with self._changed:
            self.stored_up_to = max(self.stored_up_to, taken.stored_up_to)
            self._changed.notify_all()
        self._keep(taken.snapshot)
        self._on_stored(taken.facts)
        return True

    def _ingest(self, facts: list[Fact], position: Position) -> list[Refused]:
        """Store facts and position; of what is refused for good all others are stored, and it is given back.

        The position goes with the last part: after a kill between two parts all of them are stored again, which
        changes nothing. Raises SQLAlchemyError or OSError where trying again may help.
        """
        try:
            with self._engine.begin() as connection:
                self._ingester.ingest(connection, facts, position)
        except (SQLAlchemyError, *OF_VALUES) as error:
            if not is_refusal(error) or not facts:
                raise
            self._renew_ingester()
            return self._ingest_parts(list(newest(facts).values()), position, error)
        return []

    def _ingest_parts(self, facts: list[Fact], position: Position, error: Exception) -> list[Refused]:
        if len(facts) == 1:
            return [Refused(facts[0], error), *self._ingest([], position)]
        half = len(facts) // 2
        before = Position(pbx=position.pbx, stored_up_to=self.stored_up_to, reread_from=position.reread_from)
        return self._ingest(facts[:half], before) + self._ingest(facts[half:], position)

    def _put_aside(self, refused: list[Refused]) -> None:
        """Keep what the database will never take, and say so; an OSError leaves all as it was, to be tried again."""
        if self._quarantine is not None:
            self._quarantine.keep(refused)
        self.refused_facts += len(refused)
        kinds = sorted({each.kind for each in refused})
        self._log.error("database.refused_facts", facts=len(refused), errors=",".join(kinds))

    def _renew_ingester(self) -> None:
        # What it remembers of a transaction that was undone may be wrong.
        self._ingester = Ingester(dialect_of(self._engine.dialect.name))

    def _keep(self, snapshot: Snapshot | None) -> None:
        """A snapshot is kept once the facts up to it are stored."""
        if snapshot is None:
            return
        try:
            self._snapshots.write(snapshot)
        except OSError as error:
            self._log.warning("snapshot.not_written", detail=str(error))
            return
        self._reread_from = snapshot.seq

    def _alarm(self, error: Exception) -> None:
        text = " ".join(str(getattr(error, "orig", None) or error).split())
        # The driver's own words may hold a row's values: the kind of error is enough.
        if self.failing is None:
            self._log.error("database.failing", error=type(error).__name__)
        self.failing = f"{type(error).__name__}: {text[:200]}"
        self._renew_ingester()

    def _clear(self) -> None:
        if self.failing is not None:
            self._log.warning("database.writes_again")
            self.failing = None
