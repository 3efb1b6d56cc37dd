"""Last week's recordings of the demo: found where the played PBX named them, and sampled as the service does it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from analytics.metrics.periods import clock_of
from analytics.quality.draws import commit
from analytics.quality.samples import load_samples
from analytics.quality.weeks import Week
from analytics.storage.engine import open_store
from config.policies import Policy
from config.settings import Settings
from service.demo.marking import mark
from service.demo.taping import Taper
from service.quality.weekly import draw_due
from service.recordings.finding import Finder
from service.recordings.places import roots_of
from telephony.clock import from_microseconds, to_microseconds

MOST = 40
"""So many of last week's calls have recordings."""

RANDOM_BYTES = 32
SEED = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Over one store, which may be written."""

    engine: Engine
    settings: Settings
    policy_of: Callable[[], Policy]
    taper: Taper

    def begin(self, now: datetime) -> int:
        """Record last week's calls, draw from them and score some; how many recordings there are. Blocking."""
        policy = self.policy_of()
        week = Week.of(clock_of(policy).day_of(to_microseconds(now))).previous
        period = week.period(policy.zone, policy.day_start)
        taped = self.taper.tape(from_microseconds(period.start_us), from_microseconds(period.end_us), most=MOST)
        if not taped:
            return 0
        self._find(period.start_us, now)
        with self.engine.begin() as connection:
            commit(connection, week, policy, secrets.token_hex(RANDOM_BYTES), now)
        draw_due(self.engine, policy, now)
        with self.engine.begin() as connection:
            mark(connection, load_samples(connection, week=week.label), policy, now, SEED)
        return taped

    def _find(self, start_us: int, now: datetime) -> None:
        reading = open_store(self.settings.database_url, reads_only=True)
        try:
            finder = Finder(
                writing=self.engine, reading=reading, roots=roots_of(self.settings), zone=self.policy_of().zone,
                now=lambda: now,
            )  # fmt: skip
            finder.name(start_us)
        finally:
            reading.dispose()
