"""Quiet hours: at their boundaries, and on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.notices import QuietSpan
from schedulers.notices.quiet import awake_at

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = (QuietSpan(start=time(21), end=time(8)),)
MINUTE = timedelta(minutes=1)


def local(text: str, zone: ZoneInfo) -> datetime:
    """A time of a zone as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "awake"),
    [
        ("2026-11-02T20:59:59.999999", "2026-11-02T20:59:59.999999"),
        ("2026-11-02T21:00", "2026-11-03T08:00"),
        ("2026-11-02T23:59:59", "2026-11-03T08:00"),
        ("2026-11-03T00:00", "2026-11-03T08:00"),
        ("2026-11-03T07:59:59.999999", "2026-11-03T08:00"),
        ("2026-11-03T08:00", "2026-11-03T08:00"),
    ],
)
def test_the_night_is_quiet_from_its_start_up_to_its_end(at: str, awake: str) -> None:
    """By the centre's clocks; the start is within, the end is not."""
    assert awake_at(NIGHT, local(at, SHANGHAI), SHANGHAI) == local(awake, SHANGHAI)


def test_spans_that_touch_are_one() -> None:
    """The end of one is within the next."""
    spans = (*NIGHT, QuietSpan(start=time(8), end=time(9, 30)))
    assert awake_at(spans, local("2026-11-02T22:00", SHANGHAI), SHANGHAI) == local("2026-11-03T09:30", SHANGHAI)


@given(
    minutes=st.integers(0, 3 * 24 * 60),
    span=st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda ends: ends[0] != ends[1]),
    day=st.sampled_from([datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)]),
)
def test_it_is_the_first_minute_that_is_not_quiet(minutes: int, span: tuple[int, int], day: datetime) -> None:
    """As a walk from minute to minute finds it, also where the clocks are put forward or back."""
    start, end = (time(minute // 60, minute % 60) for minute in span)
    spans = (QuietSpan(start=start, end=end),)
    at = walked = day + minutes * MINUTE
    while spans[0].holds(walked.astimezone(BERLIN).time()):
        walked += MINUTE
    assert awake_at(spans, at, BERLIN) == walked
