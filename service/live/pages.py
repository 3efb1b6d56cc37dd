"""The pages on a day, a month and a call, read from the store by the same formulas as the reports. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine

from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, month_period
from analytics.metrics.query import Query, Result, ResultRow, run
from analytics.people.people_store import load_roster
from analytics.reports.minutes import tier_of
from analytics.reports.quota import standing
from analytics.sources import figures_of, no_gaps
from analytics.storage.call_facts import facts_of_call
from analytics.storage.queries import Gaps
from config.policies import Policy
from service.dashboard.board import Quota
from service.dashboard.gaps_view import GapLine
from service.gap_calls import calls_of_gap
from service.live.parts import Teller
from service.pipeline.gaps import Gap as LedgerGap
from telephony.calls.record import CallRecord, fold
from telephony.clock import to_microseconds

MOST_GAPS = 100
NameOf = Callable[[str, datetime], str | None]
PolicyOf = Callable[[], Policy]


class StoredPages:
    """Reads the store for the dashboard. Methods raise SQLAlchemyError where it cannot be reached."""

    def __init__(
        self, engine: Engine, teller: Teller, name_of: NameOf, policy_of: PolicyOf, gaps: Gaps = no_gaps
    ) -> None:
        self.quotas: Mapping[str, Quota] = {}
        self._engine = engine
        self._teller = teller
        self._name_of = name_of
        self._policy_of = policy_of
        self._gaps = gaps

    @property
    def _policy(self) -> Policy:
        return self._policy_of()

    def refresh_quotas(self, now: datetime) -> None:
        """This month's minutes against the tier's floor and target; the board shows them."""
        local = now.astimezone(self._policy.zone)
        period = month_period(local.year, local.month, self._policy.zone)
        with self._engine.connect() as connection:
            result = self._run(connection, ("talk_minutes",), period, now, (Group.AGENT,))
            roster = load_roster(connection, self._policy.zone)
        found = {}
        for agent in self._named(result, period):
            tier = tier_of(self._policy, agent, period)
            if tier and tier.floor_minutes is not None and tier.target_minutes is not None:
                talk_ms = _whole(result.row(agent), "talk_minutes")
                stands = standing(
                    self._policy, roster, agent, period, to_microseconds(now), talk_ms, tier.floor_minutes
                )
                found[agent] = Quota(
                    talk_ms=talk_ms,
                    floor_minutes=tier.floor_minutes,
                    target_minutes=tier.target_minutes,
                    due_ms=stands.due_ms,
                    projected_ms=stands.projected_ms,
                )
        self.quotas = found

    def gaps(self, lines: Iterable[LedgerGap]) -> tuple[GapLine, ...]:
        """The newest lines of the ledger with the calls within each."""
        newest = sorted(lines, key=lambda line: line.start)[-MOST_GAPS:]
        with self._engine.connect() as connection:
            return tuple(GapLine(gap=line, calls=calls_of_gap(connection, line)) for line in newest)

    def call(self, call_id: str) -> CallRecord | None:
        """A call by its id or an alias."""
        with self._engine.connect() as connection:
            return next(iter(fold(facts_of_call(connection, call_id))), None)

    def _named(self, found: Result, period: Period) -> list[str]:
        """Who has figures, and who is in force in the period."""
        named = {
            each.agent
            for each in self._policy.agents
            if (each.start is None or each.start < period.end) and (each.end is None or period.start < each.end)
        }
        return sorted({row.key[0] for row in found.rows} | named)

    def _run(
        self,
        connection: Connection,
        metrics: tuple[str, ...],
        period: Period,
        now: datetime,
        groups: tuple[Group, ...] = (),
    ) -> Result:
        query = Query(metrics=metrics, period=period, as_of=now, groups=groups)
        return run(query, figures_of(connection, self._policy, self._gaps), self._policy)


def _whole(row: ResultRow, name: str) -> int:
    return int(row.values[name] or 0)
