"""Which hours changed: what storing facts notes down, so that roll-ups of their days are made anew.

Whoever changes a fact, a person or a note of a call marks the hours that it touches in the same transaction: a
roll-up is believed only while none of its hours is marked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from analytics.folding import Newest
from analytics.storage.models import agent_states, calls
from analytics.storage.rollup_models import changed_hours
from telephony.calls.facts import State
from telephony.clock import EPOCH

HOUR_US = 3_600_000_000
_HOUR = timedelta(hours=1)

Marks = set[tuple[int, str]]
"""Hours since 1970 in UTC, and the PBX whose facts changed in them."""

_ENDS = ("ended_at", "left_at")
_BEGINS = ("started_at", "offered_at", "joined_at")


def hours_of_facts(newest: Newest) -> Marks:
    """The hours that these facts touch."""
    marks: Marks = set()
    for facts in newest.values():
        for fact in facts.values():
            begins, ends = _interval(fact)
            pbx = fact.id.partition("/")[0]
            first, last = (begins - EPOCH) // _HOUR, (ends - EPOCH) // _HOUR
            if first == last:
                marks.add((first, pbx))
            else:
                marks.update((hour, pbx) for hour in range(first, last + 1))
    return marks


def _interval(fact: Any) -> tuple[datetime, datetime]:
    """From a fact's beginning to the newest that it knows."""
    at: datetime = fact.at
    begins = next((getattr(fact, name) for name in _BEGINS if hasattr(fact, name)), at)
    ends = next((getattr(fact, name) for name in _ENDS if hasattr(fact, name)), None)
    return min(begins or at, at), max(at, ends or at)


def hours_between(start_us: int, end_us: int, pbx: str = "") -> Marks:
    """The hours of a stretch of time."""
    return {(hour, pbx) for hour in range(start_us // HOUR_US, max(start_us, end_us - 1) // HOUR_US + 1)}


def mark(connection: Connection, marks: Iterable[tuple[int, str]]) -> None:
    """Mark hours as changed, in the transaction that changes them."""
    rows = [{"an_hour": hour, "a_pbx": pbx} for hour, pbx in sorted(marks)]
    if rows:
        connection.execute(_marking(connection.dialect.name), rows)


@cache
def _marking(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    told = insert(changed_hours).values(hour=bindparam("an_hour"), pbx=bindparam("a_pbx"), revision=1)
    return told.on_conflict_do_update(
        index_elements=["hour", "pbx"], set_={"revision": changed_hours.c.revision + 1}
    )


def hours_of_calls(connection: Connection, call_ids: Collection[str]) -> Marks:
    """The hours that stored calls touch."""
    marks: Marks = set()
    for some in _chunks(sorted(call_ids)):
        wanted = select(calls.c.pbx, calls.c.started_us, calls.c.at_us, calls.c.ended_us).where(
            calls.c.id.in_(some)
        )
        for row in connection.execute(wanted):
            last = max(row.at_us, row.ended_us or row.at_us)
            marks |= hours_between(row.started_us, last + 1, row.pbx)
    return marks


def mark_calls(connection: Connection, call_ids: Collection[str]) -> None:
    """Mark the hours of stored calls: something that is said of them changed."""
    mark(connection, hours_of_calls(connection, call_ids))


def mark_people(connection: Connection, start_us: int, end_us: int) -> None:
    """Mark the hours of a stretch in which people were corrected, as far as there are facts."""
    first, last = known_span(connection)
    if first is not None and last is not None and max(first, start_us) < min(last + 1, end_us):
        mark(connection, hours_between(max(first, start_us), min(last + 1, end_us)))


def known_span(connection: Connection) -> tuple[int | None, int | None]:
    """The first and the last beginning of calls and states; None where there is none."""
    # One edge a question, and states by their kind: so an index gives each at once.
    began, state = agent_states.c.started_us, agent_states.c.state
    wanted = [select(edge(calls.c.started_us)) for edge in (func.min, func.max)]
    wanted += [select(edge(began)).where(state == each.value) for each in State for edge in (func.min, func.max)]
    edges = [at for each in wanted if (at := connection.execute(each).scalar()) is not None]
    return min(edges, default=None), max(edges, default=None)


def _chunks(ids: list[str], size: int = 500) -> Iterator[list[str]]:
    for first in range(0, len(ids), size):
        yield ids[first : first + size]
