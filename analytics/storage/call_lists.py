"""Lists of calls: one page after another by a keyset, and how many there are. A page costs the same however far it is.

A filter by agent or queue begins with what he or it did in those days, which an index gives; all others look at the
calls themselves, from the end that the list begins with.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, tuple_, union

from analytics.storage.models import calls, offerings, queue_visits, talks
from analytics.storage.queries import LONGEST_US
from analytics.storage.rollup_models import call_notes

EXACT_UP_TO = 10_000
"""More calls than this are told roughly unless somebody asks for the exact number."""

Place = tuple[int, str]
"""Where a page begins: the start in microseconds and the id of the last call of the page before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Involved:
    """Some agents, or some queues: a call has to do with one of them. Empty: with nobody."""

    agents: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallChoice:
    """Which calls: those that began in [start_us, end_us) and fulfil all of this. None asks for nothing."""

    start_us: int
    end_us: int
    direction: str | None = None
    disposition: str | None = None
    known: str | None = None
    outcome: str | None = None  # what the agent recorded
    involved: tuple[Involved, ...] = field(default=())  # with one of each
    customers: frozenset[str] | None = None  # numbers, as the PBX says them


def load_page(
    connection: Connection,
    choice: CallChoice,
    *,
    limit: int,
    after: Place | None = None,
    oldest_first: bool = False,
) -> list[Place]:
    """The calls of a page, the newest first unless told otherwise."""
    place = tuple_(calls.c.started_us, calls.c.id)
    wanted = select(calls.c.started_us, calls.c.id).where(*_conditions(choice))
    if after is not None:
        wanted = wanted.where(place > after if oldest_first else place < after)
    order = (calls.c.started_us, calls.c.id)
    ordered = wanted.order_by(*(order if oldest_first else (each.desc() for each in order)))
    return [(row.started_us, row.id) for row in connection.execute(ordered.limit(limit))]


def count_calls(connection: Connection, choice: CallChoice, *, exact: bool = False) -> int:
    """How many there are; EXACT_UP_TO + 1 for more than that, unless `exact`."""
    wanted: Select[tuple[int]] = select(calls.c.id).where(*_conditions(choice))
    if not exact:
        wanted = wanted.limit(EXACT_UP_TO + 1)
    return connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()


def load_known(connection: Connection, choice: CallChoice) -> dict[str, int]:
    """How the calls are known: observed, repaired, inferred, each with a count."""
    wanted = select(calls.c.known, func.count()).where(*_conditions(choice)).group_by(calls.c.known)
    return {str(known): int(count) for known, count in connection.execute(wanted)}


def load_outcomes(connection: Connection, call_ids: Collection[str]) -> dict[str, str]:
    """What agents recorded of these calls, by call."""
    wanted = select(call_notes.c.call_id, call_notes.c.outcome).where(
        call_notes.c.call_id.in_(sorted(call_ids)), call_notes.c.outcome.is_not(None)
    )
    return {row.call_id: row.outcome for row in connection.execute(wanted)}


def _conditions(choice: CallChoice) -> list[ColumnElement[bool]]:
    found = [calls.c.started_us >= choice.start_us, calls.c.started_us < choice.end_us]
    for column, value in (
        (calls.c.direction, choice.direction),
        (calls.c.disposition, choice.disposition),
        (calls.c.known, choice.known),
    ):
        if value is not None:
            found.append(column == value)
    if choice.outcome is not None:
        said = select(call_notes.c.outcome).where(call_notes.c.call_id == calls.c.id).scalar_subquery()
        found.append(said == choice.outcome)
    if choice.customers is not None:
        found.append(calls.c.customer.in_(sorted(choice.customers)))
    return [*found, *(_involves(each, choice) for each in choice.involved)]


def _involves(involved: Involved, choice: CallChoice) -> ColumnElement[bool]:
    parts = [*_of_agents(involved.agents, choice), *_of_queues(involved.queues, choice)]
    return calls.c.id.in_(union(*parts)) if parts else or_(False)


def _of_agents(agents: frozenset[str], choice: CallChoice) -> list[Select[tuple[str]]]:
    named = sorted(agents)
    return [
        select(table.c.call_id).where(
            table.c.agent.in_(named), began >= choice.start_us, began < choice.end_us + LONGEST_US
        )
        for table, began in ((offerings, offerings.c.offered_us), (talks, talks.c.started_us))
        if named
    ]


def _of_queues(queues: frozenset[str], choice: CallChoice) -> list[Select[tuple[str]]]:
    joined = queue_visits.c.joined_us
    within = and_(joined >= choice.start_us, joined < choice.end_us + LONGEST_US)
    return (
        [select(queue_visits.c.call_id).where(queue_visits.c.queue.in_(sorted(queues)), within)] if queues else []
    )
