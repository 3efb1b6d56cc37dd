"""Follows the logs of one PBX, and puts calls that the stream did not hear whole in their place.

Works in a thread of its own beside the analyser, reads logs that it never writes, and stores a repair in a transaction
of its own. It asks the store what is known of each call that the logs say is over; so it needs no memory: after a
restart it looks again at the calls of the last day, and a repair that changes nothing is not made.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine

from analytics.storage.call_facts import facts_of_call
from analytics.storage.dialects import dialect_of, storable_text
from analytics.storage.ingest import Ingester
from analytics.storage.repairs import Rebuilding, Replacing, Stored
from service.repairs.caught_up import write_caught_up
from service.repairs.deciding import Decision, Stream, decide
from service.repairs.rebuilding import Rebuilt, rebuild
from telephony.calls.facts import CallFact, Fact
from telephony.clock import Clock
from telephony.errors import LogError, TelephonyError
from telephony.pbxlogs.log_source import LogSource
from telephony.pbxlogs.rows import CallRows
from telephony.pbxlogs.staging import Newest, Staging
from telephony.reconcile.hearing import channels_named, span_of

POLL_SECONDS = 2.0
KEPT = timedelta(hours=26)
"""Rows are kept so long: a call of yesterday can still be mended by a late row."""
FORGET_EVERY = timedelta(hours=1)
STORE = "store"
SETTLED = timedelta(seconds=4)
"""After its last row a call is left alone so long: CDR and queue_log are written a moment after its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deafness:
    """What the analyser tells: how far the stream is stored, the gaps, and when the PBX started within them."""

    stream: Stream
    boots: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What the repairs need to know of a PBX."""

    pbx: str
    trunks: tuple[str, ...]
    wrap_up: timedelta


class Repairer:
    """One PBX's repairs. `deafness` is asked in this thread and must not block.

    repaired: calls put in their place since the start; waiting: calls that are not decided; failing: why logs or the
    store cannot be reached, while that is so.
    """

    def __init__(
        self,
        mended: Mended,
        sources: Sequence[LogSource],
        staging_path: Path,
        engine: Engine,
        deafness: Callable[[], Deafness],
        clock: Clock,
        *,
        on_facts: Callable[[list[Fact]], None] = lambda facts: None,
    ) -> None:
        self.repaired = 0
        self.waiting = 0
        self.caught_up_at: datetime | None = None  # everything that was in the logs then is decided or waits
        self._mended = mended
        self._sources = sources
        self._path = staging_path
        self._engine = engine
        self._deafness = deafness
        self._clock = clock
        self._on_facts = on_facts
        self._dialect = dialect_of(engine.dialect.name)
        self._looked_to: Newest | None = None  # rows up to here were looked at
        self._undecided: dict[str, None] = {}  # calls that wait for more
        self._forget_at = clock.now()
        self._failing: dict[str, str] = {}  # by log, or STORE: what is wrong
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"repairer-{mended.pbx}", daemon=True)
        self._log = structlog.get_logger("service.repairer").bind(pbx=mended.pbx)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self, within: float) -> None:
        """End after what is being done; it is done again at the next start if it was not done."""
        self._stopping.set()
        self._thread.join(within)

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with Staging(self._path, live=True) as staging:
                    while not self._stopping.is_set():
                        self.step(staging)
                        self._stopping.wait(POLL_SECONDS)
            except Exception as error:
                # Whatever it is, it is told: a repairer that ended in silence would look like one with nothing to do.
                self._looked_to = None  # what was looked at and not mended is looked at again
                self._alarm(STORE, error)
                self._stopping.wait(POLL_SECONDS)

    def step(self, staging: Staging) -> None:
        """Read what is new in the logs, and mend what can be mended."""
        started = self._clock.now()
        before = staging.newest_rows()
        unread = [source for source in self._sources if not self._read(source, staging)]
        if self._stopping.is_set():
            return
        if staging.newest_rows() != before or self._looked_to is None:
            staging.settle()
        if started >= self._forget_at:
            staging.forget(started - KEPT)
            self._forget_at = started + FORGET_EVERY
        self._mend(staging, started)
        self._clear(STORE)
        if not unread:
            self.caught_up_at = started
            write_caught_up(self._path.with_suffix(".caught-up"), started)

    def _read(self, source: LogSource, staging: Staging) -> bool:
        """Read what is new in one log. One that cannot be read does not hold up the others: its rows come later."""
        try:
            # Of a log that was never read the last day is wanted, not its years.
            mark = staging.mark(source.name) or source.mark_since(self._clock.now() - KEPT)
            for batch in source.batches(mark):
                staging.add(source.name, source.kind, batch)
                if self._stopping.is_set():
                    break
        except LogError as error:
            self._alarm(source.name, error)
            return False
        self._clear(source.name)
        return True

    # -- mending ------------------------------------------------------------------------

    def _mend(self, staging: Staging, now: datetime) -> None:
        """Decide on the calls that got rows since the last time, and on those that waited."""
        newest = staging.newest_rows()
        fresh = staging.keys_since(self._looked_to or (0,) * len(newest))
        self._undecided.update(dict.fromkeys(fresh))
        self._looked_to = newest
        if not self._undecided:
            return
        deafness = self._deafness()
        stops = stops_of(staging, deafness)
        calls = [call for call in staging.calls_of(list(self._undecided)) if span_of(call)[1] > now - KEPT]
        with self._engine.connect() as connection:
            stored = self._stored(connection, calls)
        decisions = {call.key: self._decide(call, stored, deafness.stream, stops, now) for call in calls}
        wanted = {key for key, decision in decisions.items() if decision is Decision.REBUILD}
        if wanted:
            self._replace(_of_their_time(staging, calls, wanted), wanted, stops, now)
        self._undecided = {key: None for key, decision in decisions.items() if decision is Decision.WAIT}
        self.waiting = len(self._undecided)

    def _decide(
        self, call: CallRows, stored: Mapping[str, Stored], stream: Stream, stops: Sequence[datetime], now: datetime
    ) -> Decision:
        if now - span_of(call)[1] < SETTLED:
            return Decision.WAIT
        return decide(call, stored.get(call.key), stream, stops)

    def _replace(self, calls: list[CallRows], wanted: set[str], stops: Sequence[datetime], now: datetime) -> None:
        mended = self._mended
        rebuilt = rebuild(mended.pbx, calls, wanted, trunks=mended.trunks, wrap_up=mended.wrap_up, stops=stops)
        how = Rebuilding(sources="", told_by=rebuilt.told_by, parts=rebuilt.parts, repaired_at=now)
        with self._engine.begin() as connection:
            facts = _changed(connection, rebuilt)
            if facts:
                Ingester(self._dialect).replace_calls(connection, facts, how)
        count = sum(isinstance(fact, CallFact) and fact.merged_into is None for fact in facts)
        if count:
            self.repaired += count
            self._log.info("repairer.repaired", calls=count, sources=sorted(set(rebuilt.told_by.values())))
            self._on_facts(facts)

    def _stored(self, connection: Connection, calls: Sequence[CallRows]) -> dict[str, Stored]:
        """By call of the logs, what is stored of it: of several parts the one that is known least."""
        owner = {f"{self._mended.pbx}/{each}": call.key for call in calls for each in channels_named(call)}
        found: dict[str, Stored] = {}
        for part, stored in Replacing(self._dialect).stored(connection, owner).items():
            key = owner[part]
            held = found.get(key)
            if held is None or _doubt(stored) > _doubt(held):
                found[key] = stored
        return found

    # -- alarms -------------------------------------------------------------------------

    @property
    def failing(self) -> str | None:
        """Which log cannot be read, or that a repair cannot be stored, while that is so."""
        return "; ".join(self._failing.values()) or None

    def _alarm(self, what: str, error: Exception) -> None:
        # A driver's own words may hold a row's values: of those the kind of error is enough.
        told = str(error) if isinstance(error, TelephonyError) else f"{what}: {type(error).__name__}"
        if what not in self._failing:
            self._log.error("repairer.failing", error=told)
        self._failing[what] = told

    def _clear(self, what: str) -> None:
        if self._failing.pop(what, None) is not None:
            self._log.warning("repairer.works_again", what=what)


def stops_of(staging: Staging, deafness: Deafness) -> list[datetime]:
    """When the PBX stopped before each of its starts: no log tells that, and a PBX that is killed says nothing.

    It lived at the last row of any log before the start, and when it was last heard, if the gap is its own.
    """
    found: set[datetime] = set()
    for boot in {*staging.boots(), *deafness.boots}:
        signs = [staging.stopped_before(boot)]
        signs += [start for start, end in deafness.stream.gaps if start <= boot and (end is None or boot <= end)]
        found.add(max(sign for sign in signs if sign is not None) if any(signs) else boot)
    return sorted(found)


def _doubt(stored: Stored) -> tuple[bool, bool]:
    return (stored.known != "observed", stored.disposition is None)


def _of_their_time(staging: Staging, calls: Sequence[CallRows], wanted: set[str]) -> list[CallRows]:
    """The calls that are wanted, and all that went on at the same time."""
    spans = [span_of(call) for call in calls if call.key in wanted]
    return list(staging.calls_between(min(start for start, _ in spans), max(end for _, end in spans)))


def _changed(connection: Connection, rebuilt: Rebuilt) -> list[Fact]:
    """The facts of those calls that the store does not hold just so already."""
    by_call: dict[str, list[Fact]] = {}
    merged = {
        fact.id: fact.merged_into for fact in rebuilt.facts if isinstance(fact, CallFact) and fact.merged_into
    }
    for fact in rebuilt.facts:
        by_call.setdefault(merged.get(fact.call_id) or fact.call_id, []).append(fact)
    return [
        fact
        for call_id, facts in by_call.items()
        if _plain(facts) != _plain(facts_of_call(connection, call_id))
        for fact in facts
    ]


def _storable(fact: Fact) -> Fact:
    texts = {each.name: value for each in fields(fact) if isinstance(value := getattr(fact, each.name), str)}
    changed = {name: kept for name, value in texts.items() if (kept := storable_text(value)) != value}
    return replace(fact, **changed) if changed else fact  # type: ignore[arg-type]


def _plain(facts: Sequence[Fact]) -> set[Fact]:
    """Facts as they compare: whatever their revision and the aliases that led to them, in texts that can be stored."""
    plain: set[Fact] = set()
    for fact in map(_storable, facts):
        if isinstance(fact, CallFact):
            if fact.merged_into is None:
                plain.add(replace(fact, revision=0, alias_ids=(), call_id=fact.id))
        else:
            plain.add(replace(fact, revision=0, call_id=""))
    return plain
