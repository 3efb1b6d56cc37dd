"""Who works on a store beside serving it: each in a thread of its own, all begun and ended together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from config.followups import Promises
from config.policies import Policy
from config.settings import Settings
from service.coverage_notices import CoverageWatch
from service.destroying.carrying import Carrier
from service.destroying.resuming import Resumer
from service.following import Follower
from service.listening.shelf import shelf_of
from service.noticing import Noticer, telling_by
from service.pipeline.gaps import Gap
from service.pipeline.road import Road
from service.quality.weekly import WeeklyDraw
from service.recordings.keeper import RecordingKeeper
from service.rolling import Roller
from service.rounds import Rounds

STOP_SECONDS = 2.0
"""So long each is waited for at the end; what it had begun is committed whole or done again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """All of them over one store. `wake` sets the follow-ups off before their time."""

    settings: Settings
    engine: Engine
    policy_of: Callable[[], Policy]
    now: Callable[[], datetime]
    environ: Mapping[str, str]
    roads: Sequence[Road]
    recordings: RecordingKeeper
    wake: threading.Event

    def start(self, stack: AsyncExitStack) -> None:
        """Begin all of them; the stack ends them, the last one first."""
        for keeper in (self.recordings, *self._of_store()):
            _begin(keeper, stack)
        if self.settings.notices.channels:
            _begin(self._noticer(), stack)

    def _of_store(self) -> tuple[Rounds | Resumer, ...]:
        engine, settings, policy_of, now = self.engine, self.settings, self.policy_of, self.now
        return (
            Roller(settings.database_url, engine, policy_of, now),
            Follower(engine, policy_of, settings, now, self.wake),
            WeeklyDraw(engine, policy_of, now),
            Resumer(Carrier(engine, shelf_of(settings), policy_of, settings.country, now)),
        )

    def _noticer(self) -> Noticer:
        """What is in the outbox is sent; gaps and lacking recordings are told of. Follow-ups go there on their own."""
        by, watch = telling_by(self.settings, Promises()), CoverageWatch(self.engine, self.policy_of)
        return Noticer(self.engine, by, self.environ, self.now, self._gaps, watch=watch)

    def _gaps(self) -> list[Gap]:
        return [gap for road in self.roads for gap in road.gaps]


def _begin(keeper: Rounds | Resumer, stack: AsyncExitStack) -> None:
    stack.push_async_callback(asyncio.to_thread, keeper.stop, STOP_SECONDS)
    keeper.start()
