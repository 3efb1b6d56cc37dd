"""Times ahead as people say them: each form, weekdays that have passed, and what is refused with found and expected."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from schedulers.errors import RefusedError
from schedulers.said_times import read_ahead

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 15, 42, 18, tzinfo=ZONE)  # a Friday

SAID = {
    "明天 11:00": "11-21 11:00",
    "后天9：30": "11-22 09:30",
    "大后天上午9点": "11-23 09:00",
    "周二 11:00": "11-24 11:00",
    "下周二下午3点": "11-24 15:00",
    "星期五 17:00": "11-20 17:00",
    "周五 11:00": "11-27 11:00",
    "礼拜天 10点半": "11-22 10:30",
    "16:30": "11-20 16:30",
    "下午4点一刻": "11-20 16:15",
    "晚上8点": "11-20 20:00",
    "+30": "11-20 16:12",
    "+2h": "11-20 17:42",
    "2小时后": "11-20 17:42",
    "11-24 11:00": "11-24 11:00",
    "11月24日 11:00": "11-24 11:00",
    "2026-11-24T11:00": "11-24 11:00",
    "tomorrow 11:00": "11-21 11:00",
    "tue 11:00": "11-24 11:00",
    "next friday 9am": "11-27 09:00",
    "4pm": "11-20 16:00",
    "1月4日 9:00": "01-04 09:00",
}


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_is_understood(text: str) -> None:
    """By the centre's clock, always ahead."""
    found = read_ahead(text, NOW, ZONE)
    assert f"{found.astimezone(ZONE):%m-%d %H:%M}" == SAID[text]
    assert found > NOW


@pytest.mark.parametrize(
    "text", ["", "11", "明天", "25:00", "2月30日 11:00", "soon", "今天 11:00", "+0", "2028-01-01 9:00"]
)
def test_what_is_no_time_ahead_is_refused(text: str) -> None:
    """In one line: what was found and what was expected; what has passed is never moved."""
    with pytest.raises(RefusedError, match=r"time: found .+, expected (a|the) time"):
        read_ahead(text, NOW, ZONE)


def test_a_clock_that_is_put_forward_is_followed() -> None:
    """In Berlin, half past nine after the night of the change is seven hours and a half in UTC."""
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, 0, tzinfo=berlin)
    assert read_ahead("tomorrow 9:30", before, berlin).isoformat() == "2026-03-29T07:30:00+00:00"
