"""Storing facts: idempotent, in any order, together with the position in the journal.

A batch is collapsed to the newest revision of each fact first; a stored revision is replaced only by a newer
one. Merged calls resolve to the survivor and interfaces to the person who sat there, both at this moment, so
that nobody who reads the rows needs to know of either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection, insert

from analytics.folding import Newest, call_ids, collapse, merges_of
from analytics.people.devices import DeviceMap
from analytics.people.store import load_device_map, lock_version
from analytics.storage.aliases import merge_calls
from analytics.storage.asking import Questions
from analytics.storage.building import BUILDERS
from analytics.storage.changes import hours_of_calls, hours_of_facts, mark
from analytics.storage.dialects import Dialect, dialect_of
from analytics.storage.models import holds, repaired_calls
from analytics.storage.repairs import Rebuilding, Replacing, Stored, kinds_in, talked_ms
from analytics.storage.rows import hold_rows, instant
from telephony.calls.facts import AgentStateFact, CallFact, Fact, Known, TalkFact

_KNOWN_BEST = {Known.INFERRED: 0, Known.REPAIRED: 1, Known.OBSERVED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far into a PBX's journal the facts reach, and the start of the oldest open call."""

    pbx: str
    stored_up_to: int
    reread_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceCount:
    """What became of rebuilt calls: stored for the first time, put in the place of another, or left out."""

    new: int = 0
    replaced: int = 0
    kept: int = 0
    facts: int = 0


class _Before(NamedTuple):
    """What is stored of calls that are rebuilt: by rebuilt call, and the ids that must lead to it from now on."""

    known: dict[str, Stored]
    parts: dict[str, str]


