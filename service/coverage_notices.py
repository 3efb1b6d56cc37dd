"""Which queues had too few recordings yesterday: told once a day to whoever looks after the PBX.

It is asked some hours into the business day, so that files that are moved at night are there. Where no file was ever
found nothing is told: such a centre does not record, or its folder is not in the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from urllib.parse import urlencode

from sqlalchemy import Connection, Engine, literal, select

from analytics.metrics.cells import Group
from analytics.metrics.periods import Period, clock_of, day_period
from analytics.metrics.query import Query, Result, run
from analytics.metrics.showing import quotient
from analytics.sources import figures_of
from analytics.storage.recording_models import recording_files
from config.notices import Recipient, RecipientKind
from config.policies import Policy, PolicyVersion
from schedulers.notices.records import Notice, Topic
from telephony.clock import from_microseconds, to_microseconds

INTO_THE_DAY = timedelta(hours=6)
"""So long after the business day began yesterday's coverage is judged."""

PER_CENT = 100
_METRICS = ("talks_ended", "talks_unrecorded", "recording_coverage", "stereo_coverage")
_TO = Recipient(kind=RecipientKind.PBX)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCoverage:
    """A queue's day; '' is what came by no queue. Shares are None where no talk was to be recorded."""

    queue: str
    talks: int
    lacking: int
    coverage: Fraction | None
    stereo: Fraction | None


def coverage_notices(day: date, found: list[QueueCoverage], version: PolicyVersion, now: datetime) -> list[Notice]:
    """A notice for each queue whose share lies below what the policy asks; equality is enough."""
    told, rules = [], version.recordings
    for each in found:
        name = version.queue_name(each.queue)
        if _is_below(each.coverage, rules.coverage):
            told.append(_notice(Topic.COVERAGE, day, each, name, each.coverage, rules.coverage, now))
        if _is_below(each.stereo, rules.stereo_coverage):
            told.append(_notice(Topic.STEREO_COVERAGE, day, each, name, each.stereo, rules.stereo_coverage, now))
    return told


def _is_below(share: Fraction | None, least: int) -> bool:
    return share is not None and share * PER_CENT < least


def _notice(
    topic: Topic, day: date, of: QueueCoverage, name: str, share: Fraction | None, least: int, now: datetime
) -> Notice:
    shown = quotient((share or Fraction(0)) * PER_CENT, 1)
    figure = "talks_unrecorded" if topic is Topic.COVERAGE else "talks_ended"
    filters = {"figure": figure, "period": day.isoformat()} | ({"queue": of.queue} if of.queue else {})
    details: dict[str, str | int] = {
        "day": day.isoformat(), "queue": name, "share": f"{shown}", "least": least, "talks": of.talks,
        "lacking": of.lacking, "link": f"/calls?{urlencode(filters)}",
    }  # fmt: skip
    about = f"{day.isoformat()}/{of.queue}"
    return Notice(topic=topic, about=about, recipient=_TO, wanted_at=now, details=tuple(sorted(details.items())))


class CoverageWatch:
    """Tells of yesterday once in each business day; a process that begins later tells the same, which is told once.

    What is due stays due until `done` says that it was put into the outbox.
    """

    def __init__(self, engine: Engine, policy_of: Callable[[], Policy]) -> None:
        self._engine = engine
        self._policy_of = policy_of
        self._judged: date | None = None  # the day on which the one before was told of
        self._judging: date | None = None

    def done(self) -> None:
        """What was due is in the outbox."""
        self._judged = self._judging

    def due(self, now: datetime) -> list[Notice]:
        """What is to be told now. Raises SQLAlchemyError."""
        policy = self._policy_of()
        clock, now_us = clock_of(policy), to_microseconds(now)
        today = clock.day_of(now_us)
        if today == self._judged or from_microseconds(clock.start_of(today)) + INTO_THE_DAY > now:
            return []
        yesterday = today - timedelta(days=1)
        period = day_period(yesterday, policy.zone, policy.day_start)
        version = policy.resolve(period.start)
        rules = version.recordings
        told: list[Notice] = []
        if rules.coverage or rules.stereo_coverage:
            with self._engine.connect() as connection:
                told = coverage_notices(yesterday, coverage_of(connection, policy, period, now), version, now)
        self._judging = today
        return told


def coverage_of(connection: Connection, policy: Policy, period: Period, now: datetime) -> list[QueueCoverage]:
    """Each queue's coverage of a period; none at all where no file of a recording was ever found."""
    if connection.execute(select(literal(1)).select_from(recording_files).limit(1)).first() is None:
        return []
    query = Query(metrics=_METRICS, period=period, as_of=now, groups=(Group.QUEUE,))
    return _by_queue(run(query, figures_of(connection, policy), policy))


def _by_queue(found: Result) -> list[QueueCoverage]:
    told = []
    for row in found.rows:
        ended, lacking, coverage, stereo = (row.values[name] for name in _METRICS)
        told.append(
            QueueCoverage(
                queue=row.key[0], talks=int(ended or 0), lacking=int(lacking or 0),
                coverage=None if coverage is None else Fraction(coverage),
                stereo=None if stereo is None else Fraction(stereo),
            )
        )  # fmt: skip
    return told
