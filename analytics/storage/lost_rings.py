"""The offerings that cost a three-ring rate something: not answered, declined, or answered late. They are few.

Judged by the very rules of the metrics (`analytics.metrics.fold_rings`), so that they are as many as those say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from analytics.metrics.in_force import MICROSECOND, InForce
from analytics.metrics.rings import IN_RATE, RingResult, counts, judge_offering
from analytics.storage.fact_values import OF_CALL, OFFERED, offered_of
from analytics.storage.models import calls, offerings
from analytics.storage.rollup_models import call_notes
from config.policies import Policy
from telephony.calls.facts import OfferingOutcome

_LOST = (OfferingOutcome.NO_ANSWER, OfferingOutcome.DECLINED, OfferingOutcome.CALLER_GAVE_UP)
_MS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class LostRing:
    """One offering of the rate that was not answered in time."""

    call_id: str
    agent: str
    queue: str | None
    at_us: int
    ring_ms: int
    result: RingResult
    known: str | None  # how its call is known


def load_lost(
    connection: Connection,
    policy: Policy,
    start_us: int,
    end_us: int,
    as_of_us: int,
    *,
    agents: frozenset[str] | None = None,
    queues: frozenset[str] | None = None,
) -> list[LostRing]:
    """Those that began in [start_us, end_us), the longest ring first; of some agents or queues only where named."""
    in_force = InForce(policy)
    shortest = min(_limits(policy)) // MICROSECOND
    rang = offerings.c.ended_us - offerings.c.ring_us
    late = and_(offerings.c.outcome == OfferingOutcome.ANSWERED.value, rang >= shortest)
    wanted = (
        select(*OFFERED, *OF_CALL, calls.c.known)
        .join(calls, calls.c.id == offerings.c.call_id, isouter=True)
        .join(call_notes, call_notes.c.call_id == offerings.c.call_id, isouter=True)
        .where(offerings.c.offered_us >= start_us, offerings.c.offered_us < end_us)
        .where(or_(offerings.c.outcome.in_([each.value for each in _LOST]), late))
    )
    for column, chosen in ((offerings.c.agent, agents), (offerings.c.queue, queues)):
        if chosen is not None:
            wanted = wanted.where(column.in_(sorted(chosen)))
    found = _judged(connection.execute(wanted), in_force, as_of_us)
    return sorted(found, key=lambda each: (-each.ring_ms, -each.at_us))


def _limits(policy: Policy) -> Iterator[timedelta]:
    """The limits of all versions and cadences: what rang for less than the shortest is late by none."""
    for version in policy.versions:
        for cadence in (version.ring.cadence, *(each.cadence for each in version.ring.trunks)):
            yield replace(version.ring, cadence=cadence, trunks=()).limit()


def _judged(rows: Iterable[Row[Any]], in_force: InForce, as_of_us: int) -> Iterator[LostRing]:
    for row in rows:
        offered = offered_of(tuple(row)[:-1])
        began = offered.offered_us
        if began > as_of_us or not counts(offered) or in_force.leaves_out(offered.call):
            continue
        result = judge_offering(offered, in_force.limit_us(began, offered.call.trunk), as_of_us)
        if result in IN_RATE and result is not RingResult.WITHIN and offered.end_us is not None:
            yield LostRing(
                call_id=offered.call.call_id,
                agent=offered.agent,
                queue=offered.queue,
                at_us=began,
                ring_ms=max(offered.end_us - offered.ring_us, 0) // _MS,
                result=result,
                known=row.known,
            )
