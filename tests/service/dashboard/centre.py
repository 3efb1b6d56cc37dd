"""A centre that stands still: a whole `LiveState` of plain values, and a way to change its board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.storage.repairs import Repair
from service.dashboard.board import Board, Gap
from service.dashboard.gaps_view import GapLine
from service.dashboard.look import WHOLE, Look
from service.dashboard.periods import (
    CallStory,
)
from service.gap_calls import GapCalls, SpanningCall
from service.pipeline.gaps import Gap as LedgerGap
from service.pipeline.gaps import GapReason
from telephony.calls.facts import Disposition, Known
from tests.service.dashboard.a_call import CALL_ID
from tests.service.dashboard.people import BOARD, EMPTY, NOW, ZONE


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

    async def call(self, call_id: str) -> CallStory | None:
        return self.stories.get(call_id)

    async def gap_ledger(self) -> tuple[GapLine, ...]:
        return () if self.empty else LEDGER


def narrowed(board: Board, look: Look) -> Board:
    """A board as far as a look goes; figures of the whole stay."""
    return replace(
        board,
        queues=tuple(each for each in board.queues if look.queue(each.queue)),
        agents=tuple(each for each in board.agents if look.agent(each.agent, each.group)),
        recent=tuple(each for each in board.recent if look.call([a for a, _ in each.agents], each.queue, [])),
        active=tuple(each for each in board.active if look.call([a for a, _ in each.agents], each.queue, [])),
    )
