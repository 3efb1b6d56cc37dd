"""The pages on a day, a month and a call, read from the store by the same formulas as the reports. Blocking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from statistics import quantiles
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, false, func, or_, select, tuple_

from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, day_period, month_period
from analytics.metrics.query import Query, Result, ResultRow, run
from analytics.metrics.rings import IN_RATE, RingResult, counts, judge_offering
from analytics.people.people_store import load_roster
from analytics.reports.minutes import tier_of
from analytics.reports.quota import standing
from analytics.sources import figures_of, no_gaps
from analytics.storage.call_facts import facts_of_call
from analytics.storage.models import calls, offerings, queue_visits, talks
from analytics.storage.queries import Gaps, StoredFacts
from config.people import TierCounts
from config.policies import Policy
from service.auth.rights import Seen
from service.dashboard.board import NO_RATE, CallSummary, Gap, KnownCounts, Quota, Rate
from service.dashboard.gaps_view import GapLine
from service.dashboard.periods import (
    CallFilter,
    CallPage,
    MinutesMonth,
    MinutesRow,
    OfferingCounts,
    RingBin,
    ThreeRingsPeriod,
    ThreeRingsRow,
    TierTitle,
)
from service.gap_calls import calls_of_gap
from service.live.parts import Teller
from service.pipeline.gaps import Gap as LedgerGap
from telephony.calls.facts import OfferingOutcome
from telephony.calls.record import fold
from telephony.clock import to_microseconds

BIN_MS = 500
MOST_GAPS = 100
MINUTES = ("talk_minutes", "exact_talk_minutes", "calls_handled", "average_talk")
RINGS = (
    "ring_within",
    "ring_offered",
    "three_ring_rate",
    "ring_late",
    "ring_no_answer",
    "ring_declined",
    "ring_caller_gave_up_late",
    "ring_caller_gave_up_early",
    "ring_answered_elsewhere",
    "ring_busy",
    "ring_unreachable",
    "ring_failed",
)
CALLERS = ("caller_within", "callers_rung", "caller_three_ring_rate", "caller_never_rang")
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

    # -- calls ----------------------------------------------------------------------------

    def calls(self, wanted: CallFilter, now: datetime) -> CallPage:
        """One page of a day's calls, newest first."""
        period = day_period(wanted.day, self._policy.zone)
        began = and_(calls.c.started_us >= period.start_us, calls.c.started_us < period.end_us)
        of_day = and_(began, *_seen_by(wanted.seen))
        chosen = and_(of_day, *conditions_of(wanted))
        page = select(calls.c.id, calls.c.started_us).where(chosen, *_after(wanted.after))
        newest_first = page.order_by(calls.c.started_us.desc(), calls.c.id.desc())
        with self._engine.connect() as connection:
            found = list(connection.execute(newest_first.limit(wanted.limit + 1)))
            shown = [self._summary(connection, row.id, now) for row in found[: wanted.limit]]
            return CallPage(
                calls=tuple(each for each in shown if each is not None),
                total=connection.execute(select(func.count()).select_from(calls).where(chosen)).scalar() or 0,
                next_after=_cursor(found[wanted.limit - 1]) if len(found) > wanted.limit else None,
                agents=tuple(each for each in self._agents_of(connection, period) if wanted.seen.agent(each[0])),
                known=known_in(connection, of_day),
            )

    def gaps(self, lines: Iterable[LedgerGap]) -> tuple[GapLine, ...]:
        """The newest lines of the ledger with the calls within each."""
        newest = sorted(lines, key=lambda line: line.start)[-MOST_GAPS:]
        with self._engine.connect() as connection:
            return tuple(GapLine(gap=line, calls=calls_of_gap(connection, line)) for line in newest)

    def _summary(self, connection: Connection, call_id: str, now: datetime) -> CallSummary | None:
        record = next(iter(fold(facts_of_call(connection, call_id))), None)
        return None if record is None else self._teller.summary(record, now)

    def _agents_of(self, connection: Connection, period: Period) -> tuple[tuple[str, str | None], ...]:
        began = and_(offerings.c.offered_us >= period.start_us, offerings.c.offered_us < period.end_us)
        found = connection.execute(select(offerings.c.agent).where(began).distinct()).scalars()
        return tuple((agent, self._name_of(agent, period.start)) for agent in sorted(set(found)))

    # -- figures --------------------------------------------------------------------------

    def minutes(self, month: date, now: datetime, gaps: tuple[Gap, ...]) -> MinutesMonth:
        """All agents' minutes of one calendar month."""
        period = month_period(month.year, month.month, self._policy.zone)
        with self._engine.connect() as connection:
            found = self._run(connection, MINUTES + RINGS, period, now, (Group.AGENT,))
            whole = self._run(connection, MINUTES, period, now).row()
            known = known_in(connection, _began_in(period))
        return MinutesMonth(
            month=month,
            as_of=now,
            rows=tuple(self._minutes_row(found.row(agent), period) for agent in self._named(found, period)),
            tiers=self._tiers(period),
            total_ms=_whole(whole, "talk_minutes"),
            talks=_whole(whole, "calls_handled"),
            mean_ms=_mean(whole),
            gaps=gaps,
            known=known,
        )

    def _named(self, found: Result, period: Period) -> list[str]:
        """Who has figures, and who is in force in the period."""
        named = {
            each.agent
            for each in self._policy.agents
            if (each.start is None or each.start < period.end) and (each.end is None or period.start < each.end)
        }
        return sorted({row.key[0] for row in found.rows} | named)

    def _minutes_row(self, row: ResultRow, period: Period) -> MinutesRow:
        (agent,) = row.key
        tier = tier_of(self._policy, agent, period)
        return MinutesRow(
            agent=agent,
            name=self._name_of(agent, period.start),
            tier=tier.id if tier else None,
            counted_ms=_whole(row, "talk_minutes"),
            talk_ms=_whole(row, "exact_talk_minutes"),
            talks=_whole(row, "calls_handled"),
            mean_ms=_mean(row),
            floor_minutes=tier.floor_minutes if tier else None,
            target_minutes=tier.target_minutes if tier else None,
            three_rings=_rate(row, "ring_within", "ring_offered", "three_ring_rate"),
        )

    def _tiers(self, period: Period) -> tuple[TierTitle, ...]:
        return tuple(
            TierTitle(
                tier=tier.id,
                name_zh=tier.name_zh,
                name_en=tier.name_en,
                floor_minutes=tier.floor_minutes,
                target_minutes=tier.target_minutes,
            )
            for tier in self._policy.resolve(period.start).tiers
            if tier.counts is TierCounts.MINUTES
        )

    def three_rings(
        self, start: date, end: date, period: Period, now: datetime, gaps: tuple[Gap, ...]
    ) -> ThreeRingsPeriod:
        """How soon phones were answered."""
        with self._engine.connect() as connection:
            found = self._run(connection, RINGS, period, now, (Group.AGENT,))
            whole = self._run(connection, RINGS + CALLERS, period, now).row()
            judged = _judged(StoredFacts(connection), self._policy, period, now)
            known = known_in(connection, _began_in(period))
        return ThreeRingsPeriod(
            start=start,
            end=end,
            as_of=now,
            rule=self._policy.resolve(period.start).ring,
            total=_counts(whole, [each for agent_rings in judged.values() for each in agent_rings]),
            caller=_rate(whole, "caller_within", "callers_rung", "caller_three_ring_rate"),
            never_rang=_whole(whole, "caller_never_rang"),
            rows=tuple(
                ThreeRingsRow(
                    agent=row.key[0],
                    name=self._name_of(row.key[0], period.start),
                    counts=_counts(row, judged.get(row.key[0], [])),
                    bins=_bins(judged.get(row.key[0], [])),
                )
                for row in found.rows
            ),
            bins=_bins([each for agent_rings in judged.values() for each in agent_rings]),
            gaps=gaps,
            known=known,
        )

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


