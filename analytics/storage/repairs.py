"""Calls that the PBX's own logs told: how they take the place of what was stored, and the record of each correction.

A call that was heard in part may be stored under the id of the channel that was heard first. So whoever rebuilds calls
names all their channels; what is stored under any of them is this call, goes, and its id leads to the rebuilt one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from analytics.storage.dialects import Dialect
from analytics.storage.models import call_aliases, call_repairs, calls, repaired_calls, talks
from telephony.calls.facts import CallFact, Known, TalkFact, TalkKind
from telephony.clock import from_microseconds, to_microseconds

IDS_AT_ONCE = 500
MINUTES = (TalkKind.CUSTOMER.value, TalkKind.CONFERENCE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilding:
    """How calls came to be rebuilt.

    sources: the logs that told them, as `sources_of` writes them; told_by: the same by call, where calls differ.
    parts: every id that a part of a rebuilt call may be stored under (PBX/uniqueid of each of its channels), to the
    rebuilt call's id. repaired_at: None where the calls are imported as history, which is no correction.
    """

    sources: str
    told_by: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    repaired_at: datetime | None = None

    def sources_for(self, call_id: str) -> str:
        """The logs that told this call."""
        return self.told_by.get(call_id, self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A call as it is stored: what decides whether it may be replaced, and what a correction puts on record."""

    call_id: str
    known: Known
    disposition: str | None
    talk_ms: int  # with hold
    sources: str  # '' where the stream told it


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A correction on record. Talk is with hold; what begins with `before_` is None where nothing was stored."""

    repaired_at: datetime
    sources: str
    before_known: str | None
    before_disposition: str | None
    before_talk_ms: int | None
    talk_ms: int


def sources_of(kinds: Iterable[str]) -> str:
    """The logs' names as they are stored: sorted, joined by +."""
    return "+".join(sorted(set(kinds)))


def kinds_in(sources: str) -> list[str]:
    """The logs' names in what `sources_of` wrote."""
    return sources.split("+") if sources else []


def newest_repairs(connection: Connection, ids: Sequence[str]) -> dict[str, Repair]:
    """The newest correction of each of these calls that has one."""
    wanted = select(call_repairs)
    found: dict[str, Repair] = {}
    for begin in range(0, len(ids), IDS_AT_ONCE):
        some = wanted.where(call_repairs.c.call_id.in_(ids[begin : begin + IDS_AT_ONCE]))
        for row in connection.execute(some.order_by(call_repairs.c.repaired_us, call_repairs.c.id)):
            found[row.call_id] = Repair(
                repaired_at=from_microseconds(row.repaired_us),
                sources=row.sources,
                before_known=row.before_known,
                before_disposition=row.before_disposition,
                before_talk_ms=row.before_talk_ms,
                talk_ms=row.talk_ms,
            )
    return found


class Replacing:
    """What the store is asked and told when calls are replaced; for one kind of database."""

    def __init__(self, dialect: Dialect) -> None:
        self._values = dialect.values
        among = dialect.among
        spent = func.sum(talks.c.ended_us - talks.c.started_us)
        self._stored = (
            select(calls.c.id, calls.c.known, calls.c.disposition, repaired_calls.c.sources)
            .join(repaired_calls, repaired_calls.c.call_id == calls.c.id, isouter=True)
            .where(among(calls.c.id))
        )
        self._talked = (
            select(talks.c.call_id, spent)
            .where(among(talks.c.call_id), talks.c.kind.in_(MINUTES))
            .group_by(talks.c.call_id)
        )
        self._aliases = select(call_aliases.c.alias_id, call_aliases.c.call_id).where(
            among(call_aliases.c.alias_id)
        )
        self._unalias = delete(call_aliases).where(among(call_aliases.c.alias_id))
        self._repoint = (
            update(call_aliases)
            .where(call_aliases.c.call_id == bindparam("stale"))
            .values(call_id=bindparam("rebuilt"))
        )

    def stored(self, connection: Connection, ids: Collection[str]) -> dict[str, Stored]:
        """What is stored under these ids, aliases followed, by the id that was asked for."""
        aliases = {row[0]: row[1] for row in connection.execute(self._aliases, self._values(ids))}
        wanted = {*ids, *aliases.values()}
        talked = {row[0]: int(row[1] or 0) for row in connection.execute(self._talked, self._values(wanted))}
        found = {
            row.id: Stored(
                call_id=row.id,
                known=Known(row.known),
                disposition=row.disposition,
                talk_ms=talked.get(row.id, 0) // 1000,
                sources=row.sources or "",
            )
            for row in connection.execute(self._stored, self._values(wanted))
        }
        told = {each: found[target] for each, target in aliases.items() if target in found}
        return told | {each: found[each] for each in ids if each in found}

    def lead_on(self, connection: Connection, stale: Mapping[str, str]) -> None:
        """Let ids of calls that are no more lead to the rebuilt ones."""
        if not stale:
            return
        connection.execute(self._repoint, [{"stale": each, "rebuilt": rebuilt} for each, rebuilt in stale.items()])
        connection.execute(self._unalias, self._values(stale))
        connection.execute(
            insert(call_aliases), [{"alias_id": each, "call_id": rebuilt} for each, rebuilt in stale.items()]
        )

    def free(self, connection: Connection, ids: Collection[str]) -> None:
        """A rebuilt call's own id is no alias of another call any more."""
        connection.execute(self._unalias, self._values(ids))

    def record(
        self,
        connection: Connection,
        rebuilt: Iterable[CallFact],
        talked: Mapping[str, int],
        before: Mapping[str, Stored],
        how: Rebuilding,
    ) -> None:
        """Put the corrections on record. `talked`, `before`: milliseconds and what was stored, by rebuilt call."""
        if how.repaired_at is None:
            return
        rows = [
            {
                "call_id": fact.id,
                "pbx": fact.pbx,
                "repaired_us": to_microseconds(how.repaired_at),
                "started_us": to_microseconds(fact.started_at),
                "sources": how.sources_for(fact.id),
                "before_known": known.known.value if (known := before.get(fact.id)) else None,
                "before_disposition": known.disposition if known else None,
                "before_talk_ms": known.talk_ms if known else None,
                "disposition": fact.disposition.value if fact.disposition else None,
                "talk_ms": talked.get(fact.id, 0),
            }
            for fact in rebuilt
        ]
        if rows:
            connection.execute(insert(call_repairs), rows)


def talked_ms(facts: Iterable[TalkFact], survivors: Mapping[str, str]) -> dict[str, int]:
    """Milliseconds of talk and hold with customers, by call."""
    found: dict[str, int] = {}
    for fact in facts:
        if fact.kind.value in MINUTES and fact.ended_at is not None:
            call_id = survivors.get(fact.call_id, fact.call_id)
            spent = (to_microseconds(fact.ended_at) - to_microseconds(fact.started_at)) // 1000
            found[call_id] = found.get(call_id, 0) + spent
    return found
