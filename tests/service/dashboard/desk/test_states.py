"""The card of an agent's own state in each of its states, and times as the desk says them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.dashboard.board import AgentActivity, PbxLink, RingingNow
from service.dashboard.desk.shapes import Situation
from service.dashboard.desk.state_view import state_view
from service.dashboard.desk.times import span, typed, when
from service.dashboard.words import words

NOW = datetime(2026, 11, 20, 7, 42, 18, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
ZH, EN = words("zh", ZONE), words("en", ZONE)
HEARD = PbxLink(pbx="hq", connected=True, since=None, last_event_at=NOW)


def doing(activity: AgentActivity, seconds: int = 133, **more: object) -> Situation:
    since = NOW - timedelta(seconds=seconds)
    return Situation(agent="1003", name="王娜娜", activity=activity, since=since, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("activity", "chinese", "english"),
    [
        (AgentActivity.READY, "空闲，自 15:40:05", "Ready since 15:40:05"),
        (AgentActivity.RINGING, "话机振铃", "Your phone rings"),
        (AgentActivity.TALKING, "通话中，自 15:40:05", "Talking since 15:40:05"),
        (AgentActivity.HOLD, "保持中，自 15:40:05", "On hold since 15:40:05"),
        (AgentActivity.WRAP_UP, "小结，自 15:40:05", "Wrap-up since 15:40:05"),
        (AgentActivity.PAUSED, "示忙，自 15:40:05", "Paused since 15:40:05"),
    ],
)
def test_each_state_is_named_with_its_time(activity: AgentActivity, chinese: str, english: str) -> None:
    """In both languages, and the running time beside it."""
    assert state_view(ZH, doing(activity), [HEARD], NOW).title == chinese
    shown = state_view(EN, doing(activity), [HEARD], NOW)
    assert (shown.title, shown.held) == (english, "2:13")


def test_who_is_in_no_queue_has_no_running_time() -> None:
    """Not logged in: no time, no party."""
    shown = state_view(EN, Situation(agent="1003", name=None), [HEARD], NOW)
    assert (shown.title, shown.held, shown.since, shown.detail) == ("Not logged in", "—", None, "")


def test_a_pause_says_its_reason_and_how_long_it_may_last_and_that_it_is_over() -> None:
    """Thirty minutes of lunch: within them, and a minute later."""
    lunch = doing(AgentActivity.PAUSED, 1800, reason="Lunch", allowed=timedelta(minutes=30))
    shown = state_view(ZH, lunch, [HEARD], NOW)
    assert (shown.detail, shown.until_text, shown.over) == ("用餐", "允许 30 分，至 15:42", False)
    assert state_view(ZH, lunch, [HEARD], NOW + timedelta(seconds=1)).over


def test_a_ringing_phone_tells_its_ring_and_who_calls_masked() -> None:
    """The second ring begins after the first cycle; the queue stands beside the number."""
    ring = RingingNow(agent="1003", name=None, ring_at=NOW - timedelta(seconds=5), cycle_ms=5000, limit_ms=15000)
    ringing = doing(AgentActivity.RINGING, 5, ring=ring, party="13812346021", queue="enquiry")
    shown = state_view(EN, ringing, [HEARD], NOW)
    assert (shown.ring_number, shown.detail) == (2, "138****6021 · enquiry")
    withheld = doing(AgentActivity.TALKING, withheld=True, picked_up_ms=3100)
    shown = state_view(EN, withheld, [HEARD], NOW)
    assert (shown.detail, shown.picked) == ("withheld", "Picked up in 3.1 s, ring 1")


def test_a_lost_line_is_said() -> None:
    """What is shown then is what was known before."""
    lost = PbxLink(pbx="hq", connected=False, since=NOW, last_event_at=NOW)
    assert state_view(EN, doing(AgentActivity.READY), [HEARD, lost], NOW).lost == ("hq lost",)


def test_instants_are_told_by_how_near_they_are() -> None:
    """Today, tomorrow, yesterday, this year and the next; and what a field keeps of one."""
    day = timedelta(days=1)
    assert [when(EN, NOW + n * day, NOW) for n in (0, 1, -1, 4, 60)] == [
        "today 15:42", "tomorrow 15:42", "yesterday 15:42", "Tue 24 Nov 15:42", "Tue 19 Jan 2027 15:42",
    ]  # fmt: skip
    assert when(ZH, NOW + 4 * day, NOW) == "11 月 24 日 周二 15:42"
    assert typed(EN, NOW) == "2026-11-20 15:42"
    lengths = [timedelta(seconds=5), timedelta(minutes=192), timedelta(hours=47), timedelta(hours=48)]
    assert [span(ZH, each) for each in lengths] == ["1 分", "3 小时 12 分", "47 小时 0 分", "2 天"]
