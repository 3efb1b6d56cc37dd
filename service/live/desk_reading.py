"""What an agent's desk reads of the store: his calls, his day, his month. Blocking; raises SQLAlchemyError."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from analytics.metrics.catalogue import METRICS
from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, day_period, month_period
from analytics.metrics.query import Query, run
from analytics.metrics.questions import ResultRow
from analytics.metrics.tallies import Tally
from analytics.people.people_store import load_roster
from analytics.reports.minutes import tier_of
from analytics.reports.quota import standing
from analytics.sources import figures_of
from analytics.storage.models import agent_states, calls, holds, offerings, talks
from analytics.storage.queries import Gaps
from analytics.storage.rollup_models import call_notes
from config.policies import Policy
from service.dashboard.board import NO_RATE, Rate
from service.dashboard.desk.shapes import Day, DaySpan, Month, MyCall, MyCalls, Stretch
from service.desk.call_records import drafted, ids_of, newest_entries, recorded_since
from service.desk.history import WITH_CUSTOMERS
from service.live.rates import three_rings_of
from telephony.calls.facts import Direction, Disposition, State
from telephony.clock import from_microseconds, to_microseconds

BACK = timedelta(days=3)
"""How far back a call without an outcome is still asked for."""
MOST = 100
LEAST_SHOWN = timedelta(hours=6)
MINUTES = ("talk_minutes", "ring_within", "ring_offered", "three_ring_rate")

MonthRows = dict[str, ResultRow]


# -- his calls ---------------------------------------------------------------------------------------


def last_call(connection: Connection, agent: str, since: datetime) -> tuple[str, datetime | None] | None:
    """The call of his last talk with a customer since an instant, and when that talk ended; None: there is none."""
    table = talks.c
    wanted = (
        select(table.call_id, table.ended_us)
        .where(table.agent == agent, table.started_us >= to_microseconds(since), table.kind.in_(WITH_CUSTOMERS))
        .order_by(table.started_us.desc(), table.id.desc())
        .limit(1)
    )
    row = connection.execute(wanted).first()
    if row is None:
        return None
    return row.call_id, None if row.ended_us is None else from_microseconds(row.ended_us)


def was_his(connection: Connection, call_id: str, agent: str) -> bool:
    """Whether an agent was offered a call, or talked in it."""
    ids = ids_of(connection, call_id)
    asked = (
        select(table.c.id).where(table.c.call_id.in_(ids), table.c.agent == agent).limit(1)
        for table in (talks, offerings)
    )
    return any(connection.execute(each).first() is not None for each in asked)


def calls_of(connection: Connection, agent: str, today: datetime, now: datetime) -> MyCalls:
    """His talks with customers since the day began, and those of the last days of which nothing is recorded."""
    since = min(today, now - BACK)
    lengths = _lengths(connection, agent, since, now)
    if not lengths:
        return MyCalls()
    ids = sorted(lengths)
    rows = connection.execute(
        select(calls, call_notes.c.outcome)
        .outerjoin(call_notes, call_notes.c.call_id == calls.c.id)
        .where(calls.c.id.in_(ids), calls.c.direction != Direction.INTERNAL.value)
        .order_by(calls.c.started_us.desc())
    ).all()
    entries, typed = newest_entries(connection, ids), drafted(connection, agent, ids)
    told = recorded_since(connection, agent, since)
    found = [_call(row, lengths[row.id], entries, typed) for row in rows]
    silent = {row.id for row in rows if row.outcome is None} - told
    return MyCalls(
        today=tuple(each for each in found if each.at >= today)[:MOST],
        missing=tuple(each for each in found if each.ended and each.call_id in silent)[:MOST],
    )


def _lengths(connection: Connection, agent: str, since: datetime, now: datetime) -> dict[str, int]:
    """By call: for how many milliseconds he talked in it, hold inside."""
    table = talks.c
    wanted = select(table.call_id, table.started_us, table.ended_us).where(
        table.agent == agent, table.started_us >= to_microseconds(since), table.kind.in_(WITH_CUSTOMERS)
    )
    found: dict[str, int] = {}
    for row in connection.execute(wanted):
        end = row.ended_us or to_microseconds(now)
        found[row.call_id] = found.get(row.call_id, 0) + max(end - row.started_us, 0) // 1000
    return found


def _call(row: Any, talk_ms: int, entries: Any, typed: Collection[str]) -> MyCall:
    return MyCall(
        call_id=row.id,
        at=from_microseconds(row.started_us),
        ended=row.ended_us is not None,
        direction=Direction(row.direction),
        disposition=Disposition(row.disposition) if row.disposition else None,
        party=row.customer,
        withheld=row.customer_withheld,
        queue=None,
        talk_ms=talk_ms,
        entry=entries.get(row.id),
        drafted=row.id in typed,
    )


# -- his day -----------------------------------------------------------------------------------------

_STATES = {State.LOGGED_IN: Stretch.READY, State.PAUSED: Stretch.PAUSED, State.WRAP_UP: Stretch.WRAP_UP}


def day_of(connection: Connection, agent: str, period: Period, now: datetime) -> Day:
    """What he did today, stretch by stretch; the shown hours are whole, six at least."""
    found = [
        *_states(connection, agent, period, now),
        *_rang(connection, agent, period, now),
        *_talked(connection, agent, period, now),
    ]
    order = list(Stretch)
    spans = tuple(sorted(found, key=lambda each: (order.index(each.what), each.start)))
    start, end = _shown(period, spans, now)
    return Day(start=start, end=end, now=now, spans=spans)


def _shown(period: Period, spans: Iterable[DaySpan], now: datetime) -> tuple[datetime, datetime]:
    """Whole hours from the first of what he did to this one; six at least, of which the last may be to come."""
    first = min((each.start for each in spans), default=now)
    until = _hour(now, period) + timedelta(hours=1)
    start = min(_hour(first, period), until - LEAST_SHOWN)
    start = max(start, period.start.astimezone(period.zone))
    return start, max(until, start + LEAST_SHOWN)


def _hour(at: datetime, period: Period) -> datetime:
    return at.astimezone(period.zone).replace(minute=0, second=0, microsecond=0)


def _span(what: Stretch, start_us: int, end_us: int | None, period: Period, now: datetime) -> DaySpan:
    begins = max(from_microseconds(start_us), period.start)
    ends = now if end_us is None else min(from_microseconds(end_us), now)
    return DaySpan(what=what, start=begins, end=max(begins, ends))


def _states(connection: Connection, agent: str, period: Period, now: datetime) -> list[DaySpan]:
    table = agent_states.c
    wanted = select(table.state, table.started_us, table.ended_us).where(
        table.agent == agent,
        table.state.in_([each.value for each in _STATES]),
        table.started_us >= period.start_us - 86_400_000_000,
        table.started_us < period.end_us,
    )
    rows = (row for row in connection.execute(wanted) if row.ended_us is None or row.ended_us > period.start_us)
    return [_span(_STATES[State(row.state)], row.started_us, row.ended_us, period, now) for row in rows]


def _rang(connection: Connection, agent: str, period: Period, now: datetime) -> list[DaySpan]:
    table = offerings.c
    wanted = select(table.ring_us, table.ended_us).where(
        table.agent == agent, table.offered_us >= period.start_us, table.offered_us < period.end_us
    )
    return [_span(Stretch.RINGING, *row, period, now) for row in connection.execute(wanted)]


def _talked(connection: Connection, agent: str, period: Period, now: datetime) -> list[DaySpan]:
    table = talks.c
    wanted = select(table.id, table.started_us, table.ended_us).where(
        table.agent == agent, table.started_us >= period.start_us, table.started_us < period.end_us
    )
    rows = connection.execute(wanted).all()
    held = select(holds.c.start_us, holds.c.end_us).where(holds.c.talk_id.in_([row.id for row in rows]))
    spans = [_span(Stretch.TALK, row.started_us, row.ended_us, period, now) for row in rows]
    return spans + [_span(Stretch.HOLD, *row, period, now) for row in connection.execute(held)]


# -- his month ---------------------------------------------------------------------------------------


def month_rows(connection: Connection, policy: Policy, period: Period, now: datetime, gaps: Gaps) -> MonthRows:
    """The month's figures of all agents, by agent: as the report of minutes tells them."""
    query = Query(metrics=MINUTES, period=period, as_of=now, groups=(Group.AGENT,))
    return {row.key[0]: row for row in run(query, figures_of(connection, policy, gaps), policy).rows}


