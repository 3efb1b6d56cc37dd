"""A centre that stands still: a whole `LiveState` of plain values, and a way to change its board."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.storage.repairs import Repair
from config.rings import RingRule
from service.dashboard.board import NO_RATE, NOTHING_KNOWN, Board, CallSummary, Gap, Rate
from service.dashboard.gaps_view import GapLine
from service.dashboard.look import WHOLE, Look
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
from service.gap_calls import GapCalls, SpanningCall
from service.pipeline.gaps import Gap as LedgerGap
from service.pipeline.gaps import GapReason
from telephony.calls.facts import Disposition, Known
from tests.service.dashboard.a_call import CALL_ID
from tests.service.dashboard.people import BOARD, EMPTY, NAMES, NOW, ZONE, ended, rate


def _tier(tier: str, zh: str, en: str, floor: int | None, target: int | None) -> TierTitle:
    return TierTitle(tier=tier, name_zh=zh, name_en=en, floor_minutes=floor, target_minutes=target)


TIERS = (
    _tier("L3", "三级客服主任", "Director, level 3", 5000, 10_000),
    _tier("L1", "一级客服主任", "Director, level 1", 2000, 5000),
    _tier("A", "客服助理", "Assistant", None, None),
)


def _minutes(agent: str, tier: str, minutes: int, talks: int, mean: int, share: Rate, claimed: int) -> MinutesRow:
    title = next(each for each in TIERS if each.tier == tier)
    return MinutesRow(
        agent=agent, name=NAMES[agent], tier=tier, counted_ms=minutes * 60_000, talk_ms=minutes * 60_000,
        talks=talks, mean_ms=mean * 1000 if talks else None, floor_minutes=title.floor_minutes,
        target_minutes=title.target_minutes, three_rings=share, claimed_ms=claimed * 60_000,
    )  # fmt: skip


MINUTES = (
    _minutes("1006", "L3", 10_312, 1764, 249, rate(1724, 1764), 118),
    _minutes("1001", "L3", 5486, 1391, 237, rate(1366, 1391), 42),
    _minutes("1002", "L3", 3561, 958, 223, rate(923, 958), 36),
    _minutes("1003", "L1", 2471, 702, 211, rate(682, 702), 164),
    _minutes("1004", "L1", 2214, 611, 217, rate(583, 611), -7),
    _minutes("1005", "L1", 1702, 498, 205, rate(479, 498), 22),
    _minutes("1009", "A", 0, 0, 0, NO_RATE, 0),
)


def _counts(within: int, late: int, no_answer: int, declined: int, elsewhere: int) -> OfferingCounts:
    return OfferingCounts(
        rate=rate(within, within + late + no_answer + declined), late=late, no_answer=no_answer,
        declined=declined, gave_up_late=0, answered_elsewhere=elsewhere, gave_up=elsewhere // 20, busy=1,
        unreachable=2, failed=0, apart=elsewhere + elsewhere // 20 + 3, longest_late_ms=19_700,
        median_ms=4400, p95_ms=12_100,
    )  # fmt: skip


def ring_bins() -> tuple[RingBin, ...]:
    """A shape such as real ones have: most in five seconds, some late, a block at the queue's time-out."""
    shape = [math.exp(-((math.log((b + 0.5) / 2 + 0.25) - math.log(4.6)) ** 2) / 0.42) for b in range(40)]
    whole = sum(shape)
    bins = [
        RingBin(start_ms=n * 500, answered=round(each / whole * 8582), not_answered=0)
        for n, each in enumerate(shape)
    ]
    return (*bins, RingBin(start_ms=20_000, answered=0, not_answered=141))


def _ledger(why: GapReason, minutes: int, *found: SpanningCall, detail: str = "") -> GapLine:
    start = NOW - timedelta(minutes=minutes)
    end = start + timedelta(seconds=12)
    booted = end if why is GapReason.PBX_CRASHED else None
    gap = LedgerGap(pbx="main", start=start, end=end, why=why, detail=detail, seq=minutes, booted_at=booted)
    return GapLine(gap=gap, calls=GapCalls(calls=found))


def _spanning(call_id: str, known: Known, disposition: Disposition | None, sources: str = "") -> SpanningCall:
    return SpanningCall(
        call_id=call_id, known=known, disposition=disposition, started_at=NOW - timedelta(hours=1), ended_at=NOW,
        repair=_repair(sources) if sources else None,
    )  # fmt: skip


def _repair(sources: str) -> Repair:
    return Repair(
        repaired_at=NOW, sources=sources, before_known="inferred", before_disposition="indeterminate",
        before_talk_ms=4000, talk_ms=82_000,
    )  # fmt: skip


