"""Times as people say and type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedulers.errors import RefusedError
from schedulers.said_times import read_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 15, 42, 18, tzinfo=SHANGHAI)  # a Friday


def clock(text: str, now: datetime = NOW) -> str:
    """What the centre's clocks show at the instant that was said."""
    return f"{read_time(text, now, SHANGHAI).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("明天 11:00", "2026-11-21 11:00"),
        ("明天上午十点半", "2026-11-21 10:30"),
        ("明早9点", "2026-11-21 09:00"),
        ("今晚8点", "2026-11-20 20:00"),
        ("后天下午3点一刻", "2026-11-22 15:15"),
        ("大后天 16：00", "2026-11-23 16:00"),
        ("中午12点半", "2026-11-21 12:30"),
        ("明天中午1点", "2026-11-21 13:00"),
        ("周五 16:00", "2026-11-20 16:00"),
        ("周五 11:00", "2026-11-27 11:00"),
        ("周五十点", "2026-11-27 10:00"),
        ("周一下午3点", "2026-11-23 15:00"),
        ("下周五 下午三点", "2026-11-27 15:00"),
        ("下周一十一点零五分", "2026-11-23 11:05"),
        ("星期天10点", "2026-11-22 10:00"),
        ("11月28日 11:00", "2026-11-28 11:00"),
        ("2月1号上午9点", "2027-02-01 09:00"),
        ("28号3点", "2026-11-28 15:00"),
        ("3号 10:00", "2026-12-03 10:00"),
        ("2026年12月1日14:00", "2026-12-01 14:00"),
        ("半小时后", "2026-11-20 16:12"),
        ("一个半小时后", "2026-11-20 17:12"),
        ("2个小时以后", "2026-11-20 17:42"),
        ("四十五分钟后", "2026-11-20 16:27"),
        ("三天后 11:00", "2026-11-23 11:00"),
        ("两周后上午10点", "2026-12-04 10:00"),
    ],
)
def test_a_time_said_in_chinese(said: str, meant: str) -> None:
    """What agents type in Chinese is the instant by the centre's clocks."""
    assert clock(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tomorrow 11am", "2026-11-21 11:00"),
        ("Tomorrow at 3:30 pm", "2026-11-21 15:30"),
        ("3pm tomorrow", "2026-11-21 15:00"),
        ("tonight 8 o'clock", "2026-11-20 20:00"),
        ("tomorrow morning 9:15", "2026-11-21 09:15"),
        ("the day after tomorrow, 16:00", "2026-11-22 16:00"),
        ("Fri 16:00", "2026-11-20 16:00"),
        ("Friday 11:00", "2026-11-27 11:00"),
        ("11:00 on Thursday", "2026-11-26 11:00"),
        ("next Wednesday 4 p.m.", "2026-11-25 16:00"),
        ("28 Nov 11:00", "2026-11-28 11:00"),
        ("Nov 28th 11am", "2026-11-28 11:00"),
        ("1 Feb 10:00", "2027-02-01 10:00"),
        ("11-28 11:00", "2026-11-28 11:00"),
        ("2026-11-28T11:00", "2026-11-28 11:00"),
        ("2026-11-28 11:00:00", "2026-11-28 11:00"),
        ("2026-11-28T03:00Z", "2026-11-28 11:00"),
        ("in half an hour", "2026-11-20 16:12"),
        ("in 2 hours", "2026-11-20 17:42"),
        ("in 3 days at noon", "2026-11-23 12:00"),
        ("16:00", "2026-11-20 16:00"),
        ("9:00", "2026-11-21 09:00"),
        ("12pm", "2026-11-21 12:00"),
    ],
)
def test_a_time_said_in_english(said: str, meant: str) -> None:
    """What agents type in English, or as figures, is the instant by the centre's clocks."""
    assert clock(said) == meant


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "a time such as"),
        ("soon", "a time such as"),
        ("明天", "the time of day too"),
        ("周五下午", "the time of day too"),
        ("tomorrow", "the time of day too"),
        ("tomorrow afternoon", "the time of day too"),
        ("明天 25:00", "clocks show"),
        ("上午15点", "clocks show"),
        ("晚上12点", "clocks show"),
        ("12am", "clocks show"),
        ("31 Feb 10:00", "a time such as"),
        ("2026-02-30 10:00", "a time such as"),
        ("someday 11:00", "a time such as"),
        ("x" * 5000, "a time such as"),
    ],
)
def test_what_is_no_time_is_refused_with_what_was_expected(said: str, expected: str) -> None:
    """Half a time is never completed by a guess: the refusal says what is missing, in one short line."""
    with pytest.raises(RefusedError) as told:
        read_time(said, NOW, SHANGHAI)
    assert expected in told.value.expected
    assert len(str(told.value)) < 300


def test_a_time_that_the_clocks_skip_is_refused_and_of_two_the_first_is_meant() -> None:
    """On the days when clocks change there is no half past two in spring, and two of them in autumn."""
    spring = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    with pytest.raises(RefusedError):
        read_time("tomorrow 2:30", spring, BERLIN)
    autumn = datetime(2026, 10, 24, 12, tzinfo=BERLIN)
    assert read_time("tomorrow 2:30", autumn, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_time_or_refused(text: str) -> None:
    """No text makes anything but an aware instant or a refusal."""
    try:
        found = read_time(text, NOW, SHANGHAI)
    except RefusedError:
        return
    assert found.tzinfo is UTC


@given(st.integers(min_value=1, max_value=300 * 1440))
def test_what_is_shown_reads_back(minutes: int) -> None:
    """A day and a clock as pages write them are the instant that they are of."""
    minute = NOW + timedelta(minutes=minutes)
    assert clock(f"{minute:%Y-%m-%d %H:%M}") == f"{minute:%Y-%m-%d %H:%M}"
    assert clock(f"{minute.month}月{minute.day}日 {minute:%H:%M}") == f"{minute:%Y-%m-%d %H:%M}"
