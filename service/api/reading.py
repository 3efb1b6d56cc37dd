"""What the API reads from the store; blocking, so called in worker threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select, tuple_

from analytics.metrics.cells import Group
from analytics.metrics.periods import Period
from analytics.people.people_store import load_roster
from analytics.reports.minutes import minutes_report
from analytics.reports.report import Report
from analytics.reports.three_rings import three_rings_report
from analytics.sources import figures_of
from analytics.storage.call_facts import facts_of_call
from analytics.storage.models import calls
from config.policies import Policy
from service.gap_calls import calls_of_gap, told
from service.pipeline.gaps import Gap, as_json
from telephony.calls.record import CallRecord, fold


class Store:
    """The stored facts, for reading. Methods raise SQLAlchemyError where the store cannot be reached."""

    def __init__(self, engine: Engine, policy_of: Callable[[], Policy]) -> None:
        self._engine = engine
        self._policy_of = policy_of

    @property
    def policy(self) -> Policy:
        """The policy with the people in force now."""
        return self._policy_of()

    def calls(
        self, period: Period, limit: int, after: tuple[int, str] | None
    ) -> tuple[list[CallRecord], str | None]:
        """A page of the calls that began in the period, oldest first, and the cursor of the next."""
        wanted = select(calls.c.id, calls.c.started_us).where(
            calls.c.started_us >= period.start_us, calls.c.started_us < period.end_us
        )
        if after is not None:
            wanted = wanted.where(tuple_(calls.c.started_us, calls.c.id) > after)
        with self._engine.connect() as connection:
            found = list(connection.execute(wanted.order_by(calls.c.started_us, calls.c.id).limit(limit + 1)))
            records = [record for row in found[:limit] for record in fold(facts_of_call(connection, row.id))]
        if len(found) <= limit:
            return records, None
        last = found[limit - 1]
        return records, f"{last.started_us}~{last.id}"

    def call(self, call_id: str) -> CallRecord | None:
        """A call by its id or an alias."""
        with self._engine.connect() as connection:
            return next(iter(fold(facts_of_call(connection, call_id))), None)

    def report(self, name: str, period: Period, as_of: datetime, groups: tuple[Group, ...]) -> Report:
        """A report by name: `minutes` or `three-rings`."""
        with self._engine.connect() as connection:
            source = figures_of(connection, self.policy)
            if name != "minutes":
                return three_rings_report(source, self.policy, period, as_of, groups)
            roster = load_roster(connection, self.policy.zone)
            return minutes_report(source, self.policy, period, as_of, groups, roster)

    def counts(self, period: Period) -> dict[str, Any]:
        """How many calls began in the period: by direction, disposition and how they are known."""
        found: dict[str, dict[str, int]] = {"direction": {}, "disposition": {}, "known": {}}
        columns = (calls.c.direction, calls.c.disposition, calls.c.known)
        wanted = (
            select(*columns, func.count().label("calls"))
            .where(calls.c.started_us >= period.start_us, calls.c.started_us < period.end_us)
            .group_by(*columns)
        )
        total = 0
        with self._engine.connect() as connection:
            for row in connection.execute(wanted):
                total += row.calls
                for name, value in zip(found, (row.direction, row.disposition or "open", row.known), strict=True):
                    found[name][value] = found[name].get(value, 0) + row.calls
        return {"calls": total, **{name: dict(sorted(counts.items())) for name, counts in found.items()}}

    def gaps(self, gaps: Iterable[Gap]) -> list[dict[str, Any]]:
        """The gaps in the public shape, with what is known of the calls in each."""
        with self._engine.connect() as connection:
            return [told(as_json(gap), calls_of_gap(connection, gap)) for gap in gaps]
