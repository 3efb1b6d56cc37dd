"""What the dashboard is handed: the board of this moment, and the pages on days, months and calls.

Implements service.dashboard.live_view.LiveState over the live hub, the store and the roads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.metrics.periods import Period, day_period
from config.settings import Language
from service.dashboard.board import AgentActivity, Board, Gap, PbxLink
from service.dashboard.gaps_view import GapLine
from service.dashboard.look import WHOLE, Look
from service.live.callbacks import OwedCallbacks
from service.live.floor import Floor
from service.live.hub import LiveHub
from service.live.pages import StoredPages
from service.live.parts import Teller
from service.pipeline.road import Road
from telephony.clock import Clock

TOLD_FROM = timedelta(seconds=1)
BEHIND = 2_000
"""Packets that wait in the journal: more than a busy second says."""


class DashboardState:
    """See service.dashboard.live_view.LiveState."""

    def __init__(
        self,
        hub: LiveHub,
        teller: Teller,
        pages: StoredPages,
        roads: Iterable[Road],
        clock: Clock,
        language: Language,
        *,
        demo: bool,
        callbacks: OwedCallbacks | None = None,
    ) -> None:
        self._hub = hub
        self._pages = pages
        self._roads = tuple(roads)
        self._clock = clock
        self._language = language
        self._demo = demo
        self._floor = Floor(hub, teller, lambda: pages.quotas, callbacks)

    @property
    def demo(self) -> bool:
        """Whether what is shown is played, not heard."""
        return self._demo

    @property
    def zone(self) -> ZoneInfo:
        """The centre's zone."""
        return self._hub.policy.zone

    @property
    def language(self) -> str:
        """For who has not chosen."""
        return self._language.value

    def now(self) -> datetime:
        """The instant up to which figures are counted."""
        return self._clock.now()

    def watch(self, notify: Callable[[], None]) -> Callable[[], None]:
        """Call `notify` after every change."""
        return self._hub.watch(notify)

    def board(self, look: Look = WHOLE, *, hurried: bool = False) -> Board:
        """The shift as of now, as far as a look goes. Hurried, it has the figures that were made last."""
        now = self.now()
        today = day_period(now.astimezone(self.zone).date(), self.zone)
        links = self.links()
        board = self._floor.board(look, now, (links, self._gaps(today, now)), hurried=hurried)
        return held_back(board) if any(each.is_behind for each in links) else board

    def links(self) -> tuple[PbxLink, ...]:
        """Whether each PBX is heard now."""
        return tuple(link_of(road, self._hub.newest_at.get(road.pbx.name)) for road in self._roads)

    async def gap_ledger(self) -> tuple[GapLine, ...]:
        """The ledger of gaps with the calls within each."""
        lines = [line for road in self._roads for line in road.ledger_lines]
        return await asyncio.to_thread(self._pages.gaps, lines)

    def _gaps(self, period: Period, now: datetime) -> tuple[Gap, ...]:
        """Those that a page tells of. The blink of a connection made anew is in the ledger only."""
        return tuple(
            gap
            for gap in self.all_gaps()
            if gap.start < period.end
            and (gap.end or now) >= period.start
            and (gap.end is None or gap.end - gap.start >= TOLD_FROM)
        )

    def all_gaps(self) -> list[Gap]:
        """Every stretch in which a PBX was not heard, clocks' jumps left out."""
        return [Gap(pbx=gap.pbx, start=gap.start, end=gap.end) for road in self._roads for gap in road.gaps]


def held_back(board: Board) -> Board:
    """A board without what goes on: while the past is still being read, nobody knows. Figures stay, as far as read."""
    agents = (replace(each, since=None, with_whom=None, call_id=None, reason=None) for each in board.agents)
    return replace(
        board,
        waiting=0,
        waiting_ringing=0,
        longest_wait_since=None,
        longest_wait_queue=None,
        longest_wait_name=None,
        queues=tuple(replace(each, waiting=0, longest_since=None) for each in board.queues),
        agents=tuple(replace(each, activity=AgentActivity.LOGGED_OUT) for each in agents),
        active=(),
    )


def link_of(road: Road, last_event_at: datetime | None) -> PbxLink:
    """Whether a PBX is heard now. Where another process listens, what it made durable tells."""
    listener = road.listener
    if listener is None:
        gap = road.gaps[-1] if road.gaps and road.gaps[-1].end is None else None
        since = gap.start if gap else None
        return PbxLink(pbx=road.pbx.name, connected=gap is None, since=since, last_event_at=last_event_at)
    return PbxLink(
        pbx=road.pbx.name, connected=listener.hearing, since=listener.since, last_event_at=last_event_at,
        is_behind=_unread(road) > BEHIND,
    )  # fmt: skip


def _unread(road: Road) -> int:
    """How many packets of the journal nobody has interpreted yet."""
    if road.journal is None or road.analysis is None:
        return 0
    return road.journal.durable_seq - road.analysis.analyser.interpreter.seq