LEDGER = (
    _ledger(
        GapReason.PBX_CRASHED, 60, _spanning(CALL_ID, Known.REPAIRED, Disposition.ANSWERED, "cdr+cel"),
        _spanning("main/1795000000.9", Known.INFERRED, Disposition.INDETERMINATE),
        _spanning("main/1795000000.12", Known.INFERRED, None),
    ),
    _ledger(GapReason.CLOCK, 30, detail="-3600.000 s"),
    replace(_ledger(GapReason.LOST, 10), calls=None),
)  # fmt: skip


@dataclass(slots=True)
class StandingCentre:
    """A `LiveState` whose clock stands still; `show` puts another board up and tells who watches."""

    shown: Board = BOARD
    demo: bool = True
    language: str = "zh"
    zone: ZoneInfo = ZONE
    empty: bool = False
    gaps: tuple[Gap, ...] = ()
    watchers: list[Callable[[], None]] = field(default_factory=list)

    def now(self) -> datetime:
        return NOW

    def board(self, look: Look = WHOLE, *, hurried: bool = False) -> Board:
        board = replace(EMPTY if self.empty else self.shown, gaps=self.gaps)
        return board if look.is_whole else narrowed(board, look)

    def show(self, board: Board) -> None:
        self.shown = board
        for notify in self.watchers:
            notify()

    def watch(self, notify: Callable[[], None]) -> Callable[[], None]:
        self.watchers.append(notify)
        return lambda: self.watchers.remove(notify)

    async def calls(self, wanted: CallFilter) -> CallPage:
        everything = () if self.empty else tuple(_many_calls())
        matching = [each for each in everything if _matches(each, wanted)]
        first = int(wanted.after or 0)
        following = first + wanted.limit
        return CallPage(
            calls=tuple(matching[first:following]),
            total=len(matching),
            next_after=str(following) if following < len(matching) else None,
            agents=tuple(NAMES.items()),
            known=NOTHING_KNOWN if self.empty else BOARD.known,
        )

    async def gap_ledger(self) -> tuple[GapLine, ...]:
        return () if self.empty else LEDGER

    async def minutes(self, month: date) -> MinutesMonth:
        if self.empty:
            return MinutesMonth(month=month, as_of=NOW, rows=())
        return MinutesMonth(
            month=month, as_of=NOW, rows=MINUTES, tiers=TIERS, total_ms=25_746 * 60_000 + 31_000,
            talks=5924, mean_ms=224_000, claimed_ms=375 * 60_000, gaps=self.gaps, known=BOARD.known,
        )  # fmt: skip

    async def three_rings(self, start: date, end: date) -> ThreeRingsPeriod:
        nothing = _counts(0, 0, 0, 0, 0)
        rows = () if self.empty else tuple(_ring_rows())
        return ThreeRingsPeriod(
            start=start, end=end, as_of=NOW, rule=RingRule(),
            total=replace(nothing, longest_late_ms=None, median_ms=None, p95_ms=None) if self.empty
            else _counts(8395, 187, 141, 13, 1141),
            caller=NO_RATE if self.empty else rate(7610, 8012), never_rang=0 if self.empty else 214,
            rows=rows, bins=() if self.empty else ring_bins(), gaps=self.gaps, known=BOARD.known,
        )  # fmt: skip


def narrowed(board: Board, look: Look) -> Board:
    """A board as far as a look goes; figures of the whole stay."""
    return replace(
        board,
        queues=tuple(each for each in board.queues if look.queue(each.queue)),
        agents=tuple(each for each in board.agents if look.agent(each.agent, each.group)),
        active=tuple(each for each in board.active if look.call([a for a, _ in each.agents], each.queue, [])),
    )


def _ring_rows() -> list[ThreeRingsRow]:
    return [
        ThreeRingsRow(agent=number, name=name, counts=_counts(840 - 40 * n, 12 + n, 9 + n, n % 3, 80 + n))
        for n, (number, name) in enumerate(NAMES.items())
    ]


def _many_calls() -> list[CallSummary]:
    return [_answered(n) if n % 5 else _abandoned(n) for n in range(120)]


def _answered(n: int) -> CallSummary:
    wait, talk = 2000 + 371 * n % 9000, 9000 + 7919 * n % 400_000
    return ended(1000 + n, 60 * n, Disposition.ANSWERED, f"{1001 + n % 8}", wait=wait, talk=talk)


def _abandoned(n: int) -> CallSummary:
    wait = 31_000 + 100 * n
    return ended(1000 + n, 60 * n, Disposition.ABANDONED, wait=wait, ring=20_000, within=None, talk=None)


def _matches(call: CallSummary, wanted: CallFilter) -> bool:
    return (
        wanted.direction in (None, call.direction)
        and wanted.disposition in (None, call.disposition)
        and (wanted.agent is None or wanted.agent in dict(call.agents))
    )
