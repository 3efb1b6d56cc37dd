"""Calls as rows of a list, and the calls behind one figure: found day by day, so that a page costs days, not months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from sqlalchemy import Connection, select

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.definitions import Value
from analytics.metrics.periods import Period
from analytics.metrics.query import Folded, Query, run
from analytics.storage.call_facts import facts_of_calls
from analytics.storage.call_lists import Place, load_outcomes
from analytics.storage.models import calls
from analytics.values import Source
from config.policies import Policy
from service.dashboard.board import KnownCounts
from service.dashboard.figures.source import Behind, Listed
from service.live.parts import Teller
from telephony.calls.record import fold

_IDS_AT_A_TIME = 500


def listed(
    connection: Connection,
    teller: Teller,
    call_ids: Sequence[str],
    now: datetime,
    parts: Sequence[Value] = (),
) -> tuple[Listed, ...]:
    """Calls as rows, in the order of the ids; each with its part of a figure where there is one.

    A call that went on from one day into the next comes twice, with its part of each.
    """
    records = {each.call.id: each for each in fold(facts_of_calls(connection, call_ids))}
    outcomes = load_outcomes(connection, call_ids)
    return tuple(
        Listed(
            call_id=call_id,
            started_at=record.call.started_at if record else None,
            summary=teller.summary(record, now) if record else None,
            outcome=outcomes.get(call_id),
            part=part,
        )
        for call_id, part in zip(call_ids, parts or [None] * len(call_ids), strict=True)
        for record in (records.get(call_id),)
    )


def known_of(counted: Mapping[str, int]) -> KnownCounts:
    """How calls are known, by the counts of each way."""
    total = sum(counted.values())
    observed = counted.get("observed", 0)
    return KnownCounts(
        observed=observed,
        repaired=counted.get("repaired", 0),
        inferred=counted.get("inferred", 0),
        observed_share=Fraction(observed, total) if total else None,
    )


@dataclass(kw_only=True)
class Parting:
    """One figure on its way to the calls that it is made of.

    The days on which it is not nothing are known from the roll-ups; only those that a page needs are read whole.
    """

    source_of: Callable[[frozenset[str] | None], Source]
    policy: Policy
    behind: Behind
    folded: Folded = field(default_factory=dict)

    @cached_property
    def figure(self) -> Value:
        """The figure that was clicked."""
        told = self._ask(self.behind.period, *self._hours)
        return next((value for key, value in told if key == self._hour), METRICS[self.behind.metric].empty)

    def page(self, connection: Connection) -> tuple[list[tuple[str, Value]], tuple[str, Place] | None]:
        """The calls of a page with their parts, and the cursor of the next; the newest day first."""
        found: list[tuple[str, Value]] = []
        last: tuple[str, Place] | None = None
        wanted, after = self.behind.limit, self.behind.after
        for day in reversed(self._days):
            if after is not None and day.label > after[0]:
                continue
            for place, value in self._of_day(connection, day):
                if after is not None and day.label == after[0] and place >= after[1]:
                    continue
                if len(found) == wanted:
                    return found, last
                found.append((place[1], value))
                last = (day.label, place)
        return found, None

    @property
    def _hours(self) -> tuple[Group, ...]:
        return (Group.HOUR,) if self.behind.hour else ()

    @property
    def _hour(self) -> tuple[str, ...]:
        return (self.behind.hour,) if self.behind.hour else ()

    @cached_property
    def _days(self) -> list[Period]:
        """The days of the period in which the figure is not nothing."""
        told = {
            key[0]
            for key, value in self._ask(self.behind.period, Group.DAY, *self._hours)
            if self._counts(key, value)
        }
        return [each for each in self.behind.period.days() if each.label in told]

    def _counts(self, key: tuple[str, ...], value: Value) -> bool:
        return bool(value) and key[1:] == self._hour

    def _of_day(self, connection: Connection, day: Period) -> list[tuple[Place, Value]]:
        """The day's calls with a part in it, the newest first; of what was never told the day's start stands in."""
        told = [
            (key[0], value)
            for key, value in self._ask(day, Group.CALL, *self._hours)
            if self._counts(key, value) and key[0]
        ]
        starts = dict(_starts(connection, [call_id for call_id, _ in told]))
        placed = (((starts.get(call_id, day.start_us), call_id), value) for call_id, value in told)
        return sorted(placed, reverse=True, key=lambda each: each[0])

    def _ask(self, period: Period, *groups: Group) -> list[tuple[tuple[str, ...], Value]]:
        metric = self.behind.metric
        folded = None if Group.CALL in groups else self.folded
        # The figure itself is of the source that pages and reports have; only its calls are read for some agents.
        agents = self.behind.where.get(Group.AGENT) if Group.CALL in groups else None
        query = Query(
            metrics=(metric,), period=period, as_of=self.behind.as_of, groups=groups, where=self.behind.where
        )
        return [
            (row.key, row.values[metric])
            for row in run(query, self.source_of(agents), self.policy, folded=folded).rows
        ]


def _starts(connection: Connection, call_ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    for first in range(0, len(call_ids), _IDS_AT_A_TIME):
        some = call_ids[first : first + _IDS_AT_A_TIME]
        for row in connection.execute(select(calls.c.id, calls.c.started_us).where(calls.c.id.in_(some))):
            yield row.id, row.started_us
