"""The people, numbers and instants of the made-up centre that these tests look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from config.marks import Mark, Marks
from service.dashboard.board import (
    AgentActivity,
    AgentNow,
    Board,
    Callbacks,
    CallNow,
    CallStage,
    CallSummary,
    HourNow,
    KnownCounts,
    PbxLink,
    QueueNow,
    Quota,
    Rate,
    RingingNow,
)
from telephony.calls.facts import Direction, Disposition, Known

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 7, 42, 18, tzinfo=UTC)  # 15:42:18 by the centre's clock

NAMES = {
    "1001": "陈思远",
    "1002": "赵雅琴",
    "1003": "王娜娜",
    "1004": "李浩然",
    "1005": "孙丽",
    "1006": "周建国",
    "1007": "欧阳晓峰",
    "1008": "Leung Ka-ho",
    "1009": None,
    "1010": "冯雪",
}


def ago(seconds: float) -> datetime:
    """So many seconds before now."""
    return NOW - timedelta(seconds=seconds)


def rate(within: int, counted: int) -> Rate:
    """A rate as analytics would give it."""
    return Rate(within=within, counted=counted, value=Fraction(within, counted) if counted else None)


def agent(
    number: str, activity: AgentActivity, held: float | None, *, minutes: int = 0, within: int = 0,
    counted: int = 0, reason: str | None = None, with_whom: str | None = None, month: int | None = None,
) -> AgentNow:  # fmt: skip
    """An agent of the board; `held` is for how many seconds, `month` his minutes of it."""
    return AgentNow(
        agent=number,
        name=NAMES[number],
        activity=activity,
        since=None if held is None else ago(held),
        reason=reason,
        with_whom=with_whom,
        call_id=f"hq/1795189122.{number}" if with_whom else None,
        talk_ms=minutes * 60_000,
        calls=within,
        three_rings=rate(within, counted),
        quota=None
        if month is None
        else Quota(
            talk_ms=month * 60_000,
            floor_minutes=2000,
            target_minutes=5000,
            due_ms=1400 * 60_000,
            projected_ms=month * 84_000,
        ),
    )


AGENTS = (
    agent("1001", AgentActivity.TALKING, 214, minutes=186, within=63, counted=64, with_whom="13812347745",
          month=3486),
    agent("1002", AgentActivity.TALKING, 63, minutes=201, within=65, counted=67, with_whom="02155558800",
          month=3561),
    agent("1003", AgentActivity.READY, 92, minutes=150, within=67, counted=69, month=2471),
    agent("1004", AgentActivity.HOLD, 47, minutes=155, within=40, counted=42, with_whom="13599994470", month=2214),
    agent("1005", AgentActivity.WRAP_UP, 31, minutes=162, within=48, counted=50, month=1702),
    agent("1006", AgentActivity.TALKING, 3753, minutes=188, within=53, counted=54, with_whom="01055552299",
          month=5312),
    agent("1007", AgentActivity.RINGING, 17.2, minutes=84, within=39, counted=40),
    agent("1008", AgentActivity.PAUSED, 512, minutes=61, within=23, counted=24, reason="Lunch", month=902),
    agent("1009", AgentActivity.PAUSED, 95, minutes=0, reason="系统升级"),
    agent("1010", AgentActivity.LOGGED_OUT, None),
)  # fmt: skip


def ringing(number: str, seconds: float) -> RingingNow:
    """A phone that has rung for so many seconds, in the Chinese cadence."""
    return RingingNow(agent=number, name=NAMES[number], ring_at=ago(seconds), cycle_ms=5000, limit_ms=15_000)


def call_now(
    number: int, stage: CallStage, since: float, party: str, queue: str | None, *agents: str,
    rings: tuple[RingingNow, ...] = (), direction: Direction = Direction.INBOUND, joined: float | None = None,
) -> CallNow:  # fmt: skip
    """A call in progress, by how many seconds it is in its stage."""
    return CallNow(
        call_id=f"hq/1795189122.{number}",
        direction=direction,
        party=party,
        queue=queue,
        stage=stage,
        since=ago(since),
        started_at=ago(since + 20),
        agents=tuple((each, NAMES[each]) for each in agents),
        ringing=rings,
        joined_at=ago(joined) if joined is not None else None,
    )


ACTIVE = (
    call_now(1, CallStage.RINGING, 40, "02055557714", "经销商支持", rings=(ringing("1007", 17.2),), joined=40),
    call_now(2, CallStage.RINGING, 9, "13955550052", "会员服务", rings=(ringing("1003", 3.4),), joined=9),
    call_now(3, CallStage.WAITING, 64, "13855554406", "咨询热线", joined=64),
    call_now(4, CallStage.TALKING, 3753, "01055552299", "咨询热线", "1006"),
    call_now(5, CallStage.TALKING, 214, "13812347745", "咨询热线", "1001"),
    call_now(6, CallStage.HOLD, 47, "13599994470", "投诉受理", "1004"),
    call_now(7, CallStage.TALKING, 63, "02155558800", None, "1002", direction=Direction.OUTBOUND),
    call_now(8, CallStage.MENU, 6, "18755553361", None),
)


def ended(
    number: int, before: float, disposition: Disposition, *agents: str, direction: Direction = Direction.INBOUND,
    wait: int | None = 9100, ring: int | None = 4200, within: bool | None = True, talk: int | None = 224_000,
    known: Known = Known.OBSERVED, withheld: bool = False,
) -> CallSummary:  # fmt: skip
    """A call that ended; durations in milliseconds."""
    return CallSummary(
        call_id=f"hq/1795189122.{number}",
        direction=direction,
        party=None if withheld else f"138{number:08d}",
        withheld=withheld,
        queue="咨询热线" if direction is Direction.INBOUND else None,
        agents=tuple((each, NAMES[each]) for each in agents),
        started_at=ago(before + 240),
        ended_at=ago(before),
        disposition=disposition,
        wait_ms=wait,
        ring_ms=ring,
        within=within,
        talk_ms=talk,
        known=known,
    )


RECENT = (
    ended(900, 12, Disposition.ANSWERED, "1003"),
    ended(901, 31, Disposition.ANSWERED, "1005", ring=16_400, within=False),
    ended(902, 75, Disposition.ABANDONED, wait=41_000, ring=20_000, within=None, talk=None),
    ended(903, 88, Disposition.ANSWERED, "1004", "1006", known=Known.REPAIRED),
    ended(904, 130, Disposition.NO_ANSWER, direction=Direction.OUTBOUND, wait=None, ring=None, within=None,
          talk=None),
    ended(905, 171, Disposition.PICKED_UP, withheld=True, wait=None, ring=None, within=None, talk=None),
    ended(906, 202, Disposition.ANSWERED, "1001", known=Known.INFERRED),
    ended(907, 260, Disposition.VOICEMAIL, ring=None, within=None, talk=None),
)  # fmt: skip


def queue(
    name: str, waiting: int, longest: float | None, answered: int, abandoned: int, short: int, rings: Rate,
    level: Rate, marks: Marks | None = None,
) -> QueueNow:  # fmt: skip
    """A queue of the board, by how many seconds its first caller waits."""
    return QueueNow(
        queue=name, waiting=waiting, longest_since=None if longest is None else ago(longest), answered=answered,
        abandoned=abandoned, abandoned_short=short, three_rings=rings, level=level,
        abandonment=rate(abandoned, answered + abandoned), marks=marks or MARKS,
    )  # fmt: skip


MARKS = Marks(service_level=Mark(warn=90, breach=80))
QUEUES = (
    queue("上门预约", 0, None, 38, 1, 0, rate(38, 40), rate(35, 39)),
    queue("会员服务", 1, 9, 91, 3, 2, rate(89, 91), rate(88, 94)),
    queue("咨询热线", 1, 64, 168, 6, 3, rate(165, 170), rate(161, 174)),
    queue("投诉受理", 0, None, 52, 1, 0, rate(52, 54), rate(50, 53)),
    queue("粤语专席", 0, None, 19, 1, 0, rate(17, 19), rate(15, 20)),
    queue("经销商支持", 1, 40, 41, 2, 0, rate(37, 38), rate(37, 43),
          replace(MARKS, longest_wait=Mark(warn=35, breach=90))),
)  # fmt: skip
HOURS = tuple(
    HourNow(hour=8 + n, calls=calls, three_rings=rate(calls - late, calls))
    for n, (calls, late) in enumerate(((22, 0), (61, 1), (78, 3), (66, 3), (31, 2), (52, 1), (70, 2), (51, 2)))
)

BOARD = Board(
    as_of=NOW,
    links=(PbxLink(pbx="hq", connected=True, since=ago(20_000), last_event_at=ago(0)),),
    known=KnownCounts(observed=409, repaired=31, inferred=4, observed_share=Fraction(997, 1000)),
    waiting=3,
    waiting_ringing=2,
    longest_wait_since=ago(64),
    longest_wait_queue="咨询热线",
    three_rings=rate(398, 412),
    three_rings_caller=rate(371, 391),
    calls=431,
    answered=398,
    abandoned=14,
    abandoned_short=5,
    abandonment=rate(14, 423),
    level=rate(386, 423),
    marks=MARKS,
    queues=QUEUES,
    callbacks=Callbacks(open=7, overdue=1, soon=2),
    hours=HOURS,
    title_zh="华东客服中心",
    title_en="East China centre",
    queue_choices=tuple((each.queue, each.queue) for each in QUEUES),
    group_choices=("咨询一组", "咨询二组"),
    agents=AGENTS,
    active=ACTIVE,
    recent=RECENT,
)
EMPTY = Board(as_of=NOW)