Ring = tuple[int, RingResult, bool]
"""Ring time in milliseconds, its result, and whether the agent answered."""


def _judged(source: StoredFacts, policy: Policy, period: Period, now: datetime) -> dict[str, list[Ring]]:
    """The rings of each agent that are in his rate."""
    found: dict[str, list[Ring]] = {}
    as_of = to_microseconds(now)
    limit = policy.resolve(period.start).ring
    for offered in source.offerings(period.start_us, period.end_us):
        if not counts(offered) or offered.end_us is None:
            continue
        limit_us = limit.limit(offered.call.trunk) // datetime.resolution
        result = judge_offering(offered, limit_us, as_of)
        if result in IN_RATE:
            ring_ms = max(offered.end_us - offered.ring_us, 0) // 1000
            answered = offered.outcome is OfferingOutcome.ANSWERED
            found.setdefault(offered.agent, []).append((ring_ms, result, answered))
    return found


def _counts(row: ResultRow, rings: list[Ring]) -> OfferingCounts:
    apart = ("caller_gave_up_early", "answered_elsewhere", "busy", "unreachable", "failed")
    answered = sorted(ring_ms for ring_ms, _, was_answered in rings if was_answered)
    late = [ring_ms for ring_ms, result, _ in rings if result is RingResult.LATE]
    cuts = quantiles(answered, n=20, method="inclusive") if len(answered) > 1 else answered * 19
    return OfferingCounts(
        rate=_rate(row, "ring_within", "ring_offered", "three_ring_rate"),
        late=_whole(row, "ring_late"),
        no_answer=_whole(row, "ring_no_answer"),
        declined=_whole(row, "ring_declined"),
        gave_up_late=_whole(row, "ring_caller_gave_up_late"),
        answered_elsewhere=_whole(row, "ring_answered_elsewhere"),
        gave_up=_whole(row, "ring_caller_gave_up_early"),
        busy=_whole(row, "ring_busy"),
        unreachable=_whole(row, "ring_unreachable"),
        failed=_whole(row, "ring_failed"),
        apart=sum(_whole(row, f"ring_{name}") for name in apart),
        longest_late_ms=max(late, default=None),
        median_ms=round(cuts[9]) if cuts else None,
        p95_ms=round(cuts[18]) if cuts else None,
    )


