"""Storing facts: idempotent, in any order, together with the position in the journal.

A batch is collapsed to the newest revision of each fact first; a stored revision is replaced only by a newer
one. Merged calls resolve to the survivor and interfaces to the person who sat there, both at this moment, so
that nobody who reads the rows needs to know of either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from analytics.folding import Newest, call_ids, collapse, merges_of
from analytics.people.devices import DeviceMap
from analytics.people.store import load_device_map, lock_version
from analytics.storage.aliases import merge_calls
from analytics.storage.asking import Questions
from analytics.storage.building import BUILDERS
from analytics.storage.dialects import Dialect, dialect_of
from analytics.storage.models import holds, repaired_calls
from analytics.storage.rows import hold_rows
from telephony.calls.facts import CallFact, Fact, TalkFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far into a PBX's journal the facts reach, and the start of the oldest open call."""

    pbx: str
    stored_up_to: int
    reread_from: int


class Ingester:
    """Writes facts to one kind of database. Keeps the mapping of devices and the statements between batches.

    One thread uses it.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._questions = Questions(dialect)
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

    def replace_calls(self, connection: Connection, facts: Iterable[Fact]) -> int:
        """Replace whole calls by what was rebuilt from the PBX's logs.

        All that was stored of these calls goes, whatever its revision; what the stream still says of them is
        passed over from now on. The facts must hold one CallFact for each call.
        """
        newest, survivors = self._begin(connection, facts)
        rebuilt = sorted({survivors.get(each, each) for each in newest[CallFact]})
        self._questions.forget_calls(connection, rebuilt)
        if rebuilt:
            connection.execute(insert(repaired_calls), [{"call_id": each} for each in rebuilt])
        return self._write(connection, newest, survivors)

    def _begin(self, connection: Connection, facts: Iterable[Fact]) -> tuple[Newest, dict[str, str]]:
        """The batch, collapsed, and the survivor of every alias that it names; its merges are stored."""
        version = lock_version(connection)
        if version != self._version:
            self._devices = load_device_map(connection)
            self._version = version
        newest = collapse(facts)
        merges = merges_of(newest[CallFact].values())
        named = call_ids(newest).union(*merges)
        survivors = self._questions.survivors(connection, named)
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


def _pass_over(newest: Newest, survivors: dict[str, str], repaired: set[str]) -> None:
    if not repaired:
        return
    for kind in newest.values():
        for fact in [each for each in kind.values() if survivors.get(each.call_id, each.call_id) in repaired]:
            del kind[fact.id]
