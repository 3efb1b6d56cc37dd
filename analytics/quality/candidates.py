"""Which talks may be drawn: a customer's, over, long enough, with a file that can be played; and who talked at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from analytics.metrics.periods import DayClock, clock_of, month_period
from analytics.quality.drawing import Candidate, stratum_of
from analytics.quality.models import quality_candidates, quality_samples
from analytics.quality.records import SampleState
from analytics.quality.weeks import Week
from analytics.storage.models import calls, talks
from analytics.storage.recording_models import recording_files, recording_spans
from analytics.storage.rollup_models import call_notes
from config.policies import Policy
from config.quality import Quality
from telephony.clock import from_microseconds

PLAYABLE = "ready"
WITH_CUSTOMERS = ("customer", "conference")


def load_candidates(connection: Connection, week: Week, policy: Policy, quality: Quality) -> list[Candidate]:
    """The talks of a week's months up to its end that were not drawn yet, in no order."""
    drawn = set(connection.execute(select(quality_samples.c.talk_id).where(_of_months(week))).scalars())
    clock = clock_of(policy)
    found: dict[str, Candidate] = {}
    for row in connection.execute(_wanted(week, policy)):
        each = _candidate(row, week, policy, quality, clock)
        if each.talk_id in drawn or each.length_ms < quality.minimum_length.total_seconds() * 1000:
            continue
        if policy.resolve(from_microseconds(each.started_us)).numbers.is_left_out(row.customer):
            continue
        known = found.get(each.talk_id)
        if known is None or (each.length_ms, -each.file_id) > (known.length_ms, -known.file_id):
            found[each.talk_id] = each
    return list(found.values())


def _of_months(week: Week) -> Any:
    return quality_samples.c.month.in_(week.months())


def _wanted(week: Week, policy: Policy) -> Any:
    """From the beginning of the week's first month to its end; one row for each file that a talk is in."""
    year, month = map(int, week.months()[0].split("-"))
    start_us = month_period(year, month, policy.zone, policy.day_start).start_us
    end_us = week.period(policy.zone, policy.day_start).end_us
    spans, files = recording_spans.c, recording_files.c
    return (
        select(
            talks.c.id, talks.c.call_id, talks.c.agent, talks.c.started_us, spans.file_id, spans.start_ms,
            spans.end_ms, spans.holds, calls.c.direction, calls.c.customer, call_notes.c.outcome,
        )
        .join(recording_spans, spans.talk_id == talks.c.id)
        .join(recording_files, files.id == spans.file_id)
        .join(calls, calls.c.id == talks.c.call_id)
        .outerjoin(call_notes, call_notes.c.call_id == talks.c.call_id)
        .where(
            talks.c.started_us >= start_us, talks.c.started_us < end_us, talks.c.ended_us.is_not(None),
            talks.c.kind.in_(WITH_CUSTOMERS), files.condition == PLAYABLE,
        )
    )  # fmt: skip


def _candidate(row: Row[Any], week: Week, policy: Policy, quality: Quality, clock: DayClock) -> Candidate:
    length_ms = row.end_ms - row.start_ms - sum(end - start for start, end in json.loads(row.holds))
    at = from_microseconds(row.started_us)
    day = clock.day_of(row.started_us)
    stratum = stratum_of(
        quality.strata, direction=row.direction, length_ms=length_ms, at=at, outcome=row.outcome, zone=policy.zone
    )
    return Candidate(
        talk_id=row.id, call_id=row.call_id, file_id=row.file_id, agent=row.agent, month=f"{day:%Y-%m}",
        started_us=row.started_us, length_ms=length_ms, stratum=stratum, fresh=day >= week.monday,
    )  # fmt: skip


def heard_before(connection: Connection, months: Sequence[str]) -> Mapping[tuple[str, str], dict[str, int]]:
    """By month and agent, how many samples of each stratum stand: replaced ones do not."""
    samples = quality_samples.c
    wanted = select(samples.month, samples.agent, samples.stratum).where(
        samples.month.in_(months), samples.state != SampleState.REPLACED.value
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for month, agent, stratum in connection.execute(wanted):
        counts = found.setdefault((month, agent), {})
        counts[stratum] = counts.get(stratum, 0) + 1
    return found


def load_pool(connection: Connection, week: str, agent: str | None = None) -> Iterator[Candidate]:
    """What a draw was made of, as it was then."""
    table = quality_candidates.c
    wanted = select(quality_candidates).where(table.week == week)
    if agent is not None:
        wanted = wanted.where(table.agent == agent)
    for row in connection.execute(wanted):
        told = dict(row._mapping)
        del told["week"]
        yield Candidate(**told)


def who_talked(connection: Connection, start_us: int, end_us: int) -> frozenset[str]:
    """Every agent who talked with a customer in a stretch."""
    table = talks.c
    wanted = select(table.agent).where(
        table.started_us >= start_us, table.started_us < end_us, table.kind.in_(WITH_CUSTOMERS)
    )
    return frozenset(connection.execute(wanted.distinct()).scalars())
