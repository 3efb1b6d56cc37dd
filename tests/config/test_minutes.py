"""Tests of config.minutes: roundings of whole milliseconds, and minutes as a clock shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigMisuseError
from config.minutes import MINUTE_MS, Rounding, clock_ms, counted_ms, round_call
from telephony.clock import from_microseconds

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
INSTANTS = st.integers(0, 4_000_000_000_000_000).map(from_microseconds)


@pytest.mark.parametrize(
    ("call_ms", "up", "half_up"),
    [
        (0, 0, 0),
        (1, 1, 0),
        (29_999, 1, 0),
        (30_000, 1, 1),
        (59_999, 1, 1),
        (60_000, 1, 1),
        (60_001, 2, 1),
        (89_999, 2, 1),
        (90_000, 2, 2),
        (-5, 0, 0),
    ],
)
def test_a_call_is_rounded_at_these_edges(call_ms: int, up: int, half_up: int) -> None:
    """Up takes any millisecond to a whole minute; half up from thirty seconds on; exact changes nothing."""
    assert round_call(Rounding.PER_CALL_UP, call_ms) == up * MINUTE_MS
    assert round_call(Rounding.PER_CALL_HALF_UP, call_ms) == half_up * MINUTE_MS
    assert round_call(Rounding.EXACT, call_ms) == max(call_ms, 0)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("16:00:00", "17:24:00", 84),
        ("16:00:59", "17:24:00", 84),
        ("16:00:59.999", "16:01:00", 1),
        ("16:00:00", "16:00:59.999", 0),
        ("23:59:30", "00:01:10", 2),
    ],
)
def test_the_clock_counts_minutes_as_a_sheet_does(start: str, end: str, minutes: int) -> None:
    """Sixteen o'clock to 17:24 is 84 minutes, whatever the seconds were; midnight is no edge."""
    begun = datetime.fromisoformat(f"2012-10-08T{start}").replace(tzinfo=SHANGHAI)
    ended = datetime.fromisoformat(f"2012-10-08T{end}").replace(tzinfo=SHANGHAI)
    if ended < begun:
        ended += timedelta(days=1)
    assert clock_ms(begun, ended, SHANGHAI) == minutes * MINUTE_MS


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25)])
def test_a_change_of_summer_time_neither_adds_nor_takes_minutes(day: tuple[int, int, int]) -> None:
    """A call of ten minutes over the change is ten minutes, in spring and in autumn."""
    change = datetime(*day, 1, tzinfo=UTC)
    start, end = change - timedelta(minutes=5), change + timedelta(minutes=5)
    assert clock_ms(start, end, BERLIN) == 10 * MINUTE_MS


def test_the_clock_needs_instants() -> None:
    """Rounding by the clock from a bare number of milliseconds is a mistake of the caller."""
    with pytest.raises(ConfigMisuseError):
        round_call(Rounding.CLOCK, 1)


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        (Rounding.EXACT, 61_000),
        (Rounding.PER_CALL_UP, 120_000),
        (Rounding.PER_CALL_HALF_UP, 60_000),
        (Rounding.CLOCK, 180_000),
    ],
)
def test_one_talk_by_each_rounding(rounding: Rounding, expected: int) -> None:
    """A talk of 61 s within a call from 9:00:30 to 9:03:10 is worth this, hold being cut out or not."""
    start = datetime(2026, 11, 2, 9, 0, 30, tzinfo=SHANGHAI)
    end = datetime(2026, 11, 2, 9, 3, 10, tzinfo=SHANGHAI)
    assert counted_ms(rounding, start=start, end=end, talk_ms=61_000, zone=SHANGHAI) == expected


@given(INSTANTS, st.integers(0, 86_400_000))
def test_the_clock_is_never_a_minute_off(start: datetime, length_ms: int) -> None:
    """Clock minutes are whole, not below zero, and less than a minute away from the real length."""
    end = start + timedelta(milliseconds=length_ms)
    counted = clock_ms(start, end, SHANGHAI)
    assert counted % MINUTE_MS == 0
    assert counted >= 0
    assert abs(counted - length_ms) < MINUTE_MS


@given(st.lists(st.integers(0, 10_000_000)))
def test_roundings_keep_their_order(calls: list[int]) -> None:
    """Summed over any calls: exact is never above up, and half up never above up."""
    totals = {r: sum(round_call(r, each) for each in calls) for r in Rounding if r is not Rounding.CLOCK}
    assert totals[Rounding.EXACT] <= totals[Rounding.PER_CALL_UP]
    assert totals[Rounding.PER_CALL_HALF_UP] <= totals[Rounding.PER_CALL_UP]
    assert abs(totals[Rounding.PER_CALL_HALF_UP] - totals[Rounding.EXACT]) <= len(calls) * MINUTE_MS // 2