class Ingester:
    """Writes facts to one kind of database. Keeps the mapping of devices and the statements between batches.

    One thread uses it.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._questions = Questions(dialect)
        self._replacing = Replacing(dialect)
        self._version: int | None = None
        self._devices = DeviceMap()

    def ingest(self, connection: Connection, facts: Iterable[Fact], position: Position | None = None) -> int:
        """Store facts and position in the connection's transaction, which the caller commits.

        Return how many facts were written or found to be stored already, after collapsing. Facts of a call
        that was rebuilt from the PBX's logs are passed over.
        """
        newest, survivors = self._begin(connection, facts)
        named = {survivors.get(each, each) for each in call_ids(newest)}
        _pass_over(newest, survivors, self._questions.repaired(connection, named))
        count = self._write(connection, newest, survivors)
        if position is not None:
            self._dialect.advance(connection, (position.pbx, position.stored_up_to, position.reread_from))
        return count

    def replace_calls(self, connection: Connection, facts: Iterable[Fact], how: Rebuilding) -> ReplaceCount:
        """Replace whole calls by what was rebuilt from the PBX's logs.

        All that was stored of these calls goes, whatever its revision and under whatever channel's id; what the
        stream still says of them is passed over from now on. The facts must hold one CallFact for each call. A
        correction is put on record; facts of no call (members' comings and goings) are not taken.
        """
        newest, survivors = self._begin(connection, facts)
        newest[AgentStateFact] = {key: fact for key, fact in newest[AgentStateFact].items() if fact.call_id}
        before = self._before(connection, newest, survivors, how)
        return self._replace(connection, newest, survivors, before, how)

    def import_calls(self, connection: Connection, facts: Iterable[Fact], how: Rebuilding) -> ReplaceCount:
        """Store calls of the past, as logs tell them; the same logs again change nothing.

        A call that is stored stays as it is where it was heard whole, where more kinds of logs told it, and where
        it was heard in part and these logs do not tell it whole.
        """
        newest, survivors = self._begin(connection, facts)
        before = self._before(connection, newest, survivors, how)
        told = {survivors.get(fact.id, fact.id): fact for fact in newest[CallFact].values()}
        kept = {
            each
            for each, fact in told.items()
            if each in before.known and _stays(before.known[each], fact, how.sources_for(each))
        }
        _pass_over(newest, survivors, kept)
        count = self._replace(connection, newest, survivors, before, how)
        return replace(count, kept=len(kept))

    def _before(
        self, connection: Connection, newest: Newest, survivors: dict[str, str], how: Rebuilding
    ) -> _Before:
        """What is stored of the rebuilt calls: of several parts of one the part that is known best."""
        rebuilt = {survivors.get(each, each) for each in newest[CallFact]}
        wanted = {each: each for each in rebuilt}
        for part, into in how.parts.items():
            into = survivors.get(into, into)
            if into in rebuilt:
                wanted[part] = into
        before = _Before({}, {})
        for asked, stored in sorted(self._replacing.stored(connection, wanted).items()):
            into = wanted[asked]
            held = before.known.get(into)
            if held is None or _KNOWN_BEST[stored.known] > _KNOWN_BEST[held.known]:
                before.known[into] = stored
            if stored.call_id != into:
                before.parts[stored.call_id] = into
        return before

    def _replace(
        self,
        connection: Connection,
        newest: Newest,
        survivors: dict[str, str],
        before: _Before,
        how: Rebuilding,
    ) -> ReplaceCount:
        rebuilt = {survivors.get(each, each): fact for each, fact in newest[CallFact].items()}
        stale = {each: into for each, into in before.parts.items() if into in rebuilt}
        mark(connection, hours_of_calls(connection, {*rebuilt, *stale}))
        self._questions.forget_calls(connection, {*rebuilt, *stale})
        self._replacing.free(connection, rebuilt)
        self._replacing.lead_on(connection, stale)
        if rebuilt:
            told = [{"call_id": each, "sources": how.sources_for(each)} for each in sorted(rebuilt)]
            connection.execute(insert(repaired_calls), told)
        survivors |= stale
        written = self._write(connection, newest, survivors)
        whole = [fact for each, fact in rebuilt.items() if fact.id == each]
        talked = talked_ms(newest[TalkFact].values(), survivors)
        self._replacing.record(connection, whole, talked, before.known, how)
        again = sum(each in before.known for each in rebuilt)
        return ReplaceCount(new=len(rebuilt) - again, replaced=again, facts=written)

    def _begin(self, connection: Connection, facts: Iterable[Fact]) -> tuple[Newest, dict[str, str]]:
        """The batch, collapsed, and the survivor of every alias that it names; its merges are stored."""
        version = lock_version(connection)
        if version != self._version:
            self._devices = load_device_map(connection)
            self._version = version
        newest = collapse(facts)
        self._dialect.make_room(connection, [instant(each.started_at) for each in newest[AgentStateFact].values()])
        merges = merges_of(newest[CallFact].values())
        named = call_ids(newest).union(*merges)
        survivors = self._questions.survivors(connection, named)
        marks = hours_of_facts(newest)
        if merges:
            marks |= hours_of_calls(
                connection, {*(each for merge in merges for each in merge), *survivors.values()}
            )
        mark(connection, marks)
        merge_calls(connection, merges, survivors)
        return newest, survivors

    def _write(self, connection: Connection, newest: Newest, survivors: dict[str, str]) -> int:
        written = 0
        for kind, (table, build) in BUILDERS.items():
            built = build(newest[kind].values(), survivors, self._devices.agent_at)
            if built:
                self._dialect.upsert(connection, table, built)
                written += len(built)
        if newest[TalkFact]:
            self._write_holds(connection, newest[TalkFact])
        return written

    def _write_holds(self, connection: Connection, told: dict[str, TalkFact]) -> None:
        """Write the holds of the talks whose revision is the one stored; drop those of older revisions."""
        self._questions.drop_outdated_holds(connection, told)
        held = {talk_id: fact for talk_id, fact in told.items() if fact.holds}
        if not held:
            return
        stored = self._questions.talk_revisions(connection, held)
        current = [fact for talk_id, fact in held.items() if stored.get(talk_id) == fact.revision]
        if current:
            self._dialect.upsert(connection, holds, [row for fact in current for row in hold_rows(fact)])


def ingest(connection: Connection, facts: Iterable[Fact], position: Position | None = None) -> int:
    """`Ingester.ingest` for a single batch."""
    return Ingester(dialect_of(connection.dialect.name)).ingest(connection, facts, position)


def _stays(before: Stored, fact: CallFact, sources: str) -> bool:
    """Whether an imported call leaves the stored one in its place."""
    if before.known is Known.OBSERVED:
        return True
    if not before.sources:
        return fact.known is not Known.REPAIRED
    return set(kinds_in(before.sources)) > set(kinds_in(sources))


def _pass_over(newest: Newest, survivors: dict[str, str], repaired: set[str]) -> None:
    if not repaired:
        return
    for kind in newest.values():
        for fact in [each for each in kind.values() if survivors.get(each.call_id, each.call_id) in repaired]:
            del kind[fact.id]
