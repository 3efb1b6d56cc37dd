"""Weeks by the centre's clocks, their share of a month, and when they are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import QualityError
from analytics.quality.weeks import Week, drawn_at, parse_week, share_due, weeks_of
from config.quality import Quality

CHINA, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
QUALITY = Quality(criteria=())


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_a_week_s_label_is_read_again(day: date) -> None:
    """Each day is in the week whose label names it."""
    week = Week.of(day)
    assert parse_week(week.label) == week
    assert day in week.days()
    assert Week.of(week.following.monday).previous == week


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)))
def test_each_week_of_a_month_has_its_part(day: date) -> None:
    """Parts count from one, and after the last of a month all that it is owed is due."""
    week = Week.of(day)
    for month in week.months():
        part, parts = week.share(month)
        assert 1 <= part <= parts <= 6
        assert weeks_of(month)[part - 1] == week
        assert share_due(5, parts, parts) == 5
    assert f"{day:%Y-%m}" in week.months()


@pytest.mark.parametrize("text", ["2026-48", "2026-W54", "2025-W53", "W48", "2026-W4", ""])
def test_what_is_no_week_is_refused(text: str) -> None:
    """Said with what was found and expected."""
    with pytest.raises(QualityError, match="expected one such as 2026-W48"):
        parse_week(text)


def test_a_week_is_drawn_once_it_is_over() -> None:
    """Monday at eight is right after it; a business day that begins later than the draw waits for the next week."""
    week = parse_week("2026-W48")
    assert drawn_at(week, QUALITY, CHINA) == datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
    friday = replace(QUALITY, draw_on=4, draw_at=time(17))
    assert drawn_at(week, friday, CHINA) == datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
    assert drawn_at(week, QUALITY, CHINA, time(9)) == datetime(2026, 12, 7, 0, 0, tzinfo=UTC)


def test_a_week_has_an_hour_less_or_more_when_clocks_change() -> None:
    """By Berlin's clocks the week of 25 October 2026 has 169 hours, and that of 29 March 167."""
    for label, hours in (("2026-W43", 169), ("2026-W13", 167)):
        period = parse_week(label).period(BERLIN)
        assert (period.end - period.start).total_seconds() == hours * 3600