def _bins(rings: list[Ring]) -> tuple[RingBin, ...]:
    found: dict[int, list[int]] = {}
    for ring_ms, _, answered in rings:
        pair = found.setdefault(ring_ms // BIN_MS * BIN_MS, [0, 0])
        pair[0 if answered else 1] += 1
    return tuple(
        RingBin(start_ms=start, answered=pair[0], not_answered=pair[1]) for start, pair in sorted(found.items())
    )


def _whole(row: ResultRow, name: str) -> int:
    return int(row.values[name] or 0)


def _mean(row: ResultRow) -> int | None:
    value = row.values["average_talk"]
    return None if value is None else int(value)


def _rate(row: ResultRow, within: str, counted: str, value: str) -> Rate:
    found = row.values[value]
    if found is None:
        return NO_RATE
    return Rate(within=_whole(row, within), counted=_whole(row, counted), value=Fraction(found))


# -- conditions -----------------------------------------------------------------------------


def _began_in(period: Period) -> ColumnElement[bool]:
    return and_(calls.c.started_us >= period.start_us, calls.c.started_us < period.end_us)


def conditions_of(wanted: CallFilter) -> list[ColumnElement[bool]]:
    """What a call fulfils that is in the list, but for the day."""
    found: list[ColumnElement[bool]] = []
    if wanted.direction is not None:
        found.append(calls.c.direction == wanted.direction.value)
    if wanted.disposition is not None:
        found.append(calls.c.disposition == wanted.disposition.value)
    if wanted.agent is not None:
        found.append(or_(_took_part(offerings, wanted.agent), _took_part(talks, wanted.agent)))
    return found


def _took_part(table: Table, agent: str) -> ColumnElement[bool]:
    """Whether the call has such a row of the agent."""
    return _has_row(table, table.c.agent == agent)


def _seen_by(seen: Seen) -> list[ColumnElement[bool]]:
    """Calls in which somebody sees an agent or a queue; all of them where he sees the centre."""
    if seen.everything:
        return []
    agents, queues = sorted(seen.agents), sorted(seen.queues)
    rows = (
        *(_has_row(table, table.c.agent.in_(agents)) for table in (offerings, talks) if agents),
        *(_has_row(table, table.c.queue.in_(queues)) for table in (queue_visits,) if queues),
    )
    return [or_(false(), *rows)]


def _has_row(table: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the call has such a row.

    Not EXISTS: PostgreSQL may then read an agent's rows of all years first. Of one value it asks call by call.
    """
    part = select(table.c.call_id).where(table.c.call_id == calls.c.id, condition).limit(1)
    return part.scalar_subquery().is_not(None)


def _after(cursor: str | None) -> list[ColumnElement[bool]]:
    started, _, call_id = (cursor or "").partition("~")
    if not call_id or not started.isascii() or not started.isdigit() or len(started) > 18:
        return []
    return [tuple_(calls.c.started_us, calls.c.id) < (int(started), call_id)]


def _cursor(row: Any) -> str:
    return f"{row.started_us}~{row.id}"


def known_in(connection: Connection, condition: ColumnElement[bool]) -> KnownCounts:
    """How the calls that fulfil this are known."""
    found = connection.execute(select(calls.c.known, func.count()).where(condition).group_by(calls.c.known))
    counted = {str(known): int(count) for known, count in found}
    total = sum(counted.values())
    observed = counted.get("observed", 0)
    return KnownCounts(
        observed=observed,
        repaired=counted.get("repaired", 0),
        inferred=counted.get("inferred", 0),
        observed_share=Fraction(observed, total) if total else None,
    )
