"""The weekly draw, by itself: commits to a random before a week is over, and draws each week once it is due.

Two services of one database do not draw twice: who draws first has the week. Where the store cannot be read or
written, it is said once and tried again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine

from analytics.errors import QualityError
from analytics.metrics.periods import clock_of
from analytics.quality.drawing import Drawn
from analytics.quality.draws import commit, draw_week, find_draw, load_draws, quality_of
from analytics.quality.weeks import Week, drawn_at, parse_week
from config.policies import Policy
from service.quality.inspectors import inspectors_of
from service.rounds import TROUBLES, Rounds
from telephony.clock import to_microseconds

BY = "service"
RANDOM_BYTES = 32


def this_week(policy: Policy, now: datetime) -> Week:
    """The week that goes on, by the centre's business days."""
    return Week.of(clock_of(policy).day_of(to_microseconds(now)))


def commit_weeks(connection: Connection, policy: Policy, now: datetime, random: Callable[[], str]) -> None:
    """Commit to a random for the week that goes on and the next, and for those since the last one that has none."""
    if policy.resolve(now).quality is None:
        return
    current = this_week(policy, now)
    newest = next(iter(load_draws(connection, 1)), None)
    week = min(current, parse_week(newest.week)) if newest else current
    while week <= current.following:
        if find_draw(connection, week.label) is None:
            commit(connection, week, policy, random(), now)
        week = week.following


def due_weeks(connection: Connection, policy: Policy, now: datetime) -> Iterator[Week]:
    """Weeks that are to be drawn now, oldest first."""
    for draw in reversed(load_draws(connection, limit=60)):
        week = parse_week(draw.week)
        quality = quality_of(policy, week)
        if draw.drawn_at is not None or quality is None:
            continue
        if drawn_at(week, quality, policy.zone, policy.day_start) <= now:
            yield week


def draw_due(engine: Engine, policy: Policy, now: datetime, by: str = BY) -> dict[str, Drawn]:
    """Commit and draw whatever is due, each week in a transaction of its own; what was drawn, by week."""
    if not any(each.quality for each in policy.versions):
        return {}
    with engine.begin() as connection:
        commit_weeks(connection, policy, now, lambda: secrets.token_hex(RANDOM_BYTES))
        weeks = list(due_weeks(connection, policy, now))
    drawn = {}
    for week in weeks:
        with engine.begin() as connection:
            inspectors = inspectors_of(connection, policy, now)
            drawn[week.label] = draw_week(connection, week, policy, inspectors, by, now)
    return drawn


class WeeklyDraw(Rounds):
    """Draws the weeks of one store. policy_of: the policy with the people in force now."""

    def __init__(self, engine: Engine, policy_of: Callable[[], Policy], now: Callable[[], datetime]) -> None:
        super().__init__("weekly-draw", log="service.quality", said="quality", troubles=(*TROUBLES, QualityError))
        self._engine, self._policy_of, self._now = engine, policy_of, now

    def look_once(self) -> None:
        """Draw what is due now."""
        drawn = draw_due(self._engine, self._policy_of(), self._now())
        for week, each in drawn.items():
            self._log.info("quality.drawn", week=week, samples=len(each.picks), short=len(each.shortfalls))