def month_of(
    connection: Connection, policy: Policy, agent: str, row: ResultRow | None, today: Tally, now: datetime
) -> Month:
    """One agent's month against his tier's floor and target, and his day so far."""
    local = now.astimezone(policy.zone)
    period = month_period(local.year, local.month, policy.zone)
    tier = tier_of(policy, agent, period)
    talk_ms = int(row.values["talk_minutes"] or 0) if row else 0
    floor = tier.floor_minutes if tier else None
    roster = load_roster(connection, policy.zone)
    stands = standing(policy, roster, agent, period, to_microseconds(now), talk_ms, floor)
    return Month(
        start=period.start,
        talk_ms=talk_ms,
        today_ms=int(METRICS["talk_minutes"].value(today) or 0),
        calls_today=int(METRICS["calls_handled"].value(today) or 0),
        rings=_rate(row),
        rings_today=three_rings_of(today),
        tier_zh=tier.name_zh if tier else "",
        tier_en=tier.name_en if tier else "",
        floor_minutes=floor,
        target_minutes=tier.target_minutes if tier else None,
        projected_ms=stands.projected_ms if floor is not None else None,
        behind=stands.behind(talk_ms),
    )


def _rate(row: ResultRow | None) -> Rate:
    value = row.values["three_ring_rate"] if row else None
    if row is None or value is None:
        return NO_RATE
    within, counted = (int(row.values[name] or 0) for name in ("ring_within", "ring_offered"))
    return Rate(within=within, counted=counted, value=Fraction(value))


def day_now(policy: Policy, now: datetime) -> Period:
    """The centre's day of an instant."""
    return day_period(now.astimezone(policy.zone).date(), policy.zone)
