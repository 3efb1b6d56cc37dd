"""What the dashboard is handed: the board of this moment, and the pages on days, months and calls.

Implements service.dashboard.live_view.LiveState over the live hub, the store and the roads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from analytics.metrics.catalogue import METRICS
from analytics.metrics.periods import Period, day_period
from analytics.metrics.tallies import Tally
from config.settings import Language
from service.dashboard.board import Board, Gap, KnownCounts, PbxLink
from service.dashboard.gaps_view import GapLine
from service.dashboard.periods import CallStory
from service.live.agents import agents_now, rate_of, three_rings_of
from service.live.hub import LiveHub
from service.live.pages import StoredPages
from service.live.parts import Teller, open_visit, ringing
from service.pipeline.road import Road
from telephony.calls.record import CallRecord
from telephony.clock import Clock


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
    ) -> None:
        self._hub = hub
        self._pages = pages
        self._roads = tuple(roads)
        self._clock = clock
        self._language = language
        self._demo = demo
        self._teller = teller

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

    def board(self) -> Board:
        """The shift as of now."""
        now = self.now()
        figures = self._hub.figures.snapshot(now)
        records = [each for each in self._hub.current.open_records() if each.call.ended_at is None]
        recent = [self._teller.summary(each, now) for each in self._hub.current.recent_records()]
        whole, waiting = figures.whole, [each for each in records if open_visit(each) is not None]
        longest = min(waiting, key=_joined_at, default=None)
        return Board(
            as_of=now,
            links=tuple(link_of(road, self._hub.newest_at.get(road.pbx.name)) for road in self._roads),
            gaps=self._gaps(day_period(now.astimezone(self.zone).date(), self.zone), now),
            known=known_of(whole),
            waiting=len(waiting),
            waiting_ringing=sum(bool(ringing(each)) for each in waiting),
            longest_wait_since=None if longest is None else _joined_at(longest),
            longest_wait_queue=None if longest is None else _queue_of(longest),
            three_rings=three_rings_of(whole),
            three_rings_caller=rate_of(whole, "caller_within", "callers_rung", "caller_three_ring_rate"),
            calls=_count(whole, "calls"),
            answered=_count(whole, "inbound_answered"),
            abandoned=_count(whole, "inbound_abandoned"),
            agents=tuple(
                agents_now(
                    records, self._hub.current.states(), figures.by_agent, self._hub.person_of, self._pages.quotas
                )
            ),
            active=tuple(self._teller.now(each) for each in sorted(records, key=lambda each: each.call.started_at)),
            recent=tuple(recent),
        )

    async def call(self, call_id: str) -> CallStory | None:
        """A call by its id or an alias."""
        now = self.now()
        found = await asyncio.to_thread(self._pages.call, call_id)
        if found is None:
            return None
        call = found.call
        gaps = tuple(
            gap
            for gap in self._all_gaps()
            if gap.pbx == call.pbx and gap.start <= (call.ended_at or now) and (gap.end or now) >= call.started_at
        )
        rule = self._hub.policy.resolve(call.started_at).ring
        return CallStory(record=found, as_of=now, rule=rule, agent_of=self._hub.person_of, gaps=gaps)

    async def gap_ledger(self) -> tuple[GapLine, ...]:
        """The ledger of gaps with the calls within each."""
        lines = [line for road in self._roads for line in road.ledger_lines]
        return await asyncio.to_thread(self._pages.gaps, lines)

    def _gaps(self, period: Period, now: datetime) -> tuple[Gap, ...]:
        return tuple(gap for gap in self._all_gaps() if gap.start < period.end and (gap.end or now) >= period.start)

    def _all_gaps(self) -> list[Gap]:
        return [Gap(pbx=gap.pbx, start=gap.start, end=gap.end) for road in self._roads for gap in road.gaps]


def link_of(road: Road, last_event_at: datetime | None) -> PbxLink:
    """Whether a PBX is heard now. Where another process listens, what it made durable tells."""
    listener = road.listener
    if listener is None:
        gap = road.gaps[-1] if road.gaps and road.gaps[-1].end is None else None
        since = gap.start if gap else None
        return PbxLink(pbx=road.pbx.name, connected=gap is None, since=since, last_event_at=last_event_at)
    return PbxLink(pbx=road.pbx.name, connected=listener.hearing, since=listener.since, last_event_at=last_event_at)


def known_of(tally: Tally) -> KnownCounts:
    """How the calls are known."""
    total, repaired, inferred = (_count(tally, name) for name in ("calls", "calls_repaired", "calls_inferred"))
    observed = total - repaired - inferred
    return KnownCounts(
        observed=observed,
        repaired=repaired,
        inferred=inferred,
        observed_share=Fraction(observed, total) if total else None,
    )


def _count(tally: Tally, name: str) -> int:
    return int(METRICS[name].value(tally) or 0)


def _joined_at(record: CallRecord) -> datetime:
    visit = open_visit(record)
    return visit.joined_at if visit else record.call.started_at


def _queue_of(record: CallRecord) -> str | None:
    visit = open_visit(record)
    return visit.queue if visit else None
