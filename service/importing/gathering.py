"""Facts as they are built, gathered to whole calls. Pure.

A call is handed on once it has ended and so much of the logs' time has gone by that nothing more can be told of it
(its wrap-up is over too). What belongs to no call (members' comings and goings) is handed on when it has ended. So
each fact is handed on once, in its newest revision, and memory holds the calls of some minutes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from telephony.calls.facts import AgentStateFact, CallFact, Fact
from telephony.pbxlogs.builder import Builder
from telephony.pbxlogs.rows import CallRows, LogKind, QueueRow
from telephony.reconcile.hearing import channels_named, span_of

ENDED_FOR = timedelta(minutes=10)
SILENT_FOR = timedelta(days=1)
"""A call whose end is in no log is handed on after so long without a fact."""
LOOK_EVERY = 500


class Whole(NamedTuple):
    """All facts of one call; of none where `call_id` is ''.

    channels: the unique ids of all channels that its rows name; kinds: the logs that its rows are from.
    """

    call_id: str
    facts: list[Fact]
    channels: frozenset[str] = frozenset()
    kinds: frozenset[LogKind] = frozenset()


class _Noted(NamedTuple):
    """What the rows of a call tell that its facts do not."""

    last_at: datetime
    channels: tuple[str, ...]
    kinds: frozenset[LogKind]


@dataclass(slots=True)
class _Pending:
    """A call of which more may be told."""

    facts: dict[tuple[type, str], Fact] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    ended: bool = False
    last_at: datetime | None = None


class Gatherer:
    """Gathers what one builder tells. `wrap_up`: the longest that the builder was told."""

    def __init__(self, pbx: str, wrap_up: timedelta = timedelta(0)) -> None:
        self._prefix = f"{pbx}/"
        self._patience = ENDED_FOR + wrap_up
        self._pending: dict[str, _Pending] = {}
        self._into: dict[str, str] = {}
        self._loose: dict[str, AgentStateFact] = {}
        self._over: dict[str, None] = {}  # loose ones that have ended
        self._noted: dict[str, _Noted] = {}  # by unique id
        self._read: deque[_Noted] = deque()
        self.calls_read = 0

    def gather(self, builder: Builder, calls: Iterable[CallRows], loose: Iterable[QueueRow]) -> Iterator[Whole]:
        """Whole calls, about in order of their ends."""
        for count, facts in enumerate(builder.build(self._note(calls), loose), 1):
            for fact in facts:
                self._take(fact)
            if count % LOOK_EVERY == 0:
                yield from self._finished(facts[-1].at)
        yield from self._finished(None)
        yield from (Whole("", [fact]) for fact in self._loose.values())

    def _note(self, calls: Iterable[CallRows]) -> Iterator[CallRows]:
        for call in calls:
            self.calls_read += 1
            rows = ((LogKind.CEL, call.cel), (LogKind.CDR, call.cdr), (LogKind.QUEUE_LOG, call.queue))
            kinds = frozenset(kind for kind, found in rows if found)
            noted = _Noted(span_of(call)[1], tuple(channels_named(call)), kinds)
            self._noted.update(dict.fromkeys(noted.channels, noted))
            self._read.append(noted)
            yield call

    def _take(self, fact: Fact) -> None:
        if not fact.call_id:
            self._take_loose(fact)
            return
        merged = fact.merged_into if isinstance(fact, CallFact) else None
        if merged is not None:
            self._merge(fact.id, self._resolved(merged))
        call_id = self._resolved(fact.call_id)
        pending = self._pending.get(call_id)
        if pending is None:
            pending = self._pending[call_id] = _Pending()
        pending.facts[type(fact), fact.id] = fact
        pending.last_at = fact.at
        if isinstance(fact, CallFact) and merged is None:
            pending.ended = fact.ended_at is not None

    def _take_loose(self, fact: Fact) -> None:
        if isinstance(fact, AgentStateFact):
            self._loose[fact.id] = fact
            if fact.ended_at is not None:
                self._over[fact.id] = None

    def _merge(self, alias: str, stays: str) -> None:
        if alias == stays or alias in self._into:
            return
        pending = self._pending.setdefault(stays, _Pending())
        pending.aliases.append(alias)
        gone = self._pending.pop(alias, None)
        if gone is not None:
            pending.facts |= gone.facts
            pending.aliases += gone.aliases
        self._into[alias] = stays

    def _resolved(self, call_id: str) -> str:
        while (into := self._into.get(call_id)) is not None:
            call_id = into
        return call_id

    def _finished(self, now: datetime | None) -> Iterator[Whole]:
        """Calls and intervals of which nothing more will be told; at the end (None) all calls."""
        done = [call_id for call_id, pending in self._pending.items() if self._is_done(pending, now)]
        for call_id in done:
            pending = self._pending.pop(call_id)
            for alias in pending.aliases:
                del self._into[alias]
            noted = self._noted_of(call_id, *pending.aliases)
            channels = frozenset(each for found in noted for each in found.channels)
            kinds = frozenset(each for found in noted for each in found.kinds)
            yield Whole(call_id, list(pending.facts.values()), channels, kinds)
        for each in self._over:
            yield Whole("", [self._loose.pop(each)])
        self._over.clear()
        if now is not None:
            self._forget(now)

    def _is_done(self, pending: _Pending, now: datetime | None) -> bool:
        if now is None or pending.last_at is None:
            return True
        return now - pending.last_at > (self._patience if pending.ended else SILENT_FOR)

    def _noted_of(self, *call_ids: str) -> list[_Noted]:
        """What was noted of the rows of these, which is forgotten now."""
        found = []
        for call_id in call_ids:
            noted = self._noted.get(call_id.removeprefix(self._prefix))
            if noted is not None:
                found.append(noted)
                self._drop(noted)
        return found

    def _forget(self, now: datetime) -> None:
        """Forget what was noted of rows that told no call."""
        while self._read and now - self._read[0].last_at > self._patience:
            noted = self._read.popleft()
            if not any(self._resolved(self._prefix + each) in self._pending for each in noted.channels):
                self._drop(noted)

    def _drop(self, noted: _Noted) -> None:
        for each in noted.channels:
            if self._noted.get(each) is noted:
                del self._noted[each]
