"""Reads what summaries are made of, and keeps the trainings that are planned by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from analytics.errors import QualityError
from analytics.metrics.periods import month_period
from analytics.quality.appeals import load_replies
from analytics.quality.candidates import who_talked
from analytics.quality.cards import load_cards
from analytics.quality.draws import quality_of
from analytics.quality.models import quality_trainings
from analytics.quality.records import Card, Note, Reply, ReplyKind, Sample, Training, final_of
from analytics.quality.samples import load_notes, load_samples, written
from analytics.quality.summaries import Marked, MonthTotals, WeekSummary, month_totals, week_summary
from analytics.quality.weeks import Week, parse_week
from config.policies import Policy
from config.quality import Quality
from telephony.clock import from_microseconds, to_microseconds

Sees = Callable[[str], bool]
"""Whether somebody sees an agent."""


def _everybody(_agent: str) -> bool:
    return True


def load_marked(connection: Connection, samples: Sequence[Sample]) -> tuple[Marked, ...]:
    """Samples with all that is on record of them."""
    ids = [each.id for each in samples]
    cards = load_cards(connection, ids)
    by_sample: dict[int, list[Card]] = {}
    for card in cards:
        by_sample.setdefault(card.sample_id, []).append(card)
    notes: dict[int, list[Note]] = {}
    for note in load_notes(connection, ids):
        notes.setdefault(note.sample_id, []).append(note)
    appeals = _appeals(connection, cards)
    return tuple(
        Marked(
            sample=each,
            card=final_of(tuple(by_sample.get(each.id, ()))),
            notes=tuple(notes.get(each.id, ())),
            appeals=tuple(appeals.get(each.id, ())),
        )
        for each in samples
    )


def _appeals(connection: Connection, cards: Sequence[Card]) -> dict[int, list[Reply]]:
    sample_of = {each.id: each.sample_id for each in cards}
    found: dict[int, list[Reply]] = {}
    for reply in load_replies(connection, list(sample_of)):
        if reply.kind is ReplyKind.APPEAL:
            found.setdefault(sample_of[reply.card_id], []).append(reply)
    return found


def load_week(connection: Connection, week: Week, policy: Policy, sees: Sees = _everybody) -> WeekSummary:
    """A week's summary, of the agents that somebody sees. Raises QualityError where the policy had no section then."""
    quality = _section(policy, week)
    samples = [each for each in load_samples(connection, week=week.label) if sees(each.agent)]
    marked = load_marked(connection, samples)
    return week_summary(week.label, marked, quality, load_trainings(connection, week.label))


def load_month(connection: Connection, month: str, policy: Policy, sees: Sees = _everybody) -> MonthTotals:
    """A month's totals, by the section in force at its end. Raises QualityError where there was none."""
    year, number = map(int, month.split("-"))
    period = month_period(year, number, policy.zone, policy.day_start)
    last = from_microseconds(period.end_us - 1)
    quality = policy.resolve(last).quality
    if quality is None:
        raise QualityError(f"month {month}: found no [version.quality] in force, expected one in the policy")

    def group_of(agent: str) -> str | None:
        row = policy.agent_at(agent, last)
        return row.group if row else None

    samples = [each for each in load_samples(connection, month=month) if sees(each.agent)]
    marked = load_marked(connection, samples)
    talked = frozenset(filter(sees, who_talked(connection, period.start_us, period.end_us)))
    return month_totals(month, marked, quality, talked, group_of)


def _section(policy: Policy, week: Week) -> Quality:
    quality = quality_of(policy, week)
    if quality is None:
        raise QualityError(f"week {week.label}: found no [version.quality] in force, expected one in the policy")
    return quality


def plan_training(
    connection: Connection,
    week: str,
    text: str,
    planned_on: date,
    *,
    by: str,
    now: datetime,
    agent: str | None = None,
    criterion: str | None = None,
) -> Training:
    """Write down what is to be trained after a week. Raises QualityError for no week, and for no text."""
    row = {
        "week": parse_week(week).label,
        "agent": agent,
        "criterion": criterion,
        "text": written(text, "training"),
        "planned_on": planned_on.isoformat(),
        "by_login": by,
        "made_us": to_microseconds(now),
    }
    key = connection.execute(insert(quality_trainings).values(row)).inserted_primary_key
    return next(each for each in load_trainings(connection, week) if key and each.id == key[0])


def load_trainings(connection: Connection, week: str) -> tuple[Training, ...]:
    """What is planned after a week, by day."""
    table = quality_trainings.c
    wanted = select(quality_trainings).where(table.week == week).order_by(table.planned_on, table.id)
    return tuple(
        Training(
            id=row.id,
            week=row.week,
            agent=row.agent,
            criterion=row.criterion,
            text=row.text,
            planned_on=date.fromisoformat(row.planned_on),
            by=row.by_login,
            made_at=from_microseconds(row.made_us),
        )
        for row in connection.execute(wanted)
    )
