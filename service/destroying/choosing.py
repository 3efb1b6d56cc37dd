"""Which files may be listed for destruction: those past what the policy says, or those that somebody names.

The rule is that of the version in force when the call began. A file that is held, or stands on a list that is open, is
not listed again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from analytics.storage.models import call_aliases, calls, queue_visits
from analytics.storage.recording_models import recording_files
from analytics.storage.rollup_models import call_notes
from config.policies import Policy
from config.retention import Traits, kept_until
from service.destroying.acts import Act
from service.destroying.errors import DestructionError
from service.destroying.holds import Holding, holding
from service.destroying.items import Candidate, ItemState
from service.destroying.models import destruction_acts, destruction_items
from service.listening.tape import Condition
from telephony.clock import from_microseconds, to_microseconds

MOST = 2000
"""So many files stand on one list: as many as people can look over."""

AT_A_TIME = 500
LYING = (Condition.READY, Condition.EMPTY, Condition.BROKEN, Condition.UNPLAYABLE)
"""What there is to destroy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What may be listed; how many are held; whether more than one list holds are past their days."""

    candidates: tuple[Candidate, ...]
    held: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Of:
    """What is known of the call of a file."""

    traits: Traits
    customer: str | None
    began: datetime


def past_retention(
    connection: Connection, policy: Policy, country: str, now: datetime, look_at: int | None = None
) -> Chosen:
    """The files whose days are over, the oldest first. Where rules keep many old ones, `look_at` says after how many to
    look no further: then there may be more.
    """
    shortest = _shortest(policy)
    if shortest is None:
        return Chosen(candidates=())
    # A day of the centre may be of 25 hours; whoever is looked at in vain is none of these.
    before = recording_files.c.started_us < to_microseconds(now - timedelta(days=shortest - 1))
    holds, held = holding(connection, country), 0
    found: list[Candidate] = []
    looked_at = 0
    for rows in _pages(connection, before):
        if look_at is not None and looked_at >= look_at:
            return Chosen(candidates=tuple(found), held=held, more=True)
        looked_at += len(rows)
        for each, customer in _candidates(connection, rows, policy):
            if each.kept_until is None or now < each.kept_until:
                continue
            if holds.of(each.call_id, customer, to_microseconds(each.began_at)) is not None:
                held += 1
            elif len(found) == MOST:
                return Chosen(candidates=tuple(found), held=held, more=True)
            else:
                found.append(each)
    return Chosen(candidates=tuple(found), held=held)


def named(connection: Connection, policy: Policy, country: str, file_ids: Collection[int]) -> Chosen:
    """The files of these ids. Raises DestructionError for one that is not there, is held, or is listed already."""
    if not 0 < len(file_ids) <= MOST:
        raise DestructionError(f"files: found {len(file_ids)}, expected 1 to {MOST}")
    wanted = select(recording_files).where(recording_files.c.id.in_(sorted(file_ids)), *_open_to_lists())
    rows = connection.execute(wanted.order_by(recording_files.c.id)).all()
    missing = sorted(set(file_ids) - {row.id for row in rows})
    if missing:
        expected = "files that lie in their folder and stand on no open list"
        raise DestructionError(f"files: found {', '.join(map(str, missing[:10]))}, expected {expected}")
    holds, found = holding(connection, country), []
    for each, customer in _candidates(connection, rows, policy):
        hold = holds.of(each.call_id, customer, to_microseconds(each.began_at))
        if hold is not None:
            raise DestructionError(f"file {each.file_id}: found hold {hold}, expected none")
        found.append(each)
    return Chosen(candidates=tuple(found))


def hold_on(connection: Connection, holds: Holding, call_id: str | None, began_us: int) -> int | None:
    """The hold on one file of a list, by the call that it belongs to now."""
    known = _calls(connection, [call_id] if call_id else [])
    row = known.get(call_id) if call_id else None
    stored, customer = (row.id, row.customer) if row else (call_id, None)
    return holds.of(stored, customer, began_us)


def _shortest(policy: Policy) -> int | None:
    spans = [
        days
        for version in policy.versions
        for days in (version.retention.days, *(rule.days for rule in version.retention.rules))
        if days is not None
    ]
    return min(spans, default=None)


def _open_to_lists() -> tuple[ColumnElement[bool], ...]:
    dropped = select(destruction_acts.c.list_id).where(destruction_acts.c.act == Act.DROP)
    taken = select(destruction_items.c.file_id).where(
        destruction_items.c.state.in_((ItemState.LISTED, ItemState.BEGUN)),
        destruction_items.c.list_id.not_in(dropped),
    )
    return recording_files.c.condition.in_(LYING), recording_files.c.id.not_in(taken)


def _pages(connection: Connection, before: ColumnElement[bool]) -> Iterator[Sequence[Row[Any]]]:
    """By when they began, a page at a time."""
    began, place = recording_files.c.started_us, (-(1 << 62), 0)
    while True:
        later = or_(began > place[0], and_(began == place[0], recording_files.c.id > place[1]))
        wanted = select(recording_files).where(before, later, *_open_to_lists())
        rows = connection.execute(wanted.order_by(began, recording_files.c.id).limit(AT_A_TIME)).all()
        if rows:
            yield rows
            place = (rows[-1].started_us, rows[-1].id)
        if len(rows) < AT_A_TIME:
            return


def _candidates(
    connection: Connection, rows: Iterable[Row[Any]], policy: Policy
) -> Iterator[tuple[Candidate, str | None]]:
    """Each with the number of its customer."""
    files = list(rows)
    known = _known(connection, [row.call_id for row in files if row.call_id], policy)
    for row in files:
        of = known.get(row.call_id)
        own = row.changed_us if row.started_us is None else row.started_us
        began = of.began if of else from_microseconds(own)
        days = policy.resolve(began).retention.days_of(of.traits if of else Traits())
        yield Candidate(
            file_id=row.id, pbx=row.pbx, path=row.path, call_id=row.call_id, recording_id=row.recording_id,
            began_at=began, kept_until=None if days is None else kept_until(began, days, policy.zone),
            size=row.size, length_ms=row.length_ms,
        ), of.customer if of else None  # fmt: skip


def _known(connection: Connection, call_ids: Collection[str], policy: Policy) -> dict[str, _Of]:
    """By the id under which a file names its call."""
    rows = _calls(connection, call_ids)
    stored = sorted({row.id for row in rows.values()})
    queues: dict[str, list[str]] = defaultdict(list)
    visits = select(queue_visits.c.call_id, queue_visits.c.queue).where(queue_visits.c.call_id.in_(stored))
    for row in connection.execute(visits.order_by(queue_visits.c.joined_us, queue_visits.c.id)):
        queues[row.call_id].append(row.queue)
    notes = {
        row.call_id: row for row in connection.execute(select(call_notes).where(call_notes.c.call_id.in_(stored)))
    }
    found = {}
    for asked, call in rows.items():
        began, note = from_microseconds(call.started_us), notes.get(call.id)
        first = queues[call.id][0] if queues[call.id] else None
        traits = Traits(
            queues=frozenset(queues[call.id]), direction=call.direction, outcome=note.outcome if note else None,
            code=(note.code if note else None) or policy.resolve(began).code_of(call.did, first),
        )  # fmt: skip
        found[asked] = _Of(traits=traits, customer=call.customer, began=began)
    return found


def _calls(connection: Connection, call_ids: Collection[str]) -> dict[str, Row[Any]]:
    """The rows of calls by the ids that they are asked by, aliases too."""
    asked = sorted(set(call_ids))
    survivors = select(call_aliases).where(call_aliases.c.alias_id.in_(asked))
    into = {row.alias_id: row.call_id for row in connection.execute(survivors)}
    wanted = select(calls).where(calls.c.id.in_(sorted({into.get(each, each) for each in asked})))
    rows = {row.id: row for row in connection.execute(wanted)}
    return {each: rows[into.get(each, each)] for each in asked if into.get(each, each) in rows}
