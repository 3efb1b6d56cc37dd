"""What the API reads from the store; blocking, so called in worker threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, and_, func, or_, select

from analytics.metrics.periods import Period
from analytics.reports.report import Report
from analytics.storage.call_facts import facts_of_call, facts_of_calls
from analytics.storage.models import calls
from analytics.storage.version import StoreVersion
from config.policies import Policy
from service.api import figures
from service.api.cursors import cursor_of
from service.api.figures import Behind, Found, Question
from service.gap_calls import calls_of_gap, told
from service.pipeline.gaps import Gap, as_json
from telephony.calls.record import CallRecord, fold


class Store:
    """The stored facts, for reading. Methods raise SQLAlchemyError where the store cannot be reached."""

    def __init__(self, engine: Engine, policy: Callable[[], Policy]) -> None:
        self._engine = engine
        self._version = StoreVersion(engine)
        self._policy = policy

    @property
    def policy(self) -> Policy:
        """The rules that are in force: they may change while the service runs."""
        return self._policy()

    def version(self) -> str:
        """A name for what is stored now."""
        return self._version.read()

    def close(self) -> None:
        """Give back what is held open."""
        self._version.close()

    def calls(
        self, period: Period, limit: int, after: tuple[int, str] | None
    ) -> tuple[list[CallRecord], str | None]:
        """A page of the calls that began in the period, oldest first, and the cursor of the next."""
        wanted = select(calls.c.id, calls.c.started_us).where(*_within(period))
        if after is not None:
            started, call_id = after
            wanted = wanted.where(
                or_(calls.c.started_us > started, and_(calls.c.started_us == started, calls.c.id > call_id))
            )
        with self._engine.connect() as connection:
            found = list(connection.execute(wanted.order_by(calls.c.started_us, calls.c.id).limit(limit + 1)))
            records = fold(facts_of_calls(connection, [row.id for row in found[:limit]]))
        if len(found) <= limit:
            return records, None
        last = found[limit - 1]
        return records, cursor_of(last.started_us, last.id)

    def call(self, call_id: str) -> CallRecord | None:
        """A call by its id or an alias."""
        with self._engine.connect() as connection:
            return next(iter(fold(facts_of_call(connection, call_id))), None)

    def records(self, call_ids: Sequence[str]) -> dict[str, CallRecord]:
        """The calls of these ids, by id; of what was never told there is none."""
        with self._engine.connect() as connection:
            return {record.call.id: record for record in fold(facts_of_calls(connection, call_ids))}

    def starts(self, call_ids: Sequence[str]) -> dict[str, int]:
        """When these calls began, by id, in microseconds."""
        wanted = select(calls.c.id, calls.c.started_us)
        with self._engine.connect() as connection:
            parts = (call_ids[place : place + 500] for place in range(0, len(call_ids), 500))
            rows = (row for part in parts for row in connection.execute(wanted.where(calls.c.id.in_(part))))
            return {row.id: row.started_us for row in rows}

    def report(self, name: str, period: Period, as_of: datetime, groups: tuple[str, ...]) -> Report:
        """A report by name: `minutes` or `three-rings`. Raise QueryError."""
        with self._engine.connect() as connection:
            return figures.report(connection, self.policy, name, period, as_of, groups)

    def ask(self, question: Question) -> Found:
        """The figures that answer a question. Raise QueryError."""
        with self._engine.connect() as connection:
            return figures.ask(connection, self.policy, question)

    def behind(self, question: Question, key: dict[str, str]) -> Behind:
        """The calls behind one figure. Raise QueryError."""
        with self._engine.connect() as connection:
            return figures.behind(connection, self.policy, question, key)

    def count(self, period: Period) -> int:
        """How many calls began in the period."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(calls).where(*_within(period))).scalar_one()

    def counts(self, period: Period) -> dict[str, Any]:
        """How many calls began in the period: by direction, disposition and how they are known."""
        found: dict[str, dict[str, int]] = {"direction": {}, "disposition": {}, "known": {}}
        columns = (calls.c.direction, calls.c.disposition, calls.c.known)
        wanted = select(*columns, func.count().label("calls")).where(*_within(period)).group_by(*columns)
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


def _within(period: Period) -> tuple[Any, Any]:
    """Calls that began in the period."""
    return calls.c.started_us >= period.start_us, calls.c.started_us < period.end_us
